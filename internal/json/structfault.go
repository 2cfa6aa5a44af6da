package json

import (
	"encoding"
	"errors"
	"reflect"
)

// StructFault returns what makes the engine refuse every value of the struct
// type t, such as two fields of one name, a json tag with a bad option, or
// fields that are all unexported; nil means that it found nothing. Only t
// itself is looked at, not the types of its fields. No method of t is called: a
// type that reads itself is not looked at.
func StructFault(t reflect.Type) error {
	for _, reads := range [...]reflect.Type{
		reflect.TypeFor[UnmarshalerFrom](), reflect.TypeFor[Unmarshaler](), reflect.TypeFor[encoding.TextUnmarshaler](),
	} {
		if reflect.PointerTo(t).Implements(reads) {
			return nil
		}
	}
	// An object without members makes the engine look at the fields and at no
	// value.
	err := dynamic.Decode([]byte("{}"), reflect.New(t).Interface())
	if fault, ok := errors.AsType[*SemanticError](err); ok && fault.GoType == t {
		return fault.Err
	}
	return nil // An embedded type has its own fault.
}
