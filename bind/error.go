package bind

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
	"github.com/tenonkit/tenon/respond"
)

// maxErrors bounds the field errors of one answer.
const maxErrors = 32

// An Error says why a request was not bound. Its texts name places and rules and never repeat
// a value of the request, so the client may see all of it.
type Error struct {
	// Status is 400, or the status of [InvalidStatus] if the request is well-formed. It is 413
	// for a body over the limit, and 415 for a body of another media type or with a content
	// coding. Zero means 400.
	Status int
	// Fields are the invalid fields, at most 32, in the order path, query, header, cookie,
	// body. Within a source they are in the order of declaration, within a JSON body in the
	// order of the document. Fields is empty for 413 and 415, and if ValidateFunc or the
	// Validate method of an In with sources refused the whole.
	Fields []respond.FieldError

	detail string
	header http.Header // in which a 415 says what it takes
	cause  error
}

// Error returns all fields and what is wrong with them, in one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("bind: ")
	if len(e.Fields) == 0 {
		b.WriteString(e.Detail())
	}
	for i, field := range e.Fields {
		if i > 0 {
			b.WriteString("; ")
		}
		b.WriteString(failure.FieldWords(field.In, field.Name, field.Pointer, field.Detail))
	}
	return b.String()
}

// Detail returns the detail of the problem, such as "2 fields are invalid".
func (e *Error) Detail() string {
	switch n := len(e.Fields); {
	case e.detail != "":
		return e.detail
	case n == 1:
		return "1 field is invalid"
	case n == 2:
		return "2 fields are invalid" // as most of several are, without an allocation
	case n > 2:
		return strconv.Itoa(n) + " fields are invalid"
	}
	return strings.ToLower(http.StatusText(e.StatusCode()))
}

// StatusCode returns Status, or 400 if Status is zero.
func (e *Error) StatusCode() int {
	if e.Status == 0 {
		return http.StatusBadRequest
	}
	return e.Status
}

// Unwrap returns the cause, such as the error of a Validate method or of a body that broke
// off, or nil.
func (e *Error) Unwrap() error { return e.cause }

// Problem returns the problem details that [respond.Error] sends for e. A 415 has the field
// Accept or Accept-Encoding (RFC 9110, section 15.5.16), and Accept-Patch for a [MergePatch]
// (RFC 5789, section 2.2).
func (e *Error) Problem() *respond.Problem {
	p := &respond.Problem{Status: e.StatusCode(), Detail: e.Detail(), Errors: e.Fields}
	if e.cause != nil {
		p = p.WithCause(e.cause)
	}
	for name, values := range e.header {
		p = p.WithHeader(name, values[0])
	}
	return p
}

// Whole returns Problem without an allocation, and e, if e wraps nothing and sets no header
// field. It is for package respond only.
func (e *Error) Whole() (p respond.Problem, of error) {
	if e != nil && e.cause == nil && len(e.header) == 0 {
		p, of = respond.Problem{Status: e.StatusCode(), Detail: e.Detail(), Errors: e.Fields}, e
	}
	return p, of
}

// A collector gathers the field errors of one request.
type collector struct {
	list   []respond.FieldError
	first  *refused
	answer error // the first error that answers by itself: of a Validate method, of the pattern
}

// A refused is an [Error] with the room for as many fields as most have at most: one
// allocation.
type refused struct {
	Error

	room [2]respond.FieldError
}

// add records one error. Errors past the limit are dropped.
func (c *collector) add(in, name, pointer string, v *text.Wrong) {
	if c.full() {
		return
	}
	if c.list == nil {
		c.first = new(refused)
		c.list = c.first.room[:0]
	}
	c.list = append(c.list, respond.FieldError{In: in, Name: name, Pointer: pointer, Code: v.Code, Limit: v.Limit, Detail: v.Detail})
}

// join adds the errors of other.
func (c *collector) join(other *collector) {
	c.list = append(c.list, other.list[:min(len(other.list), maxErrors-len(c.list))]...)
	if c.answer == nil {
		c.answer = other.answer
	}
}

// refusal returns the answer to a request with errors, and nil to one without.
func (b *request) refusal() error { return b.errs.refusal(b.config) }

// refusal is that of a request.
func (c *collector) refusal(config *config) error {
	if c.answer != nil || len(c.list) == 0 {
		return c.answer
	}
	if c.first == nil {
		c.first = new(refused)
	}
	e := &c.first.Error
	e.Status, e.Fields = config.statusOf(c.list), c.list
	return e
}

// statusOf returns the status of an answer with these errors. One malformed part makes the
// whole answer a 400.
func (c *config) statusOf(fields []respond.FieldError) int {
	if slices.ContainsFunc(fields, isMalformed) {
		return http.StatusBadRequest
	}
	return c.invalidStatus
}

// isMalformed reports whether a fault is in the form of a request, not in what it says. A body
// that is missing as a whole counts as malformed.
func isMalformed(f respond.FieldError) bool {
	switch f.Code {
	case "syntax", "pairs", "entries", "cookies", "boundary", "headers", "parts", "read", "depth", "duplicate":
		return true
	case "required":
		return f.In == shape.FromBody && f.Name == "" && f.Pointer == ""
	}
	return false
}

// full reports whether no further error is recorded, so that a reader may stop.
func (c *collector) full() bool { return len(c.list) >= maxErrors }
