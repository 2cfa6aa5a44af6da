package shape

import (
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/method"
)

// A Validation is a method Validate() error to be called on a value, or on a struct
// embedded in it.
type Validation struct {
	// Index leads to the embedded struct, also by way of pointers; it is empty for the
	// value itself.
	Index []int
	// Behind leads on from there to the embedded pointer or interface whose method it
	// is; it is empty where nothing that may be nil stands between.
	Behind []int
}

// Reach returns the value on which the method is to be called, and whether there is one:
// none behind a nil, nor in a field that is not exported, whose method is the outer
// type's to call. v is addressable.
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

// hasValidate reports whether a *t has the method. Pointers and interfaces have none of
// their own.
func hasValidate(t reflect.Type) bool {
	return t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface && validate().Has(t)
}

// Validations returns the Validate methods to be called on values of Base: its own or,
// where it has none, those of the structs embedded in it, in their order. In JSON a field
// that a json tag gives a name is a member, which checks itself if it is sent; and a type
// that reads itself has no fields there. A method that reflection cannot call is a fault.
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

// visit adds the methods of t, which stands at index within these structs.
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

// isMember reports whether a field along the way is a member of a JSON object by itself,
// or none. The method of one that is not exported is the outer type's to call.
func isMember(t reflect.Type, way []int) bool {
	for i := range way {
		if f := t.FieldByIndex(way[:i+1]); namesMember(f) && (f.IsExported() || f.Tag.Get("json") == "-") {
			return true
		}
	}
	return false
}

// namesMember reports whether the json tag of an embedded field gives it a name, or takes
// it out of JSON.
func namesMember(f reflect.StructField) bool {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name != ""
}

// ReadyJSON returns the way to the embedded pointers that [method.Make] makes before the
// engine calls the method by which it reads a Base, of which Reads is [Self] or [Text]. The
// error, in words that follow the path, tells of one that cannot be made.
func (t Type) ReadyJSON() ([]int, error) {
	return t.readsJSON().Ready(t.Base)
}

// readsJSON returns the method by which the engine reads a Base, of which Reads is [Self]
// or [Text].
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

// isOfTime reports whether the method that a struct has is that of a [time.Time] embedded
// in it, which knows RFC 3339 and no format.
func isOfTime(t reflect.Type, m method.Method) bool {
	way := m.From(t)
	if len(way) == 0 {
		return false
	}
	from := t.FieldByIndex(way).Type
	return from == reflect.TypeFor[time.Time]() || from == reflect.TypeFor[*time.Time]()
}
