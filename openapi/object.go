package openapi

import (
	"reflect"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/tag"
)

// structure returns the schema of a struct: a reference, or in place where the
// type has no name.
func (b *builder) structure(s site) *schema {
	if s.typ.Name() == "" {
		return b.object(s)
	}
	return b.registry.refer(s.typ, s.use)
}

// object returns the schema of the fields of a struct.
func (b *builder) object(s site) *schema {
	x := typed("object")
	if err := json.StructFault(s.typ); err != nil {
		b.fault("%s cannot be JSON: %v", s.path, err)
		return x
	}
	b.members(s, x, tag.MembersOf(s.typ))
	return x
}

// members adds the members of a struct to x.
func (b *builder) members(s site, x *schema, members tag.Members) {
	for i := range members.List {
		m := &members.List[i]
		f := site{path: s.path + m.GoPath, typ: m.Field.Type, tags: m.Field.Tag, quoted: m.Quoted, use: s.use}
		property := b.annotated(f, b.json(f))
		x.Properties = append(x.Properties, member[*schema]{m.Name, property})
		if isRequired(m) {
			x.Required = append(x.Required, m.Name)
		}
	}
	switch rest := members.Rest; {
	case rest != nil:
		x.AdditionalProperties = b.rest(s, rest)
	case s.use.closed():
		x.AdditionalProperties = &schema{never: true}
	}
}

// isRequired is the rule of required: a member is, unless its declaration says
// how to live without it.
func isRequired(m *tag.Member) bool {
	_, hasDefault := m.Field.Tag.Lookup("default")
	_, isOptional := unwrap(m.Field.Type)
	return !hasDefault && !isOptional && !m.Optional && !m.Behind
}

// rest returns the schema of the members that the struct has no field for, nil
// for any.
func (b *builder) rest(s site, m *tag.Member) *schema {
	t := m.Field.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if t.Kind() != reflect.Map {
		return nil
	}
	return b.json(site{path: s.path + m.GoPath, typ: t.Elem(), tags: valueTags(m.Field.Tag), use: s.use})
}
