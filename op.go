package tenon

import (
	"context"
	"fmt"
	"reflect"

	"github.com/tenonkit/tenon/internal/option"
)

// An Op declares a route and its types for both sides. Declare it once, in a package that
// server and client import. The server makes a route of it. [URL] and package client find
// the route by it:
//
//	var GetArticle = tenon.Op[ArticleKey, Article]{Method: "GET", Pattern: "/articles/{id}"}
//
//	routes := tenon.Routes{GetArticle.Route(store.Get)}
//	address, err := tenon.URL(routes, GetArticle, ArticleKey{ID: 7})
//
// An Op is plain data. Its faults are reported as faults of its route. URL does not
// distinguish two Ops with the same method, pattern, In and Out.
type Op[In, Out any] struct {
	// Method, Pattern and Name are those of a [Route]. If Name is empty, the function
	// names the route.
	Method, Pattern, Name string
	// Options are the options that server and client must agree on, such as
	// [respond.Formats]. Others may stand here too. The options of Route win over them.
	Options []Option
}

// An opKey identifies an Op.
type opKey struct {
	method, pattern string
	in, out         reflect.Type
}

func (op Op[In, Out]) key() opKey {
	return opKey{op.Method, op.Pattern, reflect.TypeFor[In](), reflect.TypeFor[Out]()}
}

// Route returns the route that answers the requests of op with fn, as [Get] does.
//
// Options that change what is sent must stand in the Options of op, so that clients know
// them: the Formats of packages bind and respond, and [respond.Shorthand]. Here and in
// [Routes.Options] they are a fault.
func (op Op[In, Out]) Route(fn func(ctx context.Context, in In) (Out, error), opts ...Option) Route {
	shared := op.Options
	if op.Name != "" {
		shared = append([]Option{Named(op.Name)}, shared...)
	}
	s := newServing(functionOf(fn), shared, opts)
	key := op.key()
	s.op = &key
	return routeOf(op.Method, op.Pattern, s)
}

// wireFaults returns the faults of a route of an Op: options that change what is sent and
// stand outside the Op.
func (s *serving) wireFaults(opts *option.Set) []string {
	if s.op == nil {
		return nil
	}
	var faults []string
	for _, w := range opts.Wire() {
		// The last list is the route's own, and the one before it is the list of the Op.
		if w.List != len(s.lists)-2 {
			faults = append(faults, "has "+w.Name+", which changes what is sent: write it in the Options of the Op")
		}
	}
	return faults
}

// URL returns the address of the route of op in routes, as [Routes.URL] does. It includes
// the prefix that the route has there. URL returns an error if routes has no route of op.
func URL[In, Out any](routes Routes, op Op[In, Out], in In) (string, error) {
	key := op.key()
	for i := range routes {
		if s := routes[i].serving; s != nil && s.op != nil && *s.op == key {
			return routes[i].url(in)
		}
	}
	return "", fmt.Errorf("tenon: URL: there is no route of the Op %s %s: add the result of its method Route to the routes", op.Method, op.Pattern)
}
