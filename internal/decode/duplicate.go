package decode

import (
	"bytes"
	"errors"
	"reflect"
	"slices"
	"strconv"
)

// Duplicate makes v, which is settable and holds what the plan reads, share nothing that
// merging, checking or a Validate method changes: pointers, slices and maps are replaced by
// copies. What a type that reads itself holds inside stays shared, and so does what an
// interface holds: neither is changed. The error is that of a value which is nested so deep
// that it has no JSON form, as one that points to itself is.
func (p *Plan) Duplicate(v reflect.Value) error {
	c := copier{}
	c.copy(p.root, v)
	if c.isTooDeep {
		return errors.New("is nested more than " + strconv.Itoa(engineDepth) + " levels deep, or points to itself")
	}
	return nil
}

// A copier copies what a value points to.
type copier struct {
	depth     int
	isTooDeep bool
}

func (c *copier) copy(n node, v reflect.Value) {
	c.depth++
	defer func() { c.depth-- }()
	if c.depth > engineDepth {
		c.isTooDeep = true
	}
	if c.isTooDeep {
		return
	}
	switch n := n.(type) {
	case *notNull:
		c.copy(n.node, v)
	case *validated:
		c.copy(n.node, v)
	case *wrapper:
		c.wrapped(n, v)
	case *object:
		c.object(n, v)
	case *mapping:
		c.mapping(n, v)
	case *list:
		if v.IsNil() {
			return
		}
		copied := reflect.MakeSlice(v.Type(), v.Len(), v.Len())
		reflect.Copy(copied, v)
		v.Set(copied)
		c.items(n.item, v)
	case *array:
		c.items(n.item, v)
	case *base64Bytes:
		if v.Kind() == reflect.Slice {
			v.SetBytes(bytes.Clone(v.Bytes()))
		}
	}
}

func (c *copier) items(n node, list reflect.Value) {
	if isPlain(n) {
		return
	}
	for i := range list.Len() {
		c.copy(n, list.Index(i))
	}
}

func (c *copier) wrapped(n *wrapper, v reflect.Value) {
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
	c.copy(n.elem, inner)
}

func (c *copier) object(n *object, v reflect.Value) {
	var done [][]int // the embedded pointers that are copied
	for i := range n.members {
		m := &n.members[i]
		if !m.reachable(v) {
			continue
		}
		done = duplicateWay(v, m.index, done)
		c.copy(m.node, m.field(v))
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
		c.mapping(n.rest.values, inner)
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

func (c *copier) mapping(n *mapping, v reflect.Value) {
	if v.IsNil() {
		return
	}
	copied := reflect.MakeMapWithSize(v.Type(), v.Len())
	for i := v.MapRange(); i.Next(); {
		elem := Addressable(i.Value())
		c.copy(n.elem, elem)
		copied.SetMapIndex(i.Key(), elem)
	}
	v.Set(copied)
}
