package tenon

import (
	"context"
	"net/http"
	"reflect"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/respond"
)

// None is an In that reads nothing from the request, or an Out that answers 204
// without a body.
type None = struct{}

// Handle returns the handler that binds the request to an In, calls fn, and
// writes what fn returns.
//
// A request that does not fit In is answered by [respond.Error] without calling
// fn: 400 with every invalid field, 413 or 415. An error from fn is answered by
// [respond.Error] as well, and the Out beside it is ignored. Otherwise the Out
// becomes the response by the rules of package respond.
//
// Handle panics if In cannot be bound or Out cannot be written, with all the
// faults of the type. The handler is safe for concurrent use if fn is. In is
// passed by value and belongs to fn.
func Handle[In, Out any](fn func(ctx context.Context, in In) (Out, error), opts ...Option) http.Handler {
	if fn == nil {
		panic("tenon: Handle of a nil function")
	}
	return newHandler(fn, newConfig(opts))
}

// An Option changes how a handler binds and responds, or how a [Route] is named
// and documented. Options are read once, when the handler is made.
type Option interface{ apply(c *config) }

type config struct {
	bind    []bind.Option
	respond []respond.Option
	name    string
	doc     Doc
	kinds   []respond.Kind
}

func newConfig(opts []Option) *config {
	c := &config{}
	for _, opt := range opts {
		opt.apply(c)
	}
	return c
}

type optionFunc func(*config)

func (f optionFunc) apply(c *config) { f(c) }

// Bind passes options to package bind.
func Bind(opts ...bind.Option) Option {
	return optionFunc(func(c *config) { c.bind = append(c.bind, opts...) })
}

// Respond passes options to package respond.
func Respond(opts ...respond.Option) Option {
	return optionFunc(func(c *config) { c.respond = append(c.respond, opts...) })
}

type handler[In, Out any] struct {
	fn     func(context.Context, In) (Out, error)
	binder *bind.Binder[In]
	writer *respond.Writer[Out]
}

func newHandler[In, Out any](fn func(context.Context, In) (Out, error), c *config) *handler[In, Out] {
	return &handler[In, Out]{
		fn:     fn,
		binder: bind.For[In](c.bind...),
		writer: respond.For[Out](c.respond...),
	}
}

// ServeHTTP implements [http.Handler].
func (h *handler[In, Out]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	in, err := h.binder.Bind(r)
	if err != nil {
		h.writer.Error(w, r, err)
		return
	}
	out, err := h.fn(r.Context(), in)
	if err != nil {
		h.writer.Error(w, r, err)
		return
	}
	// A value that cannot be written has been answered and logged by Write.
	_ = h.writer.Write(w, r, out)
}

// Input implements [describe.Describer].
func (h *handler[In, Out]) Input() *describe.Input { return h.binder.Describe() }

// Output implements [describe.Describer].
func (h *handler[In, Out]) Output() describe.Output { return h.OutputOf(reflect.TypeFor[Out]()) }

// OutputOf implements [describe.Describer].
func (h *handler[In, Out]) OutputOf(t reflect.Type) describe.Output { return h.writer.Describe(t) }

// A reflected is the handler of a typed function whose types are known at run
// time only. It does what [Handle] does.
type reflected struct {
	fn        reflect.Value // func(context.Context, In) (Out, error)
	binder    *bind.TypeBinder
	responder *respond.Responder
}

func newReflected(fn reflect.Value, c *config) *reflected {
	return &reflected{
		fn:        fn,
		binder:    bind.ForType(fn.Type().In(1), c.bind...),
		responder: respond.ForType(fn.Type().Out(0), c.respond...),
	}
}

// ServeHTTP implements [http.Handler].
func (h *reflected) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	in, err := h.binder.Bind(r)
	if err != nil {
		h.responder.Error(w, r, err)
		return
	}
	results := h.fn.Call([]reflect.Value{reflect.ValueOf(r.Context()), in})
	if err, _ := reflect.TypeAssert[error](results[1]); err != nil {
		h.responder.Error(w, r, err)
		return
	}
	// A value that cannot be written has been answered and logged by Write.
	_ = h.responder.Write(w, r, results[0].Interface())
}

// Input implements [describe.Describer].
func (h *reflected) Input() *describe.Input { return h.binder.Describe() }

// Output implements [describe.Describer].
func (h *reflected) Output() describe.Output { return h.OutputOf(h.fn.Type().Out(0)) }

// OutputOf implements [describe.Describer].
func (h *reflected) OutputOf(t reflect.Type) describe.Output { return h.responder.Describe(t) }
