package tag

import (
	"reflect"
	"strings"
	"time"
)

// TimeFormat returns the format that the tags of f give to the times in it, empty
// where there are none or where they are written in RFC 3339 anyway. The times may
// be behind pointers and Opts, and in slices, arrays and maps.
func TimeFormat(f reflect.StructField) string {
	name := f.Tag.Get("format")
	if name == "" || name == "date-time" || !holdsTimes(f.Type, 0) {
		return ""
	}
	return name
}

// maxNesting bounds what is around a time: a type may hold itself.
const maxNesting = 16

func holdsTimes(t reflect.Type, nesting int) bool {
	if t == reflect.TypeFor[time.Time]() {
		return true
	}
	if nesting == maxNesting {
		return false
	}
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		return holdsTimes(t.Elem(), nesting+1)
	}
	elem, ok := OptElem(t)
	return ok && holdsTimes(elem, nesting+1)
}

// OptElem returns the type of the value in a bind.Opt, and whether t is one.
func OptElem(t reflect.Type) (elem reflect.Type, ok bool) {
	if t.PkgPath() != "github.com/tenonkit/tenon/bind" || !strings.HasPrefix(t.Name(), "Opt[") {
		return nil, false
	}
	get, _ := t.MethodByName("Get")
	return get.Type.Out(0), true
}
