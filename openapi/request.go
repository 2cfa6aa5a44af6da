package openapi

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/schema"
	"github.com/tenonkit/tenon/internal/shape"
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
	of := input.In.Body
	for i := range input.Body.Content {
		c := &input.Body.Content[i]
		for _, name := range contentTypes(c, of) {
			op.RequestBody.Content.Set(name, b.content(r, c.Kind, input, name))
		}
	}
	// The description of the field is that of the body.
	if content := op.RequestBody.Content; len(content) == 1 && content[0].Value.Schema != nil {
		op.RequestBody.Description = of.Doc
	}
}

// contentTypes returns the media types of the content in the document. A form with files is
// multipart only: a urlencoded form cannot have files.
func contentTypes(c *describe.Content, of *shape.Body) []string {
	hasFile := slices.ContainsFunc(of.Fields, func(p shape.Param) bool { return p.File != nil })
	switch {
	case c.Kind == shape.KindForm && hasFile:
		return []string{multipartType}
	case len(c.MediaTypes) > 0:
		return c.MediaTypes
	}
	switch c.Kind {
	case shape.KindJSON:
		return []string{jsonType, anyType}
	case shape.KindText:
		return []string{textType, anyType}
	case shape.KindMultipart:
		return []string{multipartType, anyType}
	}
	return []string{bytesType, anyType}
}

// content returns the body under one media type.
func (b *builder) content(r *tenon.Route, kind string, input *describe.Input, name string) *mediaType {
	s := input.In.Body.Site
	s.Path = label(r)
	switch kind {
	case shape.KindJSON:
		if isXML(name) {
			return &mediaType{}
		}
		return &mediaType{Schema: b.schemas.JSON(s, schema.Use{Request: true, Lax: !input.Strict})}
	case shape.KindMergePatch:
		return &mediaType{Schema: b.schemas.Patch(s, schema.Use{Request: true, Lax: !input.Strict})}
	case shape.KindForm:
		return b.form(r, input.In.Body, input.Strict)
	case shape.KindText:
		return &mediaType{Schema: b.schemas.Text(s)}
	case shape.KindMultipart:
		return &mediaType{Schema: schema.Typed("object")}
	}
	return &mediaType{Schema: binary(name)}
}

// isXML reports whether a media type is XML, which JSON Schema cannot describe.
func isXML(name string) bool {
	return strings.HasSuffix(name, "/xml") || strings.HasSuffix(name, "+xml")
}

// binary returns the schema of raw bytes. Some tools read format, others contentMediaType. A
// media range such as */* is no contentMediaType.
func binary(contentType string) *schema.Schema {
	if strings.Contains(contentType, "*") {
		contentType = ""
	}
	return &schema.Schema{Type: schema.TypeList{"string"}, Format: "binary", ContentMediaType: contentType}
}

// form returns a form in either encoding. isClosed means that it allows no other fields.
func (b *builder) form(r *tenon.Route, of *shape.Body, isClosed bool) *mediaType {
	x := schema.Typed("object")
	m := &mediaType{Schema: x}
	for i := range of.Fields {
		p := &of.Fields[i]
		var e formEncoding
		switch {
		case p.File != nil:
			e.ContentType = fileTypes(p.File)
			x.Properties.Set(p.Name, fileSchema(p))
		case p.IsJSON:
			e.ContentType = jsonType
			s := p.Site
			s.Path = label(r)
			x.Properties.Set(p.Name, b.schemas.JSON(s, schema.Use{Request: true, Lax: !isClosed}))
		default:
			x.Properties.Set(p.Name, b.schemas.Param(p.Site, p.Default))
		}
		if p.IsCSV {
			e.Style, e.Explode = "form", new(false)
		}
		if e != (formEncoding{}) {
			m.Encoding.Set(p.Name, &e)
		}
		if p.IsRequired {
			x.Required = append(x.Required, p.Name)
		}
	}
	if isClosed {
		for _, name := range of.Skipped {
			x.Properties.Set(name, &schema.Schema{ReadOnly: true})
		}
		x.AdditionalProperties = schema.Never()
	}
	return m
}

// fileTypes returns the media types that the files of a field may have.
func fileTypes(f *shape.File) string {
	types := make([]string, 0, len(f.Types))
	for _, t := range f.Types {
		types = append(types, t.String())
	}
	return cmp.Or(strings.Join(types, ", "), bytesType)
}

// fileSchema returns the schema of a field that takes a file or several.
func fileSchema(p *shape.Param) *schema.Schema {
	contentType := fileTypes(p.File)
	if len(p.File.Types) > 1 {
		contentType = "" // each part names its own
	}
	x := binary(contentType)
	if p.File.MaxSize >= 0 {
		x.MaxLength = new(p.File.MaxSize)
	}
	if p.IsSeveral() {
		x = schema.List(p.Site, x)
	}
	x.Description = p.Doc
	return x
}

// parameters adds the parameters that a route binds, and the wildcards of its pattern that
// it does not bind.
func (b *builder) parameters(op *operation, r *tenon.Route, input *describe.Input, names map[string]string) {
	bound := map[string]bool{}
	params := parametersOf(input.In)
	for i := range params {
		p := &params[i]
		switch {
		case p.Source == shape.FromPath:
			bound[p.Name] = true
			op.Parameters = append(op.Parameters, b.parameter(p, names[p.Name]))
		case p.Around != nil:
			b.deepField(op, p, input.Strict)
		case p.Source != shape.FromHeader || !isReserved(p.Name):
			op.Parameters = append(op.Parameters, b.parameter(p, p.Name))
		}
	}
	for i, name := range templateOf(r.Pattern).params {
		if !bound[name] {
			free := &parameter{Name: names[name], In: shape.FromPath, Required: true, Schema: schema.Typed("string")}
			op.Parameters = slices.Insert(op.Parameters, i, free)
		}
	}
}

// fields adds header fields that middleware reads, unless the route binds them too.
func (op *operation) fields(list []describe.Field) {
	for _, f := range list {
		isKnown := slices.ContainsFunc(op.Parameters, func(p *parameter) bool {
			return p.In == shape.FromHeader && strings.EqualFold(p.Name, f.Name)
		})
		if !isKnown {
			op.Parameters = append(op.Parameters, &parameter{
				Name: f.Name, In: shape.FromHeader, Description: f.Doc, Required: f.Required, Schema: schema.Typed("string"),
			})
		}
	}
}

// parametersOf returns the parameters of an In, and those that its fields read by
// themselves. A parameter of the In hides one with the same source and name.
func parametersOf(in *shape.In) []shape.Param {
	all := slices.Clone(in.Params)
	for _, v := range in.Values {
		for _, p := range v.Reads {
			isTwin := func(known shape.Param) bool { return known.Source == p.Source && known.Name == p.Name }
			if !slices.ContainsFunc(all, isTwin) {
				all = append(all, p)
			}
		}
	}
	return all
}

// isReserved reports whether OpenAPI ignores header parameters of the name (OpenAPI 3.1,
// Parameter Object).
func isReserved(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Accept", "Content-Type", "Authorization":
		return true
	}
	return false
}

// parameter returns one parameter under the name that it has in the document.
func (b *builder) parameter(p *shape.Param, name string) *parameter {
	x := &parameter{
		Name:     name,
		In:       p.Source,
		Required: p.IsRequired || p.Source == shape.FromPath,
		Schema:   b.schemas.Param(p.Site, p.Default),
	}
	// Generators look for these at the parameter, not at its schema.
	x.Description, x.Schema.Description = x.Schema.Description, ""
	x.Deprecated, x.Schema.Deprecated = x.Schema.Deprecated, false
	switch {
	case p.IsCSV:
		x.Style, x.Explode = "form", new(false)
	case p.IsDeep:
		x.Style, x.Explode = "deepObject", new(true)
	case p.IsSeveral() && p.Source == shape.FromQuery:
		x.Style, x.Explode = "form", new(true)
	}
	return x
}

// deepField adds a field of a struct with the option deep to the parameter of the struct.
// isClosed means that the parameter allows no other fields.
func (b *builder) deepField(op *operation, p *shape.Param, isClosed bool) {
	var x *parameter
	for _, known := range op.Parameters {
		if known.In == shape.FromQuery && known.Name == p.Around.Name {
			x = known
		}
	}
	if x == nil {
		x = &parameter{
			Name: p.Around.Name, In: shape.FromQuery, Style: "deepObject", Explode: new(true), Schema: schema.Typed("object"),
			Description: p.Around.Doc, Deprecated: p.Around.Deprecated,
		}
		if isClosed {
			x.Schema.AdditionalProperties = schema.Never()
		}
		op.Parameters = append(op.Parameters, x)
	}
	x.Schema.Properties.Set(p.Around.Inner, b.schemas.Param(p.Site, p.Default))
	if p.IsRequired {
		x.Required = true
		x.Schema.Required = append(x.Schema.Required, p.Around.Inner)
	}
}
