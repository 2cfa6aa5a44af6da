package tenon

import (
	"context"
	"fmt"
	"reflect"

	"github.com/tenonkit/tenon/internal/option"
)

// An Op is the typed name of a route. It is declared once, in a package that server
// and client import; the server makes a route of it, and [URL] and package client
// take it to know the route by its types:
//
//	var GetArticle = tenon.Op[ArticleKey, Article]{Method: "GET", Pattern: "/articles/{id}"}
//
//	routes := tenon.Routes{GetArticle.Route(store.Get)}
//	address, err := tenon.URL(routes, GetArticle, ArticleKey{ID: 7})
//
// An Op is plain data, and what is wrong with it is reported for its route. Two Ops of
// one method, pattern, In and Out are the same to URL.
type Op[In, Out any] struct {
	// Method, Pattern and Name are those of a [Route]. An empty Name leaves it to
	// the function that answers.
	Method, Pattern, Name string
	// Options are those that server and client have to agree on, such as
	// [respond.Formats], and any others. They stand beneath those of Route.
	Options []Option
}

// An opKey tells an Op from others.
type opKey struct {
	method, pattern string
	in, out         reflect.Type
}

func (op Op[In, Out]) key() opKey {
	return opKey{op.Method, op.Pattern, reflect.TypeFor[In](), reflect.TypeFor[Out]()}
}

// Route returns the route that answers requests of op with fn, as [Get] does. An
// option that changes what is sent, as the Formats of packages bind and respond and
// [respond.Shorthand] do, is a fault here and in [Routes.Options], because no client
// would know of it: it stands in the Options of op.
func (op Op[In, Out]) Route(fn func(ctx context.Context, in In) (Out, error), opts ...Option) Route {
	shared := op.Options
	if op.Name != "" {
		shared = append([]Option{Named(op.Name)}, shared...)
	}
	s := newServing(functionOf(fn), shared, opts)
	key := op.key()
	s.op = &key
	r := routeOf(op.Method, op.Pattern, s)
	r.In, r.Out = key.in, key.out
	return r
}

// wireFaults returns the options of a route of an Op that change what is sent and stand
// elsewhere than in the Op.
func (s *serving) wireFaults(opts *option.Set) []string {
	if s.op == nil {
		return nil
	}
	var faults []string
	for _, w := range opts.Wire() {
		// The last list is the route's own, the one before it that of the Op.
		if w.List != len(s.lists)-2 {
			faults = append(faults, "has "+w.Name+", which changes what is sent: write it in the Options of the Op")
		}
	}
	return faults
}

// URL returns the address of the route of op among routes, as [Routes.URL] does,
// with the prefix that the route has there. It is an error if there is none.
func URL[In, Out any](routes Routes, op Op[In, Out], in In) (string, error) {
	key := op.key()
	for i := range routes {
		if s := routes[i].serving; s != nil && s.op != nil && *s.op == key {
			return routes[i].url(in)
		}
	}
	return "", fmt.Errorf("tenon: URL: no route is of the Op %s %s", op.Method, op.Pattern)
}
