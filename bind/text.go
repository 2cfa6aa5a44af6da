package bind

import (
	"encoding"
	"errors"
	"fmt"
	"math"
	"net/url"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tenonkit/tenon/internal/tag"
	"github.com/tenonkit/tenon/internal/timetext"
)

// A parse stores the value that text stands for in dst, which is settable and
// zero, or returns what is wrong with the text.
type parse func(dst reflect.Value, text string) *violation

// textParse compiles the reader of one value of type t, off which pointers and
// Opts are already taken. Of the tags, the format chooses how a time is written and
// the words of an error, and the lengths hold for a type with UnmarshalText.
func textParse(t reflect.Type, tags reflect.StructTag) (parse, error) {
	switch t {
	case reflect.TypeFor[time.Time]():
		form, err := timeForm(tags)
		return timeParse(form), err
	case reflect.TypeFor[time.Duration]():
		return durationParse, nil
	case reflect.TypeFor[url.URL]():
		return urlParse, nil
	}
	switch {
	case tag.ReadsText(t):
		return unmarshalerParse(fieldFormat(tags), textLimitsOf(t, tags)), nil
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

func unmarshalerParse(format string, limits textLimits) parse {
	invalid := notValid(format)
	return func(dst reflect.Value, text string) *violation {
		plain := []byte(text)
		if wrong := limits.check(plain); wrong != nil {
			return wrong
		}
		u, ok := reflect.TypeAssert[encoding.TextUnmarshaler](dst.Addr())
		if !ok || u.UnmarshalText(plain) != nil {
			return invalid
		}
		return nil
	}
}

// notValid is the violation of a text that its type refuses. The format is the
// name of what the type reads, empty if it has none.
func notValid(format string) *violation {
	if format == "" {
		return &violation{"format", "is not valid"}
	}
	return &violation{"format", "must be a valid " + format}
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

// timeForm returns the form in which a time with these tags is written.
func timeForm(tags reflect.StructTag) (timetext.Form, error) {
	name := fieldFormat(tags)
	form, ok := timetext.Of(name)
	if !ok {
		return form, fmt.Errorf("has the unknown time format %q: use %s", name, strings.Join(timetext.Names(), ", "))
	}
	return form, nil
}

// timeParse returns the reader of a [time.Time] in the form.
func timeParse(form timetext.Form) parse {
	wrong := &violation{"type", form.Words}
	return func(dst reflect.Value, text string) *violation {
		t, err := form.Parse(text)
		stored, ok := reflect.TypeAssert[*time.Time](dst.Addr())
		if err != nil || !ok {
			return wrong
		}
		*stored = t
		return nil
	}
}
