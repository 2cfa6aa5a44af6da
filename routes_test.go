package tenon_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon"
)

// trace is middleware that leaves a mark.
func trace(mark string) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Add("X-Trace", mark)
			next.ServeHTTP(w, r)
		})
	}
}

func TestRoutes_copies(t *testing.T) {
	t.Parallel()
	tags := make([]string, 1, 8)
	tags[0] = "own"
	base := tenon.Routes{tenon.On("GET", "/x", echo, tenon.Doc{Tags: tags}), tenon.Get("/pages/{id}", page)}
	changed := base.Prefix("/v1/").With(trace("a"), trace("b")).Tag("one", "own", "two")
	again := base.Tag("three")

	assert.Equal(t, "GET /x", base[0].Name)
	assert.Equal(t, "/x", base[0].Pattern)
	assert.Equal(t, []string{"own"}, base[0].Doc.Tags)
	assert.Equal(t, []string{"own", "three"}, again[0].Doc.Tags)
	assert.Empty(t, send(base[0].Handler(), "GET", "/x").Header()["X-Trace"])

	assert.Equal(t, "/v1/x", changed[0].Pattern)
	assert.Equal(t, "GET /v1/x", changed[0].Name, "the name was that of method and pattern")
	assert.Equal(t, "page", changed[1].Name)
	assert.Equal(t, []string{"own", "one", "two"}, changed[0].Doc.Tags)
	assert.Equal(t, []string{"one", "own", "two"}, changed[1].Doc.Tags)
	assert.Equal(t, []string{"a", "b"}, send(changed[0].Handler(), "GET", "/x").Header()["X-Trace"], "the first is the outermost")
}

func TestRoutes_Prefix(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ prefix, pattern, want string }{
		{"/v1", "/users", "/v1/users"},
		{"/v1/", "/{$}", "/v1/{$}"},
		{"/", "/users", "/users"},
		{"/{tenant}", "/files/{path...}", "/{tenant}/files/{path...}"},
		{"/v1", "example.com/users", "example.com/v1/users"},
		{"/v1/articles", "", "/v1/articles"},
		{"/v1", "users", "users"}, // stays bad, for Check to report
	} {
		assert.Equal(t, tc.want, tenon.Routes{tenon.On("GET", tc.pattern, echo)}.Prefix(tc.prefix)[0].Pattern)
	}
}

func TestRoutes_Lookup(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{tenon.Get("/pages/{id}", page), unnamed(tenon.On("GET", "/x", echo))}
	r, ok := routes.Lookup("page")
	assert.True(t, ok)
	assert.Equal(t, "/pages/{id}", r.Pattern)
	for _, name := range []string{"", "Page", "GET /x"} {
		_, ok = routes.Lookup(name)
		assert.False(t, ok, name)
	}
}
