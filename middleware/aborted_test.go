package middleware_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
	"github.com/tenonkit/tenon/stream"
)

// sentRecords hands every record to whoever waits for it.
type sentRecords chan map[string]string

func (sentRecords) Enabled(context.Context, slog.Level) bool { return true }
func (s sentRecords) WithAttrs([]slog.Attr) slog.Handler     { return s }
func (s sentRecords) WithGroup(string) slog.Handler          { return s }
func (s sentRecords) Handle(_ context.Context, r slog.Record) error {
	fields := map[string]string{"level": r.Level.String(), "msg": r.Message}
	r.Attrs(func(a slog.Attr) bool {
		fields[a.Key] = a.Value.String()
		return true
	})
	s <- fields
	return nil
}

func (s sentRecords) next(t *testing.T) map[string]string {
	t.Helper()
	return kittest.Await(t, s, "no record")
}

// An ending is how an exchange ends, and what its record says.
type ending struct {
	handler http.HandlerFunc
	leaves  int // the client, once it has so many bytes, unless 0
	aborted bool
	cause   string // in the record; then its level is ERROR
}

var errDown = errors.New("down")

// numbers yields one number, and then waits for the client to leave or fails.
func numbers(r *http.Request, err error) iter.Seq2[int, error] {
	return func(yield func(int, error) bool) {
		if !yield(1, nil) {
			return
		}
		if err != nil {
			yield(0, err)
			return
		}
		<-r.Context().Done()
	}
}

// endless yields numbers for as long as they are wanted.
func endless(yield func(int, error) bool) {
	for i := 0; yield(i, nil); i++ {
	}
}

func endings(t *testing.T) map[string]ending {
	t.Helper()
	shrinks := filepath.Join(t.TempDir(), "shrinks.bin")
	const size = 64 << 20
	waits := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("x", 5000))
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	}
	text := strings.Repeat("text ", 1000)
	return map[string]ending{
		"whole":                {handler: func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) }},
		"nothing":              {handler: func(http.ResponseWriter, *http.Request) {}},
		"whole, with a length": {handler: withLength(len(text), text)},
		"longer than its length": {handler: func(w http.ResponseWriter, r *http.Request) {
			withLength(5, "whole")(w, r)
			_ = http.NewResponseController(w).Flush()
			_, _ = io.WriteString(w, "more") // is refused
		}},
		"longer at once":          {handler: withLength(1, text), aborted: true},
		"shorter than its length": {handler: withLength(len(text)+1, text), aborted: true},
		"nothing of its length":   {handler: withLength(10, ""), aborted: true},
		"client leaves":           {handler: waits, leaves: 1, aborted: true},
		"client leaves a part": {handler: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "6000")
			waits(w, r)
		}, leaves: 1, aborted: true},
		"client leaves with all it was to get": {handler: func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "5000")
			waits(w, r)
		}, leaves: 5000},
		"client leaves NDJSON": {handler: func(w http.ResponseWriter, r *http.Request) {
			stream.NDJSON[int]{Seq: numbers(r, nil)}.ServeHTTP(w, r)
		}, leaves: 1, aborted: true},
		"client leaves an array, by Serve": {handler: func(w http.ResponseWriter, r *http.Request) {
			assert.Error(t, stream.Array[int]{Seq: numbers(r, nil)}.Serve(w, r))
		}, leaves: 1, aborted: true},
		"client leaves events": {handler: func(w http.ResponseWriter, r *http.Request) {
			stream.SSE[int]{Seq: numbers(r, nil)}.ServeHTTP(w, r)
		}, leaves: 1},
		"client leaves events that follow each other": {handler: func(w http.ResponseWriter, r *http.Request) {
			stream.SSE[int]{Seq: endless}.ServeHTTP(w, r)
		}, leaves: 100},
		"array that fails": {handler: func(w http.ResponseWriter, r *http.Request) {
			stream.Array[int]{Seq: numbers(r, errDown), Options: stream.Options{Flush: stream.EachItem}}.ServeHTTP(w, r)
		}, aborted: true, cause: "down"},
		"array that fails, by Serve": {handler: func(w http.ResponseWriter, r *http.Request) {
			assert.ErrorIs(t, stream.Array[int]{Seq: numbers(r, errDown), Options: stream.Options{Flush: stream.EachItem}}.Serve(w, r), errDown)
		}, aborted: true},
		"compressed, from a reader that fails": {handler: compress.New()(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain")
			_, _ = io.Copy(w, struct{ io.Reader }{kittest.BrokenReader(text, errDown)})
		})).ServeHTTP, aborted: true, cause: "down"},
		"compressed, shorter than its length": {
			handler: compress.New()(withLength(len(text)+1, text)).ServeHTTP,
			aborted: true, cause: "compress: 5000 bytes written, Content-Length is 5001",
		},
		"compressed, client leaves": {handler: compress.New()(http.HandlerFunc(waits)).ServeHTTP, leaves: 1, aborted: true},
		"file that shrinks": {handler: func(w http.ResponseWriter, r *http.Request) {
			assert.NoError(t, os.WriteFile(shrinks, nil, 0o600))
			assert.NoError(t, os.Truncate(shrinks, size))
			fileserve.File{Path: shrinks}.ServeHTTP(&shrinkingWriter{w, shrinks}, r)
		}, aborted: true, cause: "fileserve: the file has become shorter while it was sent"},
	}
}

// withLength sends body with another Content-Length.
func withLength(length int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Set("Content-Length", strconv.Itoa(length))
		_, _ = io.WriteString(w, body)
	}
}

// shrinkingWriter cuts the file when its transfer begins.
type shrinkingWriter struct {
	http.ResponseWriter

	path string
}

func (w *shrinkingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *shrinkingWriter) ReadFrom(src io.Reader) (int64, error) {
	if err := os.Truncate(w.path, 1000); err != nil {
		return 0, err
	}
	return io.Copy(w.ResponseWriter, src)
}

// TestAccessLog_aborted holds that the record says so wherever the client did not
// get all, and why, and that nothing is logged beside it.
func TestAccessLog_aborted(t *testing.T) {
	previous, beside := slog.Default(), make(sentRecords, 100)
	slog.SetDefault(slog.New(beside)) // the test is not parallel
	defer slog.SetDefault(previous)
	for name, tc := range endings(t) {
		records := make(sentRecords, 10)
		h := middleware.AccessLog(slog.New(records))(tc.handler)
		kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
			t.Helper()
			exchange(t, s, tc.leaves)
			got := records.next(t)
			assert.Equal(t, "200", got["status"], name)
			assert.Equal(t, tc.aborted, got["aborted"] == "true", "%s: %v", name, got)
			assert.Equal(t, tc.cause, got["error"], name)
			level := "INFO"
			if tc.cause != "" {
				level = "ERROR"
			}
			assert.Equal(t, level, got["level"], name)
		})
	}
	assert.Empty(t, beside)
}

// exchange reads the answer to its end, or leaves earlier.
func exchange(t *testing.T, s *kittest.Server, leaves int) {
	t.Helper()
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL, nil)
	require.NoError(t, err)
	r.Header.Set("Accept-Encoding", "gzip")
	got, err := s.Client.Do(r)
	if err != nil {
		return // what is broken off early brings no answer
	}
	defer s.Client.CloseIdleConnections() // a body that is read leaves the connection open
	defer got.Body.Close()
	if leaves > 0 {
		_, err = io.ReadFull(got.Body, make([]byte, leaves))
		require.NoError(t, err)
		return
	}
	_, _ = io.Copy(io.Discard, got.Body)
}
