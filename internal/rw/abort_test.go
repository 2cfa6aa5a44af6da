// Plan 9 has no ECONNRESET.

//go:build !plan9

package rw_test

import (
	"bufio"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/rw"
)

// exchange sends a request line of that protocol and returns what arrives until
// the connection ends, and how it ends: nil is a body that looks complete.
func exchange(t *testing.T, server *httptest.Server, proto string) (string, error) {
	t.Helper()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	if server.TLS != nil {
		conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
	}
	_, err = io.WriteString(conn, "GET / "+proto+"\r\nHost: a\r\nConnection: close\r\n\r\n")
	require.NoError(t, err)
	raw, err := io.ReadAll(conn)
	return string(raw), err
}

// hijacker is a foreign writer that hides all but Hijack.
type hijacker struct {
	http.ResponseWriter

	hijacked bool
}

func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	h.hijacked = true
	return http.NewResponseController(h.ResponseWriter).Hijack()
}

// aborts are the ways to end a response that must look broken off to HTTP/1.0.
var aborts = map[string]func(w http.ResponseWriter, r *http.Request){
	"Abort": rw.Abort,
	"Cut":   func(w http.ResponseWriter, r *http.Request) { rw.Cut(w, r) },
}

func TestAbort_http10(t *testing.T) {
	t.Parallel()
	body := strings.Repeat("x", 10_000)
	for name, abort := range aborts {
		for _, secure := range []bool{false, true} {
			for _, proto := range []string{"HTTP/1.0", "HTTP/1.1"} {
				for _, wrap := range []string{"bare", "chain", "foreign", "hijacker"} {
					writers := make(chan *rw.Writer, 1)
					server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
						if proto == "HTTP/1.1" { // closes, and has no chunks
							w.Header().Set("Transfer-Encoding", "identity")
						}
						own := rw.Wrap(w)
						defer func() { writers <- own }()
						switch wrap {
						case "chain":
							w = own
						case "foreign":
							w = foreign{own}
						case "hijacker":
							w = &hijacker{ResponseWriter: own}
						}
						_, _ = io.WriteString(w, body)
						_ = http.NewResponseController(own).Flush()
						abort(w, r)
					}))
					if secure {
						server.StartTLS()
					} else {
						server.Start()
					}
					_, err := exchange(t, server, proto)
					server.Close()
					if secure {
						require.Error(t, err, "%s %s %s: no close_notify", name, proto, wrap)
					} else {
						require.ErrorIs(t, err, syscall.ECONNRESET, "%s %s %s", name, proto, wrap)
					}
					if own := <-writers; wrap != "bare" {
						assert.Equal(t, http.StatusOK, own.Status())
						assert.Equal(t, wrap == "hijacker", own.Hijacked(), wrap)
					}
				}
			}
		}
	}
}

// TestAbort_length holds that a length shows the truncation by itself, so that
// what was sent before arrives.
func TestAbort_length(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", "5")
		_, _ = io.WriteString(w, "abc")
		_ = http.NewResponseController(w).Flush()
		rw.Abort(w, r)
	}))
	defer server.Close()
	raw, err := exchange(t, server, "HTTP/1.0")
	require.NoError(t, err)
	assert.True(t, strings.HasSuffix(raw, "\r\n\r\nabc"), raw)
}

// TestAbort_protocols holds that the client of a protocol with framing sees a
// truncated body.
func TestAbort_protocols(t *testing.T) {
	t.Parallel()
	for name, abort := range aborts {
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			own := rw.Wrap(w)
			_, _ = io.WriteString(own, "abc")
			_ = own.FlushError()
			defer func() { assert.False(t, own.Hijacked()) }()
			abort(own, r)
			assert.True(t, own.Broken())
		})
		kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
			t.Helper()
			_, err := s.TryDo(http.MethodGet, "/", nil, nil)
			require.Error(t, err, name)
			assert.Empty(t, s.Log())
		})
	}
}

// counted is a connection of a listener that counts those which are open, as
// that of LimitListener does.
type counted struct {
	net.Conn

	open   *atomic.Int64
	closed atomic.Bool
}

func (c *counted) Close() error {
	if c.closed.CompareAndSwap(false, true) {
		c.open.Add(-1)
	}
	return c.Conn.Close()
}

// transparent is one that shows what it wraps.
type transparent struct{ *counted }

func (c transparent) NetConn() net.Conn { return c.Conn }

type countingListener struct {
	net.Listener

	open  atomic.Int64
	shows bool
}

func (l *countingListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	l.open.Add(1)
	c := &counted{Conn: conn, open: &l.open}
	if l.shows {
		return transparent{c}, nil
	}
	return c, nil
}

// TestAbort_wrappedConn holds that a connection which somebody has wrapped is
// closed by its own method, and reset where it shows the one of TCP.
func TestAbort_wrappedConn(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name                 string
		secure, shows, reset bool
	}{
		{"shows", false, true, true},
		{"shows, below TLS", true, true, true},
		{"hides", false, false, false},
		{"hides, below TLS", true, false, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				_, _ = io.WriteString(w, "abc")
				_ = http.NewResponseController(w).Flush()
				rw.Abort(w, r)
			}))
			listener := &countingListener{Listener: server.Listener, shows: tc.shows}
			server.Listener = listener
			if tc.secure {
				server.StartTLS()
			} else {
				server.Start()
			}
			_, err := exchange(t, server, "HTTP/1.0")
			server.Close()
			assert.Equal(t, tc.reset, errors.Is(err, syscall.ECONNRESET), "%v", err)
			assert.Zero(t, listener.open.Load())
		})
	}
}

// TestAbort_recorder holds what is left where there is no connection.
func TestAbort_recorder(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Proto, r.ProtoMinor = "HTTP/1.0", 0
	assert.False(t, rw.Cut(httptest.NewRecorder(), r))
	assert.PanicsWithValue(t, http.ErrAbortHandler, func() { rw.Abort(httptest.NewRecorder(), r) })
}

func TestCut_broken(t *testing.T) {
	t.Parallel()
	outer := rw.Wrap(httptest.NewRecorder())
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	assert.False(t, rw.Cut(rw.Wrap(foreign{outer}), r), "it has no deadlines")
	assert.True(t, outer.Broken())
	assert.False(t, rw.Cut(httptest.NewRecorder(), r))
}
