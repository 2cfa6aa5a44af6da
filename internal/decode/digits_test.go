package decode_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// numberTexts writes numbers as clients do, and others.
func numberTexts(r *rand.Rand) string {
	switch r.IntN(6) {
	case 0: // any float, as short as it can be
		f := math.Float64frombits(r.Uint64())
		if math.IsNaN(f) || math.IsInf(f, 0) {
			f = 0
		}
		return strconv.FormatFloat(f, "eg"[r.IntN(2)], -1, 64)
	case 1: // any float of 32 bits
		f := float64(math.Float32frombits(r.Uint32()))
		if math.IsNaN(f) || math.IsInf(f, 0) {
			f = 0
		}
		return strconv.FormatFloat(f, 'g', -1, 32)
	case 2: // an amount
		return strconv.FormatFloat(float64(r.Int64N(1e9))/100, 'f', -1, 64)
	case 3: // digits before and behind the point
		return fmt.Sprintf("-%d.%0*d", r.Uint64N(1e12), 1+r.IntN(20), r.Uint64N(1e9))
	case 4: // an integer of any length
		return strconv.FormatUint(r.Uint64()>>r.IntN(64), 10)
	}
	return fmt.Sprintf("%d.%de%d", r.IntN(10), r.Uint64()>>r.IntN(64), r.IntN(60)-30)
}

// Floats are those of strconv, bit for bit, in lists and in members. TENON_FLOATS says how
// many are read.
func TestRead_floats(t *testing.T) {
	t.Parallel()
	total := 20_000
	if more, err := strconv.Atoi(os.Getenv("TENON_FLOATS")); err == nil {
		total = more
	}
	const batch = 500
	target := targetOf[struct {
		Doubles []float64    `json:"doubles"`
		Each    [][1]float64 `json:"each"`
		Singles []float32    `json:"singles"`
	}](false)
	r := rand.New(rand.NewPCG(5, 6))
	for done := 0; done < total; done += batch {
		texts, each, singles := make([]string, 0, batch), make([]string, 0, batch), []string{}
		for range batch {
			word := numberTexts(r)
			if _, err := strconv.ParseFloat(word, 64); err != nil {
				continue
			}
			texts, each = append(texts, word), append(each, "["+word+"]")
			if _, err := strconv.ParseFloat(word, 32); err == nil {
				singles = append(singles, word)
			}
		}
		body := fmt.Sprintf(`{"doubles":[%s],"each":[%s],"singles":[%s]}`, strings.Join(texts, ","), strings.Join(each, ","), strings.Join(singles, ", "))
		dst, got := reflect.New(target.typ).Elem(), &verdict{}
		require.NoError(t, target.reader.Read([]byte(body), dst, got))
		require.Empty(t, got.wrong)
		for i, word := range texts {
			want, _ := strconv.ParseFloat(word, 64)
			require.Equal(t, math.Float64bits(want), math.Float64bits(dst.Field(0).Index(i).Float()), word)
			require.Equal(t, math.Float64bits(want), math.Float64bits(dst.Field(1).Index(i).Index(0).Float()), word)
		}
		for i, word := range singles {
			want, _ := strconv.ParseFloat(word, 32)
			require.Equal(t, math.Float64bits(want), math.Float64bits(dst.Field(2).Index(i).Float()), word)
		}
	}
}
