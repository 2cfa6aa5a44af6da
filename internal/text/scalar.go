package text

import (
	"errors"
	"math"
	"reflect"
	"strconv"
	"strings"
	"unicode/utf8"
)

// A Plain reads the text of a string, a bool or a number. It passes dst to no function value, so
// that the value of dst can stay on the stack of the caller: see BenchmarkBindPath.
type Plain struct {
	form     Form
	bits     int    // of a float
	ceiling  uint64 // the largest value of the bits of an integer
	mistaken *Wrong // for a text that does not have the form
	outside  *Wrong // for a float that is too large
	limits   Range  // of an integer
}

// PlainOf returns the reader of the texts of t. ok is false unless the form of t is [String],
// [Bool], [Int], [Uint] or [Float].
func PlainOf(t reflect.Type) (p *Plain, ok bool) {
	p = &Plain{form: FormOf(t)}
	switch p.form {
	case String:
	case Bool:
		p.mistaken = &Wrong{Code: "type", Detail: "must be true or false"}
	case Int, Uint:
		p.ceiling, p.limits = math.MaxUint64>>(64-t.Bits()), RangeOf(t)
		p.mistaken = &Wrong{Code: "type", Detail: "must be an integer"}
	case Float:
		p.bits = t.Bits()
		p.mistaken = &Wrong{Code: "type", Detail: "must be a number"}
		p.outside = &Wrong{Code: "range", Detail: "is too large a number"}
	default:
		return nil, false
	}
	return p, true
}

// Parse is the Parse of the [Codec] of the type.
func (p *Plain) Parse(dst reflect.Value, s string) *Wrong {
	switch p.form {
	case String:
		// JSON cannot hold other text: an answer that repeats it would be a 500.
		wrong := UTF8(s)
		if wrong == nil {
			dst.SetString(s)
		}
		return wrong
	case Bool:
		return p.parseBool(dst, s)
	case Float:
		return p.parseFloat(dst, s)
	}
	return p.parseInteger(dst, s)
}

// parseInteger reads digits behind a minus sign or none. Like [strconv.ParseInt], it does
// not look behind what is above the ceiling, the largest value of so many bits.
func (p *Plain) parseInteger(dst reflect.Value, s string) *Wrong {
	s, negative := strings.CutPrefix(s, "-")
	if s == "" {
		return p.mistaken
	}
	var magnitude uint64
	for i := range len(s) {
		digit := uint64(s[i] - '0')
		if digit > 9 {
			return p.mistaken
		}
		next := magnitude*10 + digit
		if magnitude > math.MaxUint64/10 || next < digit || next > p.ceiling {
			return p.limits.Outside
		}
		magnitude = next
	}
	return p.limits.Store(dst, magnitude, negative)
}

// format returns the Format of the [Codec].
func (p *Plain) format() func(v reflect.Value) (string, error) {
	switch p.form {
	case String:
		return formatString
	case Bool:
		return formatBool
	case Int:
		return formatInt
	case Uint:
		return formatUint
	}
	return formatFloat
}

func formatString(v reflect.Value) (string, error) {
	s := v.String()
	if UTF8(s) != nil {
		return "", errors.New("is not valid UTF-8")
	}
	return s, nil
}

// UTF8 returns what is wrong with a text that is not valid UTF-8, else nil. For a few bytes of
// ASCII it is faster than [utf8.ValidString]: see BenchmarkBindPath.
func UTF8(s string) *Wrong {
	for i := range len(s) {
		if s[i] < utf8.RuneSelf {
			continue
		}
		if utf8.ValidString(s[i:]) {
			return nil
		}
		return &Wrong{Code: "syntax", Detail: "is not valid UTF-8"}
	}
	return nil
}

// parseBool reads the words of [strconv.ParseBool], and the words that browsers send for a
// checkbox.
func (p *Plain) parseBool(dst reflect.Value, s string) *Wrong {
	switch s {
	case "true", "on":
		dst.SetBool(true)
		return nil
	case "false", "off":
		return nil
	}
	b, err := strconv.ParseBool(s)
	if err != nil {
		return p.mistaken
	}
	dst.SetBool(b)
	return nil
}

func formatBool(v reflect.Value) (string, error) { return strconv.FormatBool(v.Bool()), nil }

func formatInt(v reflect.Value) (string, error) { return strconv.FormatInt(v.Int(), 10), nil }

func formatUint(v reflect.Value) (string, error) { return strconv.FormatUint(v.Uint(), 10), nil }

// A Range is what an integer type can hold.
type Range struct {
	// Outside is what is wrong with an integer outside of the range.
	Outside *Wrong

	unsigned bool
	above    uint64 // the largest value
	below    uint64 // the magnitude of the smallest value
}

// RangeOf returns the range of t, which is of an integer kind.
func RangeOf(t reflect.Type) Range {
	if k := t.Kind(); reflect.Uint <= k && k <= reflect.Uintptr {
		largest := uint64(math.MaxUint64) >> (64 - t.Bits())
		return Range{outside("0", largest), true, largest, 0}
	}
	largest := uint64(math.MaxInt64) >> (64 - t.Bits())
	return Range{outside("-"+strconv.FormatUint(largest+1, 10), largest), false, largest, largest + 1}
}

func outside(smallest string, largest uint64) *Wrong {
	to := strconv.FormatUint(largest, 10)
	return &Wrong{Code: "range", Detail: "must be between " + smallest + " and " + to, Limit: smallest + "," + to}
}

// Store stores an integer in dst, which has the type of the range, unless it is outside.
func (r *Range) Store(dst reflect.Value, magnitude uint64, negative bool) *Wrong {
	switch {
	case negative && magnitude > r.below, !negative && magnitude > r.above:
		return r.Outside
	case r.unsigned:
		dst.SetUint(magnitude)
	case negative:
		dst.SetInt(int64(-magnitude)) //nolint:gosec // two's complement: the magnitude is at most that of the smallest value
	default:
		dst.SetInt(int64(magnitude)) //nolint:gosec // at most the largest value
	}
	return nil
}

// parseFloat reads decimal numbers. [strconv.ParseFloat] also accepts infinities, hexadecimal
// numbers, and NaN, which would pass every comparison with a limit.
func (p *Plain) parseFloat(dst reflect.Value, s string) *Wrong {
	if !isDecimal(s) {
		return p.mistaken
	}
	f, err := strconv.ParseFloat(s, p.bits)
	switch {
	case err == nil:
		dst.SetFloat(f)
		return nil
	case errors.Is(err, strconv.ErrRange):
		return p.outside
	}
	return p.mistaken
}

func formatFloat(v reflect.Value) (string, error) {
	f := v.Float()
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return "", errors.New("is not a finite number")
	}
	return strconv.FormatFloat(f, 'g', -1, v.Type().Bits()), nil
}

// isDecimal reports whether s has only bytes that decimal numbers have, and does not begin with
// a plus sign.
func isDecimal(s string) bool {
	for i := range len(s) {
		switch c := s[i]; {
		case '0' <= c && c <= '9', c == '-', c == '.', c == 'e', c == 'E', c == '+' && i > 0:
		default:
			return false
		}
	}
	return true
}

// parseNumber reads the number type of encoding/json, which is a string.
func parseNumber(dst reflect.Value, s string) *Wrong {
	if !IsNumber(s) {
		return &Wrong{Code: "type", Detail: "must be a number"}
	}
	dst.SetString(s)
	return nil
}

func formatNumber(v reflect.Value) (string, error) {
	s := v.String()
	if !IsNumber(s) {
		return "", errors.New("is not a number")
	}
	return s, nil
}

// IsNumber reports whether s is one JSON number (RFC 8259, section 6).
func IsNumber[T string | []byte](s T) bool {
	at := 0
	some := func() bool { // skips digits
		start := at
		for at < len(s) && '0' <= s[at] && s[at] <= '9' {
			at++
		}
		return at > start
	}
	is := func(bytes string) bool { return at < len(s) && strings.IndexByte(bytes, s[at]) >= 0 }
	if is("-") {
		at++
	}
	start := at
	if !some() || s[start] == '0' && at > start+1 {
		return false
	}
	if is(".") {
		if at++; !some() {
			return false
		}
	}
	if is("eE") {
		if at++; is("+-") {
			at++
		}
		if !some() {
			return false
		}
	}
	return at == len(s)
}
