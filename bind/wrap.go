package bind

import (
	"reflect"

	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/shape"
)

// An open returns the value inside pointers and Opts, which it makes on its way.
type open func(dst reflect.Value) reflect.Value

// openOf returns what opens the pointers and Opts of t, nil where there are none.
func openOf(t shape.Type) open {
	if !t.IsWrapped() {
		return nil
	}
	return decode.Through(t, openOpt)
}

// into returns the value inside dst, which is dst itself where o is nil.
func (o open) into(dst reflect.Value) reflect.Value {
	if o == nil {
		return dst
	}
	return o(dst)
}
