package stream_test

import (
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/stream"
)

// TestWriteTimeout_sockets holds over HTTP/1.1 and HTTP/2 that a client which
// stops reading is cut off with the same error, whoever writes at that time, and
// sees that the response is truncated.
func TestWriteTimeout_sockets(t *testing.T) {
	t.Parallel()
	for name, policy := range map[string]stream.Policy{"on demand": stream.OnDemand, "each item": stream.EachItem} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ended := make(chan error, 1)
			options := stream.Options{Flush: policy, WriteTimeout: time.Second, OnEnd: func(err error) { ended <- err }}
			h := stream.Text{Seq: times(1<<20, strings.Repeat("x", 8192)), Options: options}
			kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
				require.NoError(t, err)
				response, err := s.Client.Do(request)
				require.NoError(t, err)
				err = <-ended
				require.ErrorIs(t, err, os.ErrDeadlineExceeded)
				require.ErrorContains(t, err, "the client took nothing for 1s")
				_, err = io.Copy(io.Discard, response.Body)
				require.Error(t, err)
				_ = response.Body.Close()
			})
		})
	}
}

// TestGrace holds that the header comes with the first item or when the grace
// is over, whichever is first.
func TestGrace(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		grace, first, want time.Duration
	}{
		"the first item":   {0, 30 * time.Millisecond, 30 * time.Millisecond},
		"the default":      {0, time.Minute, 100 * time.Millisecond},
		"longer":           {time.Second, time.Minute, time.Second},
		"none":             {-1, time.Minute, 0},
		"a long wait ends": {time.Hour, time.Minute, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := stream.Text{Seq: after(tc.first, "a"), Options: stream.Options{Grace: tc.grace}}
				m := serveMemory(t, &http.Server{Handler: h})
				start := time.Now()
				conn, response := m.get(t)
				assert.Equal(t, tc.want, time.Since(start))
				body, err := io.ReadAll(response.Body)
				require.NoError(t, err)
				assert.Equal(t, "a", string(body))
				assert.Equal(t, tc.first, time.Since(start))
				_ = conn.Close()
			})
		})
	}
}

// after yields the items, each after a pause.
func after[T any](pause time.Duration, items ...T) func(yield func(T, error) bool) {
	return func(yield func(T, error) bool) {
		for _, v := range items {
			time.Sleep(pause)
			if !yield(v, nil) {
				return
			}
		}
	}
}

// TestHeartbeat holds that a sign of life is sent a heartbeat after the last
// write, and none on a stream with traffic.
func TestHeartbeat(t *testing.T) {
	t.Parallel()
	every10s := []int{1, 2, 3, 4}
	for name, tc := range map[string]struct {
		h    http.Handler
		want string
	}{
		"sse silent":      {stream.SSE[int]{Seq: after(50*time.Second, 1)}, ":\n\n" + ":\n\n:\n\n:\n\n" + "data: 1\n\n"},
		"sse busy":        {stream.SSE[int]{Seq: after(10*time.Second, every10s...)}, ":\n\ndata: 1\n\ndata: 2\n\ndata: 3\n\ndata: 4\n\n"},
		"sse off":         {stream.SSE[int]{Seq: after(time.Hour, 1), Options: stream.Options{Heartbeat: -1}}, ":\n\ndata: 1\n\n"},
		"sse after items": {stream.SSE[int]{Seq: after(20*time.Second, 1, 2)}, ":\n\n:\n\ndata: 1\n\n:\n\ndata: 2\n\n"},
		"ndjson":          {stream.NDJSON[int]{Seq: after(25*time.Second, 1, 2), Options: stream.Options{Heartbeat: 10 * time.Second}}, "\n\n1\n\n\n2\n"},
		"array":           {stream.Array[int]{Seq: after(15*time.Second, 1, 2), Options: stream.Options{Heartbeat: 10 * time.Second}}, "[\n1\n,2]"},
		"ndjson default":  {stream.NDJSON[int]{Seq: after(time.Hour, 1)}, "1\n"},
		"text has none":   {stream.Text{Seq: after(time.Hour, "a"), Options: stream.Options{Heartbeat: time.Second}}, "a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := serveMemory(t, &http.Server{Handler: tc.h})
				conn, response := m.get(t)
				body, err := io.ReadAll(response.Body)
				require.NoError(t, err)
				assert.Equal(t, tc.want, string(body))
				_ = conn.Close()
			})
		})
	}
}

// TestDeadline_standing holds that neither the server's WriteTimeout nor pauses
// longer than the stream's end it, and that the next request on the connection
// has the server's deadline again.
func TestDeadline_standing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		h := stream.Text{Seq: after(time.Minute, "a", "b"), Options: stream.Options{WriteTimeout: time.Second}}
		m := serveMemory(t, &http.Server{Handler: h, WriteTimeout: 2 * time.Second})
		client := http.Client{Transport: &http.Transport{DialContext: m.dial}}
		defer client.CloseIdleConnections()
		for range 2 {
			response, err := client.Get("http://memory/")
			require.NoError(t, err)
			body, err := io.ReadAll(response.Body)
			require.NoError(t, err)
			assert.Equal(t, "ab", string(body))
		}
	})
}

// TestWriteTimeout holds that a client which never reads is cut off, and the
// sequence with it, whoever writes at that time.
func TestWriteTimeout(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		seq  func(ctx context.Context) func(yield func(string, error) bool)
		want time.Duration
	}{
		"a burst": {func(context.Context) func(yield func(string, error) bool) {
			return func(yield func(string, error) bool) {
				for yield(strings.Repeat("x", 1000), nil) {
				}
			}
		}, 5 * time.Second},
		"slow items": {func(context.Context) func(yield func(string, error) bool) {
			return after(time.Second, "a", "b", "c", "d", "e", "f", "g", "h", "i", "j")
		}, 6 * time.Second}, // the header is stuck from 100 ms on
		"an idle sequence": {func(ctx context.Context) func(yield func(string, error) bool) {
			return stream.Chan(ctx, make(chan string))
		}, 5100 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ended := make(chan error, 1)
				options := stream.Options{WriteTimeout: 5 * time.Second, OnEnd: func(err error) { ended <- err }}
				m := serveMemory(t, &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					stream.Text{Seq: tc.seq(r.Context()), Options: options}.ServeHTTP(w, r)
				})})
				start := time.Now()
				conn := m.request(t, "GET / HTTP/1.1")
				err := <-ended
				require.ErrorIs(t, err, os.ErrDeadlineExceeded)
				assert.Contains(t, err.Error(), "the client took nothing for 5s")
				assert.Equal(t, tc.want, time.Since(start))
				_ = conn.Close()
			})
		})
	}
}

// TestHiddenDeadline holds that a writer which flushes but hides the deadline
// makes the server's WriteTimeout end the stream with an explanation.
func TestHiddenDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ended := make(chan error, 1)
		h := stream.SSE[int]{Seq: after(time.Second, 1, 2, 3, 4, 5, 6), Options: stream.Options{OnEnd: func(err error) { ended <- err }}}
		m := serveMemory(t, &http.Server{WriteTimeout: 3500 * time.Millisecond, Handler: http.HandlerFunc(
			func(w http.ResponseWriter, r *http.Request) {
				// A copy of the context without cancellation, as a middleware that
				// works in the background has it.
				h.ServeHTTP(flushOnly{w}, r.WithContext(context.WithoutCancel(r.Context())))
			})})
		conn, response := m.get(t)
		_, err := io.ReadAll(response.Body)
		require.Error(t, err)
		assert.Contains(t, (<-ended).Error(), "a middleware hides the write deadline, so WriteTimeout of the server, 3.5s,")
		_ = conn.Close()
	})
}

type flushOnly struct{ http.ResponseWriter }

func (f flushOnly) FlushError() error { return http.NewResponseController(f.ResponseWriter).Flush() }

// TestNoLimit holds that a negative WriteTimeout waits for as long as it takes.
func TestNoLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ended atomic.Bool
		m := serveMemory(t, &http.Server{Handler: stream.Text{Seq: of("a"), Options: stream.Options{
			WriteTimeout: -1, OnEnd: func(error) { ended.Store(true) },
		}}})
		conn := m.request(t, "GET / HTTP/1.1")
		time.Sleep(24 * time.Hour)
		assert.False(t, ended.Load())
		_, err := io.CopyN(io.Discard, conn, 100)
		require.NoError(t, err)
		_ = conn.Close()
	})
}
