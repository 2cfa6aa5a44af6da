package decode

import (
	"encoding/binary"
	"math/bits"
	"reflect"

	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// sent reads the members that are sent into dst, and sets their bits in seen. The places
// are those of the desk that dst is, if it is one.
func (n *object) sent(d *decoding, dst reflect.Value, seen []uint64, places []any) error {
	unknown := d.names.scope('{')
	b, top := d.buf, len(d.path)-1
	for i := 0; ; i++ {
		// Most clients send the members in the order of the fields. Without a call it is
		// found out whether the next one is there.
		if i < len(n.members) && d.engine == nil {
			m, at := &n.members[i], d.at
			if d.path[top] != 0 {
				if b[at] != ',' {
					goto other
				}
				at++
			}
			if b[at] <= ' ' {
				at = space(b, at)
			}
			if (binary.LittleEndian.Uint64(b[at:])^m.name.head)<<m.name.shift == 0 && (len(m.name.before) <= 8 || m.name.endsAt(b, at)) {
				d.path[top], d.at = at, at+len(m.name.before)
				goto found
			}
		}
	other:
		{
			at, err := n.named(d, dst, &unknown)
			if at < 0 {
				d.names.close(&unknown)
				return err
			}
			i = at
		}
	found:
		word, bit := i/64, uint64(1)<<(i%64)
		if seen[word]&bit != 0 {
			return errSyntax
		}
		seen[word] |= bit
		m := &n.members[i]
		if i >= len(places) || places[i] == nil || !d.store(places[i], m.most) {
			if err := m.node.read(d, m.field(dst)); err != nil {
				return err
			}
		} else if len(m.checks) > 0 {
			if err := d.check(m.checks, dst.Field(m.own)); err != nil {
				return err
			}
		}
	}
}

// named reads names until one is that of a member, and returns its position. It reads the
// members that are unknown. At the end of the object it returns -1.
func (n *object) named(d *decoding, dst reflect.Value, unknown *scope) (int, error) {
	for {
		raw, err := d.name()
		if err != nil || raw == nil {
			return -1, err
		}
		if i := n.find(d, raw); i >= 0 {
			return i, nil
		}
		if err := n.unknown(d, raw, dst, unknown); err != nil {
			return -1, err
		}
	}
}

// find returns the position of the member whose name is raw, or -1.
func (n *object) find(d *decoding, raw []byte) int {
	if d.escaped {
		d.plain = append(appendPlain(append(d.plain[:0], '"'), raw), '"')
		raw = append(d.plain, make([]byte, padding)...)[:len(d.plain)]
	}
	return n.byName.find(n.members, raw)
}

// unknown reads a member that the struct has no field for.
func (n *object) unknown(d *decoding, raw []byte, dst reflect.Value, names *scope) error {
	if !d.isNew(names, raw) {
		return errSyntax
	}
	if n.rest != nil {
		return n.rest.read(d, raw, dst)
	}
	if err := d.skip(); err != nil || !n.strict {
		return err
	}
	return d.wrong(&text.Wrong{Code: "unknown", Detail: "is not a known name"})
}

// A desk is a working copy of a struct with pointers to its fields: to store a value
// through one costs a fraction of what reflection does. A struct whose members are all
// stored so needs no zero value to begin with, where all are sent again.
//
// The root that a [Reader] reads into serves as a desk itself: nothing is copied there.
type desk struct {
	value  reflect.Value
	places []any // for each member a pointer of its type, or nil
	isRoot bool
	isBusy bool // an object is being read into it
	isOld  bool // it holds an object that was read
}

func newDesk(n *object, value reflect.Value, isRoot bool) desk {
	k := desk{value: value, places: make([]any, len(n.members)), isRoot: isRoot}
	for i := range n.members {
		if m := &n.members[i]; m.pointer != nil {
			k.places[i] = k.value.Field(m.own).Addr().Convert(m.pointer).Interface()
		}
	}
	return k
}

// leastDesk is from how many such members on a desk saves more than the copy costs.
const leastDesk = 4

// desk gives n a desk if it is worth one. What may point to itself is read where it is stored.
func (c *compiler) desk(n *object) {
	stored := 0
	for i := range n.members {
		if n.members[i].pointer != nil {
			stored++
		}
	}
	n.isStored = stored == len(n.members) && n.rest == nil
	n.isCopied = stored >= leastDesk
	if n.desk = -1; stored > 0 && !shape.IsPlaced(n.typ) {
		n.desk = c.desks
		c.desks++
	}
}

// deskOf returns the desk of n. It is nil for an object inside another of its type, which
// is read where it is stored.
func (d *decoding) deskOf(n *object) *desk {
	if n.desk < 0 || d.engine != nil || d.desks[n.desk].isBusy {
		return nil
	}
	k := &d.desks[n.desk]
	switch {
	case k.isRoot:
	case !n.isCopied:
		return nil
	case k.places == nil:
		*k = newDesk(n, reflect.New(n.typ).Elem(), false)
	}
	return k
}

// leave moves the object on the desk k to dst, after the members that seen has bits of were
// sent.
func (n *object) leave(d *decoding, k *desk, dst reflect.Value, seen []uint64) error {
	hasAll := n.hasAll(seen)
	for i := 0; k.isOld && !hasAll && i < len(n.members); i++ {
		if seen[i/64]&(1<<(i%64)) == 0 {
			k.value.Field(n.members[i].own).SetZero()
		}
	}
	if !hasAll {
		if err := n.absent(d, k.value, seen); err != nil {
			return err
		}
	}
	k.isBusy = false
	if k.isRoot {
		return nil
	}
	dst.Set(k.value)
	if k.isOld = n.isStored && hasAll; !k.isOld {
		k.value.SetZero()
	}
	return nil
}

// hasAll reports whether all members were sent.
func (n *object) hasAll(seen []uint64) bool {
	left := len(n.members)
	for _, word := range seen {
		left -= bits.OnesCount64(word)
	}
	return left == 0
}

// clear forgets what is on the desk.
func (k *desk) clear() {
	if !k.isRoot && (k.isBusy || k.isOld) {
		k.value.SetZero()
	}
	k.isBusy, k.isOld = false, false
}

// pointerOf returns what the values of n are stored through, which are of type t, and
// their checks.
func pointerOf(n node, t shape.Type) (reflect.Type, Checks) {
	switch n := n.(type) {
	case *str:
		return reflect.TypeFor[*string](), n.checks
	case *boolean:
		return reflect.TypeFor[*bool](), nil
	case *integer:
		switch k := t.Base.Kind(); {
		case n.quoted:
		case k == reflect.Int:
			return reflect.TypeFor[*int](), n.checks
		case k == reflect.Int64:
			return reflect.TypeFor[*int64](), n.checks
		}
	case *float:
		if !n.quoted && n.bits == 64 {
			return reflect.TypeFor[*float64](), n.checks
		}
	case *list:
		if n.typed != nil && t.Base.Elem() == reflect.TypeFor[string]() {
			return reflect.TypeFor[*[]string](), n.items.checks
		}
	case *mapping:
		if n.typed != nil {
			return reflect.TypeFor[*map[string]string](), nil
		}
	}
	return nil, nil
}

// store reads the value that is next into what place points to, if it is written as most
// are and is no list of more than most items. Else that is zero, and the node of the value
// reads it again.
func (d *decoding) store(place any, most int) (ok bool) {
	b, at := d.buf, d.at
	if b[at] <= ' ' {
		at = space(b, at)
		d.at = at
	}
	switch p := place.(type) {
	case *string:
		if b[at] == '"' {
			if end, escaped := scanString(b, at); end > 0 && !escaped {
				d.at = end
				*p = d.part(at+1, end-1)
				return true
			}
		}
		*p = ""
	case *bool:
		switch {
		case string(b[at:at+4]) == "true":
			d.at += 4
			*p = true
			return true
		case string(b[at:at+5]) == "false":
			d.at += 5
			ok = true
		}
		*p = false
	case *int:
		var i int64
		i, ok = d.few()
		*p = int(i)
	case *int64:
		*p, ok = d.few()
	case *float64:
		if c := b[at]; isDigit(c) || c == '-' {
			if n, end := scanNumber(b, at); end > 0 {
				if *p, ok = n.float(); ok {
					d.at = end
				}
				return ok
			}
		}
		*p = 0
	case *[]string:
		*p, ok = d.words(most)
	case *map[string]string:
		if *p = nil; b[at] == '{' && len(d.path) < maxDepth {
			d.at++
			if *p, ok = d.textMap(); !ok {
				*p, d.at = nil, at
			}
		}
	}
	return ok
}

// few reads an integer of few digits that ends at a comma or a bracket, as most do, else
// nothing.
func (d *decoding) few() (i int64, ok bool) {
	b, at := d.buf, d.at
	w, low := digitsAt(b, at)
	if b[at]-'1' > 8 || low == 64 {
		return 0, false
	}
	if end := b[at+low/8]; end != ',' && end != '}' && end != ']' {
		return 0, false
	}
	d.at = at + low/8
	return int64(eight(w << (64 - low))), true //nolint:gosec // of few digits
}
