package compress_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware/compress"
)

func TestNew_faults(t *testing.T) {
	t.Parallel()
	require.PanicsWithValue(t, `compress: MinSize: -1 is negative: give a size in bytes, 0 or more
compress: Types: no type: give at least one, such as text/*
compress: Types: "text": give a media type such as text/html, text/* or +json
compress: Types: "*/*": give a media type such as text/html, text/* or +json
compress: Types: "+": give a media type such as text/html, text/* or +json
compress: Types: "text/html; charset=utf-8": give a media type such as text/html, text/* or +json
compress: Types: "text/x*": give a media type such as text/html, text/* or +json
compress: Coding: "identity" is not the name of a content coding: give one such as br
compress: Coding: "*" is not the name of a content coding: give one such as br
compress: Coding: "" is not the name of a content coding: give one such as br
compress: Coding: br has a nil function: give it one that returns an encoder`, func() {
		compress.New(compress.MinSize(-1), compress.Types(), compress.Types("text", "*/*", "+", "text/html; charset=utf-8", "text/x*"),
			compress.Coding("identity", deflate), compress.Coding("*", deflate), compress.Coding("", deflate), compress.Coding("br", nil))
	})
	require.NotPanics(t, func() { compress.New(compress.Option{}) })
}

// The levels differ, and what takes longer is smaller.
func TestNew_levels(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("rules_test.go")
	require.NoError(t, err)
	body := string(source)
	for _, coding := range []string{"gzip", "zstd"} {
		var sizes []int
		for _, opts := range [][]compress.Option{nil, {compress.Balanced()}, {compress.Smallest()}} {
			w := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set(ae, coding)
			compress.New(opts...)(send(200, body)).ServeHTTP(w, r)
			got, err := decode(coding, w.Body.String())
			require.NoError(t, err)
			assert.Equal(t, body, got)
			sizes = append(sizes, w.Body.Len())
		}
		assert.Greater(t, sizes[0], sizes[1], coding)
		assert.Greater(t, sizes[1], sizes[2], coding)
	}
}

// A coding of one's own may take the place of one of ours.
func TestCoding_replaces(t *testing.T) {
	t.Parallel()
	h := compress.New(compress.Coding("gzip", deflate))(send(200, text, ct, html))
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set(ae, "*")
	h.ServeHTTP(w, r)
	assert.Equal(t, "gzip", w.Header().Get(ce))
	body, err := decode("deflate", w.Body.String())
	require.NoError(t, err)
	assert.Equal(t, text, body)
}

func TestNew_headersAreTheResponses(t *testing.T) {
	for _, fields := range [][]string{{}, {"Vary", "Accept"}, {ct, html, "ETag", `"a"`}} {
		for _, accept := range []string{"gzip", ""} {
			kittest.CheckHeaders(t, compress.New()(send(200, text, fields...)), func() *http.Request {
				r := httptest.NewRequest(http.MethodGet, "/", nil)
				r.Header.Set(ae, accept)
				return r
			})
		}
	}
}

// TestNew_allocs counts what compress adds to a handler that has none.
func TestNew_allocs(t *testing.T) {
	media, tag := []string{html}, []string{`"a"`}
	for _, tc := range []struct {
		name, accept, body string
		budget             float64
	}{
		{"without Accept-Encoding", "", text, 1},     // the shared writer, which has Vary
		{"another coding", "br", text, 1},            // the same
		{"gzip", "gzip, deflate, br", text, 2},       // the shared writer with our own, the tag
		{"zstd", "gzip, deflate, br, zstd", text, 2}, // the same
		{"short", "gzip", text[:200], 2},             // no tag, but what is held
	} {
		t.Run(tc.name, func(t *testing.T) {
			body := []byte(tc.body)
			h := compress.New()(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header()[ct] = media
				w.Header()["Etag"] = tag
				_, _ = w.Write(body)
			}))
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			if tc.accept != "" {
				r.Header.Set(ae, tc.accept)
			}
			var w kittest.Sink
			kittest.Allocs(t, tc.budget, func() {
				w.Reset()
				h.ServeHTTP(&w, r)
			})
			assert.Equal(t, tc.name == "gzip" || tc.name == "zstd", w.Bytes < len(body))
		})
	}
}
