package peers_test

import (
	"context"
	"io"
	"log"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
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

// slogEntry writes what AccessLog of tenon writes, for a RequestLogger of chi.
type slogEntry struct {
	logger *slog.Logger
	r      *http.Request
}

func (e slogEntry) NewLogEntry(r *http.Request) chimiddleware.LogEntry {
	return slogEntry{e.logger, r}
}

func (e slogEntry) Write(status, bytes int, _ http.Header, elapsed time.Duration, _ any) {
	logRequest(e.logger, e.r, status, bytes, elapsed)
}
func (slogEntry) Panic(any, []byte) {}

// logRequest writes one record, as a user of chi or of gorilla does by hand.
func logRequest(logger *slog.Logger, r *http.Request, status, bytes int, elapsed time.Duration) {
	logger.LogAttrs(r.Context(), slog.LevelInfo, "request",
		slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Int("status", status), slog.Int("bytes", bytes),
		slog.Duration("duration", elapsed), slog.String("request_id", chimiddleware.GetReqID(r.Context())),
		slog.String("remote", r.RemoteAddr))
}

// A lineHandler is a slog handler for records of AccessLog alone, which writes them in
// the Common Log Format, without the query and the protocol, as gorilla does: into
// a buffer by hand.
type lineHandler struct {
	slog.Handler

	out io.Writer
}

func (lineHandler) Enabled(context.Context, slog.Level) bool { return true }

func (h lineHandler) Handle(_ context.Context, record slog.Record) error {
	var method, path, remote string
	var status, size int64
	record.Attrs(func(a slog.Attr) bool {
		switch a.Key {
		case "method":
			method = a.Value.String()
		case "path":
			path = a.Value.String()
		case "remote":
			remote, _, _ = strings.Cut(a.Value.String(), ":")
		case "status":
			status = a.Value.Int64()
		case "bytes":
			size = a.Value.Int64()
		}
		return true
	})
	line := append(make([]byte, 0, 256), remote...)
	line = record.Time.AppendFormat(append(line, " - - ["...), "02/Jan/2006:15:04:05 -0700")
	line = strconv.AppendQuote(append(line, "] "...), method+" "+path)
	line = strconv.AppendInt(append(line, ' '), status, 10)
	line = strconv.AppendInt(append(line, ' '), size, 10)
	_, err := h.out.Write(append(line, '\n'))
	return err
}

// chains are those of a common service: request ID, access log, recoverer, body
// limit and compression, as far as each library has them. Chi and gorilla have
// nothing like Secure, and gorilla neither a request ID nor a body limit. They log to
// out.
//
//	log=discard  nobody writes anything
//	log=text     each writes its own line, that of tenon by slog.TextHandler
//	log=slog     each writes the fields of tenon by slog.TextHandler, gorilla with the request ID of chi
//	log=line     access log, recoverer and compression alone, each with a line that is written by hand
func chains(out io.Writer) map[string]http.Handler {
	h := http.HandlerFunc(chainHandler)
	tenon := func(log slog.Handler) http.Handler {
		return alice.New(middleware.RequestID(), middleware.AccessLog(slog.New(log)), middleware.Recover(), middleware.Secure(),
			middleware.BodyLimit(1<<20), compress.New()).Then(h)
	}
	chi := func(log chimiddleware.LogFormatter) http.Handler {
		return alice.New(chimiddleware.RequestID, chimiddleware.RequestLogger(log), chimiddleware.Recoverer,
			chimiddleware.RequestSize(1<<20), chimiddleware.Compress(5)).Then(h)
	}
	gorilla := func(logs ...alice.Constructor) http.Handler {
		return alice.New(logs...).Append(handlers.RecoveryHandler(), handlers.CompressHandler).Then(h)
	}
	logger := slog.New(slog.NewTextHandler(out, nil))
	return map[string]http.Handler{
		"log=discard/by=tenon": tenon(takesAll{slog.DiscardHandler}),
		"log=discard/by=chi":   chi(discardEntry{}),
		"log=text/by=tenon":    tenon(logger.Handler()),
		"log=text/by=chi":      chi(&chimiddleware.DefaultLogFormatter{Logger: log.New(out, "", log.LstdFlags), NoColor: true}),
		"log=text/by=gorilla": gorilla(func(next http.Handler) http.Handler {
			return handlers.CombinedLoggingHandler(out, next)
		}),
		"log=slog/by=tenon": tenon(logger.Handler()),
		"log=slog/by=chi":   chi(slogEntry{logger: logger}),
		"log=slog/by=gorilla": gorilla(chimiddleware.RequestID, func(next http.Handler) http.Handler {
			return handlers.CustomLoggingHandler(io.Discard, next, func(_ io.Writer, p handlers.LogFormatterParams) {
				logRequest(logger, p.Request, p.StatusCode, p.Size, time.Since(p.TimeStamp))
			})
		}),
		"log=line/by=tenon": alice.New(middleware.AccessLog(slog.New(lineHandler{slog.DiscardHandler, out})), middleware.Recover(),
			compress.New()).Then(h),
		"log=line/by=gorilla": gorilla(func(next http.Handler) http.Handler { return handlers.LoggingHandler(out, next) }),
		"log=none/by=bare":    h,
	}
}

func TestChain_answersAlike(t *testing.T) {
	t.Parallel()
	for name, h := range chains(io.Discard) {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/articles/7", nil))
		assert.Equal(t, http.StatusOK, w.Code, name)
		assert.Equal(t, "application/json", w.Header().Get("Content-Type"), name)
		assert.Empty(t, w.Header().Get("Content-Encoding"), name)
		assert.Equal(t, chainText, w.Body.String(), name)
	}
}

// In log=slog every side writes the same fields, and in log=line the same line but for
// the query and the protocol.
func TestChain_logsAlike(t *testing.T) {
	t.Parallel()
	varies := regexp.MustCompile(`(time|duration|request_id)=\S+|\[.*\]| HTTP/1.1`)
	lines := make(map[string]string)
	for _, by := range []string{"log=slog/by=tenon", "log=slog/by=chi", "log=slog/by=gorilla", "log=line/by=tenon", "log=line/by=gorilla"} {
		var out strings.Builder
		chains(&out)[by].ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/articles/7", nil))
		lines[by] = varies.ReplaceAllString(out.String(), "$1")
	}
	assert.Equal(t, "time level=INFO msg=request method=GET path=/articles/7 status=200 bytes=200 duration request_id remote=192.0.2.1:1234\n",
		lines["log=slog/by=tenon"])
	assert.Equal(t, lines["log=slog/by=tenon"], lines["log=slog/by=chi"])
	assert.Equal(t, lines["log=slog/by=tenon"], lines["log=slog/by=gorilla"])
	assert.Equal(t, "192.0.2.1 - -  \"GET /articles/7\" 200 200\n", lines["log=line/by=tenon"])
	assert.Equal(t, lines["log=line/by=tenon"], lines["log=line/by=gorilla"])
}

// BenchmarkChain is the price of a chain: by=bare has none.
func BenchmarkChain(b *testing.B) {
	all := chains(io.Discard)
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
