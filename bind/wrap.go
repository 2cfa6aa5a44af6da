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
	var all open
	for _, w := range t.Wraps {
		all = chain(all, openOne(w))
	}
	return all
}

func openOne(w shape.Wrap) open {
	if w.IsOpt {
		return openOpt
	}
	return func(dst reflect.Value) reflect.Value {
		if dst.IsNil() {
			dst.Set(reflect.New(w.Inner))
		}
		return dst.Elem()
	}
}

func chain(outer, inner open) open {
	if outer == nil {
		return inner
	}
	return func(dst reflect.Value) reflect.Value { return inner(outer(dst)) }
}
