package respond_test

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/respond"
)

// halfClosed asks, closes its half of the connection, which net/http takes for
// a client that has left, and returns what it then hears.
func halfClosed(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	require.NoError(t, err)
	tcp, ok := conn.(*net.TCPConn)
	require.True(t, ok)
	require.NoError(t, tcp.CloseWrite())
	answer, err := io.ReadAll(conn)
	require.NoError(t, err)
	return string(answer)
}

// TestError_halfClosed holds that the client sees neither nothing nor the empty
// 200 that net/http sends for a handler that writes nothing.
func TestError_halfClosed(t *testing.T) {
	assert.Contains(t, halfClosed(t, respond.Func(func(r *http.Request) (any, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	})), "HTTP/1.1 503 ")
}

// untilGone is a body that breaks off when the client has left, as that of a
// proxied response does.
type untilGone struct {
	*http.Request

	sent bool
}

func (u *untilGone) Read(p []byte) (int, error) {
	if !u.sent {
		u.sent = true
		return copy(p, strings.Repeat("x", 8192)), nil
	}
	<-u.Context().Done()
	return 0, u.Context().Err()
}

// TestWrite_halfClosed holds that a body which broke off does not end as a
// complete one does.
func TestWrite_halfClosed(t *testing.T) {
	answer := halfClosed(t, respond.Func(func(r *http.Request) (any, error) {
		return &untilGone{Request: r}, nil
	}))
	assert.NotContains(t, answer, "\r\n0\r\n")
}
