package schema

import (
	"errors"
	"reflect"
	"strconv"

	"github.com/tenonkit/tenon/internal/ecma"
	"github.com/tenonkit/tenon/internal/format"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// ruled adds the rules on one value to v, the schema of its type. A limit of a rule replaces
// the limit of the type.
func (x *Set) ruled(s shape.Site, v *Schema) *Schema {
	r := &s.Rules
	for _, l := range r.Limits {
		limit := json.Number(literalOf(l.Value))
		switch l.Keyword {
		case "minimum":
			v.Minimum = limit
		case "maximum":
			v.Maximum = limit
		case "exclusiveMinimum":
			v.ExclusiveMinimum = limit
		case "exclusiveMaximum":
			v.ExclusiveMaximum = limit
		case "multipleOf":
			v.MultipleOf = limit
		}
	}
	if r.MinLength != nil {
		v.MinLength = new(int64(*r.MinLength))
	}
	if r.MaxLength != nil {
		v.MaxLength = new(int64(*r.MaxLength))
	}
	if r.Pattern != "" {
		var err error
		if v.Pattern, err = ecma.Pattern(r.Pattern); err != nil {
			x.fault("%s has pattern:%q: %v", s.Path, r.Pattern, err)
		}
		x.patterns[v.Pattern] = r.Pattern
	}
	for _, l := range r.Enum {
		v.Enum = append(v.Enum, literalOf(l.Value))
	}
	if r.Format != "" {
		if err := formatFault(s); err != nil {
			x.fault("%s has format:%q: %v", s.Path, r.Format, err)
		}
		v.annotate(r.Format)
	}
	return v
}

// formatFault returns why the values of a site cannot have their format. A type with its own
// JSON or text methods may have any format.
func formatFault(s shape.Site) error {
	for _, form := range []shape.Form{s.Type.Reads, s.Type.Writes} {
		if form == shape.Self || form == shape.Text {
			return nil
		}
	}
	if s.Type.Reads == shape.Number {
		return format.Fits(s.Rules.Format, reflect.TypeFor[float64]())
	}
	return format.Fits(s.Rules.Format, s.Type.Base)
}

// literalOf returns a number or a string of a rule as JSON.
func literalOf(v reflect.Value) json.RawMessage {
	switch {
	case v.CanInt():
		return strconv.AppendInt(nil, v.Int(), 10)
	case v.CanUint():
		return strconv.AppendUint(nil, v.Uint(), 10)
	case v.CanFloat():
		return strconv.AppendFloat(nil, v.Float(), 'g', -1, v.Type().Bits())
	}
	quoted, _ := json.AppendQuote(nil, v.String())
	return quoted
}

// List returns the schema of a slice whose items have the schema items.
func List(s shape.Site, items *Schema) *Schema {
	list := Typed("array")
	list.Items = items
	if n := s.Rules.MinItems; n != nil {
		list.MinItems = new(int64(*n))
	}
	if n := s.Rules.MaxItems; n != nil {
		list.MaxItems = new(int64(*n))
	}
	list.UniqueItems = s.Rules.UniqueItems
	return list
}

// noted adds the tags doc, deprecated, default and example to v, the schema of a field.
func (x *Set) noted(s shape.Site, standard *shape.Literal, v *Schema) *Schema {
	if s.Doc != "" {
		v.Description = s.Doc
	}
	if s.Deprecated {
		v.Deprecated = true
	}
	if standard != nil {
		v.Default = x.example(s, "default", standard.Text)
	}
	if s.Example != nil {
		if value := x.example(s, "example", *s.Example); value != nil {
			v.Examples = []json.RawMessage{value}
		}
	}
	return v
}

// example returns the text of a tag as a JSON value. It reads the text as package bind reads a
// default: with commas between the items of a slice. If package bind cannot read the type from
// text, the text is JSON.
func (x *Set) example(s shape.Site, key, of string) json.RawMessage {
	var value json.RawMessage
	var err error
	x.Calling(s.Path+" has "+key+":"+strconv.Quote(of)+": its methods panic", func() {
		switch {
		case hasText(s.Type), s.IsList() && s.Type.Base.Kind() == reflect.Slice && hasText(s.Type.Elem()):
			value, err = textValue(s, of)
		case json.RawMessage(of).IsValid():
			value = json.RawMessage(of)
		default:
			err = errors.New("it is not JSON")
		}
	})
	if err != nil {
		x.fault("%s has %s:%q: %v", s.Path, key, of, err)
		return nil
	}
	if s.Quoted && value != nil {
		value = json.RawMessage(`"` + string(value) + `"`)
	}
	return value
}

// hasText reports whether a value of type t has a text in a tag.
func hasText(t shape.Type) bool {
	if t.Text == text.None {
		return t.Reads == shape.Any || t.Reads == shape.Bytes
	}
	return t.Reads != shape.Struct
}

// textValue returns the JSON value, or list of values, of a text in a tag. For an any and for
// bytes the value is the text.
func textValue(s shape.Site, of string) (json.RawMessage, error) {
	if !s.IsList() && s.Type.Text == text.None {
		return json.AppendQuote(nil, of)
	}
	if s.IsList() && s.Elem().Type.Text == text.None {
		s.Type = shape.Of(reflect.TypeFor[[]string]())
	}
	l, err := s.Literal(of)
	if err != nil {
		return nil, err
	}
	one := s
	if l.IsList {
		one = s.Elem()
	}
	var list json.RawMessage
	for i, v := range l.Values {
		var value json.RawMessage
		switch {
		case one.Type.Text != text.Time:
			value, err = json.Marshal(v.Addr().Interface())
		case one.TimeForm().IsNumber:
			value = json.RawMessage(l.Texts[i])
		default:
			value, err = json.AppendQuote(nil, l.Texts[i])
		}
		if err != nil {
			return nil, err
		}
		if i > 0 {
			list = append(list, ',')
		}
		list = append(list, value...)
	}
	if l.IsList {
		return append(append(json.RawMessage{'['}, list...), ']'), nil
	}
	return list, nil
}
