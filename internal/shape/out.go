package shape

import (
	"cmp"
	"encoding"
	"fmt"
	"reflect"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/method"
)

// OutFaults returns what keeps values of type t from being written as JSON: types that the engine
// can never encode, which it reports only when it meets a value, and structs of which only an
// embedded field would be written. The paths of the faults begin with path. An empty path means
// the type.
func OutFaults(t reflect.Type, path string) Faults {
	w := outWalk{seen: map[reflect.Type]bool{}}
	w.visit(t, cmp.Or(path, t.String()))
	return w.faults
}

type outWalk struct {
	seen   map[reflect.Type]bool
	faults Faults
}

func (w *outWalk) visit(t reflect.Type, path string) {
	if w.seen[t] {
		return
	}
	x := Of(t)
	w.seen[t] = x.Writes != None // each field of such a type is a fault
	switch {
	case x.IsEndless:
		w.faults.Add(path, "has type %s, a pointer that only points to itself: use another type", t)
		return
	case x.IsWrapped():
		// Such a pointer may always be nil, like the User of most URLs.
		if !isOpaque(x.Base) {
			w.visit(x.Base, path)
		}
		return
	}
	if words := Hijacked(t, jsonMethods()...); words != "" {
		w.faults.Append(Fault{path, words})
		return
	}
	switch x.Writes {
	case None:
		hint, instead := "", ": use another type"
		if t.Kind() == reflect.Func && (t.CanSeq() || t.CanSeq2()) {
			hint = "; package stream sends sequences"
			instead = hint
		}
		if path == t.String() {
			w.faults.Add(path, "cannot be encoded as JSON%s", hint)
			return
		}
		w.faults.Add(path, `has type %s, which cannot be encoded as JSON%s, or write json:"-"`, t, instead)
	case List, Array:
		w.visit(t.Elem(), path+"[]")
	case Map:
		if !x.isNameWritten() {
			w.faults.Add(path, "has keys of type %s, which cannot be written as JSON names: use strings, numbers or a type with MarshalText", t.Key())
		}
		w.visit(t.Elem(), path+"[]")
	case Struct:
		w.fields(t, path)
	}
}

// fields visits the fields of the struct t that the engine looks at, including hidden ones.
func (w *outWalk) fields(t reflect.Type, path string) {
	if err := json.StructFault(t); err != nil {
		w.faults.Add(path, "cannot be JSON: %v", err)
	}
	for f := range t.Fields() {
		if isShown(f) {
			w.visit(f.Type, path+"."+f.Name)
		}
	}
}

// isShown reports whether JSON looks at a field.
func isShown(f reflect.StructField) bool {
	return f.Tag.Get("json") != "-" && (f.IsExported() || f.Anonymous)
}

// isNameWritten reports whether the engine writes keys of the map t as names.
func (t Type) isNameWritten() bool {
	switch t.Key().Writes {
	case None, Bool, Bytes, List, Array, Map, Struct:
		return false
	}
	return true
}

// isOpaque reports whether t is a struct with only unexported fields.
func isOpaque(t reflect.Type) bool {
	if t.Kind() != reflect.Struct || writes(t) != Struct {
		return false
	}
	for f := range t.Fields() {
		if f.IsExported() || f.Anonymous {
			return false
		}
	}
	return t.NumField() > 0
}

// jsonMethods are the methods by which the engine writes a value, the preferred ones first.
func jsonMethods() []method.Method {
	return []method.Method{{
		By:     reflect.TypeFor[json.MarshalerTo](),
		Lookup: func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("MarshalJSONTo") },
	}, {
		By:     reflect.TypeFor[json.Marshaler](),
		Lookup: func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("MarshalJSON") },
	}, {
		By:     reflect.TypeFor[encoding.TextAppender](),
		Lookup: func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("AppendText") },
	}, {
		By:     reflect.TypeFor[encoding.TextMarshaler](),
		Lookup: func(t reflect.Type) (reflect.Method, bool) { return t.MethodByName("MarshalText") },
	}}
}

// A Choice is a field that is set or nil.
type Choice struct {
	Index int
	Name  string
	// Path is the place in Go, as in Outcome.Created.
	Path string
	Type reflect.Type
}

// Embeds reports whether t is a struct that is or embeds the type marker, at any depth.
func Embeds(t, marker reflect.Type) bool {
	return t.Kind() == reflect.Struct && (t == marker ||
		anyField(t, nil, func(f reflect.StructField) bool { return f.Anonymous && f.Type == marker }))
}

// Choices returns the fields of the struct t, of which one is to be set, without the embedded
// marker. The faults are fields that cannot be such fields.
func Choices(t, marker reflect.Type) (choices []Choice, faults Faults) {
	path, isEmbedded := pathOf(t), false
	for f := range t.Fields() {
		at := path + "." + f.Name
		switch _, tagged := f.Tag.Lookup("json"); {
		case f.Anonymous && f.Type == marker:
			isEmbedded = true
		case !f.IsExported():
			faults.Add(at, "is not exported: one of the fields is sent, so write it with a capital letter")
		case tagged:
			faults.Add(at, "has a json tag, but the field is the whole answer: remove the tag")
		case f.Type.Kind() != reflect.Pointer && f.Type.Kind() != reflect.Interface:
			faults.Add(at, "has type %s, which is never unset: write *%[1]s", f.Type)
		default:
			choices = append(choices, Choice{f.Index[0], f.Name, at, f.Type})
		}
	}
	switch {
	case t == marker || isEmbedded && len(choices) == 0 && len(faults) == 0:
		faults.Add(path, "has no field that could be set: write one for each outcome")
	case !isEmbedded:
		faults.Add(path, "embeds %s by way of another struct: embed it directly", marker)
	}
	return choices, faults
}

// Chosen returns the place in choices of the one that is set in the struct v. It returns an error
// unless exactly one is set.
func Chosen(v reflect.Value, choices []Choice) (place int, err error) {
	count := 0
	for i := range choices {
		if !v.Field(choices[i].Index).IsNil() {
			place, count = i, count+1
		}
	}
	if count != 1 {
		return 0, fmt.Errorf("%s has %d fields set: set exactly one", v.Type(), count)
	}
	return place, nil
}

// Hijacked returns a fault of the struct t if the method that decides how t is sent comes from an
// embedded field, although t has other fields: a struct of an embedded [time.Time] and a title
// would be sent as the time alone. The first of the methods that t has decides. The words follow
// the path of t. They are empty for every other type.
func Hijacked(t reflect.Type, methods ...method.Method) (words string) {
	if t.Kind() != reflect.Struct {
		return ""
	}
	for _, m := range methods {
		if !m.Has(t) {
			continue
		}
		way := m.From(t)
		if len(way) == 0 {
			break
		}
		by := t.Field(way[0])
		for f := range t.Fields() {
			if f.Name != by.Name && isShown(f) {
				found, _ := m.Lookup(reflect.PointerTo(t))
				return fmt.Sprintf("has a %s that comes from the embedded field %s, so its other fields would be lost: give that field a name, or declare %s",
					found.Name, by.Name, found.Name)
			}
		}
		break
	}
	return ""
}
