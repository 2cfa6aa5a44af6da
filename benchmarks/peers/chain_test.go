package peers_test

import (
	"context"
	"io"
	"log"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	chimiddleware "github.com/go-chi/chi/v5/middleware"
	"github.com/gorilla/handlers"
	"github.com/justinas/alice"
	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
)

// chainText is what every chain sends: 200 bytes that the client does not want
// compressed.
var chainText = strings.Repeat("x", 200)

func chainHandler(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, chainText)
}

// takesAll is a slog handler that is enabled and throws its records away.
type takesAll struct{ slog.Handler }

func (takesAll) Enabled(context.Context, slog.Level) bool { return true }

// discardEntry is chi's way to make nothing of a log entry.
type discardEntry struct{}

func (discardEntry) NewLogEntry(*http.Request) chimiddleware.LogEntry { return discardEntry{} }
func (discardEntry) Write(int, int, http.Header, time.Duration, any)  {}
func (discardEntry) Panic(any, []byte)                                {}

// chains are those of a common service: request ID, access log, recoverer, body
// limit and compression, as far as each library has them. Chi and gorilla have
// nothing like Secure, and gorilla neither a request ID nor a body limit. In log=text
// each writes its own line to nowhere, in log=discard nobody does.
func chains() map[string]http.Handler {
	h := http.HandlerFunc(chainHandler)
	tenon := func(log slog.Handler) http.Handler {
		return alice.New(middleware.RequestID(), middleware.AccessLog(slog.New(log)), middleware.Recover(), middleware.Secure(),
			middleware.BodyLimit(1<<20), compress.New()).Then(h)
	}
	chi := func(log chimiddleware.LogFormatter) http.Handler {
		return alice.New(chimiddleware.RequestID, chimiddleware.RequestLogger(log), chimiddleware.Recoverer,
			chimiddleware.RequestSize(1<<20), chimiddleware.Compress(5)).Then(h)
	}
	line := &chimiddleware.DefaultLogFormatter{Logger: log.New(io.Discard, "", log.LstdFlags), NoColor: true}
	return map[string]http.Handler{
		"log=discard/by=tenon": tenon(takesAll{slog.DiscardHandler}),
		"log=discard/by=chi":   chi(discardEntry{}),
		"log=text/by=tenon":    tenon(slog.NewTextHandler(io.Discard, nil)),
		"log=text/by=chi":      chi(line),
		"log=text/by=gorilla": alice.New(func(next http.Handler) http.Handler { return handlers.CombinedLoggingHandler(io.Discard, next) },
			handlers.RecoveryHandler(), handlers.CompressHandler).Then(h),
		"log=none/by=bare": h,
	}
}

func TestChain_answersAlike(t *testing.T) {
	t.Parallel()
	for name, h := range chains() {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/articles/7", nil))
		assert.Equal(t, http.StatusOK, w.Code, name)
		assert.Equal(t, "application/json", w.Header().Get("Content-Type"), name)
		assert.Empty(t, w.Header().Get("Content-Encoding"), name)
		assert.Equal(t, chainText, w.Body.String(), name)
	}
}

// BenchmarkChain is the price of a chain: by=bare has none.
func BenchmarkChain(b *testing.B) {
	all := chains()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		b.Run(name, func(b *testing.B) {
			r := httptest.NewRequest(http.MethodGet, "/articles/7", nil)
			w := &discardWriter{header: http.Header{}}
			b.ReportAllocs()
			for b.Loop() {
				clear(w.header)
				all[name].ServeHTTP(w, r)
			}
		})
	}
}

// discardWriter takes a response and keeps nothing.
type discardWriter struct{ header http.Header }

func (w *discardWriter) Header() http.Header                { return w.header }
func (*discardWriter) WriteHeader(int)                      {}
func (*discardWriter) Write(p []byte) (int, error)          { return len(p), nil }
func (*discardWriter) WriteString(text string) (int, error) { return len(text), nil }
