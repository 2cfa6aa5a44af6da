package precondition

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/respond"
)

// Headers are the preconditions of a request: If-Match, If-None-Match, If-Modified-Since
// and If-Unmodified-Since (RFC 9110, section 13.1). A field of this type binds itself,
// without a tag:
//
//	type GetIn struct {
//		ID int `path:"id"`
//		If precondition.Headers
//	}
//
// Binding refuses no request: [Headers.Check] deals with missing and malformed fields.
// The zero Headers have no conditions, so every check passes. Headers are immutable and
// safe for concurrent use.
type Headers struct{ conditions header.Conditions } //nolint:recvcheck // reading needs a pointer, checks go without

// Required are Headers that a request must have. A request without a condition that
// protects the current version is answered 428 (RFC 6585, section 3), after its
// parameters are found valid and before its body is read. For GET and HEAD every
// condition that is evaluated counts. For other methods these count:
//
//	If-Match             any tag: if it is not the current one or malformed, that is a 412. With * the
//	                     client says that it overwrites any version
//	If-None-Match: *     only what does not exist yet is written
//	If-Unmodified-Since  one valid date
//
// Other conditions count as not sent: an invalid or repeated date, If-Modified-Since, and
// tags in If-None-Match, which do not protect any other version.
//
// The checks of the zero Required return the 428 as well. A client sets the field inside:
// Required{Headers: IfMatch(tag)}.
type Required struct{ Headers } //nolint:recvcheck // as Headers

// IfMatch returns the condition that the current version has the tag. It is for requests
// that change that version. The tag is the ETag of an answer, the result of [Tag], or "*"
// for any version that exists. Sending it with any other tag is an error, for instance
// with "" from an answer without an ETag.
func IfMatch(tag string) Headers {
	return Headers{header.Conditions{Match: []string{header.Trim(tag)}}}
}

// IfNoneMatch returns the condition that the current version does not have the tag, for
// requests that read it. With "*" it is the condition that nothing exists yet, for
// requests that create it. The tag is one that [IfMatch] takes. Without a request,
// [Headers.Check] of the result behaves as for these requests.
func IfNoneMatch(tag string) Headers {
	tag = header.Trim(tag)
	return Headers{header.Conditions{NoneMatch: []string{tag}, IsRead: tag != header.AnyETag}}
}

// UnmarshalRequest takes the conditions from r. It returns nil.
func (h *Headers) UnmarshalRequest(r *http.Request) error {
	h.conditions = header.ConditionsOf(r.Method, r.Header)
	return nil
}

// UnmarshalRequest takes the conditions from r. The error is a [respond.Problem] with
// status 428.
func (h *Required) UnmarshalRequest(r *http.Request) error {
	h.conditions = header.ConditionsOf(r.Method, r.Header)
	if !h.isProtected(true) {
		return h.missing()
	}
	return nil
}

// MarshalRequest sets the header fields in r. The error names a field that no server
// could read.
func (h Headers) MarshalRequest(r *http.Request) error {
	c := &h.conditions
	if r.Header == nil {
		r.Header = http.Header{}
	}
	for _, of := range []struct {
		name  string
		lines []string
		isTag bool
	}{
		{"If-Match", c.Match, true},
		{"If-None-Match", c.NoneMatch, true},
		{"If-Modified-Since", c.ModifiedSince, false},
		{"If-Unmodified-Since", c.UnmodifiedSince, false},
	} {
		if len(of.lines) == 0 {
			continue
		}
		hasTag := false
		for range header.ETags(of.lines) {
			hasTag = true
		}
		isWrong := func(line string) bool { return !header.IsValue(line) }
		if of.isTag && !hasTag || slices.ContainsFunc(of.lines, isWrong) {
			return fmt.Errorf(`precondition: %s has %.100q: use the ETag of an answer, precondition.Tag or "*"`, of.name, of.lines)
		}
		r.Header[of.name] = slices.Clone(of.lines)
	}
	return nil
}

// RequestParameters describes the header fields for a document.
func (Headers) RequestParameters() any {
	return struct {
		Match           string `header:"If-Match,optional"            doc:"Entity tags: answered 412 unless the current version has one of them."`
		NoneMatch       string `header:"If-None-Match,optional"       doc:"Entity tags: answered 304, or 412 if the method is neither GET nor HEAD, if the current version has one of them. With * nothing may be there."`
		ModifiedSince   string `header:"If-Modified-Since,optional"   doc:"A date: answered 304 without a change since then. Ignored beside If-None-Match, and unless the method is GET or HEAD."`
		UnmodifiedSince string `header:"If-Unmodified-Since,optional" doc:"A date: answered 412 after a change since then. Ignored beside If-Match."`
	}{}
}

// DescribeConditions returns the statuses of failed conditions, for package openapi.
func (Headers) DescribeConditions(method string) []int {
	if method == http.MethodGet || method == http.MethodHead {
		return []int{http.StatusNotModified, http.StatusPreconditionFailed}
	}
	return []int{http.StatusPreconditionFailed}
}

// DescribeConditions returns the statuses of failed conditions, for package openapi.
func (h Required) DescribeConditions(method string) []int {
	return append(h.Headers.DescribeConditions(method), http.StatusPreconditionRequired)
}

// isProtected reports whether a condition of h is evaluated and keeps another version
// from being overwritten. Without isDated, dates have nothing to be compared with.
func (h *Required) isProtected(isDated bool) bool {
	c := &h.conditions
	if len(c.Match) > 0 || c.IsRead && len(c.NoneMatch) > 0 {
		return true
	}
	if hasAny(c.NoneMatch) {
		return true
	}
	_, hasUnmodified := header.ParseDate(c.UnmodifiedSince)
	_, hasModified := header.ParseDate(c.ModifiedSince)
	return isDated && (hasUnmodified || c.IsRead && hasModified)
}

// hasAny reports whether a list of entity tags contains "*".
func hasAny(lines []string) bool {
	for member := range header.ETags(lines) {
		if member == header.AnyETag {
			return true
		}
	}
	return false
}

// missing returns the answer to a request without a condition.
func (h *Required) missing() error {
	detail := "the request has to name the version that it changes: read the resource and send its ETag in If-Match, or If-None-Match: * to create it"
	if h.conditions.IsRead {
		detail = "the request needs a precondition: send If-None-Match with the ETag of your copy, or If-Match with that of the version you want"
	}
	return respond.NewProblem(http.StatusPreconditionRequired, detail)
}

// Tag returns a strong entity tag made of version: a number or a hash that differs after
// each change. Different versions give different tags. A byte that a tag cannot hold, or
// that some servers and proxies misread, is written as %XX: everything outside visible
// ASCII, and the characters " , \ and %.
//
// The same version in another media type needs another tag. If a route has several
// formats, put the name of the format into version.
func Tag(version string) string {
	var tag strings.Builder
	tag.Grow(len(version) + len(`""`))
	tag.WriteByte('"')
	for i := range len(version) {
		if c := version[i]; c <= ' ' || c >= 0x7f || strings.IndexByte(`"%,\`, c) >= 0 {
			tag.Write(header.AppendPercent(nil, c))
		} else {
			tag.WriteByte(c)
		}
	}
	tag.WriteByte('"')
	return tag.String()
}
