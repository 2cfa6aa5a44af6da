package tenon_test

import (
	"context"
	"io"
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
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

type (
	brokenIn struct {
		ID    chan int `path:"id"`
		Again int      `path:"again,bogus"`
		Other int      `path:"other"`
	}
	wholeIn struct {
		Title string `json:"title"`
	}
	formIn struct {
		Word  string `form:"q,optional"`
		Limit int    `form:"limit" default:"20"`
		Page  int    `query:"page" default:"1"`
	}
	inBodyIn[T any] struct {
		Body T `body:"json"`
	}
	streamIn struct {
		Body io.Reader `body:"stream"`
		Raw  *http.Request
	}
	formView struct{}
)

func reading[In any](context.Context, In) (string, error) { return "", nil }

func unsendable(context.Context, pageIn) (chan int, error) { return nil, nil }

func (formView) Get(context.Context, formIn) (string, error)   { return "", nil }
func (formView) Post(context.Context, formIn) (string, error)  { return "", nil }
func (formView) Delete(context.Context, wholeIn) (bool, error) { return true, nil }

const noGetBody = " from the body, which a GET does not have: read it from the query, or use the method POST"

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
		"GET /c has a faulty In: bind: chan int cannot be bound:\n\tchan int has type chan int, which no JSON value can be read into: use another type, or write json:\"-\"",
		"GET /c reads chan int from the body, which a GET does not have: read it from the query, or use the method POST",
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
	{"path values of an In with faults", tenon.Routes{
		tenon.Post("/a/{id}/{again}/{x}", reading[brokenIn]), tenon.Post("/b/{z}", reading[*pageIn], tenon.Named("b")), tenon.Get("/c/{id}", unsendable),
	}, []string{
		"POST /a/{id}/{again}/{x} (reading) cannot be served by tenon_test.reading[...]:\n\t\tbind: tenon_test.brokenIn cannot be bound:\n" +
			"\t\t\tbrokenIn.ID has type chan int, which cannot be read from text: use a string, a number, a bool or a type with UnmarshalText\n" +
			"\t\t\tbrokenIn.Again has an unknown path option \"bogus\": use optional",
		"POST /a/{id}/{again}/{x} (reading) has the wildcard {x}, which tenon_test.brokenIn does not bind: give it a field with path:\"x\"",
		"POST /a/{id}/{again}/{x} (reading) lacks the wildcard {other}, which tenon_test.brokenIn binds: write it in the pattern",
		"POST /b/{z} (b) cannot be served by tenon_test.reading[...]:\n\t\tbind: *tenon_test.pageIn cannot be bound:\n\t\t\t*tenon_test.pageIn cannot be the whole In: use tenon_test.pageIn",
		"POST /b/{z} (b) has the wildcard {z}, which its In does not bind: give it a field with path:\"z\"",
		"POST /b/{z} (b) lacks the wildcard {id}, which its In binds: write it in the pattern",
		"GET /c/{id} (unsendable) cannot be served by tenon_test.unsendable:\n\t\trespond: For[chan int]: chan int cannot be encoded as JSON",
	}},
	{"a body where the method has none", tenon.Routes{
		tenon.Get("/whole", reading[wholeIn], tenon.Named("1")), tenon.Get("/form", reading[formIn], tenon.Named("2")), tenon.Get("/json", reading[inBodyIn[*wholeIn]], tenon.Named("3")),
		tenon.Get("/stream", reading[streamIn], tenon.Named("4")), tenon.Get("/patch", reading[bind.MergePatch[wholeIn]], tenon.Named("5")), tenon.Get("/list", reading[[]int], tenon.Named("6")),
		tenon.Op[formIn, string]{Method: "HEAD", Pattern: "/form"}.Route(reading[formIn], tenon.Named("7")),
		tenon.On("TRACE", "/on", tenon.Handle(reading[formIn])), tenon.On("GET", "/methods", tenon.Methods{"GET": tenon.Handle(reading[formIn]), "PUT": tenon.Handle(reading[formIn])}),
	}, []string{
		"GET /whole (1) reads wholeIn from the body, which a GET does not have: give its fields a source, such as query:\"name\", or use the method POST",
		"GET /form (2) reads formIn.Word, formIn.Limit" + noGetBody,
		"GET /json (3) reads inBodyIn[*github.com/tenonkit/tenon_test.wholeIn].Body" + noGetBody,
		"GET /stream (4) reads streamIn.Body" + noGetBody,
		"GET /patch (5) reads wholeIn" + noGetBody,
		"GET /list (6) reads []int" + noGetBody,
		"HEAD /form (7) reads formIn.Word, formIn.Limit from the body, which a HEAD does not have: read it from the query, or use the method POST",
		"TRACE /on reads formIn.Word, formIn.Limit from the body, which a TRACE does not have: read it from the query, or use the method POST",
		"GET /methods has Methods whose GET reads formIn.Word, formIn.Limit" + noGetBody,
	}},
	{"a body where the method may have one", tenon.Routes{
		tenon.Delete("/a", reading[wholeIn], tenon.Named("1")), tenon.Op[wholeIn, string]{Method: "QUERY", Pattern: "/b"}.Route(reading[wholeIn], tenon.Named("2")),
		tenon.On("OPTIONS", "/c", tenon.Handle(reading[formIn])), tenon.Get("/d", nothing), tenon.Get("/e/{id}", page), tenon.On("GET", "/f", echo),
	}, nil},
	{"path values of a handler", tenon.Routes{tenon.On("GET", "/a", tenon.Handle(page)), tenon.On("GET", "/b/{id}", tenon.Handle(page)), tenon.On("GET", "/c/{tenant}", tenon.Handle(nothing))}, []string{
		"GET /a lacks the wildcard {id}, which tenon_test.pageIn binds: write it in the pattern",
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

// A view has the faults of its methods, and answers with a form where the method has one.
func TestView_bodyOfGet(t *testing.T) {
	t.Parallel()
	assert.PanicsWithValue(t, "tenon: View of tenon_test.formView:\n\tGet reads formIn.Word, formIn.Limit"+noGetBody, func() { tenon.View(formView{}) })
	require.EqualError(t, tenon.Resource("/a", formView{}).Check(),
		"tenon: the routes cannot be mounted:\n\tGET /a (formView.Get) reads formIn.Word, formIn.Limit"+noGetBody)
}
