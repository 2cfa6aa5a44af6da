// Package multiple is the keyword multipleOf, for package bind to hold numbers to
// it and for package openapi to hold answers to it.
package multiple

import (
	"errors"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// A Unit is what numbers are to be multiples of.
type Unit struct {
	digits   uint64
	exponent int64
	float    float64 // of a whole unit, else 0
}

// maxDigits is how many digits always fit 64 bits.
const maxDigits = 19

// Of returns the unit that text stands for, a JSON number above 0 with up to 19
// digits between zeros.
func Of(text string) (Unit, error) {
	d, err := parse(text)
	if err != nil {
		return Unit{}, err
	}
	u := Unit{exponent: d.exponent}
	if d.negative || d.isZero() {
		return Unit{}, errors.New("must be greater than 0")
	}
	digits := strings.Replace(d.digits, ".", "", 1)
	if len(digits) > maxDigits {
		return Unit{}, errors.New("has more than " + strconv.Itoa(maxDigits) + " digits")
	}
	if u.digits, err = strconv.ParseUint(digits, 10, 64); err != nil {
		return Unit{}, errSyntax
	}
	if d.exponent >= 0 {
		if u.float, err = strconv.ParseFloat(text, 64); err != nil {
			return Unit{}, strconv.ErrRange
		}
	}
	return u, nil
}

// Divides reports whether the JSON number text is a multiple of u, exactly. Its
// time is linear in the text, whatever the exponents are.
func (u Unit) Divides(text string) bool {
	d, err := parse(text)
	return err == nil && u.divides(d)
}

// DividesFloat is Divides for a float of 32 or 64 bits. Of a whole unit the float
// is a multiple or not; of another, such as 0.1, neither is what was written, and
// the shortest text that stands for the float is looked at.
func (u Unit) DividesFloat(n float64, size int) bool {
	if u.float != 0 {
		return math.Mod(n, u.float) == 0
	}
	var room [32]byte
	text := strconv.AppendFloat(room[:0], n, 'e', -1, size)
	d, err := parse(string(text))
	return err == nil && u.divides(d)
}

// divides reports whether d is a multiple of u. With the digits D, which do not
// end in 0, and the exponent e of either, that is D·10^(e-eᵤ) being one of Dᵤ.
func (u Unit) divides(d decimal) bool {
	if d.isZero() {
		return true
	}
	shift := d.exponent - u.exponent
	if shift < 0 {
		return false // 10 divides no D
	}
	rest := uint64(0)
	for i := range len(d.digits) {
		if d.digits[i] == '.' {
			continue
		}
		high, low := bits.Mul64(rest, 10)
		low, carry := bits.Add64(low, uint64(d.digits[i]-'0'), 0)
		rest = bits.Rem64(high+carry, low, u.digits)
	}
	for factor := 10 % u.digits; shift > 0 && rest != 0; shift /= 2 {
		if shift%2 == 1 {
			rest = product(rest, factor, u.digits)
		}
		factor = product(factor, factor, u.digits)
	}
	return rest == 0
}

// product returns a·b modulo mod.
func product(a, b, mod uint64) uint64 {
	high, low := bits.Mul64(a, b)
	return bits.Rem64(high, low, mod)
}

// A decimal is digits·10^exponent. The digits neither begin nor end in 0, and
// there are none of the number 0. A point between them means nothing.
type decimal struct {
	negative bool
	digits   string
	exponent int64
}

func (d decimal) isZero() bool { return d.digits == "" }

var errSyntax = errors.New("is no number")

// parse reads a JSON number, or one that strconv writes.
func parse(text string) (d decimal, err error) {
	text, d.negative = strings.CutPrefix(text, "-")
	mantissa := text
	if at := strings.IndexAny(text, "eE"); at >= 0 {
		mantissa = text[:at]
		if d.exponent, err = exponentOf(text[at+1:]); err != nil {
			return d, err
		}
	}
	if !isMantissa(mantissa) {
		return d, errSyntax
	}
	point := strings.IndexByte(mantissa, '.')
	if point < 0 {
		point = len(mantissa)
	}
	d.digits = strings.TrimRight(mantissa, "0.")
	d.exponent += int64(point - len(d.digits))
	if point < len(d.digits) {
		d.exponent++ // the point itself is no digit
	}
	d.digits = strings.TrimLeft(d.digits, "0.")
	return d, nil
}

// isMantissa reports whether text is digits, with a point between them or none.
func isMantissa(text string) bool {
	whole, fraction, hasPoint := strings.Cut(text, ".")
	return whole != "" && (!hasPoint || fraction != "") &&
		strings.Trim(whole, "0123456789") == "" && strings.Trim(fraction, "0123456789") == ""
}

// exponentOf returns the value of an exponent, held to a size that a sum with the
// length of a text cannot overflow.
func exponentOf(text string) (int64, error) {
	const limit = 1 << 50
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, errSyntax
	}
	return max(-limit, min(n, limit)), nil
}
