package bind

import (
	"bytes"
	"reflect"

	"github.com/tenonkit/tenon/internal/decode"
	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/shape"
)

// An Opt is a value that may be absent or null. A pointer cannot tell these two apart. A
// parameter is present or absent; a member of a JSON body may also be null. The zero Opt is
// absent.
//
// In an answer, give the field the json option omitzero: an absent Opt is then left out, and a
// null one is written as null.
type Opt[T any] struct {
	_     shape.Optional[T]
	value T
	state optState
}

// optState says what was sent.
type optState uint8

const (
	absent optState = iota
	null
	set
)

// Some returns an Opt that holds v.
func Some[T any](v T) Opt[T] { return Opt[T]{value: v, state: set} }

// Null returns an Opt that is null.
func Null[T any]() Opt[T] { return Opt[T]{state: null} }

// Get returns the value and true, or false if the Opt is absent or null.
func (o Opt[T]) Get() (T, bool) { return o.value, o.state == set }

// Or returns the value, or fallback if the Opt is absent or null.
func (o Opt[T]) Or(fallback T) T {
	if o.state == set {
		return o.value
	}
	return fallback
}

// IsSet reports whether the field was sent, as a value or as null.
func (o Opt[T]) IsSet() bool { return o.state != absent }

// IsNull reports whether the field was sent as null.
func (o Opt[T]) IsNull() bool { return o.state == null }

// IsZero reports whether the field is absent. The json option omitzero calls it.
func (o Opt[T]) IsZero() bool { return o.state == absent }

// MarshalJSONTo writes the value, or null if the Opt is absent or null.
func (o Opt[T]) MarshalJSONTo(enc *json.Encoder) error {
	if o.state != set {
		return enc.WriteValue(json.RawMessage("null"))
	}
	return json.EncodeTo(enc, &o.value)
}

// UnmarshalJSONFrom reads a value or null.
func (o *Opt[T]) UnmarshalJSONFrom(dec *json.Decoder) error {
	if dec.PeekKind() == 'n' {
		*o = Null[T]()
		return dec.SkipValue()
	}
	*o = Some(*new(T))
	return json.DecodeFrom(dec, &o.value)
}

// MarshalJSON is MarshalJSONTo for encoding/json, which calls no other method on Go 1.26.
func (o Opt[T]) MarshalJSON() ([]byte, error) {
	if o.state != set {
		return []byte("null"), nil
	}
	return encode.Marshal(&o.value)
}

// UnmarshalJSON is UnmarshalJSONFrom for encoding/json.
func (o *Opt[T]) UnmarshalJSON(data []byte) error {
	if bytes.Equal(data, []byte("null")) {
		*o = Null[T]()
		return nil
	}
	*o = Some(*new(T))
	return encode.Unmarshal(data, &o.value)
}

// slot marks the Opt as set and returns a pointer to the value to fill.
func (o *Opt[T]) slot() any {
	o.state = set
	return &o.value
}

// setNull makes the Opt null.
func (o *Opt[T]) setNull() { *o = Null[T]() }

// Place returns a pointer to the value, for the packages of this module.
func (o *Opt[T]) Place(shape.Access) any { return &o.value }

// opt is what the plan needs of every Opt.
type opt interface {
	slot() any
	setNull()
}

// openOpt marks the Opt, which is addressable, as set and returns the value in it.
func openOpt(dst reflect.Value) reflect.Value {
	o, _ := reflect.TypeAssert[opt](dst.Addr())
	return reflect.ValueOf(o.slot()).Elem()
}

// nullOpt makes the Opt, which is addressable, null.
func nullOpt(dst reflect.Value) {
	o, _ := reflect.TypeAssert[opt](dst.Addr())
	o.setNull()
}

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
