package bind_test

import (
	"bufio"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
)

// TestFunc_halfClosed cuts a body short and keeps listening, as shutdown(2) for
// writing does: what was cut must not pass as done.
func TestFunc_halfClosed(t *testing.T) {
	type document struct {
		Body struct{ A string } `body:"json"`
	}
	type form struct {
		A string `form:"a"`
	}
	for name, tc := range map[string]struct {
		h           http.Handler
		contentType string
	}{
		"json": {bind.Func(func(http.ResponseWriter, *http.Request, document) {}), "application/json"},
		"form": {bind.Func(func(http.ResponseWriter, *http.Request, form) {}), urlencoded},
	} {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(tc.h)
			defer server.Close()
			conn, err := net.Dial("tcp", server.Listener.Addr().String())
			require.NoError(t, err)
			defer conn.Close()
			_, err = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: "+tc.contentType+"\r\nContent-Length: 100\r\n\r\na=1")
			require.NoError(t, err)
			tcp, ok := conn.(*net.TCPConn)
			require.True(t, ok)
			require.NoError(t, tcp.CloseWrite())
			resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
			require.NoError(t, err)
			defer resp.Body.Close()
			text, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			assert.Equal(t, http.StatusBadRequest, resp.StatusCode)
			assert.Contains(t, string(text), "the body ends early")
		})
	}
}
