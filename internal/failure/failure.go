// Package failure says what an error means for the request that it ended: whether it serves
// itself, which status it asks for, and whether the client or the server ended the request.
package failure

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"reflect"
	"slices"
	"strconv"

	"github.com/tenonkit/tenon/internal/nethttp"
)

// Meaning is what the tree of an error says. If several errors of the tree have a part, the
// first one counts, in the order of [errors.As].
type Meaning struct {
	// Handler serves itself.
	Handler http.Handler
	// TooLarge is a [*http.MaxBytesError], or nil.
	TooLarge *http.MaxBytesError
	// Canceled is [context.Canceled] or an [*Ended], Deadline is
	// [context.DeadlineExceeded].
	Canceled, Deadline bool
	// Status is the result of a method StatusCode() int, if it is in 400..599, else 0.
	Status int
	// Ended means an [*Ended], and Panicked a [*Panic].
	Ended, Panicked bool
	// Disconnected means the error of net/http for a lost connection of HTTP/2.
	Disconnected bool
	// Malformed is the error of net/http for a malformed chunked body, or nil. The body is
	// that of the request, or of the answer of another server.
	Malformed error
}

type (
	handlerError interface {
		error
		http.Handler
	}
	statusError interface {
		error
		StatusCode() int
	}
	converter interface{ As(target any) bool }
	joined    interface{ Unwrap() []error }
)

// Visit is called for each error of a tree, except typed nils. If it returns true, the walk
// skips what the error wraps.
type Visit func(err error) (decides bool)

// Inspect walks the tree of err once, and calls visit for the rules that only the caller
// knows. A call of [errors.As] for each rule would call the methods of typed nils.
func (m *Meaning) Inspect(err error, visit Visit) {
	if IsNil(err) {
		return
	}
	m.note(err)
	if visit(err) {
		return
	}
	switch x := err.(type) { //nolint:errorlint // this is the walk that errors.As does
	case interface{ Unwrap() error }:
		m.Inspect(x.Unwrap(), visit)
	case joined:
		for _, inner := range x.Unwrap() {
			m.Inspect(inner, visit)
		}
	}
}

// note applies the rules to one error of the tree.
//
//nolint:errorlint // this is one step of the walk that errors.As does
func (m *Meaning) note(err error) {
	if h, ok := err.(handlerError); ok && m.Handler == nil {
		m.Handler = h
	}
	switch x := err.(type) {
	case *http.MaxBytesError:
		m.TooLarge = cmp.Or(m.TooLarge, x)
	case *Panic:
		m.Panicked = true
	case *Ended:
		m.Ended, m.Canceled = true, true
	}
	if s, ok := err.(statusError); ok && m.Status == 0 {
		if status := s.StatusCode(); status >= 400 && status <= 599 {
			m.Status = status
		}
	}
	m.Canceled = m.Canceled || same(err, context.Canceled)
	m.Deadline = m.Deadline || same(err, context.DeadlineExceeded)
	m.Disconnected = m.Disconnected || nethttp.IsDisconnect(err)
	if m.Malformed == nil && nethttp.IsMalformed(err) {
		m.Malformed = err
	}
	if x, ok := err.(converter); ok {
		m.convert(x.As)
	}
}

// convert asks the method As of an error for the types that such a method can know.
func (m *Meaning) convert(as func(target any) bool) {
	var (
		h        http.Handler
		tooLarge *http.MaxBytesError
	)
	if m.Handler == nil && as(&h) {
		m.Handler = h
	}
	if m.TooLarge == nil && as(&tooLarge) {
		m.TooLarge = tooLarge
	}
}

// TooLargeDetail returns the detail of a 413 for a body of more than limit bytes.
func TooLargeDetail(limit int64) string {
	var digits [20]byte
	return "the body is larger than " + string(strconv.AppendInt(digits[:0], limit, 10)) + " bytes"
}

// FieldWords returns the words for one invalid field of a request, for logs.
func FieldWords(in, name, pointer, detail string) string {
	if name != "" {
		in += " " + strconv.Quote(name)
	}
	if pointer != "" {
		in += " " + pointer
	}
	return in + ": " + detail
}

// Answers reports whether an error has an answer of its own, other than a 500 without its
// text. P is [*respond.Problem], which this package must not import. A type that embeds one
// is recognized by the method WithCause.
func Answers[P error](err error) bool {
	var m Meaning
	authored := false
	m.Inspect(err, func(err error) bool {
		var p P
		if x, ok := err.(interface{ Problem() P }); ok {
			authored = !IsNil(x.Problem())
		}
		if x, ok := err.(converter); ok {
			authored = authored || x.As(&p)
		}
		switch err.(type) { //nolint:errorlint // one step of the walk
		case P, interface{ WithCause(cause error) P }:
			authored = true
		}
		return authored
	})
	return authored || m.Handler != nil || m.TooLarge != nil || m.Canceled || m.Deadline || m.Status != 0
}

func same(err, target error) bool {
	if err == target { //nolint:errorlint // one step of the walk
		return true
	}
	x, ok := err.(interface{ Is(target error) bool })
	return ok && x.Is(target)
}

// IsNil reports whether err is nil or a typed nil, whose methods must not be called.
func IsNil(err error) bool { return err == nil || isTypedNil(err) } // inlined: handlers ask for each request

func isTypedNil(err error) bool {
	v := reflect.ValueOf(err)
	switch v.Kind() {
	case reflect.Pointer, reflect.Func, reflect.Map, reflect.Slice, reflect.Chan:
		return v.IsNil()
	}
	return false
}

// WithoutNils returns err without typed nils, which count as no error.
func WithoutNils(err error) error {
	if err == nil {
		return nil // inlined: streams ask for each item
	}
	return withoutNils(err)
}

func withoutNils(err error) error {
	if IsNil(err) {
		return nil
	}
	tree, ok := err.(joined)
	if !ok {
		return err
	}
	all := tree.Unwrap()
	if !slices.ContainsFunc(all, IsNil) {
		return err
	}
	return errors.Join(slices.DeleteFunc(slices.Clone(all), IsNil)...)
}

// Panic is the value of a panic of a handler, as an error for the log. It wraps nothing: an
// error that a handler panics with does not decide the response, in contrast to one that it
// returns.
type Panic struct { //nolint:errname // named after what happened
	Value any
	Stack []byte
}

func (e *Panic) Error() string { return fmt.Sprintf("panic: %v\n\n%s", e.Value, e.Stack) }

// Ended is the failure of a request that the server has ended, for example because it shuts
// down.
type Ended struct { //nolint:errname // named after what happened
	// Err is what the handler has returned.
	Err error
	// Cause is why the server has ended the request.
	Cause error
}

func (e *Ended) Error() string {
	if errors.Is(e.Err, e.Cause) {
		return e.Err.Error()
	}
	return e.Err.Error() + ": " + e.Cause.Error()
}

// Unwrap returns both errors.
func (e *Ended) Unwrap() []error { return []error{e.Err, e.Cause} }

// Left reports whether the client of a request has left, as far as the context of the request
// tells. net/http then cancels the context without a cause. A server that cancels without a
// cause looks the same. Servers of HTTP/3 give [net.ErrClosed] as the cause.
func Left(ctx context.Context) bool {
	if !errors.Is(ctx.Err(), context.Canceled) {
		return false
	}
	cause := context.Cause(ctx)
	return cause == context.Canceled || errors.Is(cause, net.ErrClosed) //nolint:errorlint // a cause of the server may wrap it
}

// Cause returns the cause with which the server has canceled the context of a request, or nil
// if it has not. A deadline does not count, because its own error says so.
func Cause(ctx context.Context) error {
	if !errors.Is(ctx.Err(), context.Canceled) || Left(ctx) {
		return nil
	}
	return context.Cause(ctx)
}

// EndedBy is [Cause] for an error that may not name the deadline, such as that of a driver.
// So a deadline of the server counts too.
func EndedBy(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return context.Cause(ctx)
	}
	return Cause(ctx)
}
