package precondition

import (
	"fmt"
	"net/http"
	"time"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/respond"
)

// Check evaluates the conditions against the current version, in the order of RFC 9110,
// section 13.2.2. tag is its entity tag, or "". modified is the time of its last change;
// the zero time and times before 1970 mean unknown. Return the error from the handler:
//
//	nil                 the conditions hold, or there are none
//	*NotModified        304: GET or HEAD, and the client has the current version
//	*respond.Problem    412: there was a change since the client read, or a GET with If-Match fails
//	another error       500: tag is not an entity tag
//
// If-Match uses the strong comparison: a weak tag on either side never matches. Dates
// count in seconds: they do not distinguish two changes within one second.
func (h Headers) Check(tag string, modified time.Time) error {
	if tag != "" && !header.IsETag(tag) {
		return fmt.Errorf("precondition: Check: the tag %.100q is not an entity tag: make one with Tag", tag)
	}
	current := header.Validators{ETag: tag, Dated: isKnown(modified), Modified: modified.Unix()}
	switch h.conditions.Evaluate(current) {
	case header.NotModified:
		return &NotModified{tag: tag, modified: modified}
	case header.FailedMatch:
		if header.MatchWeak(h.conditions.Match, tag) {
			return failed("If-Match compares strong entity tags, and one of the two is weak: " +
				"read the resource again, without a proxy that weakens its ETag, and send that in If-Match")
		}
		return failed("If-Match does not name the current version: " + again)
	case header.FailedUnmodified:
		return failed("there was a change since the date in If-Unmodified-Since: " + again)
	case header.FailedNoneMatch:
		if hasAny(h.conditions.NoneMatch) {
			return failed("it exists already, so If-None-Match: * fails: to change it, read it and send its ETag in If-Match")
		}
		return failed("If-None-Match names the current version: " + again)
	}
	return nil
}

// Check is [Headers.Check]. It also returns a 428 if the request has only dates and
// modified is unknown, because then nothing protects the current version.
func (h Required) Check(tag string, modified time.Time) error {
	if !h.isProtected(isKnown(modified)) {
		return h.missing()
	}
	return h.Headers.Check(tag, modified)
}

// CheckAbsent is [Headers.Check] for a resource that does not exist yet and that the
// request creates. If-None-Match holds. If-Match fails with 412, also with *. Dates are
// ignored. A handler that does not create answers 404 instead, whatever the conditions
// are (RFC 9110, section 13.2.1).
func (h Headers) CheckAbsent() error {
	if h.conditions.EvaluateAbsent() != header.Proceed {
		return failed("If-Match names a version, but nothing exists any more: to create it, send If-None-Match: * instead")
	}
	return nil
}

// CheckAbsent is [Headers.CheckAbsent]. It also returns a 428 if the request has only a
// date, because the client then wants to change something that no longer exists.
func (h Required) CheckAbsent() error {
	if !h.isProtected(false) {
		return h.missing()
	}
	return h.Headers.CheckAbsent()
}

// Failed returns the 412 for a write that the store refused because another write came
// after the check: `UPDATE ... WHERE version = $1` has changed no row.
func Failed() error {
	return failed("another change came first: " + again)
}

// again tells a client what to do about a change that it has not seen.
const again = "read it again, make the change to what it is now, and send its ETag in If-Match"

func failed(detail string) error { return respond.NewProblem(http.StatusPreconditionFailed, detail) }

func isKnown(modified time.Time) bool { return modified.Unix() > 0 }

// NotModified is the error for a client that has the current version. [respond.Error]
// answers it with 304 and no body, and so does a typed handler that returns it. It is not
// a failure: [respond.MapErrors] and error handlers do not see it.
//
// The answer has the ETag and Last-Modified that Check was given, and the fields that
// middleware has set. A 304 must repeat Cache-Control, Content-Location, Expires and Vary
// if the 200 has them (RFC 9110, section 15.4.5):
//
//	err := in.If.Check(tag, modified)
//	if same, ok := errors.AsType[*precondition.NotModified](err); ok {
//		err = same.WithHeader("Cache-Control", "max-age=60")
//	}
type NotModified struct { //nolint:errname // an answer, as respond.Redirect
	tag      string
	modified time.Time
	header   http.Header
}

// WithHeader returns a copy of e with one more header field. It does not send values with
// control characters, or fields that describe a body or its transfer (Content-*, except
// Content-Location).
func (e *NotModified) WithHeader(key, value string) *NotModified {
	same := *e
	same.header = e.header.Clone()
	if same.header == nil {
		same.header = make(http.Header, 1)
	}
	same.header.Add(key, value)
	return &same
}

// Error returns the status as text.
func (e *NotModified) Error() string { return "304 Not Modified" }

// ServeHTTP sends the 304. A handler may call it with the error of a Check.
func (e *NotModified) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	h := w.Header()
	header.DropContent(h)
	for name, values := range e.header {
		if !header.IsToken(name) || header.IsFraming(name) || header.IsContent(name) {
			continue
		}
		for _, value := range values {
			if header.IsValue(value) {
				header.Add(h, name, []string{value})
			}
		}
	}
	if e.tag != "" {
		h["Etag"] = []string{e.tag}
	}
	if isKnown(e.modified) {
		at := e.modified
		if now := time.Now(); at.After(now) {
			at = now // RFC 9110, section 8.8.2.1: never later than the response
		}
		h["Last-Modified"] = []string{at.UTC().Format(http.TimeFormat)}
	}
	w.WriteHeader(http.StatusNotModified)
}
