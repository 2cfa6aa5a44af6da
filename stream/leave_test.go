package stream_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/stream"
)

// TestLeave holds over real connections that the deferred functions of the
// sequence run when the client leaves, long before a heartbeat would find out, and
// that nothing is logged.
func TestLeave(t *testing.T) {
	t.Parallel()
	ends := make(chan struct{}, 1)
	ended := make(chan error, 1)
	options := stream.Options{Heartbeat: time.Hour, OnEnd: func(err error) { ended <- err }}
	sources := map[string]func(r *http.Request) http.Handler{
		"waiting": func(r *http.Request) http.Handler {
			return stream.SSE[int]{Options: options, Seq: func(yield func(int, error) bool) {
				defer func() { ends <- struct{}{} }()
				stream.Chan(r.Context(), make(chan int))(yield)
			}}
		},
		"ticking without the context": func(*http.Request) http.Handler {
			return stream.NDJSON[int]{Options: options, Seq: func(yield func(int, error) bool) {
				defer func() { ends <- struct{}{} }()
				for range time.NewTicker(10 * time.Millisecond).C {
					if !yield(1, nil) {
						return
					}
				}
			}}
		},
		"reading": func(*http.Request) http.Handler {
			r, w := net.Pipe()
			go func() {
				_, err := w.Read(make([]byte, 1))
				if errors.Is(err, io.EOF) {
					ends <- struct{}{}
				}
			}()
			return stream.Body{Reader: r, Options: options}
		},
	}
	for name, source := range sources {
		path := "/leave-" + strings.ReplaceAll(name, " ", "-")
		kittest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { source(r).ServeHTTP(w, r) }),
			func(t *testing.T, s *kittest.Server) {
				t.Helper()
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+path, nil)
				require.NoError(t, err)
				response, err := s.Client.Do(request)
				require.NoError(t, err)
				cancel()
				kittest.Await(t, ends, "the sequence goes on")
				require.ErrorIs(t, <-ended, context.Canceled)
				_ = response.Body.Close()
				assert.Empty(t, s.Log())
				assert.Empty(t, logged.about(path))
			})
	}
}

// TestLeave_many holds that clients which connect and drop leave no goroutine,
// without which the bubble would not end, and run every iterator's defers.
func TestLeave_many(t *testing.T) {
	t.Parallel()
	const clients = 1000
	synctest.Test(t, func(t *testing.T) {
		var running, ended atomic.Int64
		m := serveMemory(t, &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			stream.SSE[int]{
				Seq: func(yield func(int, error) bool) {
					running.Add(1)
					defer running.Add(-1)
					for i := range 1000 {
						select {
						case <-time.After(50 * time.Millisecond):
						case <-r.Context().Done():
							return
						}
						if !yield(i, nil) {
							return
						}
					}
				},
				Options: stream.Options{OnEnd: func(error) { ended.Add(1) }},
			}.ServeHTTP(w, r)
		})})
		var wait sync.WaitGroup
		for i := range clients {
			wait.Go(func() {
				conn := m.request(t, "GET / HTTP/1.1")
				// Some drop before the header, some in it, some later.
				_, _ = io.CopyN(io.Discard, conn, int64(i))
				_ = conn.Close()
			})
		}
		wait.Wait()
		synctest.Wait()
		assert.Zero(t, running.Load())
		assert.EqualValues(t, clients, ended.Load())
	})
}

// TestLeave_halfClosed holds that a client which closes its half only, which
// net/http takes for one that has left, does not see a complete response.
func TestLeave_halfClosed(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]http.HandlerFunc{
		"serveHTTP": func(w http.ResponseWriter, r *http.Request) {
			stream.Text{Seq: stream.Chan(r.Context(), make(chan string))}.ServeHTTP(w, r)
		},
		"serve": func(w http.ResponseWriter, r *http.Request) {
			assert.ErrorIs(t, stream.Text{Seq: stream.Chan(r.Context(), make(chan string))}.Serve(w, r), context.Canceled)
		},
		"bare writer": func(w http.ResponseWriter, r *http.Request) {
			ends := 0
			defer func() { assert.Equal(t, 1, ends) }()
			options := stream.Options{OnEnd: func(error) { ends++ }}
			stream.Text{Options: options, Seq: func(yield func(string, error) bool) {
				yield(strings.Repeat("x", 10_000), nil)
				<-r.Context().Done()
			}}.ServeHTTP(struct{ http.ResponseWriter }{w}, r)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answer := kittest.HalfClosed(t, h, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
			assert.NotContains(t, answer, "\r\n0\r\n")
		})
	}
}

// A lapse is a context whose deadline is over when the test says so.
type lapse struct {
	context.Context

	over chan struct{}
}

func (l lapse) Done() <-chan struct{} { return l.over }

func (l lapse) Err() error {
	select {
	case <-l.over:
		return context.DeadlineExceeded
	default:
		return l.Context.Err()
	}
}

// TestContext_deadline holds that a deadline of the request's context is a
// failure, not a client that left.
func TestContext_deadline(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		limited := lapse{r.Context(), make(chan struct{})}
		stream.Text{
			Seq: func(yield func(string, error) bool) {
				if r.URL.Path == "/late" {
					yield("a", nil)
				}
				close(limited.over)
				assert.False(t, yield("b", nil))
			},
			Options: stream.Options{Grace: time.Minute},
		}.ServeHTTP(w, r.WithContext(limited)) //nolint:contextcheck // derived from that of r
	})
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		assert.Equal(t, http.StatusGatewayTimeout, s.Get(t, "/early").StatusCode)
		got, err := s.TryDo(http.MethodGet, "/late", nil, nil)
		require.Error(t, err)
		assert.Equal(t, "a", got.Text)
	})
}

// TestLeave_unread holds that a heartbeat finds out about a client that left
// where net/http does not: a part of the body of the request is unread.
func TestLeave_unread(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 1)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ended <- stream.SSE[int]{
			Seq:     stream.Chan(r.Context(), make(chan int)),
			Options: stream.Options{Heartbeat: 20 * time.Millisecond},
		}.Serve(w, r)
	}))
	defer server.Close()
	conn, err := net.Dial("tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	_, err = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\nunread")
	require.NoError(t, err)
	_, err = io.CopyN(io.Discard, conn, 100)
	require.NoError(t, err)
	require.NoError(t, conn.Close())
	assert.Error(t, <-ended)
}
