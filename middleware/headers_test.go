package middleware_test

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/justinas/alice"
	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
	"github.com/tenonkit/tenon/respond"
)

var (
	_ alice.Constructor = middleware.Headers(nil)
	_ alice.Constructor = middleware.NoStore()
	_ alice.Constructor = middleware.Secure()
)

func get() *http.Request { return httptest.NewRequest(http.MethodGet, "/", nil) }

// panicText returns what fn panics with.
func panicText(t *testing.T, fn func()) (text string) {
	t.Helper()
	defer func() { text = fmt.Sprint(recover()) }()
	fn()
	return ""
}

func TestHeaders(t *testing.T) {
	lower := "x-a"
	fixed := http.Header{lower: {"1"}, "X-Two": {"a", "b"}, "Vary": {"Origin"}, "Content-Language": {"en"}}
	mw := middleware.Headers(fixed)
	fixed[lower][0] = "changed"
	fixed.Set("X-Late", "1")
	outer := middleware.Headers(http.Header{"X-A": {"outer"}, "Vary": {"Cookie"}, "X-Outer": {"1"}})
	h := outer(mw(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/own":
			w.Header().Set("X-A", "own")
		case "/error":
			respond.Error(w, r, respond.NewProblem(http.StatusConflict, ""))
			return
		}
		_, _ = w.Write([]byte("text"))
	})))
	kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for path, want := range map[string]string{"/": "1", "/own": "own", "/error": "1"} {
			got := s.Get(t, path).Header
			assert.Equal(t, []string{want}, got["X-A"], path)
			assert.Equal(t, []string{"a", "b"}, got["X-Two"], path)
			assert.Equal(t, []string{"Cookie", "Origin"}, got["Vary"], path)
			assert.Equal(t, []string{"1"}, got["X-Outer"], path)
			assert.Empty(t, got["X-Late"], path)
			assert.Equal(t, path != "/error", got.Get("Content-Language") == "en", "describes the body that is not sent")
		}
	})
	kittest.CheckHeaders(t, h, get)
}

func TestHeaders_faults(t *testing.T) {
	t.Parallel()
	faulty := http.Header{
		"X-Ok": {"fine"}, "a b": {"1"}, "": {"1"}, "X-None": nil, "X-Twice": {"1"}, "x-twice": {"2"},
		"Content-Length": {"3"}, "X-Line": {"a\nb"}, "X-Space": {" a"},
	}
	text := panicText(t, func() { middleware.Headers(faulty) })
	assert.Equal(t, `middleware: Headers: "" is not a field name; "Content-Length" frames the message, so only the server may set it; `+
		`"X-Line" has the value "a\nb", which has a control character or a space at an end; "X-None" has no value; `+
		`"X-Space" has the value " a", which has a control character or a space at an end; "a b" is not a field name; "x-twice" is there twice, in different case`, text)
	assert.NotPanics(t, func() { middleware.Headers(nil) })
}

func TestNoStore(t *testing.T) {
	h := middleware.NoStore()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/own" {
			w.Header().Set("Cache-Control", "private")
		}
		respond.Error(w, r, respond.NewProblem(http.StatusConflict, ""))
	}))
	kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		assert.Equal(t, []string{"no-store"}, s.Get(t, "/").Header["Cache-Control"])
		assert.Equal(t, []string{"private"}, s.Get(t, "/own").Header["Cache-Control"])
	})
	kittest.CheckHeaders(t, h, get)
}

// secureFields are the fields that a response through mw has, as lines.
func secureFields(mw func(http.Handler) http.Handler, r *http.Request) []string {
	w := httptest.NewRecorder()
	mw(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(w, r)
	lines := make([]string, 0, len(w.Header()))
	for name, values := range w.Header() {
		lines = append(lines, name+": "+strings.Join(values, "|"))
	}
	slices.Sort(lines)
	return lines
}

func TestSecure(t *testing.T) {
	t.Parallel()
	plain := []string{
		"Referrer-Policy: strict-origin-when-cross-origin", "X-Content-Type-Options: nosniff", "X-Frame-Options: DENY",
	}
	assert.Equal(t, plain, secureFields(middleware.Secure(), get()))
	overTLS := httptest.NewRequest(http.MethodGet, "https://example.com/", nil)
	with := slices.Insert(slices.Clone(plain), 1, "Strict-Transport-Security: max-age=31536000")
	with = slices.Insert(with, 0, "Cross-Origin-Opener-Policy: same-origin")
	assert.Equal(t, with, secureFields(middleware.Secure(middleware.SecureOption{}), overTLS))

	mw := middleware.Secure(
		middleware.SecureHeader("x-frame-options", ""),
		middleware.SecureHeader("referrer-policy", "no-referrer"),
		middleware.SecureHeader("Content-Security-Policy", "default-src 'self'"),
		middleware.SecureHeader("strict-transport-security", "max-age=60"),
		middleware.SecureHeader("cross-origin-embedder-policy", "require-corp"),
		middleware.SecureTLS(func(r *http.Request) bool { return r.Header.Get("X-Forwarded-Proto") == "https" }),
	)
	changed := []string{
		"Content-Security-Policy: default-src 'self'", "Referrer-Policy: no-referrer", "X-Content-Type-Options: nosniff",
	}
	assert.Equal(t, changed, secureFields(mw, overTLS))
	forwarded := get()
	forwarded.Header.Set("X-Forwarded-Proto", "https")
	assert.Equal(t, []string{
		"Content-Security-Policy: default-src 'self'", "Cross-Origin-Embedder-Policy: require-corp",
		"Cross-Origin-Opener-Policy: same-origin", "Referrer-Policy: no-referrer",
		"Strict-Transport-Security: max-age=60", "X-Content-Type-Options: nosniff",
	}, secureFields(mw, forwarded))

	none := middleware.Secure(middleware.SecureHeader("Strict-Transport-Security", ""))
	assert.Equal(t, slices.Insert(plain, 0, "Cross-Origin-Opener-Policy: same-origin"), secureFields(none, overTLS))
}

// Every answer has the fields, whoever gives it, and they are the server's own.
func TestSecure_everyAnswer(t *testing.T) {
	m := http.NewServeMux()
	m.HandleFunc("GET /text", handle("text", http.StatusOK))
	m.HandleFunc("GET /framed", func(w http.ResponseWriter, _ *http.Request) { w.Header().Del("X-Frame-Options") })
	h := middleware.Secure()(m)
	kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for path, frames := range map[string][]string{"/text": {"DENY"}, "/none": {"DENY"}, "/framed": nil} {
			got := s.Get(t, path).Header
			assert.Equal(t, frames, got["X-Frame-Options"])
			assert.Equal(t, []string{"nosniff"}, got["X-Content-Type-Options"])
			assert.Equal(t, s.Proto == "HTTP/2", got.Get("Strict-Transport-Security") != "", "over TLS alone")
		}
	})
	kittest.CheckHeaders(t, h, get)
}

func TestSecure_faults(t *testing.T) {
	t.Parallel()
	text := panicText(t, func() {
		middleware.Secure(middleware.SecureHeader("a b", "1"), middleware.SecureHeader("X-A", "\r"), middleware.SecureTLS(nil))
	})
	assert.Equal(t, `middleware: Secure: "X-A" has the value "\r", which has a control character or a space at an end; "a b" is not a field name; `+
		`SecureTLS has a nil function: pass one that reports whether the client uses TLS`, text)
}

// One array holds all the values, whatever their number.
func TestHeaders_allocs(t *testing.T) {
	none := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	for name, mw := range map[string]func(http.Handler) http.Handler{
		"Headers": middleware.Headers(http.Header{"X-A": {"1"}, "X-B": {"1", "2"}, "X-C": {"3"}}),
		"NoStore": middleware.NoStore(),
		"Secure":  middleware.Secure(),
	} {
		t.Run(name, func(t *testing.T) {
			h := mw(none)
			var sink kittest.Sink
			r := httptest.NewRequest(http.MethodGet, "https://example.com/", nil)
			kittest.Allocs(t, 1, func() { sink.Reset(); h.ServeHTTP(&sink, r) })
		})
	}
}

func show(h http.Handler, r *http.Request, names ...string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	fmt.Println(w.Code)
	if len(names) == 0 {
		names = slices.Sorted(maps.Keys(w.Header()))
	}
	for _, name := range names {
		fmt.Printf("%s: %s\n", name, w.Header().Get(name))
	}
}

func ExampleHeaders() {
	h := middleware.Headers(http.Header{"Permissions-Policy": {"camera=()"}})(http.NotFoundHandler())
	show(h, get(), "Permissions-Policy")
	// Output:
	// 404
	// Permissions-Policy: camera=()
}

func ExampleNoStore() {
	h := middleware.NoStore()(http.RedirectHandler("/account", http.StatusSeeOther))
	show(h, get(), "Cache-Control", "Location")
	// Output:
	// 303
	// Cache-Control: no-store
	// Location: /account
}

func ExampleSecure() {
	page := respond.Func(func(*http.Request) (any, error) { return respond.NoContent{}, nil })
	show(middleware.Secure()(page), httptest.NewRequest(http.MethodGet, "https://example.com/", nil))
	// Output:
	// 204
	// Cross-Origin-Opener-Policy: same-origin
	// Referrer-Policy: strict-origin-when-cross-origin
	// Strict-Transport-Security: max-age=31536000
	// X-Content-Type-Options: nosniff
	// X-Frame-Options: DENY
}

// A site that is framed by its own pages, and that stands behind a proxy which
// ends TLS.
func ExampleSecureHeader() {
	mw := middleware.Secure(
		middleware.SecureHeader("X-Frame-Options", ""),
		middleware.SecureHeader("Content-Security-Policy", "frame-ancestors 'self'"),
		middleware.SecureTLS(func(r *http.Request) bool { return r.Header.Get("X-Forwarded-Proto") == "https" }),
	)
	r := get()
	r.Header.Set("X-Forwarded-Proto", "https")
	show(mw(http.NotFoundHandler()), r, "Content-Security-Policy", "Strict-Transport-Security", "X-Frame-Options")
	// Output:
	// 404
	// Content-Security-Policy: frame-ancestors 'self'
	// Strict-Transport-Security: max-age=31536000
	// X-Frame-Options:
}

// The value of a field is the handler's to write into, and no other field has it then.
func TestHeaders_ownValue(t *testing.T) {
	for _, value := range []string{"", "private"} {
		h := compress.New()(middleware.NoStore()(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header()["Cache-Control"][0] = value
			_, _ = io.WriteString(w, "text")
		})))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		assert.Equal(t, []string{value}, w.Result().Header["Cache-Control"])
		assert.Equal(t, []string{"Accept-Encoding"}, w.Result().Header["Vary"])
	}
}
