package openapi_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/precondition"
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

type patchArticleIn struct {
	ID    int `path:"id"`
	Patch bind.MergePatch[patchedArticle]
}

func patchArticle(_ context.Context, in patchArticleIn) (patchedArticle, error) {
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

type patchIn struct {
	ID    int `path:"id" minimum:"1"`
	If    precondition.Required
	Dry   bool `query:"dry,optional"`
	Patch bind.MergePatch[patchedArticle]
}

// What a patch is answered, the document allows: of bind, of preconditions and of Apply.
func TestVerify_mergePatch(t *testing.T) {
	t.Parallel()
	stored := patchedArticle{Title: "Tenons", Tags: []string{}, Author: patchedAuthor{Name: "Ann"}}
	routes := tenon.Routes{
		tenon.Patch("/articles/{id}", func(_ context.Context, in patchIn) (patchedArticle, error) {
			if err := in.If.Check(`"v1"`, time.Time{}); err != nil {
				return patchedArticle{}, err
			}
			return in.Patch.Apply(stored)
		}, bind.InvalidStatus(http.StatusUnprocessableEntity), bind.MaxBody(200)),
	}
	require.NoError(t, routes.Check())
	doc := newDocument(t, routes)
	mux := http.NewServeMux()
	routes.Mount(mux)
	h := openapi.Verify(doc, func(err error) { t.Error(err) })(mux)
	address, err := routes.URL(routes[0].Name, patchIn{ID: 7, Dry: true})
	require.NoError(t, err)
	assert.Equal(t, "/articles/7?dry=true", address)
	const media = "application/merge-patch+json"
	for _, tt := range []struct {
		media, tag, body string
		want             int
	}{
		{media, `"v1"`, `{"title":"x"}`, 200},
		{media, `"v1"`, `{}`, 200},
		{media, `"v1"`, `{"title":null}`, 422},
		{media, `"v1"`, `{"author":{"boss":{}}}`, 422},
		{media, `"v1"`, `{"title"`, 400},
		{media, `"v1"`, ``, 400},
		{media, `"v1"`, `{"title":"` + strings.Repeat("x", 200) + `"}`, 413},
		{media, `"v0"`, `{"title":"x"}`, 412},
		{media, ``, `{"title":"x"}`, 428},
		{"application/json", `"v1"`, `{"title":"x"}`, 415},
	} {
		r := httptest.NewRequest(http.MethodPatch, address, strings.NewReader(tt.body))
		r.Header.Set("Content-Type", tt.media)
		if tt.tag != "" {
			r.Header.Set("If-Match", tt.tag)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		assert.Equal(t, tt.want, w.Code, "%s: %s", tt.body, w.Body)
		assert.Equal(t, tt.want == http.StatusUnsupportedMediaType, w.Header().Get("Accept-Patch") == media, tt.body)
	}
}

// A patch of what has no members is a fault of the table, in each of its uses.
func TestRoutes_mergePatchFaults(t *testing.T) {
	t.Parallel()
	type in struct {
		ID    int `path:"id"`
		Patch bind.MergePatch[[]string]
	}
	routes := tenon.Routes{tenon.On(http.MethodPatch, "/lists/{id}", http.NotFoundHandler(), tenon.Named("Change"))}
	routes[0].In = reflect.TypeFor[in]()
	const words = "in.Patch is a patch of the type []string, which has no members to merge"
	require.ErrorContains(t, routes.Check(), words)
	_, err := routes.URL("Change", in{ID: 1})
	require.ErrorContains(t, err, words)
	_, err = openapi.New(openapi.Info{Title: "Lists", Version: "1"}, routes)
	require.ErrorContains(t, err, words)
}
