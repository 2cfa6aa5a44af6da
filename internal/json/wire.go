package json

import (
	"reflect"
	"sync"
	"time"

	"github.com/tenonkit/tenon/internal/tag"
)

// A wire has the options of the engine. Asking for the forms of times costs the
// engine several times the time, so that only values which hold such times pay.
type wire struct {
	plain  Options
	formed Options  // times have the forms that their fields give them
	types  sync.Map // of holding, by reflect.Type
}

func newWire(bridge bool) *wire {
	plain := options(bridge)
	forms := timeForms{options: plain, known: new(sync.Map)}
	return &wire{plain: plain, formed: forms.intercept()}
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
func (w *wire) reading(t reflect.Type) Options {
	if w.of(t) == holdsTimes {
		return w.formed
	}
	return w.plain
}

// writing returns the options for writing v.
func (w *wire) writing(v reflect.Value) Options {
	if w.found(v, 0) {
		return w.formed
	}
	return w.plain
}

// found reports whether v holds times with forms, or is nested so deep that it may
// be a cycle.
func (w *wire) found(v reflect.Value, depth int) bool {
	if held := w.of(v.Type()); held != holdsAny || depth > maxDepth {
		return held != holdsNone
	}
	depth++
	switch v.Kind() {
	case reflect.Interface:
		if v.CanInterface() {
			return w.foundIn(v.Interface(), depth)
		}
		return !v.IsNil() && w.found(v.Elem(), depth)
	case reflect.Pointer:
		return !v.IsNil() && w.found(v.Elem(), depth)
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if w.found(v.Index(i), depth) {
				return true
			}
		}
	case reflect.Map:
		for all := v.MapRange(); all.Next(); {
			if w.found(all.Value(), depth) {
				return true
			}
		}
	case reflect.Struct:
		for i := range v.NumField() { //nolint:modernize // v.Fields would allocate
			if w.found(v.Field(i), depth) {
				return true
			}
		}
	}
	return false
}

// foundIn is found for what an interface holds, without reflection for what JSON
// is read into.
func (w *wire) foundIn(v any, depth int) bool {
	switch v := v.(type) {
	case nil, string, bool, float64, int, int64, time.Time:
		return false
	case map[string]any:
		for _, elem := range v {
			if depth > maxDepth || w.foundIn(elem, depth+1) {
				return true
			}
		}
		return false
	case []any:
		for _, elem := range v {
			if depth > maxDepth || w.foundIn(elem, depth+1) {
				return true
			}
		}
		return false
	}
	return w.found(reflect.ValueOf(v), depth)
}

func (w *wire) of(t reflect.Type) holding {
	if known, ok := w.types.Load(t); ok {
		held, _ := known.(holding)
		return held
	}
	held := holdingOf(t, map[reflect.Type]bool{})
	w.types.Store(t, held)
	return held
}

// holdingOf looks at what the engine walks by itself.
func holdingOf(t reflect.Type, seen map[reflect.Type]bool) holding {
	if elem, ok := tag.OptElem(t); ok {
		return holdingOf(elem, seen)
	}
	if t.Kind() == reflect.Interface {
		return holdsAny
	}
	if seen[t] || t == reflect.TypeFor[time.Time]() || writesItself(t) && readsItself(t) {
		return holdsNone
	}
	seen[t] = true
	held := holdsNone
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		held = holdingOf(t.Elem(), seen)
	case reflect.Struct:
		for field := range t.Fields() {
			if _, ok := timeForm(field); ok {
				return holdsTimes
			}
			held = max(held, holdingOf(field.Type, seen))
		}
	}
	return held
}
