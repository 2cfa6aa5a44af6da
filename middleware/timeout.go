package middleware

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

// Timeout gives the handler the time d. Then the context of the request ends with
// [context.DeadlineExceeded]. If the handler then returns without having sent anything,
// or passes the error to [respond.Error], the answer is a 503. If there are several
// Timeouts in a chain, the shortest counts.
//
// The response is not held back, and the handler is not moved to another goroutine. So a
// handler that ignores its context continues. It does not wait for its client, however:
// after d, reading the body returns an error that wraps [context.DeadlineExceeded], and the
// response has d once more to be sent, if the server supports deadlines.
// [http.TimeoutHandler] ends every handler, but it holds all responses back and takes
// away flushing, hijacking and deadlines.
//
// Streams are exempt: the timeout is off for a handler that calls Flush, Hijack,
// SetReadDeadline or SetWriteDeadline of [http.ResponseController] within d. So an event
// stream only has to begin in time, and a download with its own deadlines is not cut off.
//
// Timeout panics if d is not positive.
func Timeout(d time.Duration) func(http.Handler) http.Handler {
	if d <= 0 {
		panic("middleware: Timeout: the duration is not positive: pass one such as 10*time.Second")
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

// A limit is a context that ends after a time and that can be exempted from that, which
// the contexts of the standard library cannot. When it ends, it sets the deadlines of the
// connection. It does not set them before: most requests never need them, and a handler
// that sets its own keeps them.
type limit struct {
	context.Context // of the request

	outer    rw.Limit            // further out, or nil
	conn     http.ResponseWriter // of the server
	duration time.Duration
	deadline time.Time
	timer    *time.Timer
	forget   func() bool // ends the watch over Context
	done     chan struct{}

	mu       sync.Mutex
	err      error
	waiting  map[*func()]struct{} // for the end
	lifted   bool
	exceeded bool
	begun    bool // the response
	reading  bool // of the body goes on
	armed    bool // the deadline for writing
}

func newLimit(w *rw.Writer, r *http.Request, d time.Duration) *limit {
	l := &limit{
		Context: r.Context(), duration: d, deadline: time.Now().Add(d), done: make(chan struct{}), begun: rw.Started(w),
		// The writers between would take the deadlines for the handler's own.
		conn: rw.Innermost(w),
	}
	l.outer = w.SetLimit(l)
	l.timer = time.AfterFunc(d, l.expire)
	l.forget = context.AfterFunc(r.Context(), func() { l.end(l.Context.Err()) })
	return l
}

// stop ends the context once the handler has returned.
func (l *limit) stop(w *rw.Writer) {
	w.SetLimit(l.outer)
	l.timer.Stop()
	l.forget()
	l.end(context.Canceled)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.disarm()
}

// expire ends the context when the time is over.
func (l *limit) expire() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lifted || l.err != nil {
		return
	}
	l.exceeded = true
	l.finish(context.DeadlineExceeded)
	if l.begun {
		l.arm()
	}
	if l.reading {
		// Not at any other time: net/http may wait for the next request then, and
		// takes an error there for the end of the client.
		_ = http.NewResponseController(l.conn).SetReadDeadline(time.Unix(1, 0))
	}
}

func (l *limit) end(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.finish(err)
}

// finish is end with the lock held.
func (l *limit) finish(err error) {
	if l.err != nil {
		return
	}
	l.err = err
	close(l.done)
	for f := range l.waiting {
		go (*f)()
	}
	l.waiting = nil
}

// arm sets the deadline for writing. The lock is held.
func (l *limit) arm() {
	l.armed = true
	_ = http.NewResponseController(l.conn).SetWriteDeadline(time.Now().Add(l.duration))
}

// disarm restores the deadline that the next request on the connection needs. The lock is
// held.
func (l *limit) disarm() {
	if !l.armed {
		return
	}
	l.armed = false
	var deadline time.Time
	if server, ok := l.Value(http.ServerContextKey).(*http.Server); ok && server.WriteTimeout > 0 {
		deadline = time.Now().Add(server.WriteTimeout)
	}
	_ = http.NewResponseController(l.conn).SetWriteDeadline(deadline)
}

// Begin implements [rw.Limit].
func (l *limit) Begin() {
	if l.outer != nil {
		l.outer.Begin()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begun = true
	if l.exceeded && !l.lifted {
		l.arm()
	}
}

// Lift implements [rw.Limit].
func (l *limit) Lift() {
	if l.outer != nil {
		l.outer.Lift()
	}
	l.timer.Stop()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lifted = true
	l.disarm()
}

// Exceeded implements [rw.Limit].
func (l *limit) Exceeded() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.exceeded || l.outer != nil && l.outer.Exceeded()
}

// Deadline implements [context.Context].
func (l *limit) Deadline() (time.Time, bool) {
	outer, ok := l.Context.Deadline()
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.lifted || ok && outer.Before(l.deadline) {
		return outer, ok
	}
	return l.deadline, true
}

// Done implements [context.Context].
func (l *limit) Done() <-chan struct{} { return l.done }

// Err implements [context.Context].
func (l *limit) Err() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if outer := l.Context.Err(); outer != nil {
		// If the outer context has ended, this one must have ended too.
		l.finish(outer)
	}
	return l.err
}

// AfterFunc is the method that package context uses for contexts of other packages, so
// that contexts derived from this one need no goroutine to wait.
func (l *limit) AfterFunc(f func()) (stop func() bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		go f()
		return func() bool { return false }
	}
	if l.waiting == nil {
		l.waiting = make(map[*func()]struct{}, 1)
	}
	l.waiting[&f] = struct{}{}
	return func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		_, waits := l.waiting[&f]
		delete(l.waiting, &f)
		return waits
	}
}

// setReading reports whether there is time to read.
func (l *limit) setReading(reading bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reading = reading
	return !l.exceeded
}

// A limitedBody is a body that must be read in time.
type limitedBody struct {
	io.ReadCloser

	limit *limit
}

// Read implements [io.Reader].
func (b *limitedBody) Read(p []byte) (n int, err error) {
	inTime := b.limit.setReading(true)
	if inTime {
		n, err = b.ReadCloser.Read(p)
	}
	if !b.limit.setReading(false) && (err != nil && !errors.Is(err, io.EOF) || !inTime) {
		err = fmt.Errorf("middleware: the body was not read in time: %w", context.DeadlineExceeded)
	}
	return n, err
}
