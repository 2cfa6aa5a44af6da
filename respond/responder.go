package respond

import (
	"errors"
	"net/http"
	"reflect"
	"strings"
	"sync"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/option"
)

// Write answers r with v, by the table in the package documentation. It is
// Write of a Responder without options.
//
// If v cannot be sent, Write answers with a 500, or with a 406 under
// [AllowNotAcceptable], and returns the reason; a reason that came up after the
// response had started, such as a connection that is gone, is returned too. In
// every case the request has had its answer: passing the error to [Error] does
// nothing more.
func Write(w http.ResponseWriter, r *http.Request, v any) error {
	return standard.Write(w, r, v)
}

//nolint:gochecknoglobals // has no options; what it caches are the plans of types
var standard Responder

// Func is an [http.Handler] that answers with the value it returns, as [Write]
// does, or with the error, as [Error] does; then the value is ignored. Use
// [Responder.Func] for options.
type Func func(r *http.Request) (any, error)

// ServeHTTP calls f and sends what it returns.
func (f Func) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	standard.answer(w, r, f)
}

// Responder answers with values whose type is known at run time only, under
// the options given to [New]. The zero value has no options. It may be used by
// many goroutines at once and must not be copied after first use. [For] is
// faster where the type is known.
type Responder struct {
	formats       []offer // empty means JSON
	notAcceptable bool
	shorthands    map[reflect.Type]shorthand
	faults        []string
	leaves        sync.Map // reflect.Type to *leaf
}

// New returns a Responder. It panics if an option is invalid, and then names
// every fault.
func New(opts ...Option) *Responder {
	rs, err := Configure(option.Lists(opts))
	if err != nil {
		panic(err.Error())
	}
	return rs
}

// Configure is [New] for the family alone: it takes options in lists, and returns the
// faults.
func Configure(opts *option.Set) (*Responder, error) {
	rs := configure(opts)
	return rs, report("New", rs.faults)
}

// report returns the error of the faults, nil where there are none.
func report(place string, faults []string) error {
	if len(faults) == 0 {
		return nil
	}
	return errors.New("respond: " + place + ": " + strings.Join(faults, "\nrespond: "+place+": "))
}

// Write is the function [Write] under the options of rs.
func (rs *Responder) Write(w http.ResponseWriter, r *http.Request, v any) error {
	rs.vary(w)
	return rs.dynamic(w, r, v, envelope{})
}

// Error is the function [Error] for a handler that answers with rs: where the
// answer depends on Accept, the failure says so too.
func (rs *Responder) Error(w http.ResponseWriter, r *http.Request, err error) {
	rs.vary(w)
	Error(w, r, err)
}

// Func returns a handler that answers with what fn returns. It panics if fn is
// nil.
func (rs *Responder) Func(fn Func) http.Handler {
	if fn == nil {
		panic("respond: Responder.Func: nil Func")
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { rs.answer(w, r, fn) })
}

func (rs *Responder) answer(w http.ResponseWriter, r *http.Request, fn Func) {
	v, err := fn(r)
	if err != nil {
		rs.Error(w, r, err)
		return
	}
	_ = rs.Write(w, r, v) // the request has had its answer
}

// dynamic is what a plan does for a type that is known at run time only.
func (rs *Responder) dynamic(w http.ResponseWriter, r *http.Request, v any, env envelope) error {
	switch x := v.(type) {
	case nil:
		return sendNothing(w, r, &env)
	case string:
		if len(rs.shorthands) == 0 {
			return sendText(w, r, &env, textType, x)
		}
	}
	value := reflect.ValueOf(v)
	t := value.Type()
	pointer := t.Kind() == reflect.Pointer
	if pointer && value.IsNil() {
		return sendNothing(w, r, &env)
	}
	if x, ok := v.(wrapper); ok {
		body, inner := x.peel(env)
		return rs.dynamic(w, r, body, inner)
	}
	if !pointer {
		p := reflect.New(t)
		p.Elem().Set(value)
		v = p.Interface()
	}
	return rs.send(rs.leaf(t), w, r, v, env)
}

// leaf returns the leaf of t. There are no more of them than types in the
// program.
func (rs *Responder) leaf(t reflect.Type) *leaf {
	if found, ok := rs.leaves.Load(t); ok {
		lf, _ := found.(*leaf)
		return lf
	}
	lf := newLeaf(rs, t)
	rs.leaves.Store(t, lf)
	return lf
}

// varies reports whether the answer depends on Accept.
func (rs *Responder) varies() bool { return len(rs.formats) > 1 || rs.notAcceptable }

// vary tells caches that the answer depends on Accept, if it does.
func (rs *Responder) vary(w http.ResponseWriter) {
	if !rs.varies() {
		return
	}
	header.AddVary(w.Header(), "Accept")
}

// Sender answers with values of type T, in the way that [For] has found for T.
// The zero value is of no use. It may be used by many goroutines at once.
type Sender[T any] struct {
	responder *Responder
	plan      plan[T]
}

// For returns the Sender of T. The rows of the table in the package
// documentation are decided here; for an interface type T they are decided by
// the value.
//
// For panics if an option is invalid, if T or a field of it that JSON would
// reach has a type that can never be encoded (a channel, a function such as an
// [iter.Seq], a complex number, a struct without exported fields or with faults
// in its json tags), or if a method that decides how a struct is sent comes
// from an embedded field while the struct has other exported fields, which
// would be lost. The panic names every fault with its field path.
func For[T any](opts ...Option) *Sender[T] {
	x, err := Compile[T](option.Lists(opts))
	if err != nil {
		panic(err.Error())
	}
	return x
}

// Compile is [For] for the family alone: it takes options in lists, and returns the
// faults.
func Compile[T any](opts *option.Set) (*Sender[T], error) {
	rs := configure(opts)
	c := &compiler{responder: rs, faults: rs.faults}
	p := compile[T](c)
	if rs.varies() {
		p = varyingPlan(rs, p)
	}
	return &Sender[T]{responder: rs, plan: p}, report("For["+reflect.TypeFor[T]().String()+"]", c.faults)
}

// Write answers r with v. Failures are those of the function [Write].
func (x *Sender[T]) Write(w http.ResponseWriter, r *http.Request, v T) error {
	return x.plan(w, r, v, envelope{})
}

// Error is the function [Error] for a handler that answers with x: where the
// answer depends on Accept, the failure says so too.
func (x *Sender[T]) Error(w http.ResponseWriter, r *http.Request, err error) {
	x.responder.Error(w, r, err)
}

// ForType returns a Responder for values of type t, which is known at run time
// only. It panics where [For] does: ForType is [New] with the check of the type
// that For makes. Values of other types may be written too.
func ForType(t reflect.Type, opts ...Option) *Responder {
	rs, err := CompileType(t, option.Lists(opts))
	if err != nil {
		panic(err.Error())
	}
	return rs
}

// CompileType is [ForType] for the family alone: it takes options in lists, and
// returns the faults.
func CompileType(t reflect.Type, opts *option.Set) (*Responder, error) {
	rs := configure(opts)
	c := &compiler{responder: rs, faults: rs.faults}
	c.checkType(t)
	return rs, report("For["+t.String()+"]", c.faults)
}
