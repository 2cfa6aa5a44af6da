package openapi

import (
	"errors"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/tag"
	"github.com/tenonkit/tenon/internal/text"
)

// annotated adds to x, the schema of the field at s, what its tags say that is no
// constraint: doc, default, example and deprecated.
func (b *builder) annotated(s site, x *schema) *schema {
	if doc := s.tags.Get("doc"); doc != "" {
		x.Description = doc
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
// package bind reads a default: with commas between the items of a slice. What no
// text is read into is written as JSON.
func (b *builder) example(s site, key, text string) json.RawMessage {
	var value json.RawMessage
	var err error
	s.typ = opened(s.typ)
	b.calling(s.path+" has "+key+":"+strconv.Quote(text)+", with which its methods panic", func() {
		switch {
		case isText(s.typ):
			value, err = textLiteral(s.typ, s.tags, text)
		case s.typ.Kind() == reflect.Slice && isText(opened(s.typ.Elem())):
			value, err = listLiteral(opened(s.typ.Elem()), s.tags, text)
		case json.RawMessage(text).IsValid():
			value = json.RawMessage(text)
		default:
			err = errors.New("it is not JSON")
		}
	})
	if err != nil {
		b.fault("%s has %s:%q: %v", s.path, key, text, err)
		return nil
	}
	if s.quoted && value != nil {
		value = json.RawMessage(`"` + string(value) + `"`)
	}
	return value
}

// calling calls methods that a user wrote. Their panic is a fault, whose words
// begin with those given.
func (b *builder) calling(words string, call func()) {
	defer func() {
		if cause := recover(); cause != nil {
			b.fault("%s: %v", words, cause)
		}
	}()
	call()
}

// isText reports whether a value of type t has a text in a tag.
func isText(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		return tag.ReadsText(t) || isBytes(t)
	case reflect.Struct, reflect.Map:
		return tag.ReadsText(t) || t == reflect.TypeFor[time.Time]()
	}
	return true
}

// textLiteral returns the JSON value of a text that is read into a t.
func textLiteral(t reflect.Type, tags reflect.StructTag, stated string) (json.RawMessage, error) {
	isList := t.Kind() == reflect.Slice || t.Kind() == reflect.Array
	if !tag.ReadsText(t) && (t.Kind() == reflect.Interface || isList) {
		return json.AppendQuote(nil, stated)
	}
	codec, err := text.Of(t, tags.Get("format"))
	if err != nil {
		return nil, err
	}
	v := reflect.New(t)
	wrong := codec.Parse(v.Elem(), stated)
	switch {
	case wrong != nil:
		return nil, errors.New("it " + wrong.Detail)
	case t != reflect.TypeFor[time.Time]():
		return json.Marshal(v.Interface())
	case tags.Get("format") == "unix":
		return json.RawMessage(stated), nil
	}
	return json.AppendQuote(nil, stated)
}

func listLiteral(elem reflect.Type, tags reflect.StructTag, text string) (json.RawMessage, error) {
	list := json.RawMessage{'['}
	if text != "" {
		for i, word := range strings.Split(text, ",") {
			value, err := textLiteral(elem, tags, word)
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
