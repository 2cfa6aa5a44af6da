package compress_test

import (
	"compress/gzip"
	"compress/zlib"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/justinas/alice"
	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware/compress"
)

var _ alice.Constructor = compress.New()

var text = strings.Repeat("Mortise and tenon join without glue. ", 100)

var png = "\x89PNG\x0D\x0A\x1A\x0A" + text

// reader decodes src, as far as it has arrived.
func reader(tb testing.TB, coding string, src io.Reader) io.Reader {
	tb.Helper()
	decoder, err := decoderOf(coding, src)
	require.NoError(tb, err)
	return decoder
}

func decoderOf(coding string, src io.Reader) (io.Reader, error) {
	switch coding {
	case "gzip":
		return gzip.NewReader(src)
	case "deflate":
		return zlib.NewReader(src)
	case "zstd":
		return zstd.NewReader(src, zstd.WithDecoderConcurrency(1))
	}
	return src, nil
}

// decode returns the body of an answer as the client sees it.
func decode(coding, body string) (string, error) {
	src, err := decoderOf(coding, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	plain, err := io.ReadAll(src)
	return string(plain), err
}

func decoded(t *testing.T, got *kittest.Response) string {
	t.Helper()
	body, err := decode(got.Header.Get("Content-Encoding"), got.Text)
	require.NoError(t, err)
	return body
}

// send answers with the fields, which are name and value in turn, and the body.
func send(status int, body string, fields ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(fields); i += 2 {
			w.Header().Add(fields[i], fields[i+1])
		}
		if status != http.StatusOK {
			w.WriteHeader(status)
		}
		if body != "" {
			_, _ = io.WriteString(w, body)
		}
	}
}

func deflate() compress.Encoder { return zlib.NewWriter(nil) }

// request returns the header of a request, from names and values in turn.
func request(fields ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(fields); i += 2 {
		h.Add(fields[i], fields[i+1])
	}
	return h
}

func TestNew_negotiation(t *testing.T) {
	sized := send(200, text, "Content-Type", "text/plain", "Content-Length", strconv.Itoa(len(text)))
	kittest.ServeBehind(t, compress.New(compress.Coding("Deflate", deflate))(sized), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for accept, want := range map[string]string{
			"":                                   "",
			"gzip":                               "gzip",
			"GZIP":                               "gzip",
			"x-gzip":                             "gzip",
			"zstd":                               "zstd",
			"deflate":                            "deflate",
			"br":                                 "",
			"gzip, deflate, br, zstd":            "deflate",
			"gzip, br, zstd":                     "zstd",
			"gzip;q=1.0, zstd;q=0.9":             "gzip",
			"gzip;q=0":                           "",
			"gzip;q=0, zstd;q=0.001":             "zstd",
			"gzip|zstd":                          "zstd",
			"br|gzip;q=0.5|zstd;q=0.4":           "gzip",
			"*":                                  "gzip",
			"*;q=0":                              "",
			"*, gzip;q=0":                        "deflate",
			"*, gzip;q=0, deflate;q=0":           "zstd",
			"zstd, *":                            "zstd",
			"zstd;q=0.5, *":                      "gzip",
			"gzip;q=0.5, identity":               "",
			"gzip, identity":                     "gzip",
			"gzip;q=0.5, identity;q=0.5":         "gzip",
			"gzip;q=0.5, *;q=0":                  "gzip",
			"identity;q=1, *;q=0":                "",
			"identity;q=0":                       "",
			"gzip;q=2, zstd;level=1, deflate;q=": "",
		} {
			h := http.Header{}
			if accept != "" {
				h["Accept-Encoding"] = strings.Split(accept, "|")
			}
			got := s.Do(t, "GET", "/", nil, h)
			assert.Equal(t, want, got.Header.Get("Content-Encoding"), accept)
			assert.Equal(t, []string{"Accept-Encoding"}, got.Header["Vary"], accept)
			assert.Equal(t, text, decoded(t, got), accept)
			assert.Equal(t, want == "", got.ContentLength == int64(len(text)), accept)
		}
		assert.Empty(t, s.Log())
	})
}
