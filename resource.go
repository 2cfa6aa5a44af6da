package tenon

import (
	"cmp"
	"net/http"
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/internal/describe"
)

// Resource returns the routes of a view at one pattern: one for each of the
// methods that [View] finds in v, with the types of the typed ones. A method
// Handle becomes a route for each of GET, POST, PUT, PATCH, DELETE and OPTIONS;
// other methods have no route. Behind middleware RouterErrors they and OPTIONS are
// answered as View does.
//
// A route is called by the type and the method, such as "Article.Get"; [Named]
// replaces the name of the type. Doc and the other options go for all the
// routes. Resource panics where View does.
func Resource(pattern string, v any, opts ...Option) Routes {
	c := newConfig(opts)
	found := compileView("Resource "+pattern, v, c)
	if found[0].method == "" {
		found = spread(found[0])
	}
	name := cmp.Or(c.name, typeName(reflect.TypeOf(v)))
	routes := make(Routes, 0, len(found))
	for _, m := range found {
		r := Route{
			Method: m.method, Pattern: pattern, Name: defaultName(m.method, pattern),
			Doc: c.doc, Handler: m.handler, In: m.in, Out: m.out, Meta: described(m.handler),
		}
		if name != "" {
			r.Name = name + "." + m.name
			r.Meta = append(r.Meta, describe.FoundName(r.Name))
		}
		routes = append(routes, r)
	}
	return routes
}

// spread returns the method Handle as one method for each of the common ones. HEAD
// comes with GET.
func spread(handle viewMethod) []viewMethod {
	var all []viewMethod
	for _, method := range viewMethods() {
		if method == http.MethodHead {
			continue
		}
		one := handle
		one.method = method
		one.name = method[:1] + strings.ToLower(method[1:])
		all = append(all, one)
	}
	return all
}

// typeName returns the name of a type or of what it points to, without the
// arguments of a generic one.
func typeName(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name, _, _ := strings.Cut(t.Name(), "[")
	return name
}
