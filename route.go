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

// A Route says which requests go to which function or handler. It is plain data: you may
// read and change a copy, and making one never panics. Faults are reported by
// [Routes.Check], [Routes.Mount], package openapi and Handler, whichever comes first.
// Only the functions of this package make a Route that can be served.
type Route struct {
	// Method is the method of the requests, in upper case. GET also answers HEAD.
	Method string
	// Pattern is a pattern of [http.ServeMux] without the method: "/users/{id}",
	// "/files/{path...}", "/{$}", "example.com/".
	Pattern string
	// Name identifies the route for Lookup and URL. It is what [Named] says, else the
	// name of the function, such as "Users.Get" or "Health", else the method and the
	// pattern, such as "GET /users". An empty Name cannot be looked up. In a document, a
	// name that you gave is the operation id unchanged; the name Users.Get of a function
	// becomes UsersGet.
	Name string
	// Doc is the documentation.
	Doc Doc
	// In and Out are the types of a typed function. They are nil for a plain handler.
	In, Out reflect.Type
	// Meta holds values that other packages attach to the route and find by their type,
	// such as the guards of package openapi. Copy the slice before you add to it.
	Meta []any

	found   string   // the name of the function, if no other was given
	serving *serving // nil in a Route made by hand
}

// Get returns the route that answers GET and HEAD requests with fn, as [Handle] does.
func Get[In, Out any](pattern string, fn func(ctx context.Context, in In) (Out, error), opts ...Option) Route {
	return newRoute(http.MethodGet, pattern, functionOf(fn), opts)
}

// Post is [Get] for the method POST.
func Post[In, Out any](pattern string, fn func(ctx context.Context, in In) (Out, error), opts ...Option) Route {
	return newRoute(http.MethodPost, pattern, functionOf(fn), opts)
}

// Put is [Get] for the method PUT.
func Put[In, Out any](pattern string, fn func(ctx context.Context, in In) (Out, error), opts ...Option) Route {
	return newRoute(http.MethodPut, pattern, functionOf(fn), opts)
}

// Patch is [Get] for the method PATCH.
func Patch[In, Out any](pattern string, fn func(ctx context.Context, in In) (Out, error), opts ...Option) Route {
	return newRoute(http.MethodPatch, pattern, functionOf(fn), opts)
}

// Delete is [Get] for the method DELETE.
func Delete[In, Out any](pattern string, fn func(ctx context.Context, in In) (Out, error), opts ...Option) Route {
	return newRoute(http.MethodDelete, pattern, functionOf(fn), opts)
}

// On returns the route that answers with h, which may be any handler. Its name is the
// method and the pattern, unless [Named] gives another. An option of package bind or
// respond among opts is a fault, because it cannot change h.
func On(method, pattern string, h http.Handler, opts ...Option) Route {
	return newRoute(method, pattern, &function{handler: h}, opts)
}

func newRoute(method, pattern string, f *function, opts []Option) Route {
	return routeOf(method, pattern, newServing(f, opts))
}

// routeOf returns the route of a serving, with the name and the documentation from its
// options.
func routeOf(method, pattern string, s *serving) Route {
	opts := option.Lists(s.lists...)
	r := Route{Method: method, Pattern: pattern, Doc: docOf(opts), In: s.in, Out: s.out, serving: s}
	if r.Name = nameOf(opts); r.Name == "" {
		r.found = s.name
		r.Name = cmp.Or(r.found, defaultName(method, pattern))
	}
	return r
}

// Handler returns the handler of the route: the function under its options, inside the
// middleware. The first call makes it, and all copies of the route share it. Handler
// panics with the faults of the function, its types and its options; [Routes.Check]
// reports those of the pattern. It is safe for concurrent use.
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
		return nil, []string{"has no handler: make it with Get, On, Resource or Op.Route"}
	}
	whole, faults := r.serving.whole()
	return whole.handler, faults
}

// Prefix returns the route with p before its path. p begins with a slash; a slash at its
// end is dropped. An empty pattern becomes p. A default name, made of the method and the
// pattern, changes too. p may have wildcards, which the In of a typed function must then
// bind.
//
// It is a fault if p does not begin with a slash. Wildcards before the route of an [Op]
// are a fault as well, because a client cannot fill them.
func (r Route) Prefix(p string) Route {
	if !strings.HasPrefix(p, "/") {
		return r.withFault("has the prefix " + p + ", which does not begin with a slash: write /" + p)
	}
	if r.serving != nil && r.serving.op != nil && len(pattern.Names(pattern.Parse(p))) > 0 {
		r = r.withFault("has the prefix " + p + ", whose wildcards a client cannot fill: write them in the Pattern of the Op")
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

// With returns the route inside the middleware mw. The first of mw is the outermost, as
// in alice. All of mw is outside the middleware that the route already has. A nil element
// is a fault.
func (r Route) With(mw ...func(http.Handler) http.Handler) Route {
	if r.serving != nil {
		r.serving = r.serving.with(mw)
	}
	return r
}

// Tag returns the route with the tags added to its Doc. A tag that is already there is
// not added again.
func (r Route) Tag(tags ...string) Route {
	r.Doc.Tags = union(r.Doc.Tags, tags)
	return r
}

// Options returns the route with opts as defaults. If two options differ, the one that
// the route already has wins, so an earlier call of Options wins over a later one. A
// [Doc] in opts adds up as if it came before those of the route. [Named] counts if the
// route has no name of its own. Options of packages bind and respond have no effect on a
// handler of [On].
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

// hasFoundName reports whether the name of the route is a default one.
func (r Route) hasFoundName() bool {
	return r.Name == "" || r.Name == r.found || r.Name == defaultName(r.Method, r.Pattern)
}

// Describe returns what package openapi needs to know of the route. It is for the
// packages of this module alone. Call [Routes.Check] first: the route must have no
// faults.
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

// String returns the method and the pattern, in the syntax of [http.ServeMux].
func (r Route) String() string { return defaultName(r.Method, r.Pattern) }
