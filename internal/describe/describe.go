// Package describe is what packages bind and respond say about a handler, for
// package openapi to write down. They say it from the plans that they run, so
// that a document cannot differ from what happens.
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
	// Body is nil where nothing is read from the body.
	Body *Body
	// Refuses says that a request may be answered 400.
	Refuses bool
	// InvalidStatus is the status of what is well-formed and does not fit.
	InvalidStatus int
	// Strict says that names which are not known are refused.
	Strict bool
	// Address refuses path values and a query as binding a request with them
	// would, whatever else it has.
	Address func(path map[string]string, query string) error
}

// A Body is what is read from a request body.
type Body struct {
	// Required says that a request without content is refused.
	Required bool
	// Typed says that a body of another media type is answered 415.
	Typed   bool
	Content []Content
}

// Content is one way to read a body.
type Content struct {
	// Kind is one of the kinds of package shape.
	Kind string
	// MediaTypes are those it is chosen by. None means any.
	MediaTypes []string
}

// A Kind is a way in which package respond sends a value: a row of the table in its
// documentation.
type Kind uint8

// The kinds. Nobody describes a value as a Shorthand: it is a Handler for all that is known.
const (
	Value     Kind = iota // encoded by a format
	Raw                   // JSON as it is
	HTML                  // text/html
	Text                  // text/plain
	Bytes                 // as they are
	Nothing               // no body
	Reader                // bytes of any length
	Handler               // by itself
	Shorthand             // by a function of the user
	Problem               // an error, by problem details
	OneOf                 // by the one of several that is set
	Any                   // known at run time only
)

// An Output is what a value of some type is answered with.
type Output struct {
	// Type is the type inside all wrappers.
	Type reflect.Type
	Kind Kind
	// IsWrapped says that there is a wrapper around it.
	IsWrapped bool
	// Field is, of a choice, the index of its field in the struct.
	Field int
	// Status is the status that the type alone decides; zero means that values
	// choose, and 200 or 204 where they do not.
	Status int
	// Varies says that a value may choose another status, also where there is one here.
	Varies bool
	// Location says that a Location field is sent.
	Location bool
	// Header has the fields that the type itself names.
	Header http.Header
	// MayBeNothing says that a nil is answered with 204.
	MayBeNothing bool
	// MayBeEmpty says that a nil has the status and no body.
	MayBeEmpty bool
	// MediaTypes are those of the body, empty for [Handler], [Nothing], [Problem],
	// [Any].
	MediaTypes []string
	// Choices are the outcomes of a [OneOf].
	Choices []Output
	// NotAcceptable says that 406 is a possible answer.
	NotAcceptable bool
	// Fault is why the type cannot be described, in words, or "".
	Fault string
}

// A Describer is a handler that can describe itself.
type Describer interface {
	// Input returns what requests are bound from.
	Input() *Input
	// Output returns what the values of the handler are answered with.
	Output() Output
	// OutputOf returns what the handler would answer a value of type t with.
	OutputOf(t reflect.Type) Output
}

// A File is a type that answers with files.
type File interface {
	// DescribeFile reports whether some requests are answered with a redirect.
	DescribeFile() (redirects bool)
}

// A Conditional is a field of an In that holds the preconditions of a request.
type Conditional interface {
	// DescribeConditions returns the statuses that they lead to on a route of the method.
	// It refuses no request by another one.
	DescribeConditions(method string) []int
}

// An Event is an item of a stream that is an event as a whole, whose data is free text.
type Event interface{ DescribeEvent() }

// A Checked is a type that serves itself and knows what keeps its values from being sent,
// such as a stream of items that JSON cannot write. It is asked for on the zero value, at
// start-up.
type Checked interface{ DescribeFaults() []string }

// A Resetter is an event stream that tells a client to read its state anew, by an
// event of the type reset whose data is {}. DescribeReset returns the error that a client
// written in Go gets for it.
type Resetter interface{ DescribeReset() error }

// A Route is what a route says besides its own fields.
type Route struct {
	// Handler is nil where the handler cannot describe itself.
	Handler Describer
	// Plain is the type of a handler that cannot, else nil.
	Plain reflect.Type
	// HasFoundName says that nobody gave the route its name.
	HasFoundName bool
	// Fails are the kinds of failures that the route declares.
	Fails []ProblemType
	// Around is what the middleware of the route does, the innermost first.
	Around []Around
}

// A Middleware is a handler around another one that says what it does there.
type Middleware interface {
	// DescribeMiddleware returns what it does to the requests of a method.
	DescribeMiddleware(method string) Around
}

// An Around is what middleware reads of a request, and answers by itself. The zero Around
// is nothing.
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

// A ProblemType is a kind of failure that was declared by itself.
type ProblemType struct {
	// URI is the type of the problem.
	URI    string
	Status int
	// Extension is the struct of the further members.
	Extension reflect.Type
	// Faults are why no such problem can be made, in words.
	Faults []string
}

// An ErrorBody is the form of all failures of a service.
type ErrorBody struct {
	MediaType string
	// Type is the type of the body.
	Type reflect.Type
	// IsText says that the body is text, not a value in JSON or XML.
	IsText bool
	// MayBeEmpty says that a failure may have no body.
	MayBeEmpty bool
}

// ProblemMembers returns the names of the members that problem details have by
// themselves (RFC 9457, section 3.1): no extension can be called so.
func ProblemMembers() []string {
	return []string{"type", "title", "status", "detail", "instance", "errors"}
}
