package benchmarks_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware/compress"
)

// compressByHand is what one writes with the codec of the standard library and
// a pool: everything is compressed for whoever mentions gzip.
func compressByHand(next http.Handler) http.Handler {
	pool := sync.Pool{New: func() any {
		writer, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed)
		return writer
	}}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Vary", "Accept-Encoding")
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			next.ServeHTTP(w, r)
			return
		}
		w.Header().Set("Content-Encoding", "gzip")
		writer, _ := pool.Get().(*gzip.Writer)
		writer.Reset(w)
		next.ServeHTTP(&handGzipWriter{w, writer}, r)
		_ = writer.Close()
		writer.Reset(nil)
		pool.Put(writer)
	})
}

type handGzipWriter struct {
	http.ResponseWriter

	gzip *gzip.Writer
}

func (w *handGzipWriter) Write(p []byte) (int, error) { return w.gzip.Write(p) }

// A compressCase is an answer of some size to a client that takes a coding.
type compressCase struct {
	name   string
	accept string
	body   []byte
}

func compressCases() []compressCase {
	list := func(n int) []byte { return []byte("[" + strings.Repeat(draftJSON(0)+",", n) + draftJSON(0) + "]") }
	return []compressCase{
		{"accept=none/size=small", "", list(0)},
		{"accept=gzip/size=10KB", "gzip, deflate", list(40)},
		{"accept=gzip/size=1MB", "gzip, deflate", list(4000)},
	}
}

func (c compressCase) exchange() (http.Handler, *http.Request) {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	if c.accept != "" {
		r.Header.Set("Accept-Encoding", c.accept)
	}
	media := []string{"application/json"}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = media
		_, _ = w.Write(c.body)
	}), r
}

var compressors = []struct {
	name string
	wrap func(http.Handler) http.Handler
}{{"tenon", compress.New()}, {"hand", compressByHand}}

func TestCompress_alike(t *testing.T) {
	for _, tc := range compressCases() {
		for _, by := range compressors {
			h, r := tc.exchange()
			w := httptest.NewRecorder()
			by.wrap(h).ServeHTTP(w, r)
			assert.Equal(t, []string{"Accept-Encoding"}, w.Header()["Vary"])
			assert.Equal(t, tc.accept != "", w.Header().Get("Content-Encoding") == "gzip")
			var body io.Reader = w.Body
			if tc.accept != "" {
				var err error
				body, err = gzip.NewReader(w.Body)
				require.NoError(t, err)
			}
			got, err := io.ReadAll(body)
			require.NoError(t, err)
			assert.Equal(t, tc.body, got)
		}
	}
}

func BenchmarkCompress(b *testing.B) {
	for _, bc := range compressCases() {
		for _, by := range compressors {
			b.Run(bc.name+"/by="+by.name, func(b *testing.B) {
				h, r := bc.exchange()
				h = by.wrap(h)
				var w kittest.Sink
				b.SetBytes(int64(len(bc.body)))
				b.ReportAllocs()
				for b.Loop() {
					w.Reset()
					h.ServeHTTP(&w, r)
				}
			})
		}
	}
}
