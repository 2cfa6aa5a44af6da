package stream_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/stream"
)

var errShutdown = errors.New("the server goes down")

// endings are what sequences do once the server has ended the context.
var endings = map[string]func(ctx context.Context, yield func(int, error) bool){
	"error of the context": func(ctx context.Context, yield func(int, error) bool) { yield(0, ctx.Err()) },
	"cause":                func(ctx context.Context, yield func(int, error) bool) { yield(0, context.Cause(ctx)) },
	"wrapped":              func(ctx context.Context, yield func(int, error) bool) { yield(0, fmt.Errorf("query: %w", ctx.Err())) },
	"without an error":     func(context.Context, func(int, error) bool) {},
	"without the context": func(_ context.Context, yield func(int, error) bool) {
		for i := 2; yield(i, nil); i++ {
		}
	},
}

// serveEnded serves a stream of that many items, whose context then ends with that
// cause.
func serveEnded(cause error, items int, end func(context.Context, func(int, error) bool), answer func(seq func(func(int, error) bool)) http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancelCause(r.Context())
		defer cancel(nil)
		answer(func(yield func(int, error) bool) {
			for range items {
				if !yield(1, nil) {
					return
				}
			}
			cancel(cause)
			end(ctx, yield)
		}).ServeHTTP(w, r.WithContext(ctx))
	})
}

// TestEnded_events holds that an event stream ends cleanly when the server ends
// the request, so that its client connects again and nothing is logged.
func TestEnded_events(t *testing.T) {
	t.Parallel()
	for name, end := range endings {
		for _, items := range []int{0, 1} {
			t.Run(fmt.Sprint(name, " ", items), func(t *testing.T) {
				t.Parallel()
				ended := make(chan error, 1)
				h := serveEnded(errShutdown, items, end, func(seq func(func(int, error) bool)) http.Handler {
					return stream.SSE[int]{Seq: seq, Options: stream.Options{OnEnd: func(err error) { ended <- err }}}
				})
				kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
					t.Helper()
					path := fmt.Sprintf("/ended-events-%d-%s", items, s.Proto)
					got := s.Get(t, path)
					assert.Equal(t, http.StatusOK, got.StatusCode)
					want := ":\n\n"
					if items > 0 {
						want += "data: 1\n\n"
					}
					if name == "without the context" {
						want += "data: 2\n\n"
					}
					assert.Equal(t, want, got.Text)
					require.ErrorIs(t, <-ended, errShutdown)
					assert.Empty(t, logged.about(path))
				})
			})
		}
	}
}

// TestEnded_finite holds that a stream which has an end breaks off, and says why.
func TestEnded_finite(t *testing.T) {
	t.Parallel()
	for name, end := range endings {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ended := make(chan error, 1)
			h := serveEnded(errShutdown, 1, end, func(seq func(func(int, error) bool)) http.Handler {
				return stream.NDJSON[int]{Seq: seq, Options: stream.Options{
					OnEnd: func(err error) { ended <- err },
					OnError: func(err error) any {
						assert.ErrorIs(t, err, errShutdown)
						return "restarting"
					},
				}}
			})
			kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				path := "/ended-finite-" + s.Proto + strconv.Itoa(len(name))
				before := len(logged.about(path))
				got, err := s.TryDo(http.MethodGet, path, nil, nil)
				require.Error(t, err)
				require.NotNil(t, got)
				assert.Equal(t, "1\n\"restarting\"\n", got.Text)
				require.ErrorIs(t, <-ended, errShutdown)
				require.Len(t, logged.about(path), before+1)
				assert.Contains(t, logged.about(path)[before], errShutdown.Error())
			})
		})
	}
}

// TestEnded_early holds that before the first byte a finite stream is a 503, and
// any is where the server has not said that it was the one.
func TestEnded_early(t *testing.T) {
	t.Parallel()
	for _, cause := range []error{errShutdown, nil} {
		for name, answer := range map[string]func(seq func(func(int, error) bool)) http.Handler{
			"NDJSON": func(seq func(func(int, error) bool)) http.Handler {
				return stream.NDJSON[int]{Seq: seq, Options: patient}
			},
			"Array": func(seq func(func(int, error) bool)) http.Handler {
				return stream.Array[int]{Seq: seq, Options: patient}
			},
			"SSE": func(seq func(func(int, error) bool)) http.Handler { return stream.SSE[int]{Seq: seq, Options: patient} },
		} {
			if name == "SSE" && cause != nil {
				continue
			}
			for way, end := range endings {
				kittest.Serve(t, serveEnded(cause, 0, end, answer), func(t *testing.T, s *kittest.Server) {
					t.Helper()
					path := fmt.Sprintf("/ended-early-%s-%t-%s-%d", name, cause == nil, s.Proto, len(way))
					before := len(logged.about(path))
					got := s.Get(t, path)
					assert.Equal(t, http.StatusServiceUnavailable, got.StatusCode, way)
					assert.Equal(t, "application/problem+json", got.Header.Get("Content-Type"))
					if cause == nil {
						assert.Empty(t, logged.about(path), "as of a client that left")
					} else {
						assert.Len(t, logged.about(path), before+1, way)
					}
				})
			}
		}
	}
}

// TestEnded_plain holds that a stream which has begun breaks off where the server
// does not say that it was the one, and that nothing is logged.
func TestEnded_plain(t *testing.T) {
	t.Parallel()
	h := serveEnded(nil, 1, endings["error of the context"], func(seq func(func(int, error) bool)) http.Handler {
		return stream.NDJSON[int]{Seq: seq}
	})
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		path := "/ended-plain-" + s.Proto
		_, err := s.TryDo(http.MethodGet, path, nil, nil)
		require.Error(t, err)
		assert.Empty(t, logged.about(path))
	})
}
