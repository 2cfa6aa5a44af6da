package stream

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/rw"
)

// burst is the distance between items below which they are written by another
// goroutine. Starting that goroutine costs about as much as a small write.
const burst = 200 * time.Microsecond

// A pump takes frames from the goroutine of the handler and writes them. At most one goroutine
// writes at a time:
//
//   - the goroutine of the handler, if frames come slowly
//   - a goroutine that is started when frames come fast, and that ends when none is left
//   - the goroutine of the timer
//
// Frames that come meanwhile wait in pending. So the speed of the network decides the size of a
// batch, and a frame needs no timer.
//
// A goroutine claims the turn, takes an [output], transmits it without the lock, and calls done.
// All code that holds the lock is in this file.
type pump struct {
	w       *rw.Writer
	control *http.ResponseController
	r       *http.Request
	ctx     context.Context
	format  *format
	options Options
	flushes bool // the writer can flush

	// Only the goroutine of the handler uses these.
	frames int  // taken from the sequence
	broken bool // the body is incomplete, and the client has to see that

	mu      sync.Mutex
	changed sync.Cond // wakes the handler's goroutine: writing, pending or err
	pending []byte    // waits to be written
	spare   []byte    // the other of the two buffers, while it is not written
	timer   *time.Timer
	due     time.Time // when timer fires, or zero
	last    time.Time // when the current write began, or the last one ended
	err     error     // of the writer
	thrown  any       // what the writer has panicked with

	started bool // the response has started, and format.open is written first
	writing bool // a goroutine writes
	partial bool // a part of a frame is written or waits, and the rest follows
	ending  bool // the sequence is over, so no more signs of life are sent
	cutting bool // the write deadline is in the past and stays there
	undated bool // the writer has no deadlines
}

// put sends a copy of a frame. It reports false if the sequence should end: the client
// has left or the server ends the request.
func put[F string | []byte](p *pump, frame F) bool {
	over := p.ctx.Err() != nil
	if over && (!p.format.endless || failure.Left(p.ctx)) {
		return false
	}
	p.frames++
	if queue(p, frame) {
		return !over
	}
	rest, out, taken := offer(p, frame)
	if out.bySelf {
		taken = transmit(p, out, rest)
	}
	return taken && !over
}

// queue adds the frame to pending, if there is room, for the goroutine that writes.
func queue[F string | []byte](p *pump, frame F) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.writing || p.err != nil || len(frame) > cap(p.pending)-len(p.pending) {
		return false
	}
	p.pending = append(p.pending, frame...)
	return true
}

// offer is queue if no goroutine writes or there is no room. It returns what the caller
// has to write itself, and reports false if the writer has failed.
func offer[F string | []byte](p *pump, frame F) (rest F, out output, taken bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	each := p.options.Flush == EachItem
	for p.err == nil {
		if !p.writing && (each || len(frame) <= batchSize && p.started && time.Since(p.last) >= burst) {
			p.partial = false
			p.claim()
			return frame, p.open(output{bySelf: true}), true
		}
		if !each {
			frame = frame[hold(p, frame):]
			if p.partial = len(frame) > 0; !p.partial {
				return rest, out, true
			}
		}
		p.changed.Wait()
	}
	return rest, out, false
}

// hold adds as much of the frame to pending as there is room for, and makes a goroutine
// write it. Another goroutine always starts the response: writing the header needs much
// stack, which the goroutine of the handler would keep while it is idle. The lock is
// held.
func hold[F string | []byte](p *pump, frame F) int {
	if p.pending == nil {
		p.pending = getBatch()
	}
	n := min(len(frame), batchSize-len(p.pending))
	p.pending = append(p.pending, frame[:n]...)
	if !p.writing {
		p.claim()
		go p.drain("")
	}
	return n
}

// claim begins a turn to write, which settle ends. The time of the write counts from
// here, so that the timer does not count the pause before it. The lock is held.
func (p *pump) claim() {
	p.writing = true
	p.last = time.Now()
}

// drain writes prefix and then all that is pending. The caller has claimed the turn, and
// drain ends it.
func (p *pump) drain(prefix string) {
	for {
		out, ok := p.take(prefix)
		if !ok || !transmit(p, out, out.batch) {
			return
		}
		prefix = ""
	}
}

// take returns the next batch. If there is none, it ends the turn.
func (p *pump) take(prefix string) (out output, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.err != nil || p.cutting || len(p.pending) == 0 && prefix == "" && p.started {
		p.settle()
		return out, false
	}
	out = p.open(output{prefix: prefix, batch: p.pending})
	p.pending, p.spare = p.spare, nil
	return out, true
}

// open makes the first output begin the response. The lock is held.
func (p *pump) open(out output) output {
	out.first = !p.started
	p.started = true
	p.watch()
	return out
}

// done notes the result of an output, and reports whether more outputs may follow. An
// error that is already noted when a write fails is the reason of the failure. A panic of
// the writer is kept for the goroutine of the handler, where net/http recovers it.
func (p *pump) done(out output, err error, panicked any) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if panicked != nil {
		p.thrown = withStack(panicked)
	}
	p.err = cmp.Or(p.err, err)
	p.last = time.Now()
	p.recycle(out.batch)
	if out.bySelf || p.err != nil {
		p.settle()
		return p.err == nil
	}
	p.changed.Signal()
	return true
}

// recycle keeps the buffer of a batch for as long as there is traffic. The lock
// is held.
func (p *pump) recycle(batch []byte) {
	switch {
	case batch == nil:
	case p.pending == nil:
		p.pending = batch[:0]
	default:
		p.spare = batch[:0]
	}
}

// settle ends the turn and frees the buffers. They are not empty only if the connection is lost.
// The lock is held.
func (p *pump) settle() {
	putBatch(p.pending)
	putBatch(p.spare)
	p.pending, p.spare = nil, nil
	p.writing = false
	p.changed.Signal()
}

// watch makes the timer look at the write that begins now, in time to end it. The writer
// does not get a deadline for each batch: that would cost more than a small write, and an
// expired deadline ends a stream of HTTP/2 even if nothing is being written.
func (p *pump) watch() {
	limit := p.options.WriteTimeout
	if limit > 0 && !p.undated && !p.ending && (p.due.IsZero() || p.due.Sub(p.last) > limit) {
		p.wake(limit)
	}
}

// wake makes the timer fire after a time. The lock is held.
func (p *pump) wake(after time.Duration) {
	p.due = time.Now().Add(after)
	p.timer.Reset(after)
}

// tick runs at the end of Grace, then at least once in each heartbeat, and when a write
// may have taken too long.
func (p *pump) tick() {
	if beat, due := p.turn(); due {
		p.drain(beat)
	}
}

// turn reports whether the timer has to write: the header, or a sign of life, which it
// returns. The caller then has the turn.
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

// inspect ends a write that has taken too long. The lock is held.
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

// fail makes the current write fail and notes why. The lock is held.
func (p *pump) fail(why error) {
	p.setDeadline(past)
	p.cutting = true
	p.err = cmp.Or(p.err, why)
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

// arm sets the deadline of the last write, which also covers what net/http adds to it.
func (p *pump) arm() {
	if p.options.WriteTimeout > 0 {
		p.setDeadline(time.Now().Add(p.options.WriteTimeout))
	}
}

// cut makes all further writes fail, also the end of the response that net/http would
// write: a client that closed only its half of the connection must not take the response
// for complete. It reports false if the writer cannot do that.
func (p *pump) cut() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.setDeadline(past)
	p.cutting = true
	joined := p.ending && !p.writing
	if joined && p.started && (p.broken || !p.format.endless) && rw.Cut(p.w, p.r) {
		return true
	}
	return !p.undated
}

// join waits for the goroutine that writes. After that only the caller uses the writer.
func (p *pump) join() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ending = true
	for p.writing {
		p.changed.Wait()
	}
	p.timer.Stop()
}

// begin replaces the write deadline of the server and starts the timer.
func (p *pump) begin() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.setDeadline(time.Time{})
	grace := max(p.options.Grace, 0)
	p.due = time.Now().Add(grace)
	p.timer = time.AfterFunc(grace, p.tick)
}

// refuse drops all that is pending and reports whether the response has started.
func (p *pump) refuse(why error) (started bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.err = cmp.Or(p.err, why)
	return p.started
}

// giveUp makes a write to a client that has left fail. A response that has not started
// can still be answered.
func (p *pump) giveUp() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.started || p.writing {
		p.fail(context.Cause(p.ctx))
	}
}

// takeLast is take for an output that does not come from pending.
func (p *pump) takeLast(complete bool) output {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.arm()
	p.claim()
	return p.open(output{bySelf: true, last: complete})
}
