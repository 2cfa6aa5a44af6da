package middleware_test

import (
	"io"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/justinas/alice"

	"github.com/tenonkit/tenon/internal/conformance"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
)

// The constructors are what alice and chi take, without a conversion.
var (
	_ = []alice.Constructor{
		middleware.Recover(), middleware.RequestID(), middleware.AccessLog(nil), middleware.Timeout(1), middleware.RouterErrors(),
		middleware.BodyLimit(0), middleware.ETag(), middleware.Headers(nil), middleware.Secure(), middleware.NoStore(),
		middleware.TrailingSlash(), middleware.BasicAuth("", anybody), compress.New(),
	}
	_ = func(r chi.Router) {
		r.Use(middleware.Recover(), middleware.RequestID(), middleware.AccessLog(nil), middleware.Timeout(1), middleware.RouterErrors(),
			middleware.BodyLimit(0), middleware.ETag(), middleware.Headers(nil), middleware.Secure(), middleware.NoStore(),
			middleware.TrailingSlash(), middleware.BasicAuth("", anybody), compress.New())
	}
)

var acceptGzip = http.Header{"Accept-Encoding": {"gzip"}}

func anybody(string, string) bool { return true }

func chain() func(http.Handler) http.Handler { return conformance.Chain() }

// discard is a logger that is enabled and writes nowhere.
func discard() *slog.Logger { return slog.New(slog.NewJSONHandler(io.Discard, nil)) }

// wait fails t if ch is not closed in time.
func wait(t *testing.T, ch <-chan struct{}, what string) {
	t.Helper()
	select {
	case <-ch:
	case <-time.After(kittest.Patience):
		t.Error(what)
	}
}

func TestConformance(t *testing.T) {
	t.Parallel()
	conformance.Run(t, kittest.Serve)
}

// TestConformance_neighbors sends what needs no ability through the middleware
// behind neighbors that have none.
func TestConformance_neighbors(t *testing.T) {
	t.Parallel()
	conformance.RunContents(t, kittest.ServeBehind)
}
