package stream

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

// A feed gives the items of a sequence to the pump until the pump refuses one, and
// returns the error of the sequence.
type feed func(p *pump) error

// serveHTTP answers r with the items of feed. It logs and aborts a response that fails
// after its start.
func serveHTTP(w http.ResponseWriter, r *http.Request, f *format, o *Options, items feed) {
	p := newPump(w, r, f, o)
	if err := p.serve(w, items); p.broken {
		respond.Error(p.w, r, err) // does not return
	}
}

// serve is serveHTTP that returns what ended the stream. It aborts a response without a
// panic if it can make the connection fail.
func serve(w http.ResponseWriter, r *http.Request, f *format, o *Options, items feed) error {
	p := newPump(w, r, f, o)
	err := p.serve(w, items)
	if !p.broken {
		return err
	}
	if !p.cut() {
		rw.Abort(p.w, p.r)
	}
	return err
}

func newPump(w http.ResponseWriter, r *http.Request, f *format, o *Options) *pump {
	own := rw.Wrap(w)
	p := &pump{
		w: own, control: http.NewResponseController(own), r: r, ctx: r.Context(),
		format: f, flushes: rw.CanFlush(w),
	}
	p.options.settle(o, f)
	p.changed.L = &p.mu
	return p
}

// serve sends the response up to its end or its failure. The stack frames from here to the
// sequence are small, because the stack is most of the cost of an idle stream.
func (p *pump) serve(w http.ResponseWriter, items feed) error {
	if err := p.check(w); err != nil {
		respond.Error(w, p.r, err)
		return err
	}
	if p.r.Method == http.MethodHead {
		setHeader(w.Header(), p.options.ContentType)
		w.WriteHeader(http.StatusOK)
		return nil
	}
	return p.run(items)
}

var (
	errStarted     = errors.New("stream: the response has started already")
	errCannotFlush = errors.New("stream: SSE needs a response writer that can flush: a middleware around it has neither Flush nor Unwrap")
)

// check refuses a stream that cannot start.
func (p *pump) check(w http.ResponseWriter) error {
	switch {
	case rw.Started(w):
		return errStarted
	case p.format.endless && !p.flushes:
		return errCannotFlush
	}
	return p.options.check()
}

// run lets the sequence run and ends the response as it ends.
func (p *pump) run(items feed) error {
	var member *member
	if p.format.endless {
		member = enter(p.ctx)
		defer member.leave()
	}
	p.begin()
	returned := false
	defer func() {
		if !returned {
			p.drop()
			p.ended(errPanicked)
		}
	}()
	err := items(p)
	err = p.finish(err, member)
	returned = true
	p.ended(err)
	return err
}

// drop ends a response whose sequence has panicked. If the response has not started, nothing of
// it is written, so that middleware can answer the panic, within the write deadline.
func (p *pump) drop() {
	if !p.refuse(errPanicked) {
		p.join()
		p.arm()
		return
	}
	p.cut()
	p.join()
	p.cut() // again, because for HTTP/1.0 it works only when nobody writes
}

// ended calls OnEnd, once.
func (p *pump) ended(err error) {
	if tell := p.options.OnEnd; tell != nil {
		p.options.OnEnd = nil
		tell(err)
	}
}

// finish ends a response whose sequence has ended with err, in one of these ways:
//
//	conclude        the response is complete: the end of the format follows
//	breakOff        it failed after the start: the record of OnError follows, and no end
//	abandon         the writer has failed or the client has left: nothing more is written
//	respond.Error   it failed before the start
//
// If the sequence panics, drop ends the response instead.
func (p *pump) finish(err error, member *member) error {
	left := failure.Left(p.ctx)
	if left {
		p.giveUp()
	}
	p.join()
	switch why := context.Cause(p.ctx); {
	case p.err != nil || left && p.started:
		return p.abandon()
	case left:
		err = why
	case why != nil && p.endsWith(err, why):
		end := []byte(p.format.close)
		if errors.Is(why, ErrDraining) {
			end = member.farewell(end)
		}
		return p.conclude(end, why)
	case why != nil && err == nil:
		err = why
	case why != nil && !errors.Is(err, why):
		err = fmt.Errorf("%w: %w", why, err)
	}
	switch {
	case err == nil:
		return p.conclude([]byte(p.format.close), nil)
	case p.started:
		return p.breakOff(err)
	}
	p.arm()
	respond.Error(p.w, p.r, err)
	return err
}

// endsWith reports whether the response is complete after the server ended the context of
// the request with the cause why, and the sequence ended with err. An event stream is:
// its client does not wait for an end and connects again. A stream that has not begun
// before a deadline is a failure.
func (p *pump) endsWith(err, why error) bool {
	return p.format.endless && (p.started || failure.Cause(p.ctx) != nil) &&
		(err == nil || errors.Is(err, context.Canceled) || errors.Is(err, why))
}

// conclude ends a complete response with the end of the format. It returns why, or the
// error of the end.
func (p *pump) conclude(end []byte, why error) error {
	if transmit(p, p.takeLast(true), end); p.err != nil {
		return p.abandon()
	}
	return why
}

// abandon ends the response after the writer has failed or the client has left. Nobody
// can get an answer then.
func (p *pump) abandon() error {
	err := p.explain()
	switch {
	case p.thrown != nil:
		p.cut()
		p.ended(err)
		panic(p.thrown)
	case errors.Is(err, http.ErrContentLength):
		p.broken = true
		return err
	}
	if p.format.endless && failure.Left(p.ctx) && !errors.Is(p.err, os.ErrDeadlineExceeded) {
		rw.RecordUnmissed(p.w) // it is chance whether a write has failed
	}
	// If no deadline makes writes fail, only a panic keeps net/http from ending the body as
	// if it were complete. An event stream never is.
	if !p.cut() && p.started && !p.format.endless {
		p.ended(err)
		rw.Abort(p.w, p.r)
	}
	return err
}

// breakOff sends the last record, if there is one, and leaves the response
// without its end.
func (p *pump) breakOff(err error) error {
	p.broken = true
	if p.options.OnError == nil {
		return err
	}
	record := p.options.OnError(err)
	if record == nil {
		return err
	}
	buf := getFrame()
	if fault := p.format.frame(p.format, buf, record, p.frames == 0); fault != nil {
		return errors.Join(err, fault)
	}
	transmit(p, p.takeLast(false), buf.Bytes())
	putFrame(buf)
	if p.thrown != nil {
		return p.abandon()
	}
	return err
}

// setHeader sets the fields of a stream that are not set yet. The values share one array,
// each cut to capacity 1. Each response has its own array, because others may write into
// the values. It is not inlined, because its frame would then stay on the stack of every
// stream that waits.
//
//go:noinline
func setHeader(h http.Header, media string) {
	values := [...]string{media, "no-cache", "no", "nosniff"}
	for i, name := range [...]string{"Content-Type", "Cache-Control", "X-Accel-Buffering", "X-Content-Type-Options"} {
		if _, ok := h[name]; !ok {
			h[name] = values[i : i+1 : i+1]
		}
	}
}

// explain returns why the writer has failed.
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
