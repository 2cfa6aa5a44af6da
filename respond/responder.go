package respond

import (
	"net/http"
	"reflect"
	"strings"
	"sync"

	"github.com/tenonkit/tenon/internal/header"
)

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
	rs := configure(opts)
	if len(rs.faults) > 0 {
		panic(report("New", rs.faults))
	}
	return rs
}

func configure(opts []Option) *Responder {
	rs := new(Responder)
	for _, opt := range opts {
		if opt.apply != nil {
			opt.apply(rs)
		}
	}
	if rs.notAcceptable && len(rs.formats) == 0 {
		rs.offer(JSON())
	}
	return rs
}

func report(place string, faults []string) string {
	return "respond: " + place + ": " + strings.Join(faults, "\nrespond: "+place+": ")
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
