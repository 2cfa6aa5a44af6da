package openapi

import (
	"encoding"
	"math/big"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/tag"
	"github.com/tenonkit/tenon/respond"
)

// A site is a place in JSON that has a value of a Go type: a field, an item, a
// body.
type site struct {
	path string // in Go, for faults
	typ  reflect.Type
	// tags are the tags of the field. Those on the items of a slice or map are
	// passed on to these.
	tags   reflect.StructTag
	quoted bool // the json option string
	use    use
}

// inside returns the place of the values inside a slice, array or map.
func (s site) inside(elem reflect.Type) site {
	return site{path: s.path, typ: elem, tags: valueTags(s.tags), use: s.use}
}

// json returns the schema of a site: what package bind takes there where it is in
// a request, what the engine writes there where it is in a response.
func (b *builder) json(s site) *schema {
	declared := s
	s.typ = opened(s.typ)
	switch {
	case isEndless(s.typ):
		b.fault("%s has type %s, which points to nothing but itself: point to a value", s.path, declared.typ)
		return &schema{}
	case s.typ == declared.typ:
		return b.value(s)
	}
	// A pointer that its own values hold is what has to be referred to.
	for t := declared.typ; t != s.typ; t, _ = unwrap(t) {
		if t.Name() != "" && t.Kind() == reflect.Pointer && refersTo(t, t, nil) {
			return b.registry.refer(t, s.use).orNull()
		}
	}
	return b.value(s).orNull()
}

// opened takes all pointers and Opts off t. A type that consists of them alone is
// returned as it is.
func opened(t reflect.Type) reflect.Type {
	var seen []reflect.Type
	for {
		elem, ok := unwrap(t)
		if !ok || slices.Contains(seen, t) {
			return t
		}
		seen = append(seen, t)
		t = elem
	}
}

// isEndless reports whether opened could not take everything off t: type P *P.
func isEndless(t reflect.Type) bool {
	_, ok := unwrap(t)
	return ok
}

// unwrap takes one pointer or Opt off t, either of which holds null.
func unwrap(t reflect.Type) (reflect.Type, bool) {
	if t.Kind() == reflect.Pointer {
		return t.Elem(), true
	}
	if t.PkgPath() != reflect.TypeFor[bind.Opt[int]]().PkgPath() || !strings.HasPrefix(t.Name(), "Opt[") {
		return t, false
	}
	get, _ := t.MethodByName("Get")
	return get.Type.Out(0), true
}

// value returns the schema of a site that is no pointer. The order is the
// engine's: methods come before the kind, and time before methods.
func (b *builder) value(s site) *schema {
	t := s.typ
	if x, ok := b.overridden(s); ok {
		return x
	}
	switch t {
	case reflect.TypeFor[time.Time]():
		return b.time(s)
	case reflect.TypeFor[respond.Problem]():
		return b.problemRef()
	case reflect.TypeFor[big.Int]():
		return bigInteger(s)
	case reflect.TypeFor[json.Number]():
		return b.constrained(s, jsonNumber(s))
	}
	switch ownForm(t, s.use) {
	case formText:
		x := textSchema(t)
		if s.use.in {
			x = longest(t, x)
		}
		return b.constrained(s, x)
	case formAny:
		if tag.ReadsText(t) {
			s.tags = tag.Only(s.tags, "minLength", "maxLength", "format")
			return b.constrained(s, &schema{})
		}
		return &schema{}
	}
	switch t.Kind() {
	case reflect.Bool:
		return typed("boolean")
	case reflect.String:
		return b.constrained(s, typed("string"))
	case reflect.Interface:
		return &schema{}
	case reflect.Struct:
		return b.structure(s)
	case reflect.Map:
		return b.named(s, b.mapping)
	case reflect.Slice, reflect.Array:
		if isBytes(t) {
			return byteText(s)
		}
		return b.named(s, b.list)
	}
	if x := number(t); x != nil {
		x = b.constrained(s, x)
		if s.quoted {
			x = quote(x)
		}
		return x
	}
	b.fault("%s has type %s, which JSON cannot write", s.path, t)
	return &schema{}
}

// named returns the schema of a slice or map: in place, unless the type has a
// name and refers to itself.
func (b *builder) named(s site, define func(site) *schema) *schema {
	if s.typ.Name() == "" || !refersTo(s.typ, s.typ, nil) {
		return define(s)
	}
	x := b.registry.refer(s.typ, s.use)
	if s.use.in {
		return x.orNull()
	}
	return x
}

// define returns the schema of a component.
func (b *builder) define(t reflect.Type, u use) *schema {
	s := site{path: t.String(), typ: t, use: u}
	if text, ok := b.override(t); ok {
		return b.parse(t, text)
	}
	if embedsProblem(t) {
		return b.extended(s)
	}
	var x *schema
	switch t.Kind() {
	case reflect.Map:
		x = b.mapping(s)
	case reflect.Slice, reflect.Array:
		x = b.list(s)
	case reflect.Pointer:
		s.typ = opened(t)
		x = b.value(s)
	default:
		return b.object(s)
	}
	if len(x.Type) > 1 {
		x.Type = x.Type[:1] // whoever refers to it adds null
	}
	return x
}

// refersTo reports whether values of t hold values of target without a struct
// that has a name between.
func refersTo(t, target reflect.Type, seen []reflect.Type) bool {
	if slices.Contains(seen, t) {
		return false
	}
	seen = append(seen, t)
	var inner []reflect.Type
	elem, isWrapped := unwrap(t)
	switch kind := t.Kind(); {
	case isWrapped:
		inner = []reflect.Type{elem}
	case kind == reflect.Slice, kind == reflect.Array, kind == reflect.Map:
		inner = []reflect.Type{t.Elem()}
	case kind == reflect.Struct && t.Name() == "":
		for f := range t.Fields() {
			inner = append(inner, f.Type)
		}
	}
	for _, next := range inner {
		if next == target || refersTo(next, target, seen) {
			return true
		}
	}
	return false
}

// The forms that methods of a type may give its values.
type form uint8

const (
	formKind form = iota // that of its kind
	formText             // a string
	formAny              // not known
)

// ownForm returns the form that the methods of t give its values. A type that is
// read otherwise than written has none that is known.
func ownForm(t reflect.Type, u use) form {
	p := reflect.PointerTo(t)
	has := func(types ...reflect.Type) bool {
		return slices.ContainsFunc(types, p.Implements)
	}
	written, read := formKind, formKind
	switch {
	case has(reflect.TypeFor[json.MarshalerTo](), reflect.TypeFor[json.Marshaler]()):
		written = formAny
	case has(reflect.TypeFor[encoding.TextAppender](), reflect.TypeFor[encoding.TextMarshaler]()):
		written = formText
	}
	switch {
	case has(reflect.TypeFor[json.UnmarshalerFrom](), reflect.TypeFor[json.Unmarshaler]()):
		read = formAny
	case has(reflect.TypeFor[encoding.TextUnmarshaler]()):
		read = formText
	}
	switch {
	case !u.in:
		return written
	case !u.out || read == written:
		return read
	}
	return formAny
}

// textSchema returns the schema of a type that is a text by its methods.
func textSchema(t reflect.Type) *schema {
	x := typed("string")
	if t.Name() == "UUID" && t.Size() == 16 {
		x.Format = "uuid"
	}
	return x
}

// isBytes reports whether the engine writes a t as base64.
func isBytes(t reflect.Type) bool {
	return t.Elem().Kind() == reflect.Uint8 && t.Elem().PkgPath() == ""
}

// valueTags drops the tags that are about a slice as a whole.
func valueTags(tags reflect.StructTag) reflect.StructTag {
	return tag.Only(tags, tag.ValueKeywords()...)
}
