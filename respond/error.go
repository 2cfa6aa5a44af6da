package respond

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"
	"time"

	"github.com/tenonkit/tenon/internal/rw"
)

// Error answers r with the failure err: it is the one way in which the packages
// of this module answer a failure. The first rule that fits, in the tree of err
// as [errors.As] walks it, decides:
//
//	an http.Handler, such as a Redirect         serves itself
//	a *Problem, or a type that embeds one       that problem; its cause is not looked at
//	a type with a method Problem() *Problem     that problem, unless it is nil
//	*http.MaxBytesError                         413
//	context.Canceled, once the client has left  nothing is written or logged
//	context.DeadlineExceeded                    504, or 503 where middleware Timeout has set the deadline
//	StatusCode() int in 400..599                that status, without the text
//	anything else, nil too                      500
//
// The text of err itself is never sent. A typed nil counts as anything else,
// and its methods are not called.
//
// The answer is written by the nearest [ErrorHandler] that [UseErrorHandler]
// put around the handler, else as application/problem+json (RFC 9457). Header
// fields that describe the body that was to be sent (Content-Length,
// Content-Encoding, ETag, Last-Modified and the like) are dropped first;
// others, such as Set-Cookie, Vary and those of CORS, stay. The cause of a 5xx
// is logged once with [slog.Default].
//
// If the response has started, as far as the writer can tell, it can only be
// broken off: Error logs err and panics with [http.ErrAbortHandler], so that
// the client sees a truncated response. What middleware still holds back of it
// is dropped, and the failure answered. An err that [Write] has returned is
// answered already, and Error does nothing.
func Error(w http.ResponseWriter, r *http.Request, err error) {
	found := inspect(err)
	if found.answered {
		return
	}
	left := found.handler == nil && found.clientLeft(r)
	if !rw.Restart(w) {
		if !left {
			logAbort(w, r, err)
		}
		panic(http.ErrAbortHandler)
	}
	if left {
		abandon(w)
		return
	}
	dropEntity(w.Header())
	if found.isDeadline() && rw.Exceeded(w) {
		err = &timeoutError{err}
		found = inspect(err)
	}
	if found.handler != nil {
		found.handler.ServeHTTP(w, r)
		return
	}
	p := found.answer()
	current, _ := r.Context().Value(scopeKey{}).(*scope)
	if p.status() >= http.StatusInternalServerError && !current.hasLogged(err) {
		logCause(w, r, p, err)
	}
	if current == nil || current.handler == nil {
		p.send(w, r)
		return
	}
	inner := r.WithContext(context.WithValue(r.Context(), scopeKey{}, current.after(err)))
	defer rw.BringBack(r, inner) // the handler may parse the form, to show it again
	current.handler(w, inner, err)
}

// abandon keeps net/http from finishing the response once the handler has
// returned, be it as an empty 200. It counts a client as gone that has only
// closed its half of the connection, and that would take the answer for a
// complete one. A writer without deadlines has nobody behind it to be misled.
func abandon(w http.ResponseWriter) {
	_ = http.NewResponseController(w).SetWriteDeadline(time.Unix(1, 0))
}

// sentError is an error that has had its answer: it keeps a caller who passes
// the result of Write to Error from answering twice.
type sentError struct{ error }

func (e *sentError) Unwrap() error { return e.error }

// logCause logs a server error, unless a middleware collects it for its own
// record.
func logCause(w http.ResponseWriter, r *http.Request, p *Problem, err error) {
	cause := printable(err)
	if p.cause != nil && !isNil(err) {
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

// printable keeps the log from calling the methods of a typed nil.
func printable(err error) error {
	switch {
	case err == nil:
		return errors.New("respond: Error was called without an error")
	case isNil(err):
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

// sameError compares two errors whose types may not be comparable.
func sameError(a, b error) bool {
	if a == nil || b == nil {
		return a == b //nolint:errorlint // identity is meant
	}
	return reflect.ValueOf(a).Comparable() && a == b //nolint:errorlint // identity is meant
}
