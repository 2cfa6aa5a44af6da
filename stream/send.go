package stream

import (
	"errors"
	"io"
	"net/http"
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
