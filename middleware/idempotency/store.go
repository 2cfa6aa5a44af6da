package idempotency

import (
	"context"
	"errors"
	"time"
)

// A Store holds one record for each key. A record is bytes that mean nothing to the
// store, and has a revision: a number that is not zero, and not used again for that key.
// Who changes a record names the revision that he knows, and only the first of several
// succeeds: that is all on which a request runs once, so it has to hold among all
// processes that share the store.
//
// A key is 64 hexadecimal digits in lower case. A record has at most the bytes of
// [MaxAnswer], those of the kept header fields, and 200. Neither the store nor its caller
// writes into the bytes that they pass to one another. Many goroutines use a Store at
// once. [NewMemory] makes one for a service that is one process.
type Store interface {
	// Get returns the record of a key and its revision, which is 0 where there is none.
	Get(ctx context.Context, key string) (record []byte, revision uint64, err error)
	// Put replaces the record that has the revision, where 0 stands for a key that has no
	// record, and returns the new revision. It returns ErrConflict, or an error that wraps
	// it, and changes nothing, if the key has another revision. After the time keep nobody
	// asks for the record any more: a store may forget it then, and should not before.
	Put(ctx context.Context, key string, record []byte, revision uint64, keep time.Duration) (uint64, error)
	// Delete removes the record that has the revision, and returns ErrConflict, or an
	// error that wraps it, if the key has another one or no record.
	Delete(ctx context.Context, key string, revision uint64) error
}

// ErrConflict is the error of a [Store] for a key that has another revision than its
// caller knows.
var ErrConflict = errors.New("idempotency: the key has another revision")
