package decode

import (
	"encoding/binary"
	"reflect"

	"github.com/tenonkit/tenon/internal/text"
)

// sent reads the members that are sent into dst, and sets their bits in seen.
func (n *object) sent(d *decoding, dst reflect.Value, seen []uint64) error {
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
		if m.plain == notPlain {
			if err := m.node.read(d, m.field(dst)); err != nil {
				return err
			}
			continue
		}
		field := dst.Field(m.own)
		if m.plain.read(d, field) {
			if len(m.checks) == 0 {
				continue
			}
			if err := d.check(m.checks, field); err != nil {
				return err
			}
		} else if err := m.node.read(d, field); err != nil {
			return err
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

// A plain says how a value of a common type is read where it is written as most are. Its
// node reads it again where it is not, and says what is wrong.
type plain uint8

const (
	notPlain plain = iota
	plainText
	plainBool
	plainInteger
	plainFloat
)

// plainOf returns how the values of n are read, which are of type t, and their checks.
func plainOf(n node, t reflect.Type) (plain, Checks) {
	switch n := n.(type) {
	case *str:
		return plainText, n.checks
	case *boolean:
		return plainBool, nil
	case *integer:
		if !n.quoted && t.Kind() <= reflect.Int64 && t.Bits() == 64 {
			return plainInteger, n.checks
		}
	case *float:
		if !n.quoted && n.bits == 64 {
			return plainFloat, n.checks
		}
	}
	return notPlain, nil
}

// read reads the value that is next into dst, which is of such a type and zero.
func (p plain) read(d *decoding, dst reflect.Value) (ok bool) {
	if d.engine != nil {
		return false
	}
	b, at := d.buf, d.at
	switch p {
	case plainText:
		if b[at] != '"' {
			return false
		}
		end, escaped := scanString(b, at)
		if end < 0 || escaped {
			return false
		}
		d.at = end
		dst.SetString(d.part(at+1, end-1))
		return true
	case plainBool:
		switch {
		case string(b[at:at+4]) == "true":
			d.at += 4
			dst.SetBool(true)
			return true
		case string(b[at:at+5]) == "false":
			d.at += 5
			return true
		}
	case plainInteger:
		w, low := digitsAt(b, at)
		if b[at]-'1' > 8 || low == 64 {
			return false
		}
		if end := b[at+low/8]; end != ',' && end != '}' && end != ']' {
			return false
		}
		d.at = at + low/8
		dst.SetInt(int64(eight(w << (64 - low)))) //nolint:gosec // of few digits
		return true
	case plainFloat:
		if c := b[at]; !isDigit(c) && c != '-' {
			return false
		}
		n, end := scanNumber(b, at)
		if end < 0 {
			return false
		}
		f, ok := n.float()
		if ok {
			d.at = end
			dst.SetFloat(f)
		}
		return ok
	}
	return false
}
