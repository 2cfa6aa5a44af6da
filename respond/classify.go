package respond

import (
	"errors"
	"net/http"
	"slices"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/nethttp"
	"github.com/tenonkit/tenon/internal/rw"
)

// findings is what one walk over the tree of an error has met.
type findings struct {
	failure.Meaning

	problem  *Problem
	declared *Problem
	answered bool
}

type (
	// problemError is *Problem and every type that embeds it.
	problemError interface {
		error
		problem() *Problem
	}
	problemSource interface {
		error
		Problem() *Problem
	}
)

// AsProblem returns the problem that [Error] would answer err with, for an
// [ErrorHandler] that gives it another form. It is never nil and belongs to the
// caller; its Status and Title are filled in, and its Type is as the error has it: empty
// where nobody gave it one. An error without public text becomes a problem without
// Detail.
func AsProblem(err error) *Problem {
	found := inspect(err)
	return found.answer().clone()
}

// answer applies the rules from the Problem on; nothing found is a 500.
func (f *findings) answer() *Problem {
	switch {
	case f.problem != nil:
		return f.problem
	case f.declared != nil:
		return f.declared
	case f.TooLarge:
		return &Problem{Status: http.StatusRequestEntityTooLarge}
	case f.Canceled:
		return &Problem{Status: http.StatusServiceUnavailable}
	case f.Deadline:
		return &Problem{Status: http.StatusGatewayTimeout}
	case f.Status != 0:
		return &Problem{Status: f.Status}
	}
	return &Problem{Status: http.StatusInternalServerError}
}

// isAuthored reports whether a rule decides that comes before those of the
// context.
func (f *findings) isAuthored() bool {
	return f.Handler != nil || f.problem != nil || f.declared != nil || f.TooLarge
}

// isDeadline reports whether the rule for [context.DeadlineExceeded] decides.
func (f *findings) isDeadline() bool { return f.Deadline && !f.Canceled && !f.isAuthored() }

// isEnd reports whether the error of a request that the server has ended says no
// more than that, or says nothing, as that of a driver may which was stopped by
// it.
func (f *findings) isEnd() bool {
	return !f.isAuthored() && !f.Ended && !f.Panicked && (f.Canceled || !f.Deadline && f.Status == 0)
}

// isMalformed reports whether the rest of the rules would make a failure of the
// server out of a body of r that is malformed. The error may as well be that of
// another server's answer: the body of r then is another one, or none.
// Of a body that was closed nothing is known.
func (f *findings) isMalformed(r *http.Request) bool {
	if f.Malformed == nil || f.isAuthored() || f.Canceled || f.Deadline || f.Status != 0 || r.Body == nil || !slices.Contains(r.TransferEncoding, "chunked") {
		return false
	}
	_, err := r.Body.Read(make([]byte, 1)) // a body that has failed stays so
	return errors.Is(err, f.Malformed)
}

// clientLeft reports whether the client of r has gone. Then whatever its
// leaving has led to is nobody's failure. A panic is one all the same, and what
// serves itself needs nobody to listen.
//
// The context can be one that does not end with the client, or not at once:
// then a failure of the server is looked at twice.
func (f *findings) clientLeft(w http.ResponseWriter, r *http.Request) bool {
	switch {
	case f.Handler != nil || f.Panicked:
		return false
	case r.Context().Err() != nil:
		return failure.Left(r.Context())
	case f.answer().status() < http.StatusInternalServerError:
		return false
	}
	return f.Disconnected && r.ProtoMajor == 2 || nethttp.IsLost(rw.Innermost(w), r)
}

// inspect walks err once for all the rules.
func inspect(err error) findings {
	if p, ok := err.(*Problem); ok && p != nil { //nolint:errorlint // the common case needs no walk
		return findings{problem: p}
	}
	var f findings
	f.Inspect(err, f.visit)
	return f
}

// visit applies the rules of this package to one error of the tree.
//
//nolint:errorlint // this is one step of the walk that errors.As does
func (f *findings) visit(err error) (decides bool) {
	p, decides := err.(problemError)
	if decides && f.problem == nil {
		f.problem = problemOf(p)
	}
	if x, ok := err.(problemSource); ok && f.declared == nil {
		f.declared = x.Problem()
	}
	if x, ok := err.(interface{ As(target any) bool }); ok && f.problem == nil {
		var p *Problem
		if x.As(&p) {
			f.problem = p
		}
	}
	if _, ok := err.(*sentError); ok {
		f.answered, decides = true, true
	}
	// The cause of a Problem is for the log: its author has decided.
	return decides
}
