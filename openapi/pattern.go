package openapi

import (
	"net/http"
	"slices"
	"strings"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/pattern"
)

// A template is the path of a route as a document has it.
type template struct {
	path   string
	shape  string   // the same for paths that differ in names alone
	params []string // in their order
}

// templateOf returns the template of a pattern: without the host, {name} for
// {name...}, nothing for {$}, and {path}, or a name like it that is free, for what
// a final slash matches.
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

// documentedMethods are those that a path item can have.
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

// A place is a path item and the routes that have given it operations.
type place struct {
	template
	item   *pathItem
	routes map[string]*tenon.Route // by method
}

// place returns the path item for the route, where its path parameters are called
// as those of the first route with the path. A second route with its method is a
// fault.
func (b *builder) place(r *tenon.Route) (item *pathItem, names map[string]string) {
	t := templateOf(r.Pattern)
	p := b.places[t.shape]
	if p == nil {
		p = &place{template: t, item: &pathItem{}, routes: map[string]*tenon.Route{}}
		b.places[t.shape] = p
		b.model.Paths = append(b.model.Paths, member[*pathItem]{t.path, p.item})
	}
	if other := p.routes[r.Method]; other != nil {
		b.fault("%s and %s are both %s %s in a document: hide one", label(other), label(r), r.Method, p.path)
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
