package respond

import (
	"errors"
	"fmt"
	"net/http"
	"net/textproto"
	"slices"

	"github.com/tenonkit/tenon/internal/header"
)

// envelope has what the wrappers and methods of a value say about its response, except the
// body. Each wrapper passes it inward by value.
type envelope struct {
	status int     // zero: not set
	more   *extras // nil: nothing else is set
	// isWrapped means that there is a wrapper, even if it sets nothing.
	isWrapped bool
}

// extras has what most values do not set.
type extras struct {
	header   http.Header
	cookies  []*http.Cookie
	location string
	// media is the type that the value itself names.
	media string
}

// say returns the extras of e, and makes them if there are none.
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

// wrap adds what a wrapper inside e sets. The outer status wins; header fields and cookies add
// up.
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

// locate adds the location of a Created, unless an outer one has a location.
func (e *envelope) locate(location string) {
	if location != "" && e.say().location == "" {
		e.more.location = location
	}
}

// join returns the fields of both, and changes neither. A field that can occur only once comes
// from outer.
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

// checkStatus returns an error for a status that is not final or that net/http panics on. The
// status is not zero.
func (e *envelope) checkStatus() error {
	if e.status < 200 || e.status > 599 {
		return fmt.Errorf("respond: status %d is not in 200..599", e.status)
	}
	return nil
}

// check returns an error for fields that net/http would silently replace (HTTP/1) or drop
// (HTTP/2).
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
				return fmt.Errorf(`respond: the ETag %.100q is not an entity tag, which has quotation marks: make it with precondition.Tag`, value)
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

// applyLocation sets the location of a response without a body. For one with a body,
// setContent does it.
func (e *envelope) applyLocation(h http.Header) {
	if e.more != nil && e.more.location != "" {
		h["Location"] = []string{escapeURL(e.more.location)}
	}
}
