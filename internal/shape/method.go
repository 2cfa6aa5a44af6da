package shape

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/method"
)

// A Validation is a method Validate() error of a value, or of a struct embedded in it.
type Validation struct {
	// Index leads to the embedded struct, and may lead through pointers. It is empty for the
	// value itself.
	Index []int
	// Behind leads on to the embedded pointer or interface that has the method. It is empty
	// if nothing on the way can be nil.
	Behind []int
}

// Reach returns the value on which the method is called. It reports false if the value is behind
// a nil pointer, or in an unexported field: the outer type calls that method itself. v is
// addressable.
func (x Validation) Reach(v reflect.Value) (reflect.Value, bool) {
	if !method.Reaches(v, x.Index) {
		return v, false
	}
	if len(x.Index) > 0 {
		if v = v.FieldByIndex(x.Index); v.Kind() == reflect.Pointer {
			v = v.Elem()
		}
	}
	return v, v.CanInterface() && method.Reaches(v, x.Behind)
}

type validator interface{ Validate() error }

func validate() method.Method {
	return method.Method{
		By:     reflect.TypeFor[validator](),
		Lookup: func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("Validate") },
	}
}

// hasValidate reports whether *t has the method Validate. It is false for pointers and
// interfaces.
func hasValidate(t reflect.Type) bool {
	return t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface && validate().Has(t)
}

// Validations returns the Validate methods to call on values of Base: its own, or else those of
// the structs embedded in it, in order. In JSON, an embedded struct with a name is a member,
// which is validated on its own, and a type that reads itself has no fields. A method that
// reflection cannot call is a fault.
func (s Site) Validations() ([]Validation, Faults) {
	w := validationWalk{inJSON: s.Medium == InJSON}
	if w.inJSON && (s.Type.Reads == Self || s.Type.Reads == Text) && !hasValidate(s.Type.Base) {
		return nil, nil
	}
	w.visit(s.Path, s.Type.Base, nil, nil)
	return w.found, w.faults
}

type validationWalk struct {
	inJSON bool
	found  []Validation
	faults Faults
}

// visit adds the methods of t, which is at index. outer are the structs around it.
func (w *validationWalk) visit(path string, t reflect.Type, index []int, outer []reflect.Type) {
	if hasValidate(t) {
		if from := validate().From(t); !w.inJSON || !isMember(t, from) {
			w.found = append(w.found, Validation{index, validate().Behind(t)})
		}
		return
	}
	if t.Kind() != reflect.Struct || slices.Contains(outer, t) {
		return
	}
	outer = append(slices.Clip(outer), t)
	for f := range t.Fields() {
		inner := embedded(f)
		if inner == nil || w.inJSON && namesMember(f) {
			continue
		}
		fieldPath := path + "." + f.Name
		if !f.IsExported() && hasValidate(inner) {
			w.faults.Add(fieldPath, "has a Validate method that bind cannot call: give %s one that calls it", t)
			continue
		}
		w.visit(fieldPath, inner, append(slices.Clip(index), f.Index...), outer)
	}
}

// isMember reports whether a field along the index path is a member of its own, or has json:"-".
// The outer type calls the method of an unexported field.
func isMember(t reflect.Type, way []int) bool {
	for i := range way {
		if f := t.FieldByIndex(way[:i+1]); namesMember(f) && (f.IsExported() || f.Tag.Get("json") == "-") {
			return true
		}
	}
	return false
}

// IsPlaced reports whether a t may only be read where it is stored: a method that is called on
// it, or on a value in it, may leave a pointer to a part of this value there, such as a slice
// of an array in it. The part must then not be used again for another value.
func IsPlaced(t reflect.Type) bool {
	return slices.ContainsFunc(partsOf(t), func(part reflect.Type) bool { return fillsItself(part) && PointsInside(part) })
}

// fillsItself reports whether binding calls a method of *t that may change the t.
func fillsItself(t reflect.Type) bool {
	pointer := reflect.PointerTo(t)
	for _, by := range []reflect.Type{
		reflect.TypeFor[json.UnmarshalerFrom](), reflect.TypeFor[json.Unmarshaler](), method.UnmarshalText().By, validate().By,
	} {
		if pointer.Implements(by) && !t.Implements(by) {
			return true
		}
	}
	return false
}

// PointsInside reports whether something in a t may point to a part of the same t: a pointer to
// the type of a part, or a slice where a part is an array of its elements.
func PointsInside(t reflect.Type) bool {
	parts, seen := partsOf(t), map[reflect.Type]bool{}
	isArray := func(of reflect.Type) func(reflect.Type) bool {
		return func(part reflect.Type) bool { return part.Kind() == reflect.Array && part.Elem() == of }
	}
	var within func(t reflect.Type) bool
	within = func(t reflect.Type) bool {
		if seen[t] {
			return false
		}
		seen[t] = true
		switch t.Kind() {
		case reflect.Pointer:
			return slices.Contains(parts, t.Elem()) || within(t.Elem())
		case reflect.Slice:
			return slices.ContainsFunc(parts, isArray(t.Elem())) || within(t.Elem())
		case reflect.Map:
			return within(t.Key()) || within(t.Elem())
		case reflect.Array, reflect.Chan:
			return within(t.Elem())
		case reflect.Struct:
			for f := range t.Fields() {
				if within(f.Type) {
					return true
				}
			}
		}
		return false
	}
	return within(t)
}

// partsOf returns the types of the values that a t consists of, t included.
func partsOf(t reflect.Type) (parts []reflect.Type) {
	var add func(t reflect.Type)
	add = func(t reflect.Type) {
		if slices.Contains(parts, t) {
			return
		}
		parts = append(parts, t)
		switch t.Kind() {
		case reflect.Array:
			add(t.Elem())
		case reflect.Struct:
			for f := range t.Fields() {
				add(f.Type)
			}
		}
	}
	add(t)
	return parts
}

// namesMember reports whether the json tag of an embedded field has a name or is "-".
func namesMember(f reflect.StructField) bool {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name != ""
}

// ReadyJSON returns the index path of the embedded pointers that [method.Make] has to allocate
// before the engine reads a Base by its method. Reads is [Self] or [Text]. The error says which
// pointer cannot be allocated, in words that follow the path.
func (t Type) ReadyJSON() ([]int, error) {
	return t.readsJSON().Ready(t.Base)
}

// readsJSON returns the method by which the engine reads a Base. Reads is [Self] or [Text].
func (t Type) readsJSON() method.Method {
	switch {
	case has[json.UnmarshalerFrom](t.Base):
		return method.Method{
			By:     reflect.TypeFor[json.UnmarshalerFrom](),
			Lookup: func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("UnmarshalJSONFrom") },
		}
	case has[json.Unmarshaler](t.Base):
		return method.Method{
			By:     reflect.TypeFor[json.Unmarshaler](),
			Lookup: func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("UnmarshalJSON") },
		}
	}
	return method.UnmarshalText()
}

// isOfTime reports whether the method of a struct comes from an embedded [time.Time], which reads
// only RFC 3339.
func isOfTime(t reflect.Type, m method.Method) bool {
	way := m.From(t)
	if len(way) == 0 {
		return false
	}
	from := t.FieldByIndex(way).Type
	return from == reflect.TypeFor[time.Time]() || from == reflect.TypeFor[*time.Time]()
}
