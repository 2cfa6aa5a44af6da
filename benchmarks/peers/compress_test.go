package peers_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/CAFxX/httpcompression"
	"github.com/andybalholm/brotli"
	chi "github.com/go-chi/chi/v5/middleware"
	"github.com/klauspost/compress/gzhttp"
	"github.com/klauspost/compress/gzip"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware/compress"
)

// compressors are as their documentation recommends, at the level that tenon
// has by default, gzip's fastest.
func compressors(tb testing.TB) map[string]func(http.Handler) http.Handler {
	tb.Helper()
	gz, err := gzhttp.NewWrapper(gzhttp.CompressionLevel(gzip.BestSpeed))
	require.NoError(tb, err)
	adapter, err := httpcompression.DefaultAdapter(httpcompression.GzipCompressionLevel(gzip.BestSpeed))
	require.NoError(tb, err)
	return map[string]func(http.Handler) http.Handler{
		"tenon":           compress.New(),
		"gzhttp":          func(next http.Handler) http.Handler { return gz(next) },
		"httpcompression": adapter,
		"chi":             chi.Compress(gzip.BestSpeed),
	}
}

type compressCase struct {
	name, accept string
	body         []byte
}

func compressCases() []compressCase {
	const item = `{"id":42,"title":"Mortise and tenon","body":"A joint that needs no glue at all.","tags":["wood","joints"],"draft":false},`
	list := func(n int) []byte { return []byte("[" + strings.Repeat(item, n) + "{}]") }
	return []compressCase{
		{"accept=none/size=250B", "", list(2)},
		{"accept=gzip/size=10KB", "gzip", list(80)},
		{"accept=gzip/size=1MB", "gzip", list(8000)},
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

func TestCompress_alike(t *testing.T) {
	for name, wrap := range compressors(t) {
		for _, tc := range compressCases() {
			h, r := tc.exchange()
			w := httptest.NewRecorder()
			wrap(h).ServeHTTP(w, r)
			require.Equal(t, tc.accept, w.Header().Get("Content-Encoding"), name)
			var body io.Reader = w.Body
			if tc.accept != "" {
				var err error
				body, err = gzip.NewReader(w.Body)
				require.NoError(t, err)
			}
			got, err := io.ReadAll(body)
			require.NoError(t, err)
			assert.Equal(t, tc.body, got, name)
		}
	}
}

// The brotli of another module is a coding of compress as it is.
func TestCompress_brotli(t *testing.T) {
	br := compress.Coding("br", func() compress.Encoder { return brotli.NewWriterLevel(nil, brotli.BestSpeed) })
	for _, tc := range compressCases()[1:] {
		h, r := tc.exchange()
		r.Header.Set("Accept-Encoding", "gzip, br, zstd")
		w := httptest.NewRecorder()
		compress.New(br)(h).ServeHTTP(w, r)
		require.Equal(t, "br", w.Header().Get("Content-Encoding"))
		got, err := io.ReadAll(brotli.NewReader(w.Body))
		require.NoError(t, err)
		assert.Equal(t, tc.body, got)
	}
}

func BenchmarkCompress(b *testing.B) {
	all := compressors(b)
	for _, bc := range compressCases() {
		for _, name := range []string{"tenon", "gzhttp", "httpcompression", "chi"} {
			b.Run(bc.name+"/by="+name, func(b *testing.B) {
				h, r := bc.exchange()
				h = all[name](h)
				var w kittest.Sink
				b.SetBytes(int64(len(bc.body)))
				b.ReportAllocs()
				for b.Loop() {
					w.Reset()
					h.ServeHTTP(&w, r)
				}
				b.ReportMetric(float64(w.Bytes), "wire-B")
			})
		}
	}
}
