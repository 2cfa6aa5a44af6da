package openapi

import (
	"encoding"
	"errors"
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/tag"
)

// annotated adds to x, the schema of the field at s, what its tags say that is no
// constraint: doc, default, example and deprecated.
func (b *builder) annotated(s site, x *schema) *schema {
	if text := s.tags.Get("doc"); text != "" {
		x.Description = text
	}
	if s.tags.Get("deprecated") == "true" {
		x.Deprecated = true
	}
	if text, ok := s.tags.Lookup("default"); ok {
		x.Default = b.example(s, "default", text)
	}
	if text, ok := s.tags.Lookup("example"); ok {
		if value := b.example(s, "example", text); value != nil {
			x.Examples = []json.RawMessage{value}
		}
	}
	return x
}

// example returns the JSON value that the text of a tag stands for in a field, as
// package bind reads a default: with commas between the items of a slice.
func (b *builder) example(s site, key, text string) json.RawMessage {
	value, err := jsonLiteral(opened(s.typ), text)
	if err != nil {
		b.fault("%s has %s:%q: %v", s.path, key, text, err)
		return nil
	}
	if s.quoted {
		value = json.RawMessage(`"` + string(value) + `"`)
	}
	return value
}

// opened takes all pointers and Opts off t.
func opened(t reflect.Type) reflect.Type {
	for {
		elem, ok := unwrap(t)
		if !ok {
			return t
		}
		t = elem
	}
}

// jsonLiteral is [literal] for slices and types that read text too.
func jsonLiteral(t reflect.Type, text string) (json.RawMessage, error) {
	switch {
	case tag.ReadsText(t):
		p := reflect.New(t)
		u, _ := reflect.TypeAssert[encoding.TextUnmarshaler](p)
		if err := u.UnmarshalText([]byte(text)); err != nil {
			return nil, errors.New("is not valid")
		}
		return json.Marshal(p.Interface())
	case t.Kind() == reflect.Slice:
		return listLiteral(opened(t.Elem()), text)
	case t.Kind() == reflect.Struct, t.Kind() == reflect.Map, t.Kind() == reflect.Array:
		value := json.RawMessage(text)
		if t.Kind() == reflect.Struct && !value.IsValid() {
			return json.AppendQuote(nil, text) // a time
		}
		if !value.IsValid() {
			return nil, errors.New("is not JSON")
		}
		return value, nil
	}
	return literal(t, text)
}

func listLiteral(elem reflect.Type, text string) (json.RawMessage, error) {
	list := json.RawMessage{'['}
	if text != "" {
		for i, word := range strings.Split(text, ",") {
			value, err := jsonLiteral(elem, word)
			if err != nil {
				return nil, err
			}
			if i > 0 {
				list = append(list, ',')
			}
			list = append(list, value...)
		}
	}
	return append(list, ']'), nil
}
