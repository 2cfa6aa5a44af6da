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

// Problem is a failure as its author wants the client to see it: problem
// details in the sense of RFC 9457, and an error to return from a handler.
//
// Every exported field is public. The cause that [Problem.WithCause] keeps is
// for the log and is never sent.
//
// A Status outside 400..599, zero too, is sent as 500. An empty Type is
// about:blank, and with it an empty Title is the phrase of the status (RFC
// 9457, section 4.2.1).
//
// A type that embeds a Problem, or a pointer to one, is a problem too, as an error
// and as a value. Its own members, as JSON would name them, are extensions:
//
//	type OutOfCredit struct {
//		respond.Problem
//		Balance int `json:"balance"`
//	}
//
// A Problem that nobody changes may be shared: this package and the With
// methods never change it, so a package-level variable may be returned by many
// goroutines at once.
type Problem struct { //nolint:errname // the name RFC 9457 has for it
	// Type is a URI reference that identifies the kind of problem; empty means no kind
	// but the status.
	Type string
	// Title is a short text that is the same for every problem of the type.
	Title string
	// Status is the status of the response.
	Status int
	// Detail tells the client what went wrong this time.
	Detail string
	// Instance is a URI reference that identifies this occurrence.
	Instance string
	// Errors lists the faults in the request, if they can be told apart.
	Errors []FieldError
	// Extensions are further members, each sent under its name. RFC 9457,
	// section 3.2 advises a letter followed by two or more of A-Z, a-z, 0-9 and
	// _. The name of a member above, or a value that cannot be encoded as JSON,
	// is left out and logged.
	Extensions map[string]any

	cause  error
	header http.Header
	ext    any // what [ProblemType.New] was given
}

// FieldError is one fault in the request. It never holds the rejected value,
// which may be a secret.
type FieldError struct {
	// In is where the value was sent: path, query, header, cookie, form or
	// body.
	In string `json:"in,omitempty"`
	// Name is the name the client sent it under.
	Name string `json:"name,omitempty"`
	// Pointer is a JSON Pointer into the body, in the form of a URI fragment:
	// #/tags/3.
	Pointer string `json:"pointer,omitempty"`
	// Code names the rule that was broken, for programs.
	Code string `json:"code,omitempty"`
	// Limit is the argument of the rule as its tag has it, for programs and for
	// translations: the 5 of minimum:"5", the words of an enum with commas between
	// them. It is empty for a rule without one.
	Limit string `json:"limit,omitempty"`
	// Detail is a sentence for people.
	Detail string `json:"detail,omitempty"`
}

// NewProblem returns a problem with the status and a detail for the client. An
// empty detail is left out.
func NewProblem(status int, detail string) *Problem {
	return &Problem{Status: status, Detail: detail}
}

// BadRequest returns a problem of status 400. [NewProblem] makes those of the
// statuses that have no function here.
func BadRequest(detail string) *Problem { return NewProblem(http.StatusBadRequest, detail) }

// Unauthorized returns a problem of status 401 whose WWW-Authenticate field holds
// the challenge, such as `Bearer realm="articles"` (RFC 9110, section 11.6.1, which
// asks for one). An empty challenge sends no field.
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

// WithCause returns a copy of p that wraps err, for the log and for
// [errors.Is]. Neither the type nor the text of err reaches the client.
func (p *Problem) WithCause(err error) *Problem {
	q := *p
	q.cause = err
	return &q
}

// WithHeader returns a copy of p that adds a field to the header of its
// response, such as WWW-Authenticate on a 401, Allow on a 405 or Retry-After
// on a 503. Fields that describe the body or its transfer (Content-*,
// Transfer-*, Connection, Trailer) and values that hold control characters are
// not sent; Content-Range and Content-Language are.
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

// With returns a copy of p that has one more of [Problem.Extensions].
func (p *Problem) With(key string, value any) *Problem {
	q := *p
	q.Extensions = maps.Clone(p.Extensions)
	if q.Extensions == nil {
		q.Extensions = make(map[string]any, 1)
	}
	q.Extensions[key], q.ext = value, nil
	return &q
}

// Error returns the status, the title and the detail: what the client sees,
// without the cause.
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

// addFields adds the header fields of p, which belong to the failure itself and
// not to the form of its body, and returns what it has added.
func (p *Problem) addFields(h http.Header) (added http.Header) {
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

// removeFields takes off what addFields has added, where it is still there: a
// handler that passes a failure on may have made another one of it.
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

// isProblemField refuses the fields that describe the body or the connection,
// which are not the author's to choose.
func isProblemField(name string) bool {
	switch name {
	case "Content-Range", "Content-Language":
		return true
	case "Connection", "Trailer", "Keep-Alive", "Upgrade":
		return false
	}
	return header.IsToken(name) && !strings.HasPrefix(name, "Content-") && !strings.HasPrefix(name, "Transfer-")
}
