package json

import (
	"encoding"
	"reflect"
	"slices"
	"strings"
)

// mapping compiles a map whose keys are strings.
func (p *planner) mapping(t reflect.Type) appender {
	key := t.Key()
	if key.Kind() != reflect.String || key == reflect.TypeFor[Number]() ||
		implements[MarshalerTo](key) || implements[Marshaler](key) ||
		implements[encoding.TextAppender](key) || implements[encoding.TextMarshaler](key) {
		return nil
	}
	elem := p.plan(t.Elem())
	if elem == nil {
		return nil
	}
	return func(b []byte, v reflect.Value, depth int) ([]byte, bool) {
		start := len(b)
		if v.Len() == 0 {
			return append(b, "{}"...), true
		}
		var ok bool
		for _, e := range entries(v, t) {
			if b, ok = appendText(append(b, ','), e.name); !ok {
				return b, false
			}
			if b, ok = elem(append(b, ':'), e.value, depth); !ok {
				return b, false
			}
		}
		b[start] = '{'
		return append(b, '}'), true
	}
}

type entry struct {
	name  string
	value reflect.Value
}

// entries returns the entries of the map v of type t, sorted by name. The values
// are copies, because one in a map is not addressable.
func entries(v reflect.Value, t reflect.Type) []entry {
	n := v.Len()
	list, key := make([]entry, 0, n), reflect.New(t.Key()).Elem()
	values := reflect.MakeSlice(reflect.SliceOf(t.Elem()), n, n)
	for all := v.MapRange(); len(list) < n && all.Next(); {
		key.SetIterKey(all)
		value := values.Index(len(list))
		value.SetIterValue(all)
		list = append(list, entry{key.String(), value})
	}
	slices.SortFunc(list, func(a, b entry) int { return strings.Compare(a.name, b.name) })
	return list
}
