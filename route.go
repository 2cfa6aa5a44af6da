package tenon

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"reflect"
	"regexp"
	"runtime"
	"strings"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/shape"
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

// Named gives a [Route] a name in place of the one of its function. In a document
// it is the operation id, letter for letter. It has no effect on a handler alone.
func Named(name string) Option {
	return optionFunc(func(c *config) { c.name = name })
}

// A Doc documents a [Route]. It is an [Option]; a later Doc replaces an earlier
// one. The zero Doc says nothing, and the types of the function speak.
type Doc struct {
	// Summary is one line; empty means the words of the route's name.
	Summary string
	// Description is longer, in CommonMark.
	Description string
	// Tags group routes.
	Tags []string
	// Errors are the statuses of failures that the function itself answers.
	Errors []int
	// Responses are further values that the function may answer with, by
	// status; a value stands for its type, and names its header fields and
	// cookies.
	Responses map[int]any
	// Deprecated marks a route that clients should leave.
	Deprecated bool
	// Hidden leaves the route out of documents.
	Hidden bool
}

func (d Doc) apply(c *config) { c.doc = d }

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
		Meta:    c.withKinds(described(h)),
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
		Meta:    c.withKinds(described(h)),
	}
	if c.name == "" {
		r.Meta = append(r.Meta, describe.FoundName(r.Name))
	}
	return r
}

// described returns the Meta of a route to h: what documents it once middleware
// hides its type.
func described(h http.Handler) []any {
	if h, ok := h.(describe.Describer); ok {
		return []any{h}
	}
	return []any{describe.Plain{Type: reflect.TypeOf(h)}}
}

// inputOf returns what the In of a route is bound from. It says so from the plan
// of the route's handler, so that Check and URL cannot differ from what happens,
// and from that of In where a route was made by hand. The error is a fault of In.
func inputOf(r *Route) (*describe.Input, error) {
	for _, meta := range r.Meta {
		if h, ok := meta.(describe.Describer); ok && r.In != nil {
			return h.Input(), nil
		}
	}
	return inputOfType(r.In)
}

// inputOfType returns what a t would be bound from.
func inputOfType(t reflect.Type) (in *describe.Input, err error) {
	if t == nil {
		return &describe.Input{In: &shape.In{}}, nil
	}
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%v", fault)
		}
	}()
	return bind.ForType(t).Describe(), nil
}

// closure fits the names that the compiler gives to functions without one:
// literals, also those of package variables, and the bodies of range loops.
var closure = regexp.MustCompile(`(^|\.)(func|gowrap|deferwrap)?[0-9]+(\.|-|$)|-range[0-9]+|^init(\.|$)|^glob\.`)

// funcName returns the name that the source gives to the function fn, without
// its package: "Health", and "Articles.Get" for a method value. It is empty for
// a closure.
func funcName(fn any) string {
	f := runtime.FuncForPC(reflect.ValueOf(fn).Pointer())
	if f == nil {
		return ""
	}
	// The import path may hold dots, but in its last element they are escaped.
	_, name, _ := strings.Cut(f.Name()[strings.LastIndexByte(f.Name(), '/')+1:], ".")
	name = strings.TrimSuffix(name, "-fm")
	name = strings.NewReplacer("(*", "", ")", "", "[...]", "").Replace(name)
	if closure.MatchString(name) {
		return ""
	}
	return name
}

func defaultName(method, pattern string) string { return method + " " + pattern }

// String returns the pattern with its method, in the syntax of [http.ServeMux].
func (r Route) String() string { return defaultName(r.Method, r.Pattern) }
