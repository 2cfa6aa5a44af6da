package feed

import (
	"context"
	"sort"
	"sync"
	"sync/atomic"
	"time"

	"github.com/tenonkit/tenon/internal/eventid"
	"github.com/tenonkit/tenon/stream"
)

// An item is an entry as it is kept. It does not change once it is in the ring.
type item[T any] struct {
	index    uint64 // counts the items of the topic
	sequence uint64
	value    T
	event    stream.Event // what the clients of SSE get
}

// A ring is a fixed number of places: a power of two, or Keep. An item is at its index
// modulo their number.
type ring[T any] []atomic.Pointer[item[T]]

func (r ring[T]) place(index uint64) *atomic.Pointer[item[T]] { return &r[index%uint64(len(r))] }

// A topic is a ring with one writer at a time and any number of readers. Readers take no
// lock while there are items to read. Otherwise all of them wait for one channel, which
// the next Append closes. So a slow reader blocks neither other readers nor a writer.
type topic[T any] struct {
	name   string
	places atomic.Pointer[ring[T]] // nil before the first item; a larger one takes its place

	mu      sync.Mutex
	end     uint64        // the index of the next item
	newest  uint64        // the sequence of the newest item, or 0
	dropped uint64        // the highest sequence of an item that may have been here and is gone
	changed chan struct{} // closed by the next Append; nil if nobody waits
	readers int
	used    bool // since the topic was last examined
	gone    bool // the topic was dropped, and stays empty

	// The lock of the log guards these.
	queued bool
	due    time.Time
	behind *topic[T]
}

const firstPlaces = 8

// append adds the item with the next sequence of the counter. It returns false if the
// topic was dropped.
func (t *topic[T]) append(it *item[T], epoch string, counter *atomic.Uint64, keep int) bool {
	t.mu.Lock()
	if t.gone {
		t.mu.Unlock()
		return false
	}
	it.index, it.sequence = t.end, counter.Add(1)
	it.event.ID = eventid.Format(epoch, it.sequence)
	place := t.roomFor(it.index, keep).place(it.index)
	if old := place.Load(); old != nil {
		t.dropped = old.sequence
	}
	place.Store(it)
	t.end, t.newest, t.used = t.end+1, it.sequence, true
	changed := t.changed
	t.changed = nil
	t.mu.Unlock()
	if changed != nil {
		close(changed) // after the lock: it wakes every reader that waits
	}
	return true
}

// roomFor returns the places, or more of them if the ring is full and may grow. A
// replaced ring is never written again. The lock is held.
func (t *topic[T]) roomFor(index uint64, keep int) ring[T] {
	var old ring[T]
	if places := t.places.Load(); places != nil {
		old = *places
	}
	if index < uint64(len(old)) || len(old) == keep {
		return old
	}
	grown := make(ring[T], min(max(firstPlaces, 2*len(old)), keep))
	for i := range old {
		it := old[i].Load()
		grown.place(it.index).Store(it)
	}
	t.places.Store(&grown)
	return grown
}

// join counts a reader and returns the index of the first item after the sequence, or
// after all items. It returns false if the topic was dropped.
func (t *topic[T]) join(after uint64, fromNow bool) (index uint64, ok bool, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.gone:
		return 0, false, nil
	case fromNow:
		index = t.end
	case after < t.dropped:
		return 0, true, ErrReset
	default:
		index = t.indexAfter(after)
	}
	t.readers++
	return index, true, nil
}

// indexAfter returns the index of the first kept item after the sequence. The lock is
// held.
func (t *topic[T]) indexAfter(sequence uint64) uint64 {
	if sequence >= t.newest {
		return t.end
	}
	places := *t.places.Load()
	kept := min(t.end, uint64(len(places)))
	first := t.end - kept
	return first + uint64(sort.Search(int(kept), func(i int) bool { //nolint:gosec // as many as a slice holds
		return places.place(first+uint64(i)).Load().sequence > sequence //nolint:gosec // not negative
	}))
}

// at returns the item with the index, nil if there is none yet, or an error if it was
// overwritten.
func (t *topic[T]) at(index uint64) (*item[T], error) {
	places := t.places.Load()
	if places == nil {
		return nil, nil //nolint:nilnil // "not yet" is no failure
	}
	it := places.place(index).Load()
	switch {
	case it == nil || it.index < index:
		return nil, nil //nolint:nilnil // "not yet" is no failure
	case it.index > index:
		return nil, ErrReset
	}
	return it, nil
}

// next waits for the item with the index and returns it, or nil if ctx is done. Its frame
// is on the stack of every reader that waits, so it is kept small.
func (t *topic[T]) next(ctx context.Context, index uint64) (*item[T], error) {
	for ctx.Err() == nil {
		it, err := t.at(index)
		if it != nil || err != nil {
			return it, err
		}
		if changed := t.changedAfter(index); changed != nil {
			select {
			case <-changed:
			case <-ctx.Done():
			}
		}
	}
	return nil, nil //nolint:nilnil // the end is no failure
}

// changedAfter returns a channel that is closed when there is an item with the index, or
// nil if there is one.
func (t *topic[T]) changedAfter(index uint64) <-chan struct{} {
	t.mu.Lock()
	defer t.mu.Unlock()
	if index < t.end {
		return nil
	}
	if t.changed == nil {
		t.changed = make(chan struct{})
	}
	return t.changed
}
