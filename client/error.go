package client

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/respond"
)

// An Error is an answer that is not an Out of the Op: a failure, a status that the Op
// does not declare, or a body that does not fit. A handler that returns it answers 502
// and sends nothing of what was received. It unwraps to nothing.
// [respond.ProblemType.From] finds the problem in it. To pass the problem on, return
// Problem instead.
type Error struct {
	// Status is the status of the answer.
	Status int
	// Problem describes the failure. It is nil if the body is not
	// application/problem+json and [Options.ErrorBody] does not know it. Its texts come
	// from the other server.
	Problem *respond.Problem
	// Header is the header of the answer.
	Header http.Header
	// Body is the start of the body, at most 64 KiB.
	Body []byte

	op, why string
}

// maxErrorBody limits what is read of the body of a failure, and maxStart of any other
// unexpected body.
const (
	maxErrorBody = 64 << 10
	maxStart     = 4 << 10
)

// Error names the Op and the answer. It may have texts of the service, so write it to a
// log and not to a client.
func (e *Error) Error() string {
	text := "client: " + e.op + ": " + strconv.Itoa(e.Status)
	words, detail := e.why, ""
	if words == "" && e.Problem != nil {
		words, detail = e.Problem.Title, e.Problem.Detail
	}
	if words = cmp.Or(words, http.StatusText(e.Status)); words != "" {
		text += " " + words
	}
	if detail != "" {
		text += ": " + detail
	}
	if e.Problem != nil && e.why == "" {
		text += fieldWords(e.Problem.Errors)
	}
	if e.Problem == nil && len(e.Body) > 0 {
		text += fmt.Sprintf(": %.200q", e.Body)
	}
	return text
}

// maxFieldWords is how many faults of fields an error names.
const maxFieldWords = 5

// fieldWords names the faults of a request.
func fieldWords(all []respond.FieldError) string {
	var b strings.Builder
	separator := ": "
	for _, f := range all[:min(len(all), maxFieldWords)] {
		b.WriteString(separator + failure.FieldWords(f.In, f.Name, f.Pointer, f.Detail))
		separator = "; "
	}
	if more := len(all) - maxFieldWords; more > 0 {
		b.WriteString("; and " + strconv.Itoa(more) + " more")
	}
	return b.String()
}

// StatusCode returns 502, the status that a handler answers with when it returns e.
func (*Error) StatusCode() int { return http.StatusBadGateway }

// ReceivedProblem returns the Problem, for [respond.ProblemType.From].
func (e *Error) ReceivedProblem() *respond.Problem { return e.Problem }

// undeclared returns the [Error] of a response with a status of which the Op says nothing: a
// failure of the service, or a status below 400 that it should not have.
func (r *response) undeclared(o *operation) error {
	if r.StatusCode < http.StatusBadRequest {
		return r.fail(o, "is a status that the Op does not declare")
	}
	return r.fail(o, "")
}

// fail returns the [Error] of the response. why says what is wrong with it, if it is not
// a failure of the service.
func (r *response) fail(o *operation, why string) error {
	e := &Error{Status: r.StatusCode, Header: r.Header, op: o.method + " " + o.pattern, why: why}
	if r.StatusCode < http.StatusBadRequest {
		// The rest of a stream may never come.
		if e.Body = r.start; len(e.Body) == 0 && !r.isLive {
			e.Body = make([]byte, maxStart)
			n, _ := r.Body.Read(e.Body) // what has come is kept
			e.Body = e.Body[:n]
		}
		return e
	}
	rest, _ := io.ReadAll(io.LimitReader(r.Body, int64(maxErrorBody-len(r.start)))) // as above
	e.Body = append(r.start, rest...)
	contentType := r.Header.Get("Content-Type")
	if e.Problem = problemOf(r.StatusCode, contentType, e.Body); e.Problem == nil && r.client.errorBody != nil {
		e.Problem = r.client.errorBody.Received(r.StatusCode, contentType, e.Body)
	}
	return e
}

// A broken is a call that failed on the way. It unwraps to the reason.
type broken struct {
	op  string
	err error
}

func (e *broken) Error() string { return "client: " + e.op + ": " + e.err.Error() }

func (e *broken) Unwrap() error { return e.err }

// StatusCode returns 502, unless the error that it unwraps to has a status, such as that
// of a context that ended.
func (*broken) StatusCode() int { return http.StatusBadGateway }

// broken returns the error of a call that failed with err on the way. Where ctx has ended, its
// error is the reason: what breaks first, the way to the service or the service itself, is chance.
func (o *operation) broken(ctx context.Context, err error) error {
	if reason := ctx.Err(); reason != nil && !errors.Is(err, reason) {
		err = fmt.Errorf("%w: %w", reason, err)
	}
	return &broken{o.method + " " + o.pattern, err}
}

// A misfit says what is wrong with an answer.
type misfit struct{ words string }

func (e *misfit) Error() string { return e.words }

// load reads the body of the response into buf, up to MaxBody.
func (r *response) load(buf *bytes.Buffer) error {
	limit := r.client.maxBody
	if limit < 0 {
		_, err := buf.ReadFrom(r.Body)
		return r.cut(err)
	}
	if r.ContentLength > limit {
		return &misfit{"is larger than " + strconv.FormatInt(limit, 10) + " bytes"}
	}
	if r.ContentLength > 0 {
		buf.Grow(int(min(r.ContentLength, firstRead)) + bytes.MinRead)
	}
	r.all = io.LimitedReader{R: r.Body, N: limit + 1}
	n, err := buf.ReadFrom(&r.all)
	if err == nil && n > limit {
		return &misfit{"is larger than " + strconv.FormatInt(limit, 10) + " bytes"}
	}
	r.read = err == nil
	return r.cut(err)
}

// firstRead limits what is allocated because of Content-Length alone.
const firstRead = 64 << 10

var errCut = errors.New("the answer breaks off")

// cut marks err as a failure of reading, in contrast to a fault of the body.
func (*response) cut(err error) error {
	if err == nil {
		return nil
	}
	return &broken{err: fmt.Errorf("%w: %w", errCut, err)}
}
