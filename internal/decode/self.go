package decode

import (
	"encoding"
	"reflect"
	"slices"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/method"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// An own is what the nodes of types that read themselves have in common.
type own struct {
	leaf

	ready  []int         // the way to the embedded pointers that the method needs
	limits *text.Lengths // nil for a type without UnmarshalText
}

// own compiles what the nodes of types that read themselves have in common.
func (c *compiler) own(s shape.Site, of leaf) own {
	return own{of, c.ready(s.Path, s.Type), s.Lengths()}
}

func (n *own) walk(w *walk, v reflect.Value) {
	if n.limits == nil || !w.isCheck() || !w.wrong(n.limits.CheckStored(v)) {
		n.leaf.walk(w, v)
	}
}

// A self reads what the type or the engine alone knows to read: types with
// their own unmarshaler, and any.
type self struct {
	own

	codec encode.Codec
	isAny bool // of an interface
}

// A selfText reads a string into a type with UnmarshalText.
type selfText struct {
	own

	nullable bool
	invalid  *text.Wrong
}

// self compiles a type that is not walked. Its error is one at its place, in words of
// this package: the type's own text may quote the value.
func (c *compiler) self(s shape.Site) node {
	of := leaf{text.NotValid(s.Rules.Format), ChecksOf(s, &c.faults)}
	c.unreachable(s, "UnmarshalJSON")
	return c.add(s, &self{own: c.own(s, of), codec: encode.For(s.Type.Base)})
}

// any compiles an interface.
func (c *compiler) any(s shape.Site) node {
	tooLarge := &text.Wrong{Code: "range", Detail: "has a number that is too large"}
	return c.add(s, &self{own: own{leaf: leaf{wrong: tooLarge}}, codec: encode.For(s.Type.Base), isAny: true})
}

// text compiles a type with UnmarshalText.
func (c *compiler) text(s shape.Site) node {
	k := s.Type.Base.Kind()
	c.unreachable(s, "UnmarshalText")
	return c.add(s, &selfText{
		own:      c.own(s, c.leaf(s, "must be a string")),
		nullable: k == reflect.Slice || k == reflect.Map,
		invalid:  text.NotValid(s.Rules.Format),
	})
}

// unreachable notes that a type reads readOnly members by its own method.
func (c *compiler) unreachable(s shape.Site, method string) {
	if words := shape.Request.Unreachable(s.Type.Base, method); words != "" {
		c.faults.Add(s.Path, "%s", words)
	}
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
	raw, err := d.value()
	if err != nil {
		return err
	}
	if wrong := n.length(d, raw); wrong != nil {
		return d.wrong(wrong)
	}
	method.Make(dst, n.ready)
	// A second decoder reads the value, because one that has met an error
	// inside a value cannot go on behind it. A method that appends to its text must not
	// write over what stands behind the value.
	if n.codec.Decode(slices.Clip(raw), dst.Addr().Interface()) != nil {
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
		raw = d.unquote(raw)
	}
	return n.limits.CheckBytes(raw)
}

func (n *selfText) read(d *decoding, dst reflect.Value) error {
	if n.nullable && d.kind() == 'n' {
		return d.skip()
	}
	plain, ok, err := d.quoted(n.wrong)
	if !ok {
		return err
	}
	if wrong := n.limits.CheckBytes(plain); wrong != nil {
		return d.wrong(wrong)
	}
	method.Make(dst, n.ready)
	u, ok := reflect.TypeAssert[encoding.TextUnmarshaler](dst.Addr())
	if !ok || u.UnmarshalText(plain) != nil {
		return d.wrong(n.invalid)
	}
	return d.checked(n.checks, dst)
}
