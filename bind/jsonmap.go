package bind

import (
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/tag"
)

// A jsonMap reads an object into a map.
type jsonMap struct {
	wrong *violation // of a value of another kind
	typ   reflect.Type
	key   jsonMapKey
	elem  jsonNode
}

func (c *jsonCompiler) mapping(key jsonKey, path string) jsonNode {
	t := key.typ
	n := &jsonMap{wrong: notObject(), typ: t}
	c.add(key, n)
	n.key = c.mapKey(path, t.Key())
	n.elem = c.compile(path, t.Elem(), constraintsOf(key.constraints, valueKeywords()), false)
	return n
}

func notObject() *violation { return &violation{"type", "must be an object"} }

func (n *jsonMap) read(d *decoding, dst reflect.Value) error {
	switch kind := d.dec.PeekKind(); kind {
	case '{':
	case 'n':
		return d.dec.SkipValue()
	default:
		return d.mismatch(kind, n.wrong)
	}
	if err := d.enter(); err != nil {
		return err
	}
	dst.Set(reflect.MakeMap(n.typ))
	if d.dec.PeekKind() != '}' {
		if err := n.members(d, dst); err != nil {
			return err
		}
	}
	return d.leave()
}

// members reads the members of an object that has some.
func (n *jsonMap) members(d *decoding, dst reflect.Value) error {
	key, elem := reflect.New(n.typ.Key()).Elem(), reflect.New(n.typ.Elem()).Elem()
	for kind := d.dec.PeekKind(); kind != '}'; kind = d.dec.PeekKind() {
		raw, err := d.name(kind)
		if err != nil {
			return err
		}
		key.SetZero()
		wrong, err := n.key.read(d, raw, key)
		switch {
		case err != nil:
			return err
		case wrong != nil:
			// The name is a rejected value itself, so that the error points to
			// the map.
			at := string(d.dec.StackPointer())
			if err := d.wrongAt(fragment(at[:strings.LastIndexByte(at, '/')]), wrong); err != nil {
				return err
			}
			if err := d.dec.SkipValue(); err != nil {
				return err
			}
			continue
		case !n.key.unique && dst.MapIndex(key).IsValid():
			// Two names that are one key, such as 0 and -0.
			d.errs.add(tag.Body, "", d.pointer(), repeatedName())
			return errStop
		}
		elem.SetZero()
		if err := n.elem.read(d, elem); err != nil {
			return err
		}
		dst.SetMapIndex(key, elem)
	}
	return nil
}

func (n *jsonMap) check(w *walk, v reflect.Value) {
	n.each(v, func(at string, elem reflect.Value) bool {
		w.checkInside(at, n.elem, elem)
		return !w.errs.full()
	})
}

func (n *jsonMap) validate(w *walk, v reflect.Value) {
	if !w.reach[n.elem] {
		return
	}
	n.each(v, func(at string, elem reflect.Value) bool {
		w.validateInside(at, n.elem, elem)
		return true
	})
}

// each yields the values of the map m with their places in a pointer, in the
// order of these, until yield returns false.
func (n *jsonMap) each(m reflect.Value, yield func(at string, elem reflect.Value) bool) {
	type member struct {
		at   string
		elem reflect.Value
	}
	var members []member
	for key, elem := range m.Seq2() {
		copied := reflect.New(n.typ.Elem()).Elem()
		copied.Set(elem)
		members = append(members, member{token(n.key.name(key)), copied})
	}
	slices.SortFunc(members, func(a, b member) int { return strings.Compare(a.at, b.at) })
	for _, m := range members {
		if !yield(m.at, m.elem) {
			return
		}
	}
}

func (n *jsonMap) nested() []jsonNode { return []jsonNode{n.elem} }
