package bind

import (
	"net/http"
	"reflect"
	"sync"

	"github.com/tenonkit/tenon/internal/option"
	"github.com/tenonkit/tenon/respond"
)

// A Binder binds requests to values of type T. [For] makes one. It never changes and may be
// used by many goroutines at once.
type Binder[T any] struct {
	plan   *plan
	config *config
	pool   sync.Pool // of *scratch[T]
}

// For compiles the declaration of T. It panics with every fault of T and of the options, so
// call it at start-up.
func For[T any](opts ...Option) *Binder[T] {
	b, err := Compile[T](option.Lists(opts))
	if err != nil {
		panic(err.Error())
	}
	return b
}

// Compile is [For] for the packages of this module: it takes lists of options and returns
// the faults.
func Compile[T any](opts *option.Set) (*Binder[T], error) {
	b := &Binder[T]{config: newConfig(opts)}
	var err error
	if b.plan, err = compile(reflect.TypeFor[T](), b.config); err != nil {
		return nil, err
	}
	b.pool.New = func() any {
		s := new(scratch[T])
		s.request.in = reflect.ValueOf(&s.in).Elem()
		s.request.config = b.config
		return s
	}
	return b, nil
}

// A scratch is the working space of one request. Embedded, request would have all its
// methods compiled anew for each T.
type scratch[T any] struct {
	in      T
	request request
}

// Bind reads r into a T that shares no memory with other calls. The error is one of these,
// and the T is then zero:
//
//   - an [*Error] with the status 400, 413, 415 or that of [InvalidStatus]
//   - an error of a Validate method, [ValidateFunc], [OnBodyError], [Value] or a
//     [RequestUnmarshaler]
//   - the error of the context, if the client left while its body was read
//   - an error of the file system, if an upload could not be stored
//   - an error of the program, if the pattern of r has no wildcard for a path value that is
//     required
func (b *Binder[T]) Bind(r *http.Request) (T, error) {
	if b.plan.isEmpty {
		return *new(T), nil
	}
	if b.plan.isPlain {
		var in T
		if b.plan.bindPlain(r, reflect.ValueOf(&in).Elem(), b.config) {
			return in, nil
		}
		// What follows collects what is wrong.
	}
	s, _ := b.pool.Get().(*scratch[T])
	place := &s.in
	if b.plan.isPlaced {
		place = new(T)
		s.request.in = reflect.ValueOf(place).Elem()
	}
	s.request.r = r
	err := b.plan.bind(&s.request, place)
	in := *place
	if err != nil {
		in = *new(T)
		s.request.spool.close()
	}
	if b.plan.isPlaced {
		s.request.in = reflect.Value{}
	} else {
		s.in = *new(T)
	}
	s.request.reset(b.plan)
	b.pool.Put(s)
	return in, err
}

// A TypeBinder is a [Binder] for a type that is known only at run time. [ForType] makes one.
// It never changes and may be used by many goroutines at once. A Binder is faster.
type TypeBinder struct {
	typ    reflect.Type
	plan   *plan
	config *config
	pool   sync.Pool // of *request
}

// ForType compiles the declaration of t. It panics as [For] does.
func ForType(t reflect.Type, opts ...Option) *TypeBinder {
	b, err := CompileType(t, option.Lists(opts))
	if err != nil {
		panic(err.Error())
	}
	return b
}

// CompileType is [ForType] for the packages of this module: it takes lists of options and
// returns the faults.
func CompileType(t reflect.Type, opts *option.Set) (*TypeBinder, error) {
	b := &TypeBinder{typ: t, config: newConfig(opts)}
	var err error
	if b.plan, err = compile(t, b.config); err != nil {
		return nil, err
	}
	b.pool.New = func() any { return &request{config: b.config, in: reflect.New(b.typ).Elem()} }
	return b, nil
}

// Bind reads r into a new value of the type. The errors are those of [Binder.Bind], and the
// value is then zero.
func (b *TypeBinder) Bind(r *http.Request) (reflect.Value, error) {
	in := reflect.New(b.typ).Elem()
	if b.plan.isPlain {
		if b.plan.bindPlain(r, in, b.config) {
			return in, nil
		}
	}
	s, _ := b.pool.Get().(*request)
	pooled := s.in
	if b.plan.isPlaced {
		s.in = in
	}
	s.r = r
	err := b.plan.bind(s, s.in.Addr().Interface())
	if err != nil {
		in = reflect.Zero(b.typ)
		s.spool.close()
	} else {
		in.Set(s.in)
	}
	if b.plan.isPlaced {
		s.in = pooled
	} else {
		s.in.SetZero()
	}
	s.reset(b.plan)
	b.pool.Put(s)
	return in, err
}

// binders caches the binders of Request by type: a plan depends on the type
// alone, so the cache holds one entry per type that the program names.
var binders sync.Map //nolint:gochecknoglobals // a cache that no caller can tell from none

// Request reads r into a T with the default options. The errors are those of [Binder.Bind].
// The first call for T compiles its declaration and panics as [For] does. Use For to have T
// checked at start-up.
func Request[T any](r *http.Request) (T, error) {
	t := reflect.TypeFor[T]()
	cached, ok := binders.Load(t)
	if !ok {
		cached, _ = binders.LoadOrStore(t, For[T]())
	}
	binder, _ := cached.(*Binder[T])
	return binder.Bind(r)
}

// Func returns a handler that reads each request into a T and calls fn with it. If the
// request cannot be bound, [respond.Error] answers and fn is not called. Func panics as
// [For] does, and if fn is nil.
func Func[T any](fn func(w http.ResponseWriter, r *http.Request, in T), opts ...Option) http.Handler {
	binder := For[T](opts...)
	if fn == nil {
		panic("bind: Func has a nil function: give it one that takes the In")
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		in, err := binder.Bind(r)
		if err != nil {
			respond.Error(w, r, err)
			return
		}
		fn(w, r, in)
	})
}
