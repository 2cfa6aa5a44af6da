package bind

import (
	"io"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/option"
	"github.com/tenonkit/tenon/internal/shape"
)

// DefaultMaxBody is the limit of a body without [MaxBody]: 1 MiB.
const DefaultMaxBody = 1 << 20

// An Option changes how a request is bound. Options are read once, by [For], which
// panics with those that are wrong, as it does with the faults of T. Of two that
// differ the later wins. The zero Option changes nothing.
//
// An Option of this package is one of package tenon as it is.
type Option struct {
	apply func(*config)
	wire  string // the name of an option that clients have to know of, else ""
}

// Apply adds the option to the others of a handler. It is for the family alone.
func (o Option) Apply(s *option.Set) {
	if o.wire != "" {
		s.AddWire("bind."+o.wire, o)
		return
	}
	s.Add(o)
}

type config struct {
	maxBody     int64
	maxMemory   int64
	formats     []Format
	pathValue   func(r *http.Request, name string) string
	onBodyError func(err error, payload []byte) error
	strict      bool
	validate    []validateFunc
	values      []provider
	isDescribed bool // for an address alone, where nobody provides values

	isSent bool // for values that a client is about to send
	// invalidStatus is that of a request which is well-formed and does not fit.
	invalidStatus int

	list   int // that the option being read stands in
	faults shape.Faults
}

func newConfig(s *option.Set) *config {
	c := &config{
		maxBody: DefaultMaxBody, maxMemory: DefaultMaxMemory, pathValue: (*http.Request).PathValue,
		invalidStatus: http.StatusBadRequest,
	}
	for list, opt := range option.Of[Option](s) {
		c.list = list
		if opt.apply != nil {
			opt.apply(c)
		}
	}
	return c
}

// MaxBody limits every kind of body to n bytes, 1 MiB by default. A body of n
// bytes passes; one more answers 413, before anything is read where
// Content-Length tells. A negative n is a fault.
func MaxBody(n int64) Option {
	return Option{apply: func(c *config) { c.maxBody = c.limit("bind.MaxBody", n) }}
}

// limit notes a limit that is negative.
func (c *config) limit(name string, n int64) int64 {
	if n < 0 {
		c.faults.Add(name, "is %d: give a number of bytes, 0 or more", n)
	}
	return n
}

// DefaultMaxMemory is how much memory the files of a form take without
// [MaxMemory]: 256 KiB.
const DefaultMaxMemory = 256 << 10

// MaxMemory lets the [File] fields of one form hold n bytes of memory together,
// 256 KiB by default. Files beyond that are in a temporary file, one for each
// request, in [os.TempDir]. It is removed when the context of the request is
// done, which with net/http is when the handler returns, and at once where the
// request is not bound. A negative n is a fault.
func MaxMemory(n int64) Option {
	return Option{apply: func(c *config) { c.maxMemory = c.limit("bind.MaxMemory", n) }}
}

// A Format decodes bodies of a media type other than JSON.
type Format struct {
	// Type is the media type without parameters, such as application/cbor.
	Type string
	// Decode reads the body into v, a pointer. Its error answers 400, and its
	// text stays on the server. The bytes of r are valid until Decode returns.
	Decode func(r io.Reader, v any) error
}

// Formats lets bodies that take JSON take formats too, chosen by Content-Type. A
// format of application/json takes the place of the decoder of this package.
// Formats may be given more than once: each adds to those before it, and a type
// that comes again is read by the later format. The constraints hold for a value
// that a Format decoded; whether a field was sent is the Format's to say.
//
// An invalid format and one media type twice in one call are faults.
func Formats(formats ...Format) Option {
	formats = slices.Clone(formats)
	return Option{wire: "Formats", apply: func(c *config) {
		for i, f := range formats {
			media, ok := header.ParseMediaType(f.Type)
			isType := func(other Format) bool { return strings.EqualFold(other.Type, f.Type) }
			switch {
			case !ok || !strings.EqualFold(f.Type, media.Type+"/"+media.Subtype):
				c.faults.Add("bind.Formats", "has the type %q, which is no media type without parameters: write one, such as application/cbor", f.Type)
			case f.Decode == nil:
				c.faults.Add("bind.Formats", "has no Decode for %s: give it the function of its codec", f.Type)
			case slices.ContainsFunc(formats[:i], isType):
				c.faults.Add("bind.Formats", "has %s twice", f.Type)
			}
			if at := slices.IndexFunc(c.formats, isType); at >= 0 {
				c.formats[at] = f
			} else {
				c.formats = append(c.formats, f)
			}
		}
	}}
}

// PathValue makes value the reader of path values, for routers that do not set
// those of [http.Request]. By default it is [http.Request.PathValue]. A nil value
// is a fault.
func PathValue(value func(r *http.Request, name string) string) Option {
	return Option{apply: func(c *config) {
		if value == nil {
			c.faults.Add("bind.PathValue", "has no function")
		}
		c.pathValue = value
	}}
}

// OnBodyError lets f choose the answer when a body does not fit: f gets the
// error that bind would return, with the cause behind [errors.Unwrap], and the
// payload as far as it was read. An error from f replaces bind's; nil keeps it.
// It is not asked about a body that is too large (413) or of another media
// type (415). The payload is valid only until f returns; it is nil for multipart
// bodies and streams, which are not kept. The failures of [Parts] and streams
// come while the handler reads them. A nil f asks nobody, as without the option.
func OnBodyError(f func(err error, payload []byte) error) Option {
	return Option{apply: func(c *config) { c.onBodyError = f }}
}

// Strict refuses names that In does not know, in the query, in forms and in JSON
// bodies, with a 400. Without it they are ignored.
func Strict() Option {
	return Option{apply: func(c *config) { c.strict = true }}
}

// InvalidStatus answers a request that is well-formed and does not fit with code,
// such as 422 (RFC 9110, section 15.5.21), where it is 400 by default. What is not
// well-formed stays 400, and makes the whole answer one: an empty body, and what has
// the code syntax, pairs, entries, cookies, boundary, headers, parts, read, depth,
// duplicate or encoding. Everything else takes the code: required, type, null,
// unknown, the rules of tags, and what Validate methods refuse without an answer of
// their own. A code that is not in 400..499 is a fault.
func InvalidStatus(code int) Option {
	return Option{apply: func(c *config) {
		if code < http.StatusBadRequest || code > 499 {
			c.faults.Add("bind.InvalidStatus", "is %d: give a status in 400..499", code)
		}
		c.invalidStatus = code
	}}
}

// ValidateFunc adds a check of the bound value, called with a pointer to In after
// everything else holds; the pointer is valid until f returns. The error of f is sent as
// that of a Validate method of In is: its text is the detail of a 400, unless
// [respond.Error] has an answer of its own to it, such as a [respond.Problem] or an
// [*Error]. Several checks run in order until one fails. A T that is not the type of In and
// a nil f are faults.
func ValidateFunc[T any](f func(in *T) error) Option {
	check := func(in any) error {
		of, _ := in.(*T)
		return f(of)
	}
	return Option{apply: func(c *config) {
		if f == nil {
			c.faults.Add("bind.ValidateFunc", "has no function")
		}
		c.validate = append(c.validate, validateFunc{reflect.TypeFor[T](), check})
	}}
}

// A validateFunc is a check of an In of the type.
type validateFunc struct {
	in    reflect.Type
	check func(in any) error
}
