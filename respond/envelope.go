package respond

import (
	"errors"
	"fmt"
	"net/http"
	"net/textproto"
	"slices"

	"github.com/tenonkit/tenon/internal/header"
)

// envelope is what the wrappers and methods of a value say about the response
// around its body. Wrappers hand it inward by value.
type envelope struct {
	status int     // zero: nobody has said
	more   *extras // nil: nothing else
	// isWrapped says that there is a wrapper, whatever it says.
	isWrapped bool
}

// extras are what most values do not say.
type extras struct {
	header   http.Header
	cookies  []*http.Cookie
	location string
	// media is the type that the value itself names.
	media string
}

// say returns the extras of e to add to.
func (e *envelope) say() *extras {
	if e.more == nil {
		e.more = new(extras)
	}
	return e.more
}

// mediaType returns the type that the value itself names, or "".
func (e *envelope) mediaType() string {
	if e.more == nil {
		return ""
	}
	return e.more.media
}

// wrap adds what a wrapper inside e says: the status further out wins, header
// fields and cookies add up.
func (e *envelope) wrap(status int, fields http.Header, cookies []*http.Cookie) {
	e.isWrapped = true
	if e.status == 0 {
		e.status = status
	}
	if len(fields) > 0 {
		x := e.say()
		x.header = join(x.header, fields)
	}
	if len(cookies) > 0 {
		x := e.say()
		x.cookies = slices.Concat(x.cookies, cookies)
	}
}

// locate adds the location of a Created, unless one further out has one.
func (e *envelope) locate(location string) {
	if location != "" && e.say().location == "" {
		e.more.location = location
	}
}

// join returns the fields of both, changing neither. A field that can stand
// only once is taken from outer.
func join(outer, inner http.Header) http.Header {
	switch {
	case len(outer) == 0:
		return inner
	case len(inner) == 0:
		return outer
	}
	both := outer.Clone()
	for name, values := range inner {
		if len(both[name]) == 0 || !header.IsSingleton(textproto.CanonicalMIMEHeaderKey(name)) {
			both[name] = append(both[name], values...)
		}
	}
	return both
}

type (
	statusCoder  interface{ StatusCode() int }
	headerer     interface{ Headers() http.Header }
	contentTyper interface{ ContentType() string }
)

// describe adds what the value behind p says by its methods.
func (e *envelope) describe(p any) {
	if x, ok := p.(statusCoder); ok && e.status == 0 {
		e.status = x.StatusCode()
	}
	if x, ok := p.(headerer); ok {
		more := e.say()
		more.header = join(more.header, x.Headers())
	}
	if x, ok := p.(contentTyper); ok {
		e.say().media = x.ContentType()
	}
}

// checkStatus refuses a status, which is not zero, that net/http would panic on
// or that is not final.
func (e *envelope) checkStatus() error {
	if e.status < 200 || e.status > 599 {
		return fmt.Errorf("respond: status %d is not in 200..599", e.status)
	}
	return nil
}

// check refuses what net/http would replace (HTTP/1) or drop (HTTP/2) in
// silence.
func (e *extras) check() error {
	for name, values := range e.header {
		if !header.IsToken(name) {
			return fmt.Errorf("respond: %q is not a header field name", name)
		}
		for _, value := range values {
			if !header.IsValue(value) {
				return fmt.Errorf("respond: control character in header field %s", name)
			}
			if !header.IsETag(value) && textproto.CanonicalMIMEHeaderKey(name) == "Etag" {
				return fmt.Errorf(`respond: the ETag %.100q is no entity tag, which is in quotation marks: use precondition.Tag`, value)
			}
		}
	}
	for _, cookie := range e.cookies {
		if err := cookie.Valid(); err != nil {
			return fmt.Errorf("respond: cookie: %w", err)
		}
	}
	switch {
	case !header.IsValue(e.location):
		return errors.New("respond: control character in the location")
	case !header.IsValue(e.media):
		return errors.New("respond: control character in the content type")
	}
	return nil
}

// apply adds the header fields and the cookies to h.
func (e *extras) apply(h http.Header) {
	for name, values := range e.header {
		if name = textproto.CanonicalMIMEHeaderKey(name); !header.IsFraming(name) {
			header.Add(h, name, values)
		}
	}
	for _, cookie := range e.cookies {
		h["Set-Cookie"] = append(slices.Clip(h["Set-Cookie"]), cookie.String())
	}
}

// applyLocation does for a response without a coerced body what setContent does
// for one with it.
func (e *envelope) applyLocation(h http.Header) {
	if e.more != nil && e.more.location != "" {
		h["Location"] = []string{escapeURL(e.more.location)}
	}
}
