package decode

import (
	"bytes"
	"reflect"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// A sentMember is a member as a client sends it, for a plan with [Options.Sent]: whether
// the encoder leaves it out, and whether a reader then has the same value.
type sentMember struct {
	typ                 reflect.Type
	omitZero, omitEmpty bool
	codec               encode.Codec // of a member that may be left out
	fallback            func(dst reflect.Value)
}

func sentMemberOf(of *shape.Member, fallback func(dst reflect.Value)) *sentMember {
	m := &sentMember{typ: of.Type.Go, omitZero: of.OmitZero, omitEmpty: of.OmitEmpty, fallback: fallback}
	if m.omitZero || m.omitEmpty {
		m.codec = encode.For(m.typ)
	}
	return m
}

// isLeftOut reports whether the encoder leaves the member out because of its value v,
// which is addressable.
func (m *sentMember) isLeftOut(v reflect.Value) bool {
	if m.omitZero && isZero(v) {
		return true
	}
	return m.omitEmpty && encode.IsEmpty(m.json(v))
}

// json returns the JSON form of v, and nothing where it has none: whoever encodes it says
// why.
func (m *sentMember) json(v reflect.Value) []byte {
	var buf bytes.Buffer
	_ = m.codec.Encode(&buf, v.Addr().Interface()) // as above
	return buf.Bytes()
}

// isZero asks the method IsZero, as the engine does.
func isZero(v reflect.Value) bool {
	if v.IsZero() {
		return true
	}
	if v.Kind() != reflect.Pointer && v.Kind() != reflect.Interface {
		v = v.Addr()
	}
	x, ok := reflect.TypeAssert[interface{ IsZero() bool }](v)
	return ok && x.IsZero()
}

// wrong returns what is wrong with leaving the member of the value v out: a reader would
// have another one.
func (m *sentMember) wrong(v reflect.Value) *text.Wrong {
	if m.fallback == nil && v.IsZero() {
		return nil
	}
	read := reflect.New(m.typ).Elem()
	if m.fallback != nil {
		m.fallback(read)
	}
	switch {
	case bytes.Equal(m.json(read), m.json(v)) && isAbsent(read) == isAbsent(v):
		return nil
	case m.fallback != nil:
		return &text.Wrong{Code: "default", Detail: "is left out by omitempty or omitzero, and would be read as its default"}
	}
	return &text.Wrong{Code: "absent", Detail: "is left out by omitempty or omitzero, and would be read as absent"}
}

// isAbsent reports whether v is an Opt that has neither a value nor null.
func isAbsent(v reflect.Value) bool {
	o, ok := reflect.TypeAssert[interface{ IsSet() bool }](v.Addr())
	return ok && !o.IsSet()
}

// sentNull is what is wrong with an absent Opt that the encoder writes.
func sentNull() *text.Wrong {
	return &text.Wrong{Code: "absent", Detail: "is an absent Opt that is sent as null: give it the json option omitzero"}
}
