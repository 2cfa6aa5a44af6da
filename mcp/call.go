package mcp

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tenonkit/tenon/respond"
)

// A callerKey is the key of the request of a caller in its context, which the protocol's
// server hands to the tool.
type callerKey struct{}

// A served is a tool whose calls a service answers.
type served struct {
	*tool

	service   http.Handler
	maxAnswer int
}

// call answers one call. What the context of the caller knows is not the handler's, as over
// the network; its end is.
//
//nolint:contextcheck // the context of the handler is a new one
func (s *served) call(ctx context.Context, call *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	caller, _ := ctx.Value(callerKey{}).(*http.Request)
	inner, leave := context.WithCancelCause(context.Background())
	defer leave(nil)
	defer context.AfterFunc(ctx, func() { leave(context.Cause(ctx)) })()
	if caller != nil {
		// Until the version 2026-07-28 the protocol does not end ctx with it.
		outer := caller.Context()
		defer context.AfterFunc(outer, func() { leave(context.Cause(outer)) })()
	}
	a := &answer{header: http.Header{}, room: s.maxAnswer, leave: leave}
	r, err := s.request(inner, caller, call.Params.Arguments)
	if err != nil {
		refused, _ := http.NewRequestWithContext(inner, s.method, "/", http.NoBody)
		respond.Error(a, refused, err)
		return s.result(a), nil
	}
	a.run(s.service, r)
	return s.result(a), nil
}

var errTooLong = errors.New("mcp: the answer is longer than a tool reads")

// An answer is what a handler writes. It is the one response writer of a call.
type answer struct {
	header http.Header // as the handler changes it
	sent   http.Header // as it was when the response began
	status int
	body   bytes.Buffer
	room   int
	leave  context.CancelCauseFunc

	isLong   bool // the handler wrote more than there is room for
	isBroken bool // the handler panicked, as those do that have to break an answer off
}

// run lets the handler answer.
func (a *answer) run(h http.Handler, r *http.Request) {
	defer func() {
		if cause := recover(); cause != nil {
			a.breakOff(r, cause)
		}
	}()
	h.ServeHTTP(a, r)
	a.WriteHeader(http.StatusOK)
}

// breakOff ends an answer whose handler has panicked.
func (a *answer) breakOff(r *http.Request, cause any) {
	a.isBroken = true
	if err, ok := cause.(error); !ok || !errors.Is(err, http.ErrAbortHandler) {
		slog.ErrorContext(r.Context(), "mcp: the handler panicked", "error", fmt.Sprint(cause), "method", r.Method, "path", r.URL.Path)
	}
}

// Header implements [http.ResponseWriter].
func (a *answer) Header() http.Header { return a.header }

// WriteHeader implements [http.ResponseWriter]. The first status counts that is not
// informational (RFC 9110, section 15.2).
func (a *answer) WriteHeader(status int) {
	if a.status == 0 && status >= 200 {
		a.status, a.sent = status, a.header.Clone()
	}
}

// Write implements [http.ResponseWriter]. It fails where there is no more room, and ends
// the context of the request.
func (a *answer) Write(p []byte) (int, error) {
	a.WriteHeader(http.StatusOK)
	if left := a.room - a.body.Len(); len(p) > left {
		a.isLong = true
		a.body.Write(p[:left])
		a.leave(context.Canceled)
		return left, errTooLong
	}
	return a.body.Write(p)
}

// Flush implements [http.Flusher]: a stream may begin.
func (a *answer) Flush() { a.WriteHeader(http.StatusOK) }
