package middleware

import (
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

// Recover turns a panic of the handler into a response the client can tell from
// a good one, where net/http only closes the connection. The value and the stack
// go to the log, in the field error: to the record of [AccessLog] if that is
// further out, else to [slog.Default].
//
//	nothing was sent          500 by respond.Error, without the text of the panic; header fields of the body
//	                          that was to be sent are dropped, and so are Cache-Control, but for no-store, and Expires
//	the response has started  it is broken off by http.ErrAbortHandler, so that the client sees it truncated
//	the connection was taken  nothing is written; the handler's defers close it
//	http.ErrAbortHandler      passes: the handler wants the connection closed, and no log
//
// What is broken off is reset where the client speaks HTTP/1.0, to which the end
// of the connection would be that of the body.
//
// Put it outside of the middleware that may panic and inside of AccessLog. What
// compress or ETag hold back when the handler panics is dropped. A panic in
// another goroutine than that of the handler cannot be recovered here and ends
// the program.
func Recover() func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			own := rw.Wrap(w)
			defer func() {
				if value := recover(); value != nil {
					answerPanic(own, r, value)
				}
			}()
			next.ServeHTTP(own, r)
		})
	}
}

func answerPanic(w *rw.Writer, r *http.Request, value any) {
	if value == http.ErrAbortHandler { //nolint:errorlint // as net/http compares it
		rw.Abort(w, r)
	}
	err := &failure.Panic{Value: value, Stack: debug.Stack()}
	if w.Hijacked() {
		rw.ReportCause(w, r, "middleware: panic after hijack", err)
		return
	}
	if h := w.Header(); rw.Restart(w) && !strings.Contains(h.Get("Cache-Control"), "no-store") {
		delete(h, "Cache-Control")
		delete(h, "Expires")
	}
	respond.Error(w, r, err)
}
