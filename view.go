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

	"github.com/tenonkit/tenon/internal/option"
	"github.com/tenonkit/tenon/respond"
)

// Methods is a handler that has a handler for each method, for one path of a router that
// ignores methods. The keys are methods in upper case. A nil handler, or a nil pointer or
// function, counts as absent. On a route of [On] it is a fault, and so is a key that is not a
// method.
//
//	HEAD              the handler of HEAD, else that of GET
//	OPTIONS           the handler of OPTIONS, else 204 with Allow
//	any other method  405 with Allow, by respond.Error (RFC 9110, section 15.5.6)
//
// The nil Methods answers 405 to everything but OPTIONS. Methods is safe for concurrent
// use if nobody changes the map.
type Methods map[string]http.Handler

// ServeHTTP implements [http.Handler].
func (m Methods) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := m[r.Method]
	if option.IsNil(h) && r.Method == http.MethodHead {
		h = m[http.MethodGet]
	}
	switch {
	case !option.IsNil(h):
		h.ServeHTTP(w, r)
	case r.Method == http.MethodOptions:
		w.Header().Set("Allow", m.allow())
		w.WriteHeader(http.StatusNoContent)
	default:
		respond.Error(w, r, respond.NewProblem(http.StatusMethodNotAllowed, "").WithHeader("Allow", m.allow()))
	}
}

// allow returns the value of Allow: the methods in alphabetical order, as [http.ServeMux]
// lists them.
func (m Methods) allow() string {
	allowed := []string{http.MethodOptions}
	for _, method := range slices.Sorted(maps.Keys(m)) {
		if option.IsNil(m[method]) {
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

// faults returns the faults of m as the handler of a route, as words that follow the route.
func (m Methods) faults() (faults []string) {
	if len(m) == 0 {
		return []string{"has Methods without a handler: add one"}
	}
	for _, method := range slices.Sorted(maps.Keys(m)) {
		if words := methodFault(method); words != "" {
			faults = append(faults, "has Methods, of which one "+words)
		}
		if option.IsNil(m[method]) {
			faults = append(faults, "has Methods with a nil handler for "+method+": remove it, or write a handler")
		}
		if words := bodyFault(method, inOfHandler(m[method])); words != "" {
			faults = append(faults, "has Methods whose "+method+" "+words)
		}
	}
	return faults
}

// View returns a handler that answers with the methods of v, for one path of a router
// that ignores methods. The methods Get, Post, Put, Patch, Delete, Head and Options
// answer the requests of their method; the rest is answered as by [Methods]. If v has a
// method Handle, that one answers all requests. Each method has one of these signatures:
//
//	func(w http.ResponseWriter, r *http.Request)
//	func(r *http.Request) (any, error)                // as respond.Func
//	func(ctx context.Context, in In) (Out, error)     // as Handle
//
// View panics if one of the methods has another signature, if an In cannot be bound or an
// Out cannot be written, if the In of Get or Head reads the body, or if v has none of the
// methods. The panic names all faults at once. The handler is safe for concurrent use if the methods are.
//
// View calls typed methods by reflection, which costs a few allocations for each request:
// see BenchmarkView. To avoid them, use [Get] of v.Get, or [Methods] of [Handle].
func View(v any, opts ...Option) http.Handler {
	found, faults := methodsOf(v)
	set := option.Lists(opts)
	methods := Methods{}
	for _, m := range found {
		h, err := m.compile(set)
		if err != nil {
			faults = append(faults, m.name+": "+strings.ReplaceAll(err.Error(), "\n", "\n\t"))
		} else if words := bodyFault(m.method, inOfHandler(h)); words != "" {
			faults = append(faults, m.name+" "+words)
		}
		methods[m.method] = h
	}
	if len(faults) > 0 {
		panic(fmt.Sprintf("tenon: View of %T:\n\t%s", v, strings.Join(faults, "\n\t")))
	}
	if h, all := methods[""]; all {
		return h
	}
	return methods
}

// Resource returns the routes of a view at one pattern: one route for each method that
// [View] finds in v. Typed methods give the route its types. A method Handle gives a
// route for each of GET, POST, PUT, PATCH, DELETE and OPTIONS. Middleware RouterErrors
// around the router answers OPTIONS and other methods as View does.
//
// A route is named by the type and the method, such as "Article.Get". [Named] replaces
// the name of the type. [Doc] and the other options apply to all routes. What makes View
// panic is a fault of the routes: see [Route].
func Resource(pattern string, v any, opts ...Option) Routes {
	found, faults := methodsOf(v)
	if len(found) == 1 && found[0].method == "" {
		found = spread(found[0])
	}
	name := cmp.Or(nameOf(option.Lists(opts)), typeName(reflect.TypeOf(v)))
	routes := make(Routes, 0, len(found))
	for _, m := range found {
		f := &function{place: fmt.Sprintf("%T.%s", v, m.name), compile: m.compile, in: m.in, out: m.out}
		r := newRoute(m.method, pattern, f, opts)
		r.Name = defaultName(m.method, pattern)
		if name != "" {
			r.Name = name + "." + m.name
			r.found = r.Name
		}
		routes = append(routes, r)
	}
	if len(faults) > 0 && len(routes) == 0 {
		// The handler is not served: it keeps the lack of one from being reported too.
		routes = append(routes, On(http.MethodGet, pattern, http.NotFoundHandler()))
	}
	if len(faults) > 0 {
		routes[0] = routes[0].withFault(fmt.Sprintf("is a route of the view %T:\n\t\t%s", v, strings.Join(faults, "\n\t\t")))
	}
	return routes
}

// spread returns the method Handle as one method for each common HTTP method. HEAD comes
// with GET.
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

// typeName returns the name of a type, or of the type it points to, without type
// arguments.
func typeName(t reflect.Type) string {
	if t == nil {
		return ""
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	name, _, _ := strings.Cut(t.Name(), "[")
	return name
}

// A viewMethod is a method of a view that answers requests. An empty method stands for
// all, as in Handle.
type viewMethod struct {
	name, method string
	in, out      reflect.Type // of a typed one
	compile      func(*option.Set) (http.Handler, error)
}

// methodsOf returns the methods of v. Without faults there is at least one.
func methodsOf(v any) (found []viewMethod, faults []string) {
	value := reflect.ValueOf(v)
	if !value.IsValid() || value.Kind() == reflect.Pointer && value.IsNil() {
		return nil, []string{"it is nil: pass a value with a method such as Get"}
	}
	vc := &viewCompiler{view: v, value: value}
	if m, ok := vc.find("Handle", ""); ok {
		return []viewMethod{m}, nil
	}
	if len(vc.faults) > 0 {
		return nil, vc.faults
	}
	for _, method := range viewMethods() {
		if m, ok := vc.find(method[:1]+strings.ToLower(method[1:]), method); ok {
			found = append(found, m)
		}
	}
	if len(vc.faults) == 0 && len(found) == 0 {
		vc.faults = append(vc.faults, "it has none of the methods Get, Post, Put, Patch, Delete, Head, Options and Handle: give it one")
	}
	return found, vc.faults
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
	faults []string
}

// find returns the method called name, if there is one without faults.
func (vc *viewCompiler) find(name, method string) (viewMethod, bool) {
	m := viewMethod{name: name, method: method}
	switch f := methodNamed(vc.view, name).(type) {
	case func(http.ResponseWriter, *http.Request):
		m.compile = func(*option.Set) (http.Handler, error) { return http.HandlerFunc(f), nil }
	case func(*http.Request) (any, error):
		m.compile = func(opts *option.Set) (http.Handler, error) {
			responder, err := respond.Configure(opts)
			return responder.Func(f), err
		}
	case reflect.Value:
		if !vc.isTyped(name, f) {
			return m, false
		}
		m.in, m.out = f.Type().In(1), f.Type().Out(0)
		m.compile = func(opts *option.Set) (http.Handler, error) { return newReflected(f, opts) }
	}
	return m, true
}

// isTyped reports whether fn is a function that [Handle] takes, and records the fault if
// it is not.
func (vc *viewCompiler) isTyped(name string, fn reflect.Value) bool {
	switch {
	case fn.IsValid() && isTyped(fn.Type()):
		return true
	case fn.IsValid():
		vc.faults = append(vc.faults, fmt.Sprintf("%s is a %s: write a func(http.ResponseWriter, *http.Request), "+
			"func(*http.Request) (any, error) or func(context.Context, In) (Out, error)", name, fn.Type()))
	case vc.value.Kind() != reflect.Pointer && vc.hasPointerMethod(name):
		vc.faults = append(vc.faults, name+" has a pointer receiver: pass a pointer")
	}
	return false
}

// hasPointerMethod reports whether a pointer to the view has a method called name.
func (vc *viewCompiler) hasPointerMethod(name string) bool {
	other, isOther := methodNamed(reflect.New(vc.value.Type()).Interface(), name).(reflect.Value)
	return !isOther || other.IsValid()
}

// isTyped reports whether [Handle] could take a function of this type.
func isTyped(t reflect.Type) bool {
	return t.NumIn() == 2 && t.NumOut() == 2 && !t.IsVariadic() &&
		t.In(0) == reflect.TypeFor[context.Context]() && t.Out(1) == reflect.TypeFor[error]()
}
