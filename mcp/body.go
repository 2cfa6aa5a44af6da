package mcp

import (
	"strings"

	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/schema"
	"github.com/tenonkit/tenon/internal/shape"
)

const (
	jsonType       = "application/json"
	mergePatchType = "application/merge-patch+json"
	urlencodedType = "application/x-www-form-urlencoded"
)

// wholeBody is the argument for a body without members.
const wholeBody = "body"

// A body describes how arguments become the body of a request.
type body struct {
	kind        string // one of json, form and text
	contentType string
	isRequired  bool
	// isFlat says that the members of a JSON body are arguments: all that are nothing else.
	isFlat bool
}

// requestBody makes arguments of the members of a JSON object, of the fields of a form,
// or one argument of the whole body.
func (b *builder) requestBody() {
	in := b.input.Body
	if in == nil {
		return
	}
	c, contentType := b.contentOf(in)
	if c == nil {
		b.withheld(in.Required, "a body of the kind "+in.Content[0].Kind, "which no argument can hold")
		return
	}
	b.tool.body = &body{kind: c.Kind, contentType: contentType, isRequired: in.Required}
	described, _ := b.op.RequestBody.Content.Get(contentType)
	s := described.Schema
	if s == nil {
		s = &schema.Schema{}
	}
	switch c.Kind {
	case shape.KindForm:
		b.form(s)
	case shape.KindText:
		b.tool.body.contentType += "; charset=utf-8"
		b.argument(wholeBody, "the body", s, in.Required)
	default:
		b.members(s, in.Required)
	}
}

// contentOf returns the content to send arguments as. JSON, including a merge patch,
// comes before a form, and a form before text.
func (b *builder) contentOf(in *describe.Body) (*describe.Content, string) {
	for _, kind := range []string{shape.KindJSON, shape.KindMergePatch, shape.KindForm, shape.KindText} {
		for i := range in.Content {
			c := &in.Content[i]
			if c.Kind != kind {
				continue
			}
			switch {
			case kind == shape.KindForm:
				return c, urlencodedType
			case kind == shape.KindText && len(c.MediaTypes) == 0:
				return c, "text/plain"
			case kind == shape.KindText:
				return c, c.MediaTypes[0]
			case len(c.MediaTypes) == 0 && kind == shape.KindMergePatch:
				return c, mergePatchType
			case len(c.MediaTypes) == 0:
				return c, jsonType
			}
			for _, name := range c.MediaTypes {
				if isJSON(name) {
					return c, name
				}
			}
		}
	}
	return nil, ""
}

func isJSON(mediaType string) bool {
	return mediaType == jsonType || strings.HasSuffix(mediaType, "+json")
}

// members makes arguments of the members of a JSON body, without those that are readOnly:
// the service ignores them, so an agent need not know them.
func (b *builder) members(s *schema.Schema, isRequired bool) {
	object := b.doc.object(s)
	if object == nil {
		b.argument(wholeBody, "the body", s, isRequired)
		return
	}
	b.tool.body.isFlat = true
	required := map[string]bool{}
	for _, name := range object.Required {
		required[name] = isRequired
	}
	for _, m := range object.Properties {
		if m.Value.ReadOnly {
			continue
		}
		b.argument(m.Name, placeOf(shape.FromBody, m.Name), m.Value, required[m.Name])
	}
	b.schema.AdditionalProperties = object.AdditionalProperties
}

// form makes arguments of the fields of a form.
func (b *builder) form(s *schema.Schema) {
	if described, ok := b.op.RequestBody.Content.Get("multipart/form-data"); ok && described.Schema != nil && len(s.Properties) == 0 {
		s = described.Schema // a form with files is described as this alone
	}
	for i := range b.input.In.Body.Fields {
		p := &b.input.In.Body.Fields[i]
		place := placeOf(shape.FromForm, p.Name)
		if p.File != nil {
			b.withheld(p.IsRequired, place, "which is a file that no argument can hold")
			continue
		}
		field, ok := s.Properties.Get(p.Name)
		if !ok {
			field = &schema.Schema{}
		}
		b.argument(p.Name, place, field, p.IsRequired && b.input.Body.Required)
		b.tool.arguments = append(b.tool.arguments, argumentOf(p, field))
	}
}
