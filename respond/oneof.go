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

// OneOf makes the struct that embeds it an answer with several outcomes: the one
// field that is set is sent as if the handler had returned it alone, and the
// document has the status of each.
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
// A value with no field set, or with two, is a 500, which is logged. Every other
// field is an exported pointer or interface without a json tag; wrappers, handlers
// and [None] are fine. Two fields of one status that their types decide, a field
// that is an error, and a OneOf inside a wrapper or inside another one are faults
// of the declaration: failures are returned as errors, and a wrapper goes around a
// field.
type OneOf struct{}

func (OneOf) oneOf() {}

// oneOf is every struct that embeds a OneOf.
type oneOf interface{ oneOf() }

// choose notes the fields of t with lf.
func (lf *leaf) choose(t reflect.Type) {
	choices, faults := shape.Choices(t, reflect.TypeFor[OneOf]())
	for _, c := range choices {
		lf.choices = append(lf.choices, c.Index)
	}
	if len(faults) > 0 {
		lf.fault = errors.New("respond: " + strings.Join(faults.Lines(), "; "))
	}
}

// sendOneOf answers with the field that is set of the struct behind p.
func (rs *Responder) sendOneOf(lf *leaf, w http.ResponseWriter, r *http.Request, p any, env envelope) error {
	v := reflect.ValueOf(p).Elem()
	switch {
	case lf.fault != nil:
		return refuse(w, r, lf.fault)
	case env.isWrapped:
		return refuse(w, r, fmt.Errorf("respond: %s is a OneOf %s", v.Type(), insideWrapper))
	}
	var set []reflect.Value
	for _, i := range lf.choices {
		if field := v.Field(i); !field.IsNil() {
			set = append(set, field)
		}
	}
	if len(set) != 1 {
		return refuse(w, r, fmt.Errorf("respond: %s has %d fields that are set: it is sent by the only one", v.Type(), len(set)))
	}
	return rs.dynamic(w, r, set[0].Interface(), envelope{})
}

const insideWrapper = "inside a wrapper: put the wrapper around its fields"

// checkChoices notes what keeps the values of t, which embeds a OneOf, from being sent.
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
			faults.Add(choice.Path, "is a failure: return it as the error")
			continue
		case out.Kind == describe.OneOf:
			faults.Add(choice.Path, "is a OneOf inside another one: give its fields to that")
			continue
		case isTaken && out.Status != 0:
			faults.Add(choice.Path, "has the status %d, as %s has: put a wrapper of another status around it", out.Status, other)
		}
		byStatus[out.Status] = choice.Path
		c.checkType(choice.Type)
	}
	c.faults = append(c.faults, faults.Lines()...)
}

// describeChoice returns what a field of type t is answered with where it is set.
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
