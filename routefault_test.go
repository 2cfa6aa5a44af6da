package tenon_test

import (
	"context"
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/respond"
)

type (
	badIn  struct{ Done chan int }
	badOut struct{ Call func() }
)

func unbound(context.Context, badIn) (string, error)                 { return "", nil }
func (shelf) Unwritten(context.Context, tenon.None) (badOut, error)  { return badOut{}, nil }
func (*box[T]) Neither(context.Context, badIn) (badOut, error)       { return badOut{}, nil }
func sound(_ context.Context, in struct{ A string }) (string, error) { return in.A, nil }

// faultyRoutes has a fault of each kind, and none that panics while it is declared.
func faultyRoutes() tenon.Routes {
	routes := tenon.Routes{
		tenon.Post("/in", unbound),
		tenon.Post("/out", shelf{}.Unwritten, tenon.Named("out")),
		tenon.Post("/both", (&box[int]{}).Neither, bind.MaxBody(-1), respond.Formats()),
		tenon.Post("/closure", func(context.Context, badIn) (string, error) { return "", nil }),
		tenon.Post("/nil", (func(context.Context, badIn) (string, error))(nil)),
		tenon.Post("/options", sound, tenon.Options(nil, bind.MaxMemory(-1), bind.Option{}), nil),
		tenon.On("POST", "/on", echo, bind.Strict(), bind.MaxBody(1), respond.AllowNotAcceptable()),
		tenon.On("POST", "/pointer", (*http.ServeMux)(nil)),
		tenon.On("POST", "/func", http.HandlerFunc(nil)),
		tenon.On("POST", "/none", nil),
		tenon.On("POST", "/empty", tenon.Methods{}),
		tenon.On("POST", "/methods", tenon.Methods{"GET": nil, "POST": echo, "PUT": http.HandlerFunc(nil), "put": echo}),
		tenon.Post("/middleware", sound, tenon.Named("m")).With(nil),
		tenon.Post("/prefix", sound, tenon.Named("p")).Prefix("v1"),
	}
	routes = append(routes, tenon.Resource("/view", wrong{})...)
	return append(routes, tenon.Resource("/nothing", nil)...)
}

const wantFaults = `
	POST /in (unbound) cannot be served by tenon_test.unbound:
		bind: tenon_test.badIn cannot be bound:
			badIn.Done has type chan int, which no JSON value can be read into: use another type, or write json:"-"
	POST /out (out) cannot be served by tenon_test.shelf.Unwritten:
		respond: For[tenon_test.badOut]: tenon_test.badOut.Call has type func(), which cannot be encoded as JSON: use another type, or write json:"-"
	POST /both (box.Neither) cannot be served by tenon_test.(*box[...]).Neither:
		bind: tenon_test.badIn cannot be bound:
			bind.MaxBody is -1: give a number of bytes, 0 or more
			badIn.Done has type chan int, which no JSON value can be read into: use another type, or write json:"-"
		respond: For[tenon_test.badOut]: Formats: there is no format: write one, such as XML()
		respond: For[tenon_test.badOut]: tenon_test.badOut.Call has type func(), which cannot be encoded as JSON: use another type, or write json:"-"
	POST /closure cannot be served by tenon_test.faultyRoutes.func1 at routefault_test.go:N:
		bind: tenon_test.badIn cannot be bound:
			badIn.Done has type chan int, which no JSON value can be read into: use another type, or write json:"-"
	POST /nil has a nil function: pass a func(context.Context, In) (Out, error)
	POST /options (sound) cannot be served by tenon_test.sound:
		bind: struct { A string } cannot be bound:
			bind.MaxMemory is -1: give a number of bytes, 0 or more
	POST /on has an option of package bind, which has no effect on a handler of On: pass it to what makes the handler
	POST /on has an option of package respond, which has no effect on a handler of On: pass it to what makes the handler
	POST /pointer has a nil *http.ServeMux as its handler: pass another one to On
	POST /func has a nil http.HandlerFunc as its handler: pass another one to On
	POST /none has no handler: pass one to On
	POST /empty has Methods without a handler: add one
	POST /methods has Methods with a nil handler for GET: remove it, or write a handler
	POST /methods has Methods with a nil handler for PUT: remove it, or write a handler
	POST /methods has Methods, of which one has the method put: write PUT
	POST /middleware (m) has a nil middleware: leave it out
	POST /prefix (p) has the prefix v1, which does not begin with a slash: write /v1
`

// TestRoutes_faultsAtOnce holds that the faults of all functions, types and options come
// in one report, whoever asks for it, and each by itself from Handler.
func TestRoutes_faultsAtOnce(t *testing.T) {
	t.Parallel()
	line := regexp.MustCompile(`_test\.go:\d+`)
	report := func(ask func()) (text string) {
		defer func() { text = line.ReplaceAllString(recover().(string), "_test.go:N") }() //nolint:forcetypeassert // a text
		ask()
		return ""
	}
	routes := faultyRoutes()
	err := routes.Check()
	require.Error(t, err)
	checked := line.ReplaceAllString(err.Error(), "_test.go:N")
	assert.Contains(t, checked, wantFaults[:len(wantFaults)-1])
	assert.Contains(t, checked, "\n\tPOST /view (wrong.Post) is a route of the view tenon_test.wrong:\n\t\tGet is a func(*http.Request) string")
	assert.Contains(t, checked, "\n\tGET /nothing is a route of the view <nil>:\n\t\tit is nil: pass a value with a method such as Get")

	mux := http.NewServeMux()
	assert.Equal(t, checked, report(func() { routes.Mount(mux) }))
	assert.Equal(t, `tenon: a route cannot be served:
	POST /on has an option of package bind, which has no effect on a handler of On: pass it to what makes the handler
	POST /on has an option of package respond, which has no effect on a handler of On: pass it to what makes the handler`,
		report(func() { routes[6].Handler() }))
	assert.Equal(t, "tenon: a route cannot be served:\n\t/x has no handler: make it with Get, On, Resource or Op.Route",
		report(func() { tenon.Route{}.Options(bind.Strict()).With(trace("a")).Prefix("/x").Prefix("x").Handler() }))
	_, err = routes.URL("unbound", badIn{})
	require.EqualError(t, err, "tenon: URL of unbound: the route has faults, which Check reports")
}
