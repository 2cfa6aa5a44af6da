package respond

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"runtime/debug"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/rw"
)

// Error answers r with the failure err. All packages of this module answer failures with it.
//
// Each [MapErrors] around the handler may replace err first. Then the first row that fits
// decides. A row fits if it fits err or an error that err wraps, as with [errors.As]:
//
//	an http.Handler, such as a Redirect       serves itself
//	a *Problem, or a type that embeds one     that problem, with the members of the type
//	a type with a method Problem() *Problem   that problem, unless it is nil
//	*http.MaxBytesError                       413, whose detail has the limit
//	context.Canceled                          503
//	context.DeadlineExceeded                  504; 503 if middleware Timeout set the deadline
//	StatusCode() int in 400..599              that status, without the text
//	anything else, nil too                    500; 503 if the server has ended the request;
//	                                          400 if its chunked body is malformed
//
// The cause of a Problem does not count, and the text of err is never sent. A typed nil
// counts as anything else; its methods are not called.
//
// If the context of r has ended, [context.Cause] tells who ended the request:
//
//   - A cause other than [context.Canceled] means the server. The functions
//     [os/signal.NotifyContext], [context.WithCancelCause] and [context.WithTimeout] set such
//     a cause. Error logs it with the failure.
//   - Otherwise the client has left. Whatever err is, it is not a failure of the server: Error
//     logs nothing and calls no MapErrors and no [ErrorHandler], and AccessLog records the
//     status 499. Error still writes a 503, or the 4xx of err. Only a client that is there
//     gets it: one that closed only its half of the connection, or whose context was canceled
//     without a cause.
//
// The innermost [UseErrorHandler] or [ErrorBody] around the handler writes the answer. Without
// one, it is application/problem+json (RFC 9457). The header fields of [Problem.WithHeader]
// are set in every form. Header fields that describe the body that was to be sent are removed:
// Content-Length, Content-Encoding, ETag, Last-Modified and the like. Others, such as
// Set-Cookie, Vary and those of CORS, stay. The cause of a 5xx is logged once with
// [slog.Default], with the error that MapErrors replaced.
//
// If the response has started, as far as the writer can tell, Error logs err and panics with
// [http.ErrAbortHandler], so that the client sees a truncated response. For HTTP/1.0, where
// the end of the connection is the end of the body, Error resets the connection; this needs
// Hijack to reach net/http. If middleware still holds the whole response back, Error replaces
// it by the answer. Error does nothing for an err that [Write] has returned, because the
// request has its answer.
func Error(w http.ResponseWriter, r *http.Request, err error) {
	var found findings
	if found.inspect(err); found.answered {
		return
	}
	left := found.clientLeft(w, r)
	if !rw.Restart(w) {
		if !left {
			if cause := found.endedBy(r); cause != nil {
				err = &failure.Ended{Err: printable(err), Cause: cause}
			}
			logAbort(w, r, err)
		}
		rw.Abort(w, r)
	}
	header.DropRepresentation(w.Header())
	current := scopeOf(r)
	if left {
		found.answerLeft(w, r, current)
		return
	}
	var unlogged error
	if found.Panicked {
		unlogged = err
		defer answerSecondPanic(w, r, &unlogged)
	}
	original := err
	err, isMapped := current.mapped(err, &found)
	if isMapped && found.clientLeft(w, r) {
		found.answerLeft(w, r, current)
		return
	}
	err = found.classified(w, r, err)
	if found.Handler != nil {
		found.Handler.ServeHTTP(w, r)
		return
	}
	p := found.answer()
	if (found.Panicked || p.status() >= http.StatusInternalServerError) && !current.isPassedOn(err) {
		logCause(w, r, p, withOriginal(err, original))
		unlogged = nil
	}
	current.answer(w, r, p, err)
}

// answerSecondPanic is deferred. It answers if a MapErrors, UseErrorHandler or ErrorBody
// panics while it handles a panic, because nobody further out would answer. It logs the first
// panic with the second one, unless the first is logged already.
func answerSecondPanic(w http.ResponseWriter, r *http.Request, unlogged *error) {
	value := recover()
	if value == nil {
		return
	}
	if value == http.ErrAbortHandler { //nolint:errorlint // as net/http compares it
		panic(value)
	}
	err := withOriginal(&failure.Panic{Value: value, Stack: debug.Stack()}, *unlogged)
	if !rw.Restart(w) {
		logAbort(w, r, err)
		rw.Abort(w, r)
	}
	header.DropRepresentation(w.Header())
	p := &Problem{Status: http.StatusInternalServerError}
	logCause(w, r, p, err)
	p.send(w, r)
}

// answerLeft answers after the client has left. The answer reaches a client only if the
// context was canceled without a cause, or if the client closed only its half.
func (f *findings) answerLeft(w http.ResponseWriter, r *http.Request, current *scope) {
	rw.RecordLeft(w)
	p := f.answer()
	if p.status() >= http.StatusInternalServerError {
		p = &Problem{Status: http.StatusServiceUnavailable}
	}
	p.addFields(w.Header())
	if s := current.renderer(); s == nil || s.form == nil || s.form(w, r, p.clone()) != nil {
		p.send(w, r)
	}
}

// classified returns err, or an error around it that says what happened to the request: it
// was ended, timed out or malformed, unless its author has decided. It also updates f.
func (f *findings) classified(w http.ResponseWriter, r *http.Request, err error) error {
	if f.isAuthored() {
		return err
	}
	panicked := f.Panicked
	defer func() { f.Panicked = panicked }()
	if cause := f.endedBy(r); cause != nil {
		err = &failure.Ended{Err: printable(err), Cause: cause}
		f.inspect(err)
	}
	if f.isDeadline() && rw.Exceeded(w) {
		err = &timeoutError{err}
		f.inspect(err)
	}
	if f.isMalformed(r) {
		err = &malformedError{err}
		f.inspect(err)
	}
	return err
}

// endedBy returns the reason why the server has ended r, nil if it has not or if the error
// says more than that.
func (f *findings) endedBy(r *http.Request) error {
	if cause := failure.EndedBy(r.Context()); cause != nil && f.isEnd() {
		return cause
	}
	return nil
}

// sentError is an error that is answered already. It keeps a caller who passes the result of
// Write to Error from answering twice.
type sentError struct{ error }

func (e *sentError) Unwrap() error { return e.error }

// logCause logs a server error, unless a middleware collects it for its own
// record.
func logCause(w http.ResponseWriter, r *http.Request, p *Problem, err error) {
	cause := printable(err)
	if p.cause != nil && !failure.IsNil(err) {
		cause = &causedError{err, printable(p.cause)}
	}
	if rw.RecordCause(w, cause) {
		return
	}
	slog.LogAttrs(r.Context(), slog.LevelError, "respond: server error",
		slog.Int("status", p.status()), slog.String("method", r.Method),
		slog.String("path", r.URL.Path), slog.Any("error", cause))
}

func logAbort(w http.ResponseWriter, r *http.Request, err error) {
	if rw.RecordCause(w, printable(err)) {
		return
	}
	slog.LogAttrs(r.Context(), slog.LevelError, "respond: response broken off",
		slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Any("error", printable(err)))
}

// timeoutError is the end of a deadline that middleware Timeout has set: a 503, because the
// server has set the deadline itself.
type timeoutError struct{ error }

func (e *timeoutError) Unwrap() error { return e.error }

// Problem is for [AsProblem] as well.
func (e *timeoutError) Problem() *Problem {
	return &Problem{Status: http.StatusServiceUnavailable}
}

// malformedError is a request whose chunked body breaks the syntax of HTTP.
type malformedError struct{ error }

func (e *malformedError) Unwrap() error { return e.error }

// Problem is for [AsProblem] as well.
func (e *malformedError) Problem() *Problem { return &Problem{Status: http.StatusBadRequest} }

// printable returns err for the log, without the methods of a typed nil.
func printable(err error) error {
	switch {
	case err == nil:
		return errors.New("respond: Error was called without an error")
	case failure.IsNil(err):
		return fmt.Errorf("respond: nil %T", err)
	}
	return err
}

// causedError adds the text of a Problem's cause for the log.
type causedError struct {
	error
	cause error
}

func (e *causedError) Error() string { return e.error.Error() + ": " + e.cause.Error() }

func (e *causedError) Unwrap() error { return e.error }

// replacedError is what [MapErrors] has made of a failure, for the log.
type replacedError struct {
	error
	original error
}

func (e *replacedError) Error() string { return e.error.Error() + ": " + e.original.Error() }

func (e *replacedError) Unwrap() []error { return []error{e.error, e.original} }

// withOriginal returns err for the log. It adds the original error, unless err wraps it.
func withOriginal(err, original error) error {
	var tree failure.Meaning
	wraps := false
	tree.Inspect(err, func(inner error) bool {
		wraps = wraps || sameError(inner, original)
		return wraps
	})
	if wraps || sameError(err, original) || failure.IsNil(original) {
		return err
	}
	return &replacedError{printable(err), original}
}

// sameError compares two errors whose types may not be comparable.
func sameError(a, b error) bool {
	if a == nil || b == nil {
		return a == b //nolint:errorlint // identity is meant
	}
	return reflect.ValueOf(a).Comparable() && a == b //nolint:errorlint // identity is meant
}
