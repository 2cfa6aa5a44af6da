package tenon

import (
	"net/http"
	"reflect"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/respond"
)

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
