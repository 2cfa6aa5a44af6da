package idempotency

import (
	"bufio"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strconv"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/rw"
)

// What a writer does with the answer.
const (
	undecided = iota // nothing has been written
	holds
	passes
)

// A writer holds an answer back until it is complete, to keep it.
type writer struct {
	*rw.Writer

	limit    int
	state    int
	status   int // of what is held
	extra    int // a final status that came too late
	declared int64
	held     []byte
	before   http.Header     // when the handler began
	begun    header.Snapshot // when the answer began
}

func newWriter(w http.ResponseWriter, limit int) *writer {
	own := rw.Wrap(w)
	return &writer{Writer: own, limit: limit, before: own.Header().Clone()}
}

// Unwrap returns the writer that sends.
func (w *writer) Unwrap() http.ResponseWriter { return w.Writer }

// Started implements [rw.Layer].
func (w *writer) Started() bool { return w.state == holds || w.Writer.Started() }

// Restart implements [rw.Layer].
func (w *writer) Restart() {
	w.state, w.extra, w.held = undecided, 0, nil
	w.begun.Forget()
}

// WriteHeader decides by the status and the header.
func (w *writer) WriteHeader(status int) {
	isFinal := status >= http.StatusOK || status == http.StatusSwitchingProtocols
	switch {
	case isFinal && w.state == holds:
		w.extra = status
		return
	case isFinal && w.state == undecided:
		w.decide(status)
		if w.state == holds {
			return
		}
	}
	w.Writer.WriteHeader(status)
}

// isKept reports whether an answer with the status is kept. A refusal has changed
// nothing, so the request may run again.
func isKept(status int) bool {
	return status >= http.StatusOK && status < http.StatusBadRequest
}

func hasBody(status int) bool {
	return status != http.StatusNoContent && status != http.StatusNotModified
}

func (w *writer) decide(status int) {
	w.state = passes
	if !isKept(status) || rw.Started(w.Writer) {
		return
	}
	h := w.Header()
	w.declared = header.Length(h)
	if w.declared <= int64(w.limit) {
		w.state, w.status = holds, status
		w.begun.Take(h)
	}
}

// pass sends what is held, and holds nothing from now on.
func (w *writer) pass() {
	if w.state == undecided {
		w.decide(http.StatusOK)
	}
	if w.state == holds {
		w.send(w.begun.Restore(w.Header()))
	}
	w.state = passes
}

// send sends what is held. late is what the handler has set since then, including
// trailers.
func (w *writer) send(late http.Header) {
	w.Writer.WriteHeader(w.status)
	if w.extra != 0 {
		w.Writer.WriteHeader(w.extra) // for net/http to log
	}
	if len(w.held) > 0 {
		_, _ = w.Writer.Write(w.held) // a client that has left shows at the next write too
	}
	w.held = nil
	maps.Copy(w.Header(), late)
}

// room reports whether n more bytes can be held back. If not, it has sent what was held.
// The error is that of net/http for a body that may not be there, or is too long.
func (w *writer) room(n int) (bool, error) {
	if w.state == undecided {
		w.decide(http.StatusOK)
	}
	switch {
	case w.state == passes:
		return false, nil
	case !hasBody(w.status) && n > 0:
		return false, http.ErrBodyNotAllowed
	case w.declared >= 0 && int64(len(w.held)+n) > w.declared && hasBody(w.status):
		return false, http.ErrContentLength
	case n > w.limit-len(w.held):
		w.pass()
		return false, nil
	}
	return true, nil
}

// Write holds p back, or passes it on.
func (w *writer) Write(p []byte) (int, error) {
	fits, err := w.room(len(p))
	switch {
	case err != nil:
		return 0, err
	case fits:
		w.held = append(w.held, p...)
		return len(p), nil
	}
	return w.Writer.Write(p)
}

// WriteString is Write for a string.
func (w *writer) WriteString(s string) (int, error) {
	fits, err := w.room(len(s))
	switch {
	case err != nil:
		return 0, err
	case fits:
		w.held = append(w.held, s...)
		return len(s), nil
	}
	return w.Writer.WriteString(s)
}

// ReadFrom holds src back up to the limit. Then the writer below reads by itself.
func (w *writer) ReadFrom(src io.Reader) (int64, error) {
	isFresh := w.state == undecided
	if fits, err := w.room(0); !fits || err != nil {
		return w.Writer.ReadFrom(src)
	}
	if !hasBody(w.status) {
		return 0, http.ErrBodyNotAllowed
	}
	held, n, err := rw.Fill(w.held, w.limit, src)
	if w.declared >= 0 && int64(len(held)) > w.declared {
		return 0, http.ErrContentLength
	}
	w.held = held
	if len(w.held) > w.limit {
		w.pass()
		if err == nil {
			rest, err := w.Writer.ReadFrom(src)
			return n + rest, err
		}
	}
	if isFresh && n == 0 {
		w.Restart() // another status can still be sent, as with net/http
	}
	if err == io.EOF { //nolint:errorlint // Readers return it as it is
		err = nil
	}
	return n, err
}

// FlushError makes the answer a stream, which is not kept.
func (w *writer) FlushError() error {
	if w.state != passes {
		if !rw.CanFlush(w.Writer) {
			return http.ErrNotSupported
		}
		w.pass()
	}
	return w.Writer.FlushError()
}

// Flush is FlushError for an [http.Flusher].
func (w *writer) Flush() { _ = w.FlushError() }

// Hijack drops what is held back, and gives the connection away.
func (w *writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	if w.state == holds {
		w.pass()
	}
	return w.Writer.Hijack()
}

// finish returns the record of the answer after the handler has returned, or nil if the
// request may run again. It sends nothing: the caller calls send, unless the answer has
// passed.
func (w *writer) finish(r *http.Request, b *body) (rec *record, late http.Header) {
	if w.state == undecided && !w.Writer.Started() {
		w.decide(http.StatusOK) // as net/http does
	}
	if w.state == holds {
		late = w.begun.Restore(w.Header())
		return w.answer(b), late
	}
	isBroken := w.Broken() && !failure.Left(r.Context())
	if !w.Hijacked() && (!isKept(w.Status()) || isBroken) {
		return nil, nil
	}
	return &record{state: marked, sum: b.whole.Load()}, nil
}

// answer returns the record of an answer that is held, with the header from its
// beginning.
func (w *writer) answer(b *body) *record {
	h := w.Header()
	if w.declared >= 0 && w.declared != int64(len(w.held)) && hasBody(w.status) {
		return nil // net/http breaks it off
	}
	sum := b.drain()
	if sum == nil {
		return &record{state: marked} // a retry could not be told from another request
	}
	if w.declared < 0 && hasBody(w.status) && len(h["Trailer"]) == 0 && !header.HasTrailers(h) && len(h["Transfer-Encoding"]) == 0 {
		h.Set("Content-Length", strconv.Itoa(len(w.held)))
	}
	return &record{state: kept, sum: sum, status: w.status, fields: keptFields(w.before, h), body: w.held}
}

// keptFields returns the changes of the handler to the header. Fields that are there
// without the handler, such as those of CORS, are not replayed.
func keptFields(before, h http.Header) http.Header {
	fields := http.Header{}
	for name, values := range h {
		own, isThere := before[name]
		if isReplayed(name) && !header.HasMember(h["Connection"], name) && (!isThere || !slices.Equal(own, values)) {
			fields[name] = append([]string{}, values...)
		}
	}
	for name := range before {
		if _, ok := h[name]; !ok {
			fields[name] = nil
		}
	}
	return fields
}

// isReplayed reports whether a field may be sent to another client, over another
// connection, for another request.
func isReplayed(name string) bool {
	switch http.CanonicalHeaderKey(name) {
	case "Set-Cookie", "X-Request-Id", "Content-Length",
		"Connection", "Keep-Alive", "Proxy-Connection", "Te", "Trailer", "Transfer-Encoding", "Upgrade":
		return false
	}
	return len(name) < len(http.TrailerPrefix) || name[:len(http.TrailerPrefix)] != http.TrailerPrefix
}
