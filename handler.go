package tenon

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"sync"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/option"
	"github.com/tenonkit/tenon/respond"
)

// None is an In that reads nothing from the request, or an Out that answers 204 without a
// body.
type None = struct{}

// Handle returns the handler that binds the request to an In, calls fn, and writes what
// fn returns.
//
// A request that does not fit In is answered by [respond.Error], and fn is not called:
// 400 with every invalid field, 413 or 415. If fn returns an error, [respond.Error]
// answers it and the Out is ignored. Otherwise the Out becomes the response, by the rules
// of package respond. A typed nil is no error.
//
// Handle panics if In cannot be bound, Out cannot be written, an option cannot work, or
// fn is nil. The panic names all faults at once. The handler is safe for concurrent use
// if fn is. In is passed by value and belongs to fn.
func Handle[In, Out any](fn func(ctx context.Context, in In) (Out, error), opts ...Option) http.Handler {
	if fn == nil {
		panic("tenon: Handle: the function is nil: pass a func(context.Context, In) (Out, error)")
	}
	h, err := newHandler(fn, option.Lists(opts))
	if err != nil {
		panic(err.Error())
	}
	return h
}

type handler[In, Out any] struct {
	fn     func(context.Context, In) (Out, error)
	binder *bind.Binder[In]
	writer *respond.Sender[Out]
}

func newHandler[In, Out any](fn func(context.Context, In) (Out, error), opts *option.Set) (*handler[In, Out], error) {
	binder, inErr := bind.Compile[In](opts)
	writer, outErr := respond.Compile[Out](opts)
	return &handler[In, Out]{fn: fn, binder: binder, writer: writer}, join(inErr, outErr)
}

// join is [errors.Join]. Inlined into newHandler it would cost a program 0.5 KB for each route.
//
//go:noinline
func join(in, out error) error { return errors.Join(in, out) }

// ServeHTTP implements [http.Handler].
func (h *handler[In, Out]) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	in, err := h.binder.Bind(r)
	if err != nil {
		h.writer.Error(w, r, err)
		return
	}
	out, err := h.fn(r.Context(), in)
	if !failure.IsNil(err) {
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

// A reflected is the handler of a typed function whose types are known only at run time.
// It does what [Handle] does.
type reflected struct {
	fn        reflect.Value // func(context.Context, In) (Out, error)
	binder    *bind.TypeBinder
	responder *respond.Responder
	calls     sync.Pool // of *call
}

// A call holds the arguments of one call of a reflected function. The call copies them,
// so the struct is used again. A function that panics loses it.
type call struct {
	ctx  context.Context //nolint:containedctx // it is the argument
	args [2]reflect.Value
}

func newCall() any {
	c := new(call)
	c.args[0] = reflect.ValueOf(&c.ctx).Elem()
	return c
}

func newReflected(fn reflect.Value, opts *option.Set) (*reflected, error) {
	binder, inErr := bind.CompileType(fn.Type().In(1), opts)
	responder, outErr := respond.CompileType(fn.Type().Out(0), opts)
	h := &reflected{fn: fn, binder: binder, responder: responder, calls: sync.Pool{New: newCall}}
	return h, join(inErr, outErr)
}

// ServeHTTP implements [http.Handler].
func (h *reflected) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	in, err := h.binder.Bind(r)
	if err != nil {
		h.responder.Error(w, r, err)
		return
	}
	c, _ := h.calls.Get().(*call)
	c.ctx, c.args[1] = r.Context(), in
	results := h.fn.Call(c.args[:])
	c.ctx, c.args[1] = nil, reflect.Value{}
	h.calls.Put(c)
	if err, _ := reflect.TypeAssert[error](results[1]); !failure.IsNil(err) {
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
