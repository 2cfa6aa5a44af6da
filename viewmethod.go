package tenon

import (
	"net/http"
	"reflect"
)

// With these names each interface of methodNamed fits one line.
type (
	writer  = http.ResponseWriter
	request = *http.Request
)

// methodNamed returns the method of v called name. The result is a
// func([http.ResponseWriter], *[http.Request]) or a func(*[http.Request]) (any, error) if
// the method is one, else a [reflect.Value], which is zero if there is no such method.
//
// It uses interfaces and constant names for two reasons. With names that are known only
// at run time, the linker would keep every method of the program. A method that
// reflection turned into a function is slower to call.
func methodNamed(v any, name string) any {
	switch name {
	case "Get":
		switch x := v.(type) {
		case interface{ Get(writer, request) }:
			return x.Get
		case interface{ Get(request) (any, error) }:
			return x.Get
		}
		return reflect.ValueOf(v).MethodByName("Get")
	case "Head":
		switch x := v.(type) {
		case interface{ Head(writer, request) }:
			return x.Head
		case interface{ Head(request) (any, error) }:
			return x.Head
		}
		return reflect.ValueOf(v).MethodByName("Head")
	case "Options":
		switch x := v.(type) {
		case interface{ Options(writer, request) }:
			return x.Options
		case interface{ Options(request) (any, error) }:
			return x.Options
		}
		return reflect.ValueOf(v).MethodByName("Options")
	case "Post":
		switch x := v.(type) {
		case interface{ Post(writer, request) }:
			return x.Post
		case interface{ Post(request) (any, error) }:
			return x.Post
		}
		return reflect.ValueOf(v).MethodByName("Post")
	case "Put":
		switch x := v.(type) {
		case interface{ Put(writer, request) }:
			return x.Put
		case interface{ Put(request) (any, error) }:
			return x.Put
		}
		return reflect.ValueOf(v).MethodByName("Put")
	case "Patch":
		switch x := v.(type) {
		case interface{ Patch(writer, request) }:
			return x.Patch
		case interface{ Patch(request) (any, error) }:
			return x.Patch
		}
		return reflect.ValueOf(v).MethodByName("Patch")
	case "Delete":
		switch x := v.(type) {
		case interface{ Delete(writer, request) }:
			return x.Delete
		case interface{ Delete(request) (any, error) }:
			return x.Delete
		}
		return reflect.ValueOf(v).MethodByName("Delete")
	case "Handle":
		switch x := v.(type) {
		case interface{ Handle(writer, request) }:
			return x.Handle
		case interface{ Handle(request) (any, error) }:
			return x.Handle
		}
		return reflect.ValueOf(v).MethodByName("Handle")
	}
	return reflect.Value{}
}
