package failure

import (
	"context"
	"errors"
	"net"
	"net/http"
	"reflect"
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

// EndedBy is [Cause] for an error that may not say so itself, such as that of a
// driver: a deadline of the server counts too.
func EndedBy(ctx context.Context) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return context.Cause(ctx)
	}
	return Cause(ctx)
}

// malformed are the errors of net/http for a body in chunks that are none. It
// exports neither them nor a type of them. Those for a body that ends too early
// are left out: they are the end of the client.
//
//nolint:gochecknoglobals // a constant that Go cannot declare as such
var malformed = map[string]bool{
	"chunked encoding contains too much non-data": true,
	"malformed chunked encoding":                  true,
	"chunked line ends with bare LF":              true,
	"invalid CR in chunked line":                  true,
	"empty hex number for chunk length":           true,
	"invalid byte in chunk length":                true,
	"http chunk length too large":                 true,
	http.ErrLineTooLong.Error():                   true,
}

func isMalformed(err error) bool { return reflect.TypeOf(err) == plain && malformed[err.Error()] }

// isDisconnect reports whether err is what net/http answers the reads and writes
// of a lost connection of HTTP/2, shortly before it ends the contexts of its
// requests. It exports neither the error nor a type of it.
func isDisconnect(err error) bool {
	return reflect.TypeOf(err) == plain && err.Error() == "client disconnected"
}

//nolint:gochecknoglobals // a constant that Go cannot declare as such
var plain = reflect.TypeOf(errors.New(""))
