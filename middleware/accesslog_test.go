package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
	"github.com/tenonkit/tenon/respond"
)

// record serves one request and returns what AccessLog has written of it.
func record(t *testing.T, h http.Handler, w http.ResponseWriter, r *http.Request, opts ...middleware.AccessLogOption) map[string]any {
	t.Helper()
	logger, records := logged(t)
	func() {
		defer func() { _ = recover() }()
		middleware.AccessLog(logger, opts...)(h).ServeHTTP(w, r)
	}()
	require.Len(t, records(), 1)
	got := records()[0]
	assert.Positive(t, got["duration"])
	for _, name := range []string{"duration", "time", "remote"} {
		delete(got, name)
	}
	for name, value := range got {
		if number, ok := value.(float64); ok {
			got[name] = int(number)
		}
	}
	return got
}

type fields = map[string]any

func TestAccessLog_record(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	serve := map[string]http.HandlerFunc{
		"/text":    func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "text") },
		"/nothing": func(http.ResponseWriter, *http.Request) {},
		"/hints": func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusTeapot)
		},
		"/empty": func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) },
		"/fails": func(w http.ResponseWriter, r *http.Request) { respond.Error(w, r, errors.New("down")) },
		"/abort": func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"/late": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.WriteString(w, "begun")
			respond.Error(w, r, errors.New("down"))
		},
		"/panic":   func(http.ResponseWriter, *http.Request) { panic("boom") },
		"/changes": func(_ http.ResponseWriter, r *http.Request) { r.URL.Path, r.Method = "/other", "PATCH" },
		"/{rest}":  func(http.ResponseWriter, *http.Request) {},
	}
	for path, h := range serve {
		mux.HandleFunc(path, h)
	}
	for _, tc := range []struct {
		method, path string
		want         fields
	}{
		{"GET", "/text", fields{"path": "/text", "pattern": "/text", "status": 200, "bytes": 4}},
		{"HEAD", "/text", fields{"path": "/text", "pattern": "/text", "status": 200, "bytes": 0}},
		{"GET", "/nothing", fields{"path": "/nothing", "pattern": "/nothing", "status": 200, "bytes": 0}},
		{"GET", "/hints", fields{"path": "/hints", "pattern": "/hints", "status": 418, "bytes": 0}},
		{"GET", "/empty", fields{"path": "/empty", "pattern": "/empty", "status": 204, "bytes": 0}},
		{"GET", "/fails", fields{"path": "/fails", "pattern": "/fails", "status": 500, "bytes": 67, "level": "ERROR", "error": "down"}},
		{"GET", "/abort", fields{"path": "/abort", "pattern": "/abort", "status": 0, "bytes": 0, "aborted": true}},
		{"GET", "/late", fields{"path": "/late", "pattern": "/late", "status": 200, "bytes": 5, "aborted": true, "level": "ERROR", "error": "down"}},
		{"GET", "/panic", fields{"path": "/panic", "pattern": "/panic", "status": 0, "bytes": 0, "aborted": true}},
		{"GET", "/changes", fields{"path": "/changes", "pattern": "/changes", "status": 200, "bytes": 0}},
		{"GET", "/a%20b%0Ac", fields{"path": "/a b\nc", "pattern": "/{rest}", "status": 200, "bytes": 0}},
		{"GET", "/a/b", fields{"path": "/a/b", "status": 404, "bytes": 19}},
	} {
		got := record(t, mux, httptest.NewRecorder(), httptest.NewRequest(tc.method, tc.path, nil))
		tc.want["msg"], tc.want["method"] = "request", tc.method
		if tc.want["level"] == nil {
			tc.want["level"] = "INFO"
		}
		assert.Equal(t, tc.want, got, "%s %s", tc.method, tc.path)
	}
}

// A client that leaves before there is a status is nobody's 200.
func TestAccessLog_clientLeft(t *testing.T) {
	t.Parallel()
	ctx, leave := context.WithCancel(t.Context())
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		leave()
		respond.Error(w, r, r.Context().Err())
	})
	got := record(t, h, httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx))
	assert.Equal(t, fields{"msg": "request", "level": "INFO", "method": "GET", "path": "/", "status": 499, "bytes": 0, "aborted": true}, got)
}

type brokenWriter struct{ http.ResponseWriter }

func (brokenWriter) Write([]byte) (int, error) { return 0, os.ErrDeadlineExceeded }

func TestAccessLog_brokenConnection(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "text") })
	got := record(t, h, brokenWriter{httptest.NewRecorder()}, httptest.NewRequest(http.MethodGet, "/", nil))
	assert.Equal(t, true, got["aborted"])
	assert.Equal(t, 0, got["bytes"])
}

func TestAccessLog_requestID(t *testing.T) {
	t.Parallel()
	trust := middleware.RequestID(middleware.RequestIDTrustInbound())
	h := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	request := func() *http.Request {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("X-Request-Id", "one")
		return r
	}
	assert.Equal(t, "one", record(t, trust(h), httptest.NewRecorder(), request())["request_id"], "further in")
	logger, records := logged(t)
	trust(middleware.AccessLog(logger)(h)).ServeHTTP(httptest.NewRecorder(), request())
	assert.Equal(t, "one", records()[0]["request_id"], "further out")
}

// The pattern is seen wherever the request is cloned on the way.
func TestAccessLog_pattern(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /a/{id}", func(http.ResponseWriter, *http.Request) {})
	type key struct{}
	clones := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, 1)))
		})
	}
	router := chi.NewRouter()
	tenon.Routes{tenon.On("GET", "/a/{id}", http.NotFoundHandler())}.Mount(router)
	plain := chi.NewRouter()
	plain.Use(middleware.RouterErrors())
	plain.Get("/a/{id}", func(http.ResponseWriter, *http.Request) {})
	for name, tc := range map[string]struct {
		h    http.Handler
		want string
	}{
		"chain":            {chain()(mux), "GET /a/{id}"},
		"tenon on chi":     {middleware.RouterErrors()(router), "GET /a/{id}"},
		"chi":              {plain, "/a/{id}"},
		"somebody's clone": {clones(middleware.RouterErrors()(mux)), "GET /a/{id}"},
	} {
		got := record(t, tc.h, httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/a/1", nil))
		assert.Equal(t, tc.want, got["pattern"], name)
	}
}

func TestAccessLog_remote(t *testing.T) {
	t.Parallel()
	for want, address := range map[string]func(*http.Request) string{
		"203.0.113.9": func(r *http.Request) string { return r.Header.Get("X-Real-Ip") },
		"":            func(*http.Request) string { return "" },
	} {
		logger, records := logged(t)
		h := middleware.AccessLog(logger, middleware.AccessLogOption{}, middleware.AccessLogRemote(address))(http.NotFoundHandler())
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("X-Real-Ip", "203.0.113.9")
		h.ServeHTTP(httptest.NewRecorder(), r)
		got, _ := records()[0]["remote"].(string)
		assert.Equal(t, want, got)
	}
	assert.PanicsWithValue(t, "middleware: AccessLog: AccessLogRemote has a nil function: pass one that returns the address of the client",
		func() { middleware.AccessLog(nil, middleware.AccessLogRemote(nil)) })
}

// Inside of compress it counts what the handler wrote, outside what was sent.
func TestAccessLog_bytes(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		_, _ = io.WriteString(w, strings.Repeat("a", 10_000))
	})
	inside, records := logged(t)
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	outside := record(t, compress.New()(middleware.AccessLog(inside)(h)), w, r)
	assert.InDelta(t, 10_000, records()[0]["bytes"], 0)
	assert.Equal(t, w.Body.Len(), outside["bytes"])
	assert.Less(t, w.Body.Len(), 1000)
}

// leveled is a handler that is enabled from a level on.
type leveled struct {
	slog.Handler

	level slog.Level
}

func (h leveled) Enabled(_ context.Context, level slog.Level) bool { return level >= h.level }

func TestAccessLog_levels(t *testing.T) {
	t.Parallel()
	for level, want := range map[slog.Level]int{slog.LevelInfo: 2, slog.LevelError: 1, slog.LevelError + 1: 0} {
		var text strings.Builder
		logger := slog.New(leveled{slog.NewTextHandler(&text, nil), level})
		for _, status := range []int{200, 503} {
			h := middleware.AccessLog(logger)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
		}
		assert.Equal(t, want, strings.Count(text.String(), "\n"), level)
	}
}

func TestAccessLog_allocs(t *testing.T) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	h := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	var sink kittest.Sink
	for _, tc := range []struct {
		name   string
		logger *slog.Logger
		budget float64
	}{
		{"disabled", slog.New(slog.DiscardHandler), 0},
		{"enabled", discard(), 2}, // the writer, and the attributes beyond five
	} {
		t.Run(tc.name, func(t *testing.T) {
			logs := middleware.AccessLog(tc.logger)(h)
			kittest.Allocs(t, tc.budget, func() { sink.Reset(); logs.ServeHTTP(&sink, r) })
		})
	}
}

func ExampleAccessLog() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == slog.TimeKey || a.Key == "duration" {
			return slog.Attr{} // they differ from run to run
		}
		return a
	}}))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /articles/{id}", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "an article") })
	h := middleware.AccessLog(logger)(mux)
	h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/articles/7", nil))
	// Output:
	// level=INFO msg=request method=GET path=/articles/7 pattern="GET /articles/{id}" status=200 bytes=10 remote=192.0.2.1:1234
}

func ExampleAccessLogRemote() {
	logger := slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		if a.Key != "remote" {
			return slog.Attr{}
		}
		return a
	}}))
	fromProxy := func(r *http.Request) string { return r.Header.Get("X-Real-Ip") } // the only way in is a proxy that sets it
	h := middleware.AccessLog(logger, middleware.AccessLogRemote(fromProxy))(http.NotFoundHandler())
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Real-Ip", "203.0.113.9")
	h.ServeHTTP(httptest.NewRecorder(), r)
	// Output: remote=203.0.113.9
}
