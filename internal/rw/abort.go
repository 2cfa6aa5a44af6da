package rw

import (
	"crypto/tls"
	"net"
	"net/http"
	"time"
)

// Abort aborts the response of w to r, so that the client sees a truncated response. It does
// not return: it panics with [http.ErrAbortHandler], which makes net/http close the connection
// of HTTP/1 and reset the stream of HTTP/2.
//
// The body of an HTTP/1 response with neither Content-Length nor chunks ends with the connection
// (RFC 9112, section 6.3), so closing the connection would complete the body. In this case Abort
// hijacks the connection and resets it. Bytes that the network has not taken yet are lost. If
// Abort cannot reach the TCP connection, for example behind a writer that hides Hijack, net/http
// closes it, and the client does not notice. A TLS connection is closed without close_notify.
//
// Abort removes the temporary files of the form of r, or of the copy of r that the handler got.
// net/http removes them only if the handler returns.
//
// Nobody else may use w meanwhile. Abort does not touch a connection that the handler has
// hijacked.
func Abort(w http.ResponseWriter, r *http.Request) {
	reset(w, r)
	removeFiles(w, r)
	panic(http.ErrAbortHandler)
}

// Cut is [Abort] for a caller that has to return. All further writes fail, and net/http cannot
// end the body either. Cut reports false if w can neither be reset nor has deadlines; then only
// Abort works. For middleware further out the response is broken in any case.
func Cut(w http.ResponseWriter, r *http.Request) bool {
	for found := range chain(w) {
		found.broken = true // perhaps no write follows that would fail
	}
	return reset(w, r) || http.NewResponseController(w).SetWriteDeadline(time.Unix(1, 0)) == nil
}

// reset hijacks the connection and resets it, if only that shows the client that the body is
// not complete. It bypasses the Writers of the chain, for which the response is broken and not
// hijacked.
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

// endsByClose reports whether the body ends with the connection.
func endsByClose(h http.Header, r *http.Request) bool {
	if r.ProtoMajor != 1 || len(h["Content-Length"]) > 0 {
		return false
	}
	return r.ProtoMinor == 0 || h.Get("Transfer-Encoding") == "identity"
}

type lingerer interface{ SetLinger(sec int) error }

// lingers returns the TCP connection inside the connections that wrap it, or nil.
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
