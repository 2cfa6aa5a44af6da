package tenon

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/option"
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
func Named(name string) Option { return named(name) }

type named string

// Apply implements [Option].
func (n named) Apply(s *option.Set) { s.Add(n) }

// nameOf returns the name that was given, or "".
func nameOf(opts *option.Set) string {
	var name named
	for _, name = range option.Of[named](opts) {
	}
	return string(name)
}

// A Doc documents a [Route]. It is an [Option]. Several of them add up: Tags and
// Errors grow, of two Responses of one status the later counts, a text that is not
// empty replaces the one before it, and a route is Deprecated or Hidden if one of
// them says so. The zero Doc says nothing, and the types of the function speak.
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

// Apply implements [Option].
func (d Doc) Apply(s *option.Set) { s.Add(d) }

// docOf returns what the Docs say together.
func docOf(opts *option.Set) Doc {
	var sum Doc
	for _, d := range option.Of[Doc](opts) {
		sum = sum.and(d)
	}
	return sum
}

// and returns what d and later, which wins, say together.
func (d Doc) and(later Doc) Doc {
	d.Summary = cmp.Or(later.Summary, d.Summary)
	d.Description = cmp.Or(later.Description, d.Description)
	d.Tags = union(d.Tags, later.Tags)
	d.Errors = union(d.Errors, later.Errors)
	d.Deprecated = d.Deprecated || later.Deprecated
	d.Hidden = d.Hidden || later.Hidden
	if len(later.Responses) > 0 {
		both := maps.Clone(later.Responses)
		for status, v := range d.Responses {
			if _, isLater := both[status]; !isLater {
				both[status] = v
			}
		}
		d.Responses = both
	}
	return d
}

// union returns a new list of the values of both, each once, in the order in which they
// come first; nil where there are none.
func union[T comparable](first, second []T) []T {
	var all []T
	for _, list := range [][]T{first, second} {
		for _, v := range list {
			if !slices.Contains(all, v) {
				all = append(all, v)
			}
		}
	}
	return all
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
// name is the method and the pattern. Options of packages bind and respond have no effect on h.
func On(method, pattern string, h http.Handler, opts ...Option) Route {
	set := option.Lists(opts)
	return Route{
		Method:  method,
		Pattern: pattern,
		Name:    cmp.Or(nameOf(set), defaultName(method, pattern)),
		Doc:     docOf(set),
		Handler: h,
		Meta:    described(h),
	}
}

func newRoute[In, Out any](method, pattern string, fn func(context.Context, In) (Out, error), opts []Option) Route {
	if fn == nil {
		panic("tenon: " + method + " " + pattern + " has a nil function")
	}
	set := option.Lists(opts)
	h, err := newHandler(fn, set)
	if err != nil {
		panic(err.Error())
	}
	r := Route{
		Method:  method,
		Pattern: pattern,
		Name:    cmp.Or(nameOf(set), funcName(fn), defaultName(method, pattern)),
		Doc:     docOf(set),
		Handler: h,
		In:      reflect.TypeFor[In](),
		Out:     reflect.TypeFor[Out](),
		Meta:    described(h),
	}
	if nameOf(set) == "" {
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
