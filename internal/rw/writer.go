// Package rw is the one response writer that the middleware of this module puts
// around another. It knows what has been sent and passes everything on.
package rw

import (
	"bufio"
	"io"
	"net"
	"net/http"
)

// Writer passes a response on and counts it. All the abilities of the writer
// below are still reached: through the methods here, or by
// [http.ResponseController] through Unwrap. It is used by one request at a time.
type Writer struct {
	below    http.ResponseWriter
	status   int
	bytes    int64
	hijacked bool
	collects bool
	cause    error
}

// Wrap returns w itself if it is a Writer, so that one serves a whole chain of
// middleware, and a new Writer around w otherwise. A Writer that lies below
// somebody else's wrapper is not reused: what is written has to pass the wrapper.
func Wrap(w http.ResponseWriter) *Writer {
	if own, ok := w.(*Writer); ok {
		return own
	}
	return &Writer{below: w}
}

// Find returns the outermost Writer that w is, embeds or unwraps to, or nil.
func Find(w http.ResponseWriter) *Writer {
	for {
		switch x := w.(type) {
		case *Writer:
			return x
		case interface{ self() *Writer }:
			return x.self()
		case interface{ Unwrap() http.ResponseWriter }:
			w = x.Unwrap()
		default:
			return nil
		}
	}
}

// self finds the Writer in a type that embeds it.
func (w *Writer) self() *Writer { return w }

// Started reports whether the response of w has started, as far as a Writer in
// the chain can tell.
func Started(w http.ResponseWriter) bool {
	found := Find(w)
	return found != nil && found.Started()
}

// Started reports whether a final status or a part of the body has been passed
// on, or the connection was taken over.
func (w *Writer) Started() bool { return w.status != 0 || w.hijacked }

// Status returns the final status that was passed on, or 0 before.
func (w *Writer) Status() int { return w.status }

// Bytes returns how many bytes of the body have been passed on.
func (w *Writer) Bytes() int64 { return w.bytes }

// Unwrap returns the writer below, for [http.ResponseController].
func (w *Writer) Unwrap() http.ResponseWriter { return w.below }

// Header returns the header of the writer below.
func (w *Writer) Header() http.Header { return w.below.Header() }

// WriteHeader passes the status on. An informational status does not start the
// response, apart from 101, which ends it.
func (w *Writer) WriteHeader(status int) {
	w.below.WriteHeader(status)
	if w.status == 0 && (status >= 200 || status == http.StatusSwitchingProtocols) {
		w.status = status
	}
}

// Write passes a part of the body on.
func (w *Writer) Write(p []byte) (int, error) {
	w.implyOK()
	n, err := w.below.Write(p)
	w.bytes += int64(n)
	return n, err
}

// WriteString is Write without a copy where the writer below can do that.
func (w *Writer) WriteString(s string) (int, error) {
	w.implyOK()
	n, err := io.WriteString(w.below, s)
	w.bytes += int64(n)
	return n, err
}

// ReadFrom lets the writer below read src by itself, which is how net/http
// reaches sendfile(2).
func (w *Writer) ReadFrom(src io.Reader) (int64, error) {
	fresh := w.status == 0
	w.implyOK()
	n, err := io.Copy(w.below, src)
	w.bytes += n
	if fresh && n == 0 {
		// Nothing was passed on: an error can still be answered with a status.
		w.status = 0
	}
	return n, err
}

func (w *Writer) implyOK() {
	if w.status == 0 {
		w.status = http.StatusOK
	}
}

// FlushError sends what is buffered below, or returns [http.ErrNotSupported].
func (w *Writer) FlushError() error {
	err := http.NewResponseController(w.below).Flush()
	if err == nil {
		w.implyOK()
	}
	return err
}

// Flush is FlushError for callers that ask for an [http.Flusher].
func (w *Writer) Flush() { _ = w.FlushError() }

// Hijack takes the connection over, or returns [http.ErrNotSupported].
func (w *Writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buf, err := http.NewResponseController(w.below).Hijack()
	if err == nil {
		w.hijacked = true
	}
	return conn, buf, err
}
