package encode_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/kittest"
)

// A typeMaker makes types and values of them at random.
type typeMaker struct{ *rand.Rand }

// leaves are the types of which others are made: with and without methods, known
// to a plan and left to the engine.
func leaves() []reflect.Type {
	return []reflect.Type{
		reflect.TypeFor[bool](), reflect.TypeFor[int](), reflect.TypeFor[int8](), reflect.TypeFor[int64](), reflect.TypeFor[uint16](), reflect.TypeFor[uintptr](),
		reflect.TypeFor[float32](), reflect.TypeFor[float64](), reflect.TypeFor[string](), reflect.TypeFor[label](), reflect.TypeFor[any](),
		reflect.TypeFor[[]byte](), reflect.TypeFor[[3]byte](), reflect.TypeFor[[]byteKind](), reflect.TypeFor[time.Time](), reflect.TypeFor[time.Duration](),
		reflect.TypeFor[written](), reflect.TypeFor[zeroing](), reflect.TypeFor[pointerJSON](), reflect.TypeFor[pointerText](),
		reflect.TypeFor[bothTexts](), reflect.TypeFor[namedNumber](), reflect.TypeFor[tree](), reflect.TypeFor[wrapped[label]](), reflect.TypeFor[reading](),
	}
}

type wrapped[T any] struct {
	Value T `json:"value,omitempty"`
	Next  *wrapped[T]
}

func (m typeMaker) typ(depth int) reflect.Type {
	kind := m.IntN(10)
	if depth == 0 {
		kind = 0
	}
	switch kind {
	case 1:
		return reflect.SliceOf(m.typ(depth - 1))
	case 2:
		return reflect.ArrayOf(m.IntN(3), m.typ(depth-1))
	case 3:
		return reflect.PointerTo(m.typ(depth - 1))
	case 4:
		keys := []reflect.Type{reflect.TypeFor[string](), reflect.TypeFor[label](), reflect.TypeFor[stringKey](), reflect.TypeFor[int8](), reflect.TypeFor[any]()}
		return reflect.MapOf(keys[m.IntN(len(keys))], m.typ(depth-1))
	case 5, 6, 7, 8:
		return m.object(depth)
	}
	all := leaves()
	return all[m.IntN(len(all))]
}

func (m typeMaker) object(depth int) reflect.Type {
	tags := []string{``, `json:"é <&>"`, `json:"x"`, `json:",omitempty"`, `json:",omitzero"`, `json:"y,omitzero,omitempty"`, `json:"-"`, `json:",string"`, `json:"'q'"`}
	fields := make([]reflect.StructField, 1+m.IntN(4))
	for i := range fields {
		fields[i] = reflect.StructField{Name: fmt.Sprint("F", i), Type: m.typ(depth - 1), Tag: reflect.StructTag(tags[m.IntN(len(tags))])}
	}
	return reflect.StructOf(fields)
}

// fill sets v at random, more often to what is written than to what is not.
func (m typeMaker) fill(v reflect.Value) {
	texts := []string{"", "plain", "\"\\\n", "é\U0001F600\u2028", "<&>", strings.Repeat("long ", 4)}
	if m.IntN(6) == 0 || !v.CanSet() {
		return
	}
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(m.Int64() >> m.IntN(64))
	case reflect.Uint8, reflect.Uint16, reflect.Uint64, reflect.Uintptr:
		v.SetUint(m.Uint64() >> m.IntN(64))
	case reflect.Float32, reflect.Float64:
		v.SetFloat(m.NormFloat64() * math.Pow10(m.IntN(60)-30))
		if m.IntN(2) == 0 {
			v.SetFloat(float64(m.IntN(1e9)) / math.Pow10(m.IntN(10)))
		}
	case reflect.String:
		v.SetString(texts[m.IntN(len(texts))])
		if m.IntN(200) == 0 {
			v.SetString("\xff")
		}
	case reflect.Interface:
		v.Set(reflect.ValueOf([]any{1, "a", true, map[string]any{"b": 1.5}}[m.IntN(4)]))
	case reflect.Pointer:
		if m.IntN(3) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			m.fill(v.Elem())
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), m.IntN(3), 4))
		fallthrough
	case reflect.Array:
		for i := range v.Len() {
			m.fill(v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range m.IntN(4) {
			key, elem := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			if key.Kind() == reflect.Interface {
				key.Set(reflect.ValueOf(texts[m.IntN(len(texts))]))
			} else {
				m.fill(key)
			}
			m.fill(elem)
			v.SetMapIndex(key, elem)
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			m.fill(field)
		}
	}
}

// A plan of any type writes what the engine writes.
func TestPlan_likeEngineForAnyType(t *testing.T) {
	t.Parallel()
	planned, all := 0, kittest.Rounds(1500)
	for seed := range uint64(all) {
		m := typeMaker{rand.New(rand.NewPCG(seed, 1))}
		typ := m.typ(4)
		for range 3 {
			v := reflect.New(typ)
			m.fill(v.Elem())
			if !assert.True(t, likeEngine(t, v.Interface()), "%d: %v", seed, typ) {
				return
			}
		}
		if encode.For(typ).IsPure() {
			planned++
		}
	}
	assert.Greater(t, planned, all/5)
}

// One codec serves many goroutines.
func TestPlan_concurrent(t *testing.T) {
	t.Parallel()
	v := newShapes("a,\"b\"", 1.5, 3, 4, []byte{127, 0, 0, 1})
	v.Number, v.Any = "", nil
	v.Inside = []shapes{v}
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			for range 20 {
				likeEngine(t, &v)
			}
		})
	}
	group.Wait()
}
