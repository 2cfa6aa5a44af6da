package respond

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/option"
)

// An Option changes how the results of [New] and [For] answer. It is also an option of a
// route in package tenon. If two options contradict, the later one wins. The zero Option
// changes nothing. An Option may be used any number of times.
type Option struct {
	apply func(rs *Responder, list int)
	wire  string // the name of an option that changes what clients receive, else ""
}

// Apply adds the option to those of a handler. It is for the packages of this module only.
func (o Option) Apply(s *option.Set) {
	if o.wire != "" {
		s.AddWire("respond."+o.wire, o)
		return
	}
	s.Add(o)
}

// configure returns the Responder of the options, with their faults.
func configure(s *option.Set) *Responder {
	rs := new(Responder)
	for list, opt := range option.Of[Option](s) {
		if opt.apply != nil {
			opt.apply(rs, list)
		}
	}
	isJSON := func(o offer) bool { return o.media.Essence() == jsonType }
	if hasChoice := len(rs.formats) > 0 || rs.notAcceptable; hasChoice && !slices.ContainsFunc(rs.formats, isJSON) {
		first, _ := rs.offered(JSON())
		rs.formats = slices.Insert(rs.formats, 0, first)
	}
	return rs
}

// Formats adds formats for values that are neither text nor bytes. The Accept field of the
// request chooses the format (RFC 9110, section 12.5.1). If Accept is absent or allows none,
// the first format is sent. [JSON] is the first unless the list contains it:
//
//	Formats(XML())          JSON, then XML
//	Formats(XML(), JSON())  XML, then JSON
//
// If there is more than one format, every answer has the field Vary: Accept. A Content-Type
// that the handler has set chooses the format instead of Accept.
//
// Another format of application/json replaces JSON. Several Formats add up; if a media type
// comes again, its last place counts. These are faults: no format, an invalid one, and a
// media type that comes twice in one call.
func Formats(formats ...Format) Option {
	formats = slices.Clone(formats)
	return Option{wire: "Formats", apply: func(rs *Responder, _ int) {
		if len(formats) == 0 {
			rs.fault("Formats: there is no format: write one, such as XML()")
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

// offered returns a format with its parsed media type.
func (rs *Responder) offered(format Format) (o offer, ok bool) {
	media, ok := header.ParseMediaType(format.Type)
	switch {
	case !ok || !header.IsValue(format.Type):
		rs.fault("Formats: %q is not a media type: write one, such as application/cbor", format.Type)
	case format.Encode == nil:
		rs.fault("Formats: %s has no Encode: set it to a function that calls the codec", format.Type)
	}
	return offer{format, media}, ok
}

func (o *offer) isSameType(other offer) bool { return o.media.Equal(other.media) }

// AllowNotAcceptable answers with 406 if Accept allows none of the formats, also if there is
// only one. The body of the 406 lists the formats. Failures, and values that need no [Format]
// such as text, are sent whatever Accept says.
func AllowNotAcceptable() Option {
	return Option{apply: func(rs *Responder, _ int) { rs.notAcceptable = true }}
}

// Shorthand lets fn answer with values of type T, in place of the table in the package
// documentation. It applies inside wrappers too: their header fields are set before the call,
// their status is ignored. [Error] answers an error of fn, or aborts the response if fn has
// started it. A nil value is a 204, without a call of fn.
//
// A nil fn, a T that is an interface or a wrapper, and a type twice in one list of options are
// faults. The Shorthand of a route wins over one of tenon.Routes.Options.
func Shorthand[T any](fn func(w http.ResponseWriter, r *http.Request, v T) error) Option {
	return Option{wire: "Shorthand", apply: func(rs *Responder, list int) {
		t := reflect.TypeFor[T]()
		switch other, again := rs.shorthands[t]; {
		case fn == nil:
			rs.fault("Shorthand[%s]: the function is nil: write one", t)
		case t.Kind() == reflect.Interface:
			rs.fault("Shorthand[%s]: the type is an interface: write a Shorthand for each type that it may hold", t)
		case t.Implements(reflect.TypeFor[wrapper]()):
			rs.fault("Shorthand[%s]: the type is a wrapper: write a Shorthand for its body", t)
		case again && other.list == list:
			rs.fault("Shorthand[%s] comes twice: leave one out", t)
		}
		if rs.shorthands == nil {
			rs.shorthands = make(map[reflect.Type]shorthand)
		}
		dynamic := func(w http.ResponseWriter, r *http.Request, v any) error {
			x, _ := v.(T)
			return fn(w, r, x)
		}
		p := plan[T](func(w http.ResponseWriter, r *http.Request, v T, env envelope) error {
			return sendShort(w, r, &env, func(w http.ResponseWriter) error { return fn(w, r, v) })
		})
		rs.shorthands[t] = shorthand{plan: p, dynamic: dynamic, list: list}
	}}
}

// shorthand is one function in two forms.
type shorthand struct {
	plan    any // a plan[T]
	dynamic func(w http.ResponseWriter, r *http.Request, v any) error
	list    int // of options that it stands in
}
