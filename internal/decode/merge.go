package decode

import (
	"cmp"
	"reflect"
)

// Merge applies a JSON merge patch (RFC 7396) to dst, which is settable and shares nothing
// that is not to change: [Plan.Duplicate] sees to that. A member that is null takes
// the value of one that was not sent, and is refused where that is required. What is sent
// keeps the rules on it; those on what stays are for [Plan.Check], and Validate methods for
// [Plan.Validate].
//
// isAlone says that dst is zero and stands for a value which is not known yet. Then what
// a new object lacks is not missing, because that value may have it, and not all that is
// sent is stored. Validate methods see what is sent as a whole, zero values of members that
// may be absent included, which [Plan.Validate] takes for absent.
//
// A patch that is JSON has no error but that of a value in an interface of dst which has no
// JSON form.
func (p *Plan) Merge(patch []byte, dst reflect.Value, isAlone bool, to Report) error {
	var stored error
	if !isAlone {
		to = unvalidated{to}
	}
	err := p.reading(patch, to, func(d *decoding) error {
		return merger{d, isAlone, &stored}.merge(p.root, dst, false)
	})
	return cmp.Or(stored, err)
}

// unvalidated is a Report for values that are not complete yet: no Validate method sees
// them.
type unvalidated struct{ Report }

func (unvalidated) IsSound() bool { return false }

// A merger reads a patch in place of a value.
type merger struct {
	*decoding

	isAlone bool
	stored  *error // what is wrong with the value that is patched
}

// merge merges the next value into dst, which is what the node has read before, or zero. A
// value is new where the patched one has none. Only objects are merged: all else is read in
// place of what was there.
func (m merger) merge(n node, dst reflect.Value, isNew bool) error {
	if v, ok := n.(*notNull); ok {
		n = v.node // Null is what removes the member.
	}
	whole := n
	if v, ok := n.(*validated); ok {
		n = v.node
	}
	switch n := n.(type) {
	case *wrapper:
		return m.wrapped(n, dst, isNew)
	case *object:
		if m.kind() == '{' {
			return m.object(n, dst, isNew && !m.isAlone)
		}
	case *mapping:
		if m.kind() == '{' {
			return m.mapping(n, dst)
		}
	case *self:
		if n.isAny {
			return m.any(n, dst)
		}
	}
	dst.SetZero()
	return whole.read(m.decoding, dst)
}

func (m merger) wrapped(n *wrapper, dst reflect.Value, isNew bool) error {
	if m.kind() == 'n' {
		dst.SetZero()
		return m.skip()
	}
	if inner, ok := n.inside(dst); ok {
		return m.merge(n.elem, inner, isNew)
	}
	dst.SetZero()
	return m.merge(n.elem, n.open(dst), true)
}

// object merges an object into the struct dst.
func (m merger) object(n *object, dst reflect.Value, isNew bool) error {
	if err := m.enter(); err != nil {
		return err
	}
	sent, has := make([]uint64, len(n.need)), n.had(dst, isNew)
	others := m.names.scope('{')
	for {
		raw, err := m.name()
		if err != nil {
			return err
		}
		if raw == nil {
			break
		}
		at := n.find(m.decoding, raw)
		if at < 0 {
			if err := m.other(n, raw, dst, &others); err != nil {
				return err
			}
			continue
		}
		word, bit := at/64, uint64(1)<<(at%64)
		if sent[word]&bit != 0 {
			return errSyntax
		}
		sent[word] |= bit
		if _, isReadOnly := n.members[at].node.(*skipped); isReadOnly {
			err = m.skip()
		} else if m.kind() == 'n' {
			has[word] &^= bit
			err = m.remove(&n.members[at], dst)
		} else {
			has[word] |= bit
			err = m.member(&n.members[at], dst, isNew)
		}
		if err != nil {
			return err
		}
	}
	m.names.close(&others)
	for i := range n.members {
		if !isNew && !n.members[i].reachable(dst) {
			has[i/64] |= 1 << (i % 64) // It is absent with the struct that it is in.
		}
	}
	return n.absent(m.decoding, dst, has)
}

// had returns a bit for each member that a value has: those of embedded structs that are
// not there are absent.
func (n *object) had(v reflect.Value, isNew bool) []uint64 {
	has := make([]uint64, len(n.need))
	for i := range n.members {
		if !isNew && n.members[i].reachable(v) {
			has[i/64] |= 1 << (i % 64)
		}
	}
	return has
}

// remove passes over the null of a member, whose field becomes zero.
func (m merger) remove(x *member, dst reflect.Value) error {
	if x.reachable(dst) {
		x.field(dst).SetZero()
	}
	return m.skip()
}

func (m merger) member(x *member, dst reflect.Value, isNew bool) error {
	field := x.field(dst)
	return m.merge(x.node, field, isNew || x.omitZero && field.IsZero())
}

// other merges a member that the struct has no field for.
func (m merger) other(n *object, raw []byte, dst reflect.Value, names *scope) error {
	r := n.rest
	if r == nil {
		return n.unknown(m.decoding, raw, dst, names)
	}
	if !m.isNew(names, raw) {
		return errSyntax
	}
	inner, ok := r.inside(dst)
	if !ok {
		if m.kind() == 'n' {
			return m.skip()
		}
		if inner = r.field(dst); inner.Kind() == reflect.Pointer {
			inner.Set(reflect.New(r.values.typ))
			inner = inner.Elem()
		}
	}
	return m.entry(newEntryMerge(r.values), inner, raw)
}

// mapping merges an object into the map dst.
func (m merger) mapping(n *mapping, dst reflect.Value) error {
	if err := m.enter(); err != nil {
		return err
	}
	if dst.IsNil() {
		dst.Set(reflect.MakeMap(n.typ))
	}
	names, e := m.names.scope('{'), newEntryMerge(n)
	if !n.key.unique {
		e.keys = map[any]bool{}
	}
	for {
		raw, err := m.name()
		if err != nil {
			return err
		}
		if raw == nil {
			break
		}
		if !m.isNew(&names, raw) {
			return errSyntax
		}
		if err := m.entry(e, dst, raw); err != nil {
			return err
		}
	}
	m.names.close(&names)
	return nil
}

// An entryMerge merges the entries of a map. The key and elem are working copies.
type entryMerge struct {
	*mapping

	key, elem reflect.Value
	keys      map[any]bool // tells which of names that differ are one key, such as 0 and -0; nil where none are
}

func newEntryMerge(n *mapping) *entryMerge {
	return &entryMerge{mapping: n, key: reflect.New(n.typ.Key()).Elem(), elem: reflect.New(n.typ.Elem()).Elem()}
}

// entry merges the member raw into the map dst.
func (m merger) entry(e *entryMerge, dst reflect.Value, raw []byte) error {
	e.key.SetZero()
	if wrong := e.mapping.key.read(m.decoding, raw, e.key); wrong != nil {
		if err := m.wrongAt(m.around(), wrong); err != nil {
			return err
		}
		return m.skip()
	}
	if e.keys != nil {
		if e.keys[e.key.Interface()] {
			m.report.Wrong(m.pointer(), repeatedName())
			return errStop
		}
		e.keys[e.key.Interface()] = true
	}
	if m.kind() == 'n' {
		if !dst.IsNil() {
			dst.SetMapIndex(e.key, reflect.Value{})
		}
		return m.skip()
	}
	old := dst.MapIndex(e.key)
	e.elem.SetZero()
	if old.IsValid() {
		e.elem.Set(old)
	}
	if err := m.merge(e.mapping.elem, e.elem, !old.IsValid()); err != nil || m.isAlone {
		return err
	}
	if dst.IsNil() {
		dst.Set(reflect.MakeMap(e.typ))
	}
	dst.SetMapIndex(e.key, e.elem)
	return nil
}
