package stream

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"
)

// watch sees to it that the timer looks at the write that begins now before it
// has taken too long. The writer is not given a deadline for each batch: that
// costs more than a small write takes, and an expired one ends a stream of
// HTTP/2 even if nothing is being written.
func (p *pump) watch() {
	limit := p.options.WriteTimeout
	if limit > 0 && !p.undated && !p.ending && (p.due.IsZero() || p.due.Sub(p.last) > limit) {
		p.wake(limit)
	}
}

// wake makes the timer fire after that time.
func (p *pump) wake(after time.Duration) {
	p.due = time.Now().Add(after)
	p.timer.Reset(after)
}

// tick runs when the grace is over, then at least once per heartbeat, and when a
// write may have taken too long.
func (p *pump) tick() {
	if beat, due := p.turn(); due {
		p.drain(beat)
	}
}

// turn reports whether the timer has something to write: the header, or a sign
// of life, which is returned. Then it is the turn of the caller to write.
func (p *pump) turn() (beat string, due bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.due = time.Time{}
	every, passed := p.options.Heartbeat, time.Since(p.last)
	switch {
	case p.err != nil || p.cutting:
	case p.writing:
		p.inspect(passed)
	case p.ending:
	case !p.started:
		due = true
	case every <= 0: // The next write wakes the timer.
	case passed < every:
		p.wake(every - passed)
	case p.partial:
		p.wake(every)
	default:
		beat, due = p.format.beat, true
	}
	if due {
		p.claim()
		if every > 0 {
			p.wake(every)
		}
	}
	return beat, due
}

// inspect ends a write that has taken too long.
func (p *pump) inspect(passed time.Duration) {
	limit, every := p.options.WriteTimeout, p.options.Heartbeat
	limited := limit > 0 && !p.undated
	switch {
	case limited && passed >= limit:
		p.fail(os.ErrDeadlineExceeded)
	case limited && every > 0:
		p.wake(min(limit-passed, every))
	case limited:
		p.wake(limit - passed)
	case every > 0:
		p.wake(every)
	}
}

// fail makes the write under way fail, and says why.
func (p *pump) fail(why error) {
	p.setDeadline(past)
	p.cutting = true
	if p.err == nil {
		p.err = why
	}
	p.changed.Signal()
}

//nolint:gochecknoglobals // a constant that Go cannot declare as such
var past = time.Unix(1, 0)

func (p *pump) setDeadline(at time.Time) {
	if p.cutting || p.undated {
		return
	}
	p.undated = errors.Is(p.control.SetWriteDeadline(at), http.ErrNotSupported)
}

// arm gives what is written last its deadline, which holds for what net/http
// adds to it as well.
func (p *pump) arm() {
	if p.options.WriteTimeout > 0 {
		p.setDeadline(time.Now().Add(p.options.WriteTimeout))
	}
}

// cut makes whatever is written from now on fail, what net/http would send to
// end the response as well: a client that has only closed its half of the
// connection must not take the response for a complete one. It reports false if
// the writer has no deadlines.
func (p *pump) cut() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.setDeadline(past)
	p.cutting = true
	return !p.undated
}

// join waits for whoever writes. From then on nobody but the caller touches the
// writer.
func (p *pump) join() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ending = true
	for p.writing {
		p.changed.Wait()
	}
	p.timer.Stop()
}

// explain says why the writer has failed.
func (p *pump) explain() error {
	server, _ := p.ctx.Value(http.ServerContextKey).(*http.Server)
	late := errors.Is(p.err, os.ErrDeadlineExceeded)
	switch {
	case late && p.undated && server != nil && server.WriteTimeout > 0:
		return fmt.Errorf("stream: a middleware hides the write deadline, so WriteTimeout of the server, %v, ends the stream: %w",
			server.WriteTimeout, p.err)
	case late && !p.undated:
		return fmt.Errorf("stream: the client took nothing for %v: %w", p.options.WriteTimeout, p.err)
	case p.ctx.Err() != nil:
		return context.Cause(p.ctx)
	}
	return fmt.Errorf("stream: %w", p.err)
}
