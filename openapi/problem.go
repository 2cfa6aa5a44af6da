package openapi

import (
	"reflect"
	"slices"

	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/tag"
	"github.com/tenonkit/tenon/respond"
)

const problemType = "application/problem+json"

// problemRef returns a reference to the schema of problem details.
func (b *builder) problemRef() *schema {
	b.usesProblem = true
	return &schema{Ref: "#/components/schemas/Problem"}
}

// embedsProblem reports whether a t is a problem by a [respond.Problem] that is
// embedded in it: its other members are extensions.
func embedsProblem(t reflect.Type) bool {
	type problem interface {
		error
		WithCause(err error) *respond.Problem
	}
	return t.Kind() == reflect.Struct && t != reflect.TypeFor[respond.Problem]() &&
		reflect.PointerTo(t).Implements(reflect.TypeFor[problem]())
}

// extended returns the schema of a type that embeds a problem.
func (b *builder) extended(s site) *schema {
	own := typed("object")
	members := tag.MembersBeside(s.typ, reflect.TypeFor[respond.Problem]())
	for i := range members.List {
		if m := &members.List[i]; slices.Contains(describe.ProblemMembers(), m.Name) {
			b.fault("%s%s is called %q, as a member of every problem is: give it another name", s.path, m.GoPath, m.Name)
		}
	}
	b.members(s, own, members)
	return &schema{AllOf: []*schema{b.problemRef(), own}}
}

// problemSchema is what package respond writes of a failure (RFC 9457, section
// 3). Further members are allowed.
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
					"detail": {"type": "string"}
				}
			}
		}
	},
	"required": ["type", "status"]
}`

// addProblem adds the schema of problem details, where a response refers to it.
func (b *builder) addProblem() {
	if !b.usesProblem {
		return
	}
	x := &schema{}
	if err := json.Unmarshal([]byte(problemSchema), x); err != nil {
		b.fault("the schema of problem details is not valid: %v", err)
	}
	b.model.Components.Schemas = append(b.model.Components.Schemas, member[*schema]{"Problem", x})
}
