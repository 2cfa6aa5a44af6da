package decode

import (
	"maps"
	"reflect"

	"github.com/tenonkit/tenon/internal/encode"
)

// Merge applies a JSON merge patch (RFC 7396) to dst, which is settable. It changes
// nothing that dst points to: what may change is copied first. A member that is null takes
// the value of one that was not sent, and is refused where that is required. What is sent
// keeps the rules on it; those on what stays are for [Plan.Check] and [Plan.Validate].
//
// isAlone says that dst is zero and stands for a value which is not known yet. Then what
// a new object lacks is not missing, because that value may have it.
func (p *Plan) Merge(patch []byte, dst reflect.Value, isAlone bool, to Report) error {
	duplicate(p.root, dst)
	return p.reading(patch, unvalidated{to}, func(d *decoding) error {
		return merger{d, isAlone}.merge(p.root, dst, false)
	})
}

// unvalidated is a Report for values that are not complete yet: no Validate method sees
// them.
type unvalidated struct{ Report }

func (unvalidated) IsSound() bool { return false }

// A merger reads a patch in place of a value.
type merger struct {
	*decoding

	isAlone bool
}

// merge merges the next value into dst, which is what the node has read before, or zero. A
// value is new where the patched one has none. Only objects are merged: all else is read in
// place of what was there.
func (m merger) merge(n node, dst reflect.Value, isNew bool) error {
	switch n := n.(type) {
	case *validated:
		return m.merge(n.node, dst, isNew)
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
	return n.read(m.decoding, dst)
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
	sent, has := make([]uint64, len(n.need)), make([]uint64, len(n.need))
	for i := range has {
		if !isNew {
			has[i] = ^uint64(0)
		}
	}
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
		if m.kind() == 'n' {
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
	m.decoding.names.close(&others)
	return n.absent(m.decoding, dst, has)
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
	return m.merge(x.node, field, isNew || x.optional && field.IsZero())
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
	return m.entry(r.values, inner, raw, nil)
}

// mapping merges an object into the map dst.
func (m merger) mapping(n *mapping, dst reflect.Value) error {
	if err := m.enter(); err != nil {
		return err
	}
	if dst.IsNil() {
		dst.Set(reflect.MakeMap(n.typ))
	}
	names, keys := m.names.scope('{'), map[any]bool(nil)
	if !n.key.unique {
		keys = map[any]bool{}
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
		if err := m.entry(n, dst, raw, keys); err != nil {
			return err
		}
	}
	m.decoding.names.close(&names)
	return nil
}

// entry merges the member raw into the map dst. Of names that differ, keys tells which are
// one key, such as 0 and -0; it is nil where there are none.
func (m merger) entry(n *mapping, dst reflect.Value, raw []byte, keys map[any]bool) error {
	key := reflect.New(n.typ.Key()).Elem()
	if wrong := n.key.read(m.decoding, raw, key); wrong != nil {
		if err := m.wrongAt(m.around(), wrong); err != nil {
			return err
		}
		return m.skip()
	}
	if keys != nil {
		if keys[key.Interface()] {
			m.report.Wrong(m.pointer(), repeatedName())
			return errStop
		}
		keys[key.Interface()] = true
	}
	if m.kind() == 'n' {
		if !dst.IsNil() {
			dst.SetMapIndex(key, reflect.Value{})
		}
		return m.skip()
	}
	old, elem := dst.MapIndex(key), reflect.New(n.typ.Elem()).Elem()
	if old.IsValid() {
		elem.Set(old)
	}
	if err := m.merge(n.elem, elem, !old.IsValid()); err != nil {
		return err
	}
	if dst.IsNil() {
		dst.Set(reflect.MakeMap(n.typ))
	}
	dst.SetMapIndex(key, elem)
	return nil
}

// any merges a value of any kind into the interface dst.
func (m merger) any(n *self, dst reflect.Value) error {
	before, patch := m.found, reflect.New(dst.Type()).Elem()
	if err := n.read(m.decoding, patch); err != nil || m.found > before {
		return err
	}
	result := merged(dst.Interface(), patch.Interface())
	dst.SetZero()
	if result != nil {
		dst.Set(reflect.ValueOf(result))
	}
	return nil
}

// merged is the function MergePatch of RFC 7396, section 2. It changes neither value.
func merged(target, patch any) any {
	sent, ok := patch.(map[string]any)
	if !ok {
		return patch
	}
	result := map[string]any{}
	maps.Copy(result, objectOf(target))
	for name, value := range sent {
		if value == nil {
			delete(result, name)
		} else {
			result[name] = merged(result[name], value)
		}
	}
	return result
}

// objectOf returns the members of a value whose JSON is an object, and none of another. A
// struct or another map in an interface is what its JSON is.
func objectOf(v any) map[string]any {
	switch v := v.(type) {
	case map[string]any:
		return v
	case nil, bool, string, float64, []any:
		return nil
	}
	var members map[string]any
	if written, err := encode.Marshal(&v); err != nil || encode.Unmarshal(written, &members) != nil {
		return nil
	}
	return members
}
