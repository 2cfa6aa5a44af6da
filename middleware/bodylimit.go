package middleware

import (
	"net/http"

	"github.com/tenonkit/tenon/internal/nethttp"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

// BodyLimit refuses request bodies of more than n bytes with 413. Where
// Content-Length tells, the handler does not run and nothing is read: a client
// that sent Expect: 100-continue is not asked for the body. Otherwise reading
// past n bytes gives a [*http.MaxBytesError], which [respond.Error] answers with
// 413; a handler that answers by itself has to look for it. A body of exactly n
// bytes passes.
//
// On HTTP/1 a refused body would be in the way of the next request, so the
// answer carries Connection: close and the connection ends; on HTTP/2 the stream
// alone does. For that net/http has to be found below the writers of other
// middleware, by the method Unwrap that [http.ResponseController] asks for.
//
// Of several limits in a chain the smallest counts. Zero allows no body at all;
// BodyLimit panics if n is negative.
func BodyLimit(n int64) func(http.Handler) http.Handler {
	if n < 0 {
		panic("middleware: BodyLimit of a negative number: give it one of bytes, 0 for no body")
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
