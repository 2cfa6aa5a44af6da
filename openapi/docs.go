package openapi

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	html "html/template"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/schema"
)

var (
	//go:embed docs/page.html
	docsPage string
	//go:embed docs/style.css
	docsStyle string
	//go:embed docs/script.js
	docsScript string
)

// Docs returns a handler of GET and HEAD requests for a documentation page about doc. The
// page shows the operations and the schemas, with examples. Each operation has a form that
// sends a request to the API and shows the response. Many goroutines may use the handler at
// once. Docs panics if doc is nil.
//
// The page is one HTML file with its style and script inside. It loads nothing else, and its
// Content-Security-Policy allows requests to its own origin and to the servers of doc only.
//
// Serve the page from the directory of the document: the page resolves a relative server URL
// against its own URL. The browser sends the requests. So a server of another origin has to
// allow them (CORS), and they carry the cookies of the browser.
func Docs(doc *Document) http.Handler {
	if doc == nil {
		panic("openapi: Docs: the document is nil: make it with New")
	}
	source := html.Must(html.New("page").Parse(docsPage))
	var out bytes.Buffer
	if err := source.Execute(&out, newPageView(doc)); err != nil {
		panic("openapi: " + err.Error())
	}
	docs := newPage("text/html; charset=utf-8", out.Bytes())
	policy := docsPolicy(doc.model.Servers)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "no-referrer")
		docs.ServeHTTP(w, r)
	})
}

// docsPolicy allows the style and the script of the page, and requests to the
// servers.
func docsPolicy(servers []Server) string {
	connect := []string{"'self'"}
	for _, server := range servers {
		if u, err := url.Parse(server.URL); err == nil && u.Host != "" {
			connect = append(connect, strings.TrimPrefix(u.Scheme+"://"+u.Host, "://"))
		}
	}
	return "default-src 'none'; style-src " + sourceHash(docsStyle) + "; script-src " + sourceHash(docsScript) +
		"; connect-src " + strings.Join(connect, " ") + "; img-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
}

// sourceHash names an inline element by its content (CSP Level 3, section 2.3.1).
func sourceHash(content string) string {
	sum := sha256.Sum256([]byte(content))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

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
	// GuardsOptional says that a request may do without them.
	GuardsOptional bool
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
			for _, op := range path.Value.operations {
				// An operation of several tags stands under its first.
				first := otherOperations
				if len(op.Value.Tags) > 0 {
					first = op.Value.Tags[0]
				}
				if first == tag.Name {
					group.Operations = append(group.Operations, d.operation(path.Name, op.Name, op.Value))
				}
			}
		}
		if len(group.Operations) > 0 {
			v.Groups = append(v.Groups, group)
		}
	}
	for _, s := range m.Components.Schemas {
		v.Schemas = append(v.Schemas, namedView{s.Name, d.schema(s.Value)})
	}
	for _, s := range m.Components.SecuritySchemes {
		v.Schemes = append(v.Schemes, schemeView{s.Name, s.Value})
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
		answer := answerView{Status: r.Name, Description: r.Value.Description, Bodies: d.bodies(r.Value.Content)}
		for _, h := range r.Value.Headers {
			answer.Headers = append(answer.Headers, namedView{h.Name, d.schema(h.Value.Schema)})
		}
		v.Answers = append(v.Answers, answer)
	}
	for _, requirement := range op.Security {
		v.GuardsOptional = v.GuardsOptional || len(requirement) == 0
		for _, scheme := range requirement {
			if !slices.Contains(v.Guards, scheme.Name) { // Optional ones are in some of them.
				v.Guards = append(v.Guards, scheme.Name)
			}
		}
	}
	return v
}

func (d drawer) bodies(content schema.Ordered[*mediaType]) []bodyView {
	bodies := make([]bodyView, 0, len(content))
	for _, c := range content {
		x := c.Value.Schema
		if x == nil {
			x = &schema.Schema{}
		}
		v := bodyView{MediaType: c.Name, Schema: d.schema(x), IsFile: x.Format == "binary"}
		switch {
		case c.Name == urlencodedType, c.Name == multipartType:
			for _, p := range x.Properties {
				style := ""
				if e, ok := c.Value.Encoding.Get(p.Name); ok && e.Explode != nil && !*e.Explode {
					style = "csv"
				}
				v.Fields = append(v.Fields, d.field(p.Name, "form", style, slices.Contains(x.Required, p.Name), p.Value))
			}
		case v.IsFile:
		case c.Name == jsonType, strings.HasSuffix(c.Name, "+json"):
			v.Example = indented(d.example(x, 0))
		case c.Name == ndjsonType:
			v.Example = string(d.example(x, 0)) + "\n"
		case x.Event != nil:
			v.Example = "data: " + string(d.example(x.Event, 0)) + "\n\n"
		case len(x.EventTypes) > 0:
			for _, of := range x.EventTypes {
				v.Example += "event: " + of.Name + "\ndata: " + string(d.example(of.Value, 0)) + "\n\n"
			}
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
