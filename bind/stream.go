package bind

import (
	"context"
	"errors"
	"io"
	"net/http"
	"reflect"

	"github.com/tenonkit/tenon/internal/shape"
)

// A lateBody answers the failures of a body that the handler reads, after In is
// bound.
type lateBody struct {
	ctx         context.Context // of the request whose body it is
	onBodyError func(err error, payload []byte) error
}

func newLateBody(b *request) lateBody {
	return lateBody{b.r.Context(), b.config.onBodyError}
}

// answer returns the answer to err.
func (l *lateBody) answer(err error) error {
	var answer error
	if bad, ok := errors.AsType[*malformed](err); ok {
		answer = bodyError(bad.wrong, "", bad.cause)
	} else {
		answer = unread(l.ctx.Err(), err)
	}
	fault, ok := errors.AsType[*Error](answer)
	if !ok || fault.Status != http.StatusBadRequest || l.onBodyError == nil {
		return answer
	}
	if chosen := l.onBodyError(fault, nil); chosen != nil {
		return chosen
	}
	return answer
}

// A bodyStream is the body of a request as the handler reads it.
type bodyStream struct {
	bodyReader
	lateBody

	closer io.Closer
}

// Read reads the body. Its error has an answer of its own.
func (s *bodyStream) Read(p []byte) (int, error) {
	n, err := s.bodyReader.Read(p)
	if err == nil || errors.Is(err, io.EOF) {
		return n, err
	}
	return n, s.answer(err)
}

// Close closes the body.
func (s *bodyStream) Close() error { return s.closer.Close() }

// streamMode compiles a body that the handler reads.
func (*compiler) streamMode(of *shape.Body) mode {
	open := openOf(of.Type)
	read := func(b *request, dst reflect.Value) error {
		source := bodyReader{body: b.r.Body, limit: b.config.maxBody}
		open.into(dst).Set(reflect.ValueOf(&bodyStream{source, newLateBody(b), b.r.Body}))
		return nil
	}
	return mode{accepts: anyType, read: read, streams: true}
}
