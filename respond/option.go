package respond

import (
	"fmt"
	"net/http"
	"reflect"

	"github.com/tenonkit/tenon/internal/header"
)

// Option changes how [New] and [For] answer. It may be used any number of
// times. The zero value changes nothing.
type Option struct{ apply func(*Responder) }

// Formats sets the formats that values are encoded in, the preferred one first;
// without it there is [JSON] alone. With more than one, the Accept field of the
// request chooses (RFC 9110, section 12.5.1) and every answer carries Vary:
// Accept. Where Accept admits none of them, or is absent, the first is sent. A
// Content-Type that the handler has set chooses the format that it fits
// instead.
//
// No format, an invalid one or one media type twice is a fault.
func Formats(formats ...Format) Option {
	return Option{func(rs *Responder) {
		if len(formats) == 0 {
			rs.faults = append(rs.faults, "Formats: no format")
		}
		rs.formats = make([]offer, 0, len(formats))
		for _, format := range formats {
			rs.offer(format)
		}
	}}
}

func (rs *Responder) offer(format Format) {
	media, ok := header.ParseMediaType(format.Type)
	switch {
	case !ok || !header.IsValue(format.Type):
		rs.faults = append(rs.faults, fmt.Sprintf("Formats: %q is not a media type", format.Type))
	case format.Encode == nil:
		rs.faults = append(rs.faults, fmt.Sprintf("Formats: %s has no Encode", format.Type))
	}
	for _, other := range rs.formats {
		if ok && other.media.Equal(media) {
			rs.faults = append(rs.faults, fmt.Sprintf("Formats: %s comes twice", format.Type))
		}
	}
	rs.formats = append(rs.formats, offer{format, media})
}

// AllowNotAcceptable answers with 406 where Accept admits none of the formats,
// and makes a single format look at Accept too. The body of the 406 lists what
// there is. Failures, and values that no [Format] encodes, such as text, are
// sent whatever Accept says.
func AllowNotAcceptable() Option {
	return Option{func(rs *Responder) { rs.notAcceptable = true }}
}

// Shorthand answers values of type T, inside wrappers too, by fn, in place of
// the row of the table that would apply. The header fields of wrappers are set
// before fn is called, their status is not. An error from fn is answered by
// [Error], and breaks the response off if fn has begun it. Nil is 204 and does not reach fn.
//
// A nil fn, an interface or wrapper type T, or one type twice is a fault.
func Shorthand[T any](fn func(w http.ResponseWriter, r *http.Request, v T) error) Option {
	return Option{func(rs *Responder) {
		t := reflect.TypeFor[T]()
		switch _, twice := rs.shorthands[t]; {
		case fn == nil:
			rs.faults = append(rs.faults, fmt.Sprintf("Shorthand[%s]: nil function", t))
		case t.Kind() == reflect.Interface:
			rs.faults = append(rs.faults, fmt.Sprintf("Shorthand[%s]: no value has an interface as its type", t))
		case t.Implements(reflect.TypeFor[wrapper]()):
			rs.faults = append(rs.faults, fmt.Sprintf("Shorthand[%s]: wrappers come first", t))
		case twice:
			rs.faults = append(rs.faults, fmt.Sprintf("Shorthand[%s] comes twice", t))
		}
		if rs.shorthands == nil {
			rs.shorthands = make(map[reflect.Type]shorthand)
		}
		rs.shorthands[t] = shorthand{typed: fn, dynamic: func(w http.ResponseWriter, r *http.Request, v any) error {
			x, _ := v.(T)
			return fn(w, r, x)
		}}
	}}
}

// shorthand is one function in two forms.
type shorthand struct {
	typed   any // func(http.ResponseWriter, *http.Request, T) error
	dynamic func(w http.ResponseWriter, r *http.Request, v any) error
}
