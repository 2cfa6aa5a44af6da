package tenon

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/describe"
	"github.com/tenonkit/tenon/internal/tag"
)

// inputOf returns what the In of a route is bound from. It says so from the plan
// of the route's handler, so that Check and URL cannot differ from what happens,
// and from that of In where a route was made by hand. The error is a fault of In.
func inputOf(r *Route) (*describe.Input, error) {
	for _, meta := range r.Meta {
		if h, ok := meta.(describe.Describer); ok && r.In != nil {
			return h.Input(), nil
		}
	}
	return inputOfType(r.In)
}

// inputOfType returns what a t would be bound from.
func inputOfType(t reflect.Type) (in *describe.Input, err error) {
	if t == nil {
		return &describe.Input{}, nil
	}
	defer func() {
		if fault := recover(); fault != nil {
			err = fmt.Errorf("%v", fault)
		}
	}()
	return bind.ForType(t).Describe(), nil
}

// An input is a field of an In that is read from the path or the query.
type input struct {
	*describe.Param

	name       string // on the wire
	format     string
	fallback   string // the default
	isDefault  bool   // there is a default
	isRequired bool   // a request without it is refused
	isIndirect bool   // the field tells a zero value from an absent one
}

// inputsOf returns the inputs among params, in their order.
func inputsOf(params []describe.Param) []input {
	list := make([]input, 0, len(params))
	for i := range params {
		p := &params[i]
		if p.Source != tag.Path && p.Source != tag.Query {
			continue
		}
		in := input{Param: p, name: p.Name, format: p.Field.Tag.Get("format"), isRequired: p.Required}
		if p.Outer != "" {
			in.name = p.Outer + "[" + p.Name + "]"
		}
		in.fallback, in.isDefault = p.Field.Tag.Lookup("default")
		in.isIndirect = p.Field.Type.Kind() == reflect.Pointer || isOpt(p.Field.Type)
		list = append(list, in)
	}
	return list
}

// isList reports whether a parameter of type t takes several values.
func isList(t reflect.Type) bool { return t.Kind() == reflect.Slice && !tag.ReadsText(t) }

// isOpt reports whether t is a [bind.Opt].
func isOpt(t reflect.Type) bool {
	return t.PkgPath() == reflect.TypeFor[bind.Opt[int]]().PkgPath() && strings.HasPrefix(t.Name(), "Opt[")
}
