package stream

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"
	"sync"
)

// An output is what the pump lets one goroutine write next.
type output struct {
	first  bool   // begins the response
	last   bool   // ends it, so that net/http flushes it
	bySelf bool   // is of the goroutine of the handler, whose turn ends with it
	prefix string // stands before the frame
	batch  []byte // comes back to the pump
}

// transmit writes the frame and reports whether more may follow. The lock is not held.
func transmit[F string | []byte](p *pump, out output, frame F) (more bool) {
	err := errThrown
	defer func() { more = p.done(out, err, recover()) }()
	if out.first {
		out.prefix = p.format.open
		setHeader(p.w.Header(), p.options.ContentType)
		p.w.WriteHeader(http.StatusOK)
	}
	err = send(p, out, frame)
	return false
}

// send leaves the last batch of a response to net/http to flush.
func send[F string | []byte](p *pump, out output, frame F) error {
	err := write(p.w, out.prefix, frame)
	if err == nil && !out.last && p.flushes {
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

// A thrown is a panic that continues on another goroutine. It keeps its own stack, which
// would be lost there.
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

// batchSize is how many bytes may be pending while a batch is written. Below 16 KiB the
// framing of net/http costs most; a larger size gains nothing.
const batchSize = 64 << 10

//nolint:gochecknoglobals // a pool of private buffers, so that a stream without traffic holds none
var batches = sync.Pool{New: func() any { return new([batchSize]byte) }}

func getBatch() []byte {
	batch, _ := batches.Get().(*[batchSize]byte)
	return batch[:0]
}

// putBatch drops what append has made larger.
func putBatch(batch []byte) {
	if cap(batch) == batchSize {
		batches.Put((*[batchSize]byte)(batch[:batchSize]))
	}
}
