package respond

import (
	"errors"
	"net/http"
	"slices"

	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/nethttp"
	"github.com/tenonkit/tenon/internal/rw"
)

// findings has what one walk over the tree of an error has found.
type findings struct {
	failure.Meaning

	problem  *Problem
	declared *Problem
	answered bool
	isWhole  bool    // room has the declared problem
	room     Problem // of an answer that needs no allocation
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
	// wholeError is the error of package bind. It returns its problem and itself if that is
	// all there is to it. A type that embeds it does not return itself.
	wholeError interface {
		error
		Whole() (p Problem, of error)
	}
)

// AsProblem returns the problem that [Error] would answer err with. Use it in an
// [ErrorHandler]. The problem is never nil, and the caller may change it. Its Status and Title
// are set. Its Type is empty if the error has none, and its Detail is empty if the error has
// no text for clients.
func AsProblem(err error) *Problem {
	var found findings
	found.inspect(err)
	return found.answer().clone()
}

// answer applies the rules from the Problem on; nothing found is a 500. The problem is valid
// as long as f.
func (f *findings) answer() *Problem {
	switch {
	case f.problem != nil:
		return f.problem
	case f.declared != nil:
		return f.declared
	case f.isWhole:
		return &f.room
	}
	f.room = Problem{Status: f.status()}
	if f.TooLarge != nil {
		f.room.Detail = failure.TooLargeDetail(f.TooLarge.Limit)
	}
	return &f.room
}

// status returns the status of an error without a problem.
func (f *findings) status() int {
	switch {
	case f.TooLarge != nil:
		return http.StatusRequestEntityTooLarge
	case f.Canceled:
		return http.StatusServiceUnavailable
	case f.Deadline:
		return http.StatusGatewayTimeout
	case f.Status != 0:
		return f.Status
	}
	return http.StatusInternalServerError
}

// isAuthored reports whether a row decides that comes before those of the context.
func (f *findings) isAuthored() bool {
	return f.Handler != nil || f.problem != nil || f.declared != nil || f.isWhole || f.TooLarge != nil
}

// isDeadline reports whether the rule for [context.DeadlineExceeded] decides.
func (f *findings) isDeadline() bool { return f.Deadline && !f.Canceled && !f.isAuthored() }

// isEnd reports whether the error says no more than that the request has ended. A plain error
// counts too: it may come from a driver that was stopped.
func (f *findings) isEnd() bool {
	return !f.isAuthored() && !f.Ended && !f.Panicked && (f.Canceled || !f.Deadline && f.Status == 0)
}

// isMalformed reports whether err comes from a malformed body of r. It may also come from the
// answer of another server, so isMalformed looks at the body of r. A closed body tells
// nothing.
func (f *findings) isMalformed(r *http.Request) bool {
	if f.Malformed == nil || f.isAuthored() || f.Canceled || f.Deadline || f.Status != 0 || r.Body == nil || !slices.Contains(r.TransferEncoding, "chunked") {
		return false
	}
	_, err := r.Body.Read(make([]byte, 1)) // a body that has failed stays so
	return errors.Is(err, f.Malformed)
}

// clientLeft reports whether the client of r has left. Errors that follow from that are no
// failures. A panic is still a failure, and an error that serves itself is still served.
//
// The context may end later than the connection, or never. So clientLeft also looks at the
// connection if the error is a failure of the server.
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

// inspect walks err once for all the rules. The common errors need no walk.
//
//nolint:errorlint // only an error that nothing wraps needs no walk
func (f *findings) inspect(err error) {
	*f = findings{}
	switch x := err.(type) {
	case *Problem:
		if f.problem = x; x != nil {
			return
		}
	case wholeError:
		if failure.IsNil(err) {
			return
		}
		if p, of := x.Whole(); of == err {
			f.room, f.isWhole = p, true
			return
		}
	}
	f.Inspect(err, f.visit)
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
