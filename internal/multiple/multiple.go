// Package multiple reads JSON numbers exactly and checks the keyword multipleOf. Package bind
// checks requests with it, and package openapi answers.
package multiple

import (
	"errors"
	"math"
	"math/bits"
	"strconv"
	"strings"
)

// A Unit is the argument of multipleOf.
type Unit struct {
	digits   uint64
	exponent int64
	float    float64 // the unit if it is an integer, else 0
}

// maxDigits is the number of decimal digits that always fit into 64 bits.
const maxDigits = 19

// Of returns the unit that text stands for. text is a JSON number above 0 with up to 19
// digits, not counting zeros at either end.
func Of(text string) (Unit, error) {
	d, err := Parse(text)
	if err != nil {
		return Unit{}, err
	}
	u := Unit{exponent: d.Exponent}
	if d.negative || d.IsZero() {
		return Unit{}, errors.New("must be greater than 0")
	}
	digits := strings.Replace(d.Digits, ".", "", 1)
	if len(digits) > maxDigits {
		return Unit{}, errors.New("has more than " + strconv.Itoa(maxDigits) + " digits")
	}
	if u.digits, err = strconv.ParseUint(digits, 10, 64); err != nil {
		return Unit{}, errSyntax
	}
	if d.Exponent >= 0 {
		if u.float, err = strconv.ParseFloat(text, 64); err != nil {
			return Unit{}, strconv.ErrRange
		}
	}
	return u, nil
}

// Divides reports whether the JSON number text is exactly a multiple of u. It takes time
// linear in the length of text, whatever the exponents are.
func (u Unit) Divides(text string) bool {
	d, err := Parse(text)
	return err == nil && u.divides(d)
}

// DividesFloat is Divides for a float of 32 or 64 bits. If the unit is an integer, the float
// itself counts. A float cannot hold another unit, such as 0.1, so for such a unit the
// shortest decimal text of the float counts.
func (u Unit) DividesFloat(n float64, size int) bool {
	if u.float != 0 {
		return math.Mod(n, u.float) == 0
	}
	var room [32]byte
	text := strconv.AppendFloat(room[:0], n, 'e', -1, size)
	d, err := Parse(string(text))
	return err == nil && u.divides(d)
}

// divides reports whether d is a multiple of u. With the digits D and Dᵤ, which do not end
// in 0, and the exponents e and eᵤ, it checks whether D·10^(e-eᵤ) is a multiple of Dᵤ.
func (u Unit) divides(d Decimal) bool {
	if d.IsZero() {
		return true
	}
	shift := d.Exponent - u.exponent
	if shift < 0 {
		return false // D is not a multiple of 10
	}
	rest := uint64(0)
	for i := range len(d.Digits) {
		if d.Digits[i] == '.' {
			continue
		}
		high, low := bits.Mul64(rest, 10)
		low, carry := bits.Add64(low, uint64(d.Digits[i]-'0'), 0)
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

// A Decimal is digits·10^exponent. The digits neither begin nor end with 0; the number 0 has
// no digits. A point among the digits has no meaning.
type Decimal struct {
	negative bool
	Digits   string
	Exponent int64
}

// IsZero reports whether d is 0.
func (d Decimal) IsZero() bool { return d.Digits == "" }

// Uint64 returns the absolute value of d, whose exponent is not negative. It returns false if
// the value has more than 64 bits.
func (d Decimal) Uint64() (n uint64, ok bool) {
	for i := range len(d.Digits) {
		if d.Digits[i] == '.' {
			continue
		}
		if n, ok = Append(n, d.Digits[i]); !ok {
			return 0, false
		}
	}
	for at := int64(0); n > 0 && at < d.Exponent; at++ {
		if n, ok = Append(n, '0'); !ok {
			return 0, false
		}
	}
	return n, true
}

// Append returns n with one more decimal digit. It returns false if c is not a digit or the
// result has more than 64 bits.
func Append(n uint64, c byte) (uint64, bool) {
	digit := uint64(c - '0')
	if digit > 9 || n > (math.MaxUint64-digit)/10 {
		return n, false
	}
	return n*10 + digit, true
}

var errSyntax = errors.New("is no number")

// Parse reads a JSON number, or one that strconv writes.
func Parse(text string) (d Decimal, err error) {
	text, d.negative = strings.CutPrefix(text, "-")
	mantissa := text
	if at := strings.IndexAny(text, "eE"); at >= 0 {
		mantissa = text[:at]
		if d.Exponent, err = exponentOf(text[at+1:]); err != nil {
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
	d.Digits = strings.TrimRight(mantissa, "0.")
	d.Exponent += int64(point - len(d.Digits))
	if point < len(d.Digits) {
		d.Exponent++ // the point is not a digit
	}
	d.Digits = strings.TrimLeft(d.Digits, "0.")
	return d, nil
}

// isMantissa reports whether text consists of digits, with at most one point between them.
func isMantissa(text string) bool {
	whole, fraction, hasPoint := strings.Cut(text, ".")
	return whole != "" && (!hasPoint || fraction != "") &&
		strings.Trim(whole, "0123456789") == "" && strings.Trim(fraction, "0123456789") == ""
}

// exponentOf returns the value of an exponent. It limits the value, so that the sum with the
// length of a text cannot overflow.
func exponentOf(text string) (int64, error) {
	const limit = 1 << 50
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return 0, errSyntax
	}
	return max(-limit, min(n, limit)), nil
}
