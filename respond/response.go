package respond

import (
	"net/http"
	"net/textproto"
	"reflect"
	"slices"
)

// A Response is a wrapper: it adds a status, header fields and cookies to a body of type T.
// The body is sent as if the handler had returned it alone. Wrappers may be nested: the outer
// status wins, and header fields and cookies add up.
type Response[T any] struct {
	// Status is 200 to 599. Zero leaves the status to the body, and any other is a 500. It
	// has no effect on an error, and replaces only a 200 of an [http.Handler].
	Status int
	// Header is added to the header of the response. A field that can occur only once, such
	// as Content-Type, is replaced. Content-Length, Transfer-Encoding, Connection and
	// Trailer are ignored.
	Header http.Header
	// Cookies are added. An invalid one is a 500.
	Cookies []*http.Cookie
	Body    T
}

// Status returns a [Response] of body with a status.
func Status[T any](code int, body T) Response[T] {
	return Response[T]{Status: code, Body: body}
}

// WithHeader returns a copy of x that adds a header field.
func (x Response[T]) WithHeader(key, value string) Response[T] {
	fields := x.Header.Clone()
	if fields == nil {
		fields = make(http.Header, 1)
	}
	fields.Add(key, value)
	x.Header = fields
	return x
}

// WithCookie returns a copy of x that adds a cookie.
func (x Response[T]) WithCookie(c *http.Cookie) Response[T] {
	x.Cookies = append(slices.Clip(x.Cookies), c)
	return x
}

// WithETag returns a copy of x with an entity tag (RFC 9110, section 8.8.3). The tag includes
// its quotation marks; [precondition.Tag] makes one. An empty tag adds no field, and an
// invalid one is a 500.
//
// [precondition.Tag]: https://pkg.go.dev/github.com/tenonkit/tenon/precondition#Tag
func (x Response[T]) WithETag(tag string) Response[T] {
	x.Header = withETag(x.Header, tag)
	return x
}

// withETag returns a copy of fields whose entity tag is tag, unless that is empty.
func withETag(fields http.Header, tag string) http.Header {
	if tag == "" {
		return fields
	}
	tagged := make(http.Header, len(fields)+1)
	for name, values := range fields {
		if textproto.CanonicalMIMEHeaderKey(name) != "Etag" {
			tagged[name] = values
		}
	}
	tagged["Etag"] = []string{tag}
	return tagged
}

// An OK is a [Response] with status 200.
type OK[T any] struct {
	Header  http.Header
	Cookies []*http.Cookie
	Body    T
}

// WithETag is [Response.WithETag].
func (x OK[T]) WithETag(tag string) OK[T] {
	x.Header = withETag(x.Header, tag)
	return x
}

// A Created is a [Response] with status 201.
type Created[T any] struct {
	Header  http.Header
	Cookies []*http.Cookie
	// Location is the URL of what was created, absolute or relative (RFC 9110, section
	// 10.2.2). Empty sends no field.
	Location string
	Body     T
}

// WithETag is [Response.WithETag].
func (x Created[T]) WithETag(tag string) Created[T] {
	x.Header = withETag(x.Header, tag)
	return x
}

// An Accepted is a [Response] with status 202.
type Accepted[T any] struct {
	Header  http.Header
	Cookies []*http.Cookie
	Body    T
}

// WithETag is [Response.WithETag].
func (x Accepted[T]) WithETag(tag string) Accepted[T] {
	x.Header = withETag(x.Header, tag)
	return x
}

// A NoContent is a response with status 204 and without a body.
type NoContent struct { //nolint:recvcheck // a client fills it, and goes by a pointer
	Header  http.Header
	Cookies []*http.Cookie
}

// WithETag is [Response.WithETag].
func (x NoContent) WithETag(tag string) NoContent {
	x.Header = withETag(x.Header, tag)
	return x
}

// None is the Out of a handler that returns no value: a 204. Inside a wrapper it has the
// status of the wrapper, and no body.
type None = struct{}

// HTML is text that is sent as text/html; charset=utf-8. It is sent unchanged: the caller has
// to escape what comes from others.
type HTML string

// wrapper is a type that adds a status, header fields or cookies to a body.
type wrapper interface {
	// plan returns the plan[W] of the wrapper type W.
	plan(c *compiler) any
	// peel does the same for a body whose type is known at run time only.
	peel(env envelope) (body any, inner envelope)
	// about returns the type of the body, and whether there is a Location.
	about() (body reflect.Type, hasLocation bool)
}

func (Response[T]) plan(c *compiler) any {
	body := compile[T](c)
	return plan[Response[T]](func(w http.ResponseWriter, r *http.Request, v Response[T], env envelope) error {
		env.wrap(v.Status, v.Header, v.Cookies)
		return body(w, r, v.Body, env)
	})
}

func (Response[T]) about() (body reflect.Type, hasLocation bool) { return reflect.TypeFor[T](), false }

func (x Response[T]) peel(env envelope) (body any, inner envelope) {
	env.wrap(x.Status, x.Header, x.Cookies)
	return x.Body, env
}

func (OK[T]) plan(c *compiler) any {
	body := compile[T](c)
	return plan[OK[T]](func(w http.ResponseWriter, r *http.Request, v OK[T], env envelope) error {
		env.wrap(http.StatusOK, v.Header, v.Cookies)
		return body(w, r, v.Body, env)
	})
}

func (OK[T]) about() (body reflect.Type, hasLocation bool) { return reflect.TypeFor[T](), false }

func (x OK[T]) peel(env envelope) (body any, inner envelope) {
	env.wrap(http.StatusOK, x.Header, x.Cookies)
	return x.Body, env
}

func (Created[T]) plan(c *compiler) any {
	body := compile[T](c)
	return plan[Created[T]](func(w http.ResponseWriter, r *http.Request, v Created[T], env envelope) error {
		env.wrap(http.StatusCreated, v.Header, v.Cookies)
		env.locate(v.Location)
		return body(w, r, v.Body, env)
	})
}

func (Created[T]) about() (body reflect.Type, hasLocation bool) { return reflect.TypeFor[T](), true }

func (x Created[T]) peel(env envelope) (body any, inner envelope) {
	env.wrap(http.StatusCreated, x.Header, x.Cookies)
	env.locate(x.Location)
	return x.Body, env
}

func (Accepted[T]) plan(c *compiler) any {
	body := compile[T](c)
	return plan[Accepted[T]](func(w http.ResponseWriter, r *http.Request, v Accepted[T], env envelope) error {
		env.wrap(http.StatusAccepted, v.Header, v.Cookies)
		return body(w, r, v.Body, env)
	})
}

func (Accepted[T]) about() (body reflect.Type, hasLocation bool) { return reflect.TypeFor[T](), false }

func (x Accepted[T]) peel(env envelope) (body any, inner envelope) {
	env.wrap(http.StatusAccepted, x.Header, x.Cookies)
	return x.Body, env
}

func (NoContent) plan(*compiler) any {
	return plan[NoContent](func(w http.ResponseWriter, r *http.Request, v NoContent, env envelope) error {
		env.wrap(http.StatusNoContent, v.Header, v.Cookies)
		return sendNothing(w, r, &env)
	})
}

func (NoContent) about() (body reflect.Type, hasLocation bool) { return reflect.TypeFor[None](), false }

func (x NoContent) peel(env envelope) (body any, inner envelope) { //nolint:unparam // one method of wrapper
	env.wrap(http.StatusNoContent, x.Header, x.Cookies)
	return None{}, env
}
