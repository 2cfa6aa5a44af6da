package rw

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// Abort breaks the response of w to r off, so that the client cannot take it for
// a complete one. It does not return: it panics with [http.ErrAbortHandler],
// which makes net/http close the connection of HTTP/1 and reset the stream of
// HTTP/2.
//
// A body of HTTP/1 without Content-Length and without chunks ends where the
// connection does (RFC 9112, section 6.3), so closing it would complete the
// body. There Abort takes the connection over and resets it; what the network
// has not taken yet is lost. Where a connection of TCP is not to be had, as
// behind a writer that hides Hijack, it is closed as otherwise, and the client
// cannot tell. A TLS connection is closed without close_notify.
//
// The temporary files of the form of r, or of a copy of it that the handler was
// given, are removed: net/http does so only after a handler that returns.
//
// Nobody else may use w meanwhile. A connection that was taken over by the
// handler is left alone.
func Abort(w http.ResponseWriter, r *http.Request) {
	reset(w, r)
	removeFiles(w, r)
	panic(http.ErrAbortHandler)
}

// Cut is Abort for a caller that has to return: whatever is written from now on
// fails, and so does the end that net/http would give the body. It reports false
// if w can neither be reset nor has deadlines; then only Abort is left. To the
// middleware further out the response is broken in any case.
func Cut(w http.ResponseWriter, r *http.Request) bool {
	for found := range chain(w) {
		found.broken = true // no write may fail that would show it
	}
	return reset(w, r) || http.NewResponseController(w).SetWriteDeadline(time.Unix(1, 0)) == nil
}

// reset takes the connection over and resets it, if only that shows the client
// that the body is not complete. It goes around the writers of the chain, for
// which the response is one that was broken off and not taken over.
func reset(w http.ResponseWriter, r *http.Request) bool {
	if !endsByClose(w.Header(), r) {
		return false
	}
	conn, _, err := http.NewResponseController(Innermost(w)).Hijack()
	if err != nil {
		return false
	}
	for {
		secure, ok := conn.(*tls.Conn)
		if !ok {
			break
		}
		// Its own Close would tell the client that this is the end.
		conn = secure.NetConn()
	}
	if tcp := lingers(conn); tcp != nil {
		_ = tcp.SetLinger(0) // a connection that is gone needs no reset
	}
	_ = conn.Close() // as above
	return true
}

func removeFiles(w http.ResponseWriter, r *http.Request) {
	remove := func(r *http.Request) {
		if r != nil && r.MultipartForm != nil {
			_ = r.MultipartForm.RemoveAll() // the response has failed already
		}
	}
	remove(r)
	for found := range chain(w) {
		remove(found.inner)
	}
}

// endsByClose reports whether the end of the connection is that of the body.
func endsByClose(h http.Header, r *http.Request) bool {
	if r.ProtoMajor != 1 || len(h["Content-Length"]) > 0 {
		return false
	}
	return r.ProtoMinor == 0 || h.Get("Transfer-Encoding") == "identity"
}

type lingerer interface{ SetLinger(sec int) error }

// lingers finds the connection of TCP in those that wrap it, or returns nil.
func lingers(conn net.Conn) lingerer {
	for {
		if tcp, ok := conn.(lingerer); ok {
			return tcp
		}
		wrapper, ok := conn.(interface{ NetConn() net.Conn })
		if !ok {
			return nil
		}
		conn = wrapper.NetConn()
	}
}
