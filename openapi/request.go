package openapi

import (
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/schema"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/tag"
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
			op.RequestBody.Content.Set(name, b.content(r, c, name))
		}
	}
	if len(op.RequestBody.Content) == 1 {
		// A description of the field is one of the body.
		only := op.RequestBody.Content[0].Value
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
	switch c.Kind {
	case describe.JSON:
		if isXML(name) {
			return &mediaType{}
		}
		s := shape.FieldSite(label(r), shape.InJSON, c.Type, c.Tag)
		return &mediaType{Schema: b.schemas.JSON(s, schema.Use{In: true, Lax: !c.Strict})}
	case describe.Form:
		return b.form(r, c)
	case describe.Text:
		return &mediaType{Schema: b.schemas.Text(shape.FieldSite(label(r), shape.InText, c.Type, c.Tag))}
	case describe.Parts:
		return &mediaType{Schema: schema.Typed("object")}
	}
	return &mediaType{Schema: binary(name)}
}

// isXML reports whether JSON Schema cannot speak of a media type.
func isXML(name string) bool {
	return strings.HasSuffix(name, "/xml") || strings.HasSuffix(name, "+xml")
}

// binary returns the schema of bytes as they are. Tools look for either of the
// keywords. A range is no media type.
func binary(contentType string) *schema.Schema {
	if strings.Contains(contentType, "*") {
		contentType = ""
	}
	return &schema.Schema{Type: schema.TypeList{"string"}, Format: "binary", ContentMediaType: contentType}
}

// form returns a form, in either of its encodings.
func (b *builder) form(r *tenon.Route, c describe.Content) *mediaType {
	x := schema.Typed("object")
	m := &mediaType{Schema: x}
	for _, p := range c.Fields {
		s := siteOf(r, p)
		var e formEncoding
		if p.File {
			e.ContentType = fileTypes(strings.ReplaceAll(p.Field.Tag.Get("contentMediaType"), ",", ", "))
			x.Properties.Set(p.Name, fileSchema(s, p.Field.Tag))
		} else {
			x.Properties.Set(p.Name, b.schemas.Param(s, defaultOf(p)))
		}
		if p.CSV {
			e.Style, e.Explode = "form", new(false)
		}
		if e != (formEncoding{}) {
			m.Encoding.Set(p.Name, &e)
		}
		if p.Required {
			x.Required = append(x.Required, p.Name)
		}
	}
	if c.Strict {
		x.AdditionalProperties = schema.Never()
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

// fileSchema returns the schema of a field that takes a file or several.
func fileSchema(s shape.Site, tags reflect.StructTag) *schema.Schema {
	contentType := fileTypes(tags.Get("contentMediaType"))
	if strings.Contains(contentType, ",") {
		contentType = "" // which of them, the part says
	}
	x := binary(contentType)
	if n, err := strconv.ParseInt(tags.Get("maxSize"), 10, 64); err == nil {
		x.MaxLength = &n
	}
	if s.Type.Base.Kind() == reflect.Slice {
		x = schema.List(s, x)
	}
	if s.Doc != "" {
		x.Description = s.Doc
	}
	return x
}

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
			free := &parameter{Name: names[name], In: tag.Path, Required: true, Schema: schema.Typed("string")}
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
		Schema:   b.schemas.Param(siteOf(r, p), defaultOf(p)),
	}
	// What a schema says of itself, generators look for at the parameter.
	x.Description, x.Schema.Description = x.Schema.Description, ""
	x.Deprecated, x.Schema.Deprecated = x.Schema.Deprecated, false
	switch t := shape.Of(p.Field.Type); {
	case p.CSV:
		x.Style, x.Explode = "form", new(false)
	case t.IsTextMap():
		x.Style, x.Explode = "deepObject", new(true)
	case t.IsTextList() && p.Source == tag.Query:
		x.Style, x.Explode = "form", new(true)
	}
	return x
}

// siteOf returns the place of a parameter in Go.
func siteOf(r *tenon.Route, p describe.Param) shape.Site {
	return shape.FieldSite(label(r)+": "+p.Field.Name, shape.InText, p.Field.Type, p.Field.Tag)
}

// defaultOf returns the default of a parameter, nil without one.
func defaultOf(p describe.Param) *shape.Literal {
	of, ok := p.Field.Tag.Lookup("default")
	if !ok {
		return nil
	}
	return &shape.Literal{Text: of}
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
			Name: p.Outer, In: tag.Query, Style: "deepObject", Explode: new(true), Schema: schema.Typed("object"),
			Description: p.OuterTag.Get("doc"), Deprecated: p.OuterTag.Get("deprecated") == "true",
		}
		if isClosed {
			x.Schema.AdditionalProperties = schema.Never()
		}
		op.Parameters = append(op.Parameters, x)
	}
	x.Schema.Properties.Set(p.Name, b.schemas.Param(siteOf(r, p), defaultOf(p)))
	if p.Required {
		x.Required = true
		x.Schema.Required = append(x.Schema.Required, p.Name)
	}
}
