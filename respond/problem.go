package respond

import (
	"maps"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/internal/header"
)

// A Problem is a failure that a client may see: problem details (RFC 9457). It is an error, so
// that a handler can return it.
//
// All exported fields are sent. The cause of [Problem.WithCause] is for the log and is never
// sent.
//
// A type that embeds a Problem, or a pointer to one, is a problem too. Its other members, with
// their names in JSON, are extensions:
//
//	type OutOfCredit struct {
//		respond.Problem
//		Balance int `json:"balance"`
//	}
//
// This package and the With methods never change a Problem. So many goroutines may return the
// same package-level variable at once.
type Problem struct { //nolint:errname // the name RFC 9457 has for it
	// Type is a URI reference that identifies the kind of problem. Empty is about:blank: the
	// status alone is the kind (RFC 9457, section 4.2.1).
	Type string
	// Title is a short text that is the same for all problems of the type. If Title and Type
	// are empty, the phrase of the status is sent.
	Title string
	// Status is the status of the response, 400 to 599. Any other, and zero, is sent as 500.
	Status int
	// Detail tells the client what went wrong this time.
	Detail string
	// Instance is a URI reference that identifies this occurrence.
	Instance string
	// Errors lists the faults in the request.
	Errors []FieldError
	// Extensions are further members by name. RFC 9457, section 3.2 advises names of three
	// or more letters, digits and underscores that begin with a letter. An extension with the
	// name of a member above, or a value that JSON cannot encode, is left out and logged.
	Extensions map[string]any

	cause  error
	header http.Header
	ext    any // what [ProblemType.New] was given
}

// A FieldError is one fault in the request. It never holds the rejected value, which may be a
// secret.
type FieldError struct {
	// In is the part of the request: path, query, header, cookie, form or body.
	In string `json:"in,omitempty"`
	// Name is the name of the value in the request.
	Name string `json:"name,omitempty"`
	// Pointer is a JSON Pointer into the body as a URI fragment, such as #/tags/3.
	Pointer string `json:"pointer,omitempty"`
	// Code is the name of the broken rule, for programs.
	Code string `json:"code,omitempty"`
	// Limit is the argument of the rule, for programs and translations: 5 for
	// minimum:"5", and the words of an enum with commas between them. It is empty for a
	// rule without an argument.
	Limit string `json:"limit,omitempty"`
	// Detail is a sentence for people.
	Detail string `json:"detail,omitempty"`
}

// NewProblem returns a problem with a status and a detail for the client. An empty detail is
// not sent.
func NewProblem(status int, detail string) *Problem {
	return &Problem{Status: status, Detail: detail}
}

// BadRequest returns a problem of status 400. [NewProblem] makes problems of any status.
func BadRequest(detail string) *Problem { return NewProblem(http.StatusBadRequest, detail) }

// Unauthorized returns a problem of status 401. Its field WWW-Authenticate has the challenge,
// such as `Bearer realm="articles"`, which RFC 9110, section 11.6.1 requires. An empty
// challenge sends no field.
func Unauthorized(challenge, detail string) *Problem {
	p := NewProblem(http.StatusUnauthorized, detail)
	if challenge == "" {
		return p
	}
	return p.WithHeader("WWW-Authenticate", challenge)
}

// Forbidden returns a problem of status 403.
func Forbidden(detail string) *Problem { return NewProblem(http.StatusForbidden, detail) }

// NotFound returns a problem of status 404.
func NotFound(detail string) *Problem { return NewProblem(http.StatusNotFound, detail) }

// Conflict returns a problem of status 409.
func Conflict(detail string) *Problem { return NewProblem(http.StatusConflict, detail) }

// WithCause returns a copy of p that wraps err, for the log and for [errors.Is]. err never
// reaches the client.
func (p *Problem) WithCause(err error) *Problem {
	q := *p
	q.cause = err
	return &q
}

// WithHeader returns a copy of p that adds a header field to its response, such as
// WWW-Authenticate to a 401, Allow to a 405 or Retry-After to a 503. Fields that describe the
// body or the connection are not sent: Content-*, Transfer-*, Connection, Keep-Alive, Trailer
// and Upgrade. Content-Range and Content-Language are sent. A value with a control character
// is not.
func (p *Problem) WithHeader(key, value string) *Problem {
	q := *p
	q.header = p.header.Clone()
	if q.header == nil {
		q.header = make(http.Header, 1)
	}
	key = textproto.CanonicalMIMEHeaderKey(key)
	q.header[key] = append(q.header[key], value)
	return &q
}

// With returns a copy of p with one more extension.
func (p *Problem) With(key string, value any) *Problem {
	q := *p
	q.Extensions = maps.Clone(p.Extensions)
	if q.Extensions == nil {
		q.Extensions = make(map[string]any, 1)
	}
	q.Extensions[key], q.ext = value, nil
	return &q
}

// Error returns the status, the title and the detail, without the cause.
func (p *Problem) Error() string {
	text := strconv.Itoa(p.status())
	if title := p.title(); title != "" {
		text += " " + title
	}
	if p.Detail != "" {
		text += ": " + p.Detail
	}
	return text
}

// Unwrap returns the error given to [Problem.WithCause], or nil.
func (p *Problem) Unwrap() error { return p.cause }

// problem finds p itself, and p in a type that embeds it.
func (p *Problem) problem() *Problem { return p }

// clone returns a copy that shares nothing that may be changed.
func (p *Problem) clone() *Problem {
	q := *p
	q.Status = p.status()
	q.Title = p.title()
	q.Errors = slices.Clone(p.Errors)
	q.Extensions = maps.Clone(p.Extensions)
	q.header = p.header.Clone()
	return &q
}

func (p *Problem) status() int {
	if p.Status < 400 || p.Status > 599 {
		return http.StatusInternalServerError
	}
	return p.Status
}

func (p *Problem) title() string {
	if p.Title == "" && (p.Type == "" || p.Type == blankType) {
		return http.StatusText(p.status())
	}
	return p.Title
}

// addFields adds the header fields of p, and returns what it has added. They belong to the
// failure, whatever the form of its body.
func (p *Problem) addFields(h http.Header) (added http.Header) {
	if len(p.header) == 0 {
		return nil
	}
	for name, values := range p.header {
		if !isProblemField(name) {
			continue
		}
		sent := slices.DeleteFunc(slices.Clone(values), func(value string) bool { return !header.IsValue(value) })
		header.Add(h, name, sent)
		if added == nil {
			added = make(http.Header, len(p.header))
		}
		added[name] = sent
	}
	return added
}

// removeFields removes what addFields has added, as far as it is still there. An ErrorHandler
// may pass on another failure, with other fields.
func removeFields(h, added http.Header) {
	for name, values := range added {
		left := slices.Clone(h[name])
		for _, value := range values {
			if i := slices.Index(left, value); i >= 0 {
				left = slices.Delete(left, i, i+1)
			}
		}
		if len(left) == 0 {
			delete(h, name)
			continue
		}
		h[name] = left
	}
}

// isProblemField reports whether an author may set the field. Fields that describe the body or
// the connection are not the author's.
func isProblemField(name string) bool {
	switch name {
	case "Content-Range", "Content-Language":
		return true
	case "Connection", "Trailer", "Keep-Alive", "Upgrade":
		return false
	}
	return header.IsToken(name) && !strings.HasPrefix(name, "Content-") && !strings.HasPrefix(name, "Transfer-")
}
