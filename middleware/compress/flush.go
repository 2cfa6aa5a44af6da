package compress

import (
	"bufio"
	"cmp"
	"net"
	"net/http"

	"github.com/tenonkit/tenon/internal/rw"
)

// FlushError sends what there is, which decides about the response, or returns
// [http.ErrNotSupported] and does nothing.
func (x *writer) FlushError() error {
	if !rw.CanFlush(x.below) {
		return http.ErrNotSupported
	}
	x.begin()
	if x.state == undecided {
		x.commit(toCoded(x.allowed(x.held)))
	}
	if x.state == coded && x.encoder != nil {
		if err := x.encoder.Flush(); err != nil {
			x.failure = cmp.Or(x.failure, err)
			return err
		}
	}
	return x.below.FlushError()
}

// Flush is FlushError for callers that ask for an [http.Flusher].
func (x *writer) Flush() { _ = x.FlushError() }

// Hijack takes the connection over, and whatever is held with it.
func (x *writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buf, err := x.below.Hijack()
	if err == nil {
		x.begun, x.state, x.held, x.encoder = true, plain, nil, nil
	}
	return conn, buf, err
}
