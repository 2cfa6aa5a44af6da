package drift_test

import (
	"encoding/json"
	"maps"
	"math"
	"math/big"
	"math/rand/v2"
	"net/netip"
	"reflect"
	"slices"
	"strconv"
	"time"

	"github.com/tenonkit/tenon/bind"
)

// words are texts that some constraint or format may be about.
var words = []string{
	"", "a", "b", "ab", "abc", "aé漢", "red", "green", "x@example.com", "example.com", "2026-01-02",
	"8d0eb9ac-7d2d-4b5c-9c1a-3a2d1f4f9b11", "192.0.2.1", "2026-01-02T15:04:05Z", "12", "-7", "1.5", "AQID", "AQIDBA==", "null", "::1",
	"1e2", "1.0", "2026-01-02t15:04:05z", "2026-01-02T15:04", "15:04", "15:04:05Z", "joe@invalid=domain.com", "//a@b@host", "(555)", "a_1", "xa{", "]", "ABCD",
}

func word(r *rand.Rand) string { return words[r.IntN(len(words))] }

// fill stores a random value in v, which is settable and zero.
func fill(r *rand.Rand, v reflect.Value, depth int) {
	if special(r, v) {
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(r.IntN(2) == 0)
	case reflect.String:
		v.SetString(word(r))
	case reflect.Float32, reflect.Float64:
		v.SetFloat([]float64{0, 0.5, -1, 1e20, 3.25, math.MaxFloat32, 0.1}[r.IntN(7)])
	case reflect.Pointer:
		if depth > 0 && r.IntN(3) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(r, v.Elem(), depth-1)
		}
	case reflect.Slice:
		if depth > 0 && r.IntN(4) > 0 {
			v.Set(reflect.MakeSlice(v.Type(), r.IntN(4), 4))
		}
		for i := range v.Len() {
			fill(r, v.Index(i), depth-1)
		}
	case reflect.Array:
		for i := range v.Len() {
			fill(r, v.Index(i), depth-1)
		}
	case reflect.Map:
		fillMap(r, v, depth)
	case reflect.Struct:
		for _, field := range v.Fields() {
			if field.CanSet() {
				fill(r, field, depth-1)
			}
		}
	case reflect.Interface:
		if x := junk(r, 2); x != nil {
			v.Set(reflect.ValueOf(x))
		}
	default:
		fillInteger(r, v)
	}
}

func fillMap(r *rand.Rand, v reflect.Value, depth int) {
	if depth <= 0 || r.IntN(4) == 0 {
		return
	}
	v.Set(reflect.MakeMap(v.Type()))
	for range r.IntN(3) {
		key, elem := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
		fill(r, key, depth-1)
		fill(r, elem, depth-1)
		v.SetMapIndex(key, elem)
	}
}

func fillInteger(r *rand.Rand, v reflect.Value) {
	bits := v.Type().Bits()
	if v.CanUint() {
		largest := uint64(math.MaxUint64) >> (64 - bits)
		v.SetUint([]uint64{0, 1, 5, largest, largest / 2}[r.IntN(5)])
		return
	}
	largest := int64(math.MaxInt64) >> (64 - bits)
	v.SetInt([]int64{0, 1, 2, 5, -1, largest, -largest - 1}[r.IntN(7)])
}

// special fills the types that are more than their kind.
func special(r *rand.Rand, v reflect.Value) bool {
	switch p := v.Addr().Interface().(type) {
	case *time.Time:
		if r.IntN(4) > 0 {
			*p = time.Unix(r.Int64N(4e9), r.Int64N(1e9)).In(time.FixedZone("", 60*r.IntN(600)))
		}
	case *json.Number:
		*p = json.Number([]string{"", "1", "-2.5e10", "0"}[r.IntN(4)])
	case *json.RawMessage:
		if r.IntN(4) > 0 {
			*p, _ = json.Marshal(junk(r, 2)) //nolint:errchkjson // junk is JSON
		}
	case *netip.Addr:
		if r.IntN(4) > 0 {
			*p = netip.AddrFrom4([4]byte{192, 0, 2, byte(r.IntN(256))})
		}
	case *big.Int:
		p.Exp(big.NewInt(r.Int64N(1000)-500), big.NewInt(r.Int64N(20)), nil)
	case *bind.Opt[string]:
		*p = []bind.Opt[string]{{}, bind.Null[string](), bind.Some(word(r))}[r.IntN(3)]
	case *bind.Opt[int]:
		*p = []bind.Opt[int]{{}, bind.Null[int](), bind.Some(r.IntN(9))}[r.IntN(3)]
	case *bind.Opt[[]int]:
		*p = []bind.Opt[[]int]{{}, bind.Null[[]int](), bind.Some([]int{1, 2}), bind.Some[[]int](nil)}[r.IntN(4)]
	default:
		return false
	}
	return true
}

// junk returns a random value of JSON.
func junk(r *rand.Rand, depth int) any {
	n := 9
	if depth > 0 {
		n = 13
	}
	switch r.IntN(n) {
	case 0:
		return nil
	case 1:
		return r.IntN(2) == 0
	case 2, 3:
		return word(r)
	case 4:
		return json.Number([]string{
			"1.0", "1e2", "1.5", "-0", "-1", "300", "70000", "5000000000", "1e19", "-1e19", "1e30", "1e400", "1e39",
			"2251799813685249", "9007199254740991", "2251799813685247.5", "20000000000000.004", "4194305", "1e308", "4.35", "123456",
		}[r.IntN(21)])
	case 5, 6, 7, 8:
		return json.Number(strconv.Itoa(r.IntN(12) - 1))
	case 9, 10:
		list := make([]any, r.IntN(5))
		for i := range list {
			list[i] = junk(r, depth-1)
		}
		return list
	}
	object := map[string]any{}
	for range r.IntN(3) {
		object[[]string{"v", "id", "name", "1", "-3", "x", "b"}[r.IntN(7)]] = junk(r, depth-1)
	}
	return object
}

// mutate changes something in a value of JSON.
func mutate(r *rand.Rand, v any) any {
	switch v := v.(type) {
	case map[string]any:
		if len(v) == 0 || r.IntN(6) == 0 {
			v[word(r)] = junk(r, 1)
			return v
		}
		names := slices.Sorted(maps.Keys(v)) // so that a seed always draws the same
		name := names[r.IntN(len(names))]
		switch r.IntN(6) {
		case 0:
			delete(v, name)
		case 1:
			v[name] = nil
		default:
			v[name] = mutate(r, v[name])
		}
		return v
	case []any:
		if len(v) == 0 || r.IntN(3) == 0 {
			return append(v, junk(r, 1))
		}
		i := r.IntN(len(v))
		if r.IntN(4) == 0 {
			return append(v, v[i])
		}
		v[i] = mutate(r, v[i])
		return v
	}
	return junk(r, 2)
}
