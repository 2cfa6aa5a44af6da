package client

import (
	"cmp"
	"context"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/tenonkit/tenon/internal/header"
)

const (
	defaultRetry = time.Second
	longestRetry = 30 * time.Second
)

// A resume is the state of an event stream that a client needs to request it again.
type resume struct {
	isEvents bool // the Out is an event stream
	lastID   string
	retry    time.Duration
	failures int // since the last event
}

// note records the id and retry of an event, also of one without data. As in browsers, an
// answer that names no id leaves the one in force, and an empty id removes it.
func (x *resume) note(id string, named bool, retry time.Duration) {
	if named {
		x.lastID = id
	}
	if !header.IsValue(id) || header.Trim(id) != id {
		x.lastID = "" // a header field cannot hold it
	}
	if retry > 0 {
		x.retry = retry
	}
}

// ask makes r continue after the last event.
func (x *resume) ask(r *http.Request) {
	if x.lastID != "" {
		r.Header["Last-Event-Id"] = []string{x.lastID}
	}
}

// pause waits before the next attempt. The error is that of ctx.
func (x *resume) pause(ctx context.Context) error {
	least := cmp.Or(x.retry, defaultRetry)
	wait := least
	for range min(x.failures, 10) {
		wait = min(2*wait, max(longestRetry, least))
	}
	x.failures++
	// The random part keeps the clients of a restarted server from connecting all at once.
	timer := time.NewTimer(wait + rand.N(wait/2+1)) //nolint:gosec // no secret
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
