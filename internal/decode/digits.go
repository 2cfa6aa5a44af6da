package decode

// A numeral is a JSON number as it is written. Its value is ±mantissa·10^exponent if it is
// exact; otherwise it has too many digits.
type numeral struct {
	end      int // where its text ends, or -1
	mantissa uint64
	exponent int
	negative bool
	exact    bool
	plain    bool // without a fraction and an exponent
}

// exactDigits is how many digits always fit 64 bits.
const exactDigits = 19

// maxExponent is beyond the exponents of all floats, however many digits they have.
const maxExponent = 1 << 30

func isDigit(c byte) bool { return c-'0' <= 9 }

// scanNumber reads the number at i, where a digit or a minus sign is.
func scanNumber(b []byte, i int) numeral {
	n := numeral{end: -1}
	if b[i] == '-' {
		n.negative = true
		i++
	}
	from, digits := i, 0
	for ; isDigit(b[i]); i++ {
		n.mantissa = n.mantissa*10 + uint64(b[i]-'0')
	}
	digits = i - from
	switch {
	case digits == 0:
		return n
	case b[from] == '0' && digits > 1:
		i, digits, n.mantissa = from+1, 1, 0 // the next digit is what does not belong there
	}
	n.plain = true
	if b[i] == '.' {
		n.plain = false
		i++
		from = i
		for ; isDigit(b[i]); i++ {
			n.mantissa = n.mantissa*10 + uint64(b[i]-'0')
		}
		if i == from {
			return n
		}
		n.exponent = from - i
		digits += i - from
	}
	if b[i]|0x20 == 'e' {
		n.plain = false
		i = n.scanExponent(b, i+1)
	}
	n.end, n.exact = i, digits <= exactDigits
	return n
}

// scanExponent reads the exponent at i, and returns where it ends, or -1.
func (n *numeral) scanExponent(b []byte, i int) int {
	negative := b[i] == '-'
	if negative || b[i] == '+' {
		i++
	}
	from, exponent := i, 0
	for ; isDigit(b[i]); i++ {
		exponent = min(exponent*10+int(b[i]-'0'), maxExponent/10)
	}
	switch {
	case i == from:
		return -1
	case negative:
		n.exponent -= exponent
	default:
		n.exponent += exponent
	}
	return i
}

// The powers of ten that a float has exactly.
var (
	tens64 = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22} //nolint:gochecknoglobals // a constant
)

// float64 returns the float that is nearest to n, if that takes one operation on floats
// that are exact, which rounds once (Clinger 1990).
func (n *numeral) float64() (f float64, ok bool) {
	if !n.exact || n.mantissa > 1<<53 || n.exponent <= -len(tens64) || n.exponent >= len(tens64) {
		return 0, false
	}
	f = float64(n.mantissa)
	if n.exponent < 0 {
		f /= tens64[-n.exponent]
	} else {
		f *= tens64[n.exponent]
	}
	if n.negative {
		f = -f
	}
	return f, true
}

// digits reads the number that is next, where one is.
func (d *decoding) digits() numeral {
	if c := d.next(); !isDigit(c) && c != '-' {
		return numeral{end: -1}
	}
	n := scanNumber(d.buf, d.at)
	if n.end >= 0 {
		d.at = n.end
	}
	return n
}
