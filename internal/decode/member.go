package decode

import (
	"encoding/binary"
	"math/bits"
	"reflect"

	"github.com/tenonkit/tenon/internal/text"
)

// sent reads the members that are sent into dst, and sets their bits.
func (n *object) sent(d *decoding, dst reflect.Value, seen []uint64) error {
	unknown := d.names.scope('{')
	b, top := d.buf, len(d.path)-1
	for i := 0; ; i++ {
		if i < len(n.members) && d.engine == nil {
			m, at := &n.members[i], d.at
			if d.path[top] != 0 {
				if b[at] != ',' {
					goto slow
				}
				at++
			}
			if b[at] <= ' ' {
				at = space(b, at)
			}
			if (binary.LittleEndian.Uint64(b[at:])^m.name.head)<<m.name.shift == 0 && (len(m.name.before) <= 8 || m.name.hasTail(b, at)) {
				d.path[top], d.at = at, at+len(m.name.before)
				goto known
			}
		}
slow:
		{
			raw, err := d.name()
			if err != nil {
				return err
			}
			if raw == nil {
				break
			}
			at := n.find(d, raw)
			if at < 0 {
				if err := n.unknown(d, raw, dst, &unknown); err != nil {
					return err
				}
				i--
				continue
			}
			i = at
		}
	known:
		word, bit := i/64, uint64(1)<<(i%64)
		if seen[word]&bit != 0 {
			return errSyntax
		}
		seen[word] |= bit
		m := &n.members[i]
		if m.plain != notPlain {
			field := dst.Field(m.own)
			if m.plain.read(d, field) {
				if len(m.checks) == 0 {
					continue
				}
				if err := d.check(m.checks, field); err != nil {
					return err
				}
				continue
			}
			if err := m.node.read(d, field); err != nil {
				return err
			}
			continue
		}
		if err := m.node.read(d, m.field(dst)); err != nil {
			return err
		}
	}
	d.names.close(&unknown)
	return nil
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


// A plain says how the value of a member of a common type is read: without a call of its
// node, which reads the value again where it is not as most are.
type plain uint8

const (
	notPlain plain = iota
	plainText
	plainBool
	plainInteger
	plainFloat
)

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

func (p plain) read(d *decoding, field reflect.Value) bool {
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
		field.SetString(d.part(at+1, end-1))
		return true
	case plainBool:
		switch {
		case string(b[at:at+4]) == "true":
			d.at += 4
			field.SetBool(true)
			return true
		case string(b[at:at+5]) == "false":
			d.at += 5
			return true
		}
	case plainInteger:
		w := binary.LittleEndian.Uint64(b[at:at+8]) ^ ones*'0'
		other := (w | (w + ones*0x76)) & highs
		low := bits.TrailingZeros64(other) &^ 7
		if b[at]-'1' > 8 || low == 64 {
			return false
		}
		if end := b[at+low/8]; end == ',' || end == '}' {
			d.at = at + low/8
			field.SetInt(int64(eight(w << (64 - low))))
			return true
		}
	case plainFloat:
		if c := b[at]; !isDigit(c) && c != '-' {
			return false
		}
		num, end := scanNumber(b, at)
		if end < 0 {
			return false
		}
		f, ok := num.float()
		if ok {
			d.at = end
			field.SetFloat(f)
		}
		return ok
	}
	return false
}
