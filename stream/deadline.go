package stream

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"
)

// arm gives the next write its deadline. An expired deadline ends a stream of
// HTTP/2 even if nothing is being written, so none is left standing.
func (p *pump) arm() {
	if p.options.WriteTimeout > 0 {
		p.setDeadline(time.Now().Add(p.options.WriteTimeout))
	}
}

func (p *pump) disarm() {
	if p.options.WriteTimeout > 0 {
		p.setDeadline(time.Time{})
	}
}

func (p *pump) setDeadline(at time.Time) {
	if p.cutting || p.undated {
		return
	}
	p.undated = errors.Is(p.control.SetWriteDeadline(at), http.ErrNotSupported)
}

// cut makes whatever is written from now on fail, what net/http would send to
// end the response as well: a client that has only closed its half of the
// connection must not take the response for a complete one. It reports false if
// the writer has no deadlines.
func (p *pump) cut() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.setDeadline(time.Unix(1, 0))
	p.cutting = true
	return !p.undated
}

// join waits for whoever writes. From then on nobody but the caller touches the
// writer.
func (p *pump) join() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	p.timer.Stop()
	for p.flushing {
		p.changed.Wait()
	}
}

// explain says why the writer has failed.
func (p *pump) explain() error {
	late := errors.Is(p.err, os.ErrDeadlineExceeded)
	server, _ := p.ctx.Value(http.ServerContextKey).(*http.Server)
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
