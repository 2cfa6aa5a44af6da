// Package nethttp knows what net/http does without promising it, as far as this module
// relies on that: the side effects of its functions, the limits of its buffers, the
// words of its errors and panics. Each has a test, which names the release of Go that it
// was checked on and fails where another one does otherwise.
//
//	Register, PatternFault, ConflictOf   the panics of ServeMux, and what they say
//	IsRedirect, Match                    what ServeMux answers by itself
//	IsClean, RedirectToClean, AddSlash   how it redirects
//	CloseAfterReply                      how a connection of HTTP/1 is closed with its body unread
//	IsLost, IsDisconnect                 how it tells that the client has gone
//	LengthLimit, HeldBack                up to where it finds the length of a response
package nethttp

import (
	"errors"
	"io"
	"net/http"
	"reflect"
	"strings"
)

// The sizes of a body that net/http finds the Content-Length of by itself, because it
// holds so much back. LengthLimit is the largest on HTTP/1, HeldBack on HTTP/2.
const (
	LengthLimit = 2048
	HeldBack    = 4096
)

// CloseAfterReply makes net/http close the connection of HTTP/1 without waiting for the
// rest of the body, and gently, so that the client can read the answer. It does so for
// whoever reads past a limit, and nothing else asks for it. The writer is that of the
// server, with no other around it.
func CloseAfterReply(w http.ResponseWriter) {
	over := http.MaxBytesReader(w, io.NopCloser(strings.NewReader("x")), 0)
	_, _ = over.Read(make([]byte, 1))
}

// IsLost reports whether net/http has found, when somebody read from it, that the
// connection of r is lost. For HTTP/1 it tells that also where the context of r is not
// its own and lives on; for others it does not tell. The writer is that of the server.
func IsLost(w http.ResponseWriter, r *http.Request) bool {
	if r.ProtoMajor != 1 {
		return false // on HTTP/2 the question costs a goroutine
	}
	//nolint:staticcheck // the context, which CloseNotifier gave way to, is what may be somebody else's
	notifier, ok := w.(http.CloseNotifier)
	return ok && len(notifier.CloseNotify()) > 0
}

// IsMalformed reports whether err is what net/http answers the reading of a body
// in chunks that are none. It exports neither these errors nor a type of them.
// Those for a body that ends too early are left out: they are the end of the
// client.
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
