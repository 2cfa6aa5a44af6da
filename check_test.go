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

type freeIn struct {
	Request *http.Request
	Other   string `path:"other"`
}

// hiddenIn has the request in fields that package bind does not fill.
type hiddenIn struct {
	request *http.Request
	Name    string `query:"name"`
	Deep    struct {
		Request *http.Request `json:"-"`
		By      string        `query:"by,optional"`
	} `query:"deep,deep"`
}

// promotedIn has it in an embedded struct.
type promotedIn struct{ freeIn }

func hidden(_ context.Context, in hiddenIn) (bool, error)  { return in.request == nil, nil }
func promoted(context.Context, promotedIn) (string, error) { return "", nil }

func free(context.Context, freeIn) (string, error)        { return "", nil }
func nothing(context.Context, tenon.None) (string, error) { return "", nil }

// unnamed takes the name off a route.
func unnamed(r tenon.Route) tenon.Route {
	r.Name = ""
	return r
}

// handmade returns the route of a handler that binds an In by itself.
func handmade[In any](pattern string) tenon.Route {
	r := unnamed(tenon.On("GET", pattern, echo))
	r.In = reflect.TypeFor[In]()
	return r
}

// checkCases are tables and their faults.
var checkCases = []struct {
	name   string
	routes tenon.Routes
	want   []string
}{
	{"nothing", nil, nil},
	{"one", tenon.Routes{tenon.Get("/pages/{id}", page)}, nil},
	{"literals before wildcards", tenon.Routes{tenon.On("GET", "/a/{x}", echo), tenon.On("GET", "/a/b", echo), tenon.On("HEAD", "/a/b", echo)}, nil},
	{"methods apart", tenon.Routes{tenon.On("GET", "/a/{x}", echo), tenon.On("POST", "/{y}/b", echo)}, nil},
	{"no names", tenon.Routes{unnamed(tenon.On("GET", "/a", echo)), unnamed(tenon.On("GET", "/b", echo))}, nil},
	{"the request stands for wildcards", tenon.Routes{tenon.Get("/{any}/{other}", free)}, nil},
	{"the request in an embedded struct", tenon.Routes{tenon.Get("/{any}/{other}", promoted)}, nil},
	{"the request in fields that are not bound", tenon.Routes{tenon.Get("/a/{id}", hidden)}, []string{
		"GET /a/{id} (hidden) has the wildcard {id}, which tenon_test.hiddenIn does not bind: give it a field with path:\"id\"",
	}},
	{"an In by hand", tenon.Routes{
		handmade[pageIn]("/a/{id}"), handmade[hiddenIn]("/b/{id}"), handmade[chan int]("/c"),
	}, []string{
		"GET /b/{id} has the wildcard {id}, which tenon_test.hiddenIn does not bind: give it a field with path:\"id\"",
		"GET /c has a faulty In: bind: chan int cannot be bound:\n\tchan int has type chan int, which no JSON value can be read into",
	}},
	{"bad patterns", tenon.Routes{
		tenon.On("GET", "foo", echo), tenon.On("GET", "/{id", echo), tenon.On("GET", "/{a}/{a}", echo), tenon.On("GET", "/a//b", echo),
		tenon.On("GET", "/{p...}/x", echo), tenon.On("GET", "POST /x", echo), tenon.On("GET", "", echo), tenon.On("B AD", "/", echo),
	}, []string{
		"GET foo has an invalid pattern: host/path missing /",
		"GET /{id has an invalid pattern: bad wildcard segment (must end with '}')",
		`GET /{a}/{a} has an invalid pattern: duplicate wildcard name "a"`,
		"GET /a//b has an invalid pattern: non-CONNECT pattern with unclean path can never match",
		"GET /{p...}/x has an invalid pattern: {...} wildcard not at end",
		"GET POST /x has a space before its path: pass the method apart from the pattern",
		"GET has no pattern: write one, such as /users/{id}",
		`B AD / has an invalid method: write one, such as GET`,
	}},
	{"bad methods", tenon.Routes{tenon.On("get", "/a", echo), tenon.On("", "/b", echo), tenon.On("GET,POST", "/d", echo), tenon.On("G(ET", "/c", echo)}, []string{
		"get /a has the method get: write GET",
		"/b has no method: write one, such as GET",
		`GET,POST /d has an invalid method: write one, such as GET`,
		`G(ET /c has an invalid method: write one, such as GET`,
	}},
	{"nothing at all", tenon.Routes{{}, {Name: "Lost"}}, []string{
		"a route has no method: write one, such as GET", "a route has no handler: make it with Get, On, Resource or Op.Route", "a route has no pattern: write one, such as /users/{id}",
		"a route (Lost) has no method: write one, such as GET", "a route (Lost) has no handler: make it with Get, On, Resource or Op.Route", "a route (Lost) has no pattern: write one, such as /users/{id}",
	}},
	{"wildcards of other routers", tenon.Routes{tenon.On("GET", "/a/:id", echo), tenon.On("GET", "/b/*rest", echo), tenon.On("GET", "/c:d/e*", echo)}, []string{
		"GET /a/:id has the segment :id, which matches only itself: write {name} for one segment, and {name...} for the rest of the path",
		"GET /b/*rest has the segment *rest, which matches only itself: write {name} for one segment, and {name...} for the rest of the path",
	}},
	{"wildcards in a segment", tenon.Routes{tenon.On("GET", "/{id}.json", echo), tenon.On("GET", "/{a-b}", echo)}, []string{
		"GET /{id}.json has an invalid pattern: bad wildcard segment (must end with '}')",
		`GET /{a-b} has an invalid pattern: bad wildcard name "a-b"`,
	}},
	{"two kinds of a generic function", tenon.Routes{tenon.Get("/i", generic[int]), tenon.Get("/s", generic[string])}, []string{
		"GET /s (generic) has the name generic, which GET /i has too: give one of them another by Named",
	}},
	{"no handler", tenon.Routes{tenon.On("GET", "/a", nil), tenon.On("GET", "/b", http.HandlerFunc(nil))}, []string{
		"GET /a has no handler: pass one to On", "GET /b has a nil http.HandlerFunc as its handler: pass another one to On",
	}},
	{"declared twice", tenon.Routes{tenon.On("GET", "/a", echo), tenon.On("GET", "/a", echo), tenon.On("GET", "/a", echo, tenon.Named("a"))}, []string{
		"GET /a is declared twice: remove one",
		"GET /a (a) is declared twice, the first time as GET /a: remove one",
	}},
	{"conflicts", tenon.Routes{tenon.On("GET", "/{a}", echo), tenon.On("GET", "/{b}", echo), tenon.On("GET", "/{x}/b", echo), tenon.On("GET", "/a/{y}", echo)}, []string{
		"GET /{b} conflicts with GET /{a}: GET /{b} matches the same requests as GET /{a}",
		`GET /a/{y} conflicts with GET /{x}/b: GET /a/{y} and GET /{x}/b both match some paths, like "/a/b".`,
	}},
	{"one name twice", tenon.Routes{tenon.Get("/a", health), tenon.Get("/b", health), tenon.Get("/c", health, tenon.Named("c"))}, []string{
		"GET /b (health) has the name health, which GET /a has too: give one of them another by Named",
	}},
	{"one table below two prefixes", append(
		tenon.Routes{tenon.Get("/a", health), tenon.On("GET", "/b", echo)}.Prefix("/v1"),
		tenon.Routes{tenon.Get("/a", health), tenon.On("GET", "/b", echo)}.Prefix("/v2")...,
	), []string{
		"GET /v2/a (health) has the name health, which GET /v1/a has too: give one of them another by Named",
	}},
	{"middleware that makes nothing", tenon.Routes{tenon.On("GET", "/a", echo), tenon.On("GET", "/b", nil)}.With(func(http.Handler) http.Handler { return nil }), []string{
		"GET /a has middleware that returns nil: return a handler", "GET /b has no handler: pass one to On",
	}},
	{"path values", tenon.Routes{tenon.Get("/a/{id}", nothing), tenon.Get("/b", page), tenon.Get("/c/{other}", page, tenon.Named("c")), tenon.Get("/{tenant}", free)}, []string{
		"GET /a/{id} (nothing) has the wildcard {id}, which its In does not bind: give it a field with path:\"id\"",
		"GET /b (page) lacks the wildcard {id}, which tenon_test.pageIn binds: write it in the pattern",
		"GET /c/{other} (c) has the wildcard {other}, which tenon_test.pageIn does not bind: give it a field with path:\"other\"",
		"GET /c/{other} (c) lacks the wildcard {id}, which tenon_test.pageIn binds: write it in the pattern",
		"GET /{tenant} (free) lacks the wildcard {other}, which tenon_test.freeIn binds: write it in the pattern",
	}},
}

func TestRoutes_Check(t *testing.T) {
	t.Parallel()
	for _, tc := range checkCases {
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
