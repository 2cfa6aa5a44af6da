package multiple_test

import (
	"math/big"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/multiple"
)

// multiples are texts of floats that are multiples of a unit, and of ones that
// are not.
var multiples = []struct {
	unit      string
	size      int
	good, bad []string
}{
	{"2", 64, []string{"0", "-0", "4", "-2", "1e308", "9007199254740992", "9007199254740993"}, []string{"2251799813685249", "9007199254740991", "1", "0.5", "-3"}},
	{"2", 32, []string{"4194304"}, []string{"4194305", "16777215"}},
	{"1", 64, []string{"2251799813685247", "-1"}, []string{"2251799813685247.5", "0.1", "1e-300"}},
	{"1024", 64, []string{"1152921504606846976"}, []string{"1152921504606846976.5e-3"}},
	{"0.01", 64, []string{"0.07", "1.15", "4.35", "1070468.14", "0", "-0.01", "20000000000000.01", "1e300"}, []string{"20000000000000.004", "0.005", "1.151", "1e-300", "5e-324"}},
	{"0.01", 32, []string{"0.07", "1.15", "4.35"}, []string{"0.005", "1.151"}},
	{"0.5", 64, []string{"1e308", "0.5", "-1.5"}, []string{"0.25", "0.1"}},
	{"1e-300", 64, []string{"1e308", "1.7976931348623157e308", "2e-300"}, []string{"1e-301", "5e-324"}},
	{"0.3", 64, []string{"0.3", "0.9", "3e307"}, []string{"1e308", "0.1"}},
	{"1e22", 64, []string{"1e22", "3e22"}, []string{"1e21"}},
	{"2.50", 64, []string{"5", "7.5", "10"}, []string{"2.6", "0.25"}},
	{"0.1234567890123456789", 64, []string{"0"}, []string{"1"}},
}

func TestUnit_DividesFloat(t *testing.T) {
	t.Parallel()
	for _, tc := range multiples {
		u, err := multiple.Of(tc.unit)
		require.NoError(t, err, tc.unit)
		divides := func(text string) bool {
			n, err := strconv.ParseFloat(text, tc.size)
			require.NoError(t, err)
			return u.DividesFloat(n, tc.size)
		}
		for _, text := range tc.good {
			assert.True(t, divides(text), "%s of %s", text, tc.unit)
		}
		for _, text := range tc.bad {
			assert.False(t, divides(text), "%s of %s", text, tc.unit)
		}
	}
}

func TestUnit_Divides(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("7", 500_000)
	for unit, texts := range map[string]struct{ good, bad []string }{
		"2":                   {[]string{"0", "-0.0", "0e5", "18446744073709551616", "1e999999999999999999999", "20e-1", "0.00000002e8", "-4"}, []string{"18446744073709551617", "1e-999999999999999999999", long, "x", "", "1.", ".5", "1e", "1_0"}},
		"7":                   {[]string{long, long + "e999999999"}, []string{long + "1", "1e999999999"}},
		"0.01":                {[]string{"20000000000000.00", "1.1500", long + ".25"}, []string{"20000000000000.004", long + ".255"}},
		"1e-5":                {[]string{"0.00001", "1e308", "3.00002"}, []string{"0.000001"}},
		"9999999999999999999": {[]string{"9999999999999999999", "99999999999999999990", "9999999999999999999e10"}, []string{"9999999999999999998"}},
	} {
		u, err := multiple.Of(unit)
		require.NoError(t, err, unit)
		for _, text := range texts.good {
			assert.True(t, u.Divides(text), "%.40s of %s", text, unit)
		}
		for _, text := range texts.bad {
			assert.False(t, u.Divides(text), "%.40s of %s", text, unit)
		}
	}
	for _, unit := range []string{"0", "-1", "", "x", "0.0", "0e3", "NaN", "1e999", "12345678901234567890.1"} {
		_, err := multiple.Of(unit)
		require.Error(t, err, unit)
	}
}

// FuzzUnit compares with rational arithmetic.
func FuzzUnit(f *testing.F) {
	for _, tc := range multiples {
		for _, text := range append(tc.good, tc.bad...) {
			f.Add(tc.unit, text)
		}
	}
	f.Fuzz(func(t *testing.T, unit, text string) {
		u, err := multiple.Of(unit)
		x, okX := rational(unit)
		y, okY := rational(text)
		if err != nil || !okX || !okY {
			return
		}
		require.Equal(t, new(big.Rat).Quo(y, x).IsInt(), u.Divides(text), "%s of %s", text, unit)
	})
}

// number is what JSON and strconv write.
var number = regexp.MustCompile(`^-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$`)

// rational reads a number of a size that takes no time.
func rational(text string) (*big.Rat, bool) {
	if !number.MatchString(text) || len(text) > 100 {
		return nil, false
	}
	f, err := strconv.ParseFloat(text, 64)
	if err != nil || f == 0 {
		return nil, false
	}
	return new(big.Rat).SetString(text)
}

func TestUnit_DividesFloat_allocates(t *testing.T) {
	u, err := multiple.Of("0.01")
	require.NoError(t, err)
	kittest.Allocs(t, 0, func() { u.DividesFloat(1070468.14, 64) })
}
