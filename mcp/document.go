package mcp

import (
	"slices"
	"strings"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/schema"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/openapi"
)

// A document is the part of an OpenAPI document that tools of one route need.
type document struct {
	Paths      map[string]map[string]*operation `json:"paths"`
	Components struct {
		Schemas  schema.Ordered[*schema.Schema]    `json:"schemas"`
		Security map[string]openapi.SecurityScheme `json:"securitySchemes"`
	} `json:"components"`
}

type operation struct {
	ID          string                            `json:"operationId"`
	Summary     string                            `json:"summary"`
	Description string                            `json:"description"`
	Security    []schema.Ordered[json.RawMessage] `json:"security"`
	Parameters  []parameter                       `json:"parameters"`
	RequestBody struct {
		Content schema.Ordered[content] `json:"content"`
	} `json:"requestBody"`
	Responses schema.Ordered[response] `json:"responses"`
}

type parameter struct {
	Name        string         `json:"name"`
	In          string         `json:"in"`
	Description string         `json:"description"`
	Deprecated  bool           `json:"deprecated"`
	Required    bool           `json:"required"`
	Schema      *schema.Schema `json:"schema"`
}

// isOf reports whether the parameter belongs to a field, or to the struct around it.
func (p *parameter) isOf(of shape.Param) bool {
	return of.Source == p.In && (of.Name == p.Name || of.Around != nil && of.Around.Name == p.Name)
}

type response struct {
	Content schema.Ordered[content] `json:"content"`
}

type content struct {
	Schema *schema.Schema `json:"schema"`
}

// componentPrefix stands before the names of schemas in a document, and localPrefix
// before those in the schema of a tool.
const (
	componentPrefix = "#/components/schemas/"
	localPrefix     = "#/$defs/"
)

// documentOf returns the document of one route. A type that several routes have is
// described as this route has it.
func documentOf(r tenon.Route, opts []openapi.Option) (*document, *operation, []string) {
	r.Doc.Hidden = false // it is passed, and so it is a tool
	made, err := openapi.New(openapi.Info{Title: "tool", Version: "1"}, tenon.Routes{r}, opts...)
	if err != nil {
		return nil, nil, strings.Split(err.Error(), "\n\t")[1:]
	}
	d := &document{}
	if err := json.Unmarshal(made.JSON(), d); err != nil {
		return nil, nil, []string{"its document cannot be read: " + err.Error()}
	}
	for _, item := range d.Paths {
		for _, op := range item {
			return d, op, nil
		}
	}
	return nil, nil, []string{"has a method that documents have no word for"}
}

// component returns the schema that s refers to, or s itself.
func (d *document) component(s *schema.Schema) *schema.Schema {
	name, ok := strings.CutPrefix(s.Ref, componentPrefix)
	if !ok {
		return s
	}
	known, _ := d.Components.Schemas.Get(name)
	if known == nil {
		return s
	}
	return known
}

// object returns the object that s describes: s, or the component that s refers to, even
// beside null. Otherwise it returns nil.
func (d *document) object(s *schema.Schema) *schema.Schema {
	if s == nil {
		return nil
	}
	if len(s.AnyOf) == 2 && isNull(s.AnyOf[1]) {
		s = s.AnyOf[0]
	}
	s = d.component(s)
	isPlain := len(s.AllOf)+len(s.AnyOf)+len(s.OneOf) == 0 && s.Not == nil && s.Ref == ""
	if !isPlain || !slices.Contains(s.Type, "object") || slices.ContainsFunc(s.Type, func(t string) bool { return t != "object" && t != "null" }) {
		return nil
	}
	return s
}

func isNull(s *schema.Schema) bool { return len(s.Type) == 1 && s.Type[0] == "null" }

// whole returns the text of a schema with everything that it refers to.
func (d *document) whole(root *schema.Schema) (json.RawMessage, error) {
	var defs schema.Ordered[*schema.Schema]
	reached := map[string]bool{}
	var local func(s *schema.Schema) *schema.Schema
	local = func(s *schema.Schema) *schema.Schema {
		if s == nil {
			return nil
		}
		c := *s
		if name, ok := strings.CutPrefix(s.Ref, componentPrefix); ok {
			c.Ref = localPrefix + name
			if known, ok := d.Components.Schemas.Get(name); ok && !reached[name] {
				reached[name] = true
				defs = append(defs, schema.Member[*schema.Schema]{Name: name})
				at := len(defs) - 1
				made := local(known)
				defs[at].Value = made
			}
		}
		c.Items, c.PropertyNames, c.AdditionalProperties = local(s.Items), local(s.PropertyNames), local(s.AdditionalProperties)
		c.Not, c.Event = local(s.Not), nil
		c.AllOf, c.AnyOf, c.OneOf = each(s.AllOf, local), each(s.AnyOf, local), each(s.OneOf, local)
		c.Properties = slices.Clone(s.Properties)
		for i := range c.Properties {
			c.Properties[i].Value = local(c.Properties[i].Value)
		}
		return &c
	}
	made := local(root)
	text, err := json.Marshal(made)
	if err != nil || len(defs) == 0 {
		return text, err
	}
	more, err := json.Marshal(&defs)
	if err != nil {
		return nil, err
	}
	// The root is an object of keywords with at least a type.
	return slices.Concat(text[:len(text)-1], []byte(`,"$defs":`), more, []byte("}")), nil
}

func each(list []*schema.Schema, f func(*schema.Schema) *schema.Schema) []*schema.Schema {
	made := make([]*schema.Schema, len(list))
	for i, s := range list {
		made[i] = f(s)
	}
	return made
}
