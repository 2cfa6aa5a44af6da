package jetstream

import (
	"context"
	"sync"
	"time"

	js "github.com/nats-io/nats.go/jetstream"
)

// pollInterval is how long a reader without news waits before it asks for them: what is
// sent to readers may be lost, and the last entry has none after it that would show the
// gap.
const pollInterval = 2 * time.Second

// A look is what the stream had of a topic once it was asked.
type look struct {
	asked  time.Time
	info   *js.StreamInfo
	newest uint64 // the newest sequence of the topic, or 0
	err    error
}

// polls have the readers of a topic in this process ask together: the waiting of
// thousands costs the server as much as that of one.
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

// look returns the last look if that was after since. Else it is this reader's turn to
// ask, which the end of its ctx does not keep from the others.
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
