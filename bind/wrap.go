package bind

import (
	"reflect"

	"github.com/tenonkit/tenon/internal/shape"
)

// An open returns the value inside pointers and Opts, making the pointers and
// marking the Opts as set on its way.
type open func(dst reflect.Value) reflect.Value

// openOf returns the open of the pointers and Opts of t, nil where there are none.
func openOf(t shape.Type) open {
	if !t.IsWrapped() {
		return nil
	}
	return func(dst reflect.Value) reflect.Value {
		for i := range t.Wraps {
			w := &t.Wraps[i]
			if w.IsOpt {
				dst = openOpt(dst)
				continue
			}
			if dst.IsNil() {
				dst.Set(reflect.New(w.Inner))
			}
			dst = dst.Elem()
		}
		return dst
	}
}

// into returns the value inside dst, which is dst itself where o is nil.
func (o open) into(dst reflect.Value) reflect.Value {
	if o == nil {
		return dst
	}
	return o(dst)
}
