package openapi_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/precondition"
)

type (
	conditionalIn struct{ If precondition.Headers }
	pointerIn     struct{ If *precondition.Headers }
	requiringIn   struct{ precondition.Required }
	requiringPut  struct {
		If precondition.Required
		ID int `query:"id"`

		Body struct{} `body:"json"`
	}
)

// The document has the statuses of preconditions where they can come, and nowhere else.
func TestNew_preconditions(t *testing.T) {
	t.Parallel()
	doc, err := openapi.New(info(), tenon.Routes{
		tenon.Get("/none", answer[tenon.None, string], tenon.Named("op1")),
		tenon.Get("/headers", answer[conditionalIn, string], tenon.Named("op2")),
		tenon.Get("/pointer", answer[pointerIn, string], tenon.Named("op3")),
		tenon.Put("/headers", answer[conditionalIn, string], tenon.Named("op4")),
		tenon.Delete("/headers", answer[conditionalIn, tenon.None], tenon.Named("op5")),
		tenon.Get("/required", answer[requiringIn, string], tenon.Named("op6")),
		tenon.Patch("/required", answer[requiringIn, string], tenon.Named("op7")),
		tenon.Put("/body", answer[requiringPut, string], tenon.Named("op8")),
	})
	require.NoError(t, err)
	var got struct {
		Paths map[string]map[string]struct {
			Parameters []struct {
				Name, In, Description string
				Required              bool
			}
			Responses map[string]struct {
				Headers map[string]any
				Content map[string]any
			}
		}
	}
	require.NoError(t, json.Unmarshal(doc.JSON(), &got))
	for operation, want := range map[string]string{
		"get /none":       "200 default",
		"get /headers":    "200 304 412 default",
		"get /pointer":    "200 304 412 default",
		"put /headers":    "200 412 default",
		"delete /headers": "204 412 default",
		"get /required":   "200 304 412 428 default",
		"patch /required": "200 412 428 default",
		"put /body":       "200 400 412 413 415 428 default",
	} {
		method, path, _ := strings.Cut(operation, " ")
		op := got.Paths[path][method]
		assert.Equal(t, want, strings.Join(slices.Sorted(maps.Keys(op.Responses)), " "), operation)
		for status, response := range op.Responses {
			switch status {
			case "304":
				assert.Contains(t, response.Headers, "ETag")
				assert.Empty(t, response.Content)
			case "412", "428":
				assert.Contains(t, response.Content, "application/problem+json")
			}
		}
		var names []string
		for _, p := range op.Parameters {
			if p.In == "header" {
				names = append(names, p.Name)
				assert.False(t, p.Required)
				assert.NotEmpty(t, p.Description)
			}
		}
		if path == "/none" {
			assert.Empty(t, names)
			continue
		}
		assert.Equal(t, []string{"If-Match", "If-None-Match", "If-Modified-Since", "If-Unmodified-Since"}, names, operation)
	}
}

// What preconditions answer, the document allows.
func TestVerify_preconditions(t *testing.T) {
	t.Parallel()
	check := func(in requiringIn) (string, error) { return "text", in.Check(`"v1"`, time.Time{}) }
	routes := tenon.Routes{
		tenon.Get("/", func(_ context.Context, in requiringIn) (string, error) { return check(in) }),
		tenon.Put("/", func(_ context.Context, in requiringIn) (string, error) { return check(in) }),
	}
	doc, err := openapi.New(info(), routes)
	require.NoError(t, err)
	mux := http.NewServeMux()
	routes.Mount(mux)
	h := openapi.Verify(doc, func(err error) { t.Error(err) })(mux)
	for _, tc := range []struct {
		method, name, value string
		want                int
	}{
		{http.MethodGet, "X-None", "", 428},
		{http.MethodGet, "If-None-Match", `"v1"`, 304},
		{http.MethodHead, "If-None-Match", `"v1"`, 304},
		{http.MethodGet, "If-Match", `"v0"`, 412},
		{http.MethodPut, "X-None", "", 428},
		{http.MethodPut, "If-Match", `"v0"`, 412},
		{http.MethodPut, "If-Match", `"v1"`, 200},
	} {
		r := httptest.NewRequestWithContext(t.Context(), tc.method, "/", nil)
		r.Header.Set(tc.name, tc.value)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		assert.Equal(t, tc.want, w.Code, "%s %s", tc.method, tc.value)
	}
}
