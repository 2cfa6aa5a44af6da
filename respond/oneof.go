package respond

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/shape"
)

// OneOf marks a struct that embeds it as an answer with several outcomes. Set one field: it is
// sent as if the handler had returned it alone. The document has the status of each field.
//
//	type Saved struct {
//		respond.OneOf
//		Updated *Article
//		Created *respond.Created[Article]
//		Same    *respond.Redirect
//	}
//
//	return Saved{Created: &respond.Created[Article]{Location: at, Body: article}}, nil
//
// A value with no field set, or with several, is a 500, which is logged. Each field is an
// exported pointer or interface without a json tag. It may hold a wrapper, a handler or
// [None]. Faults of the declaration are:
//
//   - two fields whose types have the same status
//   - a field that is an error: return failures as errors
//   - a OneOf in a wrapper: put the wrapper around a field
//   - a OneOf in another one
type OneOf struct{}

func (OneOf) oneOf() {}

// oneOf is every struct that embeds a OneOf.
type oneOf interface{ oneOf() }

// choose sets the choices of lf to the fields of t.
func (lf *leaf) choose(t reflect.Type) {
	var faults shape.Faults
	lf.choices, faults = shape.Choices(t, reflect.TypeFor[OneOf]())
	if len(faults) > 0 {
		lf.fault = errors.New("respond: " + strings.Join(faults.Lines(), "; "))
	}
}

// sendOneOf answers with the one field that is set in the struct behind p.
func (rs *Responder) sendOneOf(lf *leaf, w http.ResponseWriter, r *http.Request, p any, env envelope) error {
	v := reflect.ValueOf(p).Elem()
	switch {
	case lf.fault != nil:
		return refuse(w, r, lf.fault)
	case env.isWrapped:
		return refuse(w, r, fmt.Errorf("respond: %s is a OneOf %s", v.Type(), insideWrapper))
	}
	at, err := shape.Chosen(v, lf.choices)
	if err != nil {
		return refuse(w, r, fmt.Errorf("respond: %w", err))
	}
	return rs.dynamic(w, r, v.Field(lf.choices[at].Index).Interface(), envelope{})
}

const insideWrapper = "inside a wrapper: put the wrapper around its fields"

// checkChoices adds the faults of t, which embeds a OneOf.
func (c *compiler) checkChoices(t reflect.Type) {
	choices, faults := shape.Choices(t, reflect.TypeFor[OneOf]())
	if len(c.wrappers) > 0 {
		faults.Add(t.String(), "is a OneOf %s", insideWrapper)
	}
	byStatus := map[int]string{}
	for _, choice := range choices {
		out := c.responder.describeChoice(choice.Type)
		other, isTaken := byStatus[out.Status]
		switch {
		case out.Kind == describe.Problem:
			faults.Add(choice.Path, "is an error: return it as the error of the function")
			continue
		case out.Kind == describe.OneOf:
			faults.Add(choice.Path, "is a OneOf inside another one: move its fields to the outer one")
			continue
		case isTaken && out.Status != 0:
			faults.Add(choice.Path, "has the status %d, like %s: put a wrapper with another status around it", out.Status, other)
		}
		byStatus[out.Status] = choice.Path
		c.checkType(choice.Type)
	}
	c.faults = append(c.faults, faults.Lines()...)
}

// describeChoice returns the response for a field of type t that is set.
func (rs *Responder) describeChoice(t reflect.Type) describe.Output {
	switch {
	case implements[oneOf](t):
		return describe.Output{Type: t, Kind: describe.OneOf} // which may hold itself
	case t.Kind() == reflect.Pointer:
		return rs.Describe(t.Elem())
	case implements[error](t):
		return describe.Output{Type: t, Kind: describe.Problem}
	}
	return describe.Output{Type: t, Kind: describe.Any}
}

// describeChoices adds the outcomes of a OneOf.
func (rs *Responder) describeChoices(out *describe.Output) {
	t := out.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	choices, _ := shape.Choices(t, reflect.TypeFor[OneOf]())
	for _, choice := range choices {
		if inner := rs.describeChoice(choice.Type); inner.Kind != describe.OneOf {
			inner.Field = choice.Index
			out.Choices = append(out.Choices, inner)
		}
	}
}
