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

// ErrDraining is the [context.Cause] of the context of an event stream that a
// [Drain] has ended, and what its OnEnd and Serve get.
var ErrDraining = errors.New("stream: the server is draining")

// Drain is middleware that ends the event streams below it when the server
// shuts down, so that [http.Server.Shutdown] need not wait for streams that
// never end:
//
//	var drain stream.Drain
//	server := &http.Server{Handler: drain.Handler(mux)}
//	server.RegisterOnShutdown(drain.Start)
//
// The context of their requests is canceled with [ErrDraining]. Their clients
// see a complete response, and an EventSource connects again. Only [SSE] is
// ended, and [Auto] that has become SSE: the other formats have an end of their
// own, and a client would take less for all of it.
//
// The zero value is ready. The fields must not change after the first request.
// A Drain may be used by many requests at once and must not be copied.
type Drain struct {
	// Farewell, if not nil, is the last event of each stream that is ended. Its
	// Retry may tell the clients when to come back.
	Farewell *Event
	// Spread is the time over which the streams are ended, in random order, so
	// that not all clients come back at once. Zero ends them at once.
	Spread time.Duration

	mu      sync.Mutex
	started bool
	members map[*member]struct{}
}

// Handler returns next with its event streams under the control of d.
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

// Start ends the streams there are. A stream that begins later ends at once.
// Start does not wait, and further calls do nothing.
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

// A member is a request below a Drain. A nil member is below none.
type member struct {
	drain  *Drain
	cancel context.CancelCauseFunc
}

// enter puts the event stream of ctx under the control of the Drain above it.
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
