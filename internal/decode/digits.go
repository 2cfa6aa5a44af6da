package decode

import (
	"encoding/binary"
	"math/bits"
)

// A numeral is a JSON number as it is written: ±mantissa·10^exponent. A numeral of more
// than exactDigits has a mantissa that is not.
type numeral struct {
	mantissa uint64
	exponent int
	form     form
}

// A form says how a number is written.
type form uint8

const (
	negative form = 1 << iota
	fraction      // or an exponent
	inexact       // too many digits
)

// exactDigits is how many digits always fit 64 bits.
const exactDigits = 19

// maxExponent is far beyond the exponent of a float of few digits.
const maxExponent = 1 << 20

func isDigit(c byte) bool { return c-'0' <= 9 }

// scanDigits reads the digits at i, of which there may be none, eight at a time. It
// returns where they end, and before·10^n plus what they are, n being how many there are.
func scanDigits(b []byte, i int, before uint64) (value uint64, end int) {
	for {
		w, low := digitsAt(b, i)
		if low < 64 {
			return before*tens[low/8] + eight(w<<(64-low)), i + low/8
		}
		before = before*1e8 + eight(w)
		i += 8
	}
}

// digitsAt returns the values of the digits at i, up to eight, in the bytes of a word, and
// how many of its low bits they are.
func digitsAt(b []byte, i int) (w uint64, low int) {
	w = binary.LittleEndian.Uint64(b[i:i+8]) ^ ones*'0'
	// The lowest byte that is no digit has its high bit set here, and none below.
	other := (w | (w + ones*0x76)) & highs
	return w, bits.TrailingZeros64(other) &^ 7
}

// eight returns the number of eight digits, of which the first is the lowest byte of w.
func eight(w uint64) uint64 {
	const mask = 0x000000FF000000FF
	w = w*10 + w>>8
	return ((w&mask)*(100+1000000<<32) + (w>>16&mask)*(1+10000<<32)) >> 32
}

// scanNumber reads the number at i, where a digit or a minus sign is, and returns where it
// ends, or -1.
func scanNumber(b []byte, i int) (n numeral, end int) {
	if b[i] == '-' {
		n.form = negative
		i++
	}
	from := i
	n.mantissa, i = scanDigits(b, i, 0)
	digits := i - from
	switch {
	case digits == 0:
		return n, -1
	case b[from] == '0' && digits > 1:
		return numeral{form: n.form}, from + 1 // the next digit is what does not belong there
	}
	if b[i] == '.' {
		from = i + 1
		n.mantissa, i = scanDigits(b, from, n.mantissa)
		if i == from {
			return n, -1
		}
		n.exponent = from - i
		n.form |= fraction
		digits += i - from
	}
	if digits > exactDigits {
		n.form |= inexact
	}
	if b[i]|0x20 == 'e' {
		exponent, end := scanExponent(b, i+1)
		return numeral{n.mantissa, n.exponent + exponent, n.form | fraction}, end
	}
	return n, i
}

// scanExponent reads the exponent at i, and returns where it ends, or -1.
func scanExponent(b []byte, i int) (exponent, end int) {
	sign := b[i]
	if sign == '-' || sign == '+' {
		i++
	}
	from := i
	for ; isDigit(b[i]); i++ {
		exponent = min(exponent*10+int(b[i]-'0'), maxExponent)
	}
	if i == from {
		return 0, -1
	}
	if sign == '-' {
		exponent = -exponent
	}
	return exponent, i
}

// tens are the powers of ten by which up to eight digits are shifted.
var tens = [8]uint64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7} //nolint:gochecknoglobals // a constant

// floatTens are the powers of ten that a float has exactly.
var floatTens = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22} //nolint:gochecknoglobals // a constant

// float returns the float that is nearest to n, if that takes one operation on floats that
// are exact, which rounds once (Clinger 1990).
func (n numeral) float() (f float64, ok bool) {
	if n.form&inexact != 0 || n.mantissa > 1<<53 || n.exponent <= -len(floatTens) || n.exponent >= len(floatTens) {
		return 0, false
	}
	f = float64(n.mantissa)
	if n.exponent < 0 {
		f /= floatTens[-n.exponent]
	} else {
		f *= floatTens[n.exponent]
	}
	if n.form&negative != 0 {
		f = -f
	}
	return f, true
}

// float reads a number whose float is found at once, else nothing.
func (d *decoding) float() (f float64, ok bool) {
	if c := d.next(); d.engine != nil || !isDigit(c) && c != '-' {
		return 0, false
	}
	n, end := scanNumber(d.buf, d.at)
	if end < 0 {
		return 0, false
	}
	if f, ok = n.float(); ok {
		d.at = end
	}
	return f, ok
}

// integer reads an integer without a fraction and an exponent that has no more than
// exactDigits, else nothing.
func (d *decoding) integer() (magnitude uint64, isNegative, ok bool) {
	c := d.next()
	if d.engine != nil || !isDigit(c) && c != '-' {
		return 0, false, false
	}
	// Most end at a comma or a bracket.
	magnitude, end := scanDigits(d.buf, d.at, 0)
	if after := d.buf[end]; c > '0' && end-d.at <= exactDigits && (after == ',' || after == '}' || after == ']') {
		d.at = end
		return magnitude, false, true
	}
	n, end := scanNumber(d.buf, d.at)
	if end < 0 || n.form > negative {
		return 0, false, false
	}
	d.at = end
	return n.mantissa, n.form == negative, true
}
