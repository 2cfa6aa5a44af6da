package stream

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"time"
)

// send writes one batch. The caller holds the lock, which is released meanwhile.
// A panic of the writer is kept for the goroutine of the handler, which net/http
// watches. An error that is there when the write fails is what made it fail.
func send[F string | []byte](p *pump, prefix string, frame F, last bool) {
	first := !p.started
	if first {
		prefix = p.format.open
	}
	p.started = true
	p.watch()
	err := errThrown
	p.mu.Unlock()
	defer func() {
		thrown := recover()
		p.mu.Lock()
		if thrown != nil {
			p.thrown = withStack(thrown)
		}
		if p.err == nil {
			p.err = err
		}
		p.last = time.Now()
		p.changed.Signal()
	}()
	if first {
		setHeader(p.w.Header(), p.options.ContentType)
		p.w.WriteHeader(http.StatusOK)
	}
	err = transmit(p, prefix, frame, last)
}

// transmit leaves the last batch of a response to net/http to flush.
func transmit[F string | []byte](p *pump, prefix string, frame F, last bool) error {
	err := write(p.w, prefix, frame)
	if err == nil && !last && p.flushes {
		err = p.control.Flush()
	}
	if errors.Is(err, http.ErrNotSupported) && !p.format.endless {
		p.flushes, err = false, nil
	}
	return err
}

// write writes both. They are one chunk, unless they are large.
func write[F string | []byte](w io.Writer, prefix string, frame F) error {
	if prefix != "" {
		if _, err := io.WriteString(w, prefix); err != nil {
			return err
		}
	}
	var err error
	switch frame := any(frame).(type) {
	case string:
		if frame != "" {
			_, err = io.WriteString(w, frame)
		}
	case []byte:
		if len(frame) > 0 {
			_, err = w.Write(frame)
		}
	}
	return err
}

var (
	errThrown   = errors.New("stream: the writer has panicked")
	errPanicked = errors.New("stream: the sequence or the writer has panicked")
)

// A thrown is a panic that is on its way to another goroutine, where its own
// stack is not seen.
type thrown struct {
	value any
	stack []byte
}

// withStack wraps what was recovered, except for [http.ErrAbortHandler], which
// net/http and middleware compare by identity.
func withStack(recovered any) any {
	if recovered == http.ErrAbortHandler { //nolint:errorlint // identity is meant
		return recovered
	}
	return &thrown{recovered, debug.Stack()}
}

// Error implements error, so that net/http prints it.
func (t *thrown) Error() string { return fmt.Sprintf("%v\n\n%s", t.value, t.stack) }

// Unwrap returns the panic's value if it is an error.
func (t *thrown) Unwrap() error {
	err, _ := t.value.(error)
	return err
}
