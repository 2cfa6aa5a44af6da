package encode

import (
	"math"
	"strconv"
)

// appendFloat appends a number in the form of ECMAScript, as the engine does.
func appendFloat(b []byte, f float64) ([]byte, bool) {
	if b, ok := appendDecimal(b, f); ok {
		return b, true
	}
	if math.IsNaN(f) || math.IsInf(f, 0) {
		return b, false
	}
	abs := math.Abs(f)
	return appendShortest(b, f, abs != 0 && (abs < 1e-6 || abs >= 1e21), 64), true
}

func appendFloat32(b []byte, f float32) ([]byte, bool) {
	wide := float64(f)
	if math.IsNaN(wide) || math.IsInf(wide, 0) {
		return b, false
	}
	abs := float32(math.Abs(wide))
	return appendShortest(b, wide, abs != 0 && (abs < 1e-6 || abs >= 1e21), 32), true
}

// appendShortest appends the shortest decimal that is read as f.
func appendShortest(b []byte, f float64, scientific bool, bits int) []byte {
	if !scientific {
		return strconv.AppendFloat(b, f, 'f', -1, bits)
	}
	b = strconv.AppendFloat(b, f, 'e', -1, bits)
	// An exponent of one digit has a zero before it, which JavaScript leaves out.
	if n := len(b); b[n-4] == 'e' && b[n-3] == '-' && b[n-2] == '0' {
		b[n-2] = b[n-1]
		b = b[:n-1]
	}
	return b
}

// appendDecimal appends f if it is a decimal of at most 15 digits, with few after the
// point, such as a price, a coordinate or a percentage. Two such decimals are never
// one float64, so the one that is read as f is the shortest: BenchmarkAppendFloat.
func appendDecimal(b []byte, f float64) ([]byte, bool) {
	scale, digits, abs := uint64(1e9), 9, math.Abs(f)
	switch {
	case abs < 1e-6:
		return b, false // zero has a sign, too
	case abs < 1e6:
	case abs < 1e12:
		scale, digits = 1e3, 3
	default:
		return b, false
	}
	n := uint64(abs*float64(scale) + 0.5)
	if float64(n)/float64(scale) != abs { // both are exact, so that this is what a reader gets
		return b, false
	}
	if f < 0 {
		b = append(b, '-')
	}
	b = strconv.AppendUint(b, n/scale, 10)
	rest := n % scale
	if rest == 0 {
		return b, true
	}
	for ; rest%1000 == 0; rest /= 1000 {
		digits -= 3
	}
	for ; rest%10 == 0; rest /= 10 {
		digits--
	}
	b = append(b, ".000000000"[:1+digits]...)
	for i := len(b) - 1; rest > 0; i-- {
		b[i] = byte('0' + rest%10)
		rest /= 10
	}
	return b, true
}
