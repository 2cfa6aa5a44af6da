package nethttp_test

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/nethttp"
)

// checked is what the message of a failure says: the releases of Go that do what the
// tests hold, and the one that does not.
func checked() string {
	return "checked on go1.26.8 and go1.27.3; " + runtime.Version() + " does otherwise"
}

func register(mux *http.ServeMux, patterns ...string) (err error) {
	for _, pattern := range patterns {
		err = nethttp.Register(mux.Handle, pattern, http.NotFoundHandler())
	}
	return err
}

func TestPatternFault(t *testing.T) {
	t.Parallel()
	for pattern, want := range map[string]string{
		"":                 "http: invalid pattern",
		"GET foo":          "host/path missing /",
		"GET /{id":         "bad wildcard segment (must end with '}')",
		"GET /{a}/{a}":     `duplicate wildcard name "a"`,
		"GET /a//b":        "non-CONNECT pattern with unclean path can never match",
		"GET /{p...}/x":    "{...} wildcard not at end",
		"G(ET /a":          `invalid method "G(ET"`,
		"GET /a/{$}/b":     "{$} not at end",
		"GET exa{m}ple/b":  "host contains '{' (missing initial '/'?)",
		"GET /{not ident}": `bad wildcard name "not ident"`,
	} {
		err := register(http.NewServeMux(), pattern)
		require.Error(t, err, "%s: %s", pattern, checked())
		assert.Equal(t, want, nethttp.PatternFault(err), checked())
	}
	require.NoError(t, register(http.NewServeMux(), "GET /{id}"))
	require.ErrorContains(t, nethttp.Register(http.NewServeMux().Handle, "/", nil), "nil handler")
}

func TestConflictOf(t *testing.T) {
	t.Parallel()
	const same = `GET /{b} matches the same requests as GET /{a}`
	const cross = `GET /a/{y} and GET /{x}/b both match some paths, like "/a/b".`
	for _, tc := range []struct{ first, second, reason string }{
		{"GET /{a}", "GET /{b}", same},
		{"GET /{x}/b", "GET /a/{y}", cross},
		{`GET /{x}/"b(`, `GET /a/{y}`, `GET /a/{y} and GET /{x}/"b( both match some paths, like "/a/\"b(".`},
	} {
		mux := http.NewServeMux()
		err := register(mux, tc.first, tc.second)
		require.Error(t, err)
		c, ok := nethttp.ConflictOf(err)
		assert.True(t, ok, "%v: %s", err, checked())
		assert.Equal(t, nethttp.Conflict{Pattern: tc.first, Reason: tc.reason}, c, checked())

		mux = http.NewServeMux()
		_, file, line, _ := runtime.Caller(0)
		mux.Handle(tc.first, http.NotFoundHandler()) // two lines further
		c, _ = nethttp.ConflictOf(register(mux, tc.second))
		assert.Equal(t, nethttp.Conflict{Pattern: tc.first, Place: file + ":" + strconv.Itoa(line+1), Reason: tc.reason}, c, checked())
	}
	c, ok := nethttp.ConflictOf(register(http.NewServeMux(), "GET /{id"))
	assert.False(t, ok)
	assert.Contains(t, c.Reason, "bad wildcard segment")
}

// tableMux has routes that redirect, routes before them, and two methods.
func tableMux(t *testing.T) *http.ServeMux {
	t.Helper()
	mux := http.NewServeMux()
	for _, pattern := range []string{
		"GET /a/", "GET /a/{$}", "GET /files/{path...}", "POST /dir/{$}", "GET /one/{x}/", "HEAD /one/{x}/{$}", "PUT /one/{x}/", "PUT /{y}/two", "GET /a%2Fb/", "CONNECT /c/",
	} {
		require.NoError(t, register(mux, pattern))
	}
	return mux
}

func TestMatch(t *testing.T) {
	t.Parallel()
	mux := tableMux(t)
	for _, tc := range []struct {
		method, path, pattern string
		redirects             bool
	}{
		{"GET", "/a", "GET /a/{$}", true},
		{"GET", "/a/", "GET /a/{$}", false},
		{"GET", "/a/x", "GET /a/", false},
		{"GET", "/files", "GET /files/{path...}", true},
		{"HEAD", "/files", "GET /files/{path...}", true},
		{"POST", "/files", "", false},
		{"POST", "/dir", "POST /dir/{$}", true},
		{"GET", "/one/x", "GET /one/{x}/", true},
		{"HEAD", "/one/x", "HEAD /one/{x}/{$}", true},
		{"PUT", "/one/two", "PUT /{y}/two", false},
		{"PUT", "/one/three", "PUT /one/{x}/", true},
		{"GET", "/a%2Fb", "GET /a%2Fb/", true},
		{"CONNECT", "/c", "CONNECT /c/", true},
		{"GET", "/none", "", false},
		{"GET", "/%zz", "", false},
	} {
		pattern, redirects := nethttp.Match(mux, tc.method, tc.path)
		assert.Equal(t, tc.pattern, pattern, "%s %s: %s", tc.method, tc.path, checked())
		assert.Equal(t, tc.redirects, redirects, "%s %s: %s", tc.method, tc.path, checked())
	}
}

func TestIsRedirect(t *testing.T) {
	mux := tableMux(t)
	for path, want := range map[string]bool{"/a": true, "/a//b": true, "/a/b": false, "/none": false, "/dir/": false} {
		h, _ := mux.Handler(httptest.NewRequest(http.MethodGet, path, nil))
		assert.Equal(t, want, nethttp.IsRedirect(h), "%s: %s", path, checked())
	}
	assert.False(t, nethttp.IsRedirect(nil))
	assert.True(t, nethttp.IsRedirect(http.RedirectHandler("/x", http.StatusMovedPermanently)))
	h := http.NotFoundHandler()
	assert.Zero(t, testing.AllocsPerRun(100, func() { nethttp.IsRedirect(h) }))
}

// uncleanPaths are some that are clean and some that are not.
var uncleanPaths = []string{
	"/", "/a", "/a/", "/a/b", "//", "//a", "/a//b", "/a/b//", "/.", "/..", "/./a", "/a/.", "/a/..", "/a/../b", "/a/./", "/.a", "/..a", "/a./", "/%2F", "/a%2F/", "/%2e", "/a%20b",
}

func TestIsClean(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.Handle("/", http.NotFoundHandler())
	for _, path := range uncleanPaths {
		r := httptest.NewRequest(http.MethodPost, "http://x.test"+path+"?a=%20b", nil)
		own, _ := mux.Handler(r)
		assert.Equal(t, !nethttp.IsRedirect(own), nethttp.IsClean(path), "%s: %s", path, checked())
		if nethttp.IsClean(path) {
			continue
		}
		want, got := httptest.NewRecorder(), httptest.NewRecorder()
		own.ServeHTTP(want, r)
		nethttp.RedirectToClean(got, r)
		assert.Equal(t, want.Result(), got.Result(), "%s: %s", path, checked())
	}
	for _, path := range []string{"", "a", "*"} {
		assert.False(t, nethttp.IsClean(path), path)
	}
}

func TestAddSlash(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.Handle("/a/{x}/", http.NotFoundHandler())
	for _, target := range []string{"/a/b", "/a/b?q=%20&r", "/a/%C3%A9", "/a/b?", "/a/x%2Fy"} {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
			want, got := httptest.NewRecorder(), httptest.NewRecorder()
			r := httptest.NewRequest(method, target, nil)
			mux.ServeHTTP(want, r)
			nethttp.AddSlash(got, r)
			if strings.Contains(target, "%2F") && strings.HasPrefix(runtime.Version(), "go1.26") {
				assert.NotEqual(t, want.Header(), got.Header(), "%s: %s", target, checked())
				path, _, _ := strings.Cut(target, "?")
				assert.Equal(t, path+"/", got.Header().Get("Location"))
				continue
			}
			assert.Equal(t, want.Result(), got.Result(), "%s %s: %s", method, target, checked())
		}
	}
}
