package openapi

import (
	"slices"

	"github.com/tenonkit/tenon/internal/json"
)

// A schema is one of JSON Schema 2020-12, with the keywords that this package
// writes or checks. The zero schema takes any value.
type schema struct {
	Ref         string          `json:"$ref,omitempty"`
	Title       string          `json:"title,omitempty"`
	Description string          `json:"description,omitempty"`
	Type        typeList        `json:"type,omitempty"`
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

	Items       *schema `json:"items,omitempty"`
	MinItems    *int64  `json:"minItems,omitempty"`
	MaxItems    *int64  `json:"maxItems,omitempty"`
	UniqueItems bool    `json:"uniqueItems,omitzero"`

	Properties           ordered[*schema] `json:"properties,omitempty"`
	Required             []string         `json:"required,omitempty"`
	PropertyNames        *schema          `json:"propertyNames,omitempty"`
	AdditionalProperties *schema          `json:"additionalProperties,omitempty"`

	AllOf []*schema `json:"allOf,omitempty"`
	AnyOf []*schema `json:"anyOf,omitempty"`
	OneOf []*schema `json:"oneOf,omitempty"`
	Not   *schema   `json:"not,omitempty"`

	Default    json.RawMessage   `json:"default,omitzero"`
	Examples   []json.RawMessage `json:"examples,omitempty"`
	Deprecated bool              `json:"deprecated,omitzero"`

	// Event is of the data of an event, in the schema of a stream of events.
	Event *schema `json:"x-event-data,omitempty"`

	// Others are the keywords that this package does not know.
	Others map[string]json.RawMessage `json:",embed"`

	// never says that the schema is false, which takes no value.
	never bool
	// matched is the pattern as Go reads it, where a tag states it.
	matched string
}

// MarshalJSONTo writes the keywords, or false.
func (s *schema) MarshalJSONTo(enc *json.Encoder) error {
	if s.never {
		return enc.WriteValue(json.RawMessage("false"))
	}
	type keywords schema
	return json.EncodeTo(enc, (*keywords)(s))
}

// UnmarshalJSONFrom reads keywords, true or false.
func (s *schema) UnmarshalJSONFrom(dec *json.Decoder) error {
	if kind := dec.PeekKind(); kind == 't' || kind == 'f' {
		s.never = kind == 'f'
		return dec.SkipValue()
	}
	type keywords schema
	return json.DecodeFrom(dec, (*keywords)(s))
}

// A typeList is the keyword type: one name, or a list of several.
type typeList []string //nolint:recvcheck // reading needs a pointer, writing goes without

// MarshalJSON writes one name as a string.
func (l typeList) MarshalJSON() ([]byte, error) {
	if len(l) == 1 {
		return json.AppendQuote(nil, l[0])
	}
	names := []string(l)
	return json.Marshal(&names)
}

// UnmarshalJSONFrom reads a string or a list of strings.
func (l *typeList) UnmarshalJSONFrom(dec *json.Decoder) error {
	if dec.PeekKind() == '"' {
		*l = typeList{""}
		return json.DecodeFrom(dec, &(*l)[0])
	}
	return json.DecodeFrom(dec, (*[]string)(l))
}

// typed returns the schema of one type.
func typed(name string) *schema { return &schema{Type: typeList{name}} }

// formatted returns the schema of one type with a format.
func formatted(name, format string) *schema { return &schema{Type: typeList{name}, Format: format} }

// isAny reports whether s takes every value, so that there is nothing to add
// to it.
func (s *schema) isAny() bool {
	return s.Ref == "" && len(s.Type) == 0 && len(s.AnyOf) == 0 && len(s.OneOf) == 0 && len(s.AllOf) == 0 &&
		s.Const == nil && len(s.Enum) == 0 && s.Not == nil && !s.never
}

// orNull returns s, or a schema in its place, that takes null too.
func (s *schema) orNull() *schema {
	switch {
	case s.isAny() && len(s.Others) == 0, slices.Contains(s.Type, "null"):
		return s
	case len(s.Type) > 0 && s.Ref == "" && s.Const == nil && len(s.AllOf) == 0 && len(s.AnyOf) == 0 && len(s.OneOf) == 0 && s.Not == nil:
		s.Type = append(slices.Clip(s.Type), "null")
		if len(s.Enum) > 0 {
			s.Enum = append(slices.Clip(s.Enum), json.RawMessage("null"))
		}
		return s
	}
	return &schema{AnyOf: []*schema{s, typed("null")}}
}
