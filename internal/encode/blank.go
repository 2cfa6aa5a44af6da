package encode

import (
	"fmt"
	"reflect"
	"sync"

	"github.com/tenonkit/tenon/internal/shape"
)

// A Blank makes copies of values in which the fields that a direction leaves out are zero,
// for formats that know nothing of directions. It may be used by many goroutines at once.
type Blank struct {
	to    shape.Direction
	types sync.Map // of *blankType, by reflect.Type
}

// A blankType is what the direction says of a type.
type blankType struct {
	held        shape.Holding
	unreachable string // why nothing can be left out of a value, "" if it can
}

// NewBlank returns the Blank for values of type t, nil where there is nothing to leave out.
func NewBlank(to shape.Direction, t reflect.Type) *Blank {
	if to.Held(t) == shape.HoldsNone {
		return nil
	}
	return &Blank{to: to}
}

// Of returns v, or a copy if something in it is left out. What it shares with v is not
// changed. The error is about a type in an interface that writes itself, or a value that
// refers to itself.
func (b *Blank) Of(v reflect.Value) (reflect.Value, error) {
	if b == nil {
		return v, nil
	}
	copied, _, err := b.copied(v, 0)
	return copied, err
}

func (b *Blank) typeOf(t reflect.Type) *blankType {
	known, ok := b.types.Load(t)
	if !ok {
		known, _ = b.types.LoadOrStore(t, &blankType{b.to.Held(t), b.to.UnreachableIn(t)})
	}
	x, _ := known.(*blankType)
	return x
}

// copied returns v, and a copy where that differs.
func (b *Blank) copied(v reflect.Value, depth int) (_ reflect.Value, differs bool, err error) {
	t := v.Type()
	x := b.typeOf(t)
	if x.held == shape.HoldsNone {
		return v, false, nil
	}
	if depth++; depth > maxDepth {
		return v, false, errNested
	}
	if x.unreachable != "" {
		return v, false, fmt.Errorf("%s %s", t, x.unreachable)
	}
	switch t.Kind() {
	case reflect.Interface, reflect.Pointer, reflect.Slice, reflect.Map:
		if v.IsNil() {
			return v, false, nil
		}
	}
	out := reflect.New(t).Elem()
	switch t.Kind() {
	case reflect.Interface:
		inner, differs, err := b.copied(v.Elem(), depth)
		if differs {
			out.Set(inner)
			v = out
		}
		return v, differs, err
	case reflect.Pointer:
		inner, differs, err := b.copied(v.Elem(), depth)
		if differs {
			place := reflect.New(t.Elem())
			place.Elem().Set(inner)
			v = place.Convert(t)
		}
		return v, differs, err
	case reflect.Slice:
		out.Set(reflect.MakeSlice(t, v.Len(), v.Len()))
		reflect.Copy(out, v)
		differs, err = b.items(out, depth)
	case reflect.Array:
		out.Set(v)
		differs, err = b.items(out, depth)
	case reflect.Map:
		out.Set(reflect.MakeMapWithSize(t, v.Len()))
		differs, err = b.entries(out, v, depth)
	case reflect.Struct:
		out.Set(v)
		differs, err = b.fields(out, depth)
	}
	if differs {
		return out, true, err
	}
	return v, false, err
}

// set puts the copy of v, which is settable, in its place.
func (b *Blank) set(v reflect.Value, depth int) (differs bool, err error) {
	inner, differs, err := b.copied(v, depth)
	if differs {
		v.Set(inner)
	}
	return differs, err
}

func (b *Blank) items(list reflect.Value, depth int) (differs bool, err error) {
	for i := range list.Len() {
		changed, err := b.set(list.Index(i), depth)
		if differs = differs || changed; err != nil {
			return differs, err
		}
	}
	return differs, nil
}

func (b *Blank) entries(to, from reflect.Value, depth int) (differs bool, err error) {
	for all := from.MapRange(); all.Next(); {
		value, changed, err := b.copied(all.Value(), depth)
		if differs = differs || changed; err != nil {
			return differs, err
		}
		to.SetMapIndex(all.Key(), value)
	}
	return differs, nil
}

// fields blanks the fields of the struct v, which is addressable.
func (b *Blank) fields(v reflect.Value, depth int) (differs bool, err error) {
	t := v.Type()
	if x := shape.Of(t); x.IsWrapped() {
		place, ok := shape.Place(v)
		if !ok {
			return false, nil
		}
		return b.set(place, depth)
	}
	for i := range t.NumField() {
		changed, err := b.field(v.Field(i), t.Field(i), depth)
		if differs = differs || changed; err != nil {
			return differs, err
		}
	}
	return differs, nil
}

func (b *Blank) field(v reflect.Value, f reflect.StructField, depth int) (differs bool, err error) {
	switch {
	case !f.IsExported() && !f.Anonymous:
		return false, nil // A format does not see it.
	case b.to.LeavesOut(f) && f.IsExported():
		differs = !v.IsZero()
		v.SetZero()
		return differs, nil
	case f.IsExported():
		return b.set(v, depth)
	case f.Type.Kind() == reflect.Struct && b.to.LeavesOut(f):
		return b.zero(v)
	case f.Type.Kind() == reflect.Struct:
		return b.fields(v, depth)
	case f.Type.Kind() == reflect.Pointer && !v.IsNil() && b.typeOf(f.Type).held == shape.HoldsSome, b.to.LeavesOut(f):
		return false, fmt.Errorf("the embedded field %s of the type %s is not exported, so that no copy of it can be made without what is left out: embed the struct itself, or export it", f.Name, f.Type)
	}
	return false, nil
}

// zero zeroes the fields of an embedded struct whose type is not exported.
func (b *Blank) zero(v reflect.Value) (differs bool, err error) {
	for f, field := range v.Fields() {
		if f.IsExported() {
			differs = differs || !field.IsZero()
			field.SetZero()
		}
	}
	return differs, nil
}
