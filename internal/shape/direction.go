package shape

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// A Direction says where values go. What has the tag readOnly:"true" is skipped in a
// request, and what has writeOnly:"true" is left out of an answer.
type Direction uint8

// The directions.
const (
	Storage Direction = iota // cookies, logs, kept answers: both tags mean nothing
	Request                  // what a client sends
	Answer                   // what a client gets
)

const (
	readOnlyKey  = "readOnly"
	writeOnlyKey = "writeOnly"
)

// key returns the tag key of what the direction leaves out, "" where that is nothing.
func (d Direction) key() string {
	switch d {
	case Request:
		return readOnlyKey
	case Answer:
		return writeOnlyKey
	}
	return ""
}

// LeavesOut reports whether the direction has no place for the field f. That of an
// embedded struct is that of its fields.
func (d Direction) LeavesOut(f reflect.StructField) bool {
	return d != Storage && f.Tag.Get(d.key()) == "true"
}

// LeavesOutMember is LeavesOut for a member of JSON.
func (d Direction) LeavesOutMember(m *Member) bool {
	return d == Request && m.ReadOnly || d == Answer && m.WriteOnly
}

// directionFaults returns what is wrong with the tags of a field that is met in requests
// and in answers, in words that follow its path.
func directionFaults(tags reflect.StructTag) (faults []string) {
	on := 0
	for _, key := range [...]string{readOnlyKey, writeOnlyKey} {
		switch arg, ok := tags.Lookup(key); {
		case ok && arg == "true":
			on++
		case ok && arg != "false":
			faults = append(faults, fmt.Sprintf(`has %s:%q: write %[1]s:"true"`, key, arg))
		}
	}
	if on == 2 {
		faults = append(faults, `has both readOnly:"true" and writeOnly:"true", so that neither requests nor answers have it: write json:"-"`)
	}
	return faults
}

// A Holding says whether values of a type have fields of a kind that is looked for, such as
// those that a direction leaves out.
type Holding uint8

// The holdings.
const (
	HoldsNone Holding = iota
	HoldsAny          // interfaces, in which there may be some
	HoldsSome         // such fields
)

// Held returns what values of t, and what is in them, have of fields that the direction
// leaves out and that others can set.
func (d Direction) Held(t reflect.Type) Holding {
	if d == Storage {
		return HoldsNone
	}
	return d.held(t, map[reflect.Type]bool{})
}

func (d Direction) held(t reflect.Type, seen map[reflect.Type]bool) (held Holding) {
	if seen[t] {
		return HoldsNone
	}
	seen[t] = true
	if inner, ok := optional(t); ok {
		return d.held(inner, seen)
	}
	if d.UnreachableIn(t) != "" {
		return HoldsSome
	}
	switch t.Kind() {
	case reflect.Interface:
		return HoldsAny
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return d.held(t.Elem(), seen)
	case reflect.Struct:
		for f := range t.Fields() {
			switch {
			case !f.IsExported() && !f.Anonymous:
			case d.LeavesOut(f):
				return HoldsSome
			default:
				held = max(held, d.held(f.Type, seen))
			}
		}
	}
	return held
}

// within returns the path in Go to the first field of t that the direction leaves out,
// itself or inside a type of a field, as in ".Owner.Password"; "" without one. Fields that
// are not exported count, because a method of the type may write them; json:"-" takes one
// out.
func (d Direction) within(t reflect.Type, outer []reflect.Type) string {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice || t.Kind() == reflect.Array || t.Kind() == reflect.Map {
		if slices.Contains(outer, t) {
			return ""
		}
		outer = append(slices.Clip(outer), t)
		t = t.Elem()
	}
	if inner, ok := optional(t); ok {
		return d.within(inner, append(slices.Clip(outer), t))
	}
	if t.Kind() != reflect.Struct || slices.Contains(outer, t) {
		return ""
	}
	outer = append(slices.Clip(outer), t)
	for f := range t.Fields() {
		if d.LeavesOut(f) {
			return "." + f.Name
		}
		if f.Tag.Get("json") == "-" {
			continue
		}
		if way := d.within(f.Type, outer); way != "" {
			return "." + f.Name + way
		}
	}
	return ""
}

// Unreachable returns what is wrong with a type that reads or writes itself by the method
// called by, where it has fields that the direction leaves out: the method does not. The
// words follow a path, and are empty where nothing is wrong.
func (d Direction) Unreachable(t reflect.Type, by string) string {
	way := d.within(t, nil)
	if way == "" {
		return ""
	}
	return fmt.Sprintf(`has the tag %s on %s, but its own method %s ignores the tag: remove the tag and let the method leave the field out, or write json:"-"`,
		d.key()+":"+strconv.Quote("true"), t.String()+way, by)
}

// Faults returns what keeps the direction from leaving out fields of a t, be it in JSON or
// in another format: tags that contradict each other, and types that write themselves.
func (d Direction) Faults(t reflect.Type, path string) Faults {
	w := directionWalk{direction: d, seen: map[reflect.Type]bool{}}
	w.visit(t, path)
	return w.faults
}

// ExtensionFaults is Faults for the members of a struct t beside those of the type beside,
// which it embeds for the sake of its methods.
func (d Direction) ExtensionFaults(t, beside reflect.Type) Faults {
	w := directionWalk{direction: d, seen: map[reflect.Type]bool{beside: true, t: true}}
	w.fields(t, pathOf(t))
	return w.faults
}

type directionWalk struct {
	direction Direction
	seen      map[reflect.Type]bool
	faults    Faults
}

func (w *directionWalk) visit(t reflect.Type, path string) {
	if w.seen[t] {
		return
	}
	w.seen[t] = true
	if inner, ok := optional(t); ok {
		w.visit(inner, path)
		return
	}
	switch t.Kind() {
	case reflect.Pointer:
		w.visit(t.Elem(), path)
		return
	case reflect.Slice, reflect.Array, reflect.Map:
		w.itself(t, path)
		w.visit(t.Elem(), path+"[]")
	case reflect.Struct:
		w.itself(t, path)
		w.fields(t, path)
	}
}

func (w *directionWalk) fields(t reflect.Type, path string) {
	for f := range t.Fields() {
		if !f.IsExported() && !f.Anonymous || f.Tag.Get("json") == "-" {
			continue
		}
		for _, words := range directionFaults(f.Tag) {
			w.faults.Append(Fault{path + "." + f.Name, words})
		}
		w.visit(f.Type, path+"."+f.Name)
	}
}

// itself notes that t writes itself and has fields that are to be left out.
func (w *directionWalk) itself(t reflect.Type, path string) {
	if words := w.direction.UnreachableIn(t); words != "" {
		w.faults.Append(Fault{path, words})
	}
}

// UnreachableIn is Unreachable for a type that writes itself, and empty for another.
func (d Direction) UnreachableIn(t reflect.Type) string {
	form := writes(t)
	if _, isOpt := optional(t); isOpt || d == Storage || form != Self && form != Text {
		return ""
	}
	for _, m := range jsonMethods() {
		if m.Has(t) {
			found, _ := m.Lookup(reflect.PointerTo(t))
			return d.Unreachable(t, found.Name)
		}
	}
	return ""
}
