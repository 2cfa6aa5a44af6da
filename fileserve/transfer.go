package fileserve

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

// A body of up to inOneWrite bytes is read and written. This is less work than
// sendfile(2) and puts a small body into the packet of the header.
const inOneWrite = 16 << 10

//nolint:gochecknoglobals // a pool of private buffers has to outlive the request
var buffers = sync.Pool{New: func() any { return new([inOneWrite]byte) }}

var errShort = errors.New("the file has become shorter while it was sent")

// sendSpan answers with one span of the body, or with all of it.
func (rep *representation) sendSpan(w http.ResponseWriter, r *http.Request, hd head, s span) {
	switch {
	case r.Method == http.MethodHead || s.length == 0:
		rep.begin(w, hd, true)
	case s.length <= inOneWrite:
		rep.sendSmall(w, r, hd, s)
	default:
		if err := rep.seek(s.start); err != nil {
			respond.Error(w, r, fmt.Errorf("fileserve: %w", err))
			return
		}
		rep.begin(w, hd, false)
		t := newTransfer(w, r, rep)
		defer t.watch.stop()
		t.span(s)
	}
}

// sendSmall reads the span before anything is sent, so that a file that cannot be
// read is a clean failure.
func (rep *representation) sendSmall(w http.ResponseWriter, r *http.Request, hd head, s span) {
	text, ok := rep.inMemory(s)
	if !ok {
		buf, _ := buffers.Get().(*[inOneWrite]byte)
		defer buffers.Put(buf)
		text = buf[:s.length]
		if err := rep.read(text, s.start); err != nil {
			respond.Error(w, r, fmt.Errorf("fileserve: %w", err))
			return
		}
	}
	rep.begin(w, hd, false)
	if _, err := w.Write(text); err != nil {
		rw.Abort(w, r) // the client has left
	}
}

// inMemory returns the span of a file that is kept in memory. It reports false if the
// file is shorter than the size that was promised.
func (rep *representation) inMemory(s span) ([]byte, bool) {
	file, ok := rep.body.(*memoryFile)
	if !ok || s.start+s.length > int64(len(file.text)) {
		return nil, false
	}
	return file.text[s.start:][:s.length], true
}

// read fills p with the bytes of the body from start on.
func (rep *representation) read(p []byte, start int64) error {
	if err := rep.seek(start); err != nil {
		return err
	}
	n, err := io.ReadFull(rep.body, p)
	rep.offset += int64(n)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return errShort
	}
	return err
}

func (rep *representation) seek(start int64) error {
	if start == rep.offset {
		return nil
	}
	seeker, ok := rep.body.(io.Seeker)
	if !ok {
		return errors.ErrUnsupported
	}
	_, err := seeker.Seek(start, io.SeekStart)
	rep.offset = start
	return err
}

// A transfer sends a body that is not small. Its methods return no errors: the response has
// started, so they abort it.
type transfer struct {
	w   http.ResponseWriter
	r   *http.Request
	rep *representation

	source source
	limit  io.LimitedReader
	watch  watch
}

func newTransfer(w http.ResponseWriter, r *http.Request, rep *representation) *transfer {
	t := &transfer{w: w, r: r, rep: rep}
	t.source.init(rep.body)
	t.watch.w, t.watch.timeout, t.watch.source = w, rep.timeout, &t.source
	t.watch.start(r)
	return t
}

// text sends the text between two parts.
func (t *transfer) text(p []byte) {
	if _, err := t.w.Write(p); err != nil {
		rw.Abort(t.w, t.r) // the client has left
	}
}

// span sends one span of the body.
func (t *transfer) span(s span) {
	if err := t.rep.seek(s.start); err != nil {
		t.fail(err)
	}
	t.limit = io.LimitedReader{R: t.source.Reader, N: s.length}
	n, err := rw.Copy(t.w, &t.limit)
	t.rep.offset += n
	switch {
	case err != nil && t.source.isOwn(err):
		t.fail(err)
	case err != nil:
		rw.Abort(t.w, t.r) // the client has left
	case n < s.length:
		t.fail(errShort)
	}
}

// fail aborts the response because of the file. The access record or the log has the reason.
func (t *transfer) fail(err error) {
	rw.ReportCause(t.w, t.r, "fileserve: response broken off", fmt.Errorf("fileserve: %w", err))
	rw.Abort(t.w, t.r)
}

// A source is what a body is sent from.
type source struct {
	// Reader is the body itself if it is a file that net/http can send by sendfile(2).
	// Otherwise it counts what is read from the body.
	io.Reader

	body   io.Reader
	n      atomic.Int64
	failed bool
}

// systemFile is a file whose position tells how much of it has been sent.
type systemFile interface {
	io.ReadSeeker
	syscall.Conn
}

func (x *source) init(body io.Reader) {
	x.body, x.Reader = body, body
	if _, ok := body.(systemFile); !ok {
		x.Reader = counted{x}
	}
}

// position returns how far the body has been read. It may be called during a read.
func (x *source) position() int64 {
	if file, ok := x.body.(systemFile); ok {
		if at, err := file.Seek(0, io.SeekCurrent); err == nil {
			return at
		}
	}
	return x.n.Load()
}

// isOwn reports whether err comes from the body and not from the connection.
func (x *source) isOwn(err error) bool {
	_, ok := errors.AsType[*fs.PathError](err)
	return ok || x.failed
}

// counted counts what is read from a source, and remembers whether it failed.
type counted struct{ *source }

// Read reads and counts.
func (c counted) Read(p []byte) (int, error) {
	n, err := c.body.Read(p)
	c.n.Add(int64(n))
	if err != nil && !errors.Is(err, io.EOF) {
		c.failed = true
	}
	return n, err
}

const (
	// defaultTimeout is the default of WriteTimeout.
	defaultTimeout = 30 * time.Second
	// looks is how many times a watch looks for progress within the timeout.
	looks = 4
)

// A watch moves the write deadline of a response forward while the client receives. One
// sendfile(2) may send a whole large file, so the watch looks at its progress from
// another goroutine.
type watch struct {
	w       http.ResponseWriter
	timeout time.Duration
	source  *source
	// keeps means that the server sets a deadline for each request.
	keeps bool

	mu    sync.Mutex
	timer *time.Timer
	last  int64
	armed bool
}

// start watches a response before it is sent. A timeout of zero means the default. A
// negative one watches nothing.
func (x *watch) start(r *http.Request) {
	if x.timeout < 0 {
		return
	}
	if x.timeout == 0 {
		x.timeout = defaultTimeout
	}
	x.last = -1
	if server, ok := r.Context().Value(http.ServerContextKey).(*http.Server); ok && server.WriteTimeout > 0 {
		// The time began when the request was read, and may be over soon.
		x.keeps = true
		x.arm()
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	x.timer = time.AfterFunc(x.timeout/looks, x.look)
}

// look moves the deadline if there was progress since the last look.
func (x *watch) look() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.timer == nil {
		return
	}
	if now := x.source.position(); now > x.last {
		x.last = now
		x.arm()
	}
	x.timer.Reset(x.timeout / looks)
}

// arm sets the deadline to the timeout after the next look. A writer without deadlines
// has no slow client.
func (x *watch) arm() {
	deadline := time.Now().Add(x.timeout + x.timeout/looks)
	x.armed = http.NewResponseController(x.w).SetWriteDeadline(deadline) == nil
}

// stop removes the deadline from the connection, for later requests. A server with a
// WriteTimeout sets one for each of them; until then the last deadline covers what
// net/http still has to send.
func (x *watch) stop() {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.timer == nil {
		return
	}
	x.timer.Stop()
	x.timer = nil
	if x.armed && !x.keeps {
		_ = http.NewResponseController(x.w).SetWriteDeadline(time.Time{}) // arm has shown that it works
	}
}
