// Package rw is the one response writer that the middleware of this module puts
// around another: one allocation for a request, however long the chain. It knows
// what has been sent, passes everything on, and carries what the middleware
// further out wants to know of the request.
package rw

import (
	"bufio"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"sync"
	"time"
)

// Writer passes a response on and counts it. All the abilities of the writer
// below are still reached: through the methods here, or by
// [http.ResponseController] through Unwrap. It is used by one request at a time
// and never pooled, so that a goroutine that writes late stays harmless.
type Writer struct {
	below     http.ResponseWriter
	status    int
	bytes     int64
	implied   bool // by an empty write: the status is going to be 200
	hijacked  bool
	broken    bool
	left      bool
	collects  bool
	muted     bool
	page      bool // what the handler sends is the body of a failure
	valued    bool // value is in the header
	hooks     []hook
	room      [3]hook // for the first of hooks: as many as a chain usually has
	limit     Limit
	pattern   string
	inner     *http.Request
	requestID string
	value     [1]string // see FieldValue
	rare      *rare     // nil in most cases
}

// rare is what few responses have. Every request pays for the size of a Writer.
type rare struct {
	answerer int // the place of the hook that has answered, if the Writer is muted
	cause    error
	outer    string // what the pattern was outside of the router
	selected Selected
	kept     http.Header // by the hooks
}

// have returns what few responses have, for this one to be among them.
func (w *Writer) have() *rare {
	if w.rare == nil {
		w.rare = new(rare)
	}
	return w.rare
}

// Wrap returns w itself if it is a Writer, so that one serves a whole chain of
// middleware, and a new Writer around w otherwise. A Writer that lies below
// another wrapper, a [Layer] too, is not reused: what is written has to pass the
// wrapper.
func Wrap(w http.ResponseWriter) *Writer {
	if own, ok := w.(*Writer); ok {
		return own
	}
	return &Writer{below: w}
}

// WrapIn is Wrap with room for the new Writer in something that the middleware
// has allocated anyway. The room is not to be used for another request.
func WrapIn(room *Writer, w http.ResponseWriter) *Writer {
	if own, ok := w.(*Writer); ok {
		return own
	}
	room.below = w
	return room
}

// unwrapper is what [http.ResponseController] looks for in a writer around another.
type unwrapper interface{ Unwrap() http.ResponseWriter }

// Find returns the outermost Writer that w is, embeds or unwraps to, or nil.
func Find(w http.ResponseWriter) *Writer {
	for {
		switch x := w.(type) {
		case *Writer:
			return x
		case interface{ self() *Writer }:
			return x.self()
		case unwrapper:
			w = x.Unwrap()
		default:
			return nil
		}
	}
}

// self finds the Writer in a type that embeds it.
func (w *Writer) self() *Writer { return w }

// Innermost returns the writer that w unwraps to at last: that of the server.
// [http.MaxBytesReader] closes the connection only if it is given that one.
func Innermost(w http.ResponseWriter) http.ResponseWriter {
	for {
		x, ok := w.(unwrapper)
		if !ok {
			return w
		}
		w = x.Unwrap()
	}
}

// Status returns the final status that was passed on, or 0 before.
func (w *Writer) Status() int { return w.status }

// Bytes returns how many bytes of the body have been passed on.
func (w *Writer) Bytes() int64 { return w.bytes }

// Hijacked reports whether the connection was taken over.
func (w *Writer) Hijacked() bool { return w.hijacked }

// Broken reports whether a part of the body could not be passed on.
func (w *Writer) Broken() bool { return w.broken }

// Unwrap returns the writer below, for [http.ResponseController].
func (w *Writer) Unwrap() http.ResponseWriter { return w.below }

// Header returns the header of the writer below. If it was emptied after an
// informational response, it has the fields again that [Writer.Keep] was told.
func (w *Writer) Header() http.Header {
	h := w.below.Header()
	if len(h) == 0 && w.status == 0 && w.rare != nil {
		for name, values := range w.rare.kept {
			h[name] = slices.Clone(values) // whoever sees h may write into them
		}
	}
	return h
}

// FieldValue returns a text as the one value of a header field. It is in w the first
// time, which costs no allocation.
func (w *Writer) FieldValue(text string) []string {
	if w.valued {
		return []string{text}
	}
	w.valued = true
	w.value[0] = text
	return w.value[:]
}

// FlushError sends what is buffered below, or returns [http.ErrNotSupported]. A
// response that is flushed is a stream: that lifts the [Limit].
func (w *Writer) FlushError() error {
	fresh := w.status == 0
	if fresh && !CanFlush(w.below) {
		return http.ErrNotSupported
	}
	w.lift()
	w.begin()
	err := http.NewResponseController(w.below).Flush()
	if fresh && errors.Is(err, http.ErrNotSupported) {
		w.status = 0
	}
	w.note(err)
	return err
}

// CanFlush reports whether [http.ResponseController] reaches a method of w that
// flushes, as far as the methods tell: to flush would start the response. One that
// returns an error answers for the writer below it.
func CanFlush(w http.ResponseWriter) bool {
	for {
		_, reports := w.(interface{ FlushError() error })
		_, flushes := w.(http.Flusher)
		below, unwraps := w.(unwrapper)
		if !unwraps || flushes && !reports {
			return reports || flushes
		}
		w = below.Unwrap()
	}
}

// Flush is FlushError for callers that ask for an [http.Flusher].
func (w *Writer) Flush() { _ = w.FlushError() }

// Hijack takes the connection over, or returns [http.ErrNotSupported]. It lifts
// the [Limit].
func (w *Writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.lift()
	conn, buf, err := http.NewResponseController(w.below).Hijack()
	if err == nil {
		w.hijacked = true
	}
	return conn, buf, err
}

// SetReadDeadline sets the deadline of the connection, or returns
// [http.ErrNotSupported]. A handler that does so minds the time itself: it lifts
// the [Limit].
func (w *Writer) SetReadDeadline(t time.Time) error {
	w.lift()
	return http.NewResponseController(w.below).SetReadDeadline(t)
}

// SetWriteDeadline is SetReadDeadline for writing.
func (w *Writer) SetWriteDeadline(t time.Time) error {
	w.lift()
	return http.NewResponseController(w.below).SetWriteDeadline(t)
}

// WriteHeader passes the status on. An informational status does not start the
// response, apart from 101, which ends it. A second final status is passed on as
// well: net/http logs it as superfluous.
func (w *Writer) WriteHeader(status int) {
	if w.muted {
		return
	}
	final := status >= http.StatusOK || status == http.StatusSwitchingProtocols
	if final && w.implied {
		status, w.implied = http.StatusOK, false
	}
	if final && w.status == 0 && (!w.commit(status) || w.status != 0) {
		return
	}
	if !final {
		w.inform(status)
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
		w.implied = false
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
	if err != nil && !errors.Is(err, http.ErrBodyNotAllowed) && !isTooLong(err) && !errors.Is(err, http.ErrNotSupported) {
		w.broken = true
	}
}

// isTooLong finds what HTTP/2 says in place of [http.ErrContentLength] by its text,
// since net/http exports neither the error nor a type of it.
func isTooLong(err error) bool {
	return errors.Is(err, http.ErrContentLength) || err.Error() == "http2: handler wrote more than declared Content-Length"
}

// Write passes a part of the body on. An empty one that is the first is held back:
// it implies the status 200, as with net/http, but [Restart] can still undo it.
func (w *Writer) Write(p []byte) (int, error) {
	if len(p) == 0 && w.status == 0 {
		w.implied = true
		return 0, nil
	}
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
	if s == "" && w.status == 0 {
		w.implied = true
		return 0, nil
	}
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
	fresh, implied, hooks := w.status == 0, w.implied, w.hooks
	if !w.begin() {
		return io.Copy(io.Discard, src)
	}
	n, err := Copy(w.below, src)
	w.bytes += n
	if fresh && n == 0 {
		w.status, w.implied, w.hooks = 0, implied, hooks
	} else {
		w.note(err)
	}
	return n, err
}

// Copy is [io.Copy] with a buffer that is used again, for a writer that cannot read
// src by itself.
func Copy(dst http.ResponseWriter, src io.Reader) (int64, error) {
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

// Fill appends what src has to a body that is held back, until src ends or one byte more
// than the limit is held. The error of the end is [io.EOF].
func Fill(held []byte, limit int, src io.Reader) (all []byte, n int64, err error) {
	for err == nil && len(held) <= limit {
		if len(held) == cap(held) {
			held = slices.Grow(held, 512)
		}
		var more int
		more, err = src.Read(held[len(held):min(cap(held), limit+1)])
		held = held[:len(held)+more]
		n += int64(more)
	}
	return held, n, err
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
