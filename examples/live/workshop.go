package main

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"sync"
	"time"

	"github.com/tenonkit/tenon/stream"
)

// remembered is how many events a client can be behind and still get them all.
const remembered = 300

// boards is how many boards make a batch.
const boards = 40

// Count is the data of a "count" event: the boards planed since the start.
type Count struct {
	Boards int `json:"boards"`
}

// Line is the data of a "log" event.
type Line struct {
	Text string `json:"text"`
}

// Progress is the data of a "progress" event.
type Progress struct {
	Done  int `json:"done"`
	Total int `json:"total"`
}

// A Workshop planes boards and tells whoever listens.
type Workshop struct {
	mu      sync.Mutex
	events  []stream.Event // the last ones; the ID of events[0] is first
	first   int
	changed chan struct{} // closed when there are new events
	dropped chan struct{} // closed when all connections are dropped
}

// NewWorkshop returns a workshop in which nothing has happened.
func NewWorkshop() *Workshop {
	return &Workshop{first: 1, changed: make(chan struct{}), dropped: make(chan struct{})}
}

// Work planes a board each time the pause is over, until ctx is done.
func (s *Workshop) Work(ctx context.Context, pause time.Duration) {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for board := 1; ; board++ {
		s.tell("count", Count{board})
		s.tell("log", Line{fmt.Sprintf("Board %d is planed.", board)})
		s.tell("progress", Progress{(board-1)%boards + 1, boards})
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return
		}
	}
}

func (s *Workshop) tell(kind string, data any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := strconv.Itoa(s.first + len(s.events))
	if len(s.events) == remembered {
		s.events = append(s.events[:0], s.events[1:]...)
		s.first++
	}
	s.events = append(s.events, stream.Event{ID: id, Type: kind, Value: data, Retry: 500 * time.Millisecond})
	close(s.changed)
	s.changed = make(chan struct{})
}

// Drop breaks off every connection, as a bad network does.
func (s *Workshop) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.dropped)
	s.dropped = make(chan struct{})
}

var errDropped = errors.New("the connections were dropped")

// After returns the events behind the one with the ID last, and then those to
// come. An ID that was never given out, or is forgotten, means from the oldest.
func (s *Workshop) After(ctx context.Context, last string) iter.Seq2[stream.Event, error] {
	next, _ := strconv.Atoi(last)
	next++
	return func(yield func(stream.Event, error) bool) {
		s.mu.Lock()
		dropped := s.dropped
		s.mu.Unlock()
		for {
			events, changed := s.since(next)
			for _, event := range events {
				if !yield(event, nil) {
					return
				}
			}
			if len(events) > 0 {
				id, _ := strconv.Atoi(events[len(events)-1].ID)
				next = id + 1
			}
			select {
			case <-changed:
			case <-dropped:
				yield(stream.Event{}, errDropped)
				return
			case <-ctx.Done():
				return
			}
		}
	}
}

// since returns a copy of the events from the ID next on, and what is closed
// when there are more.
func (s *Workshop) since(next int) ([]stream.Event, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	skip := next - s.first
	if skip < 0 || skip > len(s.events) {
		skip = 0
	}
	return append([]stream.Event(nil), s.events[skip:]...), s.changed
}
