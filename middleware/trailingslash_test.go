package middleware_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/justinas/alice"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
)

var _ alice.Constructor = middleware.TrailingSlash()

// slashRoutes are routes of both forms, as ServeMux writes them.
func slashRoutes() []string {
	return []string{
		"GET /{$}", "GET /plain", "POST /plain", "GET /slashed/{$}", "POST /slashed/{$}", "GET /items/{id}", "GET /users/{id}/{$}",
		"GET /both", "GET /both/{$}", "GET /ü", "GET /ä/{$}", "GET /mixed", "POST /mixed/{$}", "OPTIONS /options",
	}
}

// slashRouters serve slashRoutes, each with TrailingSlash around it.
func slashRouters() map[string]http.Handler {
	m, errors, used, around := http.NewServeMux(), http.NewServeMux(), chi.NewRouter(), chi.NewRouter()
	used.Use(middleware.TrailingSlash(middleware.TrailingSlashMatch(used)))
	for _, route := range slashRoutes() {
		m.Handle(route, handle(route, http.StatusOK))
		errors.Handle(route, handle(route, http.StatusOK))
		method, pattern, _ := strings.Cut(route, " ")
		pattern = strings.TrimSuffix(pattern, "{$}")
		used.Method(method, pattern, handle(route, http.StatusOK))
		around.Method(method, pattern, handle(route, http.StatusOK))
	}
	m.Handle("GET /moved", http.RedirectHandler("/plain", http.StatusMovedPermanently))
	return map[string]http.Handler{
		"ServeMux":             middleware.TrailingSlash()(m),
		"behind RouterErrors":  middleware.TrailingSlash(middleware.TrailingSlashMux(errors))(middleware.RouterErrors()(errors)),
		"chi's Use":            used,
		"around a router":      middleware.TrailingSlash(middleware.TrailingSlashMatch(around))(around),
		"around a zero option": middleware.TrailingSlash(middleware.TrailingSlashOption{})(m),
	}
}

type slashCase struct {
	method, path string
	status       int
	location     string
}

func slashCases() []slashCase {
	return []slashCase{
		{"GET", "/", 200, ""},
		{"GET", "/plain", 200, ""},
		{"GET", "/plain/", 302, "/plain"},
		{"HEAD", "/plain/", 302, "/plain"},
		{"POST", "/plain/", 307, "/plain"},
		{"GET", "/plain/?a=%2F&b=c/", 302, "/plain?a=%2F&b=c/"},
		{"GET", `/plain/?a=\b`, 302, "/plain?a=%5Cb"},
		{"GET", "/plain/?", 302, "/plain?"},
		{"GET", "/slashed/", 200, ""},
		{"GET", "/slashed", 302, "/slashed/"},
		{"HEAD", "/slashed", 302, "/slashed/"},
		{"POST", "/slashed?x", 307, "/slashed/?x"},
		{"OPTIONS", "/slashed", 405, ""},
		{"OPTIONS", "/options", 200, ""},
		{"OPTIONS", "/options/", 404, ""},
		{"GET", "/items/7", 200, ""},
		{"GET", "/items/7/", 302, "/items/7"},
		{"GET", "/items/a%2Fb/", 302, "/items/a%2Fb"},
		{"GET", "/items/a%20b%3F/", 302, "/items/a%20b%3F"},
		{"GET", "/items/%5Cb/", 302, "/items/%5Cb"},
		{"GET", "/users/7", 302, "/users/7/"},
		{"GET", "/users/a%2Fb", 302, "/users/a%2Fb/"},
		{"GET", "/users/%C3%BC", 302, "/users/%C3%BC/"},
		{"GET", "/%C3%BC", 200, ""},
		{"GET", "/%C3%BC/", 302, "/%C3%BC"},
		{"GET", "/%C3%A4", 302, "/%C3%A4/"},
		{"GET", "/both", 200, ""},
		{"GET", "/both/", 200, ""},
		{"POST", "/mixed", 307, "/mixed/"},
		{"GET", "/mixed/", 302, "/mixed"},
		{"DELETE", "/plain/", 404, ""},
		{"GET", "/none", 404, ""},
		{"GET", "/none/", 404, ""},
		{"GET", "/items", 404, ""},
		{"GET", "/%2Fexample.org/", 404, ""},
		{"GET", "/%5Cexample.org/", 404, ""},
	}
}

// goesTo returns the target that a client goes to which has asked for target and
// got location, or "".
func goesTo(t *testing.T, target, location string) string {
	t.Helper()
	if location == "" {
		return ""
	}
	base, err := url.Parse("http://example.com" + target)
	require.NoError(t, err)
	to, err := base.Parse(location)
	require.NoError(t, err)
	assert.Equal(t, "example.com", to.Host)
	return to.RequestURI()
}

func TestTrailingSlash(t *testing.T) {
	for name, h := range slashRouters() {
		t.Run(name, func(t *testing.T) {
			kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				for _, tc := range slashCases() {
					got := s.Do(t, tc.method, tc.path, nil, nil)
					switch {
					case tc.status < 400:
						assert.Equal(t, tc.status, got.StatusCode, "%s %s", tc.method, tc.path)
					case tc.status == 405 && tc.method == "OPTIONS" && name == "behind RouterErrors":
						assert.Equal(t, http.StatusNoContent, got.StatusCode, "%s %s", tc.method, tc.path)
					default:
						assert.Contains(t, []int{404, 405}, got.StatusCode, "%s %s", tc.method, tc.path)
					}
					assert.Equal(t, tc.location, goesTo(t, tc.path, got.Header.Get("Location")), "%s %s", tc.method, tc.path)
				}
			})
		})
	}
}

// What the router itself redirects is its own, apart from a slash at the end.
func TestTrailingSlash_routersOwn(t *testing.T) {
	kittest.Serve(t, slashRouters()["ServeMux"], func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for path, want := range map[string]string{
			"/moved": "301 /plain", "/moved/": "302 /moved", "//plain": "307 /plain", "/a/../plain": "307 /plain",
			"//plain/": "307 /plain/", "/.//slashed": "307 /slashed/",
		} {
			got := s.Get(t, path)
			assert.Equal(t, want, fmt.Sprint(got.StatusCode, " ", goesTo(t, path, got.Header.Get("Location"))), path)
		}
	})
}

// What somebody further out has taken from the path is still in the target, and
// a sub-router of chi is no different from the outermost one.
func TestTrailingSlash_prefix(t *testing.T) {
	t.Parallel()
	m, top, asked, unasked := http.NewServeMux(), chi.NewRouter(), chi.NewRouter(), chi.NewRouter()
	asked.Use(middleware.TrailingSlash(middleware.TrailingSlashMatch(top)))
	unasked.Use(middleware.TrailingSlash())
	for _, route := range slashRoutes() {
		m.Handle(route, handle(route, http.StatusOK))
		method, pattern, _ := strings.Cut(route, " ")
		asked.Method(method, strings.TrimSuffix(pattern, "{$}"), handle(route, http.StatusOK))
		unasked.Method(method, strings.TrimSuffix(pattern, "{$}"), handle(route, http.StatusOK))
	}
	top.Mount("/asked", asked)
	top.Mount("/unasked", unasked)
	for prefix, h := range map[string]http.Handler{
		"/strip":   http.StripPrefix("/strip", middleware.TrailingSlash()(m)),
		"/strip/a": http.StripPrefix("/strip/a", middleware.TrailingSlash(middleware.TrailingSlashMux(m))(middleware.RouterErrors()(m))),
		"/asked":   top,
		"/unasked": top,
	} {
		for _, tc := range slashCases() {
			path, _, _ := strings.Cut(tc.path, "?")
			// Unasked, it takes slashes away, and for a 404: /mixed/ is there for POST.
			if tc.path == "/" || prefix == "/unasked" && (tc.location == "" || !strings.HasSuffix(path, "/") || path == "/mixed/") {
				continue
			}
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(tc.method, prefix+tc.path, nil))
			want := tc.location
			if want != "" {
				want = prefix + want
			}
			assert.Equal(t, want, goesTo(t, prefix+tc.path, w.Header().Get("Location")), "%s %s%s", tc.method, prefix, tc.path)
		}
	}
}

// Without a router to ask only a slash that is too many goes, and only where the
// router itself has answered.
func TestTrailingSlash_unasked(t *testing.T) {
	hidden, outer := http.NewServeMux(), http.NewServeMux()
	hidden.Handle("GET /plain", handle("plain", http.StatusOK))
	hidden.Handle("POST /plain", handle("plain", http.StatusOK))
	hidden.Handle("GET /own/{$}", handle("own", http.StatusNotFound))
	hidden.Handle("GET /json/{$}", http.NotFoundHandler())
	outer.Handle("/", middleware.TrailingSlash()(http.HandlerFunc(hidden.ServeHTTP)))
	var pattern string
	seen := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		outer.ServeHTTP(w, r)
		pattern = r.Pattern
	})
	router := chi.NewRouter()
	router.Use(middleware.TrailingSlash())
	router.Method("GET", "/plain", handle("plain", http.StatusOK))
	router.Method("POST", "/plain", handle("plain", http.StatusOK))
	router.Method("GET", "/own/", handle("own", http.StatusNotFound))
	router.Method("GET", "/json/", http.NotFoundHandler())
	for name, h := range map[string]http.Handler{"ServeMux": seen, "chi": router} {
		t.Run(name, func(t *testing.T) {
			kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				for request, want := range map[string]string{
					"GET /plain": "200 ", "GET /plain/?a": "302 /plain?a", "POST /plain/": "307 /plain", "OPTIONS /none/": "404 ",
					"GET /none": "404 ", "GET /none/": "302 /none", "GET /own/": "404 ", "GET /own": "404 ", "GET /json/": "404 ",
					"PATCH /plain": "405 ", "GET /%5Cexample.org/": "404 ",
				} {
					if name == "ServeMux" && request == "GET /own" {
						want = "307 /own/"
					}
					method, target, _ := strings.Cut(request, " ")
					got := s.Do(t, method, target, nil, nil)
					assert.Equal(t, want, fmt.Sprint(got.StatusCode, " ", goesTo(t, target, got.Header.Get("Location"))), request)
					if got.StatusCode < 400 && got.StatusCode > 200 && want[0] == '3' && !strings.HasPrefix(want, "307 /own") {
						assert.Empty(t, got.Text)
						assert.Empty(t, got.Header["Content-Type"])
					}
				}
			})
		})
	}
	seen(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/none/", nil))
	assert.Equal(t, "/", pattern, "the pattern of the outer router")
	seen(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/own/", nil))
	assert.Equal(t, "GET /own/{$}", pattern)
}

// A tree of ServeMux serves what is below it, and its root is known with the
// slash alone.
func TestTrailingSlash_tree(t *testing.T) {
	t.Parallel()
	m := http.NewServeMux()
	m.Handle("/tree/", handle("tree", http.StatusOK))
	m.Handle("/rest/{path...}", http.RedirectHandler("/elsewhere", http.StatusSeeOther))
	m.Handle("example.com/host", handle("host", http.StatusOK))
	h := middleware.TrailingSlash()(m)
	for target, want := range map[string]string{
		"/tree": "302 /tree/", "/tree/": "200 ", "/tree/a": "200 ", "/tree/a/": "200 ",
		"/rest": "302 /rest/", "/rest/": "303 /elsewhere", "/rest/a": "303 /elsewhere", "/rest/a/": "303 /elsewhere",
		"http://example.com/host/": "302 /host", "http://example.org/host/": "404 ",
	} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, target, nil))
		path := strings.TrimPrefix(strings.TrimPrefix(target, "http://example.com"), "http://example.org")
		assert.Equal(t, want, fmt.Sprint(w.Code, " ", goesTo(t, path, w.Header().Get("Location"))), target)
	}
}

// A client that follows the redirect of a POST sends the body again.
func TestTrailingSlash_body(t *testing.T) {
	t.Parallel()
	m := http.NewServeMux()
	m.HandleFunc("POST /notes/{$}", func(w http.ResponseWriter, r *http.Request) { _ = r.Write(w) })
	server := httptest.NewServer(middleware.TrailingSlash()(m))
	t.Cleanup(server.Close)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL+"/notes", strings.NewReader("the body"))
	require.NoError(t, err)
	response, err := server.Client().Do(request)
	require.NoError(t, err)
	text := new(strings.Builder)
	require.NoError(t, response.Write(text))
	assert.Contains(t, text.String(), "POST /notes/")
	assert.Contains(t, text.String(), "the body")
}

// sameSite reports whether a browser that is at base stays on its host when it
// follows location, whether or not something on the way decodes it.
func sameSite(t *testing.T, base *url.URL, location string) {
	t.Helper()
	assert.True(t, strings.HasPrefix(location, "../") || strings.HasPrefix(location, "./"), location)
	for range 2 {
		slashes := strings.ReplaceAll(location, `\`, "/")
		assert.False(t, strings.HasPrefix(slashes, "//"), location)
		assert.False(t, strings.ContainsFunc(location, func(r rune) bool { return r < ' ' }), location)
		target, err := base.Parse(slashes)
		require.NoError(t, err)
		assert.Equal(t, base.Host, target.Host, location)
		assert.Equal(t, base.Scheme, target.Scheme, location)
		decoded, err := url.PathUnescape(strings.SplitN(location, "?", 2)[0])
		if err != nil || strings.ContainsFunc(decoded, func(r rune) bool { return r <= ' ' || r == 0x7f || r == '%' || r == '?' || r == '#' || r == ':' }) {
			return
		}
		location = decoded
	}
}

// FuzzTrailingSlash holds that no target leaves the host, and that it is the
// path of the request but for one slash.
func FuzzTrailingSlash(f *testing.F) {
	for _, tc := range slashCases() {
		f.Add(tc.path)
	}
	for _, path := range []string{
		"//example.org/", "/\\example.org/", "/%5c/example.org/", "/%2f%2fexample.org", "///example.org//", "/.//example.org/",
		"/%2e%2e//example.org/", "/;/example.org/", "/%09/example.org/", "/%0d%0aLocation:%20x/", "/https:/example.org/", "/@example.org/",
		"/a\u3000/", "/?//example.org/", "/a/#//b", "/%/", "/a?b\\", "/a!/", "/a?#%", "*", "/a%2F",
	} {
		f.Add(path)
	}
	all := middleware.TrailingSlash(middleware.TrailingSlashFunc(func(r *http.Request) bool { return r.Header.Get("X-Asked") != r.URL.EscapedPath() }))
	handlers := []http.Handler{all(http.NotFoundHandler()), middleware.TrailingSlash()(http.NotFoundHandler())}
	f.Fuzz(func(t *testing.T, target string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || u.Host != "" || u.Scheme != "" {
			return
		}
		base := &url.URL{Scheme: "https", Host: "example.com", Path: u.Path, RawPath: u.RawPath}
		for _, h := range handlers {
			w, r := httptest.NewRecorder(), get()
			r.URL = u
			r.Header.Set("X-Asked", u.EscapedPath())
			h.ServeHTTP(w, r)
			if w.Code != http.StatusFound {
				assert.Equal(t, http.StatusNotFound, w.Code)
				continue
			}
			location := w.Header().Get("Location")
			sameSite(t, base, location)
			to, err := base.Parse(location)
			require.NoError(t, err)
			assert.Equal(t, strings.TrimSuffix(u.EscapedPath(), "/"), strings.TrimSuffix(to.EscapedPath(), "/"))
			assert.NotEqual(t, u.EscapedPath(), to.EscapedPath())
		}
	})
}

func TestTrailingSlash_faults(t *testing.T) {
	t.Parallel()
	const each = "TrailingSlashMux has a nil router: pass the router; TrailingSlashMatch has a nil router: pass the router; "
	assert.PanicsWithValue(t, "middleware: TrailingSlash: "+each+each+"TrailingSlashFunc has a nil function: pass one that asks the router", func() {
		middleware.TrailingSlash(middleware.TrailingSlashMux(nil), middleware.TrailingSlashMatch[int](nil), middleware.TrailingSlashMux((*http.ServeMux)(nil)), middleware.TrailingSlashMatch[chi.Context]((*chi.Mux)(nil)), middleware.TrailingSlashFunc(nil))
	})
}

// The question costs nothing where the mux finds a route without wildcards.
func TestTrailingSlash_allocs(t *testing.T) {
	m := http.NewServeMux()
	m.HandleFunc("GET /plain", func(http.ResponseWriter, *http.Request) {})
	h := middleware.TrailingSlash()(m)
	r := httptest.NewRequest(http.MethodGet, "/plain", nil)
	var sink kittest.Sink
	kittest.Allocs(t, 0, func() { sink.Reset(); h.ServeHTTP(&sink, r) })
}

func ExampleTrailingSlash() {
	m := http.NewServeMux()
	m.HandleFunc("GET /articles/{$}", func(http.ResponseWriter, *http.Request) {})
	m.HandleFunc("POST /login", func(http.ResponseWriter, *http.Request) {})
	h := middleware.TrailingSlash()(m)
	for _, line := range []string{"GET /articles?page=2", "POST /login/", "GET /articles/"} {
		method, target, _ := strings.Cut(line, " ")
		show(h, httptest.NewRequest(method, target, nil), "Location")
	}
	// Output:
	// 302
	// Location: ./articles/?page=2
	// 307
	// Location: ../login
	// 200
	// Location:
}

func ExampleTrailingSlashMatch() {
	router := chi.NewRouter()
	router.Use(middleware.TrailingSlash(middleware.TrailingSlashMatch(router)))
	router.Get("/articles/{id}", func(http.ResponseWriter, *http.Request) {})
	show(router, httptest.NewRequest(http.MethodGet, "/articles/7/", nil), "Location")
	// Output:
	// 302
	// Location: ../7
}

// The mux is out of sight behind RouterErrors.
func ExampleTrailingSlashMux() {
	m := http.NewServeMux()
	m.HandleFunc("GET /articles", func(http.ResponseWriter, *http.Request) {})
	chain := alice.New(middleware.TrailingSlash(middleware.TrailingSlashMux(m)), middleware.RouterErrors())
	show(chain.Then(m), httptest.NewRequest(http.MethodGet, "/articles/", nil), "Location")
	// Output:
	// 302
	// Location: ../articles
}

func ExampleTrailingSlashFunc() {
	known := map[string]bool{"GET /articles": true}
	mw := middleware.TrailingSlash(middleware.TrailingSlashFunc(func(r *http.Request) bool { return known[r.Method+" "+r.URL.Path] }))
	show(mw(http.NotFoundHandler()), httptest.NewRequest(http.MethodGet, "/articles/", nil), "Location")
	// Output:
	// 302
	// Location: ../articles
}
