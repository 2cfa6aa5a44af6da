package cookie

import (
	"bytes"
	"encoding"
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/respond"
)

// A payload is how values of T become bytes and back. decode does not keep
// text, which is overwritten after the call.
type payload[T any] struct {
	encode func(buf *bytes.Buffer, v T) error
	decode func(text []byte) (T, error)
	// binary payloads are no text.
	binary bool
}

// payloadOf chooses the payload of T, and returns what keeps values of T from
// coming back as they were.
func payloadOf[T any]() (payload[T], error) {
	t := reflect.TypeFor[T]()
	p := reflect.PointerTo(t)
	writes, reads := implements[encoding.TextMarshaler](p), implements[encoding.TextUnmarshaler](p)
	switch {
	case t.Kind() == reflect.Interface && t.NumMethod() > 0:
		return payload[T]{}, fmt.Errorf("no value can be read into the interface %s", t)
	case t.Kind() == reflect.Pointer, t.Kind() == reflect.Interface:
		return jsonPayload[T](), encodable[T]()
	case writes && reads:
		return textPayload[T](), encodable[T]()
	case writes || reads:
		return payload[T]{}, fmt.Errorf("%s has one of MarshalText and UnmarshalText without the other", t)
	case implements[json.Marshaler](p), implements[json.MarshalerTo](p):
		return jsonPayload[T](), encodable[T]()
	case t.Kind() == reflect.String:
		return stringPayload[T](), nil
	case t.Kind() == reflect.Slice && t.Elem() == reflect.TypeFor[byte]():
		return bytesPayload[T](), nil
	}
	return jsonPayload[T](), encodable[T]()
}

func implements[I any](t reflect.Type) bool { return t.Implements(reflect.TypeFor[I]()) }

// encodable lets respond look for what can never be encoded, as a field: the
// rows of its table that come before JSON are not those of cookies.
func encodable[T any]() (fault error) {
	type holder struct{ Payload T }
	defer func() {
		if report := recover(); report != nil {
			_, text, _ := strings.Cut(fmt.Sprint(report), "]: ")
			place, t := reflect.TypeFor[holder]().String()+".Payload", reflect.TypeFor[T]().String()
			fault = errors.New(strings.ReplaceAll(text, place, t))
		}
	}()
	respond.For[holder]()
	return nil
}

func jsonPayload[T any]() payload[T] {
	codec := encode.For(reflect.TypeFor[T]())
	return payload[T]{
		encode: func(buf *bytes.Buffer, v T) error { return codec.Encode(buf, &v) },
		decode: func(text []byte) (v T, err error) {
			err = codec.Decode(text, &v)
			return v, err
		},
	}
}

// textPayload calls the methods through a pointer, which has them all.
func textPayload[T any]() payload[T] {
	return payload[T]{
		encode: func(buf *bytes.Buffer, v T) error {
			m, _ := any(&v).(encoding.TextMarshaler)
			text, err := m.MarshalText()
			buf.Write(text)
			return err
		},
		decode: func(text []byte) (v T, err error) {
			u, _ := any(&v).(encoding.TextUnmarshaler)
			err = u.UnmarshalText(text)
			return v, err
		},
	}
}

func stringPayload[T any]() payload[T] {
	if _, exact := any(*new(T)).(string); exact {
		return payload[T]{
			encode: func(buf *bytes.Buffer, v T) error {
				text, _ := any(v).(string)
				buf.WriteString(text)
				return nil
			},
			decode: func(text []byte) (v T, err error) {
				if p, ok := any(&v).(*string); ok {
					*p = string(text)
				}
				return v, nil
			},
		}
	}
	return payload[T]{
		encode: func(buf *bytes.Buffer, v T) error {
			buf.WriteString(reflect.ValueOf(&v).Elem().String())
			return nil
		},
		decode: func(text []byte) (v T, err error) {
			reflect.ValueOf(&v).Elem().SetString(string(text))
			return v, nil
		},
	}
}

func bytesPayload[T any]() payload[T] {
	return payload[T]{
		binary: true,
		encode: func(buf *bytes.Buffer, v T) error {
			buf.Write(reflect.ValueOf(&v).Elem().Bytes())
			return nil
		},
		decode: func(text []byte) (v T, err error) {
			reflect.ValueOf(&v).Elem().SetBytes(bytes.Clone(text))
			return v, nil
		},
	}
}
