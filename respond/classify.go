package respond

import (
	"context"
	"errors"
	"net/http"
	"reflect"
)

// findings is what one walk over the tree of an error has met: of each rule the
// first error that fits it, in the order of [errors.As].
type findings struct {
	handler  http.Handler
	problem  *Problem
	declared *Problem
	tooLarge bool
	canceled bool
	deadline bool
	answered bool
	status   int
}

type (
	handlerError interface {
		error
		http.Handler
	}
	// problemError is *Problem and every type that embeds it.
	problemError interface {
		error
		problem() *Problem
	}
	problemSource interface {
		error
		Problem() *Problem
	}
	statusError interface {
		error
		StatusCode() int
	}
)

// AsProblem returns the problem that [Error] would answer err with, for an
// [ErrorHandler] that gives it another form. It is never nil and belongs to the
// caller; its Status and Title are filled in. An error without public text
// becomes a problem without Detail.
func AsProblem(err error) *Problem {
	found := inspect(err)
	return found.answer().clone()
}

// answer applies the rules from the Problem on; nothing found is a 500.
func (f *findings) answer() *Problem {
	switch {
	case f.problem != nil:
		return f.problem
	case f.declared != nil:
		return f.declared
	case f.tooLarge:
		return &Problem{Status: http.StatusRequestEntityTooLarge}
	case f.deadline:
		return &Problem{Status: http.StatusGatewayTimeout}
	case f.status != 0:
		return &Problem{Status: f.status}
	}
	return &Problem{Status: http.StatusInternalServerError}
}

// clientLeft reports whether the error says no more than that the client of r
// went away. A cancellation while the client is still there is a server error.
func (f *findings) clientLeft(r *http.Request) bool {
	return f.canceled && f.problem == nil && f.declared == nil && !f.tooLarge &&
		hasLeft(r)
}

// isDeadline reports whether the rule for [context.DeadlineExceeded] decides.
func (f *findings) isDeadline() bool {
	return f.deadline && f.handler == nil && f.problem == nil && f.declared == nil && !f.tooLarge
}

// hasLeft reports whether the client of r has gone away.
func hasLeft(r *http.Request) bool { return errors.Is(r.Context().Err(), context.Canceled) }

// inspect walks err once for all the rules. A walk per rule with [errors.As]
// would call the methods of typed nil pointers.
func inspect(err error) findings {
	if p, ok := err.(*Problem); ok && p != nil { //nolint:errorlint // the common case needs no walk
		return findings{problem: p}
	}
	var f findings
	f.walk(err)
	return f
}

func (f *findings) walk(err error) {
	if isNil(err) {
		return
	}
	f.visit(err)
	switch err.(type) { //nolint:errorlint // one step of the walk
	case problemError:
		return // The cause is for the log: the author of the Problem has decided.
	case *sentError:
		f.answered = true
		return
	}
	switch x := err.(type) { //nolint:errorlint // this is the walk that errors.As does
	case interface{ Unwrap() error }:
		f.walk(x.Unwrap())
	case interface{ Unwrap() []error }:
		for _, inner := range x.Unwrap() {
			f.walk(inner)
		}
	}
}

// visit applies the rules to one error of the tree.
//
//nolint:errorlint // this is one step of the walk that errors.As does
func (f *findings) visit(err error) {
	if h, ok := err.(handlerError); ok && f.handler == nil {
		f.handler = h
	}
	if p, ok := err.(problemError); ok && f.problem == nil {
		f.problem = problemOf(p)
	}
	if p, ok := err.(problemSource); ok && f.declared == nil {
		f.declared = p.Problem()
	}
	if _, ok := err.(*http.MaxBytesError); ok {
		f.tooLarge = true
	}
	if s, ok := err.(statusError); ok && f.status == 0 {
		if status := s.StatusCode(); status >= 400 && status <= 599 {
			f.status = status
		}
	}
	f.canceled = f.canceled || same(err, context.Canceled)
	f.deadline = f.deadline || same(err, context.DeadlineExceeded)
	if x, ok := err.(interface{ As(target any) bool }); ok {
		f.convert(x.As)
	}
}

// convert asks an error that has an As method for the types that such a method
// can know.
func (f *findings) convert(as func(target any) bool) {
	var (
		h        http.Handler
		p        *Problem
		tooLarge *http.MaxBytesError
	)
	if f.handler == nil && as(&h) {
		f.handler = h
	}
	if f.problem == nil && as(&p) {
		f.problem = p
	}
	f.tooLarge = f.tooLarge || as(&tooLarge)
}

func same(err, target error) bool {
	if err == target { //nolint:errorlint // one step of the walk
		return true
	}
	x, ok := err.(interface{ Is(target error) bool })
	return ok && x.Is(target)
}

// isNil reports whether err is nil or holds a nil of its type, whose methods
// must not be called.
func isNil(err error) bool {
	if err == nil {
		return true
	}
	v := reflect.ValueOf(err)
	switch v.Kind() {
	case reflect.Pointer, reflect.Func, reflect.Map, reflect.Slice, reflect.Chan:
		return v.IsNil()
	}
	return false
}
