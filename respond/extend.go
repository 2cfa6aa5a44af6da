package respond

import (
	"maps"
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/tag"
)

// problemOf returns the problem that err is, or nil. A type that embeds one has its
// other members as extensions, by the rules of JSON for their names and for what is
// left out.
func problemOf(err problemError) *Problem {
	p := err.problem()
	v := reflect.ValueOf(err)
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if p == nil || v.Kind() != reflect.Struct || v.Type() == reflect.TypeFor[Problem]() {
		return p
	}
	extended := *p
	extended.Extensions = maps.Clone(p.Extensions)
	if extended.Extensions == nil {
		extended.Extensions = map[string]any{}
	}
	members := tag.MembersBeside(v.Type(), reflect.TypeFor[Problem]())
	if members.Rest != nil {
		extended.spread(v, members.Rest)
	}
	for i := range members.List {
		if value, ok := extensionOf(v, &members.List[i]); ok {
			extended.Extensions[members.List[i].Name] = value
		}
	}
	return &extended
}

// extensionOf returns the value that JSON has for the member m of v, and false
// where it has none.
func extensionOf(v reflect.Value, m *tag.Member) (any, bool) {
	field, err := v.FieldByIndexErr(m.Index)
	if err != nil || !field.CanInterface() {
		return nil, false // behind a nil pointer, or embedded and not exported
	}
	// The engine knows the options of a tag for a field alone.
	const before, after = `{"v":`, `}`
	_, options, _ := strings.Cut(m.Field.Tag.Get("json"), ",")
	alone := reflect.New(reflect.StructOf([]reflect.StructField{{
		Name: "V", Type: field.Type(), Tag: reflect.StructTag(`json:"v,` + options + `"`),
	}}))
	alone.Elem().Field(0).Set(field)
	text, err := encode.Marshal(alone.Interface())
	switch {
	case err != nil:
		return field.Interface(), true // the log says why it is left out
	case len(text) < len(before+after):
		return nil, false
	}
	return json.RawMessage(text[len(before) : len(text)-len(after)]), true
}

// spread adds the entries of the embedded map that m is, which are members too.
func (p *Problem) spread(v reflect.Value, m *tag.Member) {
	rest, err := v.FieldByIndexErr(m.Index)
	if err == nil && rest.Kind() == reflect.Pointer {
		rest = rest.Elem()
	}
	if err != nil || rest.Kind() != reflect.Map || rest.Type().Key().Kind() != reflect.String || !rest.CanInterface() {
		return
	}
	for key, value := range rest.Seq2() {
		p.Extensions[key.String()] = value.Interface()
	}
}

// embedsProblem reports whether values of type t, or pointers to them, are problems
// of another type.
func embedsProblem(t reflect.Type) bool {
	return t != reflect.TypeFor[Problem]() && t.Kind() == reflect.Struct && implements[problemError](reflect.PointerTo(t))
}
