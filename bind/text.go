package bind

import (
	"encoding"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tenonkit/tenon/internal/tag"
)

// A parse stores the value that text stands for in dst, which is settable and
// zero, or returns what is wrong with the text.
type parse func(dst reflect.Value, text string) *violation

// textParse compiles the reader of one value of type t, off which pointers and
// Opts are already taken. The format chooses the layout of a time and the words
// of an error.
func textParse(t reflect.Type, format string) (parse, error) {
	switch t {
	case reflect.TypeFor[time.Time]():
		return timeParse(format)
	case reflect.TypeFor[time.Duration]():
		return durationParse, nil
	case reflect.TypeFor[url.URL]():
		return urlParse, nil
	}
	switch {
	case tag.ReadsText(t):
		return unmarshalerParse(format), nil
	case t.Kind() == reflect.String:
		return stringParse, nil
	case t.Kind() == reflect.Bool:
		return boolParse, nil
	case isSigned(t), isUnsigned(t):
		return integerParse(t), nil
	case isFloat(t):
		return floatParse(t), nil
	}
	return nil, fmt.Errorf("has type %s, which no text can be read into", t)
}

func unmarshalerParse(format string) parse {
	wrong := &violation{"format", "is not valid"}
	if format != "" {
		wrong.detail = "must be a valid " + format
	}
	return func(dst reflect.Value, text string) *violation {
		u, ok := reflect.TypeAssert[encoding.TextUnmarshaler](dst.Addr())
		if !ok || u.UnmarshalText([]byte(text)) != nil {
			return wrong
		}
		return nil
	}
}

// stringParse refuses what no JSON string can hold: an answer that repeats the
// text would be a 500.
func stringParse(dst reflect.Value, text string) *violation {
	if !isUTF8(text) {
		return notUTF8()
	}
	dst.SetString(text)
	return nil
}

// isUTF8 is [utf8.ValidString] for parameters, which mostly are a few bytes of
// ASCII: BenchmarkBindPath.
func isUTF8(text string) bool {
	for i := range len(text) {
		if text[i] >= utf8.RuneSelf {
			return utf8.ValidString(text[i:])
		}
	}
	return true
}

func notUTF8() *violation { return &violation{"syntax", "is not valid UTF-8"} }

// boolParse reads the words of [strconv.ParseBool], and those that a browser sends
// for a checkbox.
func boolParse(dst reflect.Value, text string) *violation {
	switch text {
	case "true", "on":
		dst.SetBool(true)
		return nil
	case "false", "off":
		return nil
	}
	v, err := strconv.ParseBool(text)
	if err != nil {
		return &violation{"type", "must be true or false"}
	}
	dst.SetBool(v)
	return nil
}

func notInteger() *violation { return &violation{"type", "must be an integer"} }

// integerParse reads decimal digits. It has no error of [strconv] to make for
// text that is none.
func integerParse(t reflect.Type) parse {
	limits, notInt := limitsOf(t), notInteger()
	ceiling := uint64(math.MaxUint64) >> (64 - t.Bits())
	return func(dst reflect.Value, text string) *violation {
		magnitude, negative, result := digits(text, ceiling)
		switch result {
		case fractional:
			return notInt
		case oversized:
			return limits.outside
		}
		return limits.store(dst, magnitude, negative)
	}
}

// digits returns the value of text, which is digits behind a minus sign or none.
// Like [strconv.ParseInt], it does not look behind what is above the ceiling, the
// largest value of so many bits.
func digits(text string, ceiling uint64) (magnitude uint64, negative bool, result integral) {
	text, negative = strings.CutPrefix(text, "-")
	if text == "" {
		return 0, negative, fractional
	}
	for i := range len(text) {
		digit := uint64(text[i] - '0')
		switch {
		case digit > 9:
			return 0, negative, fractional
		case magnitude > (ceiling-digit)/10:
			return 0, negative, oversized
		}
		magnitude = magnitude*10 + digit
	}
	return magnitude, negative, whole
}

// floatParse reads decimal numbers only: [strconv.ParseFloat] also takes NaN,
// which passes every check written as a comparison, infinities and hexadecimal.
func floatParse(t reflect.Type) parse {
	bits := t.Bits()
	notNumber := &violation{"type", "must be a number"}
	outside := &violation{"range", "is too large a number"}
	return func(dst reflect.Value, text string) *violation {
		if !isDecimal(text) {
			return notNumber
		}
		n, err := strconv.ParseFloat(text, bits)
		switch {
		case err == nil:
			dst.SetFloat(n)
			return nil
		case errors.Is(err, strconv.ErrRange):
			return outside
		}
		return notNumber
	}
}

// isDecimal reports whether text has only the bytes of a decimal number, and no
// plus sign before it.
func isDecimal(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case '0' <= c && c <= '9', c == '-', c == '.', c == 'e', c == 'E', c == '+' && i > 0:
		default:
			return false
		}
	}
	return true
}

func durationParse(dst reflect.Value, text string) *violation {
	d, err := time.ParseDuration(text)
	if err != nil {
		return &violation{"type", "must be a duration such as 1h30m"}
	}
	dst.SetInt(int64(d))
	return nil
}

func urlParse(dst reflect.Value, text string) *violation {
	u, err := url.Parse(text)
	stored, ok := reflect.TypeAssert[*url.URL](dst.Addr())
	if err != nil || !ok {
		return &violation{"type", "must be a URL"}
	}
	*stored = *u
	return nil
}

// timeParse compiles the reader of a [time.Time]. The layouts that [time.Parse]
// reads more widely than their standard are held to it.
func timeParse(format string) (parse, error) {
	var read func(string) (time.Time, error)
	var words string
	switch format {
	case "", "date-time":
		read, words = rfc3339, "must be a time in RFC 3339 form such as 2006-01-02T15:04:05Z"
	case "date":
		read, words = layout(time.DateOnly), "must be a date such as 2006-01-02"
	case "time":
		read, words = layout(time.TimeOnly), "must be a time such as 15:04:05"
	case "http":
		read, words = http.ParseTime, "must be an HTTP date such as Mon, 02 Jan 2006 15:04:05 GMT"
	case "unix":
		read, words = unix, "must be a Unix time in seconds"
	default:
		return nil, fmt.Errorf("has the unknown time format %q", format)
	}
	wrong := &violation{"type", words}
	return func(dst reflect.Value, text string) *violation {
		t, err := read(text)
		stored, ok := reflect.TypeAssert[*time.Time](dst.Addr())
		if err != nil || !ok {
			return wrong
		}
		*stored = t
		return nil
	}, nil
}

// unix reads the seconds since 1970 of a time that RFC 3339 can write too: the
// years 0 to 9999.
func unix(text string) (time.Time, error) {
	const first, last = -62167219200, 253402300799
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err == nil && (text[0] == '+' || seconds < first || seconds > last) {
		err = strconv.ErrRange
	}
	return time.Unix(seconds, 0).UTC(), err
}
