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

// Error answers r with the failure err: it is the one way in which the packages
// of this module answer a failure. Each [MapErrors] around r sees err first and
// may replace it. Then the first rule that fits, in the tree of err as [errors.As]
// walks it, decides:
//
//	an http.Handler, such as a Redirect         serves itself
//	a *Problem, or a type that embeds one       that problem, with the members of the type;
//	                                            its cause is not looked at
//	a type with a method Problem() *Problem     that problem, unless it is nil
//	*http.MaxBytesError                         413
//	context.Canceled                            503
//	context.DeadlineExceeded                    504, or 503 where middleware Timeout has set the deadline
//	StatusCode() int in 400..599                that status, without the text
//	anything else, nil too                      500, or 503 where the server has ended the request,
//	                                            or 400 for chunks of the request that are malformed
//
// The text of err itself is never sent. A typed nil counts as anything else,
// and its methods are not called.
//
// Who has ended the request is decided by [context.Cause] of its context. A
// cause other than [context.Canceled], as [os/signal.NotifyContext],
// [context.WithCancelCause] and the deadline of [context.WithTimeout] give it, is
// the server's: it is logged with the failure. Otherwise the client has left, and then err is no failure of the
// server, whatever it is: nothing is logged, no MapErrors and no [ErrorHandler] is
// called, and AccessLog has the status 499. What is written all the same, a 503 or
// the 4xx of err, reaches a client that is still there: it has closed its half of
// the connection only, or the context was canceled without a cause.
//
// The header fields of the failure itself, those of [Problem.WithHeader], are set
// before the answer is written, whatever its form. It is written by the innermost
// of [UseErrorHandler] and [ErrorBody] around the handler, else as
// application/problem+json (RFC 9457). Header
// fields that describe the body that was to be sent (Content-Length,
// Content-Encoding, ETag, Last-Modified and the like) are dropped first;
// others, such as Set-Cookie, Vary and those of CORS, stay. The cause of a 5xx
// is logged once with [slog.Default]; an error that MapErrors has replaced is part
// of it.
//
// If the response has started, as far as the writer can tell, it can only be
// broken off: Error logs err and panics with [http.ErrAbortHandler], so that
// the client sees a truncated response. To a client of HTTP/1.0 the end of the
// connection is that of the body, so the connection is reset, for which Hijack
// has to reach net/http. What middleware still holds back of the response is
// dropped, and the failure answered. An err that [Write] has returned is
// answered already, and Error does nothing.
func Error(w http.ResponseWriter, r *http.Request, err error) {
	found := inspect(err)
	if found.answered {
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
	if (found.Panicked || p.status() >= http.StatusInternalServerError) && !current.hasLogged(err) {
		logCause(w, r, p, withOriginal(err, original))
		unlogged = nil
	}
	current.answer(w, r, p, err)
}

// answerSecondPanic answers where a function of the chain that has a say in failures
// panics over the answer to a panic: nobody further out would answer. It is deferred. The
// first panic is logged with the second one, unless it has been.
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

// answerLeft answers nobody in the end, but for a client behind a context that was
// canceled without a cause, or one that has closed its half only.
func (f *findings) answerLeft(w http.ResponseWriter, r *http.Request, current *scope) {
	rw.RecordLeft(w)
	p := f.answer()
	if p.status() >= http.StatusInternalServerError {
		p = &Problem{Status: http.StatusServiceUnavailable}
	}
	p.addFields(w.Header())
	if s := current.renderer(); s == nil || s.form == nil || s.form(w, r, p) != nil {
		p.send(w, r)
	}
}

// classified returns err as what has happened to the request makes it, and finds
// anew what it means.
func (f *findings) classified(w http.ResponseWriter, r *http.Request, err error) error {
	panicked := f.Panicked
	defer func() { f.Panicked = panicked }()
	if cause := f.endedBy(r); cause != nil {
		err = &failure.Ended{Err: printable(err), Cause: cause}
		*f = inspect(err)
	}
	if f.isDeadline() && rw.Exceeded(w) {
		err = &timeoutError{err}
		*f = inspect(err)
	}
	if f.isMalformed(r) {
		err = &malformedError{err}
		*f = inspect(err)
	}
	return err
}

// endedBy returns the reason why the server has ended r, if it has and the error tells
// no more than that.
func (f *findings) endedBy(r *http.Request) error {
	if cause := failure.EndedBy(r.Context()); cause != nil && f.isEnd() {
		return cause
	}
	return nil
}

// sentError is an error that has had its answer: it keeps a caller who passes
// the result of Write to Error from answering twice.
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

// timeoutError is the end of a deadline that middleware Timeout has set: the
// server could not do it in the time it gives itself.
type timeoutError struct{ error }

func (e *timeoutError) Unwrap() error { return e.error }

// Problem is for [AsProblem] as well.
func (e *timeoutError) Problem() *Problem {
	return &Problem{Status: http.StatusServiceUnavailable}
}

// malformedError is a request whose body could not be read by the rules of HTTP.
type malformedError struct{ error }

func (e *malformedError) Unwrap() error { return e.error }

// Problem is for [AsProblem] as well.
func (e *malformedError) Problem() *Problem { return &Problem{Status: http.StatusBadRequest} }

// printable keeps the log from calling the methods of a typed nil.
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

// withOriginal returns err for the log, with the error that it stands for where it
// does not wrap that.
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
