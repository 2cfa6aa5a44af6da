package idempotency

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// A request that runs has a lease for leaseTime. It renews the lease every renewTime, or
// after retryTime if the store could not be reached. The reader compares the end of a lease
// with its own clock. So the clocks of two processes may differ by the time between a late
// renewal and the end.
const (
	leaseTime = 30 * time.Second
	renewTime = leaseTime / 3
	retryTime = leaseTime / 10
)

// storePatience limits the time of a store for a change that does not end with its
// request.
const storePatience = 5 * time.Second

// attempts is how often a request tries to be the first. It fails if others are faster
// every time, or if a store answers Get with an old record.
const attempts = 4

// A lease is held by the request that runs.
type lease struct {
	ctx   context.Context // of the request
	store Store
	key   string
	owner owner
	body  *body

	mu       sync.Mutex
	revision uint64
	timer    *time.Timer
	over     bool
}

// claim makes r the request that runs, if no other one does or did so. Otherwise it
// returns the record of that one.
func claim(ctx context.Context, store Store, key string, b *body) (*lease, *record, error) {
	l := &lease{ctx: ctx, store: store, key: key, owner: newOwner(), body: b}
	for range attempts {
		err := l.put(ctx, l.mark(), leaseTime)
		if err == nil {
			l.begin()
			return l, nil, nil
		}
		if !errors.Is(err, ErrConflict) {
			return nil, nil, err
		}
		known, revision, err := l.find(ctx)
		if err != nil {
			return nil, nil, err
		}
		l.revision = revision
		switch {
		case known == nil:
		case l.owns(known):
			l.begin()
			return l, nil, nil
		case !known.isOver(time.Now()):
			return nil, known, nil
		}
	}
	return nil, &record{state: running}, nil
}

// find returns the record of the key and its revision, or nil if there is none.
func (l *lease) find(ctx context.Context) (*record, uint64, error) {
	data, revision, err := l.store.Get(ctx, l.key)
	if err != nil || revision == 0 {
		return nil, 0, err
	}
	known, err := parseRecord(data)
	return known, revision, err
}

// owns reports whether this lease has put the record. A store may have put it and
// reported a failure.
func (l *lease) owns(known *record) bool { return known.state == running && known.owner == l.owner }

// begin starts the renewals.
func (l *lease) begin() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.timer = time.AfterFunc(renewTime, l.renew)
}

// mark returns the record of a request that runs.
func (l *lease) mark() *record {
	return &record{state: running, owner: l.owner, until: time.Now().Add(leaseTime), sum: l.body.whole.Load()}
}

func (l *lease) put(ctx context.Context, rec *record, keep time.Duration) error {
	revision, err := l.store.Put(ctx, l.key, rec.bytes(), l.revision, keep)
	if err == nil {
		l.revision = revision
	}
	return err
}

// putAgain is put for a lease that may have ended, or may have another revision than the
// store has reported. If the store has no record, or one of this lease, nobody has taken
// its place.
func (l *lease) putAgain(ctx context.Context, rec *record, keep time.Duration) error {
	err := l.put(ctx, rec, keep)
	for range attempts {
		if !errors.Is(err, ErrConflict) {
			return err
		}
		known, revision, fault := l.find(ctx)
		switch {
		case fault != nil:
			return fault
		case known == nil, l.owns(known):
			l.revision = revision
			err = l.put(ctx, rec, keep)
		case known.equal(rec):
			return nil
		default:
			return err
		}
	}
	return err
}

// lasting returns a context for work that does not end with the request.
func lasting(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), storePatience)
}

// renew extends the lease. The timer calls it.
func (l *lease) renew() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over {
		return
	}
	ctx, cancel := lasting(l.ctx)
	defer cancel()
	err := l.putAgain(ctx, l.mark(), leaseTime)
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

// keep ends the lease with a record that stays. If the store refuses the answer, for
// instance because it is too long, a mark takes its place, so that the request does not
// run again.
func (l *lease) keep(ctx context.Context, rec *record, ttl time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stop()
	ctx, cancel := lasting(ctx)
	defer cancel()
	rec.until = time.Now().Add(ttl)
	err := l.putAgain(ctx, rec, ttl)
	switch {
	case err == nil:
		return nil
	case rec.state == kept && !errors.Is(err, ErrConflict) && l.putAgain(ctx, &record{state: marked, until: rec.until, sum: rec.sum}, ttl) == nil:
		return fmt.Errorf("idempotency: the answer was not kept, so that a retry is refused: %w", err)
	default:
		return fmt.Errorf("idempotency: the answer was not kept, so that a retry runs again after %v: %w", leaseTime, err)
	}
}

// release ends the lease as if there had been no request.
func (l *lease) release(ctx context.Context) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stop()
	ctx, cancel := lasting(ctx)
	defer cancel()
	err := l.store.Delete(ctx, l.key, l.revision)
	if errors.Is(err, ErrConflict) {
		if known, revision, _ := l.find(ctx); known != nil && l.owns(known) {
			err = l.store.Delete(ctx, l.key, revision)
		}
	}
	if err == nil || errors.Is(err, ErrConflict) { // the lease has ended, and the key is another's
		return nil
	}
	return fmt.Errorf("idempotency: the key was not released, so that a retry is refused for %v: %w", leaseTime, err)
}

func (l *lease) stop() {
	l.over = true
	l.timer.Stop()
}
