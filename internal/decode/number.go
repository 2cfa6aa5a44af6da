package decode

import (
	"reflect"
	"strconv"

	"github.com/tenonkit/tenon/internal/multiple"
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
	if !n.quoted {
		if magnitude, negative, ok := d.integer(); ok {
			return n.store(d, dst, magnitude, negative)
		}
	}
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
	return n.store(d, dst, magnitude, negative)
}

func (n *integer) store(d *decoding, dst reflect.Value, magnitude uint64, negative bool) error {
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
		var ok bool
		if magnitude, ok = multiple.Append(magnitude, c); !ok {
			magnitude, result = scaled(text)
			return magnitude, negative, result
		}
	}
	return magnitude, negative, whole
}

// scaled is integerOf for an unsigned text that has a fraction, an exponent or too
// many digits.
func scaled(text []byte) (uint64, integral) {
	d, err := multiple.Parse(string(text))
	if err != nil || d.Exponent < 0 && !d.IsZero() {
		return 0, fractional
	}
	value, ok := d.Uint64()
	if !ok {
		return 0, oversized
	}
	return value, whole
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
	if !n.quoted && n.bits == 64 {
		if f, ok := d.float(); ok {
			dst.SetFloat(f)
			return d.checked(n.checks, dst)
		}
	}
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

// number reads the text of a number. Without ok there is none, and the error says whether
// decoding goes on.
func (d *decoding) number(quoted bool, wrong *text.Wrong) (raw []byte, ok bool, err error) {
	if quoted {
		raw, ok, err = d.quoted(wrong)
		if ok && !text.IsNumber(raw) {
			return nil, false, d.wrong(wrong)
		}
		return raw, ok, err
	}
	if kind := d.kind(); kind != '0' {
		return nil, false, d.mismatch(kind, wrong)
	}
	raw, err = d.value()
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
	quoted := n.quoted || d.kind() == '"'
	raw, ok, err := d.number(quoted, n.wrong)
	if !ok {
		return err
	}
	dst.SetString(string(raw))
	return d.checked(n.checks, dst)
}
