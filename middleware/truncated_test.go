// Plan 9 has no ECONNRESET.

//go:build !plan9

package middleware_test

import (
	"bufio"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// truncated are handlers whose response breaks off half-way, each at another place
// that notices. None of them declares a length.
func truncated(t *testing.T) map[string]http.Handler {
	t.Helper()
	long := strings.Repeat("some text ", 10_000)
	pieces := func(yield func(string, error) bool) {
		if yield(long, nil) {
			yield("", errDown)
		}
	}
	written := func(then func(w http.ResponseWriter, r *http.Request)) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			_, _ = io.WriteString(w, long)
			then(w, r)
		})
	}
	return map[string]http.Handler{
		"respond.Error": written(func(w http.ResponseWriter, r *http.Request) { respond.Error(w, r, errDown) }),
		"respond reader": respond.Func(func(*http.Request) (any, error) {
			return struct{ io.Reader }{io.MultiReader(strings.NewReader(long), kittest.BrokenReader("", errDown))}, nil
		}),
		"stream": stream.Text{Seq: pieces},
		"stream.Serve": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			assert.ErrorIs(t, stream.Text{Seq: pieces}.Serve(w, r), errDown)
		}),
		"stream panics": stream.Text{Seq: func(yield func(string, error) bool) {
			yield(long, nil)
			panic("a bug")
		}},
		"panic": written(func(http.ResponseWriter, *http.Request) { panic("a bug") }),
		"abort": written(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }),
		"broken source": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			if _, err := io.Copy(w, io.MultiReader(strings.NewReader(long), kittest.BrokenReader("", errDown))); err != nil {
				respond.Error(w, r, err)
			}
		}),
		"content": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fileserve.Content{ContentType: "text/plain", Reader: &shrinks{strings.NewReader(long)}}.ServeHTTP(w, r)
		}),
	}
}

// shrinks is content that ends before its size.
type shrinks struct{ *strings.Reader }

func (s *shrinks) Read(p []byte) (int, error) {
	if at := int(s.Size()) - s.Len(); at >= 50_000 {
		return 0, io.EOF
	}
	return s.Reader.Read(p[:min(len(p), 1000)])
}

func (s *shrinks) WriteTo(w io.Writer) (int64, error) { return io.Copy(w, struct{ io.Reader }{s}) }

// around are chains in which it is another one that notices.
var around = map[string]func(http.Handler) http.Handler{
	"recover":  middleware.Recover(),
	"compress": func(h http.Handler) http.Handler { return middleware.Recover()(compress.New()(h)) },
	"etag":     func(h http.Handler) http.Handler { return middleware.Recover()(middleware.ETag()(h)) },
	"chain":    chain(),
}

// TestTruncated_http10 holds that a client to which the end of the connection is
// that of the body sees that it is not complete, and what the record says of it.
func TestTruncated_http10(t *testing.T) {
	t.Parallel()
	for name, h := range truncated(t) {
		for kind, wrap := range around {
			for _, secure := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s, %s, %t", name, kind, secure), func(t *testing.T) {
					t.Parallel()
					log := make(records, 1)
					server := httptest.NewUnstartedServer(middleware.AccessLog(slog.New(log))(wrap(h)))
					if secure {
						server.StartTLS()
					} else {
						server.Start()
					}
					defer server.Close()
					for _, coding := range []string{"identity", "gzip", "zstd"} {
						checkTruncated(t, server, coding)
						got := <-log
						assert.Equal(t, int64(200), got["status"])
						assert.Equal(t, true, got["aborted"])
						assert.NotContains(t, got, "hijacked")
					}
				})
			}
		}
	}
}

func checkTruncated(t *testing.T, server *httptest.Server, coding string) {
	t.Helper()
	var conn net.Conn
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	if server.TLS != nil {
		conn = tls.Client(conn, &tls.Config{InsecureSkipVerify: true})
	}
	_, err = io.WriteString(conn, "GET / HTTP/1.0\r\nHost: a\r\nAccept-Encoding: "+coding+"\r\n\r\n")
	require.NoError(t, err)
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err == nil {
		_, err = io.Copy(io.Discard, response.Body)
		_ = response.Body.Close()
		if response.ContentLength >= 0 {
			require.ErrorIs(t, err, io.ErrUnexpectedEOF, coding)
			return
		}
	}
	require.ErrorIs(t, err, syscall.ECONNRESET, coding)
}

// TestTruncated_nginx holds that nginx, which asks for HTTP/1.0 unless told
// otherwise, passes the truncation on and does not keep the response.
func TestTruncated_nginx(t *testing.T) {
	t.Parallel()
	for name, h := range truncated(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var asked atomic.Int64
			wrapped := chain()(h)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked.Add(1)
				assert.Equal(t, "HTTP/1.0", r.Proto)
				wrapped.ServeHTTP(w, r)
			}))
			defer server.Close()
			url := kittest.Nginx(t, `location / {
				proxy_pass `+server.URL+`;
				proxy_cache cache;
				proxy_cache_valid any 10m;
				proxy_ignore_headers Cache-Control Expires Vary Set-Cookie;
			}`)
			for range 2 {
				request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
				require.NoError(t, err)
				request.Header.Set("Accept-Encoding", "identity")
				response, err := http.DefaultClient.Do(request)
				if err == nil {
					_, err = io.Copy(io.Discard, response.Body)
					_ = response.Body.Close()
					if response.StatusCode >= 500 {
						err = errors.New(response.Status)
					}
				}
				require.Error(t, err)
			}
			assert.EqualValues(t, 2, asked.Load(), "not cached")
		})
	}
}
