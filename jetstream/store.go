package jetstream

import (
	"context"
	"errors"
	"fmt"
	"time"

	js "github.com/nats-io/nats.go/jetstream"

	"github.com/tenonkit/tenon/middleware/idempotency"
)

// A store is the store of NewStore.
type store struct {
	kv  js.KeyValue
	ttl time.Duration
}

// NewStore returns a store for middleware/idempotency on a bucket. Only the store may use
// the bucket. All processes with the bucket share the store. Give the bucket a TTL of at
// least that of the middleware, after which it drops records. Without one they stay for
// ever. The revision of a record is that of its key in the bucket. If the bucket cannot
// be read, NewStore returns an error.
func NewStore(ctx context.Context, kv js.KeyValue) (idempotency.Store, error) {
	status, err := kv.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("jetstream: bucket %s: %w", kv.Bucket(), err)
	}
	return &store{kv, status.TTL()}, nil
}

// patience is how long a server may be away before that is an error.
const patience = 5 * time.Second

// Get returns the record of a key.
func (s *store) Get(ctx context.Context, key string) (record []byte, revision uint64, err error) {
	err = persist(ctx, patience, func(ctx context.Context) error {
		entry, err := s.kv.Get(ctx, key)
		switch {
		case err == nil:
			record, revision = entry.Value(), entry.Revision()
		case errors.Is(err, js.ErrKeyNotFound): // or it was deleted
			return nil
		}
		return err
	})
	return record, revision, s.fault(err)
}

// Put replaces the record with the revision. If an answer was lost, the retry may
// conflict with the first try.
func (s *store) Put(ctx context.Context, key string, record []byte, revision uint64, keep time.Duration) (next uint64, err error) {
	if s.ttl > 0 && keep > s.ttl {
		return 0, s.fault(fmt.Errorf("a record must be kept for %v, but the bucket keeps records for %v: give it a longer TTL", keep, s.ttl))
	}
	err = persist(ctx, patience, func(ctx context.Context) (err error) {
		if revision == 0 {
			next, err = s.kv.Create(ctx, key, record)
		} else {
			next, err = s.kv.Update(ctx, key, record, revision)
		}
		return err
	})
	return next, s.fault(err)
}

// Delete removes the record with the revision.
func (s *store) Delete(ctx context.Context, key string, revision uint64) error {
	if revision == 0 {
		return idempotency.ErrConflict // It would mean any revision to the bucket.
	}
	return s.fault(persist(ctx, patience, func(ctx context.Context) error { return s.kv.Delete(ctx, key, js.LastRevision(revision)) }))
}

func (s *store) fault(err error) error {
	var api *js.APIError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &api) && api.ErrorCode == js.JSErrCodeStreamWrongLastSequenceConstant,
		errors.Is(err, js.ErrKeyExists), errors.Is(err, js.ErrKeyRevisionMismatch):
		return fmt.Errorf("%w: %w", idempotency.ErrConflict, err)
	default:
		return fmt.Errorf("jetstream: bucket %s: %w", s.kv.Bucket(), err)
	}
}
