package tenon

import (
	"net/http"
	"reflect"
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
		case interface {
			Get(w http.ResponseWriter, r *http.Request)
		}:
			return x.Get
		case interface {
			Get(r *http.Request) (any, error)
		}:
			return x.Get
		}
		return reflect.ValueOf(v).MethodByName("Get")
	case "Head":
		switch x := v.(type) {
		case interface {
			Head(w http.ResponseWriter, r *http.Request)
		}:
			return x.Head
		case interface {
			Head(r *http.Request) (any, error)
		}:
			return x.Head
		}
		return reflect.ValueOf(v).MethodByName("Head")
	case "Options":
		switch x := v.(type) {
		case interface {
			Options(w http.ResponseWriter, r *http.Request)
		}:
			return x.Options
		case interface {
			Options(r *http.Request) (any, error)
		}:
			return x.Options
		}
		return reflect.ValueOf(v).MethodByName("Options")
	case "Handle":
		switch x := v.(type) {
		case interface {
			Handle(w http.ResponseWriter, r *http.Request)
		}:
			return x.Handle
		case interface {
			Handle(r *http.Request) (any, error)
		}:
			return x.Handle
		}
		return reflect.ValueOf(v).MethodByName("Handle")
	}
	return changingMethodNamed(v, name)
}

// changingMethodNamed is methodNamed for the methods that change something.
func changingMethodNamed(v any, name string) any {
	switch name {
	case "Post":
		switch x := v.(type) {
		case interface {
			Post(w http.ResponseWriter, r *http.Request)
		}:
			return x.Post
		case interface {
			Post(r *http.Request) (any, error)
		}:
			return x.Post
		}
		return reflect.ValueOf(v).MethodByName("Post")
	case "Put":
		switch x := v.(type) {
		case interface {
			Put(w http.ResponseWriter, r *http.Request)
		}:
			return x.Put
		case interface {
			Put(r *http.Request) (any, error)
		}:
			return x.Put
		}
		return reflect.ValueOf(v).MethodByName("Put")
	case "Patch":
		switch x := v.(type) {
		case interface {
			Patch(w http.ResponseWriter, r *http.Request)
		}:
			return x.Patch
		case interface {
			Patch(r *http.Request) (any, error)
		}:
			return x.Patch
		}
		return reflect.ValueOf(v).MethodByName("Patch")
	case "Delete":
		switch x := v.(type) {
		case interface {
			Delete(w http.ResponseWriter, r *http.Request)
		}:
			return x.Delete
		case interface {
			Delete(r *http.Request) (any, error)
		}:
			return x.Delete
		}
		return reflect.ValueOf(v).MethodByName("Delete")
	}
	return reflect.Value{}
}
