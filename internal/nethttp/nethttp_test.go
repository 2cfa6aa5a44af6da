package nethttp_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/nethttp"
)

// wrapped hides the writer of the server.
type wrapped struct{ http.ResponseWriter }

func TestCloseAfterReply(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/closes":
			nethttp.CloseAfterReply(w)
		case "/wrapped":
			nethttp.CloseAfterReply(wrapped{w})
		}
		_, _ = io.WriteString(w, r.RemoteAddr)
	})
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for path, closes := range map[string]bool{"/": false, "/wrapped": false, "/closes": s.Proto == "HTTP/1.1"} {
			got := s.Do(t, http.MethodPost, path, strings.NewReader("x"), nil)
			assert.Equal(t, closes, got.Close, "%s: %s", path, checked())
			next := s.Do(t, http.MethodPost, "/", strings.NewReader("x"), nil)
			assert.Equal(t, closes, got.Text != next.Text, "%s: %s", path, checked())
		}
	})
}

// lostRequest has a client leave while the handler runs, and returns what the handler
// finds then.
func lostRequest(t *testing.T, s *kittest.Server, path string, found <-chan string, begun <-chan struct{}) string {
	t.Helper()
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+path, nil)
		if err != nil {
			return
		}
		if response, err := s.Client.Do(request); err == nil {
			_ = response.Body.Close()
		}
	}()
	<-begun
	leave()
	<-ended
	return <-found
}

// The context of a request ends without a reason where the client leaves.
func TestIsLost(t *testing.T) {
	t.Parallel()
	begun, found := make(chan struct{}), make(chan string, 1)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		before := nethttp.IsLost(w, r)
		begun <- struct{}{}
		<-r.Context().Done()
		found <- fmt.Sprint(before, nethttp.IsLost(w, r), nethttp.IsLost(wrapped{w}, r), context.Cause(r.Context()) == context.Canceled) //nolint:errorlint // that very error
	})
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		want := fmt.Sprint(false, s.Proto == "HTTP/1.1", false, true)
		assert.Equal(t, want, lostRequest(t, s, "/", found, begun), checked())
	})
}

func TestIsDisconnect(t *testing.T) {
	t.Parallel()
	for _, onHTTP2 := range []bool{false, true} {
		begun, failed := make(chan struct{}), make(chan error, 1)
		server := httptest.NewUnstartedServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			close(begun)
			_, err := io.ReadAll(r.Body)
			failed <- err
		}))
		server.EnableHTTP2 = onHTTP2
		server.StartTLS()
		t.Cleanup(server.Close)
		body, writer := io.Pipe()
		t.Cleanup(func() { _ = writer.Close() })
		go func() {
			if response, err := server.Client().Post(server.URL, "text/plain", body); err == nil {
				_ = response.Body.Close()
			}
		}()
		<-begun
		server.CloseClientConnections() // and not the stream alone
		err := <-failed
		require.Error(t, err)
		assert.Equal(t, onHTTP2, nethttp.IsDisconnect(err), "%v: %s", err, checked())
		assert.False(t, nethttp.IsDisconnect(fmt.Errorf("wrapped: %w", err)))
	}
	assert.False(t, nethttp.IsDisconnect(nil))
	assert.False(t, nethttp.IsDisconnect(errors.New("")))
}

func TestIsMalformed(t *testing.T) {
	t.Parallel()
	failed := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		failed <- err
	}))
	defer server.Close()
	for body, want := range map[string]bool{
		"zz\r\n":                true, // no number
		"\r\n":                  true,
		"11111111111111111\r\n": true, // too large
		"1\r\nabc":              true, // no line end behind the chunk
		"0\r\n\r\n":             false,
		"1\r\na\r\n0\r\n\r\n":   false,
	} {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		require.NoError(t, err)
		_, err = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"+body)
		require.NoError(t, err)
		err = <-failed
		assert.Equal(t, want, nethttp.IsMalformed(err), "%q: %v: %s", body, err, checked())
		_ = conn.Close()
	}
	assert.False(t, nethttp.IsMalformed(io.ErrUnexpectedEOF))
	assert.False(t, nethttp.IsMalformed(nil))
}

func TestLengthLimit(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		size, _ := strconv.Atoi(r.URL.Path[1:])
		_, _ = w.Write(make([]byte, size))
	})
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		limit := nethttp.LengthLimit
		if s.Proto == "HTTP/2" {
			limit = nethttp.HeldBack
		}
		for _, size := range []int{1, limit - 1, limit, limit + 1} {
			got := s.Get(t, "/"+strconv.Itoa(size))
			want := int64(size)
			if size > limit {
				want = -1
			}
			assert.Equal(t, want, got.ContentLength, "%d: %s", size, checked())
		}
	})
}
