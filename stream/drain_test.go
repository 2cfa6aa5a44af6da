package stream_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/justinas/alice"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/stream"
)

// TestDrain holds that Shutdown ends event streams, and only these, so that the
// client sees a complete response.
func TestDrain(t *testing.T) {
	t.Parallel()
	for name, seq := range map[string]func(ctx context.Context) func(yield func(int, error) bool){
		"the error of the context": func(ctx context.Context) func(yield func(int, error) bool) {
			return func(yield func(int, error) bool) {
				if yield(1, nil) {
					<-ctx.Done()
					yield(0, ctx.Err())
				}
			}
		},
		"its cause": func(ctx context.Context) func(yield func(int, error) bool) {
			ch := make(chan int, 1)
			ch <- 1
			return stream.Chan(ctx, ch)
		},
		"no error": func(ctx context.Context) func(yield func(int, error) bool) {
			return func(yield func(int, error) bool) {
				if yield(1, nil) {
					<-ctx.Done()
				}
			}
		},
		"without the context": func(context.Context) func(yield func(int, error) bool) {
			return func(yield func(int, error) bool) {
				for yield(1, nil) {
					time.Sleep(10 * time.Second)
				}
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				drain := stream.Drain{Farewell: &stream.Event{Type: "bye", Retry: time.Second}}
				ended := make(chan error, 1)
				server := &http.Server{Handler: drain.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					ended <- stream.SSE[int]{Seq: seq(r.Context())}.Serve(w, r)
				}))}
				server.RegisterOnShutdown(drain.Start)
				m := serveMemory(t, server)
				conn, response := m.get(t)
				shut := make(chan error, 1)
				go func() {
					time.Sleep(5 * time.Second)
					shut <- server.Shutdown(t.Context())
				}()
				body, err := io.ReadAll(response.Body)
				require.NoError(t, err, "a clean end")
				want := ":\n\ndata: 1\n\nevent: bye\nretry: 1000\ndata: \n\n"
				if name == "without the context" {
					want = ":\n\ndata: 1\n\ndata: 1\n\nevent: bye\nretry: 1000\ndata: \n\n"
				}
				assert.Equal(t, want, string(body))
				require.ErrorIs(t, <-ended, stream.ErrDraining)
				require.NoError(t, <-shut)
				_ = conn.Close()
			})
		})
	}
}

// TestDrain_finite holds that a download is left to finish.
func TestDrain_finite(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var drain stream.Drain
		m := serveMemory(t, &http.Server{Handler: alice.New(drain.Handler).Then(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			stream.NDJSON[int]{Seq: func(yield func(int, error) bool) {
				for i := range 3 {
					time.Sleep(time.Second)
					if r.Context().Err() != nil || !yield(i, nil) {
						return
					}
				}
			}}.ServeHTTP(w, r)
		}))})
		conn, response := m.get(t)
		drain.Start()
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		assert.Equal(t, "0\n1\n2\n", string(body))
		_ = conn.Close()
	})
}

// TestDrain_spread holds that the streams end at different times within the
// spread, and that a stream which comes later ends at once.
func TestDrain_spread(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		drain := stream.Drain{Spread: 10 * time.Second}
		ended := make(chan time.Time, 100)
		m := serveMemory(t, &http.Server{Handler: drain.Handler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			stream.SSE[int]{Seq: stream.Chan(r.Context(), make(chan int))}.ServeHTTP(w, r)
			ended <- time.Now()
		}))})
		for range cap(ended) {
			conn, response := m.get(t)
			defer conn.Close()
			go func() { _, _ = io.Copy(io.Discard, response.Body) }()
		}
		start := time.Now()
		drain.Start()
		drain.Start()
		distinct := make(map[time.Duration]bool)
		for range cap(ended) {
			at := (<-ended).Sub(start)
			assert.LessOrEqual(t, at, drain.Spread)
			distinct[at/time.Second] = true
		}
		assert.Greater(t, len(distinct), 5)

		start = time.Now()
		conn, response := m.get(t)
		body, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		assert.Equal(t, ":\n\n", string(body))
		assert.Zero(t, time.Since(start))
		_ = conn.Close()
	})
}

// TestDrain_real holds the same over sockets and HTTP/2, and that the pattern
// of the request is seen outside.
func TestDrain_real(t *testing.T) {
	t.Parallel()
	patterns := make(chan string, 1)
	drains := make(chan *stream.Drain, 1)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /events", func(w http.ResponseWriter, r *http.Request) {
		stream.SSE[int]{Seq: func(yield func(int, error) bool) {
			if yield(1, nil) {
				(<-drains).Start()
				<-r.Context().Done()
			}
		}}.ServeHTTP(w, r)
	})
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		drain := new(stream.Drain)
		drains <- drain
		drain.Handler(mux).ServeHTTP(w, r)
		patterns <- r.Pattern
	})
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		assert.Equal(t, ":\n\ndata: 1\n\n", s.Get(t, "/events").Text)
		assert.Equal(t, "GET /events", <-patterns)
	})
}
