package encode_test

import (
	"bytes"
	"fmt"
	"reflect"
	"runtime"
	"strings"
	"testing"
	"weak"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/kittest"
)

// commonValues returns lists and maps of n, each kind that has an appender of its own
// beside one that has not.
func commonValues(n int) []any {
	type named map[label]string
	var (
		texts, ints, longs, floats = make([]string, n), make([]int, n), make([]int64, n), make([]float64, n)
		a, b, c, d, e              = map[string]string{}, map[string]int{}, map[string]int64{}, map[string]float64{}, map[string]bool{}
		x, y, z                    = named{}, map[string][]string{}, map[string]pair{}
	)
	for i := range n {
		name := fmt.Sprintf("n\"%d", n-i)
		texts[i], ints[i], longs[i], floats[i] = name, -i, int64(i)<<32, float64(i)/8
		a[name], b[name], c[name], d[name], e[name] = name, i, int64(-i), floats[i], i%2 == 0
		x[label(name)], y[name], z[name] = name, texts[:i], pair{i, i}
	}
	return []any{&texts, &ints, &longs, &floats, &a, &b, &c, &d, &e, &x, &y, &z}
}

func TestPlan_listsAndMaps(t *testing.T) {
	t.Parallel()
	for _, n := range []int{0, 1, 2, 15, 16, 17, 100, 2000} {
		for _, p := range commonValues(n) {
			likeEngine(t, p)
			likeEngine(t, p) // what was used for the first is used again
		}
	}
	likeEngine(t, &map[string]int{"": 1, "\x00": 2, "a": 3, "a\x00": 4, "a\x00b": 5, "é": 6, "same first word b": 7, "same first word a": 8, "same fir": 9, "same fi": 10})
	likeEngine(t, &map[string]string{"a": "\xff"})
	likeEngine(t, &map[string]string{"a\xff": "b"})
	likeEngine(t, &[]string{"a", "\xff"})
	likeEngine(t, new(map[string]bool))
	likeEngine(t, new([]int64))
	likeEngine(t, &map[string]map[string]map[string]pair{"b": {"d": {"e": {}}, "c": {}}, "a": nil})
}

func TestPlan_allocations(t *testing.T) {
	for _, n := range []int{5, 16} {
		for _, p := range commonValues(n) {
			t.Run(fmt.Sprintf("%T/%d", p, n), func(t *testing.T) {
				codec := encode.For(reflect.TypeOf(p).Elem())
				var buf bytes.Buffer
				kittest.Allocs(t, 0, func() {
					buf.Reset()
					_ = codec.Encode(&buf, p)
				})
			})
		}
	}
}

// The place where a map is sorted keeps nothing of it for the next one.
func TestPlan_forgetsMaps(t *testing.T) {
	codec := encode.For(reflect.TypeFor[map[string]*tree]())
	var buf bytes.Buffer
	gone := func() weak.Pointer[tree] {
		leaf := &tree{Name: "leaf"}
		require.NoError(t, codec.Encode(&buf, &map[string]*tree{"a": leaf}))
		return weak.Make(leaf)
	}()
	runtime.GC()
	assert.Nil(t, gone.Value())
	assert.JSONEq(t, `{"a":{"name":"leaf","children":[]}}`, buf.String())
}

// BenchmarkGrow writes 1 MB into a buffer that is new each time.
func BenchmarkGrow(b *testing.B) {
	list := make([]string, 10_000)
	for i := range list {
		list[i] = strings.Repeat("x", 100)
	}
	codec := encode.For(reflect.TypeFor[[]string]())
	b.ReportAllocs()
	for b.Loop() {
		var buf bytes.Buffer
		_ = codec.Encode(&buf, &list)
	}
}
