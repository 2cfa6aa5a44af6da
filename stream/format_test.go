package stream_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

type row struct {
	ID   int    `json:"id"`
	Name string `json:"name"`
}

var rows = []row{{1, "oak"}, {2, "<ash>"}}

func of[T any](items ...T) iter.Seq2[T, error] { return stream.Values(slices.Values(items)) }

// broken yields the items and then the error.
func broken[T any](err error, items ...T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range items {
			if !yield(v, nil) {
				return
			}
		}
		var zero T
		yield(zero, err)
	}
}

type bodyCase struct {
	name  string
	h     http.Handler
	media string
	want  string
	sse   bool // cannot be served by a writer that hides Flush
}

func bodyCases() []bodyCase {
	return []bodyCase{
		{"ndjson", stream.NDJSON[row]{Seq: of(rows...)}, "application/x-ndjson", "{\"id\":1,\"name\":\"oak\"}\n{\"id\":2,\"name\":\"<ash>\"}\n", false},
		{"ndjson empty", stream.NDJSON[row]{Seq: of[row]()}, "application/x-ndjson", "", false},
		{"array", stream.Array[row]{Seq: of(rows...)}, "application/json", `[{"id":1,"name":"oak"},{"id":2,"name":"<ash>"}]`, false},
		{"array of one", stream.Array[int]{Seq: of(7)}, "application/json", `[7]`, false},
		{"array empty", stream.Array[row]{Seq: of[row]()}, "application/json", `[]`, false},
		{"array nil", stream.Array[row]{}, "application/json", `[]`, false},
		{"text", stream.Text{Seq: of("a", "", "ä\n")}, "text/plain; charset=utf-8", "aä\n", false},
		{"text nil", stream.Text{}, "text/plain; charset=utf-8", "", false},
		{"bytes", stream.Bytes{Seq: of([]byte{0, 255}, nil, []byte("x"))}, "application/octet-stream", "\x00\xffx", false},
		{"body", stream.Body{Reader: strings.NewReader(strings.Repeat("body ", 50_000))}, "application/octet-stream", strings.Repeat("body ", 50_000), false},
		{"body nil", stream.Body{}, "application/octet-stream", "", false},
		{"content type", stream.Text{Seq: of("a,b\n"), Options: stream.Options{ContentType: "text/csv"}}, "text/csv", "a,b\n", false},
		{"each item", stream.Array[int]{Seq: of(1, 2, 3), Options: stream.Options{Flush: stream.EachItem}}, "application/json", "[1,2,3]", false},
		{"sse of events", stream.SSE[stream.Event]{Seq: of(stream.Event{ID: "1", Data: "a\nb"}, stream.Event{Comment: "c"})}, "text/event-stream", ":\n\nid: 1\ndata: a\ndata: b\n\n: c\n\n", true},
		{"sse of pointers", stream.SSE[*stream.Event]{Seq: of(&stream.Event{Data: "a"}, nil)}, "text/event-stream", ":\n\ndata: a\n\ndata: null\n\n", true},
		{"sse of any", stream.SSE[any]{Seq: of[any](stream.Event{Data: "a"}, "b", &stream.Event{Type: "c"}, nil)}, "text/event-stream", ":\n\ndata: a\n\ndata: \"b\"\n\nevent: c\ndata: \n\ndata: null\n\n", true}, //nolint:dupword // lines on the wire
		{"sse of values", stream.SSE[row]{Seq: of(rows...)}, "text/event-stream", ":\n\ndata: {\"id\":1,\"name\":\"oak\"}\n\ndata: {\"id\":2,\"name\":\"<ash>\"}\n\n", true},
		{"sse empty", stream.SSE[row]{}, "text/event-stream", ":\n\n", true},
	}
}

func TestFormats(t *testing.T) {
	t.Parallel()
	for _, tc := range bodyCases() {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			rewound := tc.h
			kittest.ServeBehind(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if body, ok := tc.h.(stream.Body); ok && body.Reader != nil {
					body.Reader = strings.NewReader(tc.want)
					rewound = body
				}
				rewound.ServeHTTP(w, r)
			}), func(t *testing.T, s *kittest.Server) {
				t.Helper()
				got := s.Get(t, "/")
				if tc.sse && strings.Contains(t.Name(), "bare_writer") {
					assert.Equal(t, http.StatusInternalServerError, got.StatusCode)
					assert.Equal(t, "application/problem+json", got.Header.Get("Content-Type"))
					assert.Empty(t, got.Header.Get("X-Accel-Buffering"))
					return
				}
				assert.Equal(t, http.StatusOK, got.StatusCode)
				assert.Equal(t, tc.want, got.Text)
				assert.Equal(t, []string{tc.media}, got.Header["Content-Type"])
				assert.Equal(t, "no-cache", got.Header.Get("Cache-Control"))
				assert.Equal(t, "no", got.Header.Get("X-Accel-Buffering"))
				assert.Equal(t, "nosniff", got.Header.Get("X-Content-Type-Options"))
				assert.Empty(t, got.Header.Get("Connection"))
				assert.Empty(t, s.Log())
			})
		})
	}
}

func TestHeaders_neighbors(t *testing.T) {
	t.Parallel()
	kittest.CheckHeaders(t, stream.Auto[int]{Seq: of(1)}, func() *http.Request { return newRequest("") })
}

// TestHead holds that the sequence is not started, and that the header is that
// of GET.
func TestHead(t *testing.T) {
	t.Parallel()
	never := func(func(int, error) bool) { t.Error("the sequence of a HEAD was started") }
	closed := kittest.BrokenReader("", errors.New("read"))
	longBody := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		stream.Body{Reader: io.LimitReader(endless{}, 1<<20)}.ServeHTTP(w, r)
	})
	for name, pair := range map[string]struct{ head, get http.Handler }{
		"sse":    {stream.SSE[int]{Seq: never}, stream.SSE[int]{Seq: of(1)}},
		"ndjson": {stream.NDJSON[int]{Seq: never}, stream.NDJSON[int]{Seq: of(1)}},
		"auto":   {stream.Auto[int]{Seq: never}, stream.Auto[int]{Seq: of(1)}},
		"body":   {stream.Body{Reader: closed}, longBody},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodHead {
					pair.head.ServeHTTP(w, r)
					return
				}
				pair.get.ServeHTTP(w, r)
			})
			kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				head, get := s.Do(t, http.MethodHead, "/", nil, nil), s.Get(t, "/")
				assert.Equal(t, http.StatusOK, head.StatusCode)
				head.Header.Del("Date")
				get.Header.Del("Date")
				assert.Equal(t, get.Header, head.Header)
				assert.Equal(t, int64(-1), head.ContentLength)
			})
		})
	}
	t.Cleanup(func() { assert.True(t, closed.Closed()) })
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

// TestAsOut returns streams from typed handlers, inside of wrappers too.
func TestAsOut(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.Handle("/sse", tenon.Handle(func(context.Context, tenon.None) (stream.SSE[row], error) {
		return stream.SSE[row]{Seq: of(rows...)}, nil
	}))
	mux.Handle("/text", tenon.Handle(func(context.Context, tenon.None) (*stream.Text, error) {
		return &stream.Text{Seq: of("pointer")}, nil
	}))
	mux.Handle("/wrapped", tenon.Handle(func(context.Context, tenon.None) (respond.Response[stream.Array[int]], error) {
		return respond.Status(http.StatusAccepted, stream.Array[int]{Seq: of(1, 2)}).
			WithHeader("Link", "</a>").WithHeader("Link", "</b>").WithHeader("Content-Type", "application/vnd.x+json").
			WithHeader("Cache-Control", "no-store").WithCookie(&http.Cookie{Name: "a", Value: "1"}), nil
	}))
	kittest.Serve(t, mux, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		assert.Equal(t, "text/event-stream", s.Get(t, "/sse").Header.Get("Content-Type"))
		assert.Equal(t, "pointer", s.Get(t, "/text").Text)
		got := s.Get(t, "/wrapped")
		assert.Equal(t, http.StatusAccepted, got.StatusCode)
		assert.Equal(t, "[1,2]", got.Text)
		assert.Equal(t, []string{"</a>", "</b>"}, got.Header.Values("Link"))
		assert.Equal(t, []string{"application/vnd.x+json"}, got.Header.Values("Content-Type"))
		assert.Equal(t, []string{"no-store"}, got.Header.Values("Cache-Control"))
		assert.Equal(t, "a=1", got.Header.Get("Set-Cookie"))
	})
	require.NotPanics(t, func() { respond.For[stream.Auto[row]]() })
}

// TestContentLength holds that a length set by the caller is kept.
func TestContentLength(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", r.URL.RawQuery)
		stream.Text{Seq: of("ab", "cd")}.ServeHTTP(w, r)
	})
	t.Cleanup(func() { assert.NotEmpty(t, logged.about("/long")) })
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		got := s.Get(t, "/?4")
		assert.Equal(t, int64(4), got.ContentLength)
		assert.Equal(t, "abcd", got.Text)
		_, err := s.TryDo(http.MethodGet, "/?5", nil, nil)
		require.Error(t, err, "a body that is too short is broken off")
		// One that is too long is, too, and not in silence.
		_, err = s.TryDo(http.MethodGet, "/long?3", nil, nil)
		require.Error(t, err)
	})
}

// TestBody_again holds that a reader which was closed with the first response
// does not make the second one empty, but a failure.
func TestBody_again(t *testing.T) {
	t.Parallel()
	file, err := os.Open("doc.go")
	require.NoError(t, err)
	h := stream.Body{Reader: file}
	kittest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r) }),
		func(t *testing.T, s *kittest.Server) {
			t.Helper()
			got := s.Get(t, "/")
			if got.StatusCode == http.StatusOK {
				assert.Contains(t, got.Text, "package stream")
				got = s.Get(t, "/")
			}
			assert.Equal(t, http.StatusInternalServerError, got.StatusCode)
		})
}
