package bind

import (
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/tag"
	"github.com/tenonkit/tenon/internal/text"
)

// A jsonMap reads an object into a map.
type jsonMap struct {
	wrong *text.Wrong // of a value of another kind
	typ   reflect.Type
	key   jsonMapKey
	elem  jsonNode

	keyChecks []shape.Validation
}

func (c *jsonCompiler) mapping(key jsonKey, path string) jsonNode {
	t := key.typ
	n := &jsonMap{wrong: notObject(), typ: t}
	c.add(key, n)
	n.key = c.mapKey(path, t.Key())
	n.keyChecks = selfChecks(c.faults, path, t.Key())
	n.elem = c.compile(path, t.Elem(), constraintsOf(key.constraints, valueKeywords()), false)
	return n
}

func notObject() *text.Wrong { return &text.Wrong{Code: "type", Detail: "must be an object"} }

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
			if err := d.wrongAt(d.around(), wrong); err != nil {
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
		n.validateKey(d, key)
		elem.SetZero()
		if err := n.elem.read(d, elem); err != nil {
			return err
		}
		dst.SetMapIndex(key, elem)
	}
	return nil
}

// around returns where the object is whose name was read last. An error of a name
// points there, since the name is a rejected value itself.
func (d *decoding) around() string {
	at := string(d.dec.StackPointer())
	return fragment(at[:strings.LastIndexByte(at, '/')])
}

// validateKey calls the Validate method of a key, if its name was sound.
func (n *jsonMap) validateKey(d *decoding, key reflect.Value) {
	if len(n.keyChecks) == 0 || !d.isSound() {
		return
	}
	if err := callAll(n.keyChecks, addressable(key)); err != nil {
		d.late.invalid(tag.Body, "", d.around(), err)
	}
}

func (n *jsonMap) check(w *walk, v reflect.Value) {
	n.each(v, func(at string, elem reflect.Value) bool {
		w.checkInside(at, n.elem, elem)
		return !w.errs.full()
	})
}

func (n *jsonMap) validate(w *walk, v reflect.Value) {
	if len(n.keyChecks) > 0 {
		for _, e := range n.sorted(v) {
			if err := callAll(n.keyChecks, addressable(e.key)); err != nil {
				w.errs.invalid(tag.Body, "", w.pointer(), err)
			}
		}
	}
	if !w.reach[n.elem] {
		return
	}
	n.each(v, func(at string, elem reflect.Value) bool {
		w.validateInside(at, n.elem, elem)
		return true
	})
}

// A jsonEntry is a key of a map with its place in a pointer.
type jsonEntry struct {
	at  string
	key reflect.Value
}

// each yields the values of the map m with their places in a pointer, in the
// order of these, until yield returns false. Values are copies, which are put back.
func (n *jsonMap) each(m reflect.Value, yield func(at string, elem reflect.Value) bool) {
	for _, e := range n.sorted(m) {
		elem := addressable(m.MapIndex(e.key))
		goOn := yield(e.at, elem)
		m.SetMapIndex(e.key, elem)
		if !goOn {
			return
		}
	}
}

// sorted returns the keys of the map m in the order of their places.
func (n *jsonMap) sorted(m reflect.Value) []jsonEntry {
	entries := make([]jsonEntry, 0, m.Len())
	for key := range m.Seq() {
		entries = append(entries, jsonEntry{token(n.key.name(key)), key})
	}
	slices.SortFunc(entries, func(a, b jsonEntry) int { return strings.Compare(a.at, b.at) })
	return entries
}

func (n *jsonMap) nested() []jsonNode { return []jsonNode{n.elem} }
