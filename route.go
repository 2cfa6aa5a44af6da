package tenon

import (
	"cmp"
	"context"
	"net/http"
	"reflect"

	"github.com/tenonkit/tenon/internal/describe"
)

// A Route says which requests go to a handler. It is plain data: whoever holds
// one may read and change a copy of it. [Routes.Check] tells whether it is sound.
type Route struct {
	// Method is the method of the requests, in upper case. GET takes HEAD too.
	Method string
	// Pattern is that of [http.ServeMux] without the method: "/users/{id}",
	// "/files/{path...}", "/{$}", "example.com/".
	Pattern string
	// Name finds the route: that of the function, such as "Users.Get" or
	// "Health", or what [Named] says. A closure has none: its route is called
	// "GET /users". Empty means that the route cannot be looked up. In a
	// document a name that was given is the operation id, letter for letter,
	// and that of a function becomes one: UsersGet.
	Name string
	// Doc is the documentation.
	Doc Doc
	// Handler answers the requests.
	Handler http.Handler
	// In and Out are the types of a typed function, nil for a plain handler.
	In, Out reflect.Type
	// Meta is what packages attach to the route and look for in a document or a
	// log, each for types of its own; the guards of package openapi are here.
	// Whoever adds to it copies it first.
	Meta []any
}

// Get returns the route that answers GET and HEAD requests with fn, as [Handle]
// does. Get and its siblings panic where Handle does.
func Get[In, Out any](pattern string, fn func(ctx context.Context, in In) (Out, error), opts ...Option) Route {
	return newRoute(http.MethodGet, pattern, fn, opts)
}

// Post is [Get] for the method POST.
func Post[In, Out any](pattern string, fn func(ctx context.Context, in In) (Out, error), opts ...Option) Route {
	return newRoute(http.MethodPost, pattern, fn, opts)
}

// Put is [Get] for the method PUT.
func Put[In, Out any](pattern string, fn func(ctx context.Context, in In) (Out, error), opts ...Option) Route {
	return newRoute(http.MethodPut, pattern, fn, opts)
}

// Patch is [Get] for the method PATCH.
func Patch[In, Out any](pattern string, fn func(ctx context.Context, in In) (Out, error), opts ...Option) Route {
	return newRoute(http.MethodPatch, pattern, fn, opts)
}

// Delete is [Get] for the method DELETE.
func Delete[In, Out any](pattern string, fn func(ctx context.Context, in In) (Out, error), opts ...Option) Route {
	return newRoute(http.MethodDelete, pattern, fn, opts)
}

// On returns the route that answers with h, which may be any handler: a typed
// one of another method, a file server, one written by hand. Without [Named] its
// name is the method and the pattern. [Bind] and [Respond] have no effect on h.
func On(method, pattern string, h http.Handler, opts ...Option) Route {
	c := newConfig(opts)
	return Route{
		Method:  method,
		Pattern: pattern,
		Name:    cmp.Or(c.name, defaultName(method, pattern)),
		Doc:     c.doc,
		Handler: h,
		Meta:    described(h),
	}
}

func newRoute[In, Out any](method, pattern string, fn func(context.Context, In) (Out, error), opts []Option) Route {
	if fn == nil {
		panic("tenon: " + method + " " + pattern + " has a nil function")
	}
	c := newConfig(opts)
	h := newHandler(fn, c)
	r := Route{
		Method:  method,
		Pattern: pattern,
		Name:    cmp.Or(c.name, funcName(fn), defaultName(method, pattern)),
		Doc:     c.doc,
		Handler: h,
		In:      reflect.TypeFor[In](),
		Out:     reflect.TypeFor[Out](),
		Meta:    described(h),
	}
	if c.name == "" {
		r.Meta = append(r.Meta, describe.FoundName(r.Name))
	}
	return r
}

func defaultName(method, pattern string) string { return method + " " + pattern }

// String returns the pattern with its method, in the syntax of [http.ServeMux].
func (r Route) String() string { return defaultName(r.Method, r.Pattern) }
