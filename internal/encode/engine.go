package encode

import (
	"reflect"
	"sync"
	"time"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/shape"
)

// An engine is the engine with the forms of times. Asking for them costs it several
// times the time, so that only values which hold such times pay.
type engine struct {
	plain  json.Codec
	formed json.Codec // times have the forms that their fields give them
	types  sync.Map   // of holding, by reflect.Type
}

func newEngine(plain json.Codec) *engine {
	forms := timeForms{plain: plain, known: new(sync.Map)}
	return &engine{plain: plain, formed: forms.codec()}
}

// A holding says whether values of a type hold times with forms.
type holding uint8

const (
	holdsNone  holding = iota
	holdsAny           // interfaces, in which there may be some
	holdsTimes         // fields for them
)

// reading returns the options for reading into a t. What is read into an interface
// has no fields.
func (e *engine) reading(t reflect.Type) json.Codec {
	if e.of(t) == holdsTimes {
		return e.formed
	}
	return e.plain
}

// writing returns the options for writing v.
func (e *engine) writing(v reflect.Value) json.Codec {
	if e.found(v, 0) {
		return e.formed
	}
	return e.plain
}

// found reports whether v holds times with forms, or is nested so deep that it may
// be a cycle.
func (e *engine) found(v reflect.Value, depth int) bool {
	if held := e.of(v.Type()); held != holdsAny || depth > maxDepth {
		return held != holdsNone
	}
	depth++
	switch v.Kind() {
	case reflect.Interface:
		if v.CanInterface() {
			return e.foundIn(v.Interface(), depth)
		}
		return !v.IsNil() && e.found(v.Elem(), depth)
	case reflect.Pointer:
		return !v.IsNil() && e.found(v.Elem(), depth)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if e.found(v.Index(i), depth) {
				return true
			}
		}
	case reflect.Map:
		for all := v.MapRange(); all.Next(); {
			if e.found(all.Value(), depth) {
				return true
			}
		}
	case reflect.Struct:
		for i := range v.NumField() { //nolint:modernize // v.Fields would allocate
			if e.found(v.Field(i), depth) {
				return true
			}
		}
	}
	return false
}

// foundIn is found for what an interface holds, without reflection for what JSON
// is read into.
func (e *engine) foundIn(v any, depth int) bool {
	switch v := v.(type) {
	case nil, string, bool, float64, int, int64, time.Time:
		return false
	case map[string]any:
		for _, elem := range v {
			if depth > maxDepth || e.foundIn(elem, depth+1) {
				return true
			}
		}
		return false
	case []any:
		for _, elem := range v {
			if depth > maxDepth || e.foundIn(elem, depth+1) {
				return true
			}
		}
		return false
	}
	return e.found(reflect.ValueOf(v), depth)
}

func (e *engine) of(t reflect.Type) holding {
	if known, ok := e.types.Load(t); ok {
		held, _ := known.(holding)
		return held
	}
	held := holdingOf(t, map[reflect.Type]bool{})
	e.types.Store(t, held)
	return held
}

// holdingOf looks at what the engine walks by itself.
func holdingOf(t reflect.Type, seen map[reflect.Type]bool) holding {
	if seen[t] {
		return holdsNone
	}
	seen[t] = true
	x := shape.Of(t)
	form := x.Writes
	if form == shape.Self || form == shape.Text {
		form = x.Reads // methods may be for one direction alone
	}
	switch form {
	case shape.Any:
		return holdsAny
	case shape.List, shape.Array, shape.Map:
		return holdingOf(x.Base.Elem(), seen)
	case shape.Struct:
		return holdingOfMembers(shape.WrittenMembers(x.Base, nil), seen)
	}
	return holdsNone
}

func holdingOfMembers(members shape.Members, seen map[reflect.Type]bool) holding {
	held := holdsNone
	for i := range members.List {
		m := &members.List[i]
		if _, ok := timeForm(m.Site); ok {
			return holdsTimes
		}
		held = max(held, holdingOf(m.Type.Go, seen))
	}
	if members.Rest == nil || members.Rest.IsRaw {
		return held
	}
	if _, ok := timeForm(members.Rest.Values); ok {
		return holdsTimes
	}
	return max(held, holdingOf(members.Rest.Values.Type.Go, seen))
}
