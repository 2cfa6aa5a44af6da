package decode

import (
	"math/bits"
	"reflect"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// An object reads an object into a struct.
type object struct {
	wrong    *text.Wrong // of a value of another kind
	members  []member
	byName   nameTable
	need     []uint64 // a bit for each required member
	defaults []int    // the members that have one
	rest     *rest
	strict   bool
	typ      reflect.Type
	desk     int  // which desk of a decoding is its own, or -1
	isCopied bool // the desk is worth a copy
	isStored bool // all members are stored through the pointers of the desk
}

// A member is a member of an object.
type member struct {
	name     known
	quoted   string // its name as it is, in quotes
	at       string // its place in a pointer
	node     node
	index    []int
	own      int                     // the index of a field of the struct itself
	pointer  reflect.Type            // what its value is stored through; nil where its node does it
	checks   Checks                  // those of a value that is
	most     int                     // how many items such a list may have
	optional bool                    // a zero value may be an absent one
	omitZero bool                    // a zero value is left out of JSON
	fallback func(dst reflect.Value) // what it gets where nothing is sent; nil without a default
	sent     *sentMember             // nil without Options.Sent
}

// object compiles the node of a struct.
func (c *compiler) object(s shape.Site) node {
	n := &object{wrong: notObject(), strict: c.Strict, typ: s.Type.Base}
	c.add(s, n)
	members := s.Members()
	if members.Malformed != nil {
		c.faults.Add(s.Path, "cannot be JSON: %v", members.Malformed)
	}
	c.faults.Append(members.Faults...)
	n.need = make([]uint64, len(members.List)/64+1)
	for i := range members.List {
		c.member(n, &members.List[i])
	}
	n.byName = nameTableOf(n.members)
	if members.Rest != nil {
		n.rest = c.rest(s.Path, members.Rest)
	}
	c.desk(n)
	return n
}

// member compiles a member of n.
func (c *compiler) member(n *object, of *shape.Member) {
	i := len(n.members)
	m := member{
		name:     knownOf(of.Name),
		quoted:   `"` + of.Name + `"`,
		at:       token(of.Name),
		index:    of.Index,
		optional: of.IsOptional(),
		omitZero: of.OmitZero,
	}
	switch {
	case of.ReadOnly:
		m.node = &skipped{}
		if of.IsBehind {
			m.index = nil // no embedded pointer is made for it
		}
		n.members = append(n.members, m)
		return
	case of.NotNull:
		m.node = &notNull{c.compile(of.Site)}
	default:
		m.node = c.compile(of.Site)
	}
	if len(of.Index) == 1 {
		m.own = of.Index[0]
		m.pointer, m.checks = pointerOf(m.node, of.Type)
		if n, ok := m.node.(*list); ok {
			m.most = n.items.Max
		}
	}
	if of.Default != nil {
		m.fallback = c.fallback(of.Site, of.Default)
		n.defaults = append(n.defaults, i)
	}
	if of.IsRequired {
		n.need[i/64] |= 1 << (i % 64)
	}
	if c.Sent {
		m.sent = sentMemberOf(of, m.fallback)
	}
	n.members = append(n.members, m)
}

func (n *object) read(d *decoding, dst reflect.Value) error {
	if kind := d.kind(); kind != '{' {
		return d.mismatch(kind, n.wrong)
	}
	if err := d.enter(); err != nil {
		return err
	}
	var few [4]uint64 // a bit for each member, on the stack up to 256 of them
	seen := few[:min(len(n.need), len(few))]
	if len(n.need) > len(few) {
		seen = make([]uint64, len(n.need))
	}
	k := d.deskOf(n)
	if k == nil {
		if err := n.sent(d, dst, seen, nil); err != nil {
			return err
		}
		return n.absent(d, dst, seen)
	}
	k.isBusy = true
	if err := n.sent(d, k.value, seen, k.places); err != nil {
		return err
	}
	return n.leave(d, k, dst, seen)
}

// absent treats the members that were not sent: they take their default or are
// missing.
func (n *object) absent(d *decoding, dst reflect.Value, seen []uint64) error {
	for word, need := range n.need {
		for left := need &^ seen[word]; left != 0; left &= left - 1 {
			m := &n.members[word*64+bits.TrailingZeros64(left)]
			if err := d.wrongAt(Cut(d.pointer()+m.at), text.Missing()); err != nil {
				return err
			}
		}
	}
	for _, i := range n.defaults {
		if seen[i/64]&(1<<(i%64)) != 0 {
			continue
		}
		if m := &n.members[i]; m.reachable(dst) {
			m.fallback(m.field(dst))
		}
	}
	return nil
}

// field returns the field of dst that m fills, making the embedded pointers on
// its way.
func (m *member) field(dst reflect.Value) reflect.Value {
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
func (m *member) reachable(v reflect.Value) bool {
	_, err := v.FieldByIndexErr(m.index)
	return err == nil
}

func (n *object) walk(w *walk, v reflect.Value) {
	for i := range n.members {
		m := &n.members[i]
		if w.skips(m.node) || !m.reachable(v) {
			continue
		}
		field := m.field(v)
		switch {
		case m.sent == nil && m.optional && field.IsZero():
		case m.sent != nil && m.sent.isLeftOut(field):
			w.wrongAt(m.at, m.sent.wrong(field))
		default:
			w.inside(m.at, m.node, field)
		}
	}
	if n.rest != nil && !w.isFull {
		n.rest.walk(w, v)
	}
}

func (n *object) nested() []node {
	var nodes []node
	for i := range n.members {
		nodes = append(nodes, n.members[i].node)
	}
	if n.rest != nil && n.rest.values != nil {
		nodes = append(nodes, n.rest.values)
	}
	return nodes
}

// A rest reads the members that a struct has no field for into an embedded
// map with string keys, or appends them to an embedded raw value.
type rest struct {
	member

	values *mapping // nil for a raw value
}

func (c *compiler) rest(path string, of *shape.Rest) *rest {
	r := &rest{member: member{index: of.Index}}
	if of.IsRaw && c.Patch {
		c.faults.Add(path, "embeds raw JSON, which a merge patch cannot change: embed a map")
	}
	if !of.IsRaw {
		key := shape.Site{Path: of.Values.Path, Type: shape.Of(of.Type.Key())}
		r.values = &mapping{typ: of.Type, key: stringKey(), keyCalls: c.validations(key), elem: c.compile(of.Values)}
	}
	return r
}

// inside returns the map or raw value in the struct v, and false where there is
// none yet.
func (r *rest) inside(v reflect.Value) (reflect.Value, bool) {
	if !r.reachable(v) {
		return v, false
	}
	v = r.field(v)
	if v.Kind() == reflect.Pointer {
		return v.Elem(), !v.IsNil()
	}
	return v, true
}

// read reads the value of the member raw of the struct dst.
func (r *rest) read(d *decoding, raw []byte, dst reflect.Value) error {
	dst = r.field(dst)
	if dst.Kind() == reflect.Pointer {
		if dst.IsNil() {
			dst.Set(reflect.New(dst.Type().Elem()))
		}
		dst = dst.Elem()
	}
	if r.values == nil {
		return appendRaw(d, raw, dst)
	}
	key, elem := reflect.New(r.values.typ.Key()).Elem(), reflect.New(r.values.typ.Elem()).Elem()
	r.values.key.read(d, raw, key)
	r.values.validateKey(d, key)
	if err := r.values.elem.read(d, elem); err != nil {
		return err
	}
	if dst.IsNil() {
		dst.Set(reflect.MakeMap(r.values.typ))
	}
	dst.SetMapIndex(key, elem)
	return nil
}

// appendRaw appends a member to the object in dst.
func appendRaw(d *decoding, name []byte, dst reflect.Value) error {
	object := dst.Addr().Interface().(*json.RawMessage) //nolint:errcheck,forcetypeassert // the engine takes no other type
	open := byte(',')
	if len(*object) == 0 {
		open = '{'
	} else {
		*object = (*object)[:len(*object)-1]
	}
	grown := append(append(append(*object, open), name...), ':')
	if err := d.shallow(); err != nil {
		return err
	}
	value, err := d.value()
	if err != nil {
		return err
	}
	*object = append(append(grown, value...), '}')
	return nil
}

func (r *rest) walk(w *walk, v reflect.Value) {
	if inner, ok := r.inside(v); ok && r.values != nil {
		r.values.walk(w, inner)
	}
}
