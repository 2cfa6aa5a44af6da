package openapi

import (
	"reflect"
	"slices"
	"strconv"

	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/schema"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/respond"
)

// ErrorBody documents every failure in the form of b, in place of problem details: failures
// of package bind and of guards, those of Doc.Errors and tenon.Fails, and any other. Put
// b.Middleware into the chain, which sends them in this form. If the option is given several
// times, the last one counts.
func ErrorBody[T any](b *respond.ErrorBody[T]) Option {
	return Option{func(x *builder) {
		form := b.Describe()
		if form.Type == nil {
			x.fault("ErrorBody is nil or zero: make it with respond.NewErrorBody")
			return
		}
		x.errorBody = &form
	}}
}

// failureType returns the media type of failures.
func (b *builder) failureType() string {
	if b.errorBody != nil {
		return b.errorBody.MediaType
	}
	return problemType
}

// failure adds a status that is answered with a failure, unless it has answers of
// other media types alone.
func (a *answers) failure(status string) {
	if x := a.byStatus[status]; x != nil {
		if _, ok := x.Content.Get(a.failureType()); !ok {
			return
		}
	}
	a.problem(status, reflect.TypeFor[respond.Problem]())
}

// problem adds a status that is answered with an error of type t. An error that embeds no
// [respond.Problem] is answered with a plain one.
func (a *answers) problem(status string, t reflect.Type) {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	a.failing(status, func() *schema.Schema {
		switch {
		case !embedsProblem(t):
			return a.schemas.ReferBase()
		case t.Name() == "":
			return a.schemas.Extended(shape.FieldSite(a.path, shape.InJSON, t, ""), schema.Use{})
		}
		return a.schemas.Refer(t, schema.Use{})
	})
}

// failing adds a status that is answered with a failure. The function details returns its
// schema if the document has problem details.
func (a *answers) failing(status string, details func() *schema.Schema) {
	x := a.at(status)
	if status == "default" {
		x.Description = "Any other failure"
	}
	form := a.errorBody
	if form == nil {
		a.add(x, problemType, details())
		return
	}
	x.mayBeEmpty = x.mayBeEmpty || form.MayBeEmpty
	a.add(x, form.MediaType, a.formOf(form))
	m, _ := x.Content.Get(form.MediaType)
	m.isNeverEmpty = !form.IsText
}

// formOf returns the schema of the body of all failures, nil for XML.
func (a *answers) formOf(form *describe.ErrorBody) *schema.Schema {
	switch {
	case form.IsText:
		return schema.Typed("string")
	case isXML(form.MediaType):
		return nil
	case embedsProblem(pointed(form.Type)):
		return a.schemas.Refer(pointed(form.Type), schema.Use{})
	}
	return a.bodyOf(describe.Output{Type: form.Type, Kind: describe.Value}, form.MediaType)
}

func pointed(t reflect.Type) reflect.Type {
	if t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

// kind adds the failures of a kind to those of its status. Its extensions are not required:
// a problem may be made without them.
func (a *answers) kind(k describe.ProblemType) {
	a.failing(strconv.Itoa(k.Status), func() *schema.Schema {
		x := a.schemas.Extended(shape.FieldSite(a.path, shape.InJSON, k.Extension, ""), schema.Use{})
		own := x.AllOf[1]
		own.Required = nil
		text, err := json.AppendQuote(nil, k.URI)
		if err != nil {
			a.fault("%s: the URI %q of a ProblemType is not valid UTF-8", a.path, k.URI)
			return x
		}
		own.Properties = slices.Insert(own.Properties, 0, schema.Member[*schema.Schema]{Name: "type", Value: &schema.Schema{Const: text}})
		return x
	})
}

const problemType = "application/problem+json"

// problemBase returns what the types of problems extend.
func problemBase() schema.Base {
	return schema.Base{
		Type: reflect.TypeFor[respond.Problem](), Name: "Problem", Schema: problemSchema,
		Members: describe.ProblemMembers(), IsExtended: embedsProblem,
	}
}

// embedsProblem reports whether t embeds a [respond.Problem]. Its other members are
// extensions.
func embedsProblem(t reflect.Type) bool {
	type problem interface {
		error
		WithCause(err error) *respond.Problem
	}
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[respond.Problem]() &&
		reflect.PointerTo(t).Implements(reflect.TypeFor[problem]())
}

// problemSchema is the schema of the problem details that package respond writes (RFC 9457,
// section 3). Further members are allowed.
const problemSchema = `{
	"description": "Problem details (RFC 9457)",
	"type": "object",
	"properties": {
		"type": {"type": "string", "format": "uri-reference", "description": "Identifies the kind of problem; about:blank is that of the status"},
		"title": {"type": "string", "description": "The same for every problem of the type"},
		"status": {"type": "integer", "minimum": 400, "maximum": 599},
		"detail": {"type": "string", "description": "What went wrong this time"},
		"instance": {"type": "string", "format": "uri-reference", "description": "Identifies this occurrence"},
		"errors": {
			"type": "array",
			"description": "The faults in the request",
			"items": {
				"type": "object",
				"properties": {
					"in": {"type": "string", "description": "path, query, header, cookie, form or body"},
					"name": {"type": "string", "description": "The name the value was sent under"},
					"pointer": {"type": "string", "description": "A JSON Pointer into the body, as a URI fragment"},
					"code": {"type": "string", "description": "The rule that was broken"},
					"limit": {"type": "string", "description": "The argument of the rule"},
					"detail": {"type": "string"}
				}
			}
		}
	},
	"required": ["type", "status"]
}`
