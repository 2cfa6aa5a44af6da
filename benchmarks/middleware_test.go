package benchmarks_test

import (
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
)

// A smallMiddleware is one of tenon beside what one writes by hand for it.
type smallMiddleware struct {
	name        string
	tenon, hand func(http.Handler) http.Handler
}

func smallMiddlewares() []smallMiddleware {
	setting := func(names, values []string) func(http.Handler) http.Handler {
		return func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				for i, name := range names {
					w.Header().Set(name, values[i])
				}
				next.ServeHTTP(w, r)
			})
		}
	}
	return []smallMiddleware{
		{"NoStore", middleware.NoStore(), setting([]string{"Cache-Control"}, []string{"no-store"})},
		{"Secure", middleware.Secure(), setting(
			[]string{"Referrer-Policy", "X-Content-Type-Options", "X-Frame-Options"},
			[]string{"strict-origin-when-cross-origin", "nosniff", "DENY"})},
		{"ETag", middleware.ETag(), etagByHand},
	}
}

// etagByHand holds the body back in a recorder of its own. Like what one finds
// published, it minds the method, the status and what must not be kept; unlike
// tenon it has no limit to what it holds, lets a handler change the header that it
// has sent, and knows no If-Match.
func etagByHand(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			next.ServeHTTP(w, r)
			return
		}
		held := &handHolder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(held, r)
		h := w.Header()
		if held.status == http.StatusOK && len(held.body) > 0 && h.Get("Set-Cookie") == "" &&
			!strings.Contains(h.Get("Cache-Control"), "no-store") {
			sum := sha256.Sum256(held.body)
			tag := `"` + hex.EncodeToString(sum[:16]) + `"`
			h.Set("ETag", tag)
			if strings.Contains(r.Header.Get("If-None-Match"), tag) {
				h.Del("Content-Type")
				w.WriteHeader(http.StatusNotModified)
				return
			}
			h.Set("Content-Length", strconv.Itoa(len(held.body)))
		}
		w.WriteHeader(held.status)
		_, _ = w.Write(held.body)
	})
}

type handHolder struct {
	http.ResponseWriter

	status int
	body   []byte
}

func (w *handHolder) WriteHeader(status int) { w.status = status }

func (w *handHolder) Write(p []byte) (int, error) {
	w.body = append(w.body, p...)
	return len(p), nil
}

// plainText is an answer of 200 bytes.
func plainText() http.Handler {
	text, media := []byte(strings.Repeat("x", 200)), []string{"text/plain; charset=utf-8"}
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header()["Content-Type"] = media
		_, _ = w.Write(text)
	})
}

func TestMiddleware_alike(t *testing.T) {
	for _, mw := range smallMiddlewares() {
		var answers []*http.Response
		for _, wrap := range []func(http.Handler) http.Handler{mw.tenon, mw.hand} {
			w, r := httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil)
			wrap(plainText()).ServeHTTP(w, r)
			assert.Len(t, w.Body.String(), 200)
			got := w.Result()
			// How a tag is made is up to each.
			if tag := got.Header.Get("ETag"); tag != "" {
				got.Header.Set("ETag", "some")
				r.Header.Set("If-None-Match", tag)
				w = httptest.NewRecorder()
				wrap(plainText()).ServeHTTP(w, r)
				assert.Equal(t, http.StatusNotModified, w.Code)
			}
			answers = append(answers, got)
		}
		assert.Equal(t, answers[0].Header, answers[1].Header, mw.name)
	}
}

// BenchmarkMiddleware serves 200 bytes through one middleware, by=tenon and
// by=hand, and through none.
func BenchmarkMiddleware(b *testing.B) {
	run := func(name string, h http.Handler) {
		b.Run(name, func(b *testing.B) {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			var sink kittest.Sink
			b.ReportAllocs()
			for b.Loop() {
				sink.Reset()
				h.ServeHTTP(&sink, r)
			}
		})
	}
	bare := plainText()
	run("none", bare)
	for _, mw := range smallMiddlewares() {
		run(mw.name+"/by=tenon", mw.tenon(bare))
		run(mw.name+"/by=hand", mw.hand(bare))
	}
}
