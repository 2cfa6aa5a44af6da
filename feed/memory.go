package feed

import (
	"context"
	"fmt"
	"iter"
	"reflect"
	"strings"
	"sync"
	"sync/atomic"
	"time"
	"weak"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/eventid"
	"github.com/tenonkit/tenon/internal/shape"
)

// Options say how much a [Memory] keeps. The zero value means the defaults.
type Options struct {
	// Keep is the number of entries that are kept for each topic. A reader may fall
	// behind, or be away, for so many entries. Zero means 256. A negative number is a
	// fault.
	Keep int
	// Idle is the time without a reader and without an Append after which a topic is
	// dropped with its entries. A client has so long to reconnect. The topic goes at the
	// latest after twice that time. Zero means five minutes; a negative time keeps every
	// topic.
	Idle time.Duration
}

const (
	defaultKeep = 256
	defaultIdle = 5 * time.Minute
)

// A Memory is a [Log] in the memory of one process. Each Memory has an epoch of its own.
// So a client that comes back after a restart of the process is told to reset.
//
// [NewMemory] makes one. It has no goroutine and needs no Close. It is safe for concurrent
// use and must not be copied.
type Memory[T any] struct {
	epoch   string
	keep    int
	idle    time.Duration
	newItem func(v T) (*item[T], error)
	counter atomic.Uint64 // the sequence given out last, over all topics

	mu        sync.RWMutex // taken before that of a topic
	topics    map[string]*topic[T]
	forgotten uint64 // the highest sequence in dropped topics

	// The queue of topics that may have no reader, by the time at which they are due.
	first, last *topic[T]
	armed       bool // a timer runs
}

// NewMemory returns an empty log. It panics if an option cannot work.
func NewMemory[T any](o Options) *Memory[T] {
	if o.Keep < 0 {
		panic(fmt.Sprintf("feed: Options.Keep is %d: write how many entries of a topic to keep, or 0 for %d", o.Keep, defaultKeep))
	}
	m := &Memory[T]{epoch: eventid.NewEpoch(), keep: o.Keep, idle: o.Idle, newItem: itemsOf[T](), topics: map[string]*topic[T]{}}
	if m.keep == 0 {
		m.keep = defaultKeep
	}
	if m.idle == 0 {
		m.idle = defaultIdle
	}
	return m
}

// itemsOf returns the function that makes items with the event that clients get. The
// event is encoded once for all readers.
func itemsOf[T any]() func(v T) (*item[T], error) {
	codec := encode.Toward(shape.Answer, reflect.TypeFor[T]())
	choices := choicesOf[T]()
	return func(v T) (*item[T], error) {
		it := &item[T]{value: v}
		event, isEvent := asEvent(&it.value)
		if !isEvent {
			var err error
			if event.Type, _, err = named(choices, &it.value); err != nil {
				return nil, err
			}
		}
		if isEvent || event.Type != "" {
			if _, err := event.AppendTo(nil); err != nil {
				return nil, fmt.Errorf("feed: the value is not an event: %w", err)
			}
		}
		if !isEvent {
			buf := encode.Buffer()
			var err error
			if choices == nil {
				err = codec.Encode(buf, &it.value)
			} else {
				_, err = choices.Append(buf, reflect.ValueOf(&it.value).Elem())
			}
			if err != nil {
				return nil, fmt.Errorf("feed: the value has no JSON form: %w", err)
			}
			event.Data = buf.String()
			encode.Release(buf)
		}
		it.event = event
		return it, nil
	}
}

// Append adds v to the topic and wakes the waiting readers. It returns an error and adds
// nothing if v has no JSON form, if its EventType has a line break, or if ctx is done.
func (m *Memory[T]) Append(ctx context.Context, topic string, v T) (id string, err error) {
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	it, err := m.newItem(v)
	if err != nil {
		return "", err
	}
	for !m.topic(topic).append(it, m.epoch, &m.counter, m.keep) {
		continue // The topic was dropped between the two calls; the next call makes it again.
	}
	return it.event.ID, nil
}

// Last returns the id of the newest entry of the topic, or epoch-0 if it has none. After
// an idle topic was dropped, it returns the present id of the log instead, because nobody
// knows any more which topics had entries.
func (m *Memory[T]) Last(ctx context.Context, topic string) (id string, err error) {
	if ctx.Err() != nil {
		return "", context.Cause(ctx)
	}
	return eventid.Format(m.epoch, m.newest(topic)), nil
}

// newest returns the sequence for Last. It holds the lock, so that no entry of the topic can be
// added between the reads of the topic and of the counter.
func (m *Memory[T]) newest(topic string) uint64 {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if t := m.topics[topic]; t != nil {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.used = true
		if t.newest > 0 {
			return t.newest
		}
	}
	if m.forgotten == 0 {
		return 0
	}
	return m.counter.Load()
}

// Follow yields the entries after the id after, then waits for new ones, as [Log] says.
func (m *Memory[T]) Follow(ctx context.Context, topic, after string) iter.Seq2[Entry[T], error] {
	return func(yield func(Entry[T], error) bool) {
		t, index, err := m.join(topic, after)
		if err != nil {
			yield(Entry[T]{}, err)
			return
		}
		defer m.leave(t)
		for ; ; index++ {
			it, err := t.next(ctx, index)
			if err != nil {
				yield(Entry[T]{}, err)
			}
			if it == nil || !yield(Entry[T]{ID: it.event.ID, Value: it.value}, nil) {
				return
			}
		}
	}
}

// join adds a reader to the topic, and returns the index where it begins.
func (m *Memory[T]) join(name, after string) (t *topic[T], index uint64, err error) {
	sequence, known := eventid.Parse(m.epoch, after)
	if after != "" && (!known || sequence > m.counter.Load()) {
		return nil, 0, ErrReset
	}
	for {
		t = m.topic(name)
		index, ok, err := t.join(sequence, after == "")
		if err != nil {
			return nil, 0, err
		}
		if ok {
			return t, index, nil
		}
	}
}

func (m *Memory[T]) leave(t *topic[T]) {
	m.mu.Lock()
	defer m.mu.Unlock()
	t.mu.Lock()
	defer t.mu.Unlock()
	t.readers--
	t.used = true
	if t.readers > 0 {
		return
	}
	t.changed = nil // Nobody waits.
	if !t.queued {
		m.enqueue(t)
	}
}

// topic returns the topic, or a new one. A new one may be a dropped one that comes back, so every
// sequence up to forgotten counts as dropped.
func (m *Memory[T]) topic(name string) *topic[T] {
	m.mu.RLock()
	t := m.topics[name]
	m.mu.RUnlock()
	if t != nil {
		return t
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if t = m.topics[name]; t == nil {
		t = &topic[T]{name: strings.Clone(name), dropped: m.forgotten}
		m.topics[t.name] = t
		m.enqueue(t)
	}
	return t
}

// enqueue makes the timer examine the topic when it may be idle. The lock is held.
func (m *Memory[T]) enqueue(t *topic[T]) {
	if m.idle < 0 {
		return
	}
	t.queued, t.due = true, time.Now().Add(m.idle)
	if m.first == nil {
		m.first = t
	} else {
		m.last.behind = t
	}
	m.last = t
	if !m.armed {
		m.arm(m.idle)
	}
}

// arm starts the timer. The timer has only a weak pointer, so that it does not keep m alive. The
// lock is held.
func (m *Memory[T]) arm(after time.Duration) {
	m.armed = true
	weakly := weak.Make(m)
	time.AfterFunc(after, func() {
		if m := weakly.Value(); m != nil {
			for m.sweep() {
				continue
			}
		}
	})
}

// sweepSize is the number of topics that are examined under one lock.
const sweepSize = 64

// sweep examines topics that are due, and reports whether there may be more of them.
func (m *Memory[T]) sweep() (more bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for range sweepSize {
		t := m.first
		if t == nil {
			m.armed = false
			return false
		}
		if early := time.Until(t.due); early > 0 {
			m.arm(early)
			return false
		}
		m.first, t.behind, t.queued = t.behind, nil, false
		if m.first == nil {
			m.last = nil
		}
		m.examine(t)
	}
	return true
}

// examine drops a topic that has no readers and was not used since it was last examined. A topic
// with readers is queued again when the last of them leaves. The lock is held.
func (m *Memory[T]) examine(t *topic[T]) {
	t.mu.Lock()
	defer t.mu.Unlock()
	switch {
	case t.readers > 0:
	case t.used:
		t.used = false
		m.enqueue(t)
	default:
		t.gone = true
		delete(m.topics, t.name)
		m.forgotten = max(m.forgotten, t.newest)
	}
}
