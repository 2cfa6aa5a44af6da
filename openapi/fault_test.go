package openapi_test

import (
	"context"
	"net/http"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/respond"
)

// documented is a route with a plain handler: what faults are about stands in Doc.Responses, where
// no plan has checked it.
func documented(pattern string, value any) tenon.Route {
	return tenon.On("GET", pattern, http.NotFoundHandler(), tenon.Doc{Responses: map[int]any{200: value}})
}

func TestNew_faults(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		routes tenon.Routes
		want   string
	}{
		{"no wildcard", tenon.Routes{tenon.Get("/{id}", answer[tenon.None, string])}, "has the wildcard {id}"},
		{"one path", tenon.Routes{
			tenon.On("GET", "/f/{id}", http.NotFoundHandler()), tenon.On("GET", "/f/{rest...}", http.NotFoundHandler()),
		}, "GET /f/{id} and GET /f/{rest...} are both GET /f/{id} in the document: set Doc.Hidden for one of them"},
		{"one path on two hosts", tenon.Routes{
			tenon.On("GET", "a.example/x", http.NotFoundHandler()), tenon.On("GET", "b.example/x", http.NotFoundHandler()),
		}, "are both GET /x in the document"},
		{"one id", tenon.Routes{
			tenon.Get("/a", clock{}.Read), tenon.On("GET", "/b", http.NotFoundHandler(), tenon.Named("clockRead")),
		}, "GET /a (clock.Read) and GET /b (clockRead) both have the operation id clockRead: name one of them with Named"},
		{"a channel", tenon.Routes{documented("/x", struct{ C chan int }{})}, "GET /x.C has type chan int, which JSON cannot write"},
		{"a bad struct", tenon.Routes{documented("/x", struct{ a int }{1})}, "cannot be JSON"},
		{"a bad limit", tenon.Routes{documented("/x", struct {
			N int `minimum:"one"`
		}{})}, `GET /x.N has minimum:"one": it must be an integer`},
		{"an unknown format", tenon.Routes{documented("/x", struct {
			S string `format:"zip"`
		}{})}, `S has format:"zip": is not a known format: use base64url, binary`},
		{"a format of another type", tenon.Routes{documented("/x", struct {
			N int `format:"password"`
		}{})}, `N has format:"password": does not apply to its type`},
		{"an unknown form of a time", tenon.Routes{documented("/x", struct {
			T time.Time `format:"2006"`
		}{})}, `GET /x.T has format:"2006": use one of the formats of a time: date-time, date, time, date-time-local, http, unix`},
		{"a bad example", tenon.Routes{documented("/x", struct {
			N int `example:"one"`
		}{})}, `N has example:"one": it must be an integer`},
		{"a bad pattern", tenon.Routes{documented("/x", struct {
			S string `pattern:"a**"`
		}{})}, "S has pattern:\"a**\": error parsing regexp: invalid nested repetition operator: `**`"},
		{"an example that is no JSON", tenon.Routes{documented("/x", struct {
			M map[string]int `example:"one"`
		}{})}, `M has example:"one": it is not JSON`},
		{"an example that is no time", tenon.Routes{documented("/x", struct {
			T time.Time `example:"yesterday"`
		}{})}, `T has example:"yesterday": it must be a time`},
		{"an error that is a success", tenon.Routes{documented("/x", shortage{})}, "GET /x has the error openapi_test.shortage under the status 200 in Doc.Responses: use one of 400 to 599"},
		{"a member of every problem", tenon.Routes{tenon.On("GET", "/x", http.NotFoundHandler(), tenon.Doc{Responses: map[int]any{404: struct {
			respond.Problem
			N int `json:"detail"`
		}{}}})}, `GET /x.N has the JSON name "detail", which is a member of every problem: give it another name`},
		{"a schema that panics", tenon.Routes{documented("/x", []panicking{})}, "the method JSONSchema of openapi_test.panicking panics on the zero value: no schema"},
		{"a text that panics", tenon.Routes{documented("/x", struct {
			T touchy `example:"a"`
		}{})}, `T has example:"a": its methods panic: no text`},
		{"a text that cannot be written", tenon.Routes{documented("/x", struct {
			T []unwritable `example:"a"`
		}{})}, `T has example:"a": its methods panic: assignment to entry in nil map`},
		{"a status that panics", tenon.Routes{tenon.Get("/x", answer[tenon.None, *nosy])}, "GET /x (answer): StatusCode, Headers or ContentType of openapi_test.nosy panics on the zero value: runtime error: invalid memory address"},
		{"a stream that panics", tenon.Routes{tenon.Get("/x", answer[tenon.None, dry])}, "the method StreamType of openapi_test.dry panics on the zero value: dry"},
		{"a bad schema", tenon.Routes{documented("/x", liar{})}, "the schema that openapi_test.liar states is not valid"},
		{"a bad status", tenon.Routes{tenon.On("GET", "/x", http.NotFoundHandler(), tenon.Doc{Responses: map[int]any{100: nil}})}, "has the status 100 in Doc.Responses"},
		{"Errors that are none", tenon.Routes{tenon.On("GET", "/x", http.NotFoundHandler(), tenon.Doc{Errors: []int{304, 404, 600, -1}})}, "GET /x has the status 304 in Doc.Errors: use one of 400 to 599, or put it into Doc.Responses\n" +
			"\tGET /x has the status 600 in Doc.Errors: use one of 400 to 599, or put it into Doc.Responses\n\tGET /x has the status -1 in Doc.Errors"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := openapi.New(info(), tc.routes)
			require.Error(t, err)
			assert.Contains(t, err.Error(), tc.want)
		})
	}
	_, err := openapi.New(openapi.Info{}, nil)
	require.ErrorContains(t, err, "Info has no Title: write the name of the service")
	require.ErrorContains(t, err, "Info has no Version")
	// Those of the routes, of Info and of the options come together.
	_, err = openapi.New(openapi.Info{Title: "t"}, tenon.Routes{{}}, openapi.ErrorBody[string](nil))
	for _, want := range []string{"a route has no method", "Info has no Version", "ErrorBody is nil or zero: make it with respond.NewErrorBody"} {
		require.ErrorContains(t, err, want)
	}
	_, err = openapi.New(info(), nil, openapi.ErrorBody(&respond.ErrorBody[int]{}))
	require.ErrorContains(t, err, "ErrorBody is nil or zero")
}

type clock struct{}

func (clock) Read(context.Context, tenon.None) (string, error) { return "", nil }

// Types whose methods panic while they are described.
type (
	panicking  int
	touchy     string
	unwritable struct{ seen map[string]bool }
	nosy       struct{ At *clocked }
	dry        struct{ scores }
)

func (panicking) JSONSchema() string { panic("no schema") }

func (*touchy) UnmarshalText([]byte) error { panic("no text") }

func (*unwritable) UnmarshalText([]byte) error { return nil }

func (u unwritable) MarshalText() ([]byte, error) {
	u.seen["a"] = true
	return nil, nil
}

func (n nosy) StatusCode() int { return n.At.At.Day() }

func (dry) StreamType() ([]string, reflect.Type) { panic("dry") }

type liar struct{ A int }

func (liar) JSONSchema() string { return "{" }

// A guard of one name with two schemes is two guards.
func TestGuard_faults(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{tenon.Get("/a", answer[tenon.None, string], tenon.Named("A"))}
	other := tenon.Routes{tenon.Get("/b", answer[tenon.None, string], tenon.Named("B"))}
	g := openapi.Guard[string]{Name: "g", Scheme: openapi.Basic(), Check: anybody}
	h := openapi.Guard[string]{Name: "g", Scheme: openapi.HeaderKey("X-Key"), Check: anybody}
	both := append(g.Protect(routes), h.Protect(other)...)
	err := both.Check()
	require.ErrorContains(t, err, "GET /b (B) has a Guard g with two different Schemes: use one Scheme, or another Name")
	spaced := openapi.Guard[string]{Name: "my session", Scheme: openapi.Basic(), Check: anybody}
	_, err = openapi.New(info(), spaced.Protect(routes))
	require.ErrorContains(t, err, `the guard "my session" has a Name that OpenAPI does not allow`)
	for _, tc := range []struct {
		scheme openapi.SecurityScheme
		errors []int
		want   string
	}{
		{openapi.SecurityScheme{}, nil, "GET /a (A) has a Guard g with a Scheme without a Type: use Bearer, Basic, HeaderKey or CookieKey"},
		{openapi.HeaderKey(""), nil, "of the Type apiKey: set Name"},
		{openapi.SecurityScheme{Type: "apiKey", Name: "k", In: "body"}, nil, "set In to header, query or cookie"},
		{openapi.SecurityScheme{Type: "http"}, nil, "of the Type http: set Scheme"},
		{openapi.SecurityScheme{Type: "oauth2"}, nil, "of the Type oauth2: set Flows"},
		{openapi.SecurityScheme{Type: "openIdConnect"}, nil, "set OpenIDConnectURL"},
		{openapi.SecurityScheme{Type: "bearer"}, nil, `of the Type "bearer": use http, apiKey`},
		{openapi.Basic(), []int{401, 303, 600}, "has a Guard g with the status 303 in Errors: use one of 400 to 599\n\tGET /a (A) has a Guard g with the status 600"},
	} {
		guarded := openapi.Guard[string]{Name: "g", Scheme: tc.scheme, Errors: tc.errors, Check: anybody}.Protect(routes)
		err := guarded.Check()
		require.ErrorContains(t, err, tc.want)
		_, same := openapi.New(info(), guarded)
		require.EqualError(t, same, err.Error())
	}
	assert.PanicsWithValue(t, "openapi: Verify: the document is nil: make it with New; "+
		"report is nil: write a function, such as one that fails the test", func() { openapi.Verify(nil, nil) })
}

// A guard that is not whole is a fault of its routes, which comes with their others.
func TestGuard_incomplete(t *testing.T) {
	t.Parallel()
	type in struct {
		User string `value:"user"`
		N    int    `query:"n" minimum:"x"`
	}
	user, nameless := openapi.Guard[string]{Name: "user"}, openapi.Guard[string]{Check: anybody}
	routes := nameless.Protect(user.Protect(tenon.Routes{
		tenon.Get("/a", answer[in, string], tenon.Named("A")),
		tenon.On("GET", "/b", http.NotFoundHandler()),
	}))
	err := routes.Check()
	require.Error(t, err)
	for _, route := range []string{"GET /a (A) ", "GET /b "} {
		require.ErrorContains(t, err, route+"has a Guard without a Name: give it one, such as session")
		require.ErrorContains(t, err, route+`has a Guard user without a Check: write a function that returns who sends a request`)
	}
	require.ErrorContains(t, err, `in.N has minimum:"x"`)
	assert.NotContains(t, err.Error(), "value", "which the guard would provide")
	assert.Panics(t, func() { routes[1].Handler() })
	_, err = openapi.New(openapi.Info{}, routes)
	require.ErrorContains(t, err, "without a Check")
}

// Protect leaves the routes that it was given alone.
func TestGuard_copies(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{tenon.Get("/a", answer[tenon.None, string], tenon.Named("A"))}
	before := len(routes[0].Meta)
	g := openapi.Guard[string]{Name: "g", Scheme: openapi.Basic(), Check: anybody}
	assert.Len(t, g.Protect(routes)[0].Meta, before+1)
	assert.Len(t, routes[0].Meta, before)
}

type clocked struct {
	At time.Time `json:"at"`
}

// Types of one name are qualified on both sides, whatever their order.
func TestNew_qualifies(t *testing.T) {
	t.Parallel()
	type Contact struct{ Phone string }
	own := tenon.Get("/own", func(context.Context, tenon.None) (Contact, error) { return Contact{}, nil }, tenon.Named("Own"))
	other := tenon.Get("/other", answer[tenon.None, openapi.Contact], tenon.Named("Other"))
	list := tenon.Get("/list", answer[tenon.None, page[openapi.Contact]], tenon.Named("List"))
	for _, routes := range []tenon.Routes{{own, other, list}, {list, other, own}} {
		names := componentNames(t, newDocument(t, routes))
		assert.Equal(t, []string{"Problem", "openapi.Contact", "openapi_test.Contact", "page_Contact"}, names)
	}
	alone := componentNames(t, newDocument(t, tenon.Routes{other, tenon.Get("/at", answer[tenon.None, clocked], tenon.Named("At"))}))
	assert.Equal(t, []string{"Contact", "Problem", "clocked"}, alone)
}
