package middleware_test

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/justinas/alice"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/conformance"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
	"github.com/tenonkit/tenon/respond"
)

// TestChain_sendfile sends a large file through the whole chain and looks at the
// system calls: the kernel has to copy it, for a client that takes gzip as well.
func TestChain_sendfile(t *testing.T) {
	const size = 100 << 20
	trace, ok := kittest.Strace(t, "sendfile", func() {
		path := filepath.Join(t.TempDir(), "film.mp4")
		require.NoError(t, os.WriteFile(path, nil, 0o600))
		require.NoError(t, os.Truncate(path, size))
		server := httptest.NewServer(chain()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, path) })))
		defer server.Close()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
		require.NoError(t, err)
		r.Header.Set("Accept-Encoding", "gzip")
		response, err := server.Client().Do(r)
		require.NoError(t, err)
		n, err := io.Copy(io.Discard, response.Body)
		require.NoError(t, err)
		require.NoError(t, response.Body.Close())
		assert.EqualValues(t, size, n)
	})
	if !ok {
		return
	}
	var sent int
	for _, call := range regexp.MustCompile(`(?m)(?:sendfile\([^=]*|<\.\.\. sendfile resumed>[^=]*)= (\d+)$`).FindAllStringSubmatch(trace, -1) {
		n, err := strconv.Atoi(call[1])
		require.NoError(t, err)
		sent += n
	}
	assert.GreaterOrEqual(t, sent, size-512, "all but what net/http reads to guess the type")
}

// TestChain_bodyLimit reads past the limit behind the whole chain by so little that
// net/http would keep the connection, if it were not told.
func TestChain_bodyLimit(t *testing.T) {
	t.Parallel()
	h := chain()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		respond.Error(w, r, err)
	}))
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		chunked := struct{ io.Reader }{strings.NewReader(strings.Repeat("x", 1<<20+10))}
		got := s.Do(t, http.MethodPost, "/", chunked, nil)
		assert.Equal(t, 413, got.StatusCode)
		assert.Equal(t, s.Proto == "HTTP/1.1", got.Close)
	})
}

// TestChain_emptyWrite holds that what has written nothing has begun nothing, behind
// every middleware that has a writer of its own.
func TestChain_emptyWrite(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = w.Write(nil)
		_, _ = io.WriteString(w, "")
		_, _ = io.Copy(w, strings.NewReader(""))
		respond.Error(w, r, respond.NewProblem(http.StatusConflict, ""))
	})
	for _, m := range conformance.Members() {
		if slices.Contains([]string{"BodyLimit", "BasicAuth", "TrailingSlash", "UseErrorHandler", "Drain", "Requests", "Requests in gzip"}, m.Name) {
			continue // net/http itself has begun then
		}
		kittest.Serve(t, m.Wrap(h), func(t *testing.T, s *kittest.Server) {
			t.Helper()
			method := http.MethodGet
			if m.Posts {
				method = http.MethodPost
			}
			got := s.Do(t, method, "/", nil, http.Header{"Idempotency-Key": {rand.Text()}})
			assert.Equal(t, http.StatusConflict, got.StatusCode, m.Name)
			assert.JSONEq(t, `{"type":"about:blank","title":"Conflict","status":409}`, got.Text, m.Name)
			assert.Empty(t, s.Log(), m.Name)
		})
	}
}

// enabled is a slog handler that takes every record and throws it away.
type enabled struct{ slog.Handler }

func (enabled) Enabled(context.Context, slog.Level) bool { return true }

// TestChain_allocs holds the chain of a common service to five allocations of its own.
func TestChain_allocs(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, strings.Repeat("x", 200))
	})
	all := alice.New(
		middleware.RequestID(), middleware.AccessLog(slog.New(enabled{slog.DiscardHandler})), middleware.Recover(), middleware.Secure(),
		middleware.BodyLimit(1<<20), compress.New(),
	).Then(h)
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	var sink kittest.Sink
	bare := testing.AllocsPerRun(200, func() { sink.Reset(); h.ServeHTTP(&sink, r) })
	kittest.Allocs(t, bare+5, func() { sink.Reset(); all.ServeHTTP(&sink, r) })
}
