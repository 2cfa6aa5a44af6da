// Package conformance is the table of what every middleware of this module keeps
// of net/http. Tests run it over the protocols that they serve.
package conformance

import (
	"compress/gzip"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/justinas/alice"
	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
	"github.com/tenonkit/tenon/middleware/idempotency"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// A Member is one row of the table.
type Member struct {
	Name     string
	Wrap     func(http.Handler) http.Handler
	Header   http.Header // of every request, or nil
	Recovers bool        // a panic becomes a 500
	Codes    bool        // clients send their bodies in gzip
	Posts    bool        // clients send POST for GET, each with a key of its own
}

// Members returns every middleware of this module, alone and in the documented
// chain. Each has to keep every ability of net/http that the table lists.
func Members() []Member {
	gzips := http.Header{"Accept-Encoding": {"gzip"}}
	anybody := func(string, string) bool { return true }
	renders := func(w http.ResponseWriter, r *http.Request, err error) { respond.Error(w, r, err) }
	return []Member{
		{Name: "Recover", Wrap: middleware.Recover(), Recovers: true},
		{Name: "RequestID", Wrap: middleware.RequestID()},
		{Name: "AccessLog", Wrap: middleware.AccessLog(discard())},
		{Name: "Timeout", Wrap: middleware.Timeout(time.Minute)},
		{Name: "RouterErrors", Wrap: middleware.RouterErrors()},
		{Name: "BodyLimit", Wrap: middleware.BodyLimit(1 << 20)},
		{Name: "ETag", Wrap: middleware.ETag()},
		{Name: "Headers", Wrap: middleware.Headers(http.Header{"X-Served-By": {"a", "b"}})},
		{Name: "Secure", Wrap: middleware.Secure()},
		{Name: "NoStore", Wrap: middleware.NoStore()},
		{Name: "TrailingSlash", Wrap: middleware.TrailingSlash()},
		{Name: "BasicAuth", Wrap: middleware.BasicAuth("realm", anybody), Header: http.Header{"Authorization": {"Basic dXNlcjpwYXNz"}}},
		{Name: "compress", Wrap: compress.New()},
		{Name: "compress of gzip", Wrap: compress.New(), Header: gzips},
		{Name: "Requests", Wrap: compress.Requests(1 << 20)},
		{Name: "Requests in gzip", Wrap: compress.Requests(1 << 20), Codes: true},
		{Name: "idempotency", Wrap: onceEach(), Posts: true},
		{Name: "UseErrorHandler", Wrap: respond.UseErrorHandler(renders)},
		{Name: "Drain", Wrap: new(stream.Drain).Handler},
		{Name: "chain", Wrap: Chain(), Recovers: true},
		{Name: "chain with gzip", Wrap: Chain(), Header: gzips, Recovers: true},
		{Name: "chain and idempotency with gzip", Wrap: alice.New(Chain(), onceEach()).Then, Header: gzips, Recovers: true, Posts: true},
	}
}

// onceEach runs every request with a key once.
func onceEach() func(http.Handler) http.Handler {
	return idempotency.New(idempotency.NewMemory(0), func(*http.Request) string { return "everybody" }, idempotency.Require())
}

// Chain is the documented order, as far as it needs no other module.
func Chain() func(http.Handler) http.Handler {
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

// A Serve runs fn against servers of h, as [kittest.Serve] does.
type Serve func(t *testing.T, h http.Handler, fn func(t *testing.T, s *kittest.Server))

// Run goes through the whole table, except the abilities of lacks, which are those
// that the protocol does not have.
func Run(t *testing.T, serve Serve, lacks ...string) {
	t.Helper()
	for _, m := range Members() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			mux := http.NewServeMux()
			var outside probe
			serve(t, outside.around(m.Wrap(mux)), func(t *testing.T, s *kittest.Server) {
				t.Helper()
				s.Client.Transport, s.Client.Timeout = &coded{s.Client.Transport, m}, patience
				for _, a := range abilities(t, &exchange{s, &outside, m}) {
					if slices.Contains(lacks, a.name) {
						continue
					}
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

// RunContents goes through the rows that need no ability of the writer.
func RunContents(t *testing.T, serve Serve) {
	t.Helper()
	for _, m := range Members() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			mux := http.NewServeMux()
			serve(t, m.Wrap(mux), func(t *testing.T, s *kittest.Server) {
				t.Helper()
				s.Client.Transport, s.Client.Timeout = &coded{s.Client.Transport, m}, patience
				for _, a := range contents(&exchange{s, nil, m}) {
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
	records  records                // of AccessLog, for serverEnds
}

func (p *probe) around(next http.Handler) http.Handler {
	p.records = make(records, 10)
	logged := middleware.AccessLog(slog.New(p.records))(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { p.end(r.URL.Path) <- r.Pattern }()
		within := next
		if r.URL.RawQuery == serverEnds {
			ctx, end := context.WithCancelCause(r.Context())
			defer end(nil)
			r = r.WithContext(context.WithValue(ctx, endKey{}, end))
			within = logged
		}
		within.ServeHTTP(&probed{w, p, r.URL.RawQuery == failingFlush}, r)
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

// coded sends every request as the clients of the member do, and decodes the answers.
type coded struct {
	http.RoundTripper

	member Member
}

func (c *coded) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	maps.Copy(r.Header, c.member.Header)
	if c.member.Posts {
		if r.Method == http.MethodGet {
			r.Method = http.MethodPost
		}
		r.Header.Set("Idempotency-Key", rand.Text())
	}
	if c.member.Codes && r.Body != nil && r.Body != http.NoBody {
		r.Header.Set("Content-Encoding", "gzip")
		r.Body, r.ContentLength, r.GetBody = encode(r.Body), -1, nil
	}
	response, err := c.RoundTripper.RoundTrip(r)
	if err == nil && response.Header.Get("Content-Encoding") == "gzip" && r.Method != http.MethodHead {
		response.Body = &decoded{ReadCloser: response.Body}
	}
	return response, err
}

// encode returns body in gzip, each piece of it as soon as it is there.
func encode(body io.ReadCloser) io.ReadCloser {
	coded, pipe := io.Pipe()
	go func() {
		defer body.Close()
		to, piece := gzip.NewWriter(pipe), make([]byte, 8<<10)
		for {
			n, err := body.Read(piece)
			_, _ = to.Write(piece[:n])
			if err == io.EOF {
				_ = pipe.CloseWithError(to.Close())
				return
			}
			if flushed := to.Flush(); err != nil || flushed != nil {
				_ = pipe.CloseWithError(errors.Join(err, flushed))
				return
			}
		}
	}()
	return coded
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
