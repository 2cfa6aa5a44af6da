package compress_test

import (
	"cmp"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
)

// fetch asks for a path the way a browser does, or a client that takes no coding,
// and returns the body as that client sees it.
func fetch(t *testing.T, target, accept string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, nil)
	require.NoError(t, err)
	r.Header.Set(ae, accept)
	client := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	got, err := client.Do(r)
	require.NoError(t, err)
	defer client.CloseIdleConnections()
	body, err := io.ReadAll(got.Body)
	require.NoError(t, err)
	require.NoError(t, got.Body.Close())
	if coding := got.Header.Get(ce); coding != "" {
		assert.Equal(t, accept, coding, "a coding that was not asked for")
	}
	plain, err := decode(got.Header.Get(ce), string(body))
	require.NoError(t, err)
	return plain
}

// encodesItself is a handler, or a server behind a proxy, that knows nothing of
// Vary.
func encodesItself(w http.ResponseWriter, r *http.Request) {
	w.Header().Set(ct, html)
	if !strings.Contains(r.Header.Get(ae), "gzip") {
		_, _ = io.WriteString(w, text)
		return
	}
	w.Header().Set(ce, "gzip")
	encoder := gzip.NewWriter(w)
	_, _ = io.WriteString(encoder, text)
	_ = encoder.Close()
}

// TestNew_nginxCache puts a cache in front that two kinds of clients share, and
// that has what is not fresh confirmed every time.
func TestNew_nginxCache(t *testing.T) {
	image := file("a.png", png, `"abc"`)
	for name, tc := range map[string]struct {
		handler http.Handler
		body    string
		bodies  int    // that the cache needs
		expires string // "@1": the cache keeps it, and asks whether it is still good
	}{
		"text":                    {compress.New()(file("a.html", text, `"abc"`)), text, 2, "@1"},
		"text that is fresh":      {compress.New()(file("a.html", text, `"abc"`)), text, 2, "60"},
		"text with a weak tag":    {compress.New()(file("a.html", text, `W/"abc"`)), text, 2, "@1"},
		"text with a computed":    {compress.New()(middleware.ETag()(send(200, text, ct, html))), text, 2, "@1"},
		"image":                   {compress.New()(image), png, 1, "@1"},
		"image with a computed":   {compress.New()(middleware.ETag()(send(200, png, ct, "image/png"))), png, 1, "@1"},
		"encoded by the handler":  {compress.New()(http.HandlerFunc(encodesItself)), text, 2, "60"},
		"encoded behind a proxy":  {compress.New()(proxied(t, http.HandlerFunc(encodesItself))), text, 2, "60"},
		"compressed behind proxy": {compress.New()(proxied(t, compress.New()(file("a.html", text, `"abc"`)))), text, 2, "@1"},
	} {
		for _, first := range []string{"gzip", "identity"} {
			t.Run(name+", "+first+" first", func(t *testing.T) {
				var mu sync.Mutex
				var statuses []int
				origin := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("X-Accel-Expires", tc.expires)
					own := &statusWriter{ResponseWriter: w}
					tc.handler.ServeHTTP(own, r)
					mu.Lock()
					defer mu.Unlock()
					statuses = append(statuses, cmp.Or(own.status, 200))
				}))
				defer origin.Close()
				cache := kittest.Nginx(t, `location / { proxy_pass `+origin.URL+`; proxy_http_version 1.1; proxy_cache cache; proxy_cache_revalidate on;
					proxy_set_header Connection ""; }`)
				order := []string{"gzip", "identity"}
				if first != order[0] {
					slices.Reverse(order)
				}
				for range 4 {
					for _, accept := range order {
						assert.Equal(t, tc.body, fetch(t, cache+"/", accept), accept)
					}
				}
				origin.Close() // all handlers have returned
				mu.Lock()
				defer mu.Unlock()
				sent := slices.DeleteFunc(slices.Clone(statuses), func(status int) bool { return status != 200 })
				assert.Len(t, sent, tc.bodies, "%d", statuses)
			})
		}
	}
}

// statusWriter keeps the status of a response.
type statusWriter struct {
	http.ResponseWriter

	status int
}

func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// proxied is a proxy in front of h.
func proxied(t *testing.T, h http.Handler) http.Handler {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	target, err := url.Parse(server.URL)
	require.NoError(t, err)
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
}

// TestNew_nginxBehind has nginx as the server behind a proxy: it refuses a request
// with two lines of one condition.
func TestNew_nginxBehind(t *testing.T) {
	dir := t.TempDir()
	require.NoError(t, os.Chmod(filepath.Dir(dir), 0o755))
	require.NoError(t, os.Chmod(dir, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "a.html"), []byte(text), 0o644))
	target, err := url.Parse(kittest.Nginx(t, "location / { root "+dir+"; types { text/html html; } }"))
	require.NoError(t, err)
	proxy := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	kittest.Serve(t, compress.New()(proxy), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		first := s.Do(t, "GET", "/a.html", nil, gz)
		tag := first.Header.Get("ETag")
		assert.Equal(t, text, decoded(t, first))
		assert.Contains(t, tag, "-gzip")
		again := s.Do(t, "GET", "/a.html", nil, request(ae, "gzip", "If-None-Match", tag))
		assert.Equal(t, 304, again.StatusCode)
		assert.Equal(t, tag, again.Header.Get("ETag"))
		assert.Equal(t, 200, s.Do(t, "GET", "/a.html", nil, request(ae, "gzip", "If-Match", tag)).StatusCode)
		assert.Equal(t, 412, s.Do(t, "GET", "/a.html", nil, request(ae, "gzip", "If-Match", `"other-gzip"`)).StatusCode)
	})
}
