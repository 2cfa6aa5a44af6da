package encode

import (
	"encoding/base64"
	"math"
	"reflect"
	"strconv"

	"github.com/tenonkit/tenon/internal/json"
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
		bits := x.Base.Bits()
		return func(b []byte, v reflect.Value, _ int) ([]byte, bool) { return appendFloat(b, v.Float(), bits) }
	case shape.Bytes:
		return appendBase64
	}
	return nil
}

// appendText appends text as a JSON string. Most text is the same inside quotes;
// what is not valid UTF-8 has no JSON form.
func appendText(b []byte, text string) ([]byte, bool) {
	if isVerbatim(text) {
		b = append(b, '"')
		b = append(b, text...)
		return append(b, '"'), true
	}
	b, err := json.AppendQuote(b, text)
	return b, err == nil
}

// isVerbatim reports whether text is ASCII that stands in a JSON string as it
// is. It looks at eight bytes at a time: BenchmarkAppendText.
func isVerbatim[T string | []byte](text T) bool {
	const (
		each = 0x0101010101010101
		high = 0x8080808080808080
	)
	for ; len(text) >= 8; text = text[8:] {
		w := uint64(text[0]) | uint64(text[1])<<8 | uint64(text[2])<<16 | uint64(text[3])<<24 |
			uint64(text[4])<<32 | uint64(text[5])<<40 | uint64(text[6])<<48 | uint64(text[7])<<56
		// The high bit of a byte is set in a difference where that byte, or by a
		// borrow one below it, was too small: some byte then is in any case.
		quote, slash := w^('"'*each), w^('\\'*each)
		if (w|(w-' '*each)|(quote-each)|(slash-each))&high != 0 {
			return false
		}
	}
	for i := range len(text) {
		if c := text[i]; c < ' ' || c >= 0x80 || c == '"' || c == '\\' {
			return false
		}
	}
	return true
}

// appendFloat appends a number in the form of ECMAScript, as the engine does.
func appendFloat(b []byte, f float64, bits int) ([]byte, bool) {
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return b, false
	}
	format, abs := byte('f'), math.Abs(f)
	small, large := abs < 1e-6, abs >= 1e21
	if bits == 32 {
		small, large = float32(abs) < 1e-6, float32(abs) >= 1e21
	}
	if abs != 0 && (small || large) {
		format = 'e'
	}
	b = strconv.AppendFloat(b, f, format, -1, bits)
	// An exponent of one digit has a zero before it, which JavaScript leaves out.
	if n := len(b); format == 'e' && b[n-4] == 'e' && b[n-3] == '-' && b[n-2] == '0' {
		b[n-2] = b[n-1]
		b = b[:n-1]
	}
	return b, true
}

// appendBase64 appends bytes as a string in base64.
func appendBase64(b []byte, v reflect.Value, _ int) ([]byte, bool) {
	b = base64.StdEncoding.AppendEncode(append(b, '"'), v.Bytes())
	return append(b, '"'), true
}
