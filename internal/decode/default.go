package decode

import (
	"errors"
	"reflect"

	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// fallback compiles what the field of s gets where nothing is sent. The default has to keep
// the rules, which is found out at start-up, and no two values share what it points to.
func (c *compiler) fallback(s shape.Site, of *shape.Literal) func(dst reflect.Value) {
	open, base := Through(s.Type, c.Open), s.Type.Base
	if !of.IsList && len(of.Values) == 0 {
		return func(reflect.Value) {} // the text is a fault already
	}
	read, sample := c.literal(s, of), reflect.New(base).Elem()
	read(sample)
	if err := c.refused(s, of, sample); err != nil {
		c.faults.Add(s.Path, "has default:%q: it %v", of.Text, err)
	}
	if s.Type.IsPlain() || s.Type.Text == text.Time {
		return func(dst reflect.Value) { open(dst).Set(sample) }
	}
	return func(dst reflect.Value) { read(open(dst)) }
}

// one returns the site of a value that the literal has: of an element or of s itself.
func one(s shape.Site, of *shape.Literal) shape.Site {
	if of.IsList {
		return s.Elem()
	}
	return s
}

// literal returns what reads the text of a literal into a value of the type Base.
func (c *compiler) literal(s shape.Site, of *shape.Literal) func(dst reflect.Value) {
	item := one(s, of)
	codec, _ := item.Codec() // the texts have been read by it
	if !of.IsList {
		return func(dst reflect.Value) { codec.Parse(dst, of.Text) }
	}
	open, empty := Through(item.Type, c.Open), reflect.MakeSlice(s.Type.Base, 0, 0)
	return func(dst reflect.Value) {
		dst.Set(empty)
		dst.Grow(len(of.Texts))
		dst.SetLen(len(of.Texts))
		for i, word := range of.Texts {
			codec.Parse(open(dst.Index(i)), word)
		}
	}
}

// refused returns what is wrong with a default whose value is sample.
func (c *compiler) refused(s shape.Site, of *shape.Literal, sample reflect.Value) error {
	items := Items{Max: 1}
	if of.IsList {
		items = ItemsOf(s)
	}
	if len(of.Values) > items.Max {
		return errors.New(items.TooMany.Detail)
	}
	item, unheard := one(s, of), &shape.Faults{} // the member has the same faults
	checks, lengths := ChecksOf(item, unheard), item.Lengths()
	for i, v := range of.Values {
		var wrong *text.Wrong
		if lengths != nil {
			wrong = lengths.Check(of.Texts[i])
		}
		if wrong == nil {
			wrong = checks.Check(v)
		}
		if wrong != nil {
			return errors.New(wrong.Detail)
		}
	}
	if wrong := items.Check(sample); wrong != nil {
		return errors.New(wrong.Detail)
	}
	return c.validate(s, of, sample)
}

// validate calls the Validate methods of a default, which may change what is stored.
func (c *compiler) validate(s shape.Site, of *shape.Literal, sample reflect.Value) error {
	whole, _ := s.Validations()
	if !of.IsList {
		return Validate(whole, sample)
	}
	item := s.Elem()
	calls, _ := item.Validations()
	open := Through(item.Type, c.Open)
	for i := range sample.Len() {
		if err := Validate(calls, open(sample.Index(i))); err != nil {
			return err
		}
	}
	return Validate(whole, sample)
}
