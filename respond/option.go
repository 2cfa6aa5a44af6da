package respond

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/option"
)

// An Option changes how [New] and [For] answer. It may be used any number of
// times. Of two that differ the later wins. The zero Option changes nothing.
//
// An Option of this package is one of package tenon as it is.
type Option struct {
	apply func(rs *Responder, list int)
	wire  string // the name of an option that clients have to know of, else ""
}

// Apply adds the option to the others of a handler. It is for the family alone.
func (o Option) Apply(s *option.Set) {
	if o.wire != "" {
		s.AddWire("respond."+o.wire, o)
		return
	}
	s.Add(o)
}

// configure returns the Responder of the options, and their faults in it.
func configure(s *option.Set) *Responder {
	rs := new(Responder)
	for list, opt := range option.Of[Option](s) {
		if opt.apply != nil {
			opt.apply(rs, list)
		}
	}
	isJSON := func(o offer) bool { return o.media.Type == "application" && o.media.Subtype == "json" }
	if hasChoice := len(rs.formats) > 0 || rs.notAcceptable; hasChoice && !slices.ContainsFunc(rs.formats, isJSON) {
		first, _ := rs.offered(JSON())
		rs.formats = slices.Insert(rs.formats, 0, first)
	}
	return rs
}

// Formats adds formats that values are encoded in to [JSON], which comes first
// unless the list has a place for it. With more than one, the Accept field of the
// request chooses (RFC 9110, section 12.5.1) and every answer carries Vary:
// Accept. Where Accept admits none of them, or is absent, the first is sent. A
// Content-Type that the handler has set chooses the format that it fits
// instead.
//
//	Formats(XML())          JSON, else XML
//	Formats(XML(), JSON())  XML, else JSON
//
// A format of application/json by another codec takes the place of JSON. Formats may
// be given more than once: each adds to those before it, and a media type that
// comes again counts where it comes last.
//
// No format, an invalid one, and one media type twice in one call are faults.
func Formats(formats ...Format) Option {
	formats = slices.Clone(formats)
	return Option{wire: "Formats", apply: func(rs *Responder, _ int) {
		if len(formats) == 0 {
			rs.fault("Formats: no format: give it one, such as XML()")
		}
		list := make([]offer, 0, len(formats))
		for _, format := range formats {
			o, ok := rs.offered(format)
			if ok && slices.ContainsFunc(list, o.isSameType) {
				rs.fault("Formats: %s comes twice: leave one out", format.Type)
			}
			list = append(list, o)
		}
		isAgain := func(earlier offer) bool { return slices.ContainsFunc(list, earlier.isSameType) }
		rs.formats = append(slices.DeleteFunc(rs.formats, isAgain), list...)
	}}
}

func (rs *Responder) fault(format string, args ...any) {
	rs.faults = append(rs.faults, fmt.Sprintf(format, args...))
}

// offered returns what Accept is compared with for a format.
func (rs *Responder) offered(format Format) (o offer, ok bool) {
	media, ok := header.ParseMediaType(format.Type)
	switch {
	case !ok || !header.IsValue(format.Type):
		rs.fault("Formats: %q is not a media type: write one, such as application/cbor", format.Type)
	case format.Encode == nil:
		rs.fault("Formats: %s has no Encode: give it the function of its codec", format.Type)
	}
	return offer{format, media}, ok
}

func (o *offer) isSameType(other offer) bool { return o.media.Equal(other.media) }

// AllowNotAcceptable answers with 406 where Accept admits none of the formats,
// and makes a single format look at Accept too. The body of the 406 lists what
// there is. Failures, and values that no [Format] encodes, such as text, are
// sent whatever Accept says.
func AllowNotAcceptable() Option {
	return Option{apply: func(rs *Responder, _ int) { rs.notAcceptable = true }}
}

// Shorthand answers values of type T, inside wrappers too, by fn, in place of
// the row of the table that would apply. The header fields of wrappers are set
// before fn is called, their status is not. An error from fn is answered by
// [Error], and breaks the response off if fn has begun it. Nil is 204 and does not reach fn.
//
// A nil fn, an interface or wrapper type T, and one type twice in one list of
// options are faults. The Shorthand of a route wins over that of its table.
func Shorthand[T any](fn func(w http.ResponseWriter, r *http.Request, v T) error) Option {
	return Option{wire: "Shorthand", apply: func(rs *Responder, list int) {
		t := reflect.TypeFor[T]()
		switch other, again := rs.shorthands[t]; {
		case fn == nil:
			rs.fault("Shorthand[%s]: nil function", t)
		case t.Kind() == reflect.Interface:
			rs.fault("Shorthand[%s]: no value has an interface as its type", t)
		case t.Implements(reflect.TypeFor[wrapper]()):
			rs.fault("Shorthand[%s]: wrappers come first", t)
		case again && other.list == list:
			rs.fault("Shorthand[%s] comes twice", t)
		}
		if rs.shorthands == nil {
			rs.shorthands = make(map[reflect.Type]shorthand)
		}
		dynamic := func(w http.ResponseWriter, r *http.Request, v any) error {
			x, _ := v.(T)
			return fn(w, r, x)
		}
		rs.shorthands[t] = shorthand{typed: fn, dynamic: dynamic, list: list}
	}}
}

// shorthand is one function in two forms.
type shorthand struct {
	typed   any // func(http.ResponseWriter, *http.Request, T) error
	dynamic func(w http.ResponseWriter, r *http.Request, v any) error
	list    int // of options that it stands in
}
