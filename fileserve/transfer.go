package fileserve

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync"

	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

// inOneWrite is the size up to which a body is read and written, which is less
// work than sendfile(2) and puts a small one into the packet of the header.
const inOneWrite = 16 << 10

//nolint:gochecknoglobals // a pool of private buffers has to outlive the request
var buffers = sync.Pool{New: func() any { return new([32 << 10]byte) }}

var errShort = errors.New("the file has become shorter while it was sent")

// sendSpan answers with one span of the body, which may be the whole.
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
		buf, _ := buffers.Get().(*[32 << 10]byte)
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

// inMemory returns the span of a file that is kept, which has it unless somebody
// has promised another size.
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

// A transfer sends the body of a response that is not small. It does not return
// what goes wrong: the response has started, and can only be broken off.
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

// text sends a text of the package's own.
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
	n, err := copyTo(t.w, &t.limit)
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

// fail breaks the response off because of the file. The access record has the
// reason, or else the log.
func (t *transfer) fail(err error) {
	err = fmt.Errorf("fileserve: %w", err)
	if !rw.RecordCause(t.w, err) {
		slog.LogAttrs(t.r.Context(), slog.LevelError, "fileserve: response broken off",
			slog.String("method", t.r.Method), slog.String("path", t.r.URL.Path), slog.Any("error", err))
	}
	rw.Abort(t.w, t.r)
}

// copyTo lets w read src by itself, which is how net/http reaches sendfile(2).
func copyTo(w io.Writer, src *io.LimitedReader) (int64, error) {
	if into, ok := w.(io.ReaderFrom); ok {
		return into.ReadFrom(src)
	}
	buf, _ := buffers.Get().(*[32 << 10]byte)
	defer buffers.Put(buf)
	return io.CopyBuffer(w, src, buf[:])
}
