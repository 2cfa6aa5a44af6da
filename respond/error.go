package respond

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"reflect"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/rw"
)

// Error answers r with the failure err: it is the one way in which the packages
// of this module answer a failure. The first rule that fits, in the tree of err
// as [errors.As] walks it, decides:
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
// server, whatever it is: nothing is logged, no [ErrorHandler] is called, and
// AccessLog has the status 499. What is written all the same, a 503 or the 4xx
// of err, reaches a client that is still there: it has closed its half of the
// connection only, or the context was canceled without a cause.
//
// The header fields of the failure itself, those of [Problem.WithHeader], are set
// before the answer is written, whatever its form. It is written by the nearest [ErrorHandler] that [UseErrorHandler]
// put around the handler, else as application/problem+json (RFC 9457). Header
// fields that describe the body that was to be sent (Content-Length,
// Content-Encoding, ETag, Last-Modified and the like) are dropped first;
// others, such as Set-Cookie, Vary and those of CORS, stay. The cause of a 5xx
// is logged once with [slog.Default].
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
	if cause := failure.EndedBy(r.Context()); cause != nil && !left && found.isEnd() {
		err = &failure.Ended{Err: printable(err), Cause: cause}
		found = inspect(err)
	}
	if !rw.Restart(w) {
		if !left {
			logAbort(w, r, err)
		}
		rw.Abort(w, r)
	}
	h := w.Header()
	header.DropRepresentation(h)
	if left {
		// Not for the client that left, but for one behind a context that was
		// canceled without a cause, or that has closed its half only.
		rw.RecordLeft(w)
		p := found.answer()
		if p.status() >= http.StatusInternalServerError {
			p = &Problem{Status: http.StatusServiceUnavailable}
		}
		p.addFields(h)
		p.send(w, r)
		return
	}
	if found.isDeadline() && rw.Exceeded(w) {
		err = &timeoutError{err}
		found = inspect(err)
	}
	if found.isMalformed(r) {
		err = &malformedError{err}
		found = inspect(err)
	}
	if found.Handler != nil {
		found.Handler.ServeHTTP(w, r)
		return
	}
	p := found.answer()
	current, _ := r.Context().Value(scopeKey{}).(*scope)
	if p.status() >= http.StatusInternalServerError && !current.hasLogged(err) {
		logCause(w, r, p, err)
	}
	if current != nil {
		removeFields(h, current.fields)
	}
	fields := p.addFields(h)
	answered := false
	defer func() {
		if !answered {
			removeFields(h, fields) // the answer to a panic is that to another failure
		}
	}()
	if current == nil || current.handler == nil {
		p.send(w, r)
		answered = true
		return
	}
	// The handler may be one that writes and then fails.
	own := rw.Wrap(w)
	inner := r.WithContext(context.WithValue(r.Context(), scopeKey{}, current.after(err, fields)))
	defer rw.BringBack(r, inner) // the handler may parse the form, to show it again
	current.handler(own, inner, err)
	if !rw.Started(own) {
		own.WriteHeader(p.status())
	}
	answered = true
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

// sameError compares two errors whose types may not be comparable.
func sameError(a, b error) bool {
	if a == nil || b == nil {
		return a == b //nolint:errorlint // identity is meant
	}
	return reflect.ValueOf(a).Comparable() && a == b //nolint:errorlint // identity is meant
}

// ErrorHandler answers a request that failed with err. [AsProblem] tells which
// status and public text [Error] would send; the text of err is not for the
// client. When it is called, header fields of the body that was to be sent are
// gone, those of the failure itself (WWW-Authenticate, Allow, Retry-After,
// whatever [Problem.WithHeader] has added) are set, and the cause is logged. If
// it calls [Error] with the request it was given, the handler further out
// answers. If it writes nothing, the status of the failure is sent without content.
type ErrorHandler func(w http.ResponseWriter, r *http.Request, err error)

// UseErrorHandler returns middleware below which [Error] answers with h: of
// several in a chain the innermost counts. Errors that serve themselves, such
// as a [Redirect], do not reach h, nor do those of a client that has left. It
// panics if h is nil. Many requests call h at once.
func UseErrorHandler(h ErrorHandler) func(http.Handler) http.Handler {
	if h == nil {
		panic("respond: UseErrorHandler: nil ErrorHandler")
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			outer, _ := r.Context().Value(scopeKey{}).(*scope)
			inner := r.WithContext(context.WithValue(r.Context(), scopeKey{}, &scope{handler: h, outer: outer}))
			rw.RecordCopy(w, inner)
			defer rw.BringBack(r, inner)
			next.ServeHTTP(w, inner)
		})
	}
}

type scopeKey struct{}

// scope is the error handler of a subtree and the scope around it.
type scope struct {
	handler ErrorHandler
	outer   *scope
	// cause is what a handler further in was called with, if logged is true.
	logged bool
	cause  error
	// fields are those of the failure that were set for that handler.
	fields http.Header
}

func (s *scope) hasLogged(err error) bool {
	return s != nil && s.logged && sameError(s.cause, err)
}

// after returns the scope for a handler that answers err, whose header fields
// are set: the one around s.
func (s *scope) after(err error, fields http.Header) *scope {
	next := &scope{logged: true, cause: err, fields: fields}
	if s.outer != nil {
		next.handler, next.outer = s.outer.handler, s.outer.outer
	}
	return next
}
