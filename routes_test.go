package tenon_test

import (
	"context"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
)

type pageIn struct {
	ID int `path:"id"`
}

func page(_ context.Context, in pageIn) (int, error) { return in.ID, nil }

func TestRoute_isData(t *testing.T) {
	t.Parallel()
	doc := tenon.Doc{Summary: "A page", Tags: []string{"pages"}}
	for method, r := range map[string]tenon.Route{
		http.MethodGet:    tenon.Get("/pages/{id}", page, doc),
		http.MethodPost:   tenon.Post("/pages/{id}", page, doc),
		http.MethodPut:    tenon.Put("/pages/{id}", page, doc),
		http.MethodPatch:  tenon.Patch("/pages/{id}", page, doc),
		http.MethodDelete: tenon.Delete("/pages/{id}", page, doc),
	} {
		assert.Equal(t, method, r.Method)
		assert.Equal(t, "/pages/{id}", r.Pattern)
		assert.Equal(t, "page", r.Name)
		assert.Equal(t, doc, r.Doc)
		assert.Equal(t, reflect.TypeFor[pageIn](), r.In)
		assert.Equal(t, reflect.TypeFor[int](), r.Out)
		assert.Equal(t, method+" /pages/{id}", r.String())
	}
	r := tenon.On("GET", "/x", echo, doc)
	assert.Nil(t, r.In)
	assert.Nil(t, r.Out)
	assert.Equal(t, doc, r.Doc)
}

func TestRoute_nilFunction(t *testing.T) {
	t.Parallel()
	assert.PanicsWithValue(t, "tenon: GET /x has a nil function", func() { tenon.Get[tenon.None, string]("/x", nil) })
}

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
	assert.Empty(t, send(base[0].Handler, "GET", "/x").Header()["X-Trace"])

	assert.Equal(t, "/v1/x", changed[0].Pattern)
	assert.Equal(t, "GET /v1/x", changed[0].Name, "the name was that of method and pattern")
	assert.Equal(t, "page", changed[1].Name)
	assert.Equal(t, []string{"own", "one", "two"}, changed[0].Doc.Tags)
	assert.Equal(t, []string{"one", "own", "two"}, changed[1].Doc.Tags)
	assert.Equal(t, []string{"a", "b"}, send(changed[0].Handler, "GET", "/x").Header()["X-Trace"], "the first is the outermost")
}

func TestRoutes_Prefix(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ prefix, pattern, want string }{
		{"/v1", "/users", "/v1/users"},
		{"/v1/", "/{$}", "/v1/{$}"},
		{"/", "/users", "/users"},
		{"/{tenant}", "/files/{path...}", "/{tenant}/files/{path...}"},
		{"/v1", "example.com/users", "example.com/v1/users"},
	} {
		assert.Equal(t, tc.want, tenon.Routes{tenon.On("GET", tc.pattern, echo)}.Prefix(tc.prefix)[0].Pattern)
	}
	assert.PanicsWithValue(t, "tenon: Prefix: v1 does not begin with a slash", func() { tenon.Routes{}.Prefix("v1") })
	assert.PanicsWithValue(t, "tenon: With: nil middleware", func() { tenon.Routes{}.With(nil) })
}

func TestRoutes_Lookup(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{tenon.Get("/pages/{id}", page), {Method: "GET", Pattern: "/x", Handler: echo}}
	r, ok := routes.Lookup("page")
	assert.True(t, ok)
	assert.Equal(t, "/pages/{id}", r.Pattern)
	for _, name := range []string{"", "Page", "GET /x"} {
		_, ok = routes.Lookup(name)
		assert.False(t, ok, name)
	}
}

type freeIn struct {
	Request *http.Request
	Other   string `path:"other"`
}

func TestRoutes_Check(t *testing.T) {
	t.Parallel()
	none := func(context.Context, tenon.None) (string, error) { return "", nil }
	free := func(context.Context, freeIn) (string, error) { return "", nil }
	for _, tc := range []struct {
		name   string
		routes tenon.Routes
		want   []string
	}{
		{"nothing", nil, nil},
		{"one", tenon.Routes{tenon.Get("/pages/{id}", page)}, nil},
		{"literals before wildcards", tenon.Routes{tenon.On("GET", "/a/{x}", echo), tenon.On("GET", "/a/b", echo), tenon.On("HEAD", "/a/b", echo)}, nil},
		{"methods apart", tenon.Routes{tenon.On("GET", "/a/{x}", echo), tenon.On("POST", "/{y}/b", echo)}, nil},
		{"no names", tenon.Routes{{Method: "GET", Pattern: "/a", Handler: echo}, {Method: "GET", Pattern: "/b", Handler: echo}}, nil},
		{"the request stands for wildcards", tenon.Routes{tenon.Get("/{any}/{other}", free)}, nil},
		{"bad patterns", tenon.Routes{
			tenon.On("GET", "foo", echo), tenon.On("GET", "/{id", echo), tenon.On("GET", "/{a}/{a}", echo), tenon.On("GET", "/a//b", echo),
			tenon.On("GET", "/{p...}/x", echo), tenon.On("GET", "POST /x", echo), tenon.On("GET", "", echo), tenon.On("B AD", "/", echo),
		}, []string{
			"GET foo has a bad pattern: host/path missing /",
			"GET /{id has a bad pattern: bad wildcard segment (must end with '}')",
			`GET /{a}/{a} has a bad pattern: duplicate wildcard name "a"`,
			"GET /a//b has a bad pattern: non-CONNECT pattern with unclean path can never match",
			"GET /{p...}/x has a bad pattern: {...} wildcard not at end",
			"GET POST /x has a space before its path: the method stands apart",
			"GET  has a bad pattern: host/path missing /",
			`B AD / has a bad method`,
		}},
		{"bad methods", tenon.Routes{tenon.On("get", "/a", echo), tenon.On("", "/b", echo), tenon.On("G(ET", "/c", echo)}, []string{
			"get /a has the method get: write GET",
			" /b has no method",
			`G(ET /c has a bad method`,
		}},
		{"no handler", tenon.Routes{tenon.On("GET", "/a", nil), tenon.On("GET", "/b", http.HandlerFunc(nil))}, []string{
			"GET /a has no handler", "GET /b has no handler",
		}},
		{"declared twice", tenon.Routes{tenon.On("GET", "/a", echo), tenon.On("GET", "/a", echo), tenon.On("GET", "/a", echo, tenon.Named("a"))}, []string{
			"GET /a is declared twice",
			"GET /a (a) is declared twice, the first time as GET /a",
		}},
		{"conflicts", tenon.Routes{tenon.On("GET", "/{a}", echo), tenon.On("GET", "/{b}", echo), tenon.On("GET", "/{x}/b", echo), tenon.On("GET", "/a/{y}", echo)}, []string{
			"GET /{b} conflicts with GET /{a}: GET /{b} matches the same requests as GET /{a}",
			`GET /a/{y} conflicts with GET /{x}/b: GET /a/{y} and GET /{x}/b both match some paths, like "/a/b".`,
		}},
		{"one name twice", tenon.Routes{tenon.Get("/a", health), tenon.Get("/b", health), tenon.Get("/c", health, tenon.Named("c"))}, []string{
			"GET /b (health) has the name health, as GET /a has: use Named",
		}},
		{"path values", tenon.Routes{tenon.Get("/a/{id}", none), tenon.Get("/b", page), tenon.Get("/c/{other}", page, tenon.Named("c")), tenon.Get("/{tenant}", free)}, []string{
			"GET /a/{id} has the wildcard {id}, which its In does not bind",
			"GET /b (page) lacks the wildcard {id}, which tenon_test.pageIn binds",
			"GET /c/{other} (c) has the wildcard {other}, which tenon_test.pageIn does not bind",
			"GET /c/{other} (c) lacks the wildcard {id}, which tenon_test.pageIn binds",
			"GET /{tenant} lacks the wildcard {other}, which tenon_test.freeIn binds",
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			err := tc.routes.Check()
			if tc.want == nil {
				require.NoError(t, err)
				return
			}
			want := "tenon: the routes cannot be mounted:\n\t" + strings.Join(tc.want, "\n\t")
			require.EqualError(t, err, want)
			mux := http.NewServeMux()
			assert.PanicsWithValue(t, want, func() { tc.routes.Mount(mux) })
			_, pattern := mux.Handler(&http.Request{Method: "GET", URL: mustParse("/a")})
			assert.Empty(t, pattern, "nothing is mounted")
		})
	}
}
