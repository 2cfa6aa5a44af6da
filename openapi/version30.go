package openapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/json"
)

// Version30 returns the document in OpenAPI 3.0.3, for tools that cannot read 3.1. It also
// returns a line for each thing that 3.0 cannot express and the result leaves out: a JSON
// Pointer into the document, and the reason.
//
// A type null becomes nullable, const an enum of one value, and examples its first value.
// The result is a handler like d. [Docs] and [Verify] do the same for both.
func (d *Document) Version30() (*Document, []string) {
	older := *d
	doc, err := decoded(d.page.text)
	if err != nil || strings.HasPrefix(d.model.OpenAPI, "3.0") {
		return &older, nil // It is 3.0 already. There is no error: New has made the text.
	}
	x := downgrade{doc: doc}
	x.document(doc)
	text, err := arranged(nil, doc, d.page.text, 0)
	if err != nil {
		return &older, nil // It cannot happen: all values come from JSON.
	}
	older.page = newPage(jsonType, text)
	older.model.OpenAPI = version30
	return &older, x.left
}

const version30 = "3.0.3"

// A downgrade turns a document of 3.1 into one of 3.0, in place. Each method is for one kind
// of object of the specification, at a JSON Pointer.
type downgrade struct {
	doc  map[string]any
	left []string
}

// leave adds a line about what is left out.
func (x *downgrade) leave(at, words string) {
	x.left = append(x.left, "#"+at+": "+words)
}

// drop removes members from an object, and adds a line for each that was there.
func (x *downgrade) drop(of map[string]any, at string, names ...string) {
	for _, name := range names {
		if _, ok := of[name]; ok {
			delete(of, name)
			x.leave(child(at, name), "OpenAPI 3.0 has no "+name+" here")
		}
	}
}

// child returns the pointer to a member.
func child(at, name string) string {
	return string(json.Pointer(at).AppendToken(name))
}

// each calls f for the members of the object under a name, in alphabetical order.
func each(of map[string]any, at, name string, f func(of map[string]any, at string)) {
	members, _ := of[name].(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(members)) {
		if member, ok := members[key].(map[string]any); ok {
			f(member, child(child(at, name), key))
		}
	}
}

// list is each for the items of an array.
func list(of map[string]any, at, name string, f func(of map[string]any, at string)) {
	items, _ := of[name].([]any)
	for i, item := range items {
		if item, ok := item.(map[string]any); ok {
			f(item, fmt.Sprintf("%s/%d", child(at, name), i))
		}
	}
}

func (x *downgrade) document(doc map[string]any) {
	doc["openapi"] = version30
	x.drop(doc, "", "jsonSchemaDialect", "webhooks")
	if info, ok := doc["info"].(map[string]any); ok {
		x.drop(info, "/info", "summary")
		if license, ok := info["license"].(map[string]any); ok {
			x.drop(license, "/info/license", "identifier")
		}
	}
	if _, ok := doc["paths"]; !ok {
		doc["paths"] = map[string]any{}
	}
	withoutKeys := x.schemes(doc)
	each(doc, "", "paths", func(item map[string]any, at string) { x.pathItem(item, at) })
	x.requirements(doc, "", withoutKeys)
	each(doc, "", "paths", func(item map[string]any, at string) {
		for _, method := range documentedMethods() {
			if op, ok := item[strings.ToLower(method)].(map[string]any); ok {
				x.requirements(op, child(at, strings.ToLower(method)), withoutKeys)
			}
		}
	})
	components, ok := doc["components"].(map[string]any)
	if !ok {
		return
	}
	x.drop(components, "/components", "pathItems")
	x.schemas(components, "/components", "schemas")
	each(components, "/components", "parameters", x.parameter)
	each(components, "/components", "headers", x.parameter)
	each(components, "/components", "responses", x.response)
	each(components, "/components", "requestBodies", x.body)
	each(components, "/components", "callbacks", x.callback)
	each(components, "/components", "examples", x.reference)
	each(components, "/components", "links", x.reference)
}

// schemes removes the security schemes that 3.0 does not have. It returns the type of every
// scheme by name.
func (x *downgrade) schemes(doc map[string]any) map[string]string {
	types := map[string]string{}
	components, _ := doc["components"].(map[string]any)
	schemes, _ := components["securitySchemes"].(map[string]any)
	each(components, "/components", "securitySchemes", func(scheme map[string]any, at string) {
		name := at[strings.LastIndexByte(at, '/')+1:]
		types[name], _ = scheme["type"].(string)
		if types[name] == mutualTLS {
			delete(schemes, name)
			x.leave(at, "OpenAPI 3.0 has no security scheme of the type mutualTLS")
		}
		x.reference(scheme, at)
	})
	return types
}

// requirements removes the requirements with schemes that 3.0 does not have. It also removes
// roles: 3.0 has them only for oauth2 and openIdConnect.
func (x *downgrade) requirements(of map[string]any, at string, types map[string]string) {
	list(of, at, "security", func(requirement map[string]any, at string) {
		for _, name := range slices.Sorted(maps.Keys(requirement)) {
			roles, _ := requirement[name].([]any)
			if t := types[name]; len(roles) > 0 && t != "oauth2" && t != "openIdConnect" && t != mutualTLS {
				requirement[name] = []any{}
				x.leave(child(at, name), "OpenAPI 3.0 has scopes only for oauth2 and openIdConnect")
			}
		}
	})
	if all, ok := of["security"].([]any); ok {
		of["security"] = slices.DeleteFunc(all, func(one any) bool {
			requirement, _ := one.(map[string]any)
			for name := range requirement {
				if types[name] == mutualTLS {
					return true // The rest of it would require less.
				}
			}
			return false
		})
	}
}

const mutualTLS = "mutualTLS"

func (x *downgrade) pathItem(item map[string]any, at string) {
	list(item, at, "parameters", x.parameter)
	for _, method := range documentedMethods() {
		name := strings.ToLower(method)
		if op, ok := item[name].(map[string]any); ok {
			x.operation(op, child(at, name))
		}
	}
}

func (x *downgrade) operation(op map[string]any, at string) {
	list(op, at, "parameters", x.parameter)
	if body, ok := op["requestBody"].(map[string]any); ok {
		x.body(body, child(at, "requestBody"))
	}
	if _, ok := op["responses"]; !ok {
		op["responses"] = map[string]any{"default": map[string]any{"description": ""}}
	}
	each(op, at, "responses", x.response)
	each(op, at, "callbacks", x.callback)
}

func (x *downgrade) callback(callback map[string]any, at string) {
	for _, name := range slices.Sorted(maps.Keys(callback)) {
		if item, ok := callback[name].(map[string]any); ok {
			x.pathItem(item, child(at, name))
		}
	}
}

// reference removes the texts of a reference, which has no other members in 3.0.
func (x *downgrade) reference(of map[string]any, at string) {
	if _, ok := of["$ref"]; ok {
		x.drop(of, at, "summary", "description")
	}
}

// parameter is for headers too.
func (x *downgrade) parameter(of map[string]any, at string) {
	x.reference(of, at)
	x.inside(of, at, "schema")
	x.content(of, at)
}

func (x *downgrade) body(of map[string]any, at string) {
	x.reference(of, at)
	x.content(of, at)
}

func (x *downgrade) response(of map[string]any, at string) {
	x.reference(of, at)
	each(of, at, "headers", x.parameter)
	each(of, at, "links", x.reference)
	x.content(of, at)
}

func (x *downgrade) content(of map[string]any, at string) {
	each(of, at, "content", func(media map[string]any, at string) {
		x.inside(media, at, "schema")
		each(media, at, "encoding", func(encoding map[string]any, at string) { each(encoding, at, "headers", x.parameter) })
	})
}
