package stream_test

import (
	"bytes"
	"iter"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/stream"
)

// TestPanic holds that a panic of the sequence goes on after OnEnd, and breaks
// the response off.
func TestPanic(t *testing.T) {
	t.Parallel()
	ended := make(chan error, 2)
	h := stream.Text{Seq: func(yield func(string, error) bool) {
		yield("a", nil)
		panic("in the sequence")
	}, Options: stream.Options{OnEnd: func(err error) { ended <- err }}}
	recovered := make(chan any, 1)
	recovers := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			recovered <- recover()
			panic(http.ErrAbortHandler)
		}()
		h.ServeHTTP(w, r)
	})
	kittest.Serve(t, recovers, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		_, err := s.TryDo(http.MethodGet, "/", nil, nil)
		require.Error(t, err)
		require.Error(t, <-ended)
		assert.Equal(t, "in the sequence", <-recovered)
	})
}

type panicValue struct{}

func (panicValue) MarshalJSON() ([]byte, error) { panic("in MarshalJSON") }

type panicReader struct{}

func (panicReader) Read([]byte) (int, error) { panic("in Read") }

// panics yields the items and then panics.
func panics[T any](items ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, item := range items {
			if !yield(item, nil) {
				return
			}
		}
		panic("in the sequence")
	}
}

// TestPanic_early holds that a panic before the first byte is answered by
// Recover, with nothing of the stream's header, and that the record agrees.
func TestPanic_early(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]http.Handler{
		"sse":            stream.SSE[int]{Seq: panics[int](), Options: patient},
		"ndjson":         stream.NDJSON[int]{Seq: panics[int](), Options: patient},
		"array":          stream.Array[int]{Seq: panics[int](), Options: patient},
		"auto":           stream.Auto[int]{Seq: panics[int](), Options: patient},
		"text":           stream.Text{Seq: panics[string](), Options: patient},
		"bytes":          stream.Bytes{Seq: panics[[]byte](), Options: patient},
		"body":           stream.Body{Reader: panicReader{}, Options: patient},
		"each item":      stream.Text{Seq: panics[string](), Options: stream.Options{Grace: time.Hour, Flush: stream.EachItem}},
		"marshal sse":    stream.SSE[panicValue]{Seq: of(panicValue{}), Options: patient},
		"marshal event":  stream.SSE[stream.Event]{Seq: of(stream.Event{Value: panicValue{}}), Options: patient},
		"marshal ndjson": stream.NDJSON[any]{Seq: of[any]([]any{"half", panicValue{}}), Options: patient},
		"marshal array":  stream.Array[panicValue]{Seq: of(panicValue{}), Options: patient},
		"serve": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_ = stream.Text{Seq: panics[string](), Options: patient}.Serve(w, r)
		}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var records bytes.Buffer
			recovers := middleware.AccessLog(slog.New(slog.NewJSONHandler(&records, nil)))(middleware.Recover()(h))
			kittest.Serve(t, recovers, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				got := s.Get(t, "/")
				assert.Equal(t, http.StatusInternalServerError, got.StatusCode)
				assert.Equal(t, "application/problem+json", got.Header.Get("Content-Type"))
				assert.Empty(t, got.Header.Get("X-Accel-Buffering"))
				assert.Empty(t, got.Header.Get("Cache-Control"))
				// The connection is as good as before.
				assert.Equal(t, http.StatusInternalServerError, s.Get(t, "/").StatusCode)
				assert.Empty(t, s.Log())
			})
			for line := range strings.Lines(records.String()) {
				assert.Contains(t, line, `"status":500`)
			}
		})
	}
}

// TestPanic_late holds that a panic after an item never looks like a complete
// response, whether the item was sent by then or not.
func TestPanic_late(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		h         func(flushed <-chan struct{}) http.Handler
		truncated bool // else it may be a 500 too
	}{
		"flushed": {func(flushed <-chan struct{}) http.Handler {
			return stream.Text{Seq: func(yield func(string, error) bool) {
				yield("a", nil)
				<-flushed
				panic("in the sequence")
			}}
		}, true},
		"each item": {func(<-chan struct{}) http.Handler {
			return stream.Text{Seq: panics("a"), Options: stream.Options{Flush: stream.EachItem}}
		}, true},
		"grace is over": {func(flushed <-chan struct{}) http.Handler {
			return stream.SSE[int]{Seq: func(func(int, error) bool) {
				<-flushed
				panic("in the sequence")
			}, Options: stream.Options{Grace: -1}}
		}, true},
		"waiting": {func(<-chan struct{}) http.Handler { return stream.Text{Seq: panics("a", "b")} }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				flushed := make(chan struct{}, 1)
				tc.h(flushed).ServeHTTP(signals{w, flushed}, r)
			})
			recovers := middleware.AccessLog(slog.New(slog.DiscardHandler))(middleware.Recover()(h))
			kittest.Serve(t, recovers, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				got, err := s.TryDo(http.MethodGet, "/", nil, nil)
				if err == nil && !tc.truncated {
					assert.Equal(t, http.StatusInternalServerError, got.StatusCode)
					return
				}
				require.Error(t, err)
			})
		})
	}
}

// signals tells after the first flush.
type signals struct {
	http.ResponseWriter

	flushed chan<- struct{}
}

func (s signals) FlushError() error {
	err := http.NewResponseController(s.ResponseWriter).Flush()
	select {
	case s.flushed <- struct{}{}:
	default:
	}
	return err
}

func (s signals) Unwrap() http.ResponseWriter { return s.ResponseWriter }

// panicWriter panics at the first Write.
type panicWriter struct {
	http.ResponseWriter

	with any
}

func (w panicWriter) Write([]byte) (int, error) { panic(w.with) }

func (w panicWriter) Flush() {}

// flushPanics panics at the first Flush.
type flushPanics struct{ http.ResponseWriter }

func (flushPanics) Flush() { panic(http.ErrAbortHandler) }

// headerPanics panics when the response starts.
type headerPanics struct{ http.ResponseWriter }

func (headerPanics) WriteHeader(int) { panic(http.ErrAbortHandler) }

// TestPanic_writer holds that a panic of the writer reaches the goroutine of
// the handler, though another one has called it.
func TestPanic_writer(t *testing.T) {
	t.Parallel()
	serve := func(with any) (recovered any) {
		defer func() { recovered = recover() }()
		stream.Text{Seq: of("a", "b")}.ServeHTTP(panicWriter{httptest.NewRecorder(), with}, newRequest(""))
		return nil
	}
	assert.Equal(t, http.ErrAbortHandler, serve(http.ErrAbortHandler), "compared by identity")
	err, ok := serve(errDown).(error)
	require.True(t, ok)
	require.ErrorIs(t, err, errDown)
	assert.Contains(t, err.Error(), "panicWriter.Write", "the stack of the goroutine that wrote")
	func() { // after a write that went well
		defer func() { assert.Equal(t, http.ErrAbortHandler, recover()) }()
		stream.Text{Seq: of("a")}.ServeHTTP(flushPanics{httptest.NewRecorder()}, newRequest(""))
	}()
	// At the end as well, where the goroutine of the handler writes.
	func() {
		defer func() { assert.Equal(t, http.ErrAbortHandler, recover()) }()
		stream.Text{Seq: of[string]()}.ServeHTTP(headerPanics{httptest.NewRecorder()}, newRequest(""))
	}()
	err, ok = serve("text").(error)
	require.True(t, ok)
	assert.Contains(t, err.Error(), "text\n")
}
