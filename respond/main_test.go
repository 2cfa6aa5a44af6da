package respond_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
)

// TestMain sends the log of each test to the test that asks for it, by the
// context of the request, and drops the rest.
func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(contextLog{}))
	os.Exit(m.Run())
}

type logKey struct{}

// logbook is what one test has made the package log.
type logbook struct {
	mu      sync.Mutex
	entries []string
}

func (b *logbook) add(entry string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.entries = append(b.entries, entry)
}

func (b *logbook) all() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.entries
}

func withLog(ctx context.Context) (context.Context, *logbook) {
	book := new(logbook)
	return context.WithValue(ctx, logKey{}, book), book
}

type contextLog struct{}

func (contextLog) Enabled(context.Context, slog.Level) bool { return true }

func (contextLog) Handle(ctx context.Context, record slog.Record) error {
	book, ok := ctx.Value(logKey{}).(*logbook)
	if !ok {
		return nil
	}
	var text strings.Builder
	text.WriteString(record.Message)
	record.Attrs(func(attr slog.Attr) bool {
		fmt.Fprintf(&text, " %s=%v", attr.Key, attr.Value)
		return true
	})
	book.add(text.String())
	return nil
}

func (l contextLog) WithAttrs([]slog.Attr) slog.Handler { return l }

func (l contextLog) WithGroup(string) slog.Handler { return l }

// get returns a request with the context of tb and its logbook.
func get(tb testing.TB) (*http.Request, *logbook) {
	tb.Helper()
	ctx, book := withLog(tb.Context())
	return httptest.NewRequestWithContext(ctx, http.MethodGet, "/articles/7", nil), book
}

// record lets answer write to a recorder.
func record(tb testing.TB, answer func(w http.ResponseWriter, r *http.Request)) (*httptest.ResponseRecorder, *logbook) {
	tb.Helper()
	r, book := get(tb)
	w := httptest.NewRecorder()
	answer(w, r)
	return w, book
}

// site is one server for many cases, which at names.
type site map[string]http.Handler

func (s site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s[r.URL.Query().Get("case")].ServeHTTP(w, r)
}

func at(name string) string { return "/?case=" + url.QueryEscape(name) }
