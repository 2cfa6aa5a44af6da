// Package describe has the types with which packages bind and respond describe a handler to
// package openapi. The descriptions come from the plans that serve requests, so that a document
// does not differ from the code.
package describe

import (
	"net/http"
	"reflect"

	"github.com/tenonkit/tenon/internal/shape"
)

// An Input is what a request is bound from. The zero Input reads nothing.
type Input struct {
	// In is what the type of the request declares.
	In *shape.In
	// Body is nil if nothing is read from the body.
	Body *Body
	// Refuses means that a request may be answered 400.
	Refuses bool
	// InvalidStatus is the status for well-formed input that breaks a rule.
	InvalidStatus int
	// Strict means that unknown names are refused.
	Strict bool
	// Address returns the error of binding a request with these path values and this query,
	// or nil. It ignores the other parts of a request. A nil Address refuses nothing.
	Address func(path map[string]string, query string) error
}

// A Body is what is read from a request body.
type Body struct {
	// Required means that a request without content is refused.
	Required bool
	// Typed means that a body of another media type is answered 415.
	Typed   bool
	Content []Content
}

// Content is one way to read a body.
type Content struct {
	// Kind is one of the kinds of package shape.
	Kind string
	// MediaTypes are the media types that choose it. None means any.
	MediaTypes []string
}

// A Kind is a way in which package respond sends a value: a row of the table in its
// documentation.
type Kind uint8

// The kinds. A value of a Shorthand is described as a Handler, because nothing is known of it.
const (
	Value     Kind = iota // encoded by a format
	Raw                   // encoded JSON, sent unchanged
	HTML                  // text/html
	Text                  // text/plain
	Bytes                 // sent unchanged
	Nothing               // no body
	Reader                // bytes of any length
	Handler               // serves itself
	Shorthand             // sent by a function of the user
	Problem               // an error, sent as problem details
	OneOf                 // the field that is set
	Any                   // known only at run time
)

// An Output describes the response to the values of a type.
type Output struct {
	// Type is the type inside all wrappers.
	Type reflect.Type
	Kind Kind
	// IsWrapped means that there is a wrapper around it.
	IsWrapped bool
	// Field is the index of the field in the struct, for a choice.
	Field int
	// Status is the status that the type decides. Zero means that values choose it; if a
	// value does not, it is 200 or 204.
	Status int
	// Varies means that a value may choose another status, even if Status is set.
	Varies bool
	// Location means that a Location field is sent.
	Location bool
	// Header has the fields that the type itself names.
	Header http.Header
	// MayBeNothing means that a nil is answered with 204.
	MayBeNothing bool
	// MayBeEmpty means that a nil has the status and no body.
	MayBeEmpty bool
	// MediaTypes are those of the body, empty for [Handler], [Nothing], [Problem],
	// [Any].
	MediaTypes []string
	// Choices are the outcomes of a [OneOf].
	Choices []Output
	// NotAcceptable means that the answer may be a 406.
	NotAcceptable bool
	// Fault is why the type cannot be described, or "".
	Fault string
}

// A Describer is a handler that can describe itself.
type Describer interface {
	// Input returns what requests are bound from.
	Input() *Input
	// Output describes the response to the values of the handler.
	Output() Output
	// OutputOf describes the response of the handler to a value of type t.
	OutputOf(t reflect.Type) Output
}

// A File is a type that answers with files.
type File interface {
	// DescribeFile reports whether some requests are answered with a redirect.
	DescribeFile() (redirects bool)
}

// A Conditional is a field of an In that holds the preconditions of a request.
type Conditional interface {
	// DescribeConditions returns all statuses that they may lead to on a route of the method.
	DescribeConditions(method string) []int
}

// A Stream is a sequence that serves itself item by item, such as those of package stream.
type Stream interface {
	// StreamType returns the media types that the body may have, and the type of an item.
	// They are the same for every value of the type.
	StreamType() (mediaTypes []string, item reflect.Type)
}

// An Event is an item of a stream that is a whole event, with text as its data.
type Event interface{ DescribeEvent() }

// A Checked is a type that serves itself and reports its faults, such as a stream of items that
// JSON cannot write. The method is called on the zero value, at start-up.
type Checked interface{ DescribeFaults() []string }

// A Resetter is an event stream that may tell a client to read its state again, by an event of the
// type reset with the data {}. DescribeReset returns the error that package client makes of it.
type Resetter interface{ DescribeReset() error }

// A Route has what a route says besides its own fields.
type Route struct {
	// Handler is nil if the handler cannot describe itself.
	Handler Describer
	// Plain is the type of a handler that cannot describe itself, else nil.
	Plain reflect.Type
	// HasFoundName means that the author has given the route no name.
	HasFoundName bool
	// Fails are the kinds of failures that the route declares.
	Fails []ProblemType
	// Around describes the middleware of the route, the innermost first.
	Around []Around
}

// A Middleware is a handler around another one that describes itself.
type Middleware interface {
	// DescribeMiddleware returns what it does to the requests of a method.
	DescribeMiddleware(method string) Around
}

// An Around describes middleware: the fields that it reads and the failures that it answers.
// The zero Around has none.
type Around struct {
	Fields []Field
	// Failures are the statuses that it refuses with.
	Failures []int
}

// A Field is a header field of a request.
type Field struct {
	Name, Doc string
	Required  bool
}

// A ProblemType is a declared kind of failure.
type ProblemType struct {
	// URI is the type of the problem.
	URI    string
	Status int
	// Extension is the struct of the further members.
	Extension reflect.Type
	// Faults are the faults of the declaration.
	Faults []string
}

// An ErrorBody is the form of all failures of a service.
type ErrorBody struct {
	MediaType string
	// Type is the type of the body.
	Type reflect.Type
	// IsText means that the body is text, not a value in JSON or XML.
	IsText bool
	// MayBeEmpty means that a failure may have no body.
	MayBeEmpty bool
}

// ProblemMembers returns the names of the members of all problem details (RFC 9457, section
// 3.1). No extension can have one of them.
func ProblemMembers() []string {
	return []string{"type", "title", "status", "detail", "instance", "errors"}
}
