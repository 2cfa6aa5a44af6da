package middleware_test

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
)

// proxyTo is a proxy in front of h.
func proxyTo(t *testing.T, h http.Handler) http.Handler {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	target, err := url.Parse(server.URL)
	require.NoError(t, err)
	return &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
}

// TestProxied holds that what the server behind a proxy has sent is not sent beside
// what the middleware has set.
func TestProxied(t *testing.T) {
	upstream := http.Header{
		"X-Frame-Options": {"SAMEORIGIN"}, "Referrer-Policy": {"no-referrer"}, "X-Content-Type-Options": {"nosniff"},
		"Cross-Origin-Opener-Policy": {"unsafe-none"}, "Strict-Transport-Security": {"max-age=1"},
		"X-Request-Id": {"upstream"}, "Cache-Control": {"private", "max-age=5"}, "X-Two": {"c", "d"}, "X-Same": {"1"},
		"Set-Cookie": {"b=2"}, "Vary": {"Accept-Language"},
	}
	silent := http.Header{}
	outer := middleware.Headers(http.Header{
		"X-Two": {"a", "b"}, "X-Same": {"1"}, "X-Ours": {"1", "2"}, "Set-Cookie": {"a=1"}, "Vary": {"Origin"},
	})
	dressed := func(h http.Handler) http.Handler {
		return middleware.RequestID()(middleware.Secure()(middleware.NoStore()(outer(h))))
	}
	answers := func(fields http.Header, status int, body string) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			maps.Copy(w.Header(), fields)
			w.WriteHeader(status)
			_, _ = w.Write([]byte(body))
		})
	}
	for name, tc := range map[string]struct {
		h    http.Handler
		loud bool
	}{
		"upstream":             {dressed(proxyTo(t, answers(upstream, 200, "text"))), true},
		"upstream's failure":   {dressed(proxyTo(t, answers(upstream, 503, ""))), true},
		"upstream, compressed": {dressed(compress.New()(proxyTo(t, answers(upstream, 200, "text")))), true},
		"upstream, with tag":   {dressed(middleware.ETag()(proxyTo(t, answers(upstream, 200, "text")))), true},
		"two around":           {dressed(dressed(proxyTo(t, answers(upstream, 200, "text")))), true},
		"silent upstream":      {dressed(proxyTo(t, answers(silent, 200, "text"))), false},
		"hints":                {dressed(proxyTo(t, hints(answers(upstream, 200, "text")))), true},
		"hints, silent":        {dressed(proxyTo(t, hints(answers(silent, 200, "text")))), false},
		"hints, two around":    {dressed(passes(dressed(passes(proxyTo(t, hints(answers(silent, 200, "text"))))))), false},
		"hints, compressed":    {dressed(compress.New()(proxyTo(t, hints(answers(silent, 200, "text"))))), false},
		"hints, with tag":      {dressed(middleware.ETag()(proxyTo(t, hints(answers(silent, 200, "text"))))), false},
		"hints, then nothing":  {dressed(proxyTo(t, hints(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })))), false},
		"nothing written": {dressed(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			for name, values := range upstream {
				w.Header()[name] = append(w.Header()[name], values...)
			}
		})), true},
	} {
		t.Run(name, func(t *testing.T) {
			kittest.Serve(t, tc.h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				got := s.Do(t, http.MethodGet, "/", nil, http.Header{"Accept-Encoding": {"gzip"}}).Header
				assert.Equal(t, []string{"1", "2"}, got["X-Ours"])
				assert.NotContains(t, got, "Link")
				assert.Contains(t, got["Set-Cookie"], "a=1")
				assert.Contains(t, got["Vary"][0], "Origin")
				if !tc.loud {
					assert.Equal(t, []string{"DENY"}, got["X-Frame-Options"])
					assert.Equal(t, []string{"no-store"}, got["Cache-Control"])
					assert.Equal(t, []string{"a", "b"}, got["X-Two"])
					assert.Len(t, got["X-Request-Id"], 1)
					return
				}
				for field, values := range upstream {
					if field != "Set-Cookie" && field != "Vary" {
						assert.Equal(t, values, got[field], field)
					}
				}
				assert.True(t, slices.Contains(got["Set-Cookie"], "b=2"))
			})
		})
	}
}

// hints lets an informational response come first, twice and with a field that the
// middleware sets too.
func hints(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for range 2 {
			w.Header().Set("Link", "</a.css>; rel=preload")
			w.Header().Set("X-Frame-Options", "SAMEORIGIN")
			w.WriteHeader(http.StatusEarlyHints)
		}
		clear(w.Header())
		next.ServeHTTP(w, r)
	})
}

// What a handler has done to the fields before an informational response stays.
func TestProxied_changedBeforeHints(t *testing.T) {
	h := middleware.RequestID()(middleware.Secure()(middleware.NoStore()(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h.Del("X-Frame-Options")
		h.Set("Cache-Control", "private")
		w.WriteHeader(http.StatusEarlyHints)
		clear(h)
		w.WriteHeader(http.StatusAccepted)
	}))))
	kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		got := s.Get(t, "/")
		assert.Equal(t, http.StatusAccepted, got.StatusCode)
		assert.NotContains(t, got.Header, "X-Frame-Options")
		assert.Equal(t, []string{"private"}, got.Header["Cache-Control"])
		assert.Equal(t, []string{"nosniff"}, got.Header["X-Content-Type-Options"])
		assert.Len(t, got.Header["X-Request-Id"], 1)
	})
}

// What a handler has deleted stays deleted, and what it has set is its own.
func TestProxied_handlersOwn(t *testing.T) {
	h := middleware.RequestID()(middleware.Secure()(middleware.NoStore()(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		for _, name := range []string{"X-Frame-Options", "X-Request-Id"} {
			h.Del(name)
		}
		h.Set("Cache-Control", "private")
		h.Set("Referrer-Policy", "no-referrer")
	}))))
	kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		got := s.Get(t, "/").Header
		assert.NotContains(t, got, "X-Frame-Options")
		assert.NotContains(t, got, "X-Request-Id")
		assert.Equal(t, []string{"private"}, got["Cache-Control"])
		assert.Equal(t, []string{"no-referrer"}, got["Referrer-Policy"])
	})
}
