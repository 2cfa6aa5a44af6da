package schema

import (
	"math/big"
	"reflect"
	"slices"

	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// formOf returns the form of the values of t in JSON.
func formOf(t shape.Type, u Use) shape.Form {
	if u.Request {
		return t.Reads
	}
	return t.Writes
}

// JSON returns the schema of a site in JSON: the values that a request may have, or that an
// answer has.
func (x *Set) JSON(s shape.Site, u Use) *Schema {
	if s.Type.IsEndless {
		x.fault("%s has type %s, a pointer that only points to itself: point to a value", s.Path, s.Type.Go)
		return &Schema{}
	}
	if !s.Type.IsWrapped() {
		return x.value(s, u)
	}
	// A named pointer type whose values contain it has to be a component.
	for _, w := range s.Type.Wraps {
		if w.Type.Name() != "" && !w.IsOpt && refersTo(w.Type, w.Type, u, nil) {
			return x.Refer(w.Type, u).orNull()
		}
	}
	return x.value(s, u).orNull()
}

// value returns the schema of a site inside all pointers and Opts.
func (x *Set) value(s shape.Site, u Use) *Schema {
	t := s.Type.Base
	if stated, ok := x.overridden(t, u); ok {
		return stated
	}
	if s.Rules.IsTypeLength && !u.Request {
		s.Rules.MaxLength = nil // what is sent may be longer
	}
	if t == x.Base.Type {
		return x.ReferBase()
	}
	switch formOf(s.Type, u) {
	case shape.Time:
		return timeSchema(s)
	case shape.Number:
		return x.ruled(s, jsonNumber(s, u))
	case shape.Self:
		return x.bySelf(s, u)
	case shape.Text:
		return x.ruled(s, textSchema(t))
	case shape.Bool:
		return Typed("boolean")
	case shape.String:
		return x.ruled(s, Typed("string"))
	case shape.Int, shape.Uint, shape.Float:
		number := x.ruled(s, numberSchema(t))
		if s.Quoted {
			return quote(number)
		}
		return number
	case shape.Any:
		return &Schema{}
	case shape.Bytes:
		return bytesSchema(s, u)
	case shape.Struct, shape.Upload:
		if t.Name() == "" {
			return x.object(s, u)
		}
		return x.Refer(t, u)
	case shape.Map:
		return x.named(s, u, x.mapping)
	case shape.List, shape.Array:
		return x.named(s, u, x.list)
	}
	x.fault("%s has type %s, which JSON cannot write: use another type", s.Path, t)
	return &Schema{}
}

// bySelf returns the schema of a type with its own JSON methods: any value. If it also reads
// text, the rules on the length of the text apply.
func (x *Set) bySelf(s shape.Site, u Use) *Schema {
	switch {
	case s.Type.Base == reflect.TypeFor[big.Int]():
		return bigInteger(s, u)
	case s.Type.Text == text.Self:
		rules := shape.Rules{MinLength: s.Rules.MinLength, Format: s.Rules.Format}
		if !s.Rules.IsTypeLength {
			rules.MaxLength = s.Rules.MaxLength
		}
		s.Rules = rules
		return x.ruled(s, &Schema{})
	}
	return &Schema{}
}

// named returns the schema of a slice or map. It is a reference only if the type has a name and
// contains itself.
func (x *Set) named(s shape.Site, u Use, define func(shape.Site, Use) *Schema) *Schema {
	t := s.Type.Base
	if t.Name() == "" || !refersTo(t, t, u, nil) {
		return define(s, u)
	}
	ref := x.Refer(t, u)
	if u.Request {
		return ref.orSpareNull()
	}
	return ref
}

// define returns the schema of a component.
func (x *Set) define(t reflect.Type, u Use) *Schema {
	if stated, ok := x.override(t); ok {
		return x.parse(t, stated)
	}
	s := shape.FieldSite(t.String(), shape.InJSON, t, "")
	if x.Base.IsExtended(t) {
		return x.Extended(s, u)
	}
	var defined *Schema
	switch form := formOf(s.Type, u); {
	case s.Type.IsWrapped():
		defined = x.value(s, u)
	case form == shape.Map:
		defined = x.mapping(s, u)
	case form == shape.List, form == shape.Array:
		defined = x.list(s, u)
	default:
		return x.object(s, u)
	}
	if len(defined.Type) > 1 {
		defined.Type, defined.hasSpareNull = defined.Type[:1], false // whoever refers to it adds null
	}
	return defined
}

// refersTo reports whether values of t contain values of target, without a named struct
// between them.
func refersTo(t, target reflect.Type, u Use, seen []reflect.Type) bool {
	if slices.Contains(seen, t) {
		return false
	}
	seen = append(seen, t)
	s := shape.SiteOf(t)
	var inner []reflect.Type
	switch form := formOf(s.Type, u); {
	case s.Type.IsWrapped():
		inner = []reflect.Type{s.Type.Wraps[0].Inner}
	case form == shape.List, form == shape.Array, form == shape.Map:
		inner = []reflect.Type{t.Elem()}
	case form == shape.Struct && t.Name() == "":
		members := shape.WrittenMembers(t, nil)
		for i := range members.List {
			inner = append(inner, members.List[i].Type.Go)
		}
		if members.Rest != nil && !members.Rest.IsRaw {
			inner = append(inner, members.Rest.Type)
		}
	}
	return slices.ContainsFunc(inner, func(next reflect.Type) bool {
		return next == target || refersTo(next, target, u, seen)
	})
}

// list returns the schema of a slice or an array. A nil slice is written as [], and null is
// read as one.
func (x *Set) list(s shape.Site, u Use) *Schema {
	list := List(s, x.JSON(s.Elem(), u))
	if s.Type.Base.Kind() == reflect.Array {
		n := int64(s.Type.Base.Len())
		list.MinItems, list.MaxItems = &n, &n
		return list
	}
	if u.Request && (list.MinItems == nil || *list.MinItems == 0) {
		return list.orSpareNull()
	}
	return list
}

// mapping returns the schema of a map. A nil map is written as {}, and null is read as one.
func (x *Set) mapping(s shape.Site, u Use) *Schema {
	object := Typed("object")
	object.AdditionalProperties = x.JSON(s.Elem(), u)
	object.PropertyNames = keys(s.Type.Key(), u)
	if u.Request {
		return object.orSpareNull()
	}
	return object
}

// keys returns the schema of the names that the keys of a map have, nil for any name.
func keys(t shape.Type, u Use) *Schema {
	if t.IsWrapped() {
		return nil
	}
	switch formOf(t, u) {
	case shape.Time:
		return &Schema{Format: "date-time"}
	case shape.Number, shape.Float:
		return &Schema{Pattern: numberPattern}
	case shape.Int:
		return &Schema{Pattern: integerPattern}
	case shape.Uint:
		return &Schema{Pattern: naturalPattern}
	}
	return nil
}

// object returns the schema of the fields of a struct.
func (x *Set) object(s shape.Site, u Use) *Schema {
	object := Typed("object")
	x.members(s, u, object, nil)
	return object
}

// Extended returns the schema of a struct that embeds the Base.
func (x *Set) Extended(s shape.Site, u Use) *Schema {
	own := Typed("object")
	for _, m := range x.members(s, u, own, x.Base.Type) {
		if slices.Contains(x.Base.Members, m.Name) {
			x.fault("%s has the JSON name %q, which is a member of every problem: give it another name", m.Path, m.Name)
		}
	}
	return &Schema{AllOf: []*Schema{x.ReferBase(), own}}
}

// members adds the members of a struct to object, except those of embedded structs of the type
// beside.
func (x *Set) members(s shape.Site, u Use, object *Schema, beside reflect.Type) []shape.Member {
	var members shape.Members
	x.Calling(s.Path+" has a default with which its methods panic", func() { members = s.MembersBeside(beside) })
	if members.Malformed != nil {
		x.fault("%s cannot be JSON: %v", s.Path, members.Malformed)
	}
	isClosed := u.Request && !u.Lax || members.Rest != nil
	for i := range members.List {
		m := &members.List[i]
		x.wrong(m.Site)
		if property := x.property(m, u, isClosed); property != nil {
			object.Properties = append(object.Properties, Member[*Schema]{m.Name, property})
			if u.requires(m) {
				object.Required = append(object.Required, m.Name)
			}
		}
	}
	switch rest := members.Rest; {
	case rest != nil && rest.IsRaw:
	case rest != nil:
		x.wrong(rest.Values)
		object.AdditionalProperties = x.JSON(rest.Values, u)
	case u.Request && !u.Lax && members.Malformed == nil:
		object.AdditionalProperties = Never()
	}
	return members.List
}

// requires reports whether an object has to have the member. In a request the rule of required
// decides. An answer has it unless it may be left out.
func (u Use) requires(m *shape.Member) bool {
	if u.Request {
		return m.IsRequired
	}
	return !m.IsOptional()
}

// property returns the schema of a member, nil if the direction leaves it out. A request may
// have a readOnly member, which is skipped: an object without other members lists it.
func (x *Set) property(m *shape.Member, u Use, isClosed bool) *Schema {
	switch {
	case u.Request && m.ReadOnly && isClosed:
		return &Schema{ReadOnly: true}
	case u.Request && m.ReadOnly, !u.Request && m.WriteOnly:
		return nil
	}
	property := x.JSON(m.Site, u)
	if m.NotNull && (u.Request || m.IsOptional()) { // an answer that is not left out may be null
		property = property.notNull()
	}
	property = x.noted(m.Site, m.Default, property)
	property.ReadOnly, property.WriteOnly = m.ReadOnly, m.WriteOnly
	return property
}

// wrong adds the faults of the tags of a site.
func (x *Set) wrong(s shape.Site) {
	for _, words := range s.Rules.Wrong {
		x.fault("%s %s", s.Path, words)
	}
}

// bytesSchema returns the schema of bytes (RFC 4648, section 4).
func bytesSchema(s shape.Site, u Use) *Schema {
	b := &Schema{Type: TypeList{"string"}, ContentEncoding: "base64"}
	if s.Rules.Format == "byte" {
		b.Format = "byte"
	}
	if s.Type.Base.Kind() == reflect.Array {
		n := int64((s.Type.Base.Len() + 2) / 3 * 4)
		b.MinLength, b.MaxLength = &n, &n
		return b
	}
	if u.Request {
		return b.orSpareNull()
	}
	return b
}
