package bind

import (
	"bytes"
	"math/bits"
	"reflect"

	"github.com/tenonkit/tenon/internal/text"
)

// A jsonObject reads an object into a struct.
type jsonObject struct {
	wrong   *text.Wrong // of a value of another kind
	members []jsonMember
	// byName finds a member by its name, byQuoted by its name as the client
	// writes it without escapes. The latter is nil where there are few members.
	byName, byQuoted map[string]int
	need             []uint64 // a bit for each required member
	defaults         []int    // the members that have one
	rest             *jsonRest
	strict           bool
}

// A jsonMember is a member of an object.
type jsonMember struct {
	quoted   string // the name in quotes
	at       string // its place in a pointer
	node     jsonNode
	index    []int
	optional bool // a zero value may be an absent one
	fallback *param
}

// presence is a bit for each member, on the stack up to 256 of them.
type presence [4]uint64

func (n *jsonObject) read(d *decoding, dst reflect.Value) error {
	if kind := d.dec.PeekKind(); kind != '{' {
		return d.mismatch(kind, n.wrong)
	}
	if err := d.enter(); err != nil {
		return err
	}
	var few presence
	seen := few[:]
	if len(n.need) > len(seen) {
		seen = make([]uint64, len(n.need))
	}
	next := 0
	for kind := d.dec.PeekKind(); kind != '}'; kind = d.dec.PeekKind() {
		raw, err := d.name(kind)
		if err != nil {
			return err
		}
		i := n.find(d, raw, next)
		if i < 0 {
			if err := n.unknown(d, raw, dst); err != nil {
				return err
			}
			continue
		}
		next = i + 1
		seen[i/64] |= 1 << (i % 64)
		m := &n.members[i]
		if err := m.node.read(d, m.field(dst)); err != nil {
			return err
		}
	}
	if err := d.leave(); err != nil {
		return err
	}
	return n.absent(d, dst, seen)
}

// find returns the position of the member whose name is raw, or -1. Clients
// write members in the order of the declaration more often than not.
func (n *jsonObject) find(d *decoding, raw []byte, next int) int {
	if next < len(n.members) && string(raw) == n.members[next].quoted {
		return next
	}
	if bytes.IndexByte(raw, '\\') >= 0 {
		// The engine has read the name, so that it is a string.
		name, _ := d.unquote(raw)
		return position(n.byName, name)
	}
	if n.byQuoted != nil {
		return position(n.byQuoted, raw)
	}
	for i := range n.members {
		if string(raw) == n.members[i].quoted {
			return i
		}
	}
	return -1
}

func position(table map[string]int, name []byte) int {
	if i, ok := table[string(name)]; ok {
		return i
	}
	return -1
}

// unknown reads a member that the struct has no field for.
func (n *jsonObject) unknown(d *decoding, raw []byte, dst reflect.Value) error {
	if n.rest != nil {
		return n.rest.read(d, raw, dst)
	}
	if err := d.dec.SkipValue(); err != nil || !n.strict {
		return err
	}
	return d.wrong(&text.Wrong{Code: "unknown", Detail: "is not a known name"})
}

// absent treats the members that were not sent: they take their default or are
// missing.
func (n *jsonObject) absent(d *decoding, dst reflect.Value, seen []uint64) error {
	for word, need := range n.need {
		for left := need &^ seen[word]; left != 0; left &= left - 1 {
			m := &n.members[word*64+bits.TrailingZeros64(left)]
			if err := d.wrongAt(bound(d.pointer()+m.at), missing()); err != nil {
				return err
			}
		}
	}
	for _, i := range n.defaults {
		if seen[i/64]&(1<<(i%64)) != 0 {
			continue
		}
		if m := &n.members[i]; m.reachable(dst) {
			m.fallback.fallback(m.fallback.inner(dst))
		}
	}
	return nil
}

// field returns the field of dst that m fills, making the embedded pointers on
// its way.
func (m *jsonMember) field(dst reflect.Value) reflect.Value {
	if len(m.index) == 1 {
		return dst.Field(m.index[0])
	}
	return fieldByIndex(dst, m.index)
}

func fieldByIndex(dst reflect.Value, index []int) reflect.Value {
	for i, at := range index {
		if i > 0 && dst.Kind() == reflect.Pointer {
			if dst.IsNil() {
				dst.Set(reflect.New(dst.Type().Elem()))
			}
			dst = dst.Elem()
		}
		dst = dst.Field(at)
	}
	return dst
}

// reachable reports whether no embedded pointer before the field is nil.
func (m *jsonMember) reachable(v reflect.Value) bool {
	_, err := v.FieldByIndexErr(m.index)
	return err == nil
}

func (n *jsonObject) check(w *walk, v reflect.Value) {
	for i := range n.members {
		m := &n.members[i]
		if w.errs.full() {
			return
		}
		if !m.reachable(v) {
			continue
		}
		if field := m.field(v); !m.optional || !field.IsZero() {
			w.checkInside(m.at, m.node, field)
		}
	}
	if n.rest != nil {
		n.rest.check(w, v)
	}
}

func (n *jsonObject) validate(w *walk, v reflect.Value) {
	for i := range n.members {
		m := &n.members[i]
		if !w.reach[m.node] || !m.reachable(v) {
			continue
		}
		if field := m.field(v); !m.optional || !field.IsZero() {
			w.validateInside(m.at, m.node, field)
		}
	}
	if n.rest != nil {
		n.rest.validate(w, v)
	}
}

func (n *jsonObject) nested() []jsonNode {
	var nodes []jsonNode
	for i := range n.members {
		nodes = append(nodes, n.members[i].node)
	}
	if n.rest != nil && n.rest.values != nil {
		nodes = append(nodes, n.rest.values)
	}
	return nodes
}
