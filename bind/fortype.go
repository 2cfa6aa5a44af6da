package bind

import (
	"net/http"
	"reflect"
	"sync"

	"github.com/tenonkit/tenon/internal/describe"
)

// A TypeBinder binds requests to values of a type that is known at run time
// only. It is made by [ForType], is not changed afterwards, and serves many
// goroutines at once. A [Binder] is faster where the type is known.
type TypeBinder struct {
	typ    reflect.Type
	plan   *plan
	config *config
	pool   sync.Pool // of *request

	description func() *describe.Input
}

// ForType compiles the declaration of t. It panics where [For] does.
func ForType(t reflect.Type, opts ...Option) *TypeBinder {
	b := &TypeBinder{typ: t, config: newConfig(opts)}
	b.plan = compile(t, b.config)
	b.description = b.plan.describer(t, b.config)
	b.pool.New = func() any { return &request{config: b.config} }
	return b
}

// Bind reads r into a new value of the type. Failures are those of
// [Binder.Bind], and the value is then zero.
func (b *TypeBinder) Bind(r *http.Request) (reflect.Value, error) {
	s, _ := b.pool.Get().(*request)
	in := reflect.New(b.typ)
	s.in, s.r = in.Elem(), r
	err := b.plan.bind(s, in.Interface())
	if err != nil {
		s.spool.close()
	}
	s.in = reflect.Value{}
	s.reset(b.plan)
	b.pool.Put(s)
	if err != nil {
		return reflect.Zero(b.typ), err
	}
	return in.Elem(), nil
}
