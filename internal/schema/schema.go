// Package schema describes Go types in JSON Schema 2020-12, from what package shape knows of
// them, and checks values against schemas.
//
//	Schema   one schema, with the keywords that are written or checked
//	Set      the schemas of a document: those of sites, and the components they refer to
//	Checker  values against the schemas of a document
//
// In a request the schema takes what packages bind and decode take; in an answer it
// takes what package encode writes.
package schema

import (
	"errors"
	"slices"

	"github.com/tenonkit/tenon/internal/json"
)

// A Schema is one of JSON Schema 2020-12, with the keywords that this package
// writes or checks. The zero Schema takes any value.
type Schema struct {
	Ref         string          `json:"$ref,omitempty"`
	Title       string          `json:"title,omitempty"`
	Description string          `json:"description,omitempty"`
	Type        TypeList        `json:"type,omitempty"`
	Format      string          `json:"format,omitempty"`
	Const       json.RawMessage `json:"const,omitzero"`

	Enum             []json.RawMessage `json:"enum,omitempty"`
	Minimum          json.Number       `json:"minimum,omitzero"`
	Maximum          json.Number       `json:"maximum,omitzero"`
	ExclusiveMinimum json.Number       `json:"exclusiveMinimum,omitzero"`
	ExclusiveMaximum json.Number       `json:"exclusiveMaximum,omitzero"`
	MultipleOf       json.Number       `json:"multipleOf,omitzero"`
	MinLength        *int64            `json:"minLength,omitempty"`
	MaxLength        *int64            `json:"maxLength,omitempty"`
	Pattern          string            `json:"pattern,omitempty"`
	ContentEncoding  string            `json:"contentEncoding,omitempty"`
	ContentMediaType string            `json:"contentMediaType,omitempty"`

	Items       *Schema `json:"items,omitempty"`
	MinItems    *int64  `json:"minItems,omitempty"`
	MaxItems    *int64  `json:"maxItems,omitempty"`
	UniqueItems bool    `json:"uniqueItems,omitzero"`

	Properties           Ordered[*Schema] `json:"properties,omitempty"`
	Required             []string         `json:"required,omitempty"`
	PropertyNames        *Schema          `json:"propertyNames,omitempty"`
	AdditionalProperties *Schema          `json:"additionalProperties,omitempty"`

	AllOf []*Schema `json:"allOf,omitempty"`
	AnyOf []*Schema `json:"anyOf,omitempty"`
	OneOf []*Schema `json:"oneOf,omitempty"`
	Not   *Schema   `json:"not,omitempty"`

	Default    json.RawMessage   `json:"default,omitzero"`
	Examples   []json.RawMessage `json:"examples,omitempty"`
	Deprecated bool              `json:"deprecated,omitzero"`
	ReadOnly   bool              `json:"readOnly,omitzero"`
	WriteOnly  bool              `json:"writeOnly,omitzero"`

	// Event is the schema of the data of an event, in the schema of a stream of events.
	Event *Schema `json:"x-event-data,omitempty"`
	// EventTypes are the schemas of the data by the type of the event.
	EventTypes Ordered[*Schema] `json:"x-event-types,omitempty"`

	// Others are the keywords that this package does not know.
	Others map[string]json.RawMessage `json:",embed"`

	// never means that the schema is false, which allows no value.
	never bool
	// hasSpareNull means that null is read as an empty list or map. It does not count as a
	// difference between a request and an answer.
	hasSpareNull bool
}

// MarshalJSONTo writes the keywords, or false.
func (s *Schema) MarshalJSONTo(enc *json.Encoder) error {
	if s.never {
		return enc.WriteValue(json.RawMessage("false"))
	}
	type keywords Schema
	return json.EncodeTo(enc, (*keywords)(s))
}

// UnmarshalJSONFrom reads keywords, true or false.
func (s *Schema) UnmarshalJSONFrom(dec *json.Decoder) error {
	if kind := dec.PeekKind(); kind == 't' || kind == 'f' {
		s.never = kind == 'f'
		return dec.SkipValue()
	}
	type keywords Schema
	return json.DecodeFrom(dec, (*keywords)(s))
}

// A TypeList is the keyword type: one name, or a list of several.
type TypeList []string //nolint:recvcheck // reading needs a pointer, writing goes without

// MarshalJSON writes one name as a string.
func (l TypeList) MarshalJSON() ([]byte, error) {
	if len(l) == 1 {
		return json.AppendQuote(nil, l[0])
	}
	names := []string(l)
	return json.Marshal(&names)
}

// UnmarshalJSONFrom reads a string or a list of strings.
func (l *TypeList) UnmarshalJSONFrom(dec *json.Decoder) error {
	if dec.PeekKind() == '"' {
		*l = TypeList{""}
		return json.DecodeFrom(dec, &(*l)[0])
	}
	return json.DecodeFrom(dec, (*[]string)(l))
}

// Typed returns the schema of one type.
func Typed(name string) *Schema { return &Schema{Type: TypeList{name}} }

// Formatted returns the schema of one type with a format.
func Formatted(name, format string) *Schema { return &Schema{Type: TypeList{name}, Format: format} }

// Never returns the schema false, which takes no value.
func Never() *Schema { return &Schema{never: true} }

// IsNever reports whether s is false.
func (s *Schema) IsNever() bool { return s.never }

// isAny reports whether s allows every value.
func (s *Schema) isAny() bool {
	return s.Ref == "" && len(s.Type) == 0 && len(s.AnyOf) == 0 && len(s.OneOf) == 0 && len(s.AllOf) == 0 &&
		s.Const == nil && len(s.Enum) == 0 && s.Not == nil && !s.never
}

// orNull returns s, or another schema, that allows null too.
func (s *Schema) orNull() *Schema {
	switch {
	case s.hasSpareNull:
		s.hasSpareNull = false
		return s
	case s.isAny() && len(s.Others) == 0, slices.Contains(s.Type, typeNull):
		return s
	case len(s.Type) > 0 && s.Ref == "" && s.Const == nil && len(s.AllOf) == 0 && len(s.AnyOf) == 0 && len(s.OneOf) == 0 && s.Not == nil:
		s.Type = append(slices.Clip(s.Type), typeNull)
		if len(s.Enum) > 0 {
			s.Enum = append(slices.Clip(s.Enum), json.RawMessage(typeNull))
		}
		return s
	}
	return &Schema{AnyOf: []*Schema{s, Typed(typeNull)}}
}

// orSpareNull is orNull for a null that means an empty list or map in a request.
func (s *Schema) orSpareNull() *Schema {
	s = s.orNull()
	s.hasSpareNull = true
	return s
}

// notNull returns s, or another schema, that does not allow null.
func (s *Schema) notNull() *Schema {
	isNull := func(x *Schema) bool { return len(x.Type) == 1 && x.Type[0] == typeNull && len(x.Enum) == 0 }
	s.hasSpareNull = false
	switch {
	case s.isAny():
		s.Not = Typed(typeNull)
	case slices.Contains(s.Type, typeNull):
		s.Type = slices.DeleteFunc(slices.Clone(s.Type), func(name string) bool { return name == typeNull })
		s.Enum = slices.DeleteFunc(slices.Clone(s.Enum), func(value json.RawMessage) bool { return string(value) == typeNull })
	case len(s.AnyOf) == 2 && isNull(s.AnyOf[1]):
		return s.AnyOf[0]
	}
	return s
}

const typeNull = "null"

// bare returns s in a form that is comparable between requests and answers: without null for
// an empty list, and without additionalProperties false, which answers never have. The
// function replaces references.
func (s *Schema) bare(ref func(*Schema) string) *Schema {
	if s == nil {
		return nil
	}
	hasSpareNull, x := s.hasSpareNull, *s
	s = &x
	if hasSpareNull {
		s = s.notNull()
		x = *s
		s = &x
	}
	if s.Ref != "" {
		s.Ref = ref(s)
	}
	each := func(list []*Schema) []*Schema {
		bare := make([]*Schema, 0, len(list))
		for _, inner := range list {
			bare = append(bare, inner.bare(ref))
		}
		return bare
	}
	s.AllOf, s.AnyOf, s.OneOf = each(s.AllOf), each(s.AnyOf), each(s.OneOf)
	s.Items, s.PropertyNames, s.Not, s.Event = s.Items.bare(ref), s.PropertyNames.bare(ref), s.Not.bare(ref), s.Event.bare(ref)
	if s.AdditionalProperties != nil && s.AdditionalProperties.never {
		s.AdditionalProperties = nil
	}
	s.AdditionalProperties = s.AdditionalProperties.bare(ref)
	s.Properties, s.EventTypes = slices.Clone(s.Properties), slices.Clone(s.EventTypes)
	for _, members := range [...]Ordered[*Schema]{s.Properties, s.EventTypes} {
		for i := range members {
			members[i].Value = members[i].Value.bare(ref)
		}
	}
	return s
}

// An Ordered is a JSON object whose members keep their order: a document reads
// better in the order of the declarations, and is the same each time.
type Ordered[V any] []Member[V]

// A Member is one of an [Ordered].
type Member[V any] struct {
	Name  string
	Value V
}

// Get returns the value of a name, and whether there is one.
func (o Ordered[V]) Get(name string) (V, bool) {
	for i := range o {
		if o[i].Name == name {
			return o[i].Value, true
		}
	}
	return *new(V), false
}

// Set puts value under name, in place of what is there.
func (o *Ordered[V]) Set(name string, value V) {
	for i := range *o {
		if (*o)[i].Name == name {
			(*o)[i].Value = value
			return
		}
	}
	*o = append(*o, Member[V]{name, value})
}

// MarshalJSON writes the members in their order.
func (o Ordered[V]) MarshalJSON() ([]byte, error) {
	text := []byte{'{'}
	for i := range o {
		if i > 0 {
			text = append(text, ',')
		}
		var err error
		if text, err = json.AppendQuote(text, o[i].Name); err != nil {
			return nil, err
		}
		value, err := json.Marshal(&o[i].Value)
		if err != nil {
			return nil, err
		}
		text = append(append(text, ':'), value...)
	}
	return append(text, '}'), nil
}

// UnmarshalJSONFrom reads the members in their order.
func (o *Ordered[V]) UnmarshalJSONFrom(dec *json.Decoder) error {
	if dec.PeekKind() != '{' {
		return errors.New("not an object")
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return err
		}
		m := Member[V]{Name: name.String()}
		if err := json.DecodeFrom(dec, &m.Value); err != nil {
			return err
		}
		*o = append(*o, m)
	}
	_, err := dec.ReadToken()
	return err
}
