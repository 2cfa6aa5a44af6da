package middleware

import (
	"net/http"
	"time"

	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

// Timeout gives the handler the time d. The context of the request ends then,
// with [context.DeadlineExceeded], and whatever waits for it returns. A handler
// that returns without having sent anything is answered with 503, and so is one
// that passes the error on to [respond.Error].
//
// The response is never held back, and the handler stays on its goroutine, so a
// handler that does not look at its context is not cut off. But it does not wait
// for its client: reading of the body ends with the context, with an error that
// wraps the same; and a response that has begun by then, or begins later, has d
// once more to be sent, as far as the server below has deadlines. For a hard end,
// at the price of holding all responses back and of flushing, hijacking and
// deadlines, there is [http.TimeoutHandler].
//
// A stream opts out: the time is off for a handler that calls Flush, Hijack,
// SetReadDeadline or SetWriteDeadline of [http.ResponseController] before it is
// over. So an event stream only has to begin in time, and a download that minds
// its own deadlines is not cut.
//
// Of several Timeouts in a chain the shortest counts. Timeout panics if d is not
// positive.
func Timeout(d time.Duration) func(http.Handler) http.Handler {
	if d <= 0 {
		panic("middleware: Timeout of a duration that is not positive")
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			own := rw.Wrap(w)
			l := newLimit(own, r, d)
			defer l.stop(own)
			inner := r.WithContext(l) //nolint:contextcheck // it is that of r, with an end
			if r.Body != nil && r.Body != http.NoBody {
				inner.Body = &limitedBody{r.Body, l}
			}
			rw.RecordCopy(own, inner)
			defer rw.BringBack(r, inner)
			next.ServeHTTP(own, inner)
			if l.Exceeded() && !rw.Started(own) {
				respond.Error(own, inner, l.Err())
			}
		})
	}
}
