package bind

import "reflect"

// An open returns the value inside pointers and Opts, making the pointers and
// marking the Opts as set on its way.
type open func(dst reflect.Value) reflect.Value

// maxWraps bounds the pointers and Opts around a value: a type may point to
// itself.
const maxWraps = 8

// unwrap takes pointers and Opts off t. The open is nil where there are none.
func unwrap(t reflect.Type) (reflect.Type, open) {
	var outer open
	for range maxWraps {
		inner, step := unwrapOne(t)
		if step == nil {
			break
		}
		t, outer = inner, chain(outer, step)
	}
	return t, outer
}

// unwrapOne takes one pointer or one Opt off t; the open is nil where t is
// neither.
func unwrapOne(t reflect.Type) (reflect.Type, open) {
	if t.Kind() == reflect.Pointer {
		elem := t.Elem()
		return elem, func(dst reflect.Value) reflect.Value {
			if dst.IsNil() {
				dst.Set(reflect.New(elem))
			}
			return dst.Elem()
		}
	}
	o, ok := reflect.TypeAssert[opt](reflect.New(t))
	if !ok || embedsPointer(t) {
		return t, nil
	}
	return reflect.TypeOf(o.slot()).Elem(), func(dst reflect.Value) reflect.Value {
		o, _ := reflect.TypeAssert[opt](dst.Addr())
		return reflect.ValueOf(o.slot()).Elem()
	}
}

// embedsPointer reports whether the struct t has an embedded pointer, to an Opt or
// to a type with one inside, whose methods have nothing to work on.
func embedsPointer(t reflect.Type) bool {
	for f := range t.Fields() {
		if isEmbeddedPointer(f) && f.Type.Implements(reflect.TypeFor[opt]()) || isEmbedded(f) && embedsPointer(f.Type) {
			return true
		}
	}
	return false
}

func chain(outer, inner open) open {
	if outer == nil {
		return inner
	}
	return func(dst reflect.Value) reflect.Value { return inner(outer(dst)) }
}

// isOptional reports whether t itself says that a value may be missing: the
// types that can hold its absence.
func isOptional(t reflect.Type) bool {
	_, step := unwrapOne(t)
	return step != nil
}
