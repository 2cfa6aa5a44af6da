package compress

import (
	"bufio"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/rw"
)

// writer holds back the beginning of a response until it is clear whether the body is
// compressed. Until then nothing reaches the underlying writer, so nothing has been sent
// if the handler panics.
type writer struct {
	below    *rw.Writer
	config   *config
	request  *http.Request
	coding   *coding // the one that the client wants, or nil
	mustCode bool    // the client refuses to go without one

	state    state
	begun    bool  // the handler has sent a status or content
	failure  error // why the body has ended before its time, or nil
	status   int   // the status that the handler has sent, or 0
	declared int64 // the length that the handler has declared, or -1
	written  int64 // the length of what it has written
	media    string
	held     []byte
	header   header.Snapshot // that belongs to what is held
	encoder  *codec          // nil for HEAD
	values   [3]string       // back the fields that are added
}

// newWriter returns a writer around w: one allocation also where w is not a
// [rw.Writer] yet.
func newWriter(w http.ResponseWriter) *writer {
	if shared, ok := w.(*rw.Writer); ok {
		return &writer{below: shared, declared: -1}
	}
	x := new(struct {
		writer

		room rw.Writer
	})
	x.below, x.declared = rw.WrapIn(&x.room, w), -1
	return &x.writer
}

type state uint8

const (
	undecided state = iota
	plain           // everything passes
	coded           // the body passes through the encoder
	finished        // the encoder serves others
)

var errFinished = errors.New("compress: write after the handler has returned")

var _ rw.Layer = (*writer)(nil)

// Unwrap returns the writer below, for [http.ResponseController].
func (x *writer) Unwrap() http.ResponseWriter { return x.below }

// Header returns the header of the writer below.
func (x *writer) Header() http.Header { return x.below.Header() }

// Started reports whether the handler has begun to answer, even if everything is still
// held back.
func (x *writer) Started() bool { return x.state == undecided && x.begun || x.below.Started() }

// Restart forgets what is held, and what has passed to a layer that held it.
func (x *writer) Restart() {
	x.state, x.begun, x.failure, x.status, x.written = undecided, false, nil, 0, 0
	x.media, x.held, x.encoder = "", nil, nil
	x.header.Forget()
}

// WriteHeader takes the final status. An informational one passes.
func (x *writer) WriteHeader(status int) {
	switch {
	case x.state != undecided, status < http.StatusOK && status != http.StatusSwitchingProtocols:
		x.below.WriteHeader(status)
	case !x.begun:
		x.status = status
		x.begin()
		if x.state == undecided && x.media != "" && x.declared >= 0 {
			x.commit(coded)
		}
		x.keepHeader()
	}
}

// Write takes a part of the body.
func (x *writer) Write(p []byte) (int, error) {
	x.begin()
	if x.state == plain {
		return x.below.Write(p)
	}
	if x.declared >= 0 && x.written+int64(len(p)) > x.declared {
		return 0, http.ErrContentLength
	}
	if x.state == undecided && !x.decide(p) {
		x.hold(p)
		return len(p), nil
	}
	return x.pass(p)
}

// WriteString is Write, without a copy of s where the body is not compressed.
func (x *writer) WriteString(s string) (int, error) {
	x.begin()
	if x.state == plain {
		return x.below.WriteString(s)
	}
	return x.Write([]byte(s))
}

// ReadFrom reads the first bytes of src if the decision needs them, and passes on the
// rest in one piece. If src is empty, a response that has not begun may still get any
// status, as in net/http.
func (x *writer) ReadFrom(src io.Reader) (total int64, err error) {
	fresh := !x.begun
	x.begin()
	for x.state == undecided && err == nil {
		var n int
		n, err = x.holdFrom(src)
		total += int64(n)
	}
	if err == nil {
		var rest int64
		rest, err = x.passFrom(src)
		total += rest
	} else {
		if err == io.EOF { //nolint:errorlint // as io.Copy compares it
			err = nil
		}
		x.failure = cmp.Or(x.failure, err)
	}
	if fresh && total == 0 && !x.below.Started() {
		x.Restart()
		return 0, err
	}
	x.keepHeader()
	return total, err
}

// pass sends p after the decision.
func (x *writer) pass(p []byte) (int, error) {
	switch {
	case x.state == plain:
		return x.below.Write(p)
	case x.state == finished:
		return 0, errFinished
	case x.encoder == nil:
		x.written += int64(len(p))
		return len(p), nil
	}
	n, err := x.encoder.Write(p)
	x.written += int64(n)
	x.failure = cmp.Or(x.failure, err)
	return n, err
}

// passFrom is pass for a reader.
func (x *writer) passFrom(src io.Reader) (n int64, err error) {
	switch {
	case x.state == plain:
		return x.below.ReadFrom(src)
	case x.state == finished:
		return 0, errFinished
	case x.encoder == nil:
		n, err = io.Copy(io.Discard, src)
	default:
		n, err = x.encoder.readFrom(src)
	}
	x.written += n
	x.failure = cmp.Or(x.failure, err)
	return n, err
}

// FlushError decides about the response and sends what is held. If the underlying writer
// cannot flush, it does nothing and returns [http.ErrNotSupported].
func (x *writer) FlushError() error {
	if !rw.CanFlush(x.below) {
		return http.ErrNotSupported
	}
	x.begin()
	if x.state == undecided {
		x.commit(toCoded(x.allowed(x.held)))
	}
	if x.state == coded && x.encoder != nil {
		if err := x.encoder.Flush(); err != nil {
			x.failure = cmp.Or(x.failure, err)
			return err
		}
	}
	return x.below.FlushError()
}

// Flush is FlushError for callers that ask for an [http.Flusher].
func (x *writer) Flush() { _ = x.FlushError() }

// Hijack takes the connection over, and whatever is held with it.
func (x *writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buf, err := x.below.Hijack()
	if err == nil {
		x.begun, x.state, x.held, x.encoder = true, plain, nil, nil
	}
	return conn, buf, err
}

// finish ends the response after the handler has returned. A body that is too short gets
// no end of its coding, so that it does not look complete.
func (x *writer) finish() {
	x.begin()
	if x.state == undecided && x.failure == nil {
		x.commit(toCoded(x.codesAtEnd()))
	}
	if x.state == plain {
		return
	}
	if encoder := x.encoder; encoder != nil && x.failure == nil {
		if x.declared >= 0 && x.written != x.declared {
			x.failure = fmt.Errorf("compress: %d bytes written, Content-Length is %d", x.written, x.declared)
		} else if x.failure = encoder.Close(); x.failure == nil {
			x.coding.put(encoder)
		}
	}
	if x.failure != nil {
		x.report()
		rw.Abort(x.below, x.request)
	}
	x.encoder, x.state = nil, finished
}

// report writes into the access record, or else the log, why the response is broken off.
// It is not a failure if the client has left.
func (x *writer) report() {
	if !x.below.Broken() && !failure.Left(x.request.Context()) {
		rw.ReportCause(x.below, x.request, "compress: response broken off", x.failure)
	}
}

// breakOff sends the rest of the encoder without its end, after a panic. Then the body is
// incomplete even if an outer middleware recovers and the server finishes the response. A
// zstd body without any bytes would be complete.
func (x *writer) breakOff() {
	if encoder := x.encoder; encoder != nil {
		x.encoder, x.state = nil, finished
		_ = encoder.Flush() // the response has failed already
	}
}
