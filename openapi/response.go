package openapi

import (
	"bytes"
	"cmp"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strconv"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/schema"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/respond"
)

// responses adds the responses of a route: for the values of its function, for those of its
// Doc, and for failures.
func (b *builder) responses(op *operation, r *tenon.Route, handler describe.Describer, input *describe.Input) {
	a := &answers{builder: b, path: label(r), byStatus: map[string]*response{}}
	of := respond.New().Describe
	if handler != nil {
		of = handler.OutputOf
	}
	for _, status := range slices.Sorted(maps.Keys(r.Doc.Responses)) {
		a.docResponse(status, r.Doc.Responses[status], of)
	}
	switch {
	case handler != nil:
		a.output(a.sound(handler.Output()), declaresSuccess(r.Doc))
	case declaresSuccess(r.Doc):
	default:
		if t := r.Describe().Plain; t != nil {
			a.byItself(t, "")
		} else {
			a.opaque("")
		}
	}
	for _, kind := range r.Describe().Fails {
		a.kind(kind)
	}
	for _, status := range slices.Concat(r.Doc.Errors, inputErrors(input)) {
		if status < http.StatusBadRequest || status > 599 {
			b.fault("%s has the status %d in Doc.Errors: use one of 400 to 599, or put it into Doc.Responses", a.path, status)
			continue
		}
		a.failure(strconv.Itoa(status))
	}
	a.conditions(r.Method, input)
	for _, around := range r.Describe().Around {
		for _, status := range around.Failures {
			a.failure(strconv.Itoa(status))
		}
	}
	for _, guard := range guardsOf(r) {
		for _, status := range guard.statuses() {
			a.failure(strconv.Itoa(status))
		}
	}
	if handler != nil {
		a.failure("default")
	}
	// Digits sort before letters: 404, then 4XX, then default.
	for _, status := range slices.Sorted(maps.Keys(a.byStatus)) {
		op.Responses = append(op.Responses, schema.Member[*response]{Name: status, Value: a.byStatus[status]})
	}
}

// declaresSuccess reports whether a Doc has a success. Then a type whose values choose the
// status adds none.
func declaresSuccess(d tenon.Doc) bool {
	for status := range d.Responses {
		if status < http.StatusBadRequest {
			return true
		}
	}
	return false
}

// inputErrors returns the statuses with which package bind refuses a request.
func inputErrors(input *describe.Input) []int {
	var statuses []int
	if input.Refuses {
		statuses = append(statuses, http.StatusBadRequest, cmp.Or(input.InvalidStatus, http.StatusBadRequest))
	}
	if input.Body != nil {
		statuses = append(statuses, http.StatusRequestEntityTooLarge)
		if input.Body.Typed {
			statuses = append(statuses, http.StatusUnsupportedMediaType)
		}
	}
	return statuses
}

// conditions adds the statuses that follow from the preconditions of a request.
func (a *answers) conditions(method string, input *describe.Input) {
	for _, v := range input.In.Values {
		of, ok := reflect.TypeAssert[describe.Conditional](reflect.New(v.Type.Base))
		if !ok {
			continue
		}
		for _, status := range of.DescribeConditions(method) {
			if status == http.StatusNotModified {
				a.at(strconv.Itoa(status)).Headers.Set("ETag", &header{Schema: schema.Typed("string")})
				continue
			}
			a.failure(strconv.Itoa(status))
		}
	}
}

// answers are the responses of one operation.
type answers struct {
	*builder

	path     string
	byStatus map[string]*response
}

// at returns the response of a status, and adds it if it is new.
func (a *answers) at(status string) *response {
	x := a.byStatus[status]
	if x == nil {
		x = &response{Description: phrase(status)}
		a.byStatus[status] = x
	}
	return x
}

// phrase returns the description of a status.
func phrase(status string) string {
	switch status {
	case "default":
		return "Any other answer"
	case "3XX":
		return "Redirection"
	}
	code, _ := strconv.Atoi(status)
	return cmp.Or(http.StatusText(code), "Status "+status)
}

// docResponse adds a value of a Doc under its status.
func (a *answers) docResponse(status int, value any, of func(reflect.Type) describe.Output) {
	if status < 200 || status > 599 {
		a.fault("%s has the status %d in Doc.Responses: use one of 200 to 599", a.path, status)
		return
	}
	if value == nil {
		a.at(strconv.Itoa(status))
		return
	}
	out := a.sound(of(reflect.TypeOf(value)))
	out.Status, out.MayBeNothing, out.MayBeEmpty = status, false, false
	switch {
	case out.Kind == describe.OneOf:
		a.fault("%s has the OneOf %s under the status %d in Doc.Responses: use the types of its fields", a.path, out.Type, status)
		return
	case out.Kind == describe.Problem && status < http.StatusBadRequest:
		a.fault("%s has the error %s under the status %d in Doc.Responses: use one of 400 to 599", a.path, out.Type, status)
		return
	case out.Kind == describe.Problem:
		a.problem(strconv.Itoa(status), out.Type)
		return
	case out.Kind == describe.Handler:
		a.byItself(out.Type, strconv.Itoa(status))
		return
	}
	a.output(out, false)
	fields, cookies := respond.DescribeFields(value)
	a.at(strconv.Itoa(status)).fields(fields)
	a.at(strconv.Itoa(status)).cookies(cookies)
}

// sound returns out, and adds its fault.
func (a *answers) sound(out describe.Output) describe.Output {
	if out.Fault != "" {
		a.fault("%s: %s", a.path, out.Fault)
	}
	return out
}

// output adds the responses for the values of a type. isDeclared means that the Doc has the
// successes, so that a type whose values choose the status adds none.
func (a *answers) output(out describe.Output, isDeclared bool) {
	isOpen := out.Status == 0
	if out.MayBeNothing {
		a.at(strconv.Itoa(http.StatusNoContent))
	}
	switch {
	case out.Kind == describe.OneOf:
		for _, choice := range out.Choices {
			if choice.Kind == describe.Any && choice.Status == 0 {
				a.opaque("") // an interface, which may hold any value
				continue
			}
			a.output(a.sound(choice), isDeclared)
		}
		return
	case out.Kind == describe.Problem:
		a.problem("default", out.Type)
		return
	case isOpen && isDeclared:
		return
	case out.Kind == describe.Handler && isOpen:
		a.byItself(out.Type, "")
		return
	case out.Kind == describe.Handler:
		a.byItself(out.Type, strconv.Itoa(out.Status))
		return
	}
	status := cmp.Or(out.Status, http.StatusOK)
	if isOpen && out.Kind == describe.Nothing {
		status = http.StatusNoContent
	}
	x := a.at(strconv.Itoa(status))
	x.mayBeEmpty = x.mayBeEmpty || out.MayBeEmpty
	if out.Location {
		x.Headers.Set("Location", &header{Description: "The URL of the result", Schema: schema.Formatted("string", "uri-reference")})
	}
	x.fields(out.Header)
	if out.Kind == describe.Any {
		x.Content.Set(anyType, &mediaType{})
	}
	for _, name := range out.MediaTypes {
		a.add(x, name, a.bodyOf(out, name))
	}
	if out.NotAcceptable {
		a.failure(strconv.Itoa(http.StatusNotAcceptable))
	}
}

// add adds a body to a response. Several bodies of one media type are alternatives in anyOf:
// a value may fit more than one.
func (a *answers) add(x *response, name string, s *schema.Schema) {
	known, ok := x.Content.Get(name)
	switch {
	case !ok:
		x.Content.Set(name, &mediaType{Schema: s})
	case known.Schema == nil || s == nil:
		known.Schema = nil
	case known.isUnion:
		known.Schema.AnyOf = append(known.Schema.AnyOf, s)
	default:
		known.Schema, known.isUnion = &schema.Schema{AnyOf: []*schema.Schema{known.Schema, s}}, true
		a.unions = append(a.unions, known)
	}
}

// unite removes equal alternatives of a body. It runs once the components have their names,
// because before that references cannot be compared.
func (b *builder) unite() {
	for _, m := range b.unions {
		if m.Schema == nil {
			continue // one of them has no schema
		}
		var seen [][]byte
		m.Schema.AnyOf = slices.DeleteFunc(m.Schema.AnyOf, func(s *schema.Schema) bool {
			text, err := json.Marshal(s)
			if err != nil || slices.ContainsFunc(seen, func(known []byte) bool { return bytes.Equal(known, text) }) {
				return err == nil
			}
			seen = append(seen, text)
			return false
		})
		if len(m.Schema.AnyOf) == 1 {
			m.Schema = m.Schema.AnyOf[0]
		}
	}
}

// bodyOf returns the schema of a body, nil for XML.
func (a *answers) bodyOf(out describe.Output, name string) *schema.Schema {
	t := out.Type
	switch out.Kind {
	case describe.Value:
		if isXML(name) {
			return nil
		}
		s := shape.FieldSite(a.path, shape.InJSON, t, "")
		for !s.Type.IsEndless && s.Type.IsWrapped() && !s.Type.Wraps[0].IsOpt {
			s = s.Inner() // nil has an answer of its own
		}
		return a.schemas.JSON(s, schema.Use{})
	case describe.HTML, describe.Text:
		return schema.Typed("string")
	case describe.Bytes, describe.Reader:
		return binary(name)
	}
	return &schema.Schema{}
}
