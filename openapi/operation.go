package openapi

import (
	"reflect"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/tag"
)

// operation returns what the document says about a route. names are those that
// its path parameters have there.
func (b *builder) operation(r *tenon.Route, names map[string]string) *operation {
	op := &operation{
		OperationID: b.operationID(r),
		Summary:     summary(r),
		Description: r.Doc.Description,
		Tags:        r.Doc.Tags,
		Deprecated:  r.Doc.Deprecated,
	}
	b.registry.operation = op.OperationID
	b.tags(r.Doc.Tags)
	input := &describe.Input{}
	handler := handlerOf(r)
	if handler != nil {
		input = handler.Input()
	}
	b.parameters(op, r, input, names)
	b.requestBody(op, r, input)
	b.responses(op, r, handler, input)
	b.secure(op, r)
	return op
}

// handlerOf returns the typed handler of a route, or nil.
func handlerOf(r *tenon.Route) describe.Describer {
	for _, meta := range r.Meta {
		if handler, ok := meta.(describe.Describer); ok {
			return handler
		}
	}
	return nil
}

// plainType returns the type of the handler of a route that is no typed
// function, or nil.
func plainType(r *tenon.Route) reflect.Type {
	for _, meta := range r.Meta {
		if plain, ok := meta.(describe.Plain); ok {
			return plain.Type
		}
	}
	return nil
}

// operationID returns the name that a route was given, letter for letter. One that
// tenon has found for it gets a form that every generator takes for the name of a
// function: ArticlesGet for Articles.Get, getUsersId for "GET /users/{id}".
func (b *builder) operationID(r *tenon.Route) string {
	id := r.Name
	switch {
	case r.Name == "" || r.Name == r.String():
		id = identifier(strings.ToLower(r.Method) + r.Pattern)
	case slices.Contains(r.Meta, any(describe.FoundName(r.Name))):
		id = identifier(r.Name)
	}
	if other := b.ids[id]; other != nil {
		b.fault("%s and %s both have the operation id %s: use Named", label(other), label(r), id)
	}
	b.ids[id] = r
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
func summary(r *tenon.Route) string {
	switch {
	case r.Doc.Summary != "":
		return r.Doc.Summary
	case r.Name == "" || r.Name == r.String():
		return r.String()
	}
	words := strings.Fields(tag.Words(strings.NewReplacer(".", " ", "_", " ", "-", " ").Replace(r.Name)))
	for i, word := range words {
		first, size := utf8.DecodeRuneInString(word)
		words[i] = string(unicode.ToUpper(first)) + word[size:]
	}
	return strings.Join(words, " ")
}

// tags notes the tags of a route, those with a description first.
func (b *builder) tags(names []string) {
	for _, name := range names {
		known := slices.ContainsFunc(b.model.Tags, func(t Tag) bool { return t.Name == name })
		if !known {
			b.model.Tags = append(b.model.Tags, Tag{Name: name})
		}
	}
}
