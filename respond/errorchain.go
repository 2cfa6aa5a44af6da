package respond

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/rw"
)

// An ErrorHandler answers a request that failed with err. [AsProblem] returns the status and
// the text that [Error] would send. The text of err is not for the client.
//
// Before the call, Error logs the cause and removes the header fields of the body that was to
// be sent. It sets the header fields of the failure: those of [Problem.WithHeader], such as
// WWW-Authenticate, Allow and Retry-After.
//
// If the handler calls Error with its request, the next UseErrorHandler or [ErrorBody] further
// out answers. If it writes nothing, the response has the status of the failure and no body.
type ErrorHandler func(w http.ResponseWriter, r *http.Request, err error)

// UseErrorHandler returns middleware that lets h answer the failures of the handlers behind
// it. The innermost UseErrorHandler or [ErrorBody] in a chain counts. h does not get an error
// that serves itself, such as a [Redirect], nor an error after the client has left.
// UseErrorHandler panics if h is nil. Many goroutines call h at once.
//
// Put it outside of Recover, so that h answers panics too.
func UseErrorHandler(h ErrorHandler) func(http.Handler) http.Handler {
	if h == nil {
		panic("respond: UseErrorHandler: the handler is nil: write one")
	}
	return (&scope{handler: h}).around
}

// MapErrors returns middleware that lets f replace the errors of the handlers behind it,
// before [Error] decides what they mean. If f returns nil, the error stays. So one function
// says for all handlers what the errors of a database mean:
//
//	respond.MapErrors(func(err error) error {
//		if errors.Is(err, sql.ErrNoRows) {
//			return respond.NotFound("there is no such article")
//		}
//		return nil
//	})
//
// If there are several MapErrors in a chain, each is called, the innermost first. Each gets
// what the one before it has returned. Their order relative to UseErrorHandler and [ErrorBody]
// does not matter.
//
// f also gets the errors of package bind, the refusals of middleware, and panics: middleware
// Recover turns a panic into an error that wraps nothing. f does not get:
//
//   - an error that serves itself, such as a [Redirect]
//   - an error after the response has started or the client has left
//   - an error that an ErrorHandler passes to Error
//
// If the new error is a 5xx, the log has the replaced error too. MapErrors panics if f is nil.
// Many goroutines call f at once.
func MapErrors(f func(err error) error) func(http.Handler) http.Handler {
	if f == nil {
		panic("respond: MapErrors: the function is nil: write one that returns another error, or nil")
	}
	return (&scope{mapper: f}).around
}

type scopeKey struct{}

// A scope is one MapErrors, UseErrorHandler or ErrorBody around a handler. A nil scope is the
// end of the chain.
type scope struct {
	outer *scope
	// One of the three is set. None is set in the request that an ErrorHandler gets.
	handler ErrorHandler
	form    form
	mapper  func(error) error

	// passed means that an ErrorHandler further in was called with the error cause, after
	// fields of the failure were set.
	passed bool
	cause  error
	fields http.Header
}

// A form answers with a problem whose header fields are set, and which it may change. If it
// returns an error, it has written nothing.
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

// mapped returns what the mappers make of err, and updates found. A panic stays a panic,
// whatever it is mapped to.
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
			found.inspect(err)
			found.Panicked = panicked
		}
	}
	return err, isMapped
}

// isPassedOn reports whether err is the error that an ErrorHandler was called with. It is then
// mapped and logged already.
func (s *scope) isPassedOn(err error) bool { return s != nil && s.passed && sameError(s.cause, err) }

// renderer returns the innermost scope that has a handler or a form, or nil.
func (s *scope) renderer() *scope {
	for s != nil && s.handler == nil && s.form == nil {
		s = s.outer
	}
	return s
}

// answer answers with p, the problem of err.
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
		if fault := by.form(w, r, p.clone()); fault != nil {
			removeFields(h, fields)
			logForm(w, r, fault)
			(&Problem{Status: http.StatusInternalServerError}).send(w, r)
		}
	default:
		by.handle(w, r, p, err, fields)
	}
	answered = true
}

// handle lets the ErrorHandler of s answer. The handler may write and then fail.
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
