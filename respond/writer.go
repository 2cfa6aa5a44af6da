package respond

import (
	"net/http"
	"reflect"
)

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
