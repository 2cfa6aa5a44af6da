package tenon

import (
	"net/http"
	"reflect"
)

// The methods of a view are found by interfaces and by constant names. Names
// at run time would keep every method of the program from being dropped by the
// linker, and a method that reflection has turned into a function is slower to
// call than the method.

// writerMethod returns the method of v called name if it is a
// func([http.ResponseWriter], *[http.Request]), else nil.
func writerMethod(v any, name string) func(http.ResponseWriter, *http.Request) {
	switch name {
	case "Get":
		if x, ok := v.(interface {
			Get(w http.ResponseWriter, r *http.Request)
		}); ok {
			return x.Get
		}
	case "Post":
		if x, ok := v.(interface {
			Post(w http.ResponseWriter, r *http.Request)
		}); ok {
			return x.Post
		}
	case "Put":
		if x, ok := v.(interface {
			Put(w http.ResponseWriter, r *http.Request)
		}); ok {
			return x.Put
		}
	case "Patch":
		if x, ok := v.(interface {
			Patch(w http.ResponseWriter, r *http.Request)
		}); ok {
			return x.Patch
		}
	case "Delete":
		if x, ok := v.(interface {
			Delete(w http.ResponseWriter, r *http.Request)
		}); ok {
			return x.Delete
		}
	case "Head":
		if x, ok := v.(interface {
			Head(w http.ResponseWriter, r *http.Request)
		}); ok {
			return x.Head
		}
	case "Options":
		if x, ok := v.(interface {
			Options(w http.ResponseWriter, r *http.Request)
		}); ok {
			return x.Options
		}
	case "Handle":
		if x, ok := v.(interface {
			Handle(w http.ResponseWriter, r *http.Request)
		}); ok {
			return x.Handle
		}
	}
	return nil
}

// requestMethod returns the method of v called name if it is a
// func(*[http.Request]) (any, error), else nil.
func requestMethod(v any, name string) func(*http.Request) (any, error) {
	switch name {
	case "Get":
		if x, ok := v.(interface {
			Get(r *http.Request) (any, error)
		}); ok {
			return x.Get
		}
	case "Post":
		if x, ok := v.(interface {
			Post(r *http.Request) (any, error)
		}); ok {
			return x.Post
		}
	case "Put":
		if x, ok := v.(interface {
			Put(r *http.Request) (any, error)
		}); ok {
			return x.Put
		}
	case "Patch":
		if x, ok := v.(interface {
			Patch(r *http.Request) (any, error)
		}); ok {
			return x.Patch
		}
	case "Delete":
		if x, ok := v.(interface {
			Delete(r *http.Request) (any, error)
		}); ok {
			return x.Delete
		}
	case "Head":
		if x, ok := v.(interface {
			Head(r *http.Request) (any, error)
		}); ok {
			return x.Head
		}
	case "Options":
		if x, ok := v.(interface {
			Options(r *http.Request) (any, error)
		}); ok {
			return x.Options
		}
	case "Handle":
		if x, ok := v.(interface {
			Handle(r *http.Request) (any, error)
		}); ok {
			return x.Handle
		}
	}
	return nil
}

// methodNamed returns the method of v called name, or the zero Value.
func methodNamed(v reflect.Value, name string) reflect.Value {
	switch name {
	case "Get":
		return v.MethodByName("Get")
	case "Post":
		return v.MethodByName("Post")
	case "Put":
		return v.MethodByName("Put")
	case "Patch":
		return v.MethodByName("Patch")
	case "Delete":
		return v.MethodByName("Delete")
	case "Head":
		return v.MethodByName("Head")
	case "Options":
		return v.MethodByName("Options")
	case "Handle":
		return v.MethodByName("Handle")
	}
	return reflect.Value{}
}
