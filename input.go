package tenon

import (
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/tag"
)

// An input is a field of an In that is read from the path or the query.
type input struct {
	tag.Field
	index     []int
	typ       reflect.Type
	format    string
	fallback  string // the default
	isDefault bool   // there is a default
}

// inputsOf returns the inputs of t in the order of declaration, none where t is no
// struct. It follows the rules by which package bind reads them.
func inputsOf(t reflect.Type) (list []input) {
	place := func(d declared) (string, int) { return d.Key(), len(d.index) }
	for _, d := range tag.Visible(appendDeclared(nil, t, nil), place) {
		switch {
		case d.Deep && tag.IsGroup(d.field.Type):
			list = appendDeep(list, d.field, d.Field, d.index)
		case d.Source == tag.Path || d.Source == tag.Query:
			list = append(list, newInput(d.field, d.Field, d.index))
		}
	}
	return list
}

// A declared is a field with a source tag, before it is known to be visible.
type declared struct {
	tag.Field
	field reflect.StructField
	index []int
}

func appendDeclared(list []declared, t reflect.Type, index []int) []declared {
	if t == nil || t.Kind() != reflect.Struct {
		return list
	}
	for f := range t.Fields() {
		at := append(slices.Clip(index), f.Index...)
		d, _ := tag.Read(f)
		switch {
		case d.Source != "":
			list = append(list, declared{d, f, at})
		case f.Anonymous && f.Type.Kind() == reflect.Struct:
			list = appendDeclared(list, f.Type, at)
		}
	}
	return list
}

func appendDeep(list []input, outer reflect.StructField, d tag.Field, index []int) []input {
	for f := range outer.Type.Fields() {
		inner, _ := tag.Read(f)
		if inner.Source != tag.Query {
			continue
		}
		list = append(list, newInput(f, d.Inside(inner), append(slices.Clip(index), f.Index...)))
	}
	return list
}

func newInput(f reflect.StructField, d tag.Field, index []int) input {
	fallback, isDefault := f.Tag.Lookup("default")
	return input{
		Field: d, index: index, typ: f.Type, format: f.Tag.Get("format"),
		fallback: fallback, isDefault: isDefault,
	}
}

// isRequired reports whether a request without the input is refused.
func (in *input) isRequired() bool {
	if in.isDefault || in.Optional || in.typ.Kind() == reflect.Pointer || isOpt(in.typ) {
		return false
	}
	return in.Source == tag.Path || !isList(in.typ) && in.typ.Kind() != reflect.Map
}

// readsRequest reports whether a field of t is the request itself, from which a
// function may take path values that In does not name.
func readsRequest(t reflect.Type) bool {
	if t == nil || t.Kind() != reflect.Struct {
		return false
	}
	for f := range t.Fields() {
		if f.Type == reflect.TypeFor[*http.Request]() || f.Anonymous && readsRequest(f.Type) {
			return true
		}
	}
	return false
}

// isList reports whether a parameter of type t takes several values.
func isList(t reflect.Type) bool { return t.Kind() == reflect.Slice && !tag.ReadsText(t) }

// isOpt reports whether t is a [bind.Opt].
func isOpt(t reflect.Type) bool {
	return t.PkgPath() == reflect.TypeFor[bind.Opt[int]]().PkgPath() && strings.HasPrefix(t.Name(), "Opt[")
}
