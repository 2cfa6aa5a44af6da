package openapi_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/openapi"
)

type patchedAuthor struct {
	Name string         `json:"name" minLength:"1"`
	Boss *patchedAuthor `json:"boss,omitempty"`
}

type patchedArticle struct {
	Title  string            `json:"title" doc:"What it is called"`
	Note   *string           `json:"note"`
	Tags   []string          `json:"tags"`
	Author patchedAuthor     `json:"author"`
	Labels map[string]string `json:"labels,omitempty"`
}

func patchArticle(_ context.Context, in struct {
	ID    int `path:"id"`
	Patch bind.MergePatch[patchedArticle]
}) (patchedArticle, error) {
	return in.Patch.Apply(patchedArticle{Tags: []string{}})
}

// A patch has a component of its own, which takes what bind takes.
func TestNew_mergePatch(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{tenon.Patch("/articles/{id}", patchArticle)}
	doc, err := openapi.New(openapi.Info{Title: "Patches", Version: "1"}, routes)
	require.NoError(t, err)
	x, err := kittest.NewSchema(doc.JSON(), "/paths/~1articles~1{id}/patch/requestBody/content/application~1merge-patch+json/schema")
	require.NoError(t, err)
	assert.Contains(t, string(doc.JSON()), `"patchedArticlePatch":`)
	assert.Contains(t, string(doc.JSON()), `"patchedAuthorPatch":`)
	bound := bind.For[bind.MergePatch[patchedArticle]]()
	for _, body := range []string{
		`{}`, `{"title":"a"}`, `{"title":null}`, `{"note":null}`, `{"note":1}`, `{"tags":null}`, `{"tags":["a"]}`, `{"tags":[null]}`,
		`{"author":{}}`, `{"author":null}`, `{"author":{"name":null}}`, `{"author":{"name":""}}`, `{"author":{"boss":null}}`,
		`{"author":{"boss":{"boss":{"name":1}}}}`, `{"labels":null}`, `{"labels":{"a":null}}`, `{"labels":{"a":1}}`, `{"other":null}`, `null`, `[]`,
	} {
		_, err := bound.Bind(patchRequest(body))
		assert.Equal(t, err == nil, x.Check([]byte(body)) == nil, "%s: bind says %v", body, err)
	}
}

func patchRequest(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPatch, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/merge-patch+json")
	return r
}
