package openapi

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/internal/json"
)

// schemas turns the schemas in the object under a name.
func (x *downgrade) schemas(of map[string]any, at, name string) {
	members, _ := of[name].(map[string]any)
	for _, key := range slices.Sorted(maps.Keys(members)) {
		members[key] = x.schema(members[key], child(child(at, name), key))
	}
}

// inside turns the schema under a name.
func (x *downgrade) inside(of map[string]any, at, name string) {
	if inner, ok := of[name]; ok {
		of[name] = x.schema(inner, child(at, name))
	}
}

// schema returns a schema of 3.0 for one of 3.1.
func (x *downgrade) schema(of any, at string) map[string]any {
	s, ok := of.(map[string]any)
	switch {
	case of == false:
		return map[string]any{"not": map[string]any{}}
	case !ok:
		return map[string]any{}
	}
	for _, name := range [...]string{"items", "not", "x-event-data"} {
		x.inside(s, at, name)
	}
	if more, ok := s["additionalProperties"].(map[string]any); ok {
		s["additionalProperties"] = x.schema(more, child(at, "additionalProperties"))
	}
	x.schemas(s, at, "properties")
	events, _ := s["x-event-types"].(map[string]any)
	for name := range events {
		x.inside(events, child(at, "x-event-types"), name)
	}
	x.values(s, at)
	isNullable := x.alternatives(s, at)
	isNullable = types(s) || isNullable
	if enum, ok := s["enum"].([]any); isNullable || ok && len(enum) == 1 && enum[0] == nil {
		x.nullable(s)
	}
	if s["type"] == "array" && s["items"] == nil {
		s["items"] = map[string]any{}
	}
	x.drop(s, at, notIn30()...)
	if ref, ok := s["$ref"]; ok && len(s) > 1 {
		delete(s, "$ref") // 3.0 ignores the members beside it.
		all, _ := s["allOf"].([]any)
		s["allOf"] = append([]any{map[string]any{"$ref": ref}}, all...)
	}
	return s
}

// notIn30 returns the keywords of JSON Schema 2020-12 that OpenAPI 3.0 does not have.
func notIn30() []string {
	return []string{
		"$anchor", "$comment", "$defs", "$dynamicAnchor", "$dynamicRef", "$id", "$schema", "$vocabulary",
		"contains", "contentSchema", "dependentRequired", "dependentSchemas", "else", "if", "maxContains", "minContains",
		"patternProperties", "prefixItems", "propertyNames", "then", "unevaluatedItems", "unevaluatedProperties",
	}
}

// values turns the keywords that have values, limits and encodings.
func (x *downgrade) values(s map[string]any, at string) {
	if value, ok := s["const"]; ok {
		delete(s, "const")
		s["enum"] = []any{value}
	}
	if examples, ok := s["examples"].([]any); ok {
		delete(s, "examples")
		if len(examples) > 0 {
			s["example"] = examples[0]
		}
		if len(examples) > 1 {
			x.leave(child(at, "examples"), "OpenAPI 3.0 has only one example")
		}
	}
	for _, limit := range [...]string{"minimum", "maximum"} {
		strict := "exclusive" + strings.ToUpper(limit[:1]) + limit[1:]
		if number, ok := s[strict].(json.Number); ok {
			if _, both := s[limit]; both {
				x.leave(child(at, limit), "OpenAPI 3.0 has no "+limit+" beside "+strict)
			}
			s[limit], s[strict] = number, true
		}
	}
	_, hasFormat := s["format"]
	switch encoding := s["contentEncoding"]; {
	case encoding == nil:
	case encoding == "base64" && (!hasFormat || s["format"] == "byte"):
		s["format"] = "byte"
	default:
		x.leave(child(at, "contentEncoding"), "OpenAPI 3.0 has no contentEncoding here")
	}
	delete(s, "contentEncoding")
	if media, ok := s["contentMediaType"]; ok {
		if s["format"] != "binary" || media != bytesType {
			x.leave(child(at, "contentMediaType"), "OpenAPI 3.0 has no contentMediaType here")
		}
		delete(s, "contentMediaType")
	}
}

// alternatives turns the schemas of allOf, anyOf and oneOf, and reports whether null is one
// of them.
func (x *downgrade) alternatives(s map[string]any, at string) (isNullable bool) {
	for _, name := range [...]string{"allOf", "anyOf", "oneOf"} {
		all, ok := s[name].([]any)
		if !ok {
			continue
		}
		var others []any
		for i, one := range all {
			inner, _ := one.(map[string]any)
			if name != "allOf" && inner["type"] == "null" {
				isNullable = true
				continue
			}
			others = append(others, x.schema(one, fmt.Sprintf("%s/%d", child(at, name), i)))
		}
		switch s[name] = others; {
		case len(others) == 0:
			delete(s, name)
			s["enum"] = []any{nil}
		case len(others) == 1 && isNullable && s["allOf"] == nil:
			delete(s, name)
			s["allOf"] = others
		}
	}
	return isNullable
}

// nullable makes s accept null. OpenAPI 3.0.3 requires a type beside nullable.
func (x *downgrade) nullable(s map[string]any) {
	for _, name := range [...]string{"anyOf", "oneOf"} {
		all, _ := s[name].([]any)
		untyped := func(one any) bool { return one.(map[string]any)["type"] == nil } //nolint:errcheck,forcetypeassert // alternatives and types have made them
		if s["type"] != nil || len(all) == 0 || slices.ContainsFunc(all, untyped) {
			continue
		}
		for i, one := range all {
			if i == 0 || name == "anyOf" {
				one.(map[string]any)["nullable"] = true //nolint:errcheck,forcetypeassert // as above
			}
		}
		return
	}
	s["nullable"] = true
	if s["type"] != nil {
		return
	}
	if enum, ok := s["enum"].([]any); ok && len(enum) == 1 {
		s["type"] = "object"
		return
	}
	if all, _ := s["allOf"].([]any); len(all) == 1 {
		inner, _ := all[0].(map[string]any)
		ref, _ := inner["$ref"].(string)
		if target, ok := lookUp(x.doc, ref).(map[string]any); ok {
			if name := typeOf(target); name != nil {
				s["type"] = name
			}
		}
	}
}

// typeOf returns the type of a schema of 3.0 or 3.1, without null. It returns nil for none
// or several.
func typeOf(s map[string]any) any {
	names, ok := s["type"].([]any)
	if !ok {
		return s["type"]
	}
	names = slices.DeleteFunc(slices.Clone(names), func(name any) bool { return name == "null" })
	if len(names) != 1 {
		return nil
	}
	return names[0]
}

// types turns the keyword type, and reports whether null is among its names.
func types(s map[string]any) (isNullable bool) {
	names, ok := s["type"].([]any)
	if !ok {
		names = []any{s["type"]}
	}
	others := slices.DeleteFunc(slices.Clone(names), func(name any) bool { return name == "null" })
	isNullable = len(others) < len(names)
	switch {
	case len(others) == 1 && others[0] != nil:
		s["type"] = others[0]
	case len(others) == 0:
		delete(s, "type")
		s["enum"] = []any{nil}
	case len(others) > 1:
		delete(s, "type")
		either := make([]any, 0, len(others))
		for _, name := range others {
			either = append(either, typed(name))
		}
		if s["anyOf"] == nil {
			s["anyOf"] = either
			break
		}
		all, _ := s["allOf"].([]any)
		s["allOf"] = append(all, map[string]any{"anyOf": either})
	}
	return isNullable
}

func typed(name any) map[string]any {
	if name == "array" {
		return map[string]any{"type": name, "items": map[string]any{}}
	}
	return map[string]any{"type": name}
}
