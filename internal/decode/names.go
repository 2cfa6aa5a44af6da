package decode

import (
	"bytes"
	"encoding/binary"
	"hash/maphash"
	"math/bits"

	"github.com/tenonkit/tenon/internal/json"
)

// A known is what stands before the value of a member as most clients write it: the name
// and a colon, with the first and last word of that.
type known struct {
	before     string
	head, tail uint64
	shift      uint8 // puts what is behind it out of head
}

func knownOf(name string) known {
	quoted, err := json.AppendQuote(nil, name)
	if err != nil {
		quoted = nil // no client can send it, and no name is without quotes
	}
	k := known{before: string(quoted) + ":"}
	k.shift = uint8(64 - 8*min(len(k.before), 8))
	padded := append([]byte(k.before), make([]byte, padding)...)
	k.head = binary.LittleEndian.Uint64(padded)
	if len(k.before) > 8 {
		k.tail = binary.LittleEndian.Uint64(padded[len(k.before)-8:])
	}
	return k
}

// endsAt reports whether all of k is at i, where its first word is.
func (k *known) endsAt(b []byte, i int) bool {
	size := len(k.before)
	if i+size > len(b) || size > 8 && binary.LittleEndian.Uint64(b[i+size-8:]) != k.tail {
		return false
	}
	return size <= 16 || string(b[i:i+size]) == k.before
}

// A nameTable finds members by their names in quotes. Clients have no say in what it
// holds, so that its hash needs no secret.
type nameTable []int32 // positions in members plus 1, at the hash of the name or next to it

func nameTableOf(members []member) nameTable {
	t := make(nameTable, 1<<bits.Len(uint(2*len(members))))
	for i := range members {
		padded := append([]byte(members[i].quoted), make([]byte, padding)...)
		at := t.hash(padded[:len(members[i].quoted)])
		for t[at] != 0 {
			at = (at + 1) & (len(t) - 1)
		}
		t[at] = int32(i + 1)
	}
	return t
}

// find returns the position of the member of this name, or -1. Padding is behind the name.
func (t nameTable) find(members []member, quoted []byte) int {
	for at := t.hash(quoted); t[at] != 0; at = (at + 1) & (len(t) - 1) {
		if i := int(t[at] - 1); members[i].quoted == string(quoted) {
			return i
		}
	}
	return -1
}

// hash returns the place of a name by its length and its first, middle and last word.
func (t nameTable) hash(quoted []byte) int {
	size := len(quoted)
	a := binary.LittleEndian.Uint64(quoted[:8])
	b := uint64(size)
	if size < 8 {
		a <<= 64 - 8*size
	} else {
		b += binary.LittleEndian.Uint64(quoted[size-8:]) + binary.LittleEndian.Uint64(quoted[size/2-4:])<<1
	}
	high, low := bits.Mul64(a^0x9E3779B97F4A7C15, b^0xD1B54A32D192ED03)
	return int(high^low) & (len(t) - 1) //nolint:gosec // any bits will do
}

// names finds the names that are repeated in an object, of those that no struct knows.
// A client may send many of them, made to collide: from the fewNames-th on they stand in
// a hash table with a secret seed.
type names struct {
	body   []byte // with padding
	plain  []byte // the names that were written with escapes, each with an end
	few    []seen // the names of the open objects that have few
	table  []seen // those of the others, and of some that are closed
	filled int    // how many are in the table
	hashed int    // how many open objects have theirs there
	count  uint64 // of the objects that had theirs there
	seed   maphash.Seed
}

// A seen is a name that was sent.
type seen struct {
	key uint64 // differs where names or their objects differ, but for chance
	at  int    // where its text begins: in the body, or behind it in plain; 0 for none
}

// A scope is an open object, or an array, which has no names.
type scope struct {
	end   byte
	from  int    // where its names begin in few
	count int    // how many it has
	salt  uint64 // of the keys of its names in the table; 0 if they are not there
}

const fewNames = 16

// plainEnd ends a name in plain: no UTF-8 has it.
const plainEnd = 0xFF

func (n *names) scope(open byte) scope { return scope{end: open + 2, from: len(n.few)} }

// close forgets the names of s.
func (n *names) close(s *scope) {
	n.few = n.few[:s.from]
	if s.salt == 0 {
		return
	}
	if n.hashed--; n.hashed == 0 && n.filled >= len(n.table)/4 {
		clear(n.table)
		n.filled = 0
	}
}

// add adds a name to s, in quotes at this place of the body, unless s has it.
func (n *names) add(s *scope, quoted []byte, at int, escaped bool) (isNew bool) {
	text := quoted[1 : len(quoted)-1]
	at++
	if escaped {
		from := len(n.plain)
		n.plain = appendPlain(n.plain, quoted)
		to := len(n.plain)
		n.plain = append(n.plain, plainEnd, 0, 0, 0, 0, 0, 0, 0)
		text, at = n.plain[from:to], len(n.body)+from
	}
	s.count++
	if s.count > fewNames {
		return n.hash(s, text, at)
	}
	key := wordOf(text)
	for _, other := range n.few[s.from:] {
		if other.key == key && n.isAt(other.at, text) {
			return false
		}
	}
	n.few = append(n.few, seen{key, at})
	return true
}

// wordOf returns a word of the first bytes of a text and its length. Eight bytes or more
// are behind it.
func wordOf(text []byte) uint64 {
	w := binary.LittleEndian.Uint64(text[:8])
	if size := len(text); size < 8 {
		w <<= 64 - 8*size
	}
	return w ^ uint64(len(text))
}

// isAt reports whether the name at this place is text.
func (n *names) isAt(at int, text []byte) bool {
	b, end := n.body, byte('"')
	if at >= len(b) {
		b, at, end = n.plain, at-len(b), plainEnd
	}
	to := at + len(text)
	return to < len(b) && b[to] == end && string(b[at:to]) == string(text) && bytes.IndexByte(text, end) < 0
}

// textAt returns the name at this place.
func (n *names) textAt(at int) []byte {
	if at >= len(n.body) {
		at -= len(n.body)
		return n.plain[at : at+bytes.IndexByte(n.plain[at:], plainEnd)]
	}
	return n.body[at : at+bytes.IndexByte(n.body[at:], '"')]
}

// hash adds a name to the table, and the few that s had before.
func (n *names) hash(s *scope, text []byte, at int) (isNew bool) {
	if s.salt == 0 {
		if n.table == nil {
			n.seed = maphash.MakeSeed()
		}
		n.hashed++
		n.count++
		s.salt = n.count * 0x9E3779B97F4A7C15 // odd, so that no two are equal
		for _, other := range n.few[s.from:] {
			n.insert(seen{maphash.Bytes(n.seed, n.textAt(other.at)) + s.salt, other.at}, n.textAt(other.at))
		}
	}
	return n.insert(seen{maphash.Bytes(n.seed, text) + s.salt, at}, text)
}

// insert inserts a name into the table unless it is there. At least half of the table is
// empty.
func (n *names) insert(name seen, text []byte) (isNew bool) {
	if 2*n.filled >= len(n.table) {
		n.grow()
	}
	mask := len(n.table) - 1
	i := int(name.key) & mask //nolint:gosec // any bits will do
	for ; n.table[i].at != 0; i = (i + 1) & mask {
		if n.table[i].key == name.key && n.isAt(n.table[i].at, text) {
			return false
		}
	}
	n.table[i] = name
	n.filled++
	return true
}

func (n *names) grow() {
	old := n.table
	n.table = make([]seen, max(4*fewNames, 2*len(old)))
	mask := len(n.table) - 1
	for _, name := range old {
		if name.at == 0 {
			continue
		}
		i := int(name.key) & mask //nolint:gosec // any bits will do
		for n.table[i].at != 0 {
			i = (i + 1) & mask
		}
		n.table[i] = name
	}
}

// start makes n ready for a body.
func (n *names) start(body []byte) {
	n.body, n.plain, n.few, n.hashed = body, n.plain[:0], n.few[:0], 0
}

// release forgets the body, and drops what is large or has become too large for bodies
// like this one.
func (n *names) release() {
	n.body = nil
	if cap(n.plain) > maxBuffer {
		n.plain = nil
	}
	if cap(n.few) > maxBuffer/16 {
		n.few = nil
	}
	switch {
	case n.filled == 0:
	case n.filled < len(n.table)/16 || len(n.table) > maxBuffer/16:
		n.table = nil
	default:
		clear(n.table)
	}
	n.filled = 0
}

// isNew reports whether the name raw, which was read last, is not repeated. The engine
// refuses it otherwise.
func (d *decoding) isNew(s *scope, raw []byte) bool {
	return d.engine != nil || d.names.add(s, raw, d.from, d.escaped)
}
