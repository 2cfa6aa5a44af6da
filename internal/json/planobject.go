package json

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/tenonkit/tenon/internal/text"
)

// A member is a field of a struct as it is written.
type member struct {
	name      string // with a comma before it and a colon behind it
	index     int
	inside    []int // the index within an embedded struct
	write     appender
	isZero    func(v reflect.Value) bool // of omitzero, else nil
	omitEmpty bool
}

// object compiles a struct, unless its tags or embedded fields ask for more than
// names, omitzero and omitempty. The comma before its first member becomes the
// brace.
func (p *planner) object(t reflect.Type) appender {
	if readsItself(t) {
		return nil // StructFault does not look at it.
	}
	members, ok := p.members(nil, t, nil)
	if !ok {
		return nil
	}
	return func(b []byte, v reflect.Value, depth int) ([]byte, bool) {
		start := len(b)
		var ok bool
		for i := range members {
			m := &members[i]
			field := v.Field(m.index)
			for _, at := range m.inside {
				field = field.Field(at)
			}
			if m.isZero != nil && m.isZero(field) {
				continue
			}
			before := len(b)
			b = append(b, m.name...)
			value := len(b)
			if b, ok = m.write(b, field, depth); !ok {
				return b, false
			}
			if m.omitEmpty && isEmpty(b[value:]) {
				b = b[:before]
			}
		}
		if len(b) == start {
			return append(b, "{}"...), true
		}
		b[start] = '{'
		return append(b, '}'), true
	}
}

// isEmpty reports whether omitempty leaves the value out.
func isEmpty(value []byte) bool {
	switch string(value) {
	case `""`, "[]", "{}", "null":
		return true
	}
	return false
}

// members appends the members of the struct t, which stands at index in the
// outermost one, to list.
func (p *planner) members(list []member, t reflect.Type, index []int) (_ []member, ok bool) {
	if StructFault(t) != nil {
		return nil, false
	}
	for f := range t.Fields() {
		at, tag := append(slices.Clip(index), f.Index...), f.Tag.Get("json")
		switch {
		case f.Anonymous:
			if tag != "" || f.Type.Kind() != reflect.Struct { // A pointer may be nil.
				return nil, false
			}
			if list, ok = p.members(list, f.Type, at); !ok {
				return nil, false
			}
			continue
		case tag == "-" || !f.IsExported():
			continue
		}
		m, ok := p.member(f, at)
		// Which one of two with the same name counts is the engine's to know.
		if !ok || slices.ContainsFunc(list, func(other member) bool { return other.name == m.name }) {
			return nil, false
		}
		list = append(list, m)
	}
	return list, true
}

func (p *planner) member(f reflect.StructField, index []int) (m member, ok bool) {
	name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	quoted, err := AppendQuote([]byte(","), cmp.Or(name, f.Name))
	if err != nil || strings.ContainsAny(name, "\\'\"`") {
		return m, false
	}
	m = member{name: string(quoted) + ":", index: index[0], inside: index[1:]}
	if form, ok := timeForm(f); ok {
		// The engine has to see the struct to know the form.
		if m.write = p.formed(f.Type, form); m.write == nil {
			return m, false
		}
	} else if m.write = p.plan(f.Type); m.write == nil {
		m.write = p.byEngine(f.Type)
	}
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "":
		case "omitempty":
			m.omitEmpty = true
		case "omitzero":
			m.isZero = p.zeroTest(f.Type)
			if m.isZero == nil {
				return m, false
			}
		default:
			return m, false
		}
	}
	return m, true
}

// formed is plan for a type whose times have the form.
func (p *planner) formed(t reflect.Type, form text.TimeForm) appender {
	inner := planner{known: map[reflect.Type]*planned{}, form: &form}
	write := inner.plan(t)
	p.calls = p.calls || inner.calls
	return write
}

// zeroTest returns the test of omitzero, which a method IsZero replaces, or nil
// where that method may meet a nil receiver.
func (p *planner) zeroTest(t reflect.Type) func(v reflect.Value) bool {
	type zeroer interface{ IsZero() bool }
	switch {
	case implements[zeroer](t):
		p.calls = p.calls || t != reflect.TypeFor[time.Time]()
		return func(v reflect.Value) bool {
			z, ok := reflect.TypeAssert[zeroer](v.Addr())
			return ok && z.IsZero()
		}
	case t.Implements(reflect.TypeFor[zeroer]()):
		return nil
	}
	return reflect.Value.IsZero
}
