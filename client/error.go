package client

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	"github.com/tenonkit/tenon/respond"
)

// An Error is an answer that is no Out of the Op: a failure, a status that the Op does not
// declare, a body that does not fit. A handler that returns it answers 502 without a
// byte of what was received: it is no [respond.Problem] and unwraps to none, nor to anything
// else. [respond.ProblemType.From] finds the problem in it. To pass a problem on, return
// that.
type Error struct {
	// Status is that of the answer.
	Status int
	// Problem is what the service says about its failure; nil where the body is none of
	// application/problem+json and [Options.ErrorBody] does not know it. Its members are
	// the words of another server.
	Problem *respond.Problem
	// Header is that of the answer.
	Header http.Header
	// Body is how the body begins, at most 64 KiB of it.
	Body []byte

	op, why string
}

// maxErrorBody is how much of the body of a failure is read, and maxStart of one that is
// something else than was expected.
const (
	maxErrorBody = 64 << 10
	maxStart     = 4 << 10
)

// Error says which Op got which answer. It may have words of the service, so it is for a
// log and not for a client.
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
	if e.Problem == nil && len(e.Body) > 0 {
		text += fmt.Sprintf(": %.200q", e.Body)
	}
	return text
}

// StatusCode returns 502, by which a handler that returns the error answers.
func (*Error) StatusCode() int { return http.StatusBadGateway }

// ReceivedProblem returns the Problem, for [respond.ProblemType.From].
func (e *Error) ReceivedProblem() *respond.Problem { return e.Problem }

// fail returns the failure that the response is, for the reason in words, if there is one.
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

// A broken is an exchange that has failed on its way. It unwraps to the reason.
type broken struct {
	op  string
	err error
}

func (e *broken) Error() string { return "client: " + e.op + ": " + e.err.Error() }

func (e *broken) Unwrap() error { return e.err }

// StatusCode returns 502, unless what it unwraps to says more, as the end of a context does.
func (*broken) StatusCode() int { return http.StatusBadGateway }

func (o *operation) broken(err error) error { return &broken{o.method + " " + o.pattern, err} }

// A misfit is what is wrong with an answer.
type misfit struct{ words string }

func (e *misfit) Error() string { return e.words }

// load reads the body of the response into buf, as far as MaxBody lets it.
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

// firstRead is what is made room for on the word of Content-Length.
const firstRead = 64 << 10

var errCut = errors.New("the answer breaks off")

// cut tells the failure of reading from what is wrong with a body.
func (*response) cut(err error) error {
	if err == nil {
		return nil
	}
	return &broken{err: fmt.Errorf("%w: %w", errCut, err)}
}
