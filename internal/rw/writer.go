// Package rw has the response writer of the middleware of this module. A request needs one,
// however long the chain is. It passes a response on, knows what has been sent, and carries
// facts about the request to the middleware further out.
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

// Writer passes a response on and counts its bytes. The abilities of the writer below stay
// available, by the methods of Writer or by [http.ResponseController] and Unwrap. A Writer is
// for one request and never pooled, so that a goroutine that writes late stays harmless.
type Writer struct {
	below     http.ResponseWriter
	status    int
	bytes     int64
	implied   bool // an empty write has implied the status 200
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

// rare has what few responses need. Every request pays for the size of a Writer.
type rare struct {
	answerer int // the mark of the hook that has answered, if the Writer is muted
	cause    error
	outer    string // the pattern outside of the router
	selected Selected
	kept     http.Header // see Keep
}

// have returns the rare part of w, and makes it if there is none.
func (w *Writer) have() *rare {
	if w.rare == nil {
		w.rare = new(rare)
	}
	return w.rare
}

// Wrap returns w itself if it is a Writer, so that one Writer serves a chain of middleware.
// Otherwise it returns a new Writer around w. It does not reuse a Writer below another writer,
// such as a [Layer], because writes have to pass that one.
func Wrap(w http.ResponseWriter) *Writer {
	if own, ok := w.(*Writer); ok {
		return own
	}
	return &Writer{below: w}
}

// WrapIn is [Wrap] that uses room for a new Writer. room is part of something that the
// middleware has allocated anyway, and is for one request.
func WrapIn(room *Writer, w http.ResponseWriter) *Writer {
	if own, ok := w.(*Writer); ok {
		return own
	}
	room.below = w
	return room
}

// unwrapper is a writer around another, as [http.ResponseController] recognizes it.
type unwrapper interface{ Unwrap() http.ResponseWriter }

// Find returns the outermost Writer in w, which is one, embeds one or unwraps to one, or nil.
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

// Innermost returns the last writer that w unwraps to, which is the one of the server.
// [http.MaxBytesReader] can close the connection only with that one.
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

// Hijacked reports whether the handler has hijacked the connection.
func (w *Writer) Hijacked() bool { return w.hijacked }

// Broken reports whether a part of the body could not be passed on.
func (w *Writer) Broken() bool { return w.broken }

// Unwrap returns the writer below, for [http.ResponseController].
func (w *Writer) Unwrap() http.ResponseWriter { return w.below }

// Header returns the header of the writer below. If it was emptied after an informational
// response, Header first sets the fields of [Writer.Keep] again.
func (w *Writer) Header() http.Header {
	h := w.below.Header()
	if len(h) == 0 && w.status == 0 && w.rare != nil {
		for name, values := range w.rare.kept {
			h[name] = slices.Clone(values) // whoever sees h may write into them
		}
	}
	return h
}

// FieldValue returns a slice with text as the only value of a header field. The first call does
// not allocate: the slice is part of w.
func (w *Writer) FieldValue(text string) []string {
	if w.valued {
		return []string{text}
	}
	w.valued = true
	w.value[0] = text
	return w.value[:]
}

// FlushError sends what is buffered below, or returns [http.ErrNotSupported]. A response that
// is flushed is a stream, so FlushError lifts the [Limit].
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

// CanFlush reports whether [http.ResponseController] would find a method that flushes. It does
// not call one, because that would start the response. A writer with FlushError may pass the
// flush on, so the writers below it decide.
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

// Flush is FlushError for callers that look for an [http.Flusher].
func (w *Writer) Flush() { _ = w.FlushError() }

// Hijack implements [http.Hijacker], or returns [http.ErrNotSupported]. It lifts the [Limit].
func (w *Writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	w.lift()
	conn, buf, err := http.NewResponseController(w.below).Hijack()
	if err == nil {
		w.hijacked = true
	}
	return conn, buf, err
}

// SetReadDeadline sets the read deadline of the connection, or returns [http.ErrNotSupported].
// A handler that sets deadlines controls the time itself, so SetReadDeadline lifts the [Limit].
func (w *Writer) SetReadDeadline(t time.Time) error {
	w.lift()
	return http.NewResponseController(w.below).SetReadDeadline(t)
}

// SetWriteDeadline is SetReadDeadline for writing.
func (w *Writer) SetWriteDeadline(t time.Time) error {
	w.lift()
	return http.NewResponseController(w.below).SetWriteDeadline(t)
}

// WriteHeader passes the status on. An informational status does not start the response, except
// 101, which is final. A second final status is passed on too, and net/http logs it as
// superfluous.
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

// begin sets the status 200 if a body begins without one. It reports whether the body is passed
// on.
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

// commit runs what has to run before the first final status. It reports whether the response
// goes on. A hook may have set another status by then.
func (w *Writer) commit(status int) bool {
	if w.limit != nil {
		w.limit.Begin()
	}
	return w.runHooks(status)
}

// note records that the client does not get the whole body. A handler that writes more than it
// may is not such a case.
func (w *Writer) note(err error) {
	if err != nil && !errors.Is(err, http.ErrBodyNotAllowed) && !isTooLong(err) && !errors.Is(err, http.ErrNotSupported) {
		w.broken = true
	}
}

// isTooLong also recognizes the error that HTTP/2 returns in place of [http.ErrContentLength].
// net/http does not export it, so its text counts.
func isTooLong(err error) bool {
	return errors.Is(err, http.ErrContentLength) || err.Error() == "http2: handler wrote more than declared Content-Length"
}

// Write passes a part of the body on. An empty first write is held back. It implies the status
// 200, as with net/http, but [Restart] can still undo it.
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

// WriteString is Write without a copy, if the writer below has WriteString.
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

// ReadFrom lets the writer below read src, which is how net/http uses sendfile(2). If the writer
// below has no ReadFrom, it copies.
//
// If src is empty, a response that has not begun does not begin. It can still get any status, as
// with net/http.
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

// Copy is [io.Copy] with a pooled buffer, for a writer without ReadFrom.
func Copy(dst http.ResponseWriter, src io.Reader) (int64, error) {
	if below, ok := dst.(io.ReaderFrom); ok {
		return below.ReadFrom(src)
	}
	if _, ok := src.(*os.File); ok {
		// The WriteTo of a file would copy with a new buffer.
		src = onlyReader{src}
	}
	if own, ok := src.(io.WriterTo); ok {
		return own.WriteTo(dst)
	}
	buf := getBuffer()
	defer buffers.Put(buf)
	return io.CopyBuffer(dst, src, buf[:])
}

// Fill reads src and appends it to held, a body that is held back, until held has one byte more
// than the limit or src ends. The error at the end is [io.EOF].
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
