package bind

import (
	"encoding"
	"reflect"
	"time"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/tag"
	"github.com/tenonkit/tenon/internal/text"
)

// ownJSON reports whether a t reads its own JSON.
func ownJSON(t reflect.Type) bool {
	p := reflect.PointerTo(t)
	return p.Implements(reflect.TypeFor[json.UnmarshalerFrom]()) || p.Implements(reflect.TypeFor[json.Unmarshaler]())
}

// readsItself reports whether a t has a method that reads it.
func readsItself(t reflect.Type) bool {
	return t == reflect.TypeFor[time.Time]() || ownJSON(t) || tag.ReadsText(t)
}

// takesString reports whether the json option string means something to the
// engine for a t: on numbers, and on types whose methods do not know of options.
func takesString(t reflect.Type) bool {
	switch {
	case t == reflect.TypeFor[json.Number]():
		return true
	case t == reflect.TypeFor[time.Time]():
		return false
	case readsItself(t):
		return !reflect.PointerTo(t).Implements(reflect.TypeFor[json.UnmarshalerFrom]())
	}
	return isSigned(t) || isUnsigned(t) || isFloat(t)
}

// A jsonSelf reads what the type or the engine alone knows to read: types with
// their own unmarshaler, and any.
type jsonSelf struct {
	jsonLeaf

	codec  json.Codec
	ready  func(dst reflect.Value) // makes the embedded pointers that the method needs; may be nil
	limits *text.Lengths           // nil for a type without UnmarshalText
}

// A jsonText reads a string into a type with UnmarshalText.
type jsonText struct {
	jsonLeaf

	nullable bool
	invalid  *text.Wrong
	limits   *text.Lengths
	ready    func(dst reflect.Value) // as of a jsonSelf
}

// self compiles a type that is not walked. Its error is one at its place, in
// words of bind: the type's own text may quote the value.
func (c *jsonCompiler) self(key jsonKey, path string) jsonNode {
	t := key.typ
	checks := valueChecks(c.faults, path, t, key.constraints)
	if t.Kind() == reflect.Interface {
		tooLarge := &text.Wrong{Code: "range", Detail: "has a number that is too large"}
		return c.add(key, &jsonSelf{jsonLeaf{tooLarge, checks}, json.For(t), nil, nil})
	}
	invalid := text.NotValid(fieldFormat(key.constraints))
	limits := textLengths(t, key.constraints)
	ready := readyForJSON(c.faults, path, t)
	if ownJSON(t) {
		n := &jsonSelf{jsonLeaf{invalid, checks}, json.For(t), ready, nil}
		if tag.ReadsText(t) {
			n.limits = limits
		}
		return c.add(key, n)
	}
	return c.add(key, &jsonText{
		jsonLeaf: jsonLeaf{&text.Wrong{Code: "type", Detail: "must be a string"}, checks},
		nullable: t.Kind() == reflect.Slice || t.Kind() == reflect.Map,
		invalid:  invalid,
		limits:   limits,
		ready:    ready,
	})
}

func (n *jsonSelf) read(d *decoding, dst reflect.Value) error {
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
	if n.ready != nil {
		n.ready(dst)
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
func (n *jsonSelf) length(d *decoding, raw []byte) *text.Wrong {
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

func (n *jsonSelf) check(w *walk, v reflect.Value) {
	if n.limits != nil {
		if wrong := n.limits.CheckStored(v); wrong != nil {
			w.wrong(wrong)
			return
		}
	}
	n.jsonLeaf.check(w, v)
}

func (n *jsonText) check(w *walk, v reflect.Value) {
	if wrong := n.limits.CheckStored(v); wrong != nil {
		w.wrong(wrong)
		return
	}
	n.jsonLeaf.check(w, v)
}

func (n *jsonText) read(d *decoding, dst reflect.Value) error {
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
	if n.ready != nil {
		n.ready(dst)
	}
	u, ok := reflect.TypeAssert[encoding.TextUnmarshaler](dst.Addr())
	if !ok || u.UnmarshalText(plain) != nil {
		return d.wrong(n.invalid)
	}
	return d.checked(n.checks, dst)
}
