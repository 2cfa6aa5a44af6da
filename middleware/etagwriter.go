package middleware

import (
	"bufio"
	"io"
	"maps"
	"net"
	"net/http"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/rw"
)

// What an etagWriter does with the body.
const (
	etagUndecided = iota // nothing has been written
	etagHolds
	etagPasses
	etagDrops // the answer was 304 or 412
)

// An etagWriter holds a body back until it is complete or too long.
type etagWriter struct {
	*rw.Writer

	r        *http.Request
	limit    int
	state    int
	declared int64 // the length that the handler has declared, or -1
	held     []byte
	begun    header.Snapshot // the header that belongs to what is held
	values   [2]string       // back the fields that are added
}

// newETagWriter returns a writer around w. It is one allocation, even if w is not a
// [rw.Writer].
func newETagWriter(w http.ResponseWriter) *etagWriter {
	if shared, ok := w.(*rw.Writer); ok {
		return &etagWriter{Writer: shared}
	}
	x := new(struct {
		etagWriter

		room rw.Writer
	})
	x.Writer = rw.WrapIn(&x.room, w)
	return &x.etagWriter
}

// Unwrap returns the writer that sends.
func (w *etagWriter) Unwrap() http.ResponseWriter { return w.Writer }

// Started implements [rw.Layer].
func (w *etagWriter) Started() bool { return w.state == etagHolds || w.Writer.Started() }

// Restart implements [rw.Layer].
func (w *etagWriter) Restart() {
	w.state, w.held = etagUndecided, nil
	w.begun.Forget()
}

// WriteHeader decides by the status and the header.
func (w *etagWriter) WriteHeader(status int) {
	switch {
	case w.state == etagDrops:
		return
	case status < http.StatusOK && status != http.StatusSwitchingProtocols:
	case w.state == etagUndecided:
		w.decide(status)
		if w.state == etagHolds {
			w.begun.Take(w.Header())
		}
		if w.state != etagPasses {
			return
		}
	default:
		w.pass()
	}
	w.Writer.WriteHeader(status)
}

func (w *etagWriter) decide(status int) {
	w.state = etagPasses
	h := w.Header()
	if status != http.StatusOK || rw.Started(w.Writer) || !mayTag(h) {
		return
	}
	if own := h["Etag"]; len(own) > 0 {
		if header.IsETag(own[0]) && answerCondition(w.Writer, w.r, own[0]) {
			w.state = etagDrops
		}
		return
	}
	if w.declared = header.Length(h); w.declared <= int64(w.limit) {
		w.state = etagHolds
	}
}

// pass sends what is held, without a tag, and holds nothing from now on.
func (w *etagWriter) pass() {
	held := w.held
	if w.state == etagHolds {
		h := w.Header()
		late := w.begun.Restore(h)
		w.Writer.WriteHeader(http.StatusOK)
		maps.Copy(h, late)
	}
	w.state, w.held = etagPasses, nil
	if len(held) > 0 {
		_, _ = w.Writer.Write(held) // a client that has left shows at the next write too
	}
}

// Write holds p back, or passes it on.
func (w *etagWriter) Write(p []byte) (int, error) {
	switch w.begin(); {
	case w.state == etagDrops:
		return len(p), nil
	case w.state == etagHolds && len(w.held) == 0 && w.declared == int64(len(p)) && len(p) > 0:
		// It is complete, so nothing has to be copied.
		if !w.send(p) {
			return len(p), nil
		}
	case w.hold(len(p)):
		w.held = append(w.held, p...)
		return len(p), nil
	}
	return w.Writer.Write(p)
}

// WriteString is Write for a string.
func (w *etagWriter) WriteString(s string) (int, error) {
	switch w.begin(); {
	case w.state == etagDrops:
		return len(s), nil
	case w.hold(len(s)):
		w.held = append(w.held, s...)
		return len(s), nil
	}
	return w.Writer.WriteString(s)
}

func (w *etagWriter) begin() {
	if w.state == etagUndecided {
		w.decide(http.StatusOK)
	}
}

// hold reports whether n more bytes can be held back. If not, it has sent what was held.
func (w *etagWriter) hold(n int) bool {
	if w.state == etagHolds && n > w.limit-len(w.held) {
		w.pass()
	}
	if w.state != etagHolds {
		return false
	}
	w.begun.Take(w.Header())
	return true
}

// ReadFrom holds src back up to the limit. Then the writer below reads by itself.
func (w *etagWriter) ReadFrom(src io.Reader) (int64, error) {
	fresh := w.state == etagUndecided
	w.begin()
	switch w.state {
	case etagDrops:
		return io.Copy(io.Discard, src)
	case etagPasses:
		return w.Writer.ReadFrom(src)
	}
	held, n, err := rw.Fill(w.held, w.limit, src)
	w.held = held
	if len(w.held) > w.limit {
		w.pass()
		if err == nil {
			rest, err := w.Writer.ReadFrom(src)
			return n + rest, err
		}
	}
	switch {
	case fresh && n == 0:
		// An error can still be answered with a status.
		w.state = etagUndecided
	case w.state == etagHolds:
		w.begun.Take(w.Header())
	}
	if err == io.EOF { //nolint:errorlint // Readers return it as it is
		err = nil
	}
	return n, err
}

// FlushError sends what is held back.
func (w *etagWriter) FlushError() error {
	if w.state != etagDrops {
		w.pass()
	}
	return w.Writer.FlushError()
}

// Flush is FlushError for an [http.Flusher].
func (w *etagWriter) Flush() { _ = w.FlushError() }

// Hijack drops what is held back, and gives the connection away.
func (w *etagWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	if w.state == etagHolds {
		w.pass()
	}
	return w.Writer.Hijack()
}

// finish sends what is held back, after the handler has returned.
func (w *etagWriter) finish() {
	if w.state == etagUndecided && len(w.Header()["Etag"]) > 0 {
		w.decide(http.StatusOK) // as net/http will, which is common for HEAD
	}
	if w.state != etagHolds {
		return
	}
	body := w.held
	if len(body) == 0 || w.declared >= 0 && w.declared != int64(len(body)) {
		w.pass()
		return
	}
	if w.send(body) {
		_, _ = w.Writer.Write(body)
	}
}

// send answers 304 or 412 by the tag of a complete body. Otherwise it sends the header
// for the body and returns true.
func (w *etagWriter) send(body []byte) bool {
	h := w.Header()
	late := w.begun.Restore(h)
	w.held, w.state = nil, etagPasses
	if !w.begun.HasTrailers() && !header.HasTrailers(late) {
		w.values[0], w.values[1] = entityTag(body, h["Content-Type"])
		h["Etag"] = w.values[0:1:1]
		if answerCondition(w.Writer, w.r, w.values[0]) {
			w.state = etagDrops
			return false
		}
		if w.declared < 0 {
			h["Content-Length"] = w.values[1:2:2]
		}
	}
	w.Writer.WriteHeader(http.StatusOK)
	maps.Copy(h, late)
	return true
}
