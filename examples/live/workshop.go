package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/tenonkit/tenon/feed"
)

// remembered is how many events a client can be behind and still get them all.
const remembered = 300

// boards is how many boards make a batch.
const boards = 40

// News is what happens in the workshop: a Count, a Line or a Progress.
type News interface{ EventType() string }

// Count is the boards planed since the start.
type Count struct {
	Boards int `json:"boards"`
}

// EventType names the event.
func (Count) EventType() string { return "count" }

// Line is one of the log that the page shows.
type Line struct {
	Text string `json:"text"`
}

// EventType names the event.
func (Line) EventType() string { return "log" }

// Progress is how much of a batch is done.
type Progress struct {
	Done  int `json:"done"`
	Total int `json:"total"`
}

// EventType names the event.
func (Progress) EventType() string { return "progress" }

// A Workshop planes boards and tells whoever listens.
type Workshop struct {
	log   *feed.Memory[News]
	start string // the id before the first event

	mu      sync.Mutex
	dropped chan struct{} // closed when all connections are dropped
}

// topic is where all that happens in the workshop is told.
const topic = "workshop"

// NewWorkshop returns a workshop in which nothing has happened.
func NewWorkshop(ctx context.Context) (*Workshop, error) {
	log := feed.NewMemory[News](feed.Options{Keep: remembered})
	start, err := log.Last(ctx, topic)
	return &Workshop{log: log, start: start, dropped: make(chan struct{})}, err
}

// Work planes a board each time the pause is over, until ctx is done.
func (s *Workshop) Work(ctx context.Context, pause time.Duration) error {
	ticker := time.NewTicker(pause)
	defer ticker.Stop()
	for board := 1; ; board++ {
		for _, news := range []News{Count{board}, Line{fmt.Sprintf("Board %d is planed.", board)}, Progress{(board-1)%boards + 1, boards}} {
			if _, err := s.log.Append(ctx, topic, news); err != nil {
				return err
			}
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// Drop ends every connection below Droppable, as a bad network does.
func (s *Workshop) Drop() {
	s.mu.Lock()
	defer s.mu.Unlock()
	close(s.dropped)
	s.dropped = make(chan struct{})
}

var errDropped = errors.New("the connections were dropped")

// Droppable returns next with its connections at the mercy of Drop.
func (s *Workshop) Droppable(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancelCause(r.Context())
		defer cancel(nil)
		s.mu.Lock()
		dropped := s.dropped
		s.mu.Unlock()
		go func() {
			select {
			case <-dropped:
				cancel(errDropped)
			case <-ctx.Done():
			}
		}()
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}
