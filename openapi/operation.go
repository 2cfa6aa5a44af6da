package openapi

import (
	"net/http"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/pattern"
	"github.com/tenonkit/tenon/internal/schema"
	"github.com/tenonkit/tenon/internal/shape"
)

// operation returns the operation of a route. names has the name in the document of each
// path parameter.
func (b *builder) operation(r *tenon.Route, names map[string]string) *operation {
	id, name := b.operationID(r)
	op := &operation{
		OperationID: id,
		Summary:     summary(r, name),
		Description: r.Doc.Description,
		Tags:        r.Doc.Tags,
		Deprecated:  r.Doc.Deprecated,
	}
	b.schemas.Begin(op.OperationID)
	b.tags(r.Doc.Tags)
	input := &describe.Input{In: &shape.In{}}
	described := r.Describe()
	handler := described.Handler
	if handler != nil {
		input = handler.Input()
	}
	b.parameters(op, r, input, names)
	for _, around := range described.Around {
		op.fields(around.Fields)
	}
	b.requestBody(op, r, input)
	b.responses(op, r, handler, input)
	b.secure(op, r)
	return op
}

// operationID returns the operation id of a route, and the name whose words are the summary.
// A name that the author gave is the id unchanged. Otherwise the option OperationID decides.
// Without it the id is the name of the function in a form that is an identifier in every
// language: ArticlesGet for Articles.Get, getUsersId for "GET /users/{id}".
func (b *builder) operationID(r *tenon.Route) (id, name string) {
	isFound := r.Name == "" || r.Name == r.String() || r.Describe().HasFoundName
	id, name = r.Name, r.Name
	switch own := b.ownID(r, isFound); {
	case own != "":
		id, name = own, own
	case r.Name == "" || r.Name == r.String():
		id = identifier(strings.ToLower(r.Method) + r.Pattern)
	case isFound:
		id = identifier(r.Name)
	}
	if other := b.ids[id]; other != nil {
		b.fault("%s and %s both have the operation id %s: name one of them with Named", label(other), label(r), id)
	}
	b.ids[id] = r
	return id, name
}

// ownID returns the id that the option OperationID has for a route, "" for none.
func (b *builder) ownID(r *tenon.Route, isFound bool) (id string) {
	if b.operationIDOf == nil || !isFound {
		return ""
	}
	b.schemas.Calling("the function of OperationID panics for "+label(r), func() { id = b.operationIDOf(*r) })
	return id
}

// identifier joins the words of a name.
func identifier(name string) string {
	var id strings.Builder
	upper := false
	for _, c := range name {
		switch {
		case c < utf8.RuneSelf && (unicode.IsLetter(c) || unicode.IsDigit(c)) || c == '_':
			if upper {
				c = unicode.ToUpper(c)
			}
			id.WriteRune(c)
			upper = false
		default:
			upper = id.Len() > 0
		}
	}
	return id.String()
}

// summary returns the words of the name of a route: "Articles Get".
func summary(r *tenon.Route, name string) string {
	switch {
	case r.Doc.Summary != "":
		return r.Doc.Summary
	case name == "" || name == r.String():
		return r.String()
	}
	words := strings.Fields(shape.Words(strings.NewReplacer(".", " ", "_", " ", "-", " ").Replace(name)))
	for i, word := range words {
		first, size := utf8.DecodeRuneInString(word)
		words[i] = string(unicode.ToUpper(first)) + word[size:]
	}
	return strings.Join(words, " ")
}

// tags adds the tags of a route that the document does not have yet.
func (b *builder) tags(names []string) {
	for _, name := range names {
		known := slices.ContainsFunc(b.model.Tags, func(t Tag) bool { return t.Name == name })
		if !known {
			b.model.Tags = append(b.model.Tags, Tag{Name: name})
		}
	}
}

// A template is the path of a route in the document.
type template struct {
	path   string
	shape  string   // the same for paths that differ only in the names of parameters
	params []string // in their order
}

// templateOf returns the template of a pattern. It drops the host and {$}, and writes {name}
// for {name...}. A final slash gets a parameter {path}, or {path_} if path is taken.
func templateOf(of string) template {
	var t template
	var shape strings.Builder
	for _, s := range pattern.Parse(of) {
		name := s.Text
		if s == (pattern.Segment{Kind: pattern.Rest}) {
			for name = "path"; slices.Contains(t.params, name); {
				name += "_"
			}
		}
		switch s.Kind {
		case pattern.Literal:
			t.path += "/" + s.Escaped()
			shape.WriteString("/" + s.Escaped())
		case pattern.Wildcard, pattern.Rest:
			t.path += "/{" + name + "}"
			shape.WriteString("/{}")
			t.params = append(t.params, name)
		case pattern.End:
			t.path += "/"
			shape.WriteByte('/')
		}
	}
	t.shape = shape.String()
	return t
}

// documentedMethods returns the methods that OpenAPI has, in the order of the document.
func documentedMethods() []string {
	return []string{
		http.MethodGet, http.MethodPut, http.MethodPost, http.MethodDelete,
		http.MethodOptions, http.MethodHead, http.MethodPatch, http.MethodTrace,
	}
}

// isDocumented reports whether a route is part of the document.
func isDocumented(r *tenon.Route) bool {
	return !r.Doc.Hidden && slices.Contains(documentedMethods(), r.Method)
}

// A place is a path item and the routes of its operations.
type place struct {
	template
	item   *pathItem
	routes map[string]*tenon.Route // by method
}

// place returns the path item for a route. Path parameters get the names that the first
// route with the path gave them. A second route with the same method is a fault.
func (b *builder) place(r *tenon.Route) (item *pathItem, names map[string]string) {
	t := templateOf(r.Pattern)
	p := b.places[t.shape]
	if p == nil {
		p = &place{template: t, item: &pathItem{}, routes: map[string]*tenon.Route{}}
		b.places[t.shape] = p
		b.model.Paths = append(b.model.Paths, schema.Member[*pathItem]{Name: t.path, Value: p.item})
	}
	if other := p.routes[r.Method]; other != nil {
		b.fault("%s and %s are both %s %s in the document: set Doc.Hidden for one of them", label(other), label(r), r.Method, p.path)
	}
	p.routes[r.Method] = r
	names = map[string]string{}
	for i, name := range t.params {
		names[name] = p.params[i]
	}
	return p.item, names
}

// label names a route in a fault.
func label(r *tenon.Route) string {
	if r.Name == "" || r.Name == r.String() {
		return r.String()
	}
	return r.String() + " (" + r.Name + ")"
}
