package schema

import (
	"reflect"

	"github.com/tenonkit/tenon/internal/shape"
)

// Patch returns the schema of a merge patch (RFC 7396) of the value at a site. No member is
// required. A member that the value may lack may be null, which removes it.
func (x *Set) Patch(s shape.Site, u Use) *Schema {
	if s.Type.Reads == shape.Any {
		return &Schema{}
	}
	patch := x.patch(s, u)
	if s.Type.IsWrapped() || s.Type.Reads == shape.Map {
		return patch.orNull()
	}
	return patch
}

// patch returns the schema of a patch that changes the value at s and does not remove it.
func (x *Set) patch(s shape.Site, u Use) *Schema {
	for _, w := range s.Type.Wraps {
		if w.Type.Name() != "" && !w.IsOpt && refersTo(w.Type, w.Type, u, nil) {
			return x.refer(componentKey{w.Type, true, true}, u)
		}
	}
	t := s.Type.Base
	isMerged := s.Type.Reads == shape.Struct || s.Type.Reads == shape.Map
	_, isStated := x.override(t)
	switch {
	case isMerged && isStated:
		return Typed("object") // a part of what is stated
	case isMerged && t.Name() != "" && (s.Type.Reads == shape.Struct || refersTo(t, t, u, nil)):
		return x.refer(componentKey{t, true, true}, u)
	case isMerged:
		return x.patchObject(s, u)
	}
	s.Type = shape.Of(t)
	return x.JSON(s, u).notNull()
}

// definePatch returns the schema of the component of patches of t.
func (x *Set) definePatch(t reflect.Type, u Use) *Schema {
	s := shape.FieldSite(t.String(), shape.InJSON, t, "")
	if s.Type.IsWrapped() {
		return x.patch(s.Inner(), u)
	}
	return x.patchObject(s, u)
}

// patchObject returns the schema of an object that is merged into a struct or a map.
func (x *Set) patchObject(s shape.Site, u Use) *Schema {
	object := Typed("object")
	if s.Type.Reads == shape.Map {
		object.AdditionalProperties = x.patch(s.Elem(), u).orNull()
		object.PropertyNames = keys(s.Type.Key(), u)
		return object
	}
	members := s.Members()
	if members.Malformed != nil {
		x.fault("%s cannot be JSON: %v", s.Path, members.Malformed)
	}
	for i := range members.List {
		m := &members.List[i]
		x.wrong(m.Site)
		if m.ReadOnly {
			if members.Rest != nil || !u.Lax {
				object.Properties = append(object.Properties, Member[*Schema]{m.Name, &Schema{ReadOnly: true}})
			}
			continue
		}
		property := x.patch(m.Site, u)
		if !m.IsRequired {
			property = property.orNull()
		}
		object.Properties = append(object.Properties, Member[*Schema]{m.Name, x.noted(m.Site, nil, property)})
	}
	switch {
	case members.Rest != nil && !members.Rest.IsRaw:
		object.AdditionalProperties = x.patch(members.Rest.Values, u).orNull()
	case !u.Lax:
		object.AdditionalProperties = Never()
	}
	return object
}
