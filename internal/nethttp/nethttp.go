// Package nethttp has the behavior of net/http that this module relies on although net/http
// does not promise it: side effects of functions, sizes of buffers, words of errors and panics.
// A test of each names the release of Go that it was checked on, and fails if another release
// behaves differently.
//
//	Register, PatternFault, ConflictOf   the panics of ServeMux, and what they say
//	IsRedirect, Match                    what ServeMux answers by itself
//	IsClean, RedirectToClean, AddSlash   how it redirects
//	CloseAfterReply                      closes a connection of HTTP/1 with an unread body
//	IsLost, IsDisconnect                 whether the client has left
//	LengthLimit, HeldBack                the size up to which it finds the Content-Length
package nethttp

import (
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
)

// The size of the largest body for which net/http finds the Content-Length by itself, because
// it holds that much back: LengthLimit on HTTP/1, HeldBack on HTTP/2.
const (
	LengthLimit = 2048
	HeldBack    = 4096
)

// CloseAfterReply makes net/http close the connection of HTTP/1 after the answer, without
// reading the rest of the request body, and in a way that the client can read the answer.
// net/http does this only for a [http.MaxBytesReader] that is over its limit. w is the writer of
// the server, without another one around it.
func CloseAfterReply(w http.ResponseWriter) {
	over := http.MaxBytesReader(w, io.NopCloser(strings.NewReader("x")), 0)
	_, _ = over.Read(make([]byte, 1))
}

// IsLost reports whether net/http knows that the HTTP/1 connection of r is lost, from a read. It
// works even if r has a context of somebody else, which does not end. For other versions it
// reports false. w is the writer of the server.
func IsLost(w http.ResponseWriter, r *http.Request) bool {
	if r.ProtoMajor != 1 {
		return false // on HTTP/2 CloseNotify starts a goroutine
	}
	//nolint:staticcheck // CloseNotifier is deprecated in favor of the context, which may be somebody else's
	notifier, ok := w.(http.CloseNotifier)
	return ok && len(notifier.CloseNotify()) > 0
}

// IsMalformed reports whether err is the error of net/http for a malformed chunked body.
// net/http does not export these errors, so their texts count. The error for a body that ends
// too early is not one of them: the client has left.
func IsMalformed(err error) bool {
	if reflect.TypeOf(err) != reflect.TypeOf(errPlain) {
		return false
	}
	switch err.Error() {
	case "chunked encoding contains too much non-data",
		"malformed chunked encoding",
		"chunked line ends with bare LF",
		"invalid CR in chunked line",
		"empty hex number for chunk length",
		"invalid byte in chunk length",
		"http chunk length too large",
		http.ErrLineTooLong.Error():
		return true
	}
	return false
}

// IsDisconnect reports whether err itself is what net/http answers the reads and writes
// of a lost connection of HTTP/2, shortly before it ends the contexts of its requests. It
// exports neither the error nor a type of it.
func IsDisconnect(err error) bool {
	return reflect.TypeOf(err) == reflect.TypeOf(errPlain) && err.Error() == "client disconnected"
}

var errPlain = errors.New("")
