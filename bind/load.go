package bind

import (
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
	"github.com/tenonkit/tenon/respond"
)

// A bodyReader reads a body up to a limit. Every kind of body is read through
// one.
type bodyReader struct {
	body  io.Reader
	limit int64
	n     int64 // read so far, at most limit
	err   error // that ended the body: io.EOF, a 413, or what the connection said
}

// Read fails with a 413 at the first byte past the limit.
func (l *bodyReader) Read(p []byte) (int, error) {
	if l.err != nil {
		return 0, l.err
	}
	left := l.limit - l.n
	if int64(len(p)) > left {
		p = p[:left+1]
	}
	n, err := l.body.Read(p)
	if int64(n) > left {
		n, err = int(left), tooLarge(l.limit)
	}
	l.n += int64(n)
	l.err = err
	return n, err
}

// broken returns what ended the body before its end, or nil.
func (l *bodyReader) broken() error {
	if errors.Is(l.err, io.EOF) {
		return nil
	}
	return l.err
}

// A client may declare a large Content-Length and send little. So the first buffer has at most
// firstRead bytes, and each later one at most readAhead times the bytes that have come. Fewer
// steps are fewer copies: BenchmarkHandler/post=json-1MB.
const (
	firstRead = 16 << 10
	readAhead = 8
)

// minSpare is the room after the last byte that [bytes.Buffer] needs to see the end without
// growing.
const minSpare = 512

// load reads the whole body into b.buf, at most the limit.
func (b *request) load() error {
	b.body = bodyReader{body: b.r.Body, limit: b.config.maxBody}
	err := b.fill(b.r.ContentLength)
	b.payload = b.buf.Bytes()
	if err != nil {
		return b.broken(err)
	}
	return nil
}

// fill reads the body, which claims to have this length; -1 claims nothing.
func (b *request) fill(claim int64) error {
	for size := int64(firstRead); size < claim; size *= readAhead {
		b.buf.Grow(int(size) - b.buf.Len() + minSpare)
		b.piece = io.LimitedReader{R: &b.body, N: size - int64(b.buf.Len())}
		if _, err := b.buf.ReadFrom(&b.piece); err != nil || b.piece.N > 0 {
			return err
		}
	}
	if claim > 0 {
		b.buf.Grow(int(claim) - b.buf.Len() + minSpare)
	}
	_, err := b.buf.ReadFrom(&b.body)
	return err
}

// broken answers a body that could not be read to its end.
func (b *request) broken(err error) error {
	answer := unread(b.r.Context().Err(), err)
	fault, ok := answer.(*Error) //nolint:errorlint // unread wraps no *Error
	if !ok || len(fault.Fields) == 0 {
		return answer
	}
	chosen := b.reading(fault.detail, func() error {
		if !b.errs.full() {
			b.errs.list = append(b.errs.list, fault.Fields...)
		}
		return err
	})
	if chosen != nil {
		return chosen
	}
	fault.Fields = b.errs.list
	return fault
}

// unread returns the answer to a body whose reading ended with err. If the client left,
// it returns the error of the context, gone. But a body that ends early always has an
// answer: a client that closed only its half of the connection also counts as gone in
// net/http, and would otherwise get an empty 200.
func unread(gone, err error) error {
	if own, ok := errors.AsType[*Error](err); ok {
		return own
	}
	if tooMuch, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge(tooMuch.Limit)
	}
	wrong := &text.Wrong{Code: "read", Detail: "could not be read"}
	if told, ok := errors.AsType[teller](err); ok {
		// Middleware that decodes the body knows what is wrong with it.
		if p := told.Problem(); p != nil && p.Status == http.StatusBadRequest && p.Detail != "" {
			return bodyError(wrong, p.Detail, err)
		}
	}
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return bodyError(wrong, "the body ends early", err)
	case gone != nil:
		return fmt.Errorf("bind: reading the body: %w", gone)
	}
	return bodyError(wrong, "the body could not be read", err)
}

// A teller is an error with words for the client.
type teller interface {
	error
	Problem() *respond.Problem
}

// bodyError returns the answer to a body that is wrong as a whole.
func bodyError(wrong *text.Wrong, detail string, cause error) *Error {
	return &Error{
		Status: http.StatusBadRequest,
		Fields: []respond.FieldError{{In: shape.FromBody, Code: wrong.Code, Limit: wrong.Limit, Detail: wrong.Detail}},
		detail: detail,
		cause:  cause,
	}
}

func tooLarge(limit int64) *Error {
	return &Error{
		Status: http.StatusRequestEntityTooLarge,
		detail: failure.TooLargeDetail(limit),
	}
}
