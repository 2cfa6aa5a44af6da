package mcp

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/pattern"
	"github.com/tenonkit/tenon/internal/schema"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/openapi"
)

// A tool is a route in the form that agents see.
type tool struct {
	mcp.Tool

	method, host string
	path         []pattern.Segment
	arguments    []argument
	body         *body // nil where no body is sent
	accept       string
	answers      answers
}

// tools returns the tools of the routes.
func (c *config) tools(routes tenon.Routes) []*tool {
	var tools []*tool
	names := map[string]*tenon.Route{}
	for i := range routes {
		r := &routes[i]
		b := &builder{config: c, route: r, places: map[string]string{}, input: &describe.Input{In: &shape.In{}}}
		if !b.build() {
			continue
		}
		if other := names[b.tool.Name]; other != nil {
			b.fault("has the name %s, which %s has too: give one of them another by tenon.Named", b.tool.Name, label(other))
		}
		names[b.tool.Name] = r
		tools = append(tools, &b.tool)
	}
	return tools
}

// A builder makes the tool of one route.
type builder struct {
	*config

	route   *tenon.Route
	handler describe.Describer
	input   *describe.Input
	doc     *document
	op      *operation
	tool    tool
	schema  schema.Schema     // of the arguments
	places  map[string]string // what the arguments are, by name
}

// label names a route in a fault.
func label(r *tenon.Route) string {
	if r.Name == "" || r.Name == r.String() {
		return r.String()
	}
	return r.String() + " (" + r.Name + ")"
}

func (b *builder) fault(format string, args ...any) {
	b.config.fault("%s %s", label(b.route), fmt.Sprintf(format, args...))
}

// build reports whether there is a tool, with faults or not.
func (b *builder) build() bool {
	b.handler = b.route.Describe().Handler
	if b.handler == nil {
		b.fault("is a plain handler with unknown arguments: make the route of a typed function")
		return false
	}
	b.input = b.handler.Input()
	var faults []string
	if b.doc, b.op, faults = documentOf(*b.route, b.openapi); len(faults) > 0 {
		for _, words := range faults {
			b.config.fault("%s", words)
		}
		return false
	}
	host, _ := pattern.Split(b.route.Pattern)
	b.tool.method, b.tool.host, b.tool.path = b.route.Method, host, pattern.Parse(b.route.Pattern)
	b.schema = schema.Schema{Type: schema.TypeList{"object"}, AdditionalProperties: schema.Never()}
	b.words()
	b.parameters()
	b.requestBody()
	b.conditions()
	b.security()
	b.outcomes()
	var err error
	if b.tool.InputSchema, err = b.doc.whole(&b.schema); err != nil {
		b.fault("has arguments that JSON Schema cannot describe: %v", err)
	}
	return true
}

// words sets the name and the texts of the tool.
func (b *builder) words() {
	name := b.op.ID
	isWrong := func(r rune) bool { return !schema.IsComponentName(string(r)) }
	if name == "" || len(name) > 128 || strings.ContainsFunc(name, isWrong) {
		b.fault("has the name %q, which a tool cannot have: give it one by tenon.Named, of at most 128 letters, digits, dots, hyphens and underscores", name)
	}
	b.tool.Name, b.tool.Title = name, b.op.Summary
	b.tool.Description = strings.TrimSpace(b.op.Summary + "\n\n" + b.op.Description)
	b.tool.Annotations = annotations(b.route)
}

// parameters makes arguments of the parameters, except those that no tool sends.
func (b *builder) parameters() {
	for i := range b.op.Parameters {
		p := &b.op.Parameters[i]
		place := placeOf(p.In, p.Name)
		switch {
		case p.In == shape.FromCookie, p.In == shape.FromHeader && isWithheld(p.Name):
			b.withheld(p.Required, place, "which tools never send")
		case b.isSelfBound(p):
			b.withheld(p.Required, place, "which a field that binds itself reads and tools never send")
		default:
			s := *p.Schema
			s.Description, s.Deprecated = p.Description, p.Deprecated
			if len(s.Properties) > 0 {
				s.AdditionalProperties = schema.Never() // any other would be lost
			}
			b.argument(p.Name, place, &s, p.Required)
			b.tool.arguments = append(b.tool.arguments, b.parameter(p))
		}
	}
	// What a document leaves out.
	for _, p := range b.input.In.Params {
		if p.Source == shape.FromHeader && isWithheld(p.Name) && !isSet(p.Name) {
			isListed := slices.ContainsFunc(b.op.Parameters, func(x parameter) bool { return x.In == p.Source && strings.EqualFold(x.Name, p.Name) })
			if !isListed {
				b.withheld(p.IsRequired, placeOf(p.Source, p.Name), "which tools never send")
			}
		}
	}
}

// placeOf names what an argument is sent as.
func placeOf(in, name string) string {
	what := map[string]string{
		shape.FromPath: "the path value", shape.FromQuery: "the query parameter", shape.FromHeader: "the header field",
		shape.FromCookie: "the cookie", shape.FromForm: "the form field", shape.FromBody: "the member of the body",
	}
	return what[in] + " " + name
}

func (b *builder) withheld(isRequired bool, place, why string) {
	if isRequired {
		b.fault("requires %s, %s: make it optional, or leave the route out", place, why)
	}
}

// isWithheld reports whether a header field is never an argument, because it identifies
// the caller or says how the message is sent.
func isWithheld(name string) bool {
	switch name = http.CanonicalHeaderKey(name); name {
	case "Authorization", "Cookie", "Host", "Origin", "Forwarded",
		"Accept-Encoding", "Content-Encoding", "Expect", "Keep-Alive", "Proxy-Authorization", "Te", "Upgrade":
		return true
	}
	return strings.HasPrefix(name, "X-Forwarded-") || isSet(name) || header.IsFraming(name)
}

// isSet reports whether the tool sets a header field itself.
func isSet(name string) bool { return name == "Accept" || name == "Content-Type" }

// parameter returns how an argument is sent as a parameter. A parameter without a field,
// such as one of middleware, is a text.
func (b *builder) parameter(p *parameter) argument {
	var fields []*shape.Param
	for i := range b.input.In.Params {
		if p.isOf(b.input.In.Params[i]) {
			fields = append(fields, &b.input.In.Params[i])
		}
	}
	switch {
	case len(fields) == 0:
		return argument{name: p.Name, in: p.In}
	case fields[0].Around != nil:
		return objectOf(fields, p.Schema)
	}
	return argumentOf(fields[0], p.Schema)
}

// isSelfBound reports whether only a field that binds itself reads the parameter.
func (b *builder) isSelfBound(p *parameter) bool {
	return !slices.ContainsFunc(b.input.In.Params, p.isOf) && slices.ContainsFunc(b.input.In.Values, func(v shape.Value) bool {
		return slices.ContainsFunc(v.Reads, p.isOf)
	})
}

// argument adds an argument to the schema.
func (b *builder) argument(name, place string, s *schema.Schema, isRequired bool) {
	if other, ok := b.places[name]; ok {
		b.fault("has the argument %s twice, as %s and as %s: give one of them another name", name, other, place)
		return
	}
	b.places[name] = place
	b.schema.Properties = append(b.schema.Properties, schema.Member[*schema.Schema]{Name: name, Value: s})
	if isRequired {
		b.schema.Required = append(b.schema.Required, name)
	}
}

// conditions refuses routes that require a precondition, because no tool sends If-Match.
func (b *builder) conditions() {
	for _, v := range b.input.In.Values {
		of, ok := reflect.TypeAssert[describe.Conditional](reflect.New(v.Type.Base))
		if ok && slices.Contains(of.DescribeConditions(b.route.Method), http.StatusPreconditionRequired) {
			b.fault("requires a precondition (%s), which tools never send: make it optional, or leave the route out", v.Path)
		}
	}
}

// security refuses routes behind a guard that no call can pass.
func (b *builder) security() {
	if len(b.op.Security) == 0 {
		return
	}
	var missing []string
	for _, choice := range b.op.Security {
		isOpen := true
		for _, requirement := range choice {
			scheme := b.doc.Components.Security[requirement.Name]
			if !goesAlong(scheme) {
				isOpen = false
				words := fmt.Sprintf("the guard %s, which asks for the %s %s", requirement.Name, scheme.In, scheme.Name)
				if !slices.Contains(missing, words) {
					missing = append(missing, words)
				}
			}
		}
		if isOpen {
			return
		}
	}
	b.fault("is behind %s, but a call carries only the header field Authorization: use a guard that reads it, or leave the route out", strings.Join(missing, " and "))
}

// goesAlong reports whether a call carries what the scheme asks for.
func goesAlong(s openapi.SecurityScheme) bool {
	return s.Type != "apiKey" || s.In == "header" && http.CanonicalHeaderKey(s.Name) == "Authorization"
}
