package stream

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"sync"
	"time"

	"github.com/tenonkit/tenon/internal/rw"
)

// ErrDraining says that a [Drain] has ended an event stream. It is the [context.Cause] of
// the context of the request, and the error that OnEnd gets and Serve returns.
var ErrDraining = errors.New("stream: the server is draining")

// Drain is middleware that ends event streams when the server shuts down. Without it,
// [http.Server.Shutdown] waits for streams that never end:
//
//	var drain stream.Drain
//	server := &http.Server{Handler: drain.Handler(mux)}
//	server.RegisterOnShutdown(drain.Start)
//
// The contexts of their requests are canceled with [ErrDraining]. The clients get a
// complete response, and an EventSource connects again. A Drain ends only [SSE], and
// [Auto] that answers as SSE. The other formats end by themselves, and a client would
// take a part for the whole.
//
// The zero value is ready to use. The fields must not change after the first request. A
// Drain may be used by many requests at once and must not be copied.
type Drain struct {
	// Farewell, if not nil, is the last event of each stream that the Drain ends. Its
	// Retry can tell the clients when to connect again.
	Farewell *Event
	// Spread is the time over which the streams are ended, in random order, so that the
	// clients do not all connect again at once. Zero ends all streams at once.
	Spread time.Duration

	mu      sync.Mutex
	started bool
	members map[*member]struct{}
}

// Handler returns a handler that calls next and lets d end its event streams.
func (d *Drain) Handler(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancelCause(r.Context())
		defer cancel(nil)
		inner := r.WithContext(context.WithValue(ctx, memberKey{}, &member{drain: d, cancel: cancel}))
		rw.RecordCopy(w, inner)
		defer rw.BringBack(r, inner)
		next.ServeHTTP(w, inner)
	})
}

// Start ends all event streams. A stream that begins later ends at once. Start does not
// wait. Further calls do nothing.
func (d *Drain) Start() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.started {
		return
	}
	d.started = true
	for m := range d.members {
		if d.Spread <= 0 {
			m.cancel(ErrDraining)
			continue
		}
		time.AfterFunc(rand.N(d.Spread), func() { m.cancel(ErrDraining) }) //nolint:gosec // spreads load, keeps no secret
	}
}

type memberKey struct{}

// A member is a request that a Drain can end. A nil member has no Drain.
type member struct {
	drain  *Drain
	cancel context.CancelCauseFunc
}

// enter registers the event stream of ctx at its Drain, if it has one.
func enter(ctx context.Context) *member {
	m, _ := ctx.Value(memberKey{}).(*member)
	if m == nil {
		return nil
	}
	m.drain.mu.Lock()
	defer m.drain.mu.Unlock()
	if m.drain.started {
		m.cancel(ErrDraining)
		return m
	}
	if m.drain.members == nil {
		m.drain.members = make(map[*member]struct{})
	}
	m.drain.members[m] = struct{}{}
	return m
}

func (m *member) leave() {
	if m == nil {
		return
	}
	m.drain.mu.Lock()
	defer m.drain.mu.Unlock()
	delete(m.drain.members, m)
}

// farewell appends the last event. One that is invalid is left out.
func (m *member) farewell(dst []byte) []byte {
	if m == nil || m.drain.Farewell == nil {
		return dst
	}
	dst, _ = m.drain.Farewell.AppendTo(dst)
	return dst
}
