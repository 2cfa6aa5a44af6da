package bind

import (
	"io"
	"net/http"
	"strconv"
)

// DefaultMaxBody is the limit of a body without [MaxBody]: 1 MiB.
const DefaultMaxBody = 1 << 20

// An Option changes how a request is bound. Options are read once, by [For]. The
// zero Option changes nothing.
type Option struct{ apply func(*config) }

type config struct {
	maxBody     int64
	maxMemory   int64
	formats     []Format
	pathValue   func(r *http.Request, name string) string
	onBodyError func(err error, payload []byte) error
	strict      bool
	// invalidStatus is that of a request which is well-formed and does not fit.
	invalidStatus int
	validate      []func(any) error
}

func newConfig(opts []Option) *config {
	c := &config{maxBody: DefaultMaxBody, maxMemory: DefaultMaxMemory, pathValue: (*http.Request).PathValue, invalidStatus: http.StatusBadRequest}
	for _, opt := range opts {
		if opt.apply != nil {
			opt.apply(c)
		}
	}
	return c
}

// MaxBody limits every kind of body to n bytes, 1 MiB by default. A body of n
// bytes passes; one more answers 413, before anything is read where
// Content-Length tells. It panics if n is negative.
func MaxBody(n int64) Option {
	if n < 0 {
		panic("bind: MaxBody of a negative number")
	}
	return Option{func(c *config) { c.maxBody = n }}
}

// DefaultMaxMemory is how much memory the files of a form take without
// [MaxMemory]: 256 KiB.
const DefaultMaxMemory = 256 << 10

// MaxMemory lets the [File] fields of one form hold n bytes of memory together,
// 256 KiB by default. Files beyond that are in a temporary file, one for each
// request, in [os.TempDir]. It is removed when the context of the request is
// done, which with net/http is when the handler returns, and at once where the
// request is not bound. MaxMemory panics if n is negative.
func MaxMemory(n int64) Option {
	if n < 0 {
		panic("bind: MaxMemory of a negative number")
	}
	return Option{func(c *config) { c.maxMemory = n }}
}

// A Format decodes bodies of a media type other than JSON.
type Format struct {
	// Type is the media type without parameters, such as application/cbor.
	Type string
	// Decode reads the body into v, a pointer. Its error answers 400, and its
	// text stays on the server. The bytes of r are valid until Decode returns.
	Decode func(r io.Reader, v any) error
}

// Formats lets bodies that take JSON take formats too, chosen by Content-Type.
// The constraints hold for a value that a Format decoded; whether a field was
// sent is the Format's to say.
func Formats(formats ...Format) Option {
	for _, f := range formats {
		if f.Type == "" || f.Decode == nil {
			panic("bind: a Format needs Type and Decode")
		}
	}
	return Option{func(c *config) { c.formats = append(c.formats, formats...) }}
}

// PathValue makes value the reader of path values, for routers that do not set
// those of [http.Request]. By default it is [http.Request.PathValue]. It panics
// if value is nil.
func PathValue(value func(r *http.Request, name string) string) Option {
	if value == nil {
		panic("bind: PathValue of nil")
	}
	return Option{func(c *config) { c.pathValue = value }}
}

// OnBodyError lets f choose the answer when a body does not fit: f gets the
// error that bind would return, with the cause behind [errors.Unwrap], and the
// payload as far as it was read. An error from f replaces bind's; nil keeps it.
// It is not asked about a body that is too large (413) or of another media
// type (415). The payload is valid only until f returns; it is nil for multipart
// bodies and streams, which are not kept. The failures of [Parts] and streams
// come while the handler reads them.
func OnBodyError(f func(err error, payload []byte) error) Option {
	return Option{func(c *config) { c.onBodyError = f }}
}

// Strict refuses names that In does not know, in the query, in forms and in JSON
// bodies, with a 400. Without it they are ignored.
func Strict() Option {
	return Option{func(c *config) { c.strict = true }}
}

// InvalidStatus answers a request that is well-formed and does not fit with code,
// such as 422 (RFC 9110, section 15.5.21), where it is 400 by default. What is not
// well-formed stays 400, and makes the whole answer one: an empty body, and what has
// the code syntax, pairs, entries, cookies, boundary, headers, parts, read, depth,
// duplicate or encoding. Everything else takes the code: required, type, null,
// unknown, the rules of tags, and what Validate methods refuse without an answer of
// their own. It panics if code is not in 400..499.
func InvalidStatus(code int) Option {
	if code < http.StatusBadRequest || code > 499 {
		panic("bind: InvalidStatus of " + strconv.Itoa(code) + ", which is not in 400..499")
	}
	return Option{func(c *config) { c.invalidStatus = code }}
}

// Validate adds a check of the bound value, called with a pointer to In after
// everything else holds; the pointer is valid until f returns. The error of f is
// sent as a Validate method's is: its text is the detail of a 400, unless
// [respond.Error] has an answer of its own to it, such as a [respond.Problem].
// Several checks run in order until one fails. It panics if f is nil.
func Validate(f func(in any) error) Option {
	if f == nil {
		panic("bind: Validate of nil")
	}
	return Option{func(c *config) { c.validate = append(c.validate, f) }}
}
