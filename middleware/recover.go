package middleware

import (
	"net/http"
	"runtime/debug"
	"strings"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

// Recover turns a panic of the handler into a response that the client can distinguish
// from a good one. net/http alone would only close the connection. The value and the
// stack are logged in the field error: in the record of [AccessLog] if that is further
// out, else with [slog.Default].
//
//	nothing was sent          500 by respond.Error, without the text of the panic; header fields of the unsent
//	                          body, Cache-Control (except no-store) and Expires are dropped
//	the response has started  it is broken off by http.ErrAbortHandler, so that the client sees it truncated
//	the connection was taken  nothing is written; deferred calls of the handler close it
//	http.ErrAbortHandler      passes without a log: the handler wants the connection closed
//
// For a client that speaks HTTP/1.0 the connection is reset, because its end would look
// like the end of the body.
//
// Put Recover outside the middleware that may panic and inside AccessLog. What compress
// or ETag hold back at the time of the panic is dropped. Recover cannot catch a panic on
// a goroutine that the handler has started: that ends the program.
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
