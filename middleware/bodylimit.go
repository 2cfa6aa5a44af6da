package middleware

import (
	"net/http"

	"github.com/tenonkit/tenon/internal/nethttp"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

// BodyLimit refuses request bodies of more than n bytes with 413. A body of exactly n
// bytes passes. Zero allows no body. If there are several limits in a chain, the smallest
// counts.
//
// If Content-Length is too large, the handler does not run and nothing is read: a client
// that sent Expect: 100-continue does not send the body. Otherwise, reading past n bytes
// returns a [*http.MaxBytesError]. [respond.Error] answers it with 413 and says the limit,
// as package bind does for its own. A handler that writes its own answers must check for
// this error.
//
// After a refusal on HTTP/1 the connection ends, with Connection: close, because the rest
// of the body would be in the way of the next request. On HTTP/2 only the stream ends.
// For this, the writers of other middleware must have the method Unwrap, as for
// [http.ResponseController].
//
// BodyLimit panics if n is negative.
func BodyLimit(n int64) func(http.Handler) http.Handler {
	if n < 0 {
		panic("middleware: BodyLimit: the number of bytes is negative: pass 0 or more; 0 allows no body")
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.ContentLength > n:
				nethttp.CloseAfterReply(rw.Innermost(w))
				respond.Error(w, r, &http.MaxBytesError{Limit: n})
			case r.Body == nil || r.Body == http.NoBody:
				next.ServeHTTP(w, r)
			default:
				// A copy is changed, because net/http looks at the body of its own request to
				// find whether Expect: 100-continue has been answered.
				inner := *r
				inner.Body = http.MaxBytesReader(rw.Innermost(w), r.Body, n)
				rw.RecordCopy(w, &inner)
				defer rw.BringBack(r, &inner)
				next.ServeHTTP(w, &inner)
			}
		})
	}
}
