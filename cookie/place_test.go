package cookie_test

import (
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/cookie"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/rw"
)

// TestSet_replaces sets the cookie a of path / beside what is there, and says
// what stays.
func TestSet_replaces(t *testing.T) {
	t.Parallel()
	const line = "a=new; Path=/"
	for _, tc := range []struct {
		name         string
		before, kept []string
	}{
		{"nothing there", nil, nil},
		{"the same cookie", []string{"a=old; Path=/"}, nil},
		{"twice the same", []string{"a=1; Path=/", "b=2", "a=; Path=/; Max-Age=0"}, []string{"b=2"}},
		{"other spelling", []string{" a = old ;path=/; SECURE"}, nil},
		{"other path", []string{"a=old; Path=/x"}, []string{"a=old; Path=/x"}},
		{"no path", []string{"a=old"}, []string{"a=old"}},
		{"the last path counts", []string{"a=1; Path=/x; Path=/", "a=2; Path=/; Path=/x"}, []string{"a=2; Path=/; Path=/x"}},
		{"other domain", []string{"a=old; Path=/; Domain=example.com"}, []string{"a=old; Path=/; Domain=example.com"}},
		{"other jar", []string{"a=old; Path=/; Secure; Partitioned"}, []string{"a=old; Path=/; Secure; Partitioned"}},
		{"other names", []string{"aa=1; Path=/", "A=2; Path=/", "=a; Path=/", "a2; Path=/"}, []string{"aa=1; Path=/", "A=2; Path=/", "=a; Path=/", "a2; Path=/"}},
		{"a value without a name", []string{"a; Path=/"}, []string{"a; Path=/"}},
		{"not a cookie", []string{"", ";;", "\x00"}, []string{"", ";;", "\x00"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			shared := slices.Clone(tc.before)
			w.Header()["Set-Cookie"] = tc.before
			require.NoError(t, cookie.Set(w, &http.Cookie{Name: "a", Value: "new", Path: "/"}))
			assert.Equal(t, append(tc.kept, line), w.Header()["Set-Cookie"])
			assert.Equal(t, shared, tc.before, "the slice of somebody else")
		})
	}
}

func TestSet_domain(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	for _, domain := range []string{"Example.com", ".example.COM", "example.com"} {
		require.NoError(t, cookie.Set(w, &http.Cookie{Name: "a", Value: "b", Domain: domain}))
	}
	assert.Equal(t, []string{"a=b; Domain=example.com"}, w.Header()["Set-Cookie"])
}

// TestDelete takes back what was set, by its key alone.
func TestDelete(t *testing.T) {
	t.Parallel()
	const gone = "; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0"
	w := httptest.NewRecorder()
	full := &http.Cookie{Name: "__Host-a", Value: "b", Path: "/", MaxAge: 60, Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode, Partitioned: true}
	kept := *full
	require.NoError(t, cookie.Set(w, full))
	require.NoError(t, cookie.Delete(w, full))
	assert.Equal(t, kept, *full)
	require.NoError(t, cookie.Delete(w, &http.Cookie{Name: "b", Domain: "example.com", Value: "\x00 not sent", MaxAge: math.MaxInt32}))
	assert.Equal(t, []string{
		"__Host-a=; Path=/" + gone + "; HttpOnly; Secure; SameSite=None; Partitioned",
		"b=; Domain=example.com" + gone,
	}, w.Header()["Set-Cookie"])
	require.ErrorContains(t, cookie.Delete(w, nil), "cookie: http: nil Cookie")
	require.ErrorContains(t, cookie.Delete(w, &http.Cookie{Name: "__Host-a"}), "needs Secure")
}

// TestCookie_Delete takes back a Set, and the other way round.
func TestCookie_Delete(t *testing.T) {
	t.Parallel()
	for form, c := range authentic(keysOf(t, 1), "session") {
		w := httptest.NewRecorder()
		cookie.Plain[string]("session", cookie.Path("/x")).Set(w, "other")
		for range 3 {
			require.NoError(t, c.Set(w, "one"))
			require.NoError(t, c.Delete(w))
		}
		assert.Equal(t, []string{
			"session=other; Path=/x; HttpOnly; Secure; SameSite=Lax",
			"session=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Secure; SameSite=Lax",
		}, w.Header()["Set-Cookie"], form)

		require.NoError(t, c.Set(w, "two"))
		require.Len(t, w.Header()["Set-Cookie"], 2)
		got, err := c.Get(requestOf(w.Header()["Set-Cookie"][1]))
		require.NoError(t, err)
		assert.Equal(t, "two", got)
	}
}

// TestCookie_started changes nothing once the response has started.
func TestCookie_started(t *testing.T) {
	t.Parallel()
	c := cookie.Sealed[string](keysOf(t, 1), "session")
	for name, start := range map[string]func(w http.ResponseWriter){
		"status":  func(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) },
		"body":    func(w http.ResponseWriter) { w.Write([]byte("x")) },
		"flushed": func(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			recorder := httptest.NewRecorder()
			w := rw.Wrap(recorder)
			w.WriteHeader(http.StatusEarlyHints)
			require.NoError(t, c.Set(w, "early hints do not start it"))
			before := w.Header().Clone()
			start(w)
			const want = "cookie: the response has started"
			require.ErrorContains(t, c.Set(w, "late"), want)
			require.ErrorContains(t, c.Delete(w), want)
			require.ErrorContains(t, cookie.Set(w, &http.Cookie{Name: "a"}), want)
			require.ErrorContains(t, cookie.Delete(w, &http.Cookie{Name: "a"}), want)
			assert.Equal(t, before["Set-Cookie"], w.Header()["Set-Cookie"])
		})
	}
}

// TestCookie_headers leaves every header value to its own response.
func TestCookie_headers(t *testing.T) {
	t.Parallel()
	c := cookie.Plain[string]("a")
	kittest.CheckHeaders(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_ = c.Set(w, "b")
		_ = cookie.Delete(w, &http.Cookie{Name: "c"})
	}), func() *http.Request { return requestOf() })
	kittest.CheckHeaders(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _ = c.Delete(w) }),
		func() *http.Request { return requestOf() })
}
