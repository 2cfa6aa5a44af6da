package openapi

import (
	"net/url"
	"reflect"
	"strings"
	"time"

	"github.com/tenonkit/tenon/internal/tag"
	"github.com/tenonkit/tenon/internal/text"
)

// durationPattern is what [time.ParseDuration] reads.
const durationPattern = `^[-+]?(0|(([0-9]+(\.[0-9]*)?|\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$`

// text returns the schema of one value that package bind reads from text: of a
// path, a query, a header field, a cookie, a form.
func (b *builder) text(s site) *schema {
	t := s.typ
	if text, ok := b.override(t); ok {
		return b.parse(t, text)
	}
	switch t {
	case reflect.TypeFor[time.Time]():
		return b.time(s)
	case reflect.TypeFor[time.Duration]():
		return &schema{Type: typeList{"string"}, Pattern: durationPattern}
	case reflect.TypeFor[url.URL]():
		return formatted("string", "uri-reference")
	}
	switch {
	case tag.ReadsText(t):
		return b.constrained(s, longest(t, textSchema(t)))
	case t.Kind() == reflect.String:
		return b.constrained(s, typed("string"))
	case t.Kind() == reflect.Bool:
		return typed("boolean")
	}
	if x := number(t); x != nil {
		return b.constrained(s, x)
	}
	b.fault("%s has type %s, which no text is read into", s.path, t)
	return &schema{}
}

const (
	clockPattern = `([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$`
	datePattern  = `^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T`
)

// time returns the schema of a time in the form that its format chooses. That
// called time has no offset, which JSON Schema's format has.
func (b *builder) time(s site) *schema {
	switch name := s.tags.Get("format"); name {
	case "", "date-time":
		return formatted("string", "date-time")
	case "date":
		return formatted("string", "date")
	case "time":
		return &schema{Type: typeList{"string"}, Pattern: "^" + clockPattern}
	case "date-time-local":
		return &schema{Type: typeList{"string"}, Format: name, Pattern: datePattern + clockPattern}
	case "http":
		return formatted("string", "http-date")
	case "unix":
		x := formatted("integer", "int64")
		x.Minimum, x.Maximum = "-62167219200", "253402300799"
		return x
	default:
		b.fault("%s has the unknown time format %q: use %s", s.path, name, strings.Join(text.TimeFormats(), ", "))
		return typed("string")
	}
}

// longest adds to x, the schema of a type with UnmarshalText, how long a text of it
// package bind reads if no tag says.
func longest(t reflect.Type, x *schema) *schema {
	if tag.BigIn(t) != nil {
		x.MaxLength = new(int64(tag.MaxBigLength))
	}
	return x
}
