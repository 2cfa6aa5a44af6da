package bind

import (
	"net/http"
	"reflect"
	"sync"

	"github.com/tenonkit/tenon/respond"
)

// binders caches the binders of Request by type: a plan depends on the type
// alone, so the cache holds one entry per type that the program names.
var binders sync.Map //nolint:gochecknoglobals // a cache that no caller can tell from none

// Request reads r into a T with default options. The plan of T is compiled at
// the first call; a T that cannot be bound panics there, so that a program
// that wants it checked at start-up uses [For].
func Request[T any](r *http.Request) (T, error) {
	t := reflect.TypeFor[T]()
	cached, ok := binders.Load(t)
	if !ok {
		cached, _ = binders.LoadOrStore(t, For[T]())
	}
	binder, _ := cached.(*Binder[T])
	return binder.Bind(r)
}

// Func returns a handler that calls fn with the bound request. A request that
// cannot be bound is answered by [respond.Error], and fn is not called. Func
// panics where [For] does.
func Func[T any](fn func(w http.ResponseWriter, r *http.Request, in T), opts ...Option) http.Handler {
	binder := For[T](opts...)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in, err := binder.Bind(r)
		if err != nil {
			respond.Error(w, r, err)
			return
		}
		fn(w, r, in)
	})
}
