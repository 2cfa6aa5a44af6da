package idempotency

import (
	"container/list"
	"context"
	"errors"
	"sync"
	"time"
)

// A Store holds one record for each key. [NewMemory] makes one for a service that is a
// single process.
//
// A record is bytes without meaning for the store, and has a revision: a number other
// than zero that is never used again for the key. A change names the revision that it
// replaces. If several changes name the same one, only the first succeeds. That a request
// runs once depends on this alone, so it must hold among all processes that share the
// store.
//
// A key is 64 hexadecimal digits in lower case. A record has at most the bytes of
// [MaxAnswer], those of the kept header fields, and 200. Neither the store nor its caller
// writes into bytes that they have passed to each other. A Store must be safe for
// concurrent use.
type Store interface {
	// Get returns the record of a key and its revision, or the revision 0 if there is
	// none.
	Get(ctx context.Context, key string) (record []byte, revision uint64, err error)
	// Put replaces the record with the revision, and returns the new revision. The
	// revision 0 stands for a key without a record. If the key has another revision, Put
	// changes nothing and returns ErrConflict or an error that wraps it. After the time
	// keep the store may drop the record; it should not do so earlier.
	//
	// If a store does not know whether a change was made, it may try again and return the
	// ErrConflict of that: the caller recognizes its own record.
	Put(ctx context.Context, key string, record []byte, revision uint64, keep time.Duration) (uint64, error)
	// Delete removes the record with the revision. If the key has another revision or no
	// record, it returns ErrConflict or an error that wraps it.
	Delete(ctx context.Context, key string, revision uint64) error
}

// ErrConflict is the error of a [Store] for a key that has another revision than the
// caller has named.
var ErrConflict = errors.New("idempotency: the key has another revision")

// Sizes and times of a [Memory].
const (
	defaultMemory = 64 << 20
	// overhead is about what an entry costs besides its record.
	overhead = 512
	// settled is the age up to which a record is not given up for another. A running
	// request writes its own anew more often than that.
	settled = time.Minute
)

// A Memory is a [Store] in the memory of the process. It is for a service that is a
// single process and may lose its keys when it ends. It has no goroutine. It is safe for
// concurrent use.
type Memory struct {
	mu       sync.Mutex
	limit    int64
	size     int64
	revision uint64                   // the last one that was given out
	entries  map[string]*list.Element // of *memoryEntry
	written  *list.List               // the one that was written first is in front
}

type memoryEntry struct {
	key      string
	record   []byte
	revision uint64
	written  time.Time
	until    time.Time
}

func (e *memoryEntry) size() int64 { return int64(len(e.record)) + overhead }

// NewMemory returns a Memory that holds records of about limit bytes in all; 0 means 64
// MiB. If a new record does not fit, the oldest ones are dropped before their time, and a
// late retry may run again. A record that is younger than a minute is never dropped, so
// no running request is. If only such records are left, a new request is answered 503.
// NewMemory panics if limit is negative.
func NewMemory(limit int64) *Memory {
	if limit < 0 {
		panic("idempotency: NewMemory: the limit is negative: pass a number of bytes, or 0 for 64 MiB")
	}
	if limit == 0 {
		limit = defaultMemory
	}
	return &Memory{limit: limit, entries: map[string]*list.Element{}, written: list.New()}
}

// Get implements [Store].
func (m *Memory) Get(_ context.Context, key string) (record []byte, revision uint64, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.find(key, time.Now()); e != nil {
		return e.record, e.revision, nil
	}
	return nil, 0, nil
}

// Put implements [Store].
func (m *Memory) Put(_ context.Context, key string, record []byte, revision uint64, keep time.Duration) (uint64, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	now := time.Now()
	known := m.find(key, now)
	if known == nil && revision != 0 || known != nil && known.revision != revision {
		return 0, ErrConflict
	}
	e := &memoryEntry{key: key, record: record, written: now, until: now.Add(keep)}
	switch {
	case e.size() > m.limit:
		return 0, errLarge
	case !m.fits(known, e, now):
		return 0, errFull
	}
	m.remove(key)
	m.revision++
	e.revision = m.revision
	m.entries[key] = m.written.PushBack(e)
	m.size += e.size()
	return e.revision, nil
}

var (
	errFull  = errors.New("idempotency: the memory store is full of records younger than a minute; give NewMemory a larger limit")
	errLarge = errors.New("idempotency: the record is larger than the memory store; give NewMemory a larger limit")
)

// Delete implements [Store].
func (m *Memory) Delete(_ context.Context, key string, revision uint64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if e := m.find(key, time.Now()); e == nil || e.revision != revision {
		return ErrConflict
	}
	m.remove(key)
	return nil
}

// find returns the entry of a key, unless its time is over.
func (m *Memory) find(key string, now time.Time) *memoryEntry {
	at := m.entries[key]
	if at == nil {
		return nil
	}
	e := entryOf(at)
	if now.Before(e.until) {
		return e
	}
	m.remove(key)
	return nil
}

// fits makes room for e in the place of known, if there is one, and reports whether it
// fits then. Entries whose time is over go in any case.
func (m *Memory) fits(known, e *memoryEntry, now time.Time) bool {
	need := e.size()
	if known != nil {
		need -= known.size()
	}
	for at := m.written.Front(); at != nil; {
		oldest := entryOf(at)
		at = at.Next()
		isOver := !now.Before(oldest.until)
		switch {
		case oldest == known:
		case isOver, m.size+need > m.limit && now.Sub(oldest.written) >= settled:
			m.remove(oldest.key)
		default:
			return m.size+need <= m.limit
		}
	}
	return m.size+need <= m.limit
}

func (m *Memory) remove(key string) {
	if at := m.entries[key]; at != nil {
		m.size -= entryOf(at).size()
		m.written.Remove(at)
		delete(m.entries, key)
	}
}

func entryOf(at *list.Element) *memoryEntry {
	return at.Value.(*memoryEntry) //nolint:errcheck,forcetypeassert // the list has nothing else
}
