package jetstream

import (
	"context"
	"sync"
	"time"

	js "github.com/nats-io/nats.go/jetstream"
)

// pollInterval is how long a reader without news waits before it asks for them. A message
// to a reader may be lost. If it was the last one, no later message shows the gap.
const pollInterval = 2 * time.Second

// A look is the state of a topic in the stream when it was asked for.
type look struct {
	asked  time.Time
	info   *js.StreamInfo
	newest uint64 // the newest sequence of the topic, or 0
	err    error
}

// polls let all readers of a topic in this process ask together. So thousands of waiting
// readers cost the server as much as one.
type polls struct {
	mu     sync.Mutex
	topics map[string]*poll // by their subjects
}

// A poll is the last look of the readers of a topic.
type poll struct {
	turn    chan struct{} // has one place
	last    look
	readers int
}

func (p *polls) join(subject string) *poll {
	p.mu.Lock()
	defer p.mu.Unlock()
	of := p.topics[subject]
	if of == nil {
		of = &poll{turn: make(chan struct{}, 1)}
		if p.topics == nil {
			p.topics = map[string]*poll{}
		}
		p.topics[subject] = of
	}
	of.readers++
	return of
}

func (p *polls) leave(subject string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	of := p.topics[subject]
	if of.readers--; of.readers == 0 {
		delete(p.topics, subject)
	}
}

// look returns the last look if it is newer than since. Otherwise this reader asks. If
// its ctx ends meanwhile, the others still get the answer.
func (p *poll) look(ctx context.Context, since time.Time, ask func(context.Context) look) look {
	select {
	case p.turn <- struct{}{}:
		defer func() { <-p.turn }()
	case <-ctx.Done():
		return look{err: context.Cause(ctx)}
	}
	if !p.last.asked.After(since) {
		one, cancel := context.WithTimeout(context.WithoutCancel(ctx), attempt)
		defer cancel()
		p.last = ask(one)
	}
	return p.last
}
