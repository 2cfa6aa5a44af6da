package middleware_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
)

// idOf serves one request and returns the ID in the context and in the response.
func idOf(mw func(http.Handler) http.Handler, sent ...string) (inside, outside string) {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	if len(sent) > 0 {
		r.Header["X-Request-Id"] = sent
	}
	mw(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		inside = middleware.RequestIDFrom(r.Context())
	})).ServeHTTP(w, r)
	return inside, strings.Join(w.Header()["X-Request-Id"], "|")
}

func TestRequestID(t *testing.T) {
	t.Parallel()
	random := regexp.MustCompile(`^[0-9a-f]{32}$`)
	seen := map[string]bool{}
	for range 1000 {
		inside, outside := idOf(middleware.RequestID(), "sent")
		assert.Regexp(t, random, inside)
		assert.Equal(t, inside, outside)
		assert.False(t, seen[inside])
		seen[inside] = true
	}
	assert.Empty(t, middleware.RequestIDFrom(t.Context()))
}

func TestRequestID_inbound(t *testing.T) {
	t.Parallel()
	mw := middleware.RequestID(middleware.RequestIDOption{}, middleware.RequestIDTrustInbound())
	for _, sent := range []string{"a", "Root=1-67891233-abcdef", "AZaz09-._~+/=:@", strings.Repeat("x", 128)} {
		inside, outside := idOf(mw, sent)
		assert.Equal(t, sent, inside)
		assert.Equal(t, sent, outside)
	}
	for _, sent := range [][]string{
		nil, {""}, {"a", "b"}, {strings.Repeat("x", 129)}, {"a b"}, {"a\nb"}, {"a,b"}, {"<x>"}, {"\x1b[31m"}, {"é"}, {`"`}, {"a\x00"},
	} {
		inside, _ := idOf(mw, sent...)
		assert.Len(t, inside, 32, "%q", sent)
	}
}

// The ID of a RequestID further out stays, and contexts below end as ever.
func TestRequestID_nested(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	h := middleware.RequestID()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		outer := middleware.RequestIDFrom(r.Context())
		middleware.RequestID()(http.HandlerFunc(func(_ http.ResponseWriter, inner *http.Request) {
			assert.Equal(t, outer, middleware.RequestIDFrom(inner.Context()))
			below, stop := context.WithTimeout(inner.Context(), time.Hour)
			defer stop()
			assert.Equal(t, outer, middleware.RequestIDFrom(below))
			cancel()
			<-below.Done()
			assert.ErrorIs(t, below.Err(), context.Canceled)
		})).ServeHTTP(w, r)
	}))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx))
	assert.Len(t, w.Header()["X-Request-Id"], 1)
}

func TestRequestID_header(t *testing.T) {
	t.Parallel()
	var inside []string
	h := middleware.RequestID(middleware.RequestIDTrustInbound())(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["X-Request-Id"][0] = "overwritten"
		inside = append(inside, middleware.RequestIDFrom(r.Context()))
	}))
	kittest.CheckHeaders(t, h, func() *http.Request {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("X-Request-Id", "sent")
		return r
	})
	assert.Equal(t, []string{"sent", "sent"}, inside)
}

func TestRequestID_allocs(t *testing.T) {
	var sink kittest.Sink
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	h := middleware.RequestID()(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	// The text, the context with the header field, and the request.
	kittest.Allocs(t, 3, func() { sink.Reset(); h.ServeHTTP(&sink, r) })
}

func ExampleRequestID() {
	h := middleware.RequestID()(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		fmt.Println(len(middleware.RequestIDFrom(r.Context())))
	}))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	fmt.Println(len(w.Header().Get("X-Request-Id")))
	// Output:
	// 32
	// 32
}

func ExampleRequestIDTrustInbound() {
	h := middleware.RequestID(middleware.RequestIDTrustInbound())(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		fmt.Println(middleware.RequestIDFrom(r.Context()))
	}))
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("X-Request-Id", "from-the-proxy-1")
	h.ServeHTTP(httptest.NewRecorder(), r)
	// Output: from-the-proxy-1
}
