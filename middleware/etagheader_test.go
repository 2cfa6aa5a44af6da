package middleware_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/respond"
)

// As without ETag, the header is the one that the response began with, whatever
// the handler does to it while the body is held back.
func TestETag_lateHeader(t *testing.T) {
	begin := map[string]func(w http.ResponseWriter){
		"WriteHeader": func(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) },
		"Write":       func(w http.ResponseWriter) { _, _ = w.Write(nil) },
		"WriteString": func(w http.ResponseWriter) { _, _ = io.WriteString(w, "te") },
		"ReadFrom":    func(w http.ResponseWriter) { _, _ = io.Copy(w, iotestReader("te")) },
	}
	for name, begins := range begin {
		for _, rest := range []string{"xt", strings.Repeat("x", etagLimit+1)} {
			h := middleware.ETag(middleware.ETagBuffer(etagLimit))(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["X-Kept"] = []string{"early"}
				w.Header().Set("X-Gone", "early")
				begins(w)
				w.Header()["X-Kept"][0] = "late"
				w.Header().Del("X-Gone")
				w.Header().Set("Content-Length", "1")
				w.Header().Set("Cache-Control", "no-store")
				w.Header().Set("Set-Cookie", "a=b")
				_, _ = io.WriteString(w, rest)
			}))
			kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				got := s.Get(t, "/")
				assert.True(t, strings.HasSuffix(got.Text, rest), name)
				assert.Equal(t, len(rest) == 2, got.Header.Get("ETag") != "", name)
				assert.Equal(t, "early", got.Header.Get("X-Kept"), name)
				assert.Equal(t, "early", got.Header.Get("X-Gone"), name)
				assert.Empty(t, got.Header["Set-Cookie"], name)
				assert.Empty(t, got.Header["Cache-Control"], name)
			})
		}
	}
}

// An answer to HEAD that has no body has no tag to compare either; where the
// handler knows the tag, it is used as for GET.
func TestETag_headWithoutBody(t *testing.T) {
	for tag, want := range map[string]int{"": 200, `"own"`: 304} {
		h := middleware.ETag()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if tag != "" {
				w.Header().Set("ETag", tag)
			}
			w.Header().Set("Content-Length", "4")
			if r.Method != http.MethodHead {
				_, _ = io.WriteString(w, "text")
			}
		}))
		kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
			t.Helper()
			known := s.Get(t, "/").Header.Get("ETag")
			got := s.Do(t, "HEAD", "/", nil, http.Header{"If-None-Match": {known}})
			assert.Equal(t, want, got.StatusCode)
			assert.Equal(t, tag, got.Header.Get("ETag"))
			assert.EqualValues(t, 4, s.Do(t, "HEAD", "/", nil, nil).ContentLength)
		})
	}
}

// HEAD like GET, for what respond and net/http write.
func TestETag_headOfRespond(t *testing.T) {
	h := middleware.ETag()(respond.Func(func(*http.Request) (any, error) { return strings.Repeat("x", 5000), nil }))
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		get, head := s.Get(t, "/").Header, s.Do(t, "HEAD", "/", nil, nil).Header
		assert.NotEmpty(t, get["Etag"])
		get["Date"], head["Date"] = nil, nil
		assert.Equal(t, get, head)
		assert.Equal(t, 304, s.Do(t, "HEAD", "/", nil, http.Header{"If-None-Match": get["Etag"]}).StatusCode)
	})
}
