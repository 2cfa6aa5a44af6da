package idempotency

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// A request that runs says so for leaseTime, and says it again every renewTime, or, where
// the store could not be reached, after retryTime. The end of a lease is compared with the
// clock of whoever reads it, so the clocks of two processes may differ by the time between
// a renewal that is late and the end.
const (
	leaseTime = 30 * time.Second
	renewTime = leaseTime / 3
	retryTime = leaseTime / 10
)

// storePatience is how long a store may take for a change that does not end with its
// request.
const storePatience = 5 * time.Second

// attempts is how often a request tries to be the first. It fails where others are faster
// every time, or where a store answers Get with what was there before.
const attempts = 4

// A lease is held by the request that runs.
type lease struct {
	ctx   context.Context // of the request
	store Store
	key   string
	body  *body

	mu       sync.Mutex
	revision uint64
	timer    *time.Timer
	over     bool
}

// claim makes r the request that runs, if no other one does or did so. Otherwise it
// returns what is known of that one.
func claim(ctx context.Context, store Store, key string, b *body) (*lease, *record, error) {
	var revision uint64
	for range attempts {
		l := &lease{ctx: ctx, store: store, key: key, body: b, revision: revision}
		err := l.put(ctx, l.mark(), leaseTime)
		if err == nil {
			l.begin()
			return l, nil, nil
		}
		if !errors.Is(err, ErrConflict) {
			return nil, nil, err
		}
		var data []byte
		if data, revision, err = store.Get(ctx, key); err != nil {
			return nil, nil, err
		}
		if revision == 0 {
			continue
		}
		known, err := parseRecord(data)
		if err != nil {
			return nil, nil, err
		}
		if !known.isOver(time.Now()) {
			return nil, known, nil
		}
	}
	return nil, &record{state: running}, nil
}

// begin starts the renewals.
func (l *lease) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timer = time.AfterFunc(renewTime, l.renew)
}

// mark returns what the store has of a request that runs.
func (l *lease) mark() *record {
	return &record{state: running, until: time.Now().Add(leaseTime), sum: l.body.whole.Load()}
}

func (l *lease) put(ctx context.Context, rec *record, keep time.Duration) error {
	revision, err := l.store.Put(ctx, l.key, rec.append(nil), l.revision, keep)
	if err == nil {
		l.revision = revision
	}
	return err
}

// putAgain is put for a lease that may have ended. Nobody has taken its place where the
// store has no record.
func (l *lease) putAgain(ctx context.Context, rec *record, keep time.Duration) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storePatience)
	defer cancel()
	err := l.put(ctx, rec, keep)
	if errors.Is(err, ErrConflict) {
		l.revision = 0
		err = l.put(ctx, rec, keep)
	}
	return err
}

// renew is called by the timer.
func (l *lease) renew() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return
	}
	err := l.putAgain(l.ctx, l.mark(), leaseTime)
	switch {
	case err == nil:
		l.timer.Reset(renewTime)
		return
	case errors.Is(err, ErrConflict):
		l.over = true // another process has taken over
	default:
		l.timer.Reset(retryTime)
	}
	slog.LogAttrs(l.ctx, slog.LevelError, "idempotency: a running request could not renew its lease", slog.Any("error", err))
}

// keep ends the lease with a record that stays.
func (l *lease) keep(ctx context.Context, rec *record, ttl time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stop()
	rec.until = time.Now().Add(ttl)
	if err := l.putAgain(ctx, rec, ttl); err != nil {
		return fmt.Errorf("idempotency: the answer was not kept, so that a retry runs again after %v: %w", leaseTime, err)
	}
	return nil
}

// release ends the lease as if the request had not been.
func (l *lease) release(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stop()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), storePatience)
	defer cancel()
	err := l.store.Delete(ctx, l.key, l.revision)
	if err == nil || errors.Is(err, ErrConflict) { // the lease has ended, and the key is another's
		return nil
	}
	return fmt.Errorf("idempotency: the key was not released, so that a retry is refused for %v: %w", leaseTime, err)
}

func (l *lease) stop() {
	l.over = true
	l.timer.Stop()
}
