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

// DefaultMaxBody is the limit of a body without the option [MaxBody]: 1 MiB.
const DefaultMaxBody = 1 << 20

// An Option changes how requests are bound. [For] and [Func] read options once and panic with
// those that are wrong. If two options differ, the later one counts. The zero Option changes
// nothing. Every Option of this package is also an option of package tenon.
type Option struct {
	apply func(*config)
	wire  string // the name of an option that clients have to know of, else ""
}

// Apply adds the option to the others of a handler, for the packages of this module.
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
	pathValue   func(r *http.Request, name string) string // nil for that of the request
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
		maxBody: DefaultMaxBody, maxMemory: DefaultMaxMemory, invalidStatus: http.StatusBadRequest,
	}
	for list, opt := range option.Of[Option](s) {
		c.list = list
		if opt.apply != nil {
			opt.apply(c)
		}
	}
	return c
}

// MaxBody limits every kind of body to n bytes, 1 MiB by default. A larger body is a 413,
// before anything is read if Content-Length says so. A negative n is a fault.
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

// DefaultMaxMemory is the memory of the files of one form without the option [MaxMemory]:
// 256 KiB.
const DefaultMaxMemory = 256 << 10

// MaxMemory limits the memory of all [File] fields of one form to n bytes, 256 KiB by default.
// Files beyond that go into one temporary file for each request, in [os.TempDir]. The file is
// removed when the context of the request is done, in net/http when the handler returns, or at
// once if the request cannot be bound. A negative n is a fault.
func MaxMemory(n int64) Option {
	return Option{apply: func(c *config) { c.maxMemory = c.limit("bind.MaxMemory", n) }}
}

// A Format decodes bodies of a media type other than JSON.
type Format struct {
	// Type is the media type without parameters, such as application/cbor.
	Type string
	// Decode reads the body from r into v, a pointer. An error is a 400, and its text is not
	// sent. The bytes of r are valid until Decode returns.
	Decode func(r io.Reader, v any) error
}

// Formats adds formats that a JSON body may have too. Content-Type chooses the format. A
// format of application/json replaces the decoder of this package. Several Formats
// options add up; for one media type the later format counts.
//
// The constraints are checked on the value that a Format decoded. bind does not check
// whether a required member was sent: the Format does. An invalid format, and one media
// type twice in one call, are faults.
func Formats(formats ...Format) Option {
	formats = slices.Clone(formats)
	return Option{wire: "Formats", apply: func(c *config) {
		for i, f := range formats {
			media, ok := header.ParseMediaType(f.Type)
			isType := func(other Format) bool { return strings.EqualFold(other.Type, f.Type) }
			switch {
			case !ok || !strings.EqualFold(f.Type, media.Type+"/"+media.Subtype):
				c.faults.Add("bind.Formats", "has the type %q: give it a media type without parameters, such as application/cbor", f.Type)
			case f.Decode == nil:
				c.faults.Add("bind.Formats", "has no Decode for %s: give it a function that decodes the body", f.Type)
			case slices.ContainsFunc(formats[:i], isType):
				c.faults.Add("bind.Formats", "has %s twice: remove one", f.Type)
			}
			if at := slices.IndexFunc(c.formats, isType); at >= 0 {
				c.formats[at] = f
			} else {
				c.formats = append(c.formats, f)
			}
		}
	}}
}

// PathValue makes value the function that returns path values, for a router that does not set
// those of [http.Request]. The default is [http.Request.PathValue]. A nil value is a fault.
func PathValue(value func(r *http.Request, name string) string) Option {
	return Option{apply: func(c *config) {
		if value == nil {
			c.faults.Add("bind.PathValue", "has a nil function: give it one that returns the path value of a name")
		}
		c.pathValue = value
	}}
}

// OnBodyError lets f choose the answer to a body that does not fit. f gets the error that
// bind would return, which unwraps to its cause, and the payload as far as it was read.
// An error of f replaces that error, and nil keeps it. f is not called for a 413 or a
// 415.
//
// The payload is valid until f returns. It is nil for multipart bodies and streams. For
// [Parts] and streams f is called while the handler reads them. A nil f changes nothing.
func OnBodyError(f func(err error, payload []byte) error) Option {
	return Option{apply: func(c *config) { c.onBodyError = f }}
}

// Strict refuses names that In does not have, in the query, in forms and in JSON bodies, with
// a 400. Without it such names are ignored.
func Strict() Option {
	return Option{apply: func(c *config) { c.strict = true }}
}

// InvalidStatus is the status for a well-formed request that does not fit, such as 422 (RFC
// 9110, section 15.5.21). The default is 400. A code outside of 400..499 is a fault.
//
// A request is well-formed if its faults are about what it says: required, type, range,
// null, unknown, constraints, and Validate methods without an answer of their own. One other
// fault makes the answer a 400: a missing body, or the code syntax, pairs, entries,
// cookies, boundary, headers, parts, read, depth or duplicate.
func InvalidStatus(code int) Option {
	return Option{apply: func(c *config) {
		if code < http.StatusBadRequest || code > 499 {
			c.faults.Add("bind.InvalidStatus", "is %d: give a status in 400..499", code)
		}
		c.invalidStatus = code
	}}
}

// ValidateFunc adds a check of the bound value. f runs after all other checks, with a pointer
// to In that is valid until f returns. Several such functions run in order until one fails.
//
// The text of the error is sent as the detail of a 400, or of the status of
// [InvalidStatus]. An error with an answer of its own, such as a [respond.Problem] or an
// [*Error], is the answer. A nil f is a fault, and so is a T that is not the type of In.
func ValidateFunc[T any](f func(in *T) error) Option {
	check := func(in any) error {
		of, _ := in.(*T)
		return f(of)
	}
	return Option{apply: func(c *config) {
		if f == nil {
			c.faults.Add("bind.ValidateFunc", "has a nil function: give it one that checks the In")
		}
		c.validate = append(c.validate, validateFunc{reflect.TypeFor[T](), check})
	}}
}

// A validateFunc is a check of an In of the type.
type validateFunc struct {
	in    reflect.Type
	check func(in any) error
}
