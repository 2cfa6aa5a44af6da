package encode

import (
	"encoding/base64"
	"reflect"
	"strconv"

	"github.com/tenonkit/tenon/internal/shape"
)

// scalar returns the appender of a string, a bool, a number or bytes, and nil for every
// other form.
func scalar(x shape.Type) appender {
	switch x.Writes {
	case shape.String:
		return func(b []byte, v reflect.Value, _ int) ([]byte, bool) { return appendText(b, v.String()) }
	case shape.Bool:
		return func(b []byte, v reflect.Value, _ int) ([]byte, bool) { return strconv.AppendBool(b, v.Bool()), true }
	case shape.Int:
		return func(b []byte, v reflect.Value, _ int) ([]byte, bool) { return strconv.AppendInt(b, v.Int(), 10), true }
	case shape.Uint:
		return func(b []byte, v reflect.Value, _ int) ([]byte, bool) {
			return strconv.AppendUint(b, v.Uint(), 10), true
		}
	case shape.Float:
		if x.Base.Bits() == 32 {
			return func(b []byte, v reflect.Value, _ int) ([]byte, bool) { return appendFloat32(b, float32(v.Float())) }
		}
		return func(b []byte, v reflect.Value, _ int) ([]byte, bool) { return appendFloat(b, v.Float()) }
	case shape.Bytes:
		return appendBase64
	}
	return nil
}

// appendBase64 appends bytes as a string in base64.
func appendBase64(b []byte, v reflect.Value, _ int) ([]byte, bool) {
	b = base64.StdEncoding.AppendEncode(append(b, '"'), v.Bytes())
	return append(b, '"'), true
}
