package tenon

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/option"
	"github.com/tenonkit/tenon/respond"
)

// Methods is a handler that takes each method to a handler of its own, for one
// path on a router that does not look at methods. The keys are methods in upper
// case. GET takes HEAD, unless HEAD has a handler. OPTIONS answers 204 with
// Allow, unless it has a handler. Any other method is answered by
// [respond.Error] with 405 and Allow (RFC 9110, section 15.5.6), also by the nil
// Methods. A nil handler is none.
//
// Methods may serve many requests at once as long as nobody changes the map.
type Methods map[string]http.Handler

// ServeHTTP implements [http.Handler].
func (m Methods) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := m[r.Method]
	if h == nil && r.Method == http.MethodHead {
		h = m[http.MethodGet]
	}
	switch {
	case h != nil:
		h.ServeHTTP(w, r)
	case r.Method == http.MethodOptions:
		w.Header().Set("Allow", m.allow())
		w.WriteHeader(http.StatusNoContent)
	default:
		respond.Error(w, r, respond.NewProblem(http.StatusMethodNotAllowed, "").WithHeader("Allow", m.allow()))
	}
}

// allow returns the value of Allow: the methods in the order of the alphabet,
// as [http.ServeMux] lists them.
func (m Methods) allow() string {
	allowed := []string{http.MethodOptions}
	for _, method := range slices.Sorted(maps.Keys(m)) {
		if m[method] == nil {
			continue
		}
		allowed = append(allowed, method)
		if method == http.MethodGet {
			allowed = append(allowed, http.MethodHead)
		}
	}
	slices.Sort(allowed)
	return strings.Join(slices.Compact(allowed), ", ")
}

// View returns the handler of a plain value whose methods Get, Post, Put, Patch,
// Delete, Head and Options answer the requests of their method, as [Methods] does:
// with 405 and Allow for the rest, HEAD from Get, OPTIONS by itself. A method
// Handle takes every request, and the others are then not looked at. Each may be
//
//	func(w http.ResponseWriter, r *http.Request)
//	func(r *http.Request) (any, error)                // as respond.Func
//	func(ctx context.Context, in In) (Out, error)     // as Handle
//
// View panics if one of them has another signature, or an In or Out that cannot
// be bound or written, or if there is none; with all the faults at once.
//
// A typed method of a View is called by reflection, because its types are not
// known to the compiler: see BenchmarkView for the cost. A [Get] of v.Get and
// [Methods] of [Handle] do without it. The handler is safe for concurrent use if
// the methods are.
func View(v any, opts ...Option) http.Handler {
	found := compileView("View", v, option.Lists(opts))
	if found[0].method == "" {
		return found[0].handler
	}
	methods := Methods{}
	for _, m := range found {
		methods[m.method] = m.handler
	}
	return methods
}

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
	set := option.Lists(opts)
	found := compileView("Resource "+pattern, v, set)
	if found[0].method == "" {
		found = spread(found[0])
	}
	name := cmp.Or(nameOf(set), typeName(reflect.TypeOf(v)))
	routes := make(Routes, 0, len(found))
	for _, m := range found {
		r := Route{
			Method: m.method, Pattern: pattern, Name: defaultName(m.method, pattern),
			Doc: docOf(set), Handler: m.handler, In: m.in, Out: m.out, Meta: described(m.handler),
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

// A viewMethod is a method of a view that answers requests. The method Handle has
// an empty method, which stands for all.
type viewMethod struct {
	name, method string
	handler      http.Handler
	in, out      reflect.Type // of a typed one
}

// compileView returns the methods of v, at least one, or panics with the faults
// of v.
func compileView(place string, v any, opts *option.Set) []viewMethod {
	value := reflect.ValueOf(v)
	if !value.IsValid() || value.Kind() == reflect.Pointer && value.IsNil() {
		panic("tenon: " + place + " of nil")
	}
	vc := &viewCompiler{view: v, value: value, opts: opts}
	if m, ok := vc.compile("Handle", ""); ok {
		vc.found = []viewMethod{m}
	} else if len(vc.faults) == 0 {
		for _, method := range viewMethods() {
			name := method[:1] + strings.ToLower(method[1:])
			if m, ok := vc.compile(name, method); ok {
				vc.found = append(vc.found, m)
			}
		}
	}
	if len(vc.faults) == 0 && len(vc.found) == 0 {
		vc.faults = append(vc.faults, "it has none of the methods Get, Post, Put, Patch, Delete, Head, Options and Handle")
	}
	if len(vc.faults) > 0 {
		panic(fmt.Sprintf("tenon: %s of %T:\n\t%s", place, v, strings.Join(vc.faults, "\n\t")))
	}
	return vc.found
}

func viewMethods() []string {
	return []string{
		http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch,
		http.MethodDelete, http.MethodHead, http.MethodOptions,
	}
}

type viewCompiler struct {
	view   any
	value  reflect.Value
	opts   *option.Set
	found  []viewMethod
	faults []string
}

// compile compiles the method called name, if there is one.
func (vc *viewCompiler) compile(name, method string) (viewMethod, bool) {
	m := viewMethod{name: name, method: method}
	switch f := methodNamed(vc.view, name).(type) {
	case func(http.ResponseWriter, *http.Request):
		m.handler = http.HandlerFunc(f)
	case func(*http.Request) (any, error):
		m.handler = vc.answering(name, f)
	case reflect.Value:
		m.in, m.out, m.handler = vc.typed(name, f)
	}
	return m, m.handler != nil
}

// typed returns the handler of a function as [Handle] takes it, with its types. It is nil
// after a fault, and where there is no function.
func (vc *viewCompiler) typed(name string, fn reflect.Value) (in, out reflect.Type, h http.Handler) {
	if !fn.IsValid() {
		if vc.value.Kind() != reflect.Pointer && vc.hasPointerMethod(name) {
			vc.faults = append(vc.faults, name+" is a method of the pointer: pass a pointer")
		}
		return nil, nil, nil
	}
	t := fn.Type()
	if !isTyped(t) {
		vc.faults = append(vc.faults, fmt.Sprintf("%s is a %s, not a func(http.ResponseWriter, *http.Request), "+
			"func(*http.Request) (any, error) or func(context.Context, In) (Out, error)", name, t))
		return nil, nil, nil
	}
	typed, err := newReflected(fn, vc.opts)
	if err != nil {
		vc.faults = append(vc.faults, fmt.Sprintf("%s: %v", name, err))
		return nil, nil, nil
	}
	return t.In(1), t.Out(0), typed
}

// hasPointerMethod reports whether a pointer to the view has a method called name.
func (vc *viewCompiler) hasPointerMethod(name string) bool {
	other, isOther := methodNamed(reflect.New(vc.value.Type()).Interface(), name).(reflect.Value)
	return !isOther || other.IsValid()
}

// answering returns the handler of a function as [respond.Func] takes it, under
// the options of the view. It is nil after a fault.
func (vc *viewCompiler) answering(name string, f respond.Func) http.Handler {
	responder, err := respond.Configure(vc.opts)
	if err != nil {
		vc.faults = append(vc.faults, fmt.Sprintf("%s: %v", name, err))
		return nil
	}
	return responder.Func(f)
}

// isTyped reports whether a function is one that [Handle] could take.
func isTyped(t reflect.Type) bool {
	return t.NumIn() == 2 && t.NumOut() == 2 && !t.IsVariadic() &&
		t.In(0) == reflect.TypeFor[context.Context]() && t.Out(1) == reflect.TypeFor[error]()
}
