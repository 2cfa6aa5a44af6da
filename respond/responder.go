package respond

import (
	"errors"
	"net/http"
	"reflect"
	"strings"
	"sync"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/option"
)

// Write answers r with v, by the table in the package documentation. It is the method Write of
// a [Responder] without options.
//
// If v cannot be sent, Write answers with a 500 and returns the reason. It also returns errors
// after the response has started, such as a lost connection. The request has its answer in
// every case: [Error] does nothing with an error of Write.
func Write(w http.ResponseWriter, r *http.Request, v any) error {
	return standard.Write(w, r, v)
}

//nolint:gochecknoglobals // has no options; what it caches are the plans of types
var standard Responder

// A Func is an [http.Handler] that answers with its value by [Write]. If it returns an error,
// the value is ignored and [Error] answers. A typed nil is no error. Use
// [Responder.Func] for options.
type Func func(r *http.Request) (any, error)

// ServeHTTP calls f and sends what it returns.
func (f Func) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	standard.answer(w, r, f)
}

// A Responder answers with values of any type, with the options of [New]. The zero value has
// no options. Many goroutines may use it at once. It must not be copied after first use. If
// the type is known, [For] is faster.
type Responder struct {
	formats       []offer // empty means JSON
	notAcceptable bool
	shorthands    map[reflect.Type]shorthand
	faults        []string
	leaves        sync.Map // reflect.Type to *leaf
}

// New returns a Responder. It panics if an option is invalid, and names all faults.
func New(opts ...Option) *Responder {
	rs, err := Configure(option.Lists(opts))
	if err != nil {
		panic(err.Error())
	}
	return rs
}

// Configure is [New] for the packages of this module only. It takes options in lists, and
// returns the faults.
func Configure(opts *option.Set) (*Responder, error) {
	rs := configure(opts)
	return rs, report("New", rs.faults)
}

// report returns an error of the faults, nil if there are none.
func report(place string, faults []string) error {
	if len(faults) == 0 {
		return nil
	}
	return errors.New("respond: " + place + ": " + strings.Join(faults, "\nrespond: "+place+": "))
}

// report returns an error of the faults of the type t, nil if there are none.
func (c *compiler) report(t reflect.Type) error { return report("For["+t.String()+"]", c.faults) }

// Write is the function [Write] with the options of rs. Under [AllowNotAcceptable] it may also
// answer with a 406.
func (rs *Responder) Write(w http.ResponseWriter, r *http.Request, v any) error {
	rs.vary(w)
	return rs.dynamic(w, r, v, envelope{})
}

// Error is the function [Error] for a handler that answers with rs. If the answers of rs
// depend on Accept, the failure has the field Vary: Accept too.
func (rs *Responder) Error(w http.ResponseWriter, r *http.Request, err error) {
	rs.vary(w)
	Error(w, r, err)
}

// Func returns fn as a handler with the options of rs. It panics if fn is nil.
func (rs *Responder) Func(fn Func) http.Handler {
	if fn == nil {
		panic("respond: Responder.Func: the Func is nil: write one")
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { rs.answer(w, r, fn) })
}

func (rs *Responder) answer(w http.ResponseWriter, r *http.Request, fn Func) {
	v, err := fn(r)
	if !failure.IsNil(err) {
		rs.Error(w, r, err)
		return
	}
	_ = rs.Write(w, r, v) // the request has had its answer
}

// dynamic answers with a value whose type is known at run time only.
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

// leaf returns the leaf of t. Their number is bounded by the types of the program.
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

// vary adds Vary: Accept if the answer depends on Accept.
func (rs *Responder) vary(w http.ResponseWriter) {
	if !rs.varies() {
		return
	}
	header.AddVary(w.Header(), "Accept")
}

// A Sender answers with values of type T. [For] makes it; the zero value cannot be used. Many
// goroutines may use a Sender at once.
type Sender[T any] struct {
	responder *Responder
	plan      plan[T]
}

// For returns the Sender of T. It applies the table in the package documentation to T, once.
// If T is an interface, Write applies it to each value.
//
// For panics in these cases, and names all faults with their field paths:
//
//   - An option is invalid.
//   - T, or a field of T that JSON reaches, can never be encoded: a channel, a function such
//     as an [iter.Seq], a complex number, a struct without exported fields or with faults in
//     its json tags.
//   - The method that decides how T is sent comes from an embedded field, and T has other
//     exported fields. They would be lost.
func For[T any](opts ...Option) *Sender[T] {
	x, err := Compile[T](option.Lists(opts))
	if err != nil {
		panic(err.Error())
	}
	return x
}

// Compile is [For] for the packages of this module only. It takes options in lists, and
// returns the faults.
func Compile[T any](opts *option.Set) (*Sender[T], error) {
	rs := configure(opts)
	c := &compiler{responder: rs, faults: rs.faults}
	p := compile[T](c)
	if rs.varies() {
		p = varyingPlan(rs, p)
	}
	return &Sender[T]{responder: rs, plan: p}, c.report(reflect.TypeFor[T]())
}

// Write answers r with v. It returns the errors of the function [Write].
func (x *Sender[T]) Write(w http.ResponseWriter, r *http.Request, v T) error {
	return x.plan(w, r, v, envelope{})
}

// Error is the function [Error] for a handler that answers with x. If the answers of x depend
// on Accept, the failure has the field Vary: Accept too.
func (x *Sender[T]) Error(w http.ResponseWriter, r *http.Request, err error) {
	x.responder.Error(w, r, err)
}

// ForType returns a Responder for values of type t, for types that are known at run time only.
// It checks t as [For] does, and panics in the same cases. The Responder also writes values of
// other types.
func ForType(t reflect.Type, opts ...Option) *Responder {
	rs, err := CompileType(t, option.Lists(opts))
	if err != nil {
		panic(err.Error())
	}
	return rs
}

// CompileType is [ForType] for the packages of this module only. It takes options in lists,
// and returns the faults.
func CompileType(t reflect.Type, opts *option.Set) (*Responder, error) {
	rs := configure(opts)
	c := &compiler{responder: rs, faults: rs.faults}
	c.checkType(t)
	return rs, c.report(t)
}
