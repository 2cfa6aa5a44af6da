package encode_test

import (
	"bytes"
	"math"
	"math/rand/v2"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/encode"
)

// sameFloats writes the numbers by a plan and by the engine.
func sameFloats(t *testing.T, list []float64) {
	t.Helper()
	var plan, engine bytes.Buffer
	require.NoError(t, encode.For(reflect.TypeFor[[]float64]()).Encode(&plan, &list))
	require.NoError(t, encode.Dynamic().Encode(&engine, &list))
	got, want := bytes.Split(plan.Bytes(), []byte(",")), bytes.Split(engine.Bytes(), []byte(","))
	require.Len(t, got, len(want))
	for i := range want {
		if !bytes.Equal(want[i], got[i]) {
			t.Fatalf("%x: %s, want %s", math.Float64bits(list[i]), got[i], want[i])
		}
	}
}

// Decimals of any length up to 17 digits, and their neighbors.
func TestAppendFloat_decimals(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 1))
	var list []float64
	for digits := range 18 {
		most := uint64(math.Pow10(digits))
		for point := range 24 {
			for range 60 {
				f := float64(random.Uint64N(most+1)) / math.Pow10(point)
				list = append(list, f, -f, math.Nextafter(f, 0), math.Nextafter(f, math.Inf(1)))
			}
			f := float64(most) / math.Pow10(point)
			list = append(list, f, math.Nextafter(f, 0), math.Nextafter(f, math.Inf(1)), -f)
		}
	}
	sameFloats(t, list)
}

// The limits of the short way, and what lies just beyond them.
func TestAppendFloat_limits(t *testing.T) {
	t.Parallel()
	var list []float64
	for _, f := range []float64{0, 1e-9, 1e-7, 1e-6, 5e-7, 1, 999_999, 1e6, 999_999.999999999, 999_999_999_999.999, 1e12, 1e15, 1 << 53, 1e20, 1e21, 5e-324, math.MaxFloat64} {
		below, above := f, f
		for range 50 {
			list = append(list, below, above, -below, -above)
			below, above = math.Nextafter(below, -1), math.Nextafter(above, math.MaxFloat64)
		}
	}
	sameFloats(t, list)
}

func TestAppendFloat_random(t *testing.T) {
	t.Parallel()
	n := 300_000
	if testing.Short() {
		n = 30_000
	}
	random := rand.New(rand.NewPCG(2, 2))
	list := make([]float64, 0, n)
	for len(list) < n {
		if f := math.Float64frombits(random.Uint64()); !math.IsNaN(f) && !math.IsInf(f, 0) {
			list = append(list, f, random.NormFloat64()*1e4)
		}
	}
	sameFloats(t, list)
}

func BenchmarkAppendFloat(b *testing.B) {
	for name, f := range map[string]float64{"price": 19.95, "coordinate": 48.1371543, "integer": 42, "third": 1.0 / 3, "large": 123_456_789.25} {
		list := make([]float64, 100)
		for i := range list {
			list[i] = f + float64(i)
		}
		for by, codec := range map[string]encode.Codec{"plan": encode.For(reflect.TypeFor[[]float64]()), "engine": encode.Dynamic()} {
			b.Run("number="+name+"/by="+by, func(b *testing.B) {
				var buf bytes.Buffer
				b.ReportAllocs()
				for b.Loop() {
					buf.Reset()
					_ = codec.Encode(&buf, &list)
				}
			})
		}
	}
}
