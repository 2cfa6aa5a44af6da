package encode

import (
	"cmp"
	"math/bits"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/tenonkit/tenon/internal/shape"
)

// scalarRoom is as much as a bool or a number takes at most.
const scalarRoom = 32

// list compiles a slice or array. Each item gets a comma before it, the first of
// which then becomes the bracket.
func (p *planner) list(x shape.Type) appender {
	item := p.plan(x.Base.Elem())
	if item == nil {
		return nil
	}
	return func(b []byte, v reflect.Value, depth int) ([]byte, bool) {
		n, start := v.Len(), len(b)
		if n == 0 {
			return append(b, "[]"...), true
		}
		var ok bool
		for i := range n {
			if b, ok = item(append(room(b, scalarRoom), ','), v.Index(i), depth); !ok {
				return b, false
			}
		}
		b[start] = '['
		return append(b, ']'), true
	}
}

// common returns the appender of the lists and maps that are seen most, which need
// no reflection for what is in them, and nil for every other type.
func common(t reflect.Type) appender {
	switch t {
	case reflect.TypeFor[[]string]():
		return listOf(appendText)
	case reflect.TypeFor[[]int]():
		return listOf(appendInt[int])
	case reflect.TypeFor[[]int64]():
		return listOf(appendInt[int64])
	case reflect.TypeFor[[]float64]():
		return listOf(appendFloat)
	case reflect.TypeFor[map[string]string]():
		return mapOf(appendText)
	case reflect.TypeFor[map[string]int]():
		return mapOf(appendInt[int])
	case reflect.TypeFor[map[string]int64]():
		return mapOf(appendInt[int64])
	case reflect.TypeFor[map[string]float64]():
		return mapOf(appendFloat)
	case reflect.TypeFor[map[string]bool]():
		return mapOf(appendBool)
	}
	return nil
}

func appendInt[T int | int64](b []byte, n T) ([]byte, bool) {
	return strconv.AppendInt(b, int64(n), 10), true
}

func appendBool(b []byte, is bool) ([]byte, bool) { return strconv.AppendBool(b, is), true }

func listOf[T any](write func(b []byte, item T) ([]byte, bool)) appender {
	return func(b []byte, v reflect.Value, _ int) ([]byte, bool) {
		list, ok := reflect.TypeAssert[[]T](v)
		switch {
		case !ok:
			return b, false
		case len(list) == 0:
			return append(b, "[]"...), true
		}
		start := len(b)
		for _, item := range list {
			if b, ok = write(append(room(b, scalarRoom), ','), item); !ok {
				return b, false
			}
		}
		b[start] = '['
		return append(b, ']'), true
	}
}

// An entry of a map, whose value stands at an index of another list. Entries are sorted
// by name: by the first word of it, most often. They are of one type for all maps, since
// each type that is sorted costs 20 KB of a program.
type entry struct {
	head uint64
	name string
	at   int
}

func newEntry(name string, at int) entry {
	if len(name) >= word {
		return entry{bits.ReverseBytes64(wordAt(name, 0)), name, at}
	}
	var head uint64
	for i := range len(name) {
		head |= uint64(name[i]) << (56 - 8*i)
	}
	return entry{head, name, at}
}

func compareEntries(a, b *entry) int {
	if a.head != b.head {
		return cmp.Compare(a.head, b.head)
	}
	return strings.Compare(a.name, b.name)
}

// few is how many entries are sorted without memory of their own: BenchmarkPlan.
const few = 16

func sortEntries(list []entry) {
	if len(list) > few {
		slices.SortFunc(list, func(a, b entry) int { return compareEntries(&a, &b) })
		return
	}
	for i := 1; i < len(list); i++ {
		for j := i; j > 0 && compareEntries(&list[j], &list[j-1]) < 0; j-- {
			list[j], list[j-1] = list[j-1], list[j]
		}
	}
}

func mapOf[T any](write func(b []byte, value T) ([]byte, bool)) appender {
	return func(b []byte, v reflect.Value, _ int) ([]byte, bool) {
		of, ok := reflect.TypeAssert[map[string]T](v)
		switch {
		case !ok:
			return b, false
		case len(of) == 0:
			return append(b, "{}"...), true
		}
		var entries [few]entry
		var fewValues [few]T
		list, values := entries[:0], fewValues[:0]
		if len(of) > few {
			list, values = make([]entry, 0, len(of)), make([]T, 0, len(of))
		}
		for name, value := range of {
			list, values = append(list, newEntry(name, len(values))), append(values, value)
		}
		sortEntries(list)
		start := len(b)
		for i := range list {
			if b, ok = appendText(append(room(b, scalarRoom), ','), list[i].name); !ok {
				return b, false
			}
			if b, ok = write(append(room(b, scalarRoom), ':'), values[list[i].at]); !ok {
				return b, false
			}
		}
		b[start] = '{'
		return append(b, '}'), true
	}
}

// mapping compiles a map whose keys are strings.
func (p *planner) mapping(x shape.Type) appender {
	t, key := x.Base, x.Key()
	if key.IsWrapped() || key.Writes != shape.String {
		return nil
	}
	elem := p.plan(t.Elem())
	if elem == nil {
		return nil
	}
	spaces := &sync.Pool{New: func() any { return &mapSpace{key: reflect.New(t.Key()).Elem()} }}
	return func(b []byte, v reflect.Value, depth int) ([]byte, bool) {
		if v.Len() == 0 {
			return append(b, "{}"...), true
		}
		start := len(b)
		space, _ := spaces.Get().(*mapSpace)
		var ok bool
		for _, e := range space.entries(v, t) {
			if b, ok = appendText(append(room(b, scalarRoom), ','), e.name); !ok {
				return b, false
			}
			if b, ok = elem(append(b, ':'), space.values.Index(e.at), depth); !ok {
				return b, false
			}
		}
		if space.reset() {
			spaces.Put(space)
		}
		b[start] = '{'
		return append(b, '}'), true
	}
}

// A mapSpace is where the entries of a map are sorted. It is used again.
type mapSpace struct {
	all    reflect.MapIter
	key    reflect.Value
	values reflect.Value // a slice of copies, because a value in a map is not addressable
	list   []entry
}

// entries returns the entries of the map v of type t, sorted by name.
func (x *mapSpace) entries(v reflect.Value, t reflect.Type) []entry {
	n := v.Len()
	if cap(x.list) < n {
		x.list = make([]entry, 0, n)
		x.values = reflect.MakeSlice(reflect.SliceOf(t.Elem()), n, n)
	}
	x.all.Reset(v)
	for len(x.list) < n && x.all.Next() {
		x.key.SetIterKey(&x.all)
		at := len(x.list)
		x.values.Index(at).SetIterValue(&x.all)
		x.list = append(x.list, newEntry(x.key.String(), at))
	}
	sortEntries(x.list)
	return x.list
}

// keptSpace is the size of the values up to which a mapSpace is kept. What it keeps
// besides is smaller than that by far.
const keptSpace = 64 << 10

// reset forgets the map, and reports whether x is small enough to be used again.
func (x *mapSpace) reset() bool {
	if uintptr(cap(x.list))*x.values.Type().Elem().Size() > keptSpace || cap(x.list) > keptSpace/64 {
		return false
	}
	x.all.Reset(reflect.Value{})
	x.key.SetZero()
	x.values.Clear()
	clear(x.list)
	x.list = x.list[:0]
	return true
}
