package openapi

import (
	"net/url"
	"reflect"
	"time"

	"github.com/tenonkit/tenon/internal/tag"
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
		return timeText(s.tags.Get("format"))
	case reflect.TypeFor[time.Duration]():
		return &schema{Type: typeList{"string"}, Pattern: durationPattern}
	case reflect.TypeFor[url.URL]():
		return formatted("string", "uri-reference")
	}
	switch {
	case tag.ReadsText(t):
		return b.constrained(s, textSchema(t))
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

// timeText returns the schema of a time in one of the formats that package bind
// reads. That called time has no offset, which JSON Schema's format has.
func timeText(format string) *schema {
	switch format {
	case "date":
		return formatted("string", "date")
	case "time":
		return &schema{Type: typeList{"string"}, Pattern: `^([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$`}
	case "http":
		return formatted("string", "http-date")
	case "unix":
		x := formatted("integer", "int64")
		x.Minimum, x.Maximum = "-62167219200", "253402300799"
		return x
	}
	return formatted("string", "date-time")
}
