package shape

import (
	"encoding"
	"reflect"
	"slices"
	"time"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/text"
)

// A Form is the form of values in JSON.
type Form uint8

// The forms. As in the engine, time comes before methods, and methods come before kinds. The
// first forms are those of [text.Scalar].
const (
	None        = Form(text.None)   // no form: chan, func, complex, a pointer to itself
	String      = Form(text.String) // a string
	Bool        = Form(text.Bool)   // true or false
	Int         = Form(text.Int)    // a number, of a signed integer kind
	Uint        = Form(text.Uint)   // a number, of an unsigned integer kind
	Float       = Form(text.Float)  // a number, of a float kind
	Number Form = iota              // a number, kept as its text: json.Number
	Time                            // a string that is a time, by its format
	Text                            // a string, by UnmarshalText or MarshalText
	Self                            // any value: the methods of the type decide
	Any                             // anything: an interface
	Bytes                           // a string in base64: []byte, [N]byte
	List                            // an array, of a slice
	Array                           // an array, of a Go array
	Map                             // an object, of a map
	Struct                          // an object, of a struct
	Upload                          // bind.File, which only a form can have
)

// A Type is what a Go type means on the wire, without the tags of a field. It does not contain
// the types inside, so that types may be recursive: [Type.Elem], [Type.Key] and [Site.Members]
// lead there.
type Type struct {
	// Go is the type as it is declared.
	Go reflect.Type
	// Wraps are the pointers and Opts around the value, the outermost first. Each of them can
	// hold null in JSON and be absent as a parameter.
	Wraps []Wrap
	// Base is the type of the value inside.
	Base reflect.Type
	// Reads and Writes are the forms of Base in JSON. They differ if Base has methods for only
	// one direction.
	Reads, Writes Form
	// Text is the form of Base as text. It is [text.None] for slices, maps and structs that do
	// not read themselves.
	Text text.Form
	// IsEndless means that the type only points to itself, as in type P *P. It then has no
	// form.
	IsEndless bool
}

// A Wrap is one pointer or Opt around a value.
type Wrap struct {
	Type  reflect.Type // of the pointer or Opt
	Inner reflect.Type // of the value that it holds
	IsOpt bool
}

// Of returns what the type t means.
func Of(t reflect.Type) Type {
	x := Type{Go: t, Base: t}
	for {
		w, ok := wrapOf(x.Base)
		if !ok {
			break
		}
		if slices.ContainsFunc(x.Wraps, func(outer Wrap) bool { return outer.Type == w.Type }) {
			x.IsEndless = true
			return x
		}
		x.Wraps = append(x.Wraps, w)
		x.Base = w.Inner
	}
	x.Reads, x.Writes, x.Text = reads(x.Base), writes(x.Base), text.FormOf(x.Base)
	return x
}

func wrapOf(t reflect.Type) (Wrap, bool) {
	if t.Kind() == reflect.Pointer {
		return Wrap{Type: t, Inner: t.Elem()}, true
	}
	if inner, ok := optional(t); ok {
		return Wrap{Type: t, Inner: inner, IsOpt: true}, true
	}
	return Wrap{}, false
}

// IsWrapped reports whether the type is a pointer or an Opt, which may hold no value.
func (t Type) IsWrapped() bool { return len(t.Wraps) > 0 }

// Elem returns the type of the values inside a slice, array or map.
func (t Type) Elem() Type { return Of(t.Base.Elem()) }

// Key returns the type of the keys of a map.
func (t Type) Key() Type { return Of(t.Base.Key()) }

// IsNameKey reports whether the engine reads the names of an object as map keys of the type.
func (t Type) IsNameKey() bool {
	if t.IsWrapped() {
		return false
	}
	switch t.Reads {
	case Time, Number, Self, Text, String, Int, Uint, Float:
		return true
	}
	return false
}

// IsContainer reports whether Base is a slice, array or map for the engine, in at least one
// direction.
func (t Type) IsContainer() bool {
	for _, form := range [...]Form{t.Reads, t.Writes} {
		switch form {
		case List, Array, Map:
			return true
		}
	}
	return false
}

// IsTextList reports whether a parameter of the type takes several values: Base is a slice that
// does not read itself.
func (t Type) IsTextList() bool { return t.Base.Kind() == reflect.Slice && t.Text == text.None }

// IsTextMap is [Type.IsTextList] for maps, whose entries are name[key]=value.
func (t Type) IsTextMap() bool { return t.Base.Kind() == reflect.Map && t.Text == text.None }

// IsPlain reports whether Base is a string, a number, a bool or an array of these. Such values
// are equal if their texts are equal, and a copy shares nothing that can change.
func (t Type) IsPlain() bool { return isPlain(t.Base) }

func isPlain(t reflect.Type) bool {
	if t.Kind() == reflect.Array {
		return isPlain(t.Elem())
	}
	return text.Scalar(t) != text.None
}

// reads returns the form in which the engine reads a t.
func reads(t reflect.Type) Form {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return Time
	case t == reflect.TypeFor[json.Number]():
		return Number
	case isUpload(t):
		return Upload
	case isPatchItself(t):
		return None // it is a whole body
	case has[json.UnmarshalerFrom](t), has[json.Unmarshaler](t):
		return Self
	case has[encoding.TextUnmarshaler](t):
		return Text
	case t.Kind() == reflect.Interface && t.NumMethod() > 0:
		return None // no value can be made for it
	}
	return byKind(t)
}

// writes returns the form in which the engine writes a t.
func writes(t reflect.Type) Form {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return Time
	case t == reflect.TypeFor[json.Number]():
		return Number
	case has[json.MarshalerTo](t), has[json.Marshaler](t):
		return Self
	case has[encoding.TextAppender](t), has[encoding.TextMarshaler](t):
		return Text
	}
	return byKind(t)
}

// has reports whether the engine calls the methods of I on a t. It does not on a pointer or an
// interface, which may be nil.
func has[I any](t reflect.Type) bool {
	return t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface &&
		reflect.PointerTo(t).Implements(reflect.TypeFor[I]())
}

// byKind returns the form of a type without methods.
func byKind(t reflect.Type) Form {
	switch t.Kind() {
	case reflect.Slice, reflect.Array:
		switch {
		case t.Elem().Kind() == reflect.Uint8 && t.Elem().PkgPath() == "":
			return Bytes // elements of a named byte type are numbers
		case t.Kind() == reflect.Array:
			return Array
		}
		return List
	case reflect.Map:
		return Map
	case reflect.Struct:
		return Struct
	case reflect.Interface:
		return Any
	}
	return Form(text.Scalar(t))
}

// anyField reports whether is holds for a field of t, or of a struct that t embeds, directly or
// by a pointer. outer are the structs around t.
func anyField(t reflect.Type, outer []reflect.Type, is func(reflect.StructField) bool) bool {
	if slices.Contains(outer, t) {
		return false
	}
	outer = append(slices.Clip(outer), t)
	for f := range t.Fields() {
		if is(f) {
			return true
		}
		if inner := embedded(f); inner != nil && anyField(inner, outer, is) {
			return true
		}
	}
	return false
}

func isEmbedded(f reflect.StructField) bool {
	return f.Anonymous && f.Type.Kind() == reflect.Struct
}

// embedded returns the struct that f embeds, itself or by a pointer; nil if it embeds none.
func embedded(f reflect.StructField) reflect.Type {
	t := f.Type
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if !f.Anonymous || t.Kind() != reflect.Struct {
		return nil
	}
	return t
}
