package idempotency

import (
	"errors"
	"io"
	"net/http"
	"strconv"

	"github.com/tenonkit/tenon/respond"
)

const replayedField = "Idempotency-Replayed"

// retryAfter is what a client is asked to wait for a request that runs, in seconds.
const retryAfter = "1"

// again answers a request whose key another one has: rec is what is known of that.
func (rec *record) again(w http.ResponseWriter, r *http.Request) {
	if rec.sum != nil {
		same, err := rec.sum.matches(r)
		if err != nil {
			respond.Error(w, r, unread(r, err))
			return
		}
		if !same {
			respond.Error(w, r, respond.NewProblem(http.StatusUnprocessableEntity,
				"this "+keyField+" belongs to a request with another body: send a new key with a new request"))
			return
		}
	}
	switch rec.state {
	case running:
		respond.Error(w, r, respond.NewProblem(http.StatusConflict,
			"the request of this "+keyField+" is still running: send it again later").WithHeader("Retry-After", retryAfter))
	case marked:
		respond.Error(w, r, respond.NewProblem(http.StatusConflict,
			"the request of this "+keyField+" has run, and its answer was not kept: look for what it has changed, and send a new key to do it again"))
	default:
		rec.replay(w)
	}
}

// replay gives the answer again that was kept.
func (rec *record) replay(w http.ResponseWriter) {
	h := w.Header()
	for name, values := range rec.fields {
		if len(values) == 0 {
			delete(h, name)
			continue
		}
		h[name] = values
	}
	h.Set(replayedField, "true")
	if hasBody(rec.status) {
		h.Set("Content-Length", strconv.Itoa(len(rec.body)))
	}
	w.WriteHeader(rec.status)
	if len(rec.body) > 0 {
		_, _ = w.Write(rec.body)
	}
}

// unread returns the failure of a body that could not be read to its end. Where the
// client has left, the context says so.
func unread(r *http.Request, err error) error {
	if tooLarge, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge
	}
	if gone := r.Context().Err(); gone != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return gone
	}
	if coded, ok := errors.AsType[interface {
		error
		StatusCode() int
	}](err); ok {
		return coded
	}
	return respond.NewProblem(http.StatusBadRequest, "the body could not be read").WithCause(err)
}
