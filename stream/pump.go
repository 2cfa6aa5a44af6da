package stream

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/tenonkit/tenon/internal/rw"
)

// burst is the distance between items below which they are written by another
// goroutine. Starting that goroutine costs about as much as a small write.
const burst = 200 * time.Microsecond

// A pump takes frames from the goroutine of the handler and writes them. At any
// time at most one goroutine writes: that of the handler, if the frames come
// slowly; one that is started when they come fast and ends when nothing is left;
// or that of the timer. Frames that come meanwhile wait in pending, so the size
// of a batch follows from the speed of the network, and there is no timer per
// frame.
type pump struct {
	w       *rw.Writer
	control *http.ResponseController
	r       *http.Request
	ctx     context.Context
	format  *format
	options Options
	flushes bool // the writer can flush

	// The goroutine of the handler alone uses these.
	frames int  // taken from the sequence
	broken bool // the body is incomplete, and the client has to see that

	mu      sync.Mutex
	changed sync.Cond // wakes the handler's goroutine: flushing, pending or err
	timer   *time.Timer
	last    time.Time // when the last batch was written
	pending []byte    // waits to be written
	spare   []byte    // the other of the two buffers, while it is not written
	err     error     // of the writer
	thrown  any       // what the writer has panicked with

	opened   bool // format.open is in pending or written
	started  bool // the response has started
	flushing bool // a goroutine writes
	partial  bool // pending ends inside of a frame
	closed   bool // the timer has nothing to do any more
	cutting  bool // the deadline is over and stays so
	undated  bool // the writer has no deadlines
}

// put sends a frame on. It reports false when the sequence should end: the
// client has left or the server drains. The frame is copied.
func put[F string | []byte](p *pump, frame F) bool {
	done := p.ctx.Err() != nil
	if done && !isDraining(p.ctx) {
		return false
	}
	p.frames++
	p.mu.Lock()
	for {
		for p.flushing && p.err == nil && (len(p.pending) == batchSize || p.options.Flush == EachItem) {
			p.changed.Wait()
		}
		if p.err != nil {
			p.mu.Unlock()
			return false
		}
		p.open()
		n := len(frame)
		if p.options.Flush != EachItem {
			n = min(n, batchSize-len(p.pending))
		}
		p.pending = append(p.pending, frame[:n]...)
		frame = frame[n:]
		p.partial = len(frame) > 0
		if !p.flushing {
			p.flush()
		}
		if !p.partial {
			break
		}
	}
	p.mu.Unlock()
	return !done
}

// open makes room in pending and begins the body.
func (p *pump) open() {
	if p.pending == nil {
		p.pending = getBatch()
	}
	if !p.opened {
		p.opened = true
		p.pending = append(p.pending, p.format.open...)
	}
}

// flush starts to write what is pending: here, if the last write is a while
// ago. The response is started elsewhere, because writing the header needs much
// stack, which the handler's goroutine would keep for as long as it is idle.
func (p *pump) flush() {
	p.flushing = true
	if p.options.Flush != EachItem && (!p.started || time.Since(p.last) < burst) {
		go p.drain(false)
		return
	}
	p.mu.Unlock()
	p.drain(false)
	p.mu.Lock()
}

// drain writes until nothing is pending. The caller has set flushing, drain
// takes it back. The last batch of a response is left to net/http to flush.
func (p *pump) drain(last bool) {
	p.mu.Lock()
	for p.err == nil && !p.cutting && (len(p.pending) > 0 || !p.started) {
		batch, first := p.pending, !p.started
		p.pending, p.spare, p.started = p.spare, nil, true
		p.arm()
		p.mu.Unlock()
		err := p.send(batch, first, last)
		p.mu.Lock()
		// The last deadline holds for what net/http still writes.
		if !last {
			p.disarm()
		}
		p.recycle(batch)
		p.err = err
		p.changed.Signal()
	}
	p.settle()
	p.mu.Unlock()
}

// recycle keeps the buffer of a batch for as long as there is traffic.
func (p *pump) recycle(batch []byte) {
	switch {
	case batch == nil:
	case p.pending == nil:
		p.pending = batch[:0]
	default:
		p.spare = batch[:0]
	}
}

// settle ends the turn of whoever writes, and lets go of the buffers.
func (p *pump) settle() {
	putBatch(p.pending)
	putBatch(p.spare)
	p.pending, p.spare = nil, nil
	p.last = time.Now()
	p.flushing = false
	p.changed.Signal()
}

// send writes one batch. A panic of the writer is kept for the goroutine of the
// handler, which net/http watches.
func (p *pump) send(batch []byte, first, last bool) (err error) {
	returned := false
	defer func() {
		if returned {
			return
		}
		err = errThrown
		p.thrown = recover()
		if p.thrown == nil { // runtime.Goexit ends this goroutine here.
			p.mu.Lock()
			p.err = errThrown
			p.settle()
			p.mu.Unlock()
			return
		}
		p.thrown = withStack(p.thrown)
	}()
	if first {
		setHeader(p.w.Header(), p.options.ContentType)
		p.w.WriteHeader(http.StatusOK)
	}
	if len(batch) > 0 {
		_, err = p.w.Write(batch)
	}
	if err == nil && !last && p.flushes {
		err = p.control.Flush()
	}
	if errors.Is(err, http.ErrNotSupported) && !p.format.endless {
		p.flushes, err = false, nil
	}
	returned = true
	return err
}

// tick runs when the grace is over and then at least once per heartbeat.
func (p *pump) tick() {
	p.mu.Lock()
	if p.closed || p.err != nil {
		p.mu.Unlock()
		return
	}
	beat := p.options.Heartbeat
	rest := beat - time.Since(p.last)
	busy := p.flushing || p.partial
	due := !busy && (!p.started || beat > 0 && rest <= 0)
	if beat > 0 {
		if rest <= 0 || busy || !p.started {
			rest = beat
		}
		p.timer.Reset(rest)
	}
	if !due {
		p.mu.Unlock()
		return
	}
	p.open()
	if p.started {
		p.pending = append(p.pending, p.format.beat...)
	}
	p.flushing = true
	p.mu.Unlock()
	p.drain(false)
}
