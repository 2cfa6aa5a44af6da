package cookie

import (
	"bytes"
	"encoding"
	"errors"
	"fmt"
	"reflect"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/shape"
)

// A payload encodes values of T as bytes and decodes them. decode does not keep text, because text
// is overwritten after the call.
type payload[T any] struct {
	encode func(buf *bytes.Buffer, v T) error
	decode func(text []byte) (T, error)
	// binary payloads are not text.
	binary bool
}

// payloadOf chooses the payload of T. The error says why a value of T would not be read
// as it was written.
func payloadOf[T any]() (payload[T], error) {
	t := reflect.TypeFor[T]()
	x, p := shape.Of(t), reflect.PointerTo(t)
	writes, reads := p.Implements(reflect.TypeFor[encoding.TextMarshaler]()), p.Implements(reflect.TypeFor[encoding.TextUnmarshaler]())
	switch {
	case t.Kind() == reflect.Interface && t.NumMethod() > 0:
		return payload[T]{}, fmt.Errorf("no value can be read into the interface %s: use a type that implements it", t)
	case x.IsWrapped(), x.Writes == shape.Any:
		return jsonPayload[T](), encodable(t)
	case writes && reads:
		return textPayload[T](), encodable(t)
	case writes || reads:
		return payload[T]{}, fmt.Errorf("%s has only one of MarshalText and UnmarshalText: give it both", t)
	case x.Writes == shape.Self:
		return jsonPayload[T](), encodable(t)
	case has(x, shape.String), has(x, shape.Number):
		return stringPayload[T](), nil
	case has(x, shape.Bytes) && t.Kind() == reflect.Slice:
		return bytesPayload[T](), nil
	}
	return jsonPayload[T](), encodable(t)
}

// has reports whether values have the form in one direction at least.
func has(x shape.Type, form shape.Form) bool { return x.Writes == form || x.Reads == form }

// encodable returns what keeps values of type t from being written.
func encodable(t reflect.Type) error {
	lines := shape.OutFaults(t, t.String()).Lines()
	found := make([]error, 0, len(lines))
	for _, fault := range lines {
		found = append(found, errors.New(fault))
	}
	return errors.Join(found...)
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

// textPayload calls the methods through a pointer, which has all methods.
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
