package jetstream

import (
	"context"
	"errors"
	"time"

	"github.com/nats-io/nats.go"
	js "github.com/nats-io/nats.go/jetstream"
)

// attempt limits the time of one request.
const attempt = 3 * time.Second

// persist calls try until it succeeds, fails for good, or patience or ctx ends.
func persist(ctx context.Context, patience time.Duration, try func(ctx context.Context) error) error {
	until := time.Now().Add(patience)
	var gone absence
	for wait := 10 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		one, cancel := context.WithTimeout(ctx, attempt)
		err := try(one)
		cancel()
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil:
			return context.Cause(ctx)
		case isFinal(err) || gone.lasts(err) || time.Now().Add(wait).After(until):
			return err
		}
		pause(ctx, wait)
	}
}

// isFinal reports whether trying again is useless. Errors of the server with a status
// from 500 on pass, and so do errors of a connection that is not closed.
func isFinal(err error) bool {
	const (
		duplicateInFlight = 10158 // the first attempt is on its way
		noCluster         = 10074 // there are fewer servers than replicas
	)
	if api, ok := errors.AsType[*js.APIError](err); ok {
		return api.ErrorCode == noCluster || api.Code < 500 && api.ErrorCode != duplicateInFlight && api.ErrorCode != js.JSErrCodeStreamNotFound
	}
	return isClosed(err) || errors.Is(err, nats.ErrMaxPayload) || errors.Is(err, nats.ErrBadSubject) || errors.Is(err, nats.ErrAuthorization) ||
		errors.Is(err, nats.ErrPermissionViolation)
}

// An absence is the time since when servers say that there is no stream. A server that
// has just started does not know all streams, so only a lasting absence counts.
type absence struct{ since time.Time }

func (a *absence) lasts(err error) bool {
	if !errors.Is(err, js.ErrStreamNotFound) {
		a.since = time.Time{}
		return false
	}
	if a.since.IsZero() {
		a.since = time.Now()
	}
	return time.Since(a.since) >= attempt
}

// isClosed reports whether a connection is closed for good.
func isClosed(err error) bool {
	return errors.Is(err, nats.ErrConnectionClosed) || errors.Is(err, nats.ErrConnectionDraining)
}

// pause waits for the time, or until ctx is done.
func pause(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
	}
}
