package tenon

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"path"
	"reflect"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/option"
	"github.com/tenonkit/tenon/respond"
)

// A serving answers the requests of a route: a function under options, inside middleware.
// It never changes once a route has it. A changed copy of the route gets a new serving.
// So copies of a route share a handler, and each handler is made once.
type serving struct {
	*function
	lists  [][]Option // those of tables, the outermost first, of the Op, and of the route itself
	op     *opKey     // nil where the route is of no Op
	around []func(http.Handler) http.Handler
	faults []string // of the declaration

	inside func() (http.Handler, []string) // the function under the options, or the faults
	whole  func() (surrounded, []string)   // that inside the middleware, or all the faults
}

// A surrounded is a handler inside its middleware.
type surrounded struct {
	handler http.Handler
	by      []describe.Middleware // the middleware that describes itself, the innermost first
}

// A function is what a route was made of. It never changes.
type function struct {
	name    string                                          // as the source has it, "" for a closure
	place   string                                          // that a fault names
	compile func(*option.Set) (h http.Handler, wrong error) // nil for a handler of On, and without a function
	handler http.Handler                                    // of On
	in, out reflect.Type                                    // nil for a handler of On
}

// newServing returns the serving of a function under the lists of options.
func newServing(f *function, lists ...[]Option) *serving {
	s := &serving{function: f}
	for _, list := range lists {
		s.lists = append(s.lists, slices.Clone(list))
	}
	s.inside = sync.OnceValues(s.makeInside)
	s.whole = sync.OnceValues(s.makeWhole)
	return s
}

// makeInside makes the handler of the function.
func (s *serving) makeInside() (h http.Handler, faults []string) {
	if s.compile == nil {
		return s.handler, s.handlerFaults()
	}
	opts := option.Lists(s.lists...)
	faults = s.wireFaults(opts)
	h, err := s.compile(opts)
	if err != nil {
		words := strings.ReplaceAll(err.Error(), "\n", "\n\t\t")
		faults = append(faults, "cannot be served by "+s.place+":\n\t\t"+words)
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return h, nil
}

// handlerFaults returns the faults of a handler of On and of its own options.
func (s *serving) handlerFaults() []string {
	switch {
	case s.handler == nil:
		return []string{"has " + cmp.Or(s.place, "no handler: pass one to On")}
	case option.IsNil(s.handler):
		return []string{fmt.Sprintf("has a nil %T as its handler: pass another one to On", s.handler)}
	}
	own := option.Lists(s.lists[len(s.lists)-1])
	var faults []string
	if m, ok := s.handler.(Methods); ok {
		faults = m.faults()
	}
	for range option.Of[bind.Option](own) {
		faults = append(faults, "has an option of package bind, which has no effect on a handler of On: pass it to what makes the handler")
	}
	for range option.Of[respond.Option](own) {
		faults = append(faults, "has an option of package respond, which has no effect on a handler of On: pass it to what makes the handler")
	}
	return slices.Compact(faults)
}

// makeWhole puts the middleware around the handler of the function.
func (s *serving) makeWhole() (surrounded, []string) {
	h, faults := s.inside()
	opts := option.Lists(s.lists...)
	_, wrong := failsOf(opts)
	for _, words := range option.Of[option.Fault](opts) {
		wrong = append(wrong, string(words))
	}
	if faults = slices.Concat(s.faults, wrong, faults); len(faults) > 0 {
		return surrounded{}, faults
	}
	var by []describe.Middleware
	for _, m := range slices.Backward(s.around) {
		if h = m(h); option.IsNil(h) {
			return surrounded{}, []string{"has middleware that returns nil: return a handler"}
		}
		if described, ok := h.(describe.Middleware); ok {
			by = append(by, described)
		}
	}
	return surrounded{h, by}, nil
}

// change returns a copy of s that f has changed.
func (s *serving) change(f func(*serving)) *serving {
	changed := *s
	f(&changed)
	changed.whole = sync.OnceValues(changed.makeWhole)
	return &changed
}

// fault adds a fault of the declaration.
func (s *serving) fault(words string) *serving {
	return s.change(func(s *serving) { s.faults = append(slices.Clip(s.faults), words) })
}

// with puts middleware around everything in s.
func (s *serving) with(mw []func(http.Handler) http.Handler) *serving {
	if slices.ContainsFunc(mw, func(m func(http.Handler) http.Handler) bool { return m == nil }) {
		return s.fault("has a nil middleware: leave it out")
	}
	return s.change(func(s *serving) { s.around = slices.Concat(mw, s.around) })
}

// beneath adds options that those in s override.
func (s *serving) beneath(opts []Option) *serving {
	return s.change(func(s *serving) {
		s.lists = slices.Concat([][]Option{slices.Clone(opts)}, s.lists)
		s.inside = sync.OnceValues(s.makeInside)
	})
}

// functionOf returns the function of a route. A program has one functionOf for each pair of
// types, and the rest of it once.
func functionOf[In, Out any](fn func(context.Context, In) (Out, error)) *function {
	f := newFunction(fn, fn == nil, func(opts *option.Set) (http.Handler, error) { return newHandler(fn, opts) })
	f.in, f.out = reflect.TypeFor[In](), reflect.TypeFor[Out]()
	return f
}

func newFunction(fn any, isNil bool, compile func(*option.Set) (http.Handler, error)) *function {
	if isNil {
		return &function{place: "a nil function: pass a func(context.Context, In) (Out, error)"}
	}
	name, place := nameAndPlace(fn)
	return &function{name: name, place: place, compile: compile}
}

// closure fits the names that the compiler gives to functions without one:
// literals, also those of package variables, and the bodies of range loops.
var closure = regexp.MustCompile(`(^|\.)(func|gowrap|deferwrap)?[0-9]+(\.|-|$)|-range[0-9]+|^init(\.|$)|^glob\.`)

// nameAndPlace returns the name of fn in the source, without its package: "Health", or
// "Articles.Get" for a method value. The name is empty for a closure. The place includes
// the package, and for a closure the file and line.
func nameAndPlace(fn any) (name, place string) {
	pc := reflect.ValueOf(fn).Pointer()
	f := runtime.FuncForPC(pc)
	// The import path may hold dots, but in its last element they are escaped.
	place = strings.TrimSuffix(path.Base(f.Name()), "-fm")
	_, name, _ = strings.Cut(f.Name()[strings.LastIndexByte(f.Name(), '/')+1:], ".")
	name = strings.TrimSuffix(name, "-fm")
	name = strings.NewReplacer("(*", "", ")", "", "[...]", "").Replace(name)
	if !closure.MatchString(name) {
		return name, place
	}
	file, line := f.FileLine(pc)
	return "", fmt.Sprintf("%s at %s:%d", place, path.Base(file), line)
}
