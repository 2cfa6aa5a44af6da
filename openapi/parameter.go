package openapi

import (
	"net/http"
	"reflect"
	"slices"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/tag"
)

// parameters adds the parameters of a route: those that it binds, and the
// wildcards of its pattern that it does not.
func (b *builder) parameters(op *operation, r *tenon.Route, input *describe.Input, names map[string]string) {
	bound := map[string]bool{}
	for _, p := range input.Params {
		switch {
		case p.Source == tag.Path:
			bound[p.Name] = true
			op.Parameters = append(op.Parameters, b.parameter(r, p, names[p.Name]))
		case p.Outer != "":
			b.deepField(op, r, p, input.Strict)
		case p.Source != tag.Header || !isReserved(p.Name):
			op.Parameters = append(op.Parameters, b.parameter(r, p, p.Name))
		}
	}
	for i, name := range templateOf(r.Pattern).params {
		if !bound[name] {
			free := &parameter{Name: names[name], In: tag.Path, Required: true, Schema: typed("string")}
			op.Parameters = slices.Insert(op.Parameters, i, free)
		}
	}
}

// isReserved reports whether a header parameter of the name would be ignored
// (OpenAPI 3.1, Parameter Object): other parts of the document speak of them.
func isReserved(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Accept", "Content-Type", "Authorization":
		return true
	}
	return false
}

// parameter returns one parameter under the name that it has in the document.
func (b *builder) parameter(r *tenon.Route, p describe.Param, name string) *parameter {
	x := &parameter{
		Name:     name,
		In:       p.Source,
		Required: p.Required || p.Source == tag.Path,
		Schema:   b.param(siteOf(r, p)),
	}
	// What a schema says of itself, generators look for at the parameter.
	x.Description, x.Schema.Description = x.Schema.Description, ""
	x.Deprecated, x.Schema.Deprecated = x.Schema.Deprecated, false
	t := opened(p.Field.Type)
	switch {
	case p.CSV:
		x.Style, x.Explode = "form", new(false)
	case t.Kind() == reflect.Map:
		x.Style, x.Explode = "deepObject", new(true)
	case isList(t) && p.Source == tag.Query:
		x.Style, x.Explode = "form", new(true)
	}
	return x
}

// siteOf returns the place of a parameter in Go.
func siteOf(r *tenon.Route, p describe.Param) site {
	return site{path: label(r) + ": " + p.Field.Name, typ: p.Field.Type, tags: p.Field.Tag, use: use{in: true}}
}

// deepField adds a field of a struct that is read with the option deep to the
// parameter of the struct. isClosed says that it may have no other.
func (b *builder) deepField(op *operation, r *tenon.Route, p describe.Param, isClosed bool) {
	var x *parameter
	for _, known := range op.Parameters {
		if known.In == tag.Query && known.Name == p.Outer {
			x = known
		}
	}
	if x == nil {
		x = &parameter{
			Name: p.Outer, In: tag.Query, Style: "deepObject", Explode: new(true), Schema: typed("object"),
			Description: p.OuterTag.Get("doc"), Deprecated: p.OuterTag.Get("deprecated") == "true",
		}
		if isClosed {
			x.Schema.AdditionalProperties = &schema{never: true}
		}
		op.Parameters = append(op.Parameters, x)
	}
	x.Schema.Properties.set(p.Name, b.param(siteOf(r, p)))
	if p.Required {
		x.Required = true
		x.Schema.Required = append(x.Schema.Required, p.Name)
	}
}

// isList reports whether a parameter of type t takes several values.
func isList(t reflect.Type) bool { return t.Kind() == reflect.Slice && !tag.ReadsText(t) }

// param returns the schema of a parameter or form field, which is read from
// text.
func (b *builder) param(s site) *schema {
	s.typ = opened(s.typ)
	var x *schema
	switch {
	case isList(s.typ):
		x = typed("array")
		item := s.inside(s.typ.Elem())
		item.typ = opened(item.typ)
		x.Items = b.text(item)
		b.lengths(s, x)
	case s.typ.Kind() == reflect.Map && !tag.ReadsText(s.typ):
		x = typed("object")
		item := s.inside(s.typ.Elem())
		item.typ = opened(item.typ)
		x.AdditionalProperties = b.text(item)
	default:
		x = b.text(s)
	}
	return b.textAnnotated(s, x)
}

// textAnnotated is annotated for what is read from text: where that is a string
// in the document, so is its default, whatever JSON would write.
func (b *builder) textAnnotated(s site, x *schema) *schema {
	element := x
	if x.Items != nil {
		element = x.Items
	}
	if slices.Contains(element.Type, "string") {
		s.typ = reflect.TypeFor[string]()
		if x.Items != nil {
			s.typ = reflect.TypeFor[[]string]()
		}
	}
	return b.annotated(s, x)
}
