package mcp

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"github.com/tenonkit/tenon/client"
	"github.com/tenonkit/tenon/respond"
)

// A callerKey is the key of the caller in the context of its request. The server of the
// protocol passes the context to the tool.
type callerKey struct{}

// A caller is a request of a client. One request may have several messages.
type caller struct {
	*http.Request

	messages atomic.Int32
}

// maxBatch is how many messages of one request are served. All answers of a request are
// in memory until the last one is there, and each may have the size of MaxAnswer.
const maxBatch = 32

// limited refuses the messages of a request beyond maxBatch.
func limited(next mcp.MethodHandler) mcp.MethodHandler {
	return func(ctx context.Context, method string, message mcp.Request) (mcp.Result, error) {
		if from, ok := ctx.Value(callerKey{}).(*caller); ok && from.messages.Add(1) > maxBatch {
			return nil, &jsonrpc.Error{
				Code:    jsonrpc.CodeInvalidRequest,
				Message: fmt.Sprintf("a batch has at most %d messages: send this one in another request", maxBatch),
			}
		}
		return next(ctx, method, message)
	}
}

// A served is a tool whose calls a service answers.
type served struct {
	*tool

	service   http.Handler
	maxAnswer int
}

// call answers one call.
func (s *served) call(ctx context.Context, call *mcp.CallToolRequest) (*mcp.CallToolResult, error) {
	var of *http.Request
	ctx, leave := context.WithCancel(ctx)
	defer leave()
	if from, ok := ctx.Value(callerKey{}).(*caller); ok {
		of = from.Request
		// Until the version 2026-07-28 the protocol does not end ctx with it.
		defer context.AfterFunc(of.Context(), leave)() //nolint:contextcheck // ctx has all but its end
	}
	r, err := s.request(ctx, of, call.Params.Arguments)
	if err != nil {
		refused, _ := http.NewRequestWithContext(ctx, http.MethodGet, "http://localhost/", http.NoBody)
		refuse := func(w http.ResponseWriter, r *http.Request) { respond.Error(w, r, err) }
		return s.result(s.send(http.HandlerFunc(refuse), refused)), nil
	}
	answering := func(w http.ResponseWriter, r *http.Request) {
		if of != nil {
			r.RemoteAddr, r.TLS = of.RemoteAddr, of.TLS
		}
		s.service.ServeHTTP(w, r)
	}
	return s.result(s.send(http.HandlerFunc(answering), r)), nil
}

// An answer is what a handler has written.
type answer struct {
	status   int // zero where nothing was written
	header   http.Header
	body     []byte
	isLong   bool // there is more than the body has
	isBroken bool // it has no end
}

// send calls a handler as over the network. The handler gets no value of the context. Its
// own context ends with r, or when the answer is too long.
func (s *served) send(h http.Handler, r *http.Request) *answer {
	response, err := client.Transport(h).RoundTrip(r)
	if err != nil {
		logBreak(r, err)
		return &answer{isBroken: true}
	}
	defer func() { _ = response.Body.Close() }()
	a := &answer{status: response.StatusCode, header: response.Header}
	a.body, err = io.ReadAll(io.LimitReader(response.Body, int64(s.maxAnswer)+1))
	switch {
	case len(a.body) > s.maxAnswer:
		a.isLong, a.body = true, a.body[:s.maxAnswer]
	case err != nil:
		logBreak(r, err)
		a.isBroken = true
	}
	return a
}

// logBreak logs why an answer breaks off, unless the caller or the handler has ended it.
func logBreak(r *http.Request, err error) {
	if r.Context().Err() == nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		slog.ErrorContext(r.Context(), "mcp: an answer broke off", "error", err, "method", r.Method, "path", r.URL.Path)
	}
}
