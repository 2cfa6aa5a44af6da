package precondition

import (
	"fmt"
	"net/http"
	"time"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/respond"
)

// Check evaluates the conditions for what exists, in the order of RFC 9110, section
// 13.2.2. tag is its entity tag, "" if it has none, and modified the time of its last
// change; the zero time, and one before 1970, is not known. The result is nil or an error
// to return from the handler:
//
//	nil                 the conditions hold, or there are none
//	*[NotModified]      304: GET or HEAD, and the client has what is current
//	*[respond.Problem]  412: a change that the client has not seen, or GET with If-Match
//	another error       500: tag is no entity tag
//
// If-Match takes the strong comparison: a weak tag on either side never matches. Dates
// count in seconds: two changes within one are the same to them.
func (h Headers) Check(tag string, modified time.Time) error {
	if tag != "" && !header.IsETag(tag) {
		return fmt.Errorf("precondition: Check of %.100q, which is no entity tag: use Tag", tag)
	}
	current := header.Validators{ETag: tag, Dated: isKnown(modified), Modified: modified.Unix()}
	switch h.conditions.Evaluate(current) {
	case header.NotModified:
		return &NotModified{tag: tag, modified: modified}
	case header.FailedMatch:
		if header.MatchWeak(h.conditions.Match, tag) {
			return failed("If-Match holds for strong entity tags only, and this one is weak on one side: " +
				"read the resource again, without a proxy that weakens its ETag, and send that in If-Match")
		}
		return failed("If-Match does not name the current version: " + again)
	case header.FailedUnmodified:
		return failed("there was a change since the date in If-Unmodified-Since: " + again)
	case header.FailedNoneMatch:
		if hasAny(h.conditions.NoneMatch) {
			return failed("it exists already, and If-None-Match: * is for what does not: to change it, read it and send its ETag in If-Match")
		}
		return failed("If-None-Match names the current version: " + again)
	}
	return nil
}

// Check is [Headers.Check]. Where modified is not known and dates are all that the request
// has, nothing would protect what is there: a 428.
func (h Required) Check(tag string, modified time.Time) error {
	if !h.isProtected(isKnown(modified)) {
		return h.missing()
	}
	return h.Headers.Check(tag, modified)
}

// CheckAbsent is [Headers.Check] where nothing is there yet, so that the request creates
// it: If-None-Match holds, and If-Match fails with 412, * too. Dates are ignored. A handler
// that does not create answers 404 instead, whatever the conditions (RFC 9110, section
// 13.2.1).
func (h Headers) CheckAbsent() error {
	if h.conditions.EvaluateAbsent() != header.Proceed {
		return failed("If-Match names a version, and nothing is there any more: to create it, send If-None-Match: * in its place")
	}
	return nil
}

// CheckAbsent is [Headers.CheckAbsent]. Where a date is all that the request has, the client
// means to change what is there no more: a 428.
func (h Required) CheckAbsent() error {
	if !h.isProtected(false) {
		return h.missing()
	}
	return h.Headers.CheckAbsent()
}

// Failed returns the 412 for a write that the store has refused, because another one came
// between the check and the write: `UPDATE ... WHERE version = $1` has changed no row.
func Failed() error {
	return failed("another change came first: " + again)
}

// again is what a client does about a change that it has not seen.
const again = "read it again, make the change to what it is now, and send its ETag in If-Match"

func failed(detail string) error { return respond.NewProblem(http.StatusPreconditionFailed, detail) }

func isKnown(modified time.Time) bool { return modified.Unix() > 0 }

// NotModified is the error for a client that has the current version: [respond.Error], and
// so a typed handler that returns it, answers 304 without a body. It is no failure:
// [respond.MapErrors] and error handlers do not see it. The answer has ETag and
// Last-Modified, as far as Check was told, and what middleware has set. Of what else the 200
// has, a 304 repeats Cache-Control, Content-Location, Expires and Vary (RFC 9110, section
// 15.4.5):
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

// WithHeader returns a copy of e that adds a field to its answer. Those that describe a
// body (Content-*, but for Content-Location) or its transfer, and values that hold control
// characters, are not sent.
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
