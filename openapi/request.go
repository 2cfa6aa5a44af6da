package openapi

import (
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/describe"
)

const (
	jsonType       = "application/json"
	urlencodedType = "application/x-www-form-urlencoded"
	multipartType  = "multipart/form-data"
	textType       = "text/plain"
	bytesType      = "application/octet-stream"
	anyType        = "*/*"
)

// requestBody adds the body that a route reads.
func (b *builder) requestBody(op *operation, r *tenon.Route, input *describe.Input) {
	if input.Body == nil {
		return
	}
	op.RequestBody = &requestBody{Required: input.Body.Required}
	for _, c := range input.Body.Content {
		for _, name := range contentTypes(c) {
			op.RequestBody.Content.set(name, b.content(r, c, name))
		}
	}
	if len(op.RequestBody.Content) == 1 {
		// A description of the field is one of the body.
		only := op.RequestBody.Content[0].value
		if only.Schema != nil && input.Body.Content[0].Tag.Get("doc") != "" {
			op.RequestBody.Description = input.Body.Content[0].Tag.Get("doc")
		}
	}
}

// contentTypes returns the media types under which a document has the content. A
// form with files is never urlencoded, which has none.
func contentTypes(c describe.Content) []string {
	hasFile := slices.ContainsFunc(c.Fields, func(p describe.Param) bool { return p.File })
	switch {
	case c.Kind == describe.Form && hasFile:
		return []string{multipartType}
	case len(c.MediaTypes) > 0:
		return c.MediaTypes
	}
	switch c.Kind {
	case describe.JSON:
		return []string{jsonType, anyType}
	case describe.Text:
		return []string{textType, anyType}
	case describe.Parts:
		return []string{multipartType, anyType}
	}
	return []string{bytesType, anyType}
}

// content returns what a body is under one media type.
func (b *builder) content(r *tenon.Route, c describe.Content, name string) *mediaType {
	s := site{path: label(r), typ: c.Type, tags: c.Tag, use: use{in: true, lax: !c.Strict}}
	switch c.Kind {
	case describe.JSON:
		if isXML(name) {
			return &mediaType{}
		}
		return &mediaType{Schema: b.json(s)}
	case describe.Form:
		return b.form(r, c)
	case describe.Text:
		s.typ = opened(s.typ)
		return &mediaType{Schema: b.text(s)}
	case describe.Parts:
		return &mediaType{Schema: typed("object")}
	}
	return &mediaType{Schema: binary(name)}
}

// isXML reports whether JSON Schema cannot speak of a media type.
func isXML(name string) bool {
	return strings.HasSuffix(name, "/xml") || strings.HasSuffix(name, "+xml")
}

// binary returns the schema of bytes as they are. Tools look for either of the
// keywords. A range is no media type.
func binary(contentType string) *schema {
	if strings.Contains(contentType, "*") {
		contentType = ""
	}
	return &schema{Type: typeList{"string"}, Format: "binary", ContentMediaType: contentType}
}

// form returns a form, in either of its encodings.
func (b *builder) form(r *tenon.Route, c describe.Content) *mediaType {
	x := typed("object")
	m := &mediaType{Schema: x}
	for _, p := range c.Fields {
		s := siteOf(r, p)
		var e formEncoding
		if p.File {
			e.ContentType = fileTypes(strings.ReplaceAll(p.Field.Tag.Get("contentMediaType"), ",", ", "))
			x.Properties.set(p.Name, b.file(s))
		} else {
			x.Properties.set(p.Name, b.param(s))
		}
		if p.CSV {
			e.Style, e.Explode = "form", new(false)
		}
		if e != (formEncoding{}) {
			m.Encoding.set(p.Name, &e)
		}
		if p.Required {
			x.Required = append(x.Required, p.Name)
		}
	}
	if c.Strict {
		x.AdditionalProperties = &schema{never: true}
	}
	return m
}

// fileTypes returns the media types that the files of a field may have.
func fileTypes(types string) string {
	if types == "" {
		return bytesType
	}
	return types
}

// file returns the schema of a field that takes a file or several.
func (b *builder) file(s site) *schema {
	s.typ = opened(s.typ)
	contentType := fileTypes(s.tags.Get("contentMediaType"))
	if strings.Contains(contentType, ",") {
		contentType = "" // which of them, the part says
	}
	x := binary(contentType)
	if n, err := strconv.ParseInt(s.tags.Get("maxSize"), 10, 64); err == nil {
		x.MaxLength = &n
	}
	if s.typ.Kind() == reflect.Slice {
		list := typed("array")
		list.Items = x
		b.lengths(s, list)
		x = list
	}
	if text := s.tags.Get("doc"); text != "" {
		x.Description = text
	}
	return x
}
