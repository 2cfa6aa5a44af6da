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
	codec               encode.Codec // of a member with omitEmpty
	fallback            func(dst reflect.Value)
}

func sentMemberOf(of *shape.Member, fallback func(dst reflect.Value)) *sentMember {
	m := &sentMember{typ: of.Type.Go, omitZero: of.OmitZero, omitEmpty: of.OmitEmpty, fallback: fallback}
	if m.omitEmpty {
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
	if !m.omitEmpty {
		return false
	}
	var buf bytes.Buffer
	if m.codec.Encode(&buf, v.Addr().Interface()) != nil {
		return false // whoever encodes it says why
	}
	switch buf.String() {
	case `""`, "[]", "{}", "null":
		return true
	}
	return false
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
	read := reflect.New(m.typ).Elem()
	if m.fallback != nil {
		m.fallback(read)
	}
	switch {
	case isNothing(read) && isNothing(v), m.fallback != nil && reflect.DeepEqual(read.Interface(), v.Interface()):
		return nil
	case m.fallback != nil:
		return &text.Wrong{Code: "default", Detail: "is left out by omitempty or omitzero, and would be read as its default"}
	}
	return &text.Wrong{Code: "absent", Detail: "is left out by omitempty or omitzero, and would be read as absent"}
}

// isNothing reports whether v is what a member that is left out is: zero, or empty.
func isNothing(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	case reflect.Struct:
		for _, field := range v.Fields() {
			if !isNothing(field) {
				return false
			}
		}
		return true
	}
	return v.IsZero()
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
