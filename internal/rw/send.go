package rw

import (
	"errors"
	"io"
	"net/http"
	"os"
	"sync"
)

// WriteHeader passes the status on. An informational status does not start the
// response, apart from 101, which ends it. A second final status is passed on as
// well: net/http logs it as superfluous.
func (w *Writer) WriteHeader(status int) {
	if w.muted {
		return
	}
	final := status >= http.StatusOK || status == http.StatusSwitchingProtocols
	if final && w.status == 0 && (!w.commit(status) || w.status != 0) {
		return
	}
	w.below.WriteHeader(status)
	if final && w.status == 0 {
		w.status = status
	}
}

// begin makes the status 200 that a body without one implies, and reports
// whether the body is to be passed on.
func (w *Writer) begin() bool {
	if w.muted {
		return false
	}
	if w.status == 0 {
		if !w.commit(http.StatusOK) {
			return false
		}
		if w.status == 0 {
			w.status = http.StatusOK
		}
	}
	return true
}

// commit does what is to be done before the first final status. It reports
// whether the response goes on, with another status if one is set by then.
func (w *Writer) commit(status int) bool {
	if w.limit != nil {
		w.limit.Begin()
	}
	return w.runHooks(status)
}

// note remembers that the client does not get the whole body. That the handler
// wrote more than there may be does not mean so.
func (w *Writer) note(err error) {
	if err != nil && !errors.Is(err, http.ErrBodyNotAllowed) && !errors.Is(err, http.ErrContentLength) && !errors.Is(err, http.ErrNotSupported) {
		w.broken = true
	}
}

// Write passes a part of the body on.
func (w *Writer) Write(p []byte) (int, error) {
	if !w.begin() {
		return len(p), nil
	}
	n, err := w.below.Write(p)
	w.bytes += int64(n)
	w.note(err)
	return n, err
}

// WriteString is Write without a copy where the writer below can do that.
func (w *Writer) WriteString(s string) (int, error) {
	if !w.begin() {
		return len(s), nil
	}
	n, err := io.WriteString(w.below, s)
	w.bytes += int64(n)
	w.note(err)
	return n, err
}

// ReadFrom lets the writer below read src by itself, which is how net/http
// reaches sendfile(2). Where that cannot, it copies.
//
// Where src has nothing, a response that has not begun does not begin: it can
// still have any status, as with net/http.
func (w *Writer) ReadFrom(src io.Reader) (int64, error) {
	fresh, hooks := w.status == 0, w.hooks
	if !w.begin() {
		return io.Copy(io.Discard, src)
	}
	n, err := readFrom(w.below, src)
	w.bytes += n
	if fresh && n == 0 {
		w.status, w.hooks = 0, hooks
	} else {
		w.note(err)
	}
	return n, err
}

func readFrom(dst http.ResponseWriter, src io.Reader) (int64, error) {
	if below, ok := dst.(io.ReaderFrom); ok {
		return below.ReadFrom(src)
	}
	if _, ok := src.(*os.File); ok {
		// The WriteTo of a file would come to a copy with a buffer of its own.
		src = onlyReader{src}
	}
	if own, ok := src.(io.WriterTo); ok {
		return own.WriteTo(dst)
	}
	buf := getBuffer()
	defer buffers.Put(buf)
	return io.CopyBuffer(dst, src, buf[:])
}

type onlyReader struct{ io.Reader }

const bufferSize = 32 << 10

var buffers sync.Pool //nolint:gochecknoglobals // a cache of buffers, without a state that shows

func getBuffer() *[bufferSize]byte {
	if buf, ok := buffers.Get().(*[bufferSize]byte); ok {
		return buf
	}
	return new([bufferSize]byte)
}
