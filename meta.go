package tenon

import (
	"net/http"
	"reflect"

	"github.com/tenonkit/tenon/internal/describe"
)

// described returns the Meta of a route to h: what documents it once middleware
// hides its type.
func described(h http.Handler) []any {
	if h, ok := h.(describe.Describer); ok {
		return []any{h}
	}
	return []any{describe.Plain{Type: reflect.TypeOf(h)}}
}

// Input implements [describe.Describer].
func (h *handler[In, Out]) Input() *describe.Input { return h.binder.Describe() }

// Output implements [describe.Describer].
func (h *handler[In, Out]) Output() describe.Output { return h.OutputOf(reflect.TypeFor[Out]()) }

// OutputOf implements [describe.Describer].
func (h *handler[In, Out]) OutputOf(t reflect.Type) describe.Output { return h.writer.Describe(t) }

// Input implements [describe.Describer].
func (h *reflected) Input() *describe.Input { return h.binder.Describe() }

// Output implements [describe.Describer].
func (h *reflected) Output() describe.Output { return h.OutputOf(h.fn.Type().Out(0)) }

// OutputOf implements [describe.Describer].
func (h *reflected) OutputOf(t reflect.Type) describe.Output { return h.responder.Describe(t) }
