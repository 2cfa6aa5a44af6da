package benchmarks_test

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/justinas/alice"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
)

// takesAll is a slog handler that is enabled and throws its records away.
type takesAll struct{ slog.Handler }

func (takesAll) Enabled(context.Context, slog.Level) bool { return true }

// BenchmarkChain serves 200 bytes through the chain of a common service, by=tenon,
// and without one, by=bare; what differs is the price of the chain. The client
// takes no compression. log=discard is a logger that makes nothing of its records,
// log=json one that writes JSON to nowhere.
func BenchmarkChain(b *testing.B) {
	text := strings.Repeat("x", 200)
	bare := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, text)
	})
	for _, bench := range []struct {
		name string
		h    http.Handler
	}{
		{"by=bare", bare},
		{"by=tenon/log=discard", chainTo(takesAll{slog.DiscardHandler}, bare)},
		{"by=tenon/log=json", chainTo(slog.NewJSONHandler(io.Discard, nil), bare)},
	} {
		b.Run(bench.name, func(b *testing.B) {
			r := httptest.NewRequest(http.MethodGet, "/articles/7", nil)
			var sink kittest.Sink
			b.ReportAllocs()
			for b.Loop() {
				sink.Reset()
				bench.h.ServeHTTP(&sink, r)
			}
		})
	}
}

func chainTo(log slog.Handler, h http.Handler) http.Handler {
	return alice.New(
		middleware.RequestID(), middleware.AccessLog(slog.New(log)), middleware.Recover(), middleware.Secure(),
		middleware.BodyLimit(1<<20), compress.New(),
	).Then(h)
}
