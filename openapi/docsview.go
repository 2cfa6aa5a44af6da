package openapi

import (
	html "html/template"
	"slices"
	"strings"
)

// A pageView is what the template of the page shows.
type pageView struct {
	Info    Info
	Servers []Server
	Groups  []groupView
	Schemas []namedView
	Schemes []schemeView
	Style   html.CSS
	Script  html.JS
}

// A groupView has the operations of one tag.
type groupView struct {
	Tag
	ID         string
	Operations []operationView
}

type operationView struct {
	*operation
	ID, Method, Path string
	Params           []paramView
	Bodies           []bodyView
	BodyRequired     bool
	Answers          []answerView
	Guards           []string
}

type paramView struct {
	*parameter
	Schema schemaView
	Field  fieldView
}

// A bodyView is a request body of one media type, with the fields of its form.
type bodyView struct {
	MediaType string
	Schema    schemaView
	Example   string
	Fields    []fieldView
	IsFile    bool
}

type answerView struct {
	Status, Description string
	Headers             []namedView
	Bodies              []bodyView
}

type schemeView struct {
	Name string
	SecurityScheme
}

// otherOperations is the group of what has no tag.
const otherOperations = "Operations"

func newPageView(doc *Document) pageView {
	m := &doc.model
	v := pageView{
		Info: m.Info, Servers: m.Servers,
		Style:  html.CSS(docsStyle), //nolint:gosec // a part of this package
		Script: html.JS(docsScript), //nolint:gosec // a part of this package
	}
	d := drawer{m.Components.Schemas}
	for _, tag := range append(slices.Clone(m.Tags), Tag{Name: otherOperations}) {
		group := groupView{Tag: tag, ID: "tag-" + slug(tag.Name)}
		for _, path := range m.Paths {
			for _, op := range path.value.operations {
				// An operation of several tags stands under its first.
				first := otherOperations
				if len(op.value.Tags) > 0 {
					first = op.value.Tags[0]
				}
				if first == tag.Name {
					group.Operations = append(group.Operations, d.operation(path.name, op.name, op.value))
				}
			}
		}
		if len(group.Operations) > 0 {
			v.Groups = append(v.Groups, group)
		}
	}
	for _, s := range m.Components.Schemas {
		v.Schemas = append(v.Schemas, namedView{s.name, d.schema(s.value)})
	}
	for _, s := range m.Components.SecuritySchemes {
		v.Schemes = append(v.Schemes, schemeView{s.name, s.value})
	}
	return v
}

func (d drawer) operation(path, method string, op *operation) operationView {
	v := operationView{operation: op, ID: "op-" + strings.Join(strings.Fields(op.OperationID), "-"), Method: strings.ToUpper(method), Path: path}
	for _, p := range op.Parameters {
		v.Params = append(v.Params, paramView{p, d.schema(p.Schema), d.field(p.Name, p.In, styleOf(p), p.Required, p.Schema)})
	}
	if op.RequestBody != nil {
		v.BodyRequired = op.RequestBody.Required
		v.Bodies = d.bodies(op.RequestBody.Content)
	}
	for _, r := range op.Responses {
		answer := answerView{Status: r.name, Description: r.value.Description, Bodies: d.bodies(r.value.Content)}
		for _, h := range r.value.Headers {
			answer.Headers = append(answer.Headers, namedView{h.name, d.schema(h.value.Schema)})
		}
		v.Answers = append(v.Answers, answer)
	}
	for _, requirement := range op.Security {
		for _, scheme := range requirement {
			v.Guards = append(v.Guards, scheme.name)
		}
	}
	return v
}

func (d drawer) bodies(content ordered[*mediaType]) []bodyView {
	bodies := make([]bodyView, 0, len(content))
	for _, c := range content {
		x := c.value.Schema
		if x == nil {
			x = &schema{}
		}
		v := bodyView{MediaType: c.name, Schema: d.schema(x), IsFile: x.Format == "binary"}
		switch {
		case c.name == urlencodedType, c.name == multipartType:
			for _, p := range x.Properties {
				style := ""
				if e, ok := c.value.Encoding.get(p.name); ok && e.Explode != nil && !*e.Explode {
					style = "csv"
				}
				v.Fields = append(v.Fields, d.field(p.name, "form", style, slices.Contains(x.Required, p.name), p.value))
			}
		case v.IsFile:
		case c.name == jsonType, strings.HasSuffix(c.name, "+json"):
			v.Example = indented(d.example(x, 0))
		case c.name == ndjsonType:
			v.Example = string(d.example(x, 0)) + "\n"
		case x.Event != nil:
			v.Example = "data: " + string(d.example(x.Event, 0)) + "\n\n"
		}
		bodies = append(bodies, v)
	}
	return bodies
}

// slug makes an element id of a text.
func slug(text string) string {
	return strings.Map(func(c rune) rune {
		if c == ' ' || c == '/' {
			return '-'
		}
		return c
	}, text)
}

// styleOf tells the script of the page how a parameter is written.
func styleOf(p *parameter) string {
	if p.Explode != nil && !*p.Explode {
		return "csv"
	}
	return p.Style
}
