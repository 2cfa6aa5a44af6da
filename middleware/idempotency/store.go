package idempotency

import (
	"container/list"
	"context"
	"errors"
	"sync"
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
	// A store that does not learn whether a change was made may try it again, and return
	// the ErrConflict of that: the caller knows a record of its own.
	Put(ctx context.Context, key string, record []byte, revision uint64, keep time.Duration) (uint64, error)
	// Delete removes the record that has the revision, and returns ErrConflict, or an
	// error that wraps it, if the key has another one or no record.
	Delete(ctx context.Context, key string, revision uint64) error
}

// ErrConflict is the error of a [Store] for a key that has another revision than its
// caller knows.
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

// A Memory is a [Store] in the memory of the process: for a service that is one process
// and may forget its keys when it ends. It runs no goroutine. Any number of goroutines
// may use it.
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

// NewMemory returns a Memory that holds records of about limit bytes in all; 0 is 64 MiB.
// Where a new record does not fit, those that were written first are forgotten before
// their time: a retry that comes late may then run again. A record that is younger than a
// minute is never forgotten so, and with it no request that is running: a request that
// finds only such ones is refused with 503. NewMemory panics if limit is negative.
func NewMemory(limit int64) *Memory {
	if limit < 0 {
		panic("idempotency: NewMemory: the limit is negative; 0 is 64 MiB")
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
	if !m.fits(known, e, now) {
		return 0, errFull
	}
	m.remove(key)
	m.revision++
	e.revision = m.revision
	m.entries[key] = m.written.PushBack(e)
	m.size += e.size()
	return e.revision, nil
}

var errFull = errors.New("idempotency: the memory store is full of records younger than a minute; give NewMemory a larger limit")

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
