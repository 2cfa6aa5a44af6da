package decode

import (
	"encoding"
	"reflect"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/method"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// A self reads what the type or the engine alone knows to read: types with
// their own unmarshaler, and any.
type self struct {
	leaf

	codec  json.Codec
	ready  []int         // the way to the embedded pointers that the method needs
	limits *text.Lengths // nil for a type without UnmarshalText
}

// A selfText reads a string into a type with UnmarshalText.
type selfText struct {
	leaf

	nullable bool
	invalid  *text.Wrong
	limits   *text.Lengths
	ready    []int // as of a self
}

// self compiles a type that is not walked. Its error is one at its place, in words of
// this package: the type's own text may quote the value.
func (c *compiler) self(s shape.Site) node {
	return c.add(s, &self{
		leaf:   leaf{text.NotValid(s.Rules.Format), ChecksOf(s, &c.faults)},
		codec:  json.For(s.Type.Base),
		ready:  c.ready(s.Path, s.Type),
		limits: s.Lengths(),
	})
}

// any compiles an interface.
func (c *compiler) any(s shape.Site) node {
	tooLarge := &text.Wrong{Code: "range", Detail: "has a number that is too large"}
	return c.add(s, &self{leaf: leaf{wrong: tooLarge}, codec: json.For(s.Type.Base)})
}

// text compiles a type with UnmarshalText.
func (c *compiler) text(s shape.Site) node {
	k := s.Type.Base.Kind()
	return c.add(s, &selfText{
		leaf:     c.leaf(s, "must be a string"),
		nullable: k == reflect.Slice || k == reflect.Map,
		invalid:  text.NotValid(s.Rules.Format),
		limits:   s.Lengths(),
		ready:    c.ready(s.Path, s.Type),
	})
}

// ready returns the way to the embedded pointers that a type needs to read itself.
func (c *compiler) ready(path string, t shape.Type) []int {
	way, err := t.ReadyJSON()
	if err != nil {
		c.faults.Add(path, "%v", err)
	}
	return way
}

func (n *self) read(d *decoding, dst reflect.Value) error {
	if err := d.shallow(); err != nil {
		return err
	}
	raw, err := d.dec.ReadValue()
	if err != nil {
		return err
	}
	if wrong := n.length(d, raw); wrong != nil {
		return d.wrong(wrong)
	}
	if len(n.ready) > 0 {
		method.Make(dst, n.ready)
	}
	// A second decoder reads the value, because one that has met an error
	// inside a value cannot go on behind it.
	if n.codec.Decode(raw, dst.Addr().Interface()) != nil {
		return d.wrong(n.wrong)
	}
	return d.checked(n.checks, dst)
}

// length checks the length of the value raw of a type with UnmarshalText: of a
// string the text, of a number the digits.
func (n *self) length(d *decoding, raw []byte) *text.Wrong {
	if n.limits == nil || raw[0] == 'n' {
		return nil
	}
	if raw[0] == '"' {
		raw, _ = d.unquote(raw) // the engine has read it
	}
	return n.limits.CheckBytes(raw)
}

// shallow refuses a value, about to be read by the engine alone, that is nested
// too deep.
func (d *decoding) shallow() error {
	if !d.nestedTooDeep() {
		return nil
	}
	if _, err := d.dec.ReadToken(); err != nil {
		return err
	}
	return d.tooDeep()
}

// nestedTooDeep reports whether the next value goes below the limit, by its
// brackets alone.
func (d *decoding) nestedTooDeep() bool {
	if kind := d.dec.PeekKind(); kind != '{' && kind != '[' {
		return false
	}
	depth, inString := d.depth, false
	rest := d.dec.UnreadBuffer()
	for i := 0; i < len(rest); i++ {
		switch c := rest[i]; {
		case c == '"':
			inString = !inString
		case inString && c == '\\':
			i++
		case inString:
		case c == '{', c == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}', c == ']':
			if depth--; depth <= d.depth {
				return false
			}
		}
	}
	return false
}

func (n *self) check(w *walk, v reflect.Value) {
	if n.limits != nil {
		if wrong := n.limits.CheckStored(v); wrong != nil {
			w.wrong(wrong)
			return
		}
	}
	n.leaf.check(w, v)
}

func (n *selfText) check(w *walk, v reflect.Value) {
	if wrong := n.limits.CheckStored(v); wrong != nil {
		w.wrong(wrong)
		return
	}
	n.leaf.check(w, v)
}

func (n *selfText) read(d *decoding, dst reflect.Value) error {
	if n.nullable && d.dec.PeekKind() == 'n' {
		return d.dec.SkipValue()
	}
	plain, ok, err := d.quoted(n.wrong)
	if !ok {
		return err
	}
	if wrong := n.limits.CheckBytes(plain); wrong != nil {
		return d.wrong(wrong)
	}
	if len(n.ready) > 0 {
		method.Make(dst, n.ready)
	}
	u, ok := reflect.TypeAssert[encoding.TextUnmarshaler](dst.Addr())
	if !ok || u.UnmarshalText(plain) != nil {
		return d.wrong(n.invalid)
	}
	return d.checked(n.checks, dst)
}
