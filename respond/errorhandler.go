package respond

import (
	"context"
	"net/http"

	"github.com/tenonkit/tenon/internal/rw"
)

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
