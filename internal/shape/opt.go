package shape

import (
	"errors"
	"reflect"
)

// An Optional marks bind.Opt, whose first field _ has this type. So this package recognizes an
// Opt without importing package bind. Users do not see the field, and a struct that embeds an Opt
// does not inherit it.
type Optional[T any] struct{}

func (Optional[T]) inner() reflect.Type { return reflect.TypeFor[T]() }

// An Uploaded marks bind.File in the same way.
type Uploaded struct{}

// A Patched marks bind.MergePatch in the same way.
type Patched[T any] struct{}

func (Patched[T]) patched() reflect.Type { return reflect.TypeFor[T]() }

// patched returns the type that a MergePatch of type t changes.
func patched(t reflect.Type) (of reflect.Type, ok bool) {
	mark, ok := marker(t)
	if !ok {
		return nil, false
	}
	patch, ok := reflect.TypeAssert[interface{ patched() reflect.Type }](reflect.Zero(mark))
	if !ok {
		return nil, false
	}
	return patch.patched(), true
}

// isPatch reports whether t is a MergePatch, or pointers and Opts around one.
func isPatch(t reflect.Type) bool { return isPatchItself(Of(t).Base) }

func isPatchItself(t reflect.Type) bool {
	_, ok := patched(t)
	return ok
}

// optional returns the type of the value in an Opt of type t.
func optional(t reflect.Type) (inner reflect.Type, ok bool) {
	mark, ok := marker(t)
	if !ok {
		return nil, false
	}
	of, ok := reflect.TypeAssert[interface{ inner() reflect.Type }](reflect.Zero(mark))
	if !ok {
		return nil, false
	}
	return of.inner(), true
}

// An Access is the argument of the method Place of an Opt. Only this module can make one, so
// nobody else can call Place.
type Access struct{}

// Place returns the value in an addressable Opt that is set, and false in another.
func Place(opt reflect.Value) (reflect.Value, bool) {
	o, ok := reflect.TypeAssert[interface {
		IsSet() bool
		IsNull() bool
		Place(a Access) any
	}](opt.Addr())
	if !ok || !o.IsSet() || o.IsNull() {
		return reflect.Value{}, false
	}
	return reflect.ValueOf(o.Place(Access{})).Elem(), true
}

func isUpload(t reflect.Type) bool {
	mark, ok := marker(t)
	return ok && mark == reflect.TypeFor[Uploaded]()
}

// marker returns the type of the field that may mark the struct t. A type that is made from
// a marked one, as in type Name bind.Opt[string], has none of its methods and no mark.
func marker(t reflect.Type) (reflect.Type, bool) {
	if t.Kind() != reflect.Struct || t.NumField() == 0 || t.Field(0).Name != "_" || !isBinds(t) {
		return nil, false
	}
	return t.Field(0).Type, true
}

// The words of errNull follow the name of a value.
var errNull = errors.New("is null, which no text can stand for")

// Open returns the value inside the pointers, interfaces and Opts of v. It is not present if one
// of them is nil or absent. The error says that an Opt is null, which has no text.
func Open(v reflect.Value) (inner reflect.Value, present bool, err error) {
	for v.IsValid() {
		if k := v.Kind(); k == reflect.Pointer || k == reflect.Interface {
			if v.IsNil() {
				break
			}
			v = v.Elem()
			continue
		}
		if _, ok := optional(v.Type()); !ok {
			return v, true, nil
		}
		o, _ := reflect.TypeAssert[interface{ IsNull() bool }](v)
		if o != nil && o.IsNull() {
			return v, false, errNull
		}
		if !v.CanAddr() {
			opt := reflect.New(v.Type()).Elem()
			opt.Set(v)
			v = opt
		}
		inner, isSet := Place(v)
		if !isSet {
			return v, false, nil
		}
		v = inner
	}
	return v, false, nil
}
