package tenon

import (
	"cmp"
	"context"
	"net/http"
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/option"
	"github.com/tenonkit/tenon/internal/pattern"
)

// A Route says which requests go to a function or a handler. It is plain data:
// whoever holds one may read and change a copy of it, and making one never panics.
// What is wrong with it is found by [Routes.Check], by [Routes.Mount], by package
// openapi, and by Handler, whichever comes first. Only the functions of this
// package make one that can be served.
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
	// In and Out are the types of a typed function, nil for a plain handler.
	In, Out reflect.Type
	// Meta is what packages attach to the route and look for in a document or a
	// log, each for types of its own; the guards of package openapi are here.
	// Whoever adds to it copies it first.
	Meta []any

	found   string   // the name of the function, where nobody gave another
	serving *serving // nil in a Route made by hand
}

// Get returns the route that answers GET and HEAD requests with fn, as [Handle]
// does.
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
// name is the method and the pattern. An option of package bind or respond among
// opts is a fault, since it could not change h.
func On(method, pattern string, h http.Handler, opts ...Option) Route {
	return routeOf(method, pattern, newServing(function{handler: h}, opts))
}

func newRoute[In, Out any](method, pattern string, fn func(context.Context, In) (Out, error), opts []Option) Route {
	r := routeOf(method, pattern, newServing(functionOf(fn), opts))
	r.In, r.Out = reflect.TypeFor[In](), reflect.TypeFor[Out]()
	return r
}

// routeOf returns the route of a serving, with the name and the documentation that its
// options say.
func routeOf(method, pattern string, s *serving) Route {
	opts := option.Lists(s.lists...)
	r := Route{Method: method, Pattern: pattern, Doc: docOf(opts), serving: s}
	if r.Name = nameOf(opts); r.Name == "" {
		r.found = s.name
		r.Name = cmp.Or(r.found, defaultName(method, pattern))
	}
	return r
}

// Handler returns what answers the requests: the function under its options, inside
// the middleware. It is made at the first call, and then the same for all copies of
// the route. Handler panics with what is wrong with the function, its types and its
// options; the pattern is left to [Routes.Check]. It may be called by many
// goroutines at once.
func (r Route) Handler() http.Handler {
	h, faults := r.handler()
	if len(faults) > 0 {
		var all routeFaults
		for _, words := range faults {
			all.add(&r, "%s", words)
		}
		panic("tenon: a route cannot be served:\n\t" + strings.Join(all, "\n\t"))
	}
	return h
}

func (r Route) handler() (http.Handler, []string) {
	if r.serving == nil {
		return nil, []string{"has no handler: make it with Get, On or one of their siblings"}
	}
	whole, faults := r.serving.whole()
	return whole.handler, faults
}

// Prefix returns the route with p before its path. p begins with a slash and may
// hold wildcards, which the In of a typed function then has to bind; a slash at its
// end is dropped. The empty pattern becomes p itself. A name that was made of method
// and pattern follows. A p without a slash at its beginning is a fault, and so are
// wildcards before a route of an [Op], which a client would not fill.
func (r Route) Prefix(p string) Route {
	if !strings.HasPrefix(p, "/") {
		return r.withFault("has the prefix " + p + ", which does not begin with a slash: write /" + p)
	}
	if r.serving != nil && r.serving.op != nil && len(pattern.Names(pattern.Parse(p))) > 0 {
		r = r.withFault("has the prefix " + p + ", whose wildcards no client fills: write them in the Pattern of the Op")
	}
	if r.Pattern != "" && !strings.Contains(r.Pattern, "/") {
		return r // it is for Check to report
	}
	hasDefaultName := r.Name == defaultName(r.Method, r.Pattern)
	host, path := pattern.Split(r.Pattern)
	r.Pattern = host + strings.TrimRight(p, "/") + path
	if hasDefaultName {
		r.Name = defaultName(r.Method, r.Pattern)
	}
	return r
}

func (r Route) withFault(words string) Route {
	if r.serving != nil {
		r.serving = r.serving.fault(words)
	}
	return r
}

// With returns the route behind the middleware, of which the first is the
// outermost, as in alice, and which is outside of what the route has already. A nil
// one is a fault.
func (r Route) With(mw ...func(http.Handler) http.Handler) Route {
	if r.serving != nil {
		r.serving = r.serving.with(mw)
	}
	return r
}

// Tag returns the route with the tags added to its Doc, where they are not yet.
func (r Route) Tag(tags ...string) Route {
	r.Doc.Tags = union(r.Doc.Tags, tags)
	return r
}

// Options returns the route with opts beneath those that it has, wherever With was
// called: where two differ, that of the route wins, and of two calls of Options the
// earlier, which is nearer to the route. Docs add up as if they were written first, and Named
// counts where the route has no name of its own. Options of packages bind and
// respond have no effect on a handler of [On].
func (r Route) Options(opts ...Option) Route {
	set := option.Lists(opts)
	r.Doc = docOf(set).and(r.Doc)
	if name := nameOf(set); name != "" && r.hasFoundName() {
		r.Name, r.found = name, ""
	}
	if r.serving != nil {
		r.serving = r.serving.beneath(opts)
	}
	return r
}

// hasFoundName reports whether nobody gave the route its name.
func (r Route) hasFoundName() bool {
	return r.Name == "" || r.Name == r.found || r.Name == defaultName(r.Method, r.Pattern)
}

// Describe returns what package openapi says about the route, for the family alone.
// The route is one that [Routes.Check] has passed.
func (r Route) Describe() describe.Route {
	d := describe.Route{HasFoundName: r.hasFoundName()}
	if r.serving == nil {
		return d
	}
	d.Fails, _ = failsOf(option.Lists(r.serving.lists...))
	h, _ := r.serving.inside()
	if described, ok := h.(describe.Describer); ok {
		d.Handler = described
	} else {
		d.Plain = reflect.TypeOf(h)
	}
	whole, _ := r.serving.whole()
	for _, m := range whole.by {
		d.Around = append(d.Around, m.DescribeMiddleware(r.Method))
	}
	return d
}

func defaultName(method, pattern string) string { return method + " " + pattern }

// String returns the pattern with its method, in the syntax of [http.ServeMux].
func (r Route) String() string { return defaultName(r.Method, r.Pattern) }
