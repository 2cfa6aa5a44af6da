package openapi

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
)

// A watchedWriter shows a verdict what passes through it. Like the writers of
// internal/rw it keeps the abilities of the writer below.
type watchedWriter struct {
	http.ResponseWriter

	begin      func(status int, h http.Header) *verdict
	verdict    *verdict
	isHead     bool
	isHijacked bool
}

// Unwrap lets [http.ResponseController] reach what is below.
func (w *watchedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// started makes the verdict, once the status is known. The header is that of this
// moment: what is set later is not sent.
func (w *watchedWriter) started(status int) *verdict {
	if w.verdict == nil {
		w.verdict = w.begin(status, w.Header())
	}
	return w.verdict
}

// WriteHeader implements [http.ResponseWriter].
func (w *watchedWriter) WriteHeader(status int) {
	if status >= http.StatusOK {
		w.started(status)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements [http.ResponseWriter].
func (w *watchedWriter) Write(p []byte) (int, error) {
	v := w.started(http.StatusOK)
	n, err := w.ResponseWriter.Write(p)
	if !w.isHead {
		v.write(p[:max(n, 0)])
	}
	return n, err
}

// ReadFrom implements [io.ReaderFrom]: a body that nothing is to be said of goes
// past, by sendfile(2) where the writer below can do that. Where src has nothing,
// a response that has not begun does not begin, as with net/http.
func (w *watchedWriter) ReadFrom(src io.Reader) (int64, error) {
	v := w.verdict
	if v == nil {
		v = w.begin(http.StatusOK, w.Header())
	}
	if !w.isHead && !v.passes() {
		return io.Copy(struct{ io.Writer }{w}, src)
	}
	n, err := io.Copy(w.ResponseWriter, src)
	if n > 0 {
		w.verdict = v
	}
	return n, err
}

// Flush implements [http.Flusher].
func (w *watchedWriter) Flush() { _ = w.FlushError() }

// FlushError does what [http.ResponseController] asks for. Where nothing below
// can, the response has not started.
func (w *watchedWriter) FlushError() error {
	h := w.Header().Clone()
	err := http.NewResponseController(w.ResponseWriter).Flush()
	if w.verdict == nil && !errors.Is(err, http.ErrNotSupported) {
		w.verdict = w.begin(http.StatusOK, h)
	}
	return err
}

// Hijack implements [http.Hijacker]. What follows is no response of HTTP.
func (w *watchedWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buf, err := http.NewResponseController(w.ResponseWriter).Hijack()
	w.isHijacked = w.isHijacked || err == nil
	return conn, buf, err
}

// end returns the faults that were found, where the handler has returned or
// panicked. A response that it did not complete is not asked for what is missing.
func (w *watchedWriter) end(completed bool) []error {
	if completed && !w.isHijacked {
		w.started(http.StatusOK).close(w.isHead)
	}
	if w.verdict == nil {
		return nil
	}
	return w.verdict.faults
}
