package idempotency_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware/idempotency"
)

// TestNew_lateTrailers sends trailers that nobody has announced.
func TestNew_lateTrailers(t *testing.T) {
	t.Parallel()
	h := idempotency.New(idempotency.NewMemory(0), everybody)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "text")
		w.Header().Set(http.TrailerPrefix+"X-Sum", "4")
	}))
	kittest.Serve(t, h, func(t *testing.T, server *kittest.Server) {
		t.Helper()
		first := server.Do(t, http.MethodPost, pathOf(t), strings.NewReader("a"), keyed(key))
		assert.Equal(t, http.Header{"X-Sum": {"4"}}, first.Trailer)
	})
}

// TestNew_suppressed replays an answer without the fields that its handler has kept
// net/http from setting.
func TestNew_suppressed(t *testing.T) {
	t.Parallel()
	h := idempotency.New(idempotency.NewMemory(0), everybody)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = nil
		w.Header()["Date"] = []string{}
		_, _ = io.WriteString(w, "text")
	}))
	kittest.Serve(t, h, func(t *testing.T, server *kittest.Server) {
		t.Helper()
		for _, replayed := range []string{"", "true"} {
			answer := server.Do(t, http.MethodPost, pathOf(t), strings.NewReader("a"), keyed(key))
			assert.Equal(t, replayed, answer.Header.Get("Idempotency-Replayed"))
			assert.NotContains(t, answer.Header, "Content-Type")
			assert.NotContains(t, answer.Header, "Date")
		}
	})
}

// TestNew_tooMuch keeps an answer that is whole, though its handler has tried to write
// more than the Content-Length.
func TestNew_tooMuch(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(io.Writer, string) error{
		"Write":       func(w io.Writer, s string) error { _, err := w.Write([]byte(s)); return err },
		"WriteString": func(w io.Writer, s string) error { _, err := io.WriteString(w, s); return err },
		"ReadFrom":    func(w io.Writer, s string) error { _, err := io.Copy(w, onlyReader{strings.NewReader(s)}); return err },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &service{do: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Length", "4")
				assert.NoError(t, write(w, "text"))
				assert.ErrorIs(t, write(w, "more"), http.ErrContentLength)
			}}
			h := idempotency.New(idempotency.NewMemory(0), everybody)(s)
			for range 2 {
				w := send(t.Context(), h, http.MethodPost, "/", "a", keyed(key))
				assert.Equal(t, "text", w.Body.String())
			}
			assert.Equal(t, 1, s.ran())
		})
	}
}

type onlyReader struct{ io.Reader }
