package compress

import (
	"bufio"
	"net"
	"net/http"

	"github.com/tenonkit/tenon/internal/rw"
)

// FlushError sends what there is, which decides about the response, or returns
// [http.ErrNotSupported] and does nothing.
func (x *writer) FlushError() error {
	if !canFlush(x.below) {
		return http.ErrNotSupported
	}
	x.begin()
	if x.state == undecided {
		x.commit(toCoded(x.allowed(x.held)))
	}
	if x.state == coded && x.encoder != nil {
		if err := x.encoder.Flush(); err != nil {
			x.broken = true
			return err
		}
	}
	return x.below.FlushError()
}

// Flush is FlushError for callers that ask for an [http.Flusher].
func (x *writer) Flush() { _ = x.FlushError() }

// canFlush looks past the writers that have the method in any case.
func canFlush(w http.ResponseWriter) bool {
	for {
		switch below := w.(type) {
		case *rw.Writer:
			w = below.Unwrap()
		case *writer:
			w = below.below
		case http.Flusher, interface{ FlushError() error }:
			return true
		case interface{ Unwrap() http.ResponseWriter }:
			w = below.Unwrap()
		default:
			return false
		}
	}
}

// Hijack takes the connection over, and whatever is held with it.
func (x *writer) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buf, err := x.below.Hijack()
	if err == nil {
		x.begun, x.state, x.held, x.encoder = true, plain, nil, nil
	}
	return conn, buf, err
}
