package respond

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/rw"
)

// ErrorHandler answers a request that failed with err. [AsProblem] tells which
// status and public text [Error] would send; the text of err is not for the
// client. When it is called, header fields of the body that was to be sent are
// gone, those of the failure itself (WWW-Authenticate, Allow, Retry-After,
// whatever [Problem.WithHeader] has added) are set, and the cause is logged. If
// it calls [Error] with the request it was given, the handler or [ErrorBody]
// further out answers. If it writes nothing, the status of the failure is sent
// without content.
type ErrorHandler func(w http.ResponseWriter, r *http.Request, err error)

// UseErrorHandler returns middleware below which [Error] answers with h: the
// innermost of it and [ErrorBody] in a chain counts. Errors that serve themselves,
// such as a [Redirect], do not reach h, nor do those of a client that has left. It
// panics if h is nil. Many requests call h at once.
//
// Put it outside of Recover, so that the answer to a panic has its form too.
func UseErrorHandler(h ErrorHandler) func(http.Handler) http.Handler {
	if h == nil {
		panic("respond: UseErrorHandler of nil: give it an ErrorHandler")
	}
	return (&scope{handler: h}).around
}

// MapErrors returns middleware below which f sees each failure before it is
// classified, and may return another error in its place; nil keeps it. So one
// function says what the errors of a database mean, for all handlers:
//
//	respond.MapErrors(func(err error) error {
//		if errors.Is(err, sql.ErrNoRows) {
//			return respond.NotFound("there is no such article")
//		}
//		return nil
//	})
//
// Every MapErrors around the place of the failure is asked, the innermost first,
// with what those further in have returned; where UseErrorHandler or [ErrorBody]
// stand makes no difference. It sees the errors of package bind, what middleware
// refuses, and panics, which middleware Recover passes on with an error that wraps
// nothing. It does not see an error that serves itself, such as a [Redirect], nor
// one that comes when the response has started or the client has left, nor one that
// an ErrorHandler passes on.
//
// An error that f replaces is logged with a 5xx that stands for it. MapErrors
// panics if f is nil. Many requests call f at once.
func MapErrors(f func(err error) error) func(http.Handler) http.Handler {
	if f == nil {
		panic("respond: MapErrors of nil: give it a function that returns another error, or nil")
	}
	return (&scope{mapper: f}).around
}

type scopeKey struct{}

// A scope is one point of the chain around a handler that has a say in failures. A
// nil scope is the end of the chain.
type scope struct {
	outer *scope
	// One of the three is set, and none for what an ErrorHandler calls.
	handler ErrorHandler
	form    form
	mapper  func(error) error

	// passed says that a handler further in was called, with the error cause and
	// after these header fields of the failure were set.
	passed bool
	cause  error
	fields http.Header
}

// A form answers with a problem, whose header fields are set. It returns an error if
// it could not, and has written nothing then.
type form func(w http.ResponseWriter, r *http.Request, p *Problem) error

func scopeOf(r *http.Request) *scope {
	s, _ := r.Context().Value(scopeKey{}).(*scope)
	return s
}

// around returns next within s.
func (s *scope) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		here := *s
		here.outer = scopeOf(r)
		inner := r.WithContext(context.WithValue(r.Context(), scopeKey{}, &here))
		rw.RecordCopy(w, inner)
		defer rw.BringBack(r, inner)
		next.ServeHTTP(w, inner)
	})
}

// mapped returns what the mappers make of err, and finds anew what that means. A
// panic stays one, whatever it is mapped to.
func (s *scope) mapped(err error, found *findings) (mapped error, isMapped bool) {
	if s.isPassedOn(err) {
		return err, false
	}
	panicked := found.Panicked
	for ; s != nil && found.Handler == nil; s = s.outer {
		if s.mapper == nil {
			continue
		}
		if next := s.mapper(printable(err)); !failure.IsNil(next) {
			err, isMapped = next, true
			*found = inspect(err)
			found.Panicked = panicked
		}
	}
	return err, isMapped
}

// isPassedOn reports whether err is the error that an ErrorHandler was called with.
func (s *scope) isPassedOn(err error) bool { return s != nil && s.passed && sameError(s.cause, err) }

func (s *scope) hasLogged(err error) bool { return s.isPassedOn(err) }

// renderer returns the nearest scope that decides about the form of failures, or nil.
func (s *scope) renderer() *scope {
	for s != nil && s.handler == nil && s.form == nil {
		s = s.outer
	}
	return s
}

// answer answers with p, which is what err means.
func (s *scope) answer(w http.ResponseWriter, r *http.Request, p *Problem, err error) {
	h := w.Header()
	if s != nil {
		removeFields(h, s.fields)
	}
	fields := p.addFields(h)
	answered := false
	defer func() {
		if !answered {
			removeFields(h, fields) // the answer to a panic is that to another failure
		}
	}()
	switch by := s.renderer(); {
	case by == nil:
		p.send(w, r)
	case by.form != nil:
		if fault := by.form(w, r, p); fault != nil {
			removeFields(h, fields)
			logForm(w, r, fault)
			(&Problem{Status: http.StatusInternalServerError}).send(w, r)
		}
	default:
		by.handle(w, r, p, err, fields)
	}
	answered = true
}

// handle lets the ErrorHandler of s answer. It may be one that writes and then fails.
func (s *scope) handle(w http.ResponseWriter, r *http.Request, p *Problem, err error, fields http.Header) {
	own := rw.Wrap(w)
	outer := &scope{outer: s.outer, passed: true, cause: err, fields: fields}
	inner := r.WithContext(context.WithValue(r.Context(), scopeKey{}, outer))
	defer rw.BringBack(r, inner) // the handler may parse the form, to show it again
	s.handler(own, inner, err)
	if !rw.Started(own) {
		own.WriteHeader(p.status())
	}
}

// logForm logs a body of an [ErrorBody] that cannot be encoded.
func logForm(w http.ResponseWriter, r *http.Request, fault error) {
	if rw.RecordCause(w, fault) {
		return
	}
	slog.LogAttrs(r.Context(), slog.LevelError, "respond: the form of a failure cannot be encoded",
		slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Any("error", fault))
}
