package json

import (
	"bytes"
	"encoding"
	"errors"
	"reflect"
)

// dynamic is for values whose type is known only at run time.
var dynamic = options(true) //nolint:gochecknoglobals // made once, because the engine caches per set of options

// For returns the options for values of type t. Use the interface type any for values
// whose type is known only at run time. The engine does not know the tag format of a
// time, which package encode adds.
func For(t reflect.Type) Options { return options(mayHoldNumber(t, map[reflect.Type]bool{})) }

// Dynamic returns the options for any type. Those of [For] can be faster for the type
// that they were made for.
func Dynamic() Options { return dynamic }

// Marshal returns the JSON form of *p.
func Marshal(p any) ([]byte, error) {
	var buf bytes.Buffer
	if err := Encode(&buf, p, dynamic); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// Unmarshal reads the one JSON value that data holds into *p.
func Unmarshal(data []byte, p any) error { return Decode(data, p, dynamic) }

// Encode appends the JSON form of *p to buf. p is a pointer, so that methods
// with pointer receivers apply. Encode takes a [bytes.Buffer], because the engine
// flushes piece by piece into any other writer. After an error the contents of
// buf are as before.
func Encode(buf *bytes.Buffer, p any, opts Options) error {
	n := buf.Len()
	if err := marshalWrite(buf, p, opts); err != nil {
		buf.Truncate(n)
		return err
	}
	return nil
}

// mayHoldNumber reports whether a value of type t can hold a [Number] in what
// the engine walks by itself. An interface may hold anything.
func mayHoldNumber(t reflect.Type, seen map[reflect.Type]bool) bool {
	if t == reflect.TypeFor[Number]() || t.Kind() == reflect.Interface {
		return true
	}
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array:
		return mayHoldNumber(t.Elem(), seen)
	case reflect.Map:
		return mayHoldNumber(t.Key(), seen) || mayHoldNumber(t.Elem(), seen)
	case reflect.Struct:
		for field := range t.Fields() {
			if mayHoldNumber(field.Type, seen) {
				return true
			}
		}
	}
	return false
}

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
	err := Unmarshal([]byte("{}"), reflect.New(t).Interface())
	if fault, ok := errors.AsType[*SemanticError](err); ok && fault.GoType == t {
		return fault.Err
	}
	return nil // An embedded type has its own fault.
}
