package respond

import (
	"fmt"
	"net/http"
	"reflect"
	"strings"
	"sync"

	"github.com/tenonkit/tenon/internal/header"
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

// Writer answers with values of type T, in the way that [For] has found for T.
// The zero value is of no use. It may be used by many goroutines at once.
type Writer[T any] struct {
	responder *Responder
	plan      plan[T]
}

// For returns the Writer of T. The rows of the table in the package
// documentation are decided here; for an interface type T they are decided by
// the value.
//
// For panics if an option is invalid, if T or a field of it that JSON would
// reach has a type that can never be encoded (a channel, a function such as an
// [iter.Seq], a complex number, a struct without exported fields or with faults
// in its json tags), or if a method that decides how a struct is sent comes
// from an embedded field while the struct has other exported fields, which
// would be lost. The panic names every fault with its field path.
func For[T any](opts ...Option) *Writer[T] {
	rs := configure(opts)
	c := &compiler{responder: rs, faults: rs.faults}
	p := compile[T](c)
	if len(c.faults) > 0 {
		panic(report("For["+reflect.TypeFor[T]().String()+"]", c.faults))
	}
	if rs.varies() {
		p = varyingPlan(rs, p)
	}
	return &Writer[T]{responder: rs, plan: p}
}

// Write answers r with v. Failures are those of the function [Write].
func (x *Writer[T]) Write(w http.ResponseWriter, r *http.Request, v T) error {
	return x.plan(w, r, v, envelope{})
}

// Error is the function [Error] for a handler that answers with x: where the
// answer depends on Accept, the failure says so too.
func (x *Writer[T]) Error(w http.ResponseWriter, r *http.Request, err error) {
	x.responder.Error(w, r, err)
}

// ForType returns a Responder for values of type t, which is known at run time
// only. It panics where [For] does: ForType is [New] with the check of the type
// that For makes. Values of other types may be written too.
func ForType(t reflect.Type, opts ...Option) *Responder {
	rs := configure(opts)
	c := &compiler{responder: rs, faults: rs.faults}
	c.checkType(t)
	if len(c.faults) > 0 {
		panic(report("For["+t.String()+"]", c.faults))
	}
	return rs
}

// Option changes how [New] and [For] answer. It may be used any number of
// times. The zero value changes nothing.
type Option struct{ apply func(*Responder) }

// Formats sets the formats that values are encoded in, the preferred one first;
// without it there is [JSON] alone. With more than one, the Accept field of the
// request chooses (RFC 9110, section 12.5.1) and every answer carries Vary:
// Accept. Where Accept admits none of them, or is absent, the first is sent. A
// Content-Type that the handler has set chooses the format that it fits
// instead.
//
// No format, an invalid one or one media type twice is a fault.
func Formats(formats ...Format) Option {
	return Option{func(rs *Responder) {
		if len(formats) == 0 {
			rs.faults = append(rs.faults, "Formats: no format")
		}
		rs.formats = make([]offer, 0, len(formats))
		for _, format := range formats {
			rs.offer(format)
		}
	}}
}

func (rs *Responder) offer(format Format) {
	media, ok := header.ParseMediaType(format.Type)
	switch {
	case !ok || !header.IsValue(format.Type):
		rs.faults = append(rs.faults, fmt.Sprintf("Formats: %q is not a media type", format.Type))
	case format.Encode == nil:
		rs.faults = append(rs.faults, fmt.Sprintf("Formats: %s has no Encode", format.Type))
	}
	for _, other := range rs.formats {
		if ok && other.media.Equal(media) {
			rs.faults = append(rs.faults, fmt.Sprintf("Formats: %s comes twice", format.Type))
		}
	}
	rs.formats = append(rs.formats, offer{format, media})
}

// AllowNotAcceptable answers with 406 where Accept admits none of the formats,
// and makes a single format look at Accept too. The body of the 406 lists what
// there is. Failures, and values that no [Format] encodes, such as text, are
// sent whatever Accept says.
func AllowNotAcceptable() Option {
	return Option{func(rs *Responder) { rs.notAcceptable = true }}
}

// Shorthand answers values of type T, inside wrappers too, by fn, in place of
// the row of the table that would apply. The header fields of wrappers are set
// before fn is called, their status is not. An error from fn is answered by
// [Error], and breaks the response off if fn has begun it. Nil is 204 and does not reach fn.
//
// A nil fn, an interface or wrapper type T, or one type twice is a fault.
func Shorthand[T any](fn func(w http.ResponseWriter, r *http.Request, v T) error) Option {
	return Option{func(rs *Responder) {
		t := reflect.TypeFor[T]()
		switch _, twice := rs.shorthands[t]; {
		case fn == nil:
			rs.faults = append(rs.faults, fmt.Sprintf("Shorthand[%s]: nil function", t))
		case t.Kind() == reflect.Interface:
			rs.faults = append(rs.faults, fmt.Sprintf("Shorthand[%s]: no value has an interface as its type", t))
		case t.Implements(reflect.TypeFor[wrapper]()):
			rs.faults = append(rs.faults, fmt.Sprintf("Shorthand[%s]: wrappers come first", t))
		case twice:
			rs.faults = append(rs.faults, fmt.Sprintf("Shorthand[%s] comes twice", t))
		}
		if rs.shorthands == nil {
			rs.shorthands = make(map[reflect.Type]shorthand)
		}
		rs.shorthands[t] = shorthand{typed: fn, dynamic: func(w http.ResponseWriter, r *http.Request, v any) error {
			x, _ := v.(T)
			return fn(w, r, x)
		}}
	}}
}

// shorthand is one function in two forms.
type shorthand struct {
	typed   any // func(http.ResponseWriter, *http.Request, T) error
	dynamic func(w http.ResponseWriter, r *http.Request, v any) error
}
