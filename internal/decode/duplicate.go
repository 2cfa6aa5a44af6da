package decode

import (
	"bytes"
	"reflect"
	"slices"
)

// duplicate makes v, which is settable and holds what the node reads, share nothing that
// reading, checking or a Validate method changes: pointers, slices and maps are replaced by
// copies. What a type that reads itself holds inside stays shared, and so does what an
// interface holds: neither is changed.
func duplicate(n node, v reflect.Value) {
	switch n := n.(type) {
	case *validated:
		duplicate(n.node, v)
	case *wrapper:
		n.duplicate(v)
	case *object:
		n.duplicate(v)
	case *mapping:
		n.duplicate(v)
	case *list:
		if v.IsNil() {
			return
		}
		copied := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(copied, v)
		v.Set(copied)
		duplicateItems(n.item, v)
	case *array:
		duplicateItems(n.item, v)
	case *base64Bytes:
		if v.Kind() == reflect.Slice {
			v.SetBytes(bytes.Clone(v.Bytes()))
		}
	}
}

func duplicateItems(n node, list reflect.Value) {
	if isPlain(n) {
		return
	}
	for i := range list.Len() {
		duplicate(n, list.Index(i))
	}
}

func (n *wrapper) duplicate(v reflect.Value) {
	inner, ok := n.inside(v)
	if !ok {
		return
	}
	if v.Kind() == reflect.Pointer {
		copied := reflect.New(v.Type().Elem())
		copied.Elem().Set(inner)
		v.Set(copied)
		inner = copied.Elem()
	}
	duplicate(n.elem, inner)
}

func (n *object) duplicate(v reflect.Value) {
	var done [][]int // the embedded pointers that are copied
	for i := range n.members {
		m := &n.members[i]
		if !m.reachable(v) {
			continue
		}
		done = duplicateWay(v, m.index, done)
		duplicate(m.node, m.field(v))
	}
	if n.rest == nil {
		return
	}
	if inner, ok := n.rest.inside(v); ok && n.rest.values != nil {
		duplicateWay(v, n.rest.index, done)
		if field := n.rest.field(v); field.Kind() == reflect.Pointer {
			field.Set(reflect.New(inner.Type()))
			field.Elem().Set(inner)
			inner = field.Elem()
		} else {
			inner = field
		}
		n.rest.values.duplicate(inner)
	}
}

// duplicateWay copies the structs behind the embedded pointers on the way to a field of v,
// but for those that are done, and returns which are by then.
func duplicateWay(v reflect.Value, index []int, done [][]int) [][]int {
	for i := 1; i < len(index); i++ {
		way := index[:i]
		at := v.FieldByIndex(way)
		isWay := func(other []int) bool { return slices.Equal(way, other) }
		if at.Kind() != reflect.Pointer || !at.CanSet() || slices.ContainsFunc(done, isWay) {
			continue
		}
		copied := reflect.New(at.Type().Elem())
		copied.Elem().Set(at.Elem())
		at.Set(copied)
		done = append(done, way)
	}
	return done
}

func (n *mapping) duplicate(v reflect.Value) {
	if v.IsNil() {
		return
	}
	copied := reflect.MakeMapWithSize(v.Type(), v.Len())
	for key, elem := range v.Seq2() {
		elem = Addressable(elem)
		duplicate(n.elem, elem)
		copied.SetMapIndex(key, elem)
	}
	v.Set(copied)
}
