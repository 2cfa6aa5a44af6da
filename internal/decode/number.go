package decode

import (
	"math"
	"reflect"
	"strconv"

	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// An integer reads any number with an integral value: 1, 1.0 and 1e2 are
// integers, as in JSON Schema. With the json option string it reads one in a
// string.
type integer struct {
	leaf

	limits text.Range
	quoted bool
}

func (c *compiler) integer(s shape.Site) node {
	return c.add(s, &integer{c.leaf(s, quotedWords(s.Quoted, "an integer")), text.RangeOf(s.Type.Base), s.Quoted})
}

func (n *integer) read(d *decoding, dst reflect.Value) error {
	raw, ok, err := d.number(n.quoted, n.wrong)
	if !ok {
		return err
	}
	magnitude, negative, result := integerOf(raw)
	switch result {
	case fractional:
		return d.wrong(n.wrong)
	case oversized:
		return d.wrong(n.limits.Outside)
	}
	if wrong := n.limits.Store(dst, magnitude, negative); wrong != nil {
		return d.wrong(wrong)
	}
	return d.checked(n.checks, dst)
}

// An integral says what the text of a number is as an integer.
type integral uint8

const (
	whole      integral = iota
	fractional          // not an integer
	oversized           // an integer beyond 64 bits
)

// integerOf returns the value of the JSON number text. Its time is linear in the
// text, whatever the exponent says.
func integerOf(text []byte) (magnitude uint64, negative bool, result integral) {
	if text[0] == '-' {
		negative, text = true, text[1:]
	}
	for _, c := range text {
		digit := uint64(c - '0')
		if digit > 9 || magnitude > (math.MaxUint64-digit)/10 {
			magnitude, result = scaled(text)
			return magnitude, negative, result
		}
		magnitude = magnitude*10 + digit
	}
	return magnitude, negative, whole
}

// scaled is integerOf for an unsigned text that has a fraction, an exponent or too
// many digits.
func scaled(text []byte) (uint64, integral) {
	mantissa, exponent := text, int64(0)
	for i, c := range text {
		if c == 'e' || c == 'E' {
			mantissa, exponent = text[:i], exponentOf(text[i+1:])
			break
		}
	}
	// The value is the digits from first to last, times ten to the power of
	// exponent once that counts the zeros and decimals beside them.
	first, last, point := int64(-1), int64(0), int64(len(mantissa))
	for at, c := range mantissa {
		i := int64(at)
		switch {
		case c == '.':
			point = i
		case c != '0':
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return 0, whole
	}
	exponent += point - last - 1
	if last > point {
		exponent++ // the point itself is no digit
	}
	if exponent < 0 {
		return 0, fractional
	}
	if last-first > int64(len("18446744073709551615.")) || exponent > int64(len("18446744073709551615")) {
		return 0, oversized
	}
	var value uint64
	for i := first; i <= last+exponent; i++ {
		var digit uint64
		if i <= last {
			if i == point {
				continue
			}
			digit = uint64(mantissa[i] - '0')
		}
		if value > (math.MaxUint64-digit)/10 {
			return 0, oversized
		}
		value = value*10 + digit
	}
	return value, whole
}

// exponentOf returns the value of an exponent, held to a size that a sum with
// the length of a text cannot overflow.
func exponentOf(text []byte) int64 {
	const limit = 1 << 50
	negative := text[0] == '-'
	if negative || text[0] == '+' {
		text = text[1:]
	}
	var value int64
	for _, c := range text {
		value = min(value*10+int64(c-'0'), limit)
	}
	if negative {
		return -value
	}
	return value
}

// A float reads a number, or with the json option string one in a string.
type float struct {
	leaf

	quoted  bool
	bits    int
	outside *text.Wrong
}

func (c *compiler) float(s shape.Site) node {
	return c.add(s, &float{
		leaf:    c.leaf(s, quotedWords(s.Quoted, "a number")),
		quoted:  s.Quoted,
		bits:    s.Type.Base.Bits(),
		outside: &text.Wrong{Code: "range", Detail: "is too large a number"},
	})
}

// quotedWords returns the words for a number that is no such number.
func quotedWords(quoted bool, such string) string {
	if quoted {
		return "must be a string that holds " + such
	}
	return "must be " + such
}

func (n *float) read(d *decoding, dst reflect.Value) error {
	raw, ok, err := d.number(n.quoted, n.wrong)
	if !ok {
		return err
	}
	// The text is a JSON number, so that only its size can be wrong.
	f, err := strconv.ParseFloat(string(raw), n.bits)
	if err != nil {
		return d.wrong(n.outside)
	}
	dst.SetFloat(f)
	return d.checked(n.checks, dst)
}

// number reads the text of a number. Without ok there is none, and the error
// says whether decoding goes on.
func (d *decoding) number(quoted bool, wrong *text.Wrong) (raw []byte, ok bool, err error) {
	if quoted {
		raw, ok, err = d.quoted(wrong)
		if ok && !text.IsNumber(raw) {
			return nil, false, d.wrong(wrong)
		}
		return raw, ok, err
	}
	if kind := d.dec.PeekKind(); kind != '0' {
		return nil, false, d.mismatch(kind, wrong)
	}
	raw, err = d.dec.ReadValue()
	return raw, err == nil, err
}

// A number reads a [json.Number]: a number, or a string that holds one.
type number struct {
	leaf

	quoted bool
}

func (c *compiler) number(s shape.Site) node {
	return c.add(s, &number{c.leaf(s, quotedWords(s.Quoted, "a number")), s.Quoted})
}

func (n *number) read(d *decoding, dst reflect.Value) error {
	quoted := n.quoted || d.dec.PeekKind() == '"'
	raw, ok, err := d.number(quoted, n.wrong)
	if !ok {
		return err
	}
	dst.SetString(string(raw))
	return d.checked(n.checks, dst)
}
