package middleware_test

import (
	"compress/gzip"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/justinas/alice"
	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
)

// A member is one row of the conformance table.
type member struct {
	name     string
	mw       func(http.Handler) http.Handler
	header   http.Header // of every request, or nil
	recovers bool        // a panic becomes a 500
}

// all is every middleware of this module, alone and in the documented chain.
// Each has to keep every ability of net/http that [abilities] lists.
var all = []member{
	{name: "Recover", mw: middleware.Recover(), recovers: true},
	{name: "RequestID", mw: middleware.RequestID()},
	{name: "AccessLog", mw: middleware.AccessLog(discard())},
	{name: "Timeout", mw: middleware.Timeout(time.Minute)},
	{name: "RouterErrors", mw: middleware.RouterErrors()},
	{name: "BodyLimit", mw: middleware.BodyLimit(1 << 20)},
	{name: "ETag", mw: middleware.ETag()},
	{name: "Headers", mw: middleware.Headers(http.Header{"X-Served-By": {"a", "b"}})},
	{name: "Secure", mw: middleware.Secure()},
	{name: "NoStore", mw: middleware.NoStore()},
	{name: "TrailingSlash", mw: middleware.TrailingSlash()},
	{name: "BasicAuth", mw: middleware.BasicAuth("realm", anybody), header: http.Header{"Authorization": {"Basic dXNlcjpwYXNz"}}},
	{name: "compress", mw: compress.New()},
	{name: "compress of gzip", mw: compress.New(), header: acceptGzip},
	{name: "chain", mw: chain(), recovers: true},
	{name: "chain with gzip", mw: chain(), header: acceptGzip, recovers: true},
}

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

// chain is the documented order, as far as it needs no other module.
func chain() func(http.Handler) http.Handler {
	return alice.New(
		middleware.RequestID(),
		middleware.AccessLog(discard()),
		middleware.Recover(),
		middleware.Secure(),
		http.NewCrossOriginProtection().Handler,
		middleware.Timeout(time.Minute),
		middleware.BodyLimit(1<<20),
		compress.New(),
		middleware.ETag(),
		middleware.RouterErrors(),
	).Then
}

// discard is a logger that is enabled and writes nowhere.
func discard() *slog.Logger { return slog.New(slog.NewJSONHandler(io.Discard, nil)) }

func TestConformance(t *testing.T) {
	t.Parallel()
	for _, m := range all {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			mux := http.NewServeMux()
			var outside probe
			kittest.Serve(t, outside.around(m.mw(mux)), func(t *testing.T, s *kittest.Server) {
				t.Helper()
				s.Client.Transport, s.Client.Timeout = &coded{s.Client.Transport, m.header}, patience
				c := &conn{s, &outside, m}
				for _, a := range abilities(c) {
					path := pathOf(s.Proto, a)
					mux.HandleFunc(path, a.serve)
					t.Run(a.name, func(t *testing.T) {
						a.check(t, path)
						assert.Equal(t, path, outside.pattern(path), "the pattern is seen outside")
					})
				}
			})
		})
	}
}

// TestConformance_neighbors sends what needs no ability through the middleware
// behind neighbors that have none.
func TestConformance_neighbors(t *testing.T) {
	t.Parallel()
	for _, m := range all {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			mux := http.NewServeMux()
			kittest.ServeBehind(t, m.mw(mux), func(t *testing.T, s *kittest.Server) {
				t.Helper()
				s.Client.Transport, s.Client.Timeout = &coded{s.Client.Transport, m.header}, patience
				for _, a := range contents(&conn{s, nil, m}) {
					path := pathOf(t.Name(), a)
					mux.HandleFunc(path, a.serve)
					t.Run(a.name, func(t *testing.T) { a.check(t, path) })
				}
			})
		})
	}
}

// pathOf is where a mux serves an ability.
func pathOf(prefix string, a ability) string {
	return "/" + strings.ReplaceAll(prefix+"/"+a.name, " ", "-")
}

// A probe is what is outside of the middleware.
type probe struct {
	mu       sync.Mutex
	readFrom int64
	ended    map[string]chan string // by path: the pattern that is seen there
}

func (p *probe) around(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { p.end(r.URL.Path) <- r.Pattern }()
		next.ServeHTTP(&probed{w, p, r.URL.RawQuery == failingFlush}, r)
	})
}

func (p *probe) end(path string) chan string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.ended == nil {
		p.ended = map[string]chan string{}
	}
	if p.ended[path] == nil {
		p.ended[path] = make(chan string, 10)
	}
	return p.ended[path]
}

// pattern returns what was seen at the end of a request for path.
func (p *probe) pattern(path string) string {
	select {
	case pattern := <-p.end(path):
		return pattern
	case <-time.After(patience):
		return "no end"
	}
}

// files returns how much has come by ReadFrom since it was last asked.
func (p *probe) files() int64 {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer func() { p.readFrom = 0 }()
	return p.readFrom
}

// failingFlush is the query of a request whose flushes end in errFlush.
const failingFlush = "failing-flush"

var errFlush = errors.New("nobody reads")

type probed struct {
	http.ResponseWriter

	probe *probe
	fails bool // to flush
}

func (w *probed) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *probed) Flush() { _ = w.FlushError() }

func (w *probed) FlushError() error {
	err := http.NewResponseController(w.ResponseWriter).Flush()
	if w.fails {
		return errFlush
	}
	return err
}

func (w *probed) ReadFrom(src io.Reader) (int64, error) {
	n, err := io.Copy(w.ResponseWriter, src)
	w.probe.mu.Lock()
	defer w.probe.mu.Unlock()
	w.probe.readFrom += n
	return n, err
}

// coded sends the header with every request and decodes the answers.
type coded struct {
	http.RoundTripper

	header http.Header
}

func (c *coded) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	maps.Copy(r.Header, c.header)
	response, err := c.RoundTripper.RoundTrip(r)
	if err == nil && response.Header.Get("Content-Encoding") == "gzip" && r.Method != http.MethodHead {
		response.Body = &decoded{ReadCloser: response.Body}
	}
	return response, err
}

// decoded opens the coding when it is read: its first bytes may be late.
type decoded struct {
	io.ReadCloser

	reader *gzip.Reader
}

func (d *decoded) Read(p []byte) (n int, err error) {
	if d.reader == nil {
		if d.reader, err = gzip.NewReader(d.ReadCloser); err != nil {
			return 0, err
		}
	}
	return d.reader.Read(p)
}
