package shape

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
)

// A Direction says where values go. A request skips members with the tag readOnly:"true", and
// an answer leaves out members with writeOnly:"true".
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

// key returns the key of the tag by which the direction leaves out members, or "".
func (d Direction) key() string {
	switch d {
	case Request:
		return readOnlyKey
	case Answer:
		return writeOnlyKey
	}
	return ""
}

// LeavesOut reports whether the direction leaves out the field f. A tag on an embedded struct
// counts for its fields.
func (d Direction) LeavesOut(f reflect.StructField) bool {
	return d != Storage && f.Tag.Get(d.key()) == "true"
}

// LeavesOutMember is LeavesOut for a member of JSON.
func (d Direction) LeavesOutMember(m *Member) bool {
	return d == Request && m.ReadOnly || d == Answer && m.WriteOnly
}

// directionFaults returns what is wrong with the tags readOnly and writeOnly of a field, in
// words that follow its path.
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

// A Holding says whether values of a type contain fields of some kind, such as fields that a
// direction leaves out.
type Holding uint8

// The holdings.
const (
	HoldsNone Holding = iota
	HoldsAny          // interfaces, whose values may contain such fields
	HoldsSome         // such fields
)

// Held returns whether values of t contain fields, at any depth, that the direction leaves out
// and that other packages can set.
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

// within returns the path in Go from t to the first field that the direction leaves out, such as
// ".Owner.Password", or "". Unexported fields count, because a method of the type may write
// them. Fields with json:"-" do not.
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

// Unreachable returns what is wrong with a type t that reads or writes itself by the method
// called by and has fields that the direction leaves out: the method does not leave them out.
// The words follow a path. They are empty if nothing is wrong.
func (d Direction) Unreachable(t reflect.Type, by string) string {
	way := d.within(t, nil)
	if way == "" {
		return ""
	}
	return fmt.Sprintf(`has the tag %s on %s, but its own method %s ignores the tag: remove the tag and let the method leave the field out, or write json:"-"`,
		d.key()+":"+strconv.Quote("true"), t.String()+way, by)
}

// Faults returns what keeps the direction from leaving out fields of t, in JSON and in other
// formats: contradicting tags, and types that write themselves.
func (d Direction) Faults(t reflect.Type, path string) Faults {
	w := directionWalk{direction: d, seen: map[reflect.Type]bool{}}
	w.visit(t, path)
	return w.faults
}

// ExtensionFaults is [Direction.Faults] for the members of a struct t without those of the
// embedded type beside.
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

// itself adds a fault if t writes itself and has fields that the direction leaves out.
func (w *directionWalk) itself(t reflect.Type, path string) {
	if words := w.direction.UnreachableIn(t); words != "" {
		w.faults.Append(Fault{path, words})
	}
}

// UnreachableIn is [Direction.Unreachable] for a type that writes itself. It is empty for other
// types.
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
