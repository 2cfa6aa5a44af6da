package middleware_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
	"github.com/tenonkit/tenon/respond"
)

// logged returns a logger and what reads the records it has written.
func logged(t *testing.T) (logger *slog.Logger, records func() []map[string]any) {
	t.Helper()
	var text bytes.Buffer
	return slog.New(slog.NewJSONHandler(&text, nil)), func() []map[string]any {
		var list []map[string]any
		for line := range strings.Lines(text.String()) {
			record := map[string]any{}
			require.NoError(t, json.Unmarshal([]byte(line), &record))
			list = append(list, record)
		}
		return list
	}
}

func TestRecover_values(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fn   func()
		text string
	}{
		"string":        {func() { panic("boom") }, "panic: boom\n"},
		"error":         {func() { panic(errors.New("broken")) }, "panic: broken\n"},
		"nil":           {func() { panic(nil) }, "panic called with nil argument"}, //nolint:govet // a nil panic is the case
		"runtime error": {func() { _ = []int{}[len(t.Name())] }, "panic: runtime error: index out of range [18] with length 0\n"},
		"uncomparable":  {func() { panic([]int{1}) }, "panic: [1]\n"},
		"public error":  {func() { panic(respond.NewProblem(404, "secret")) }, "panic: 404 Not Found: secret\n"},
		"redirect":      {func() { panic(respond.Found("/elsewhere")) }, "panic: "},
		"wrapped abort": {func() { panic(fmt.Errorf("why: %w", http.ErrAbortHandler)) }, "panic: why: net/http: abort Handler\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			logger, records := logged(t)
			h := middleware.AccessLog(logger)(middleware.Recover()(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { tc.fn() })))
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
			assert.Equal(t, 500, w.Code)
			assert.JSONEq(t, `{"type":"about:blank","title":"Internal Server Error","status":500}`, w.Body.String())
			require.Len(t, records(), 1)
			record := records()[0]
			assert.InDelta(t, 500, record["status"], 0)
			assert.Equal(t, "ERROR", record["level"])
			assert.Contains(t, record["error"], tc.text)
			assert.Contains(t, record["error"], "recover_test.go", "the stack shows where")
			assert.NotContains(t, record, "aborted")
		})
	}
}

func TestRecover_header(t *testing.T) {
	t.Parallel()
	for sent, kept := range map[string]string{"public, max-age=31536000": "", "private, no-store": "private, no-store"} {
		h := middleware.Recover()(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for name, value := range map[string]string{
				"Cache-Control": sent, "Etag": `"a"`, "Last-Modified": "x", "Content-Length": "5", "Content-Encoding": "gzip",
				"Content-Disposition": "attachment", "Set-Cookie": "a=b", "Vary": "Origin", "Access-Control-Allow-Origin": "*",
			} {
				w.Header().Set(name, value)
			}
			panic("boom")
		}))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		assert.Equal(t, kept, w.Header().Get("Cache-Control"))
		for _, name := range []string{"Etag", "Last-Modified", "Content-Encoding", "Content-Disposition"} {
			assert.Empty(t, w.Header()[name], name)
		}
		for _, name := range []string{"Set-Cookie", "Vary", "Access-Control-Allow-Origin"} {
			assert.NotEmpty(t, w.Header()[name], name)
		}
	}
}

// A handler that exits its goroutine, as a test does by FailNow, is let go.
func TestRecover_goexit(t *testing.T) {
	t.Parallel()
	ended := make(chan int)
	go func() {
		w := httptest.NewRecorder()
		defer func() { ended <- w.Body.Len() }()
		middleware.Recover()(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { runtime.Goexit() })).
			ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	}()
	assert.Zero(t, <-ended)
}

// What is held back by middleware further out is dropped, and the failure
// answered.
func TestRecover_insideOfLayers(t *testing.T) {
	for name, layer := range map[string]func(http.Handler) http.Handler{"ETag": middleware.ETag(), "compress": compress.New()} {
		h := layer(middleware.Recover()(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			_, _ = io.WriteString(w, "held back")
			panic("boom")
		})))
		t.Run(name, func(t *testing.T) {
			kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				got := s.Do(t, http.MethodGet, "/", nil, acceptGzip)
				assert.Equal(t, 500, got.StatusCode)
				assert.JSONEq(t, `{"type":"about:blank","title":"Internal Server Error","status":500}`, got.Text)
			})
		})
	}
}

func TestRecover_afterHijack(t *testing.T) {
	t.Parallel()
	logger, records := logged(t)
	done := make(chan struct{})
	h := middleware.AccessLog(logger)(middleware.Recover()(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		conn, buf, err := http.NewResponseController(w).Hijack()
		if !assert.NoError(t, err) {
			return
		}
		defer conn.Close()
		_, _ = buf.WriteString("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nraw")
		_ = buf.Flush()
		panic("boom")
	})))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer close(done)
		h.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	got, err := server.Client().Get(server.URL)
	require.NoError(t, err)
	text, err := io.ReadAll(got.Body)
	require.NoError(t, err)
	assert.Equal(t, "raw", string(text))
	<-done
	require.Len(t, records(), 1)
	assert.Contains(t, records()[0]["error"], "panic: boom")
	assert.Equal(t, true, records()[0]["hijacked"])
	assert.InDelta(t, 101, records()[0]["status"], 0)
}

func TestRecover_allocs(t *testing.T) {
	var sink kittest.Sink
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	h := middleware.Recover()(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	kittest.Allocs(t, 1, func() { sink.Reset(); h.ServeHTTP(&sink, r) })
}

func ExampleRecover() {
	h := middleware.Recover()(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic("a bug")
	}))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/articles/7", nil))
	fmt.Println(w.Code, w.Body)
	// Output: 500 {"type":"about:blank","title":"Internal Server Error","status":500}
}
