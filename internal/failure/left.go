package failure

import (
	"context"
	"errors"
	"net"
)

// Left reports whether the client of a request with the context ctx has gone, as
// far as a context tells. net/http ends it without a reason then; so does a
// server that cancels without one, which cannot be told apart. The servers of
// HTTP/3 name the connection that was closed.
func Left(ctx context.Context) bool {
	if !errors.Is(ctx.Err(), context.Canceled) {
		return false
	}
	cause := context.Cause(ctx)
	return cause == context.Canceled || errors.Is(cause, net.ErrClosed) //nolint:errorlint // a reason may wrap it
}

// Cause returns why the server has canceled the context ctx of a request, or nil
// if it has not. A deadline does not count: its error says so itself.
func Cause(ctx context.Context) error {
	if !errors.Is(ctx.Err(), context.Canceled) || Left(ctx) {
		return nil
	}
	return context.Cause(ctx)
}
