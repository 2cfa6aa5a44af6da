package compress

import (
	"fmt"
	"log/slog"
	"net/http"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/rw"
)

// finish ends the response once the handler has returned. A body that has ended
// before its time must not get the end that makes it look whole.
func (x *writer) finish(r *http.Request) {
	x.begin()
	if x.state == undecided && x.failure == nil {
		x.commit(toCoded(x.codesAtEnd()))
	}
	if x.state == plain {
		return
	}
	if encoder := x.encoder; encoder != nil && x.failure == nil {
		if x.declared >= 0 && x.written != x.declared {
			x.failure = fmt.Errorf("compress: %d bytes written, Content-Length is %d", x.written, x.declared)
		} else if x.failure = encoder.Close(); x.failure == nil {
			x.coding.put(encoder)
		}
	}
	if x.failure != nil {
		x.report(r)
		rw.Abort(x.below, x.request)
	}
	x.encoder, x.state = nil, finished
}

// report tells the access record, or else the log, why the response is broken off.
// That the client has left is no failure.
func (x *writer) report(r *http.Request) {
	if x.below.Broken() || failure.Left(r.Context()) || rw.RecordCause(x.below, x.failure) {
		return
	}
	slog.LogAttrs(r.Context(), slog.LevelError, "compress: response broken off",
		slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Any("error", x.failure))
}

// breakOff sends what the encoder has left, but not its end, after a panic. The
// body then breaks off in the middle also where somebody further out recovers
// and lets the server finish the response. Of zstd nothing at all would be a
// whole body.
func (x *writer) breakOff() {
	if encoder := x.encoder; encoder != nil {
		x.encoder, x.state = nil, finished
		_ = encoder.Flush() // the response has failed already
	}
}
