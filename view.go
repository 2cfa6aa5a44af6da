package tenon

import (
	"context"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/respond"
)

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
	found := compileView("View", v, newConfig(opts))
	if found[0].method == "" {
		return found[0].handler
	}
	methods := Methods{}
	for _, m := range found {
		methods[m.method] = m.handler
	}
	return methods
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
func compileView(place string, v any, c *config) []viewMethod {
	value := reflect.ValueOf(v)
	if !value.IsValid() || value.Kind() == reflect.Pointer && value.IsNil() {
		panic("tenon: " + place + " of nil")
	}
	vc := &viewCompiler{view: v, value: value, config: c}
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
	config *config
	found  []viewMethod
	faults []string
}

// compile compiles the method called name, if there is one.
func (vc *viewCompiler) compile(name, method string) (viewMethod, bool) {
	m := viewMethod{name: name, method: method}
	if f := writerMethod(vc.view, name); f != nil {
		m.handler = http.HandlerFunc(f)
		return m, true
	}
	if f := requestMethod(vc.view, name); f != nil {
		m.handler = vc.answering(f)
		return m, m.handler != nil
	}
	fn := methodNamed(vc.value, name)
	if !fn.IsValid() {
		if vc.value.Kind() != reflect.Pointer && methodNamed(reflect.New(vc.value.Type()), name).IsValid() {
			vc.faults = append(vc.faults, name+" is a method of the pointer: pass a pointer")
		}
		return m, false
	}
	if !isTyped(fn.Type()) {
		vc.faults = append(vc.faults, fmt.Sprintf("%s is a %s, not a func(http.ResponseWriter, *http.Request), "+
			"func(*http.Request) (any, error) or func(context.Context, In) (Out, error)", name, fn.Type()))
		return m, false
	}
	m.in, m.out = fn.Type().In(1), fn.Type().Out(0)
	defer vc.recover(name)
	m.handler = newReflected(fn, vc.config)
	return m, true
}

// answering returns the handler of a function as [respond.Func] takes it, under
// the options of the view. It is nil after a fault.
func (vc *viewCompiler) answering(f respond.Func) http.Handler {
	defer vc.recover("Respond")
	return respond.New(vc.config.respond...).Func(f)
}

// recover makes a fault of a panic of the packages below.
func (vc *viewCompiler) recover(name string) {
	if fault := recover(); fault != nil {
		vc.faults = append(vc.faults, fmt.Sprintf("%s: %v", name, fault))
	}
}

// isTyped reports whether a function is one that [Handle] could take.
func isTyped(t reflect.Type) bool {
	return t.NumIn() == 2 && t.NumOut() == 2 && !t.IsVariadic() &&
		t.In(0) == reflect.TypeFor[context.Context]() && t.Out(1) == reflect.TypeFor[error]()
}
