package json

import (
	"bytes"
	"reflect"
)

// A Codec encodes and decodes values of one Go type. Make it with [For] at
// start-up; it may be used by many goroutines at once.
type Codec struct {
	wire *wire
	typ  reflect.Type
	plan appender // nil where the engine encodes by itself
	pure bool
}

// For returns the codec of type t. Use the interface type any for values whose
// type is known only at run time.
func For(t reflect.Type) Codec {
	plan, pure := newPlan(t)
	return Codec{newWire(mayHoldNumber(t, map[reflect.Type]bool{})), t, plan, pure}
}

// IsPure reports whether Encode calls no method of the value and of what it
// holds, so that nobody can keep its pointer.
func (c Codec) IsPure() bool { return c.pure }

// Encode appends the JSON form of *p to buf. p is a pointer, so that methods
// with pointer receivers apply. Encode takes a [bytes.Buffer], because the engine
// flushes piece by piece into any other writer. After an error the contents of
// buf are as before.
func (c Codec) Encode(buf *bytes.Buffer, p any) error {
	if c.plan != nil && c.byPlan(buf, p) {
		return nil
	}
	n := buf.Len()
	opts := c.wire.plain
	if v := reflect.ValueOf(p); v.Kind() == reflect.Pointer && !v.IsNil() {
		opts = c.wire.writing(v.Elem())
	}
	if err := marshalWrite(buf, p, opts); err != nil {
		buf.Truncate(n)
		return err
	}
	return nil
}

// byPlan encodes *p by the plan of its type.
func (c Codec) byPlan(buf *bytes.Buffer, p any) bool {
	v := reflect.ValueOf(p)
	if v.Kind() != reflect.Pointer || v.IsNil() || v.Type().Elem() != c.typ {
		return false
	}
	b, ok := c.plan(buf.AvailableBuffer(), v.Elem(), 0)
	switch {
	case !ok:
		return false
	case buf.Len() == 0:
		*buf = *bytes.NewBuffer(b) // without a copy of what has outgrown buf
	default:
		buf.Write(b)
	}
	return true
}

// Decode reads the one JSON value that data holds into *p.
func (c Codec) Decode(data []byte, p any) error {
	return unmarshal(data, p, c.reading(p))
}

// DecodeFrom reads the next value of dec into *p.
func (c Codec) DecodeFrom(dec *Decoder, p any) error {
	return unmarshalDecode(dec, p, c.reading(p))
}

// reading returns the options for reading into *p.
func (c Codec) reading(p any) Options {
	if t := reflect.TypeOf(p); t != nil && t.Kind() == reflect.Pointer {
		return c.wire.reading(t.Elem())
	}
	return c.wire.plain
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
