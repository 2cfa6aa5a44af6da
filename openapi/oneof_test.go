package openapi_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/respond"
)

type (
	result struct {
		respond.OneOf

		Found   *part
		Created *respond.Created[part]
		Later   *respond.Accepted[string]
		Nothing *respond.None
		Moved   *respond.Redirect
	}
	howIn struct {
		How int `path:"how"`
	}
	opened struct {
		respond.OneOf

		Found   *part
		Handler http.Handler
	}
)

// TestOneOf holds that the document has the status of each outcome, and that Verify has
// nothing to report where each is sent.
func TestOneOf(t *testing.T) {
	t.Parallel()
	name := "a"
	routes := tenon.Routes{
		tenon.Get("/x/{how}", func(_ context.Context, in howIn) (result, error) {
			return []result{
				{Found: &part{&name}},
				{Created: &respond.Created[part]{Location: "/x/1", Body: part{&name}}},
				{Later: &respond.Accepted[string]{Body: "later"}},
				{Nothing: &respond.None{}},
				{Moved: &respond.Redirect{URL: "/x/0"}},
				{},
			}[in.How], nil
		}, tenon.Named("x")),
		tenon.Get("/y", func(context.Context, tenon.None) (opened, error) {
			return opened{Handler: http.NotFoundHandler()}, nil
		}, tenon.Named("y")),
	}
	doc := newDocument(t, routes)
	responses := operations(t, doc)["x"]["responses"].(map[string]any)
	assert.Equal(t, []string{"200", "201", "202", "204", "3XX", "400", "default"}, slices.Sorted(maps.Keys(responses)))
	text, err := json.Marshal(responses["201"])
	require.NoError(t, err)
	assert.JSONEq(t, `{"description":"Created","headers":{"Location":{"description":"The URL of the result","schema":{"type":"string","format":"uri-reference"}}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/part"}}}}`, string(text))

	assert.Empty(t, verifiedAs(t, routes, nil, nil, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for path, want := range map[string]int{"/x/0": 200, "/x/1": 201, "/x/2": 202, "/x/3": 204, "/x/4": 302, "/x/5": 500, "/x/a": 400, "/y": 404} {
			assert.Equal(t, want, s.Get(t, path).StatusCode, path)
		}
	}))

	_, err = openapi.New(openapi.Info{Title: "T", Version: "1"}, tenon.Routes{withResponses(map[int]any{200: result{}})})
	require.ErrorContains(t, err, "GET /x (x) has the OneOf openapi_test.result under the status 200 in Doc.Responses: use the types of its fields")
}
