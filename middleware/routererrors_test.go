package middleware_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/justinas/alice"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/conformance"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/respond"
)

var _ alice.Constructor = middleware.RouterErrors()

const (
	notFound   = `{"type":"about:blank","title":"Not Found","status":404}`
	notAllowed = `{"type":"about:blank","title":"Method Not Allowed","status":405}`
)

func handle(text string, status int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("X-Own", "yes")
		w.WriteHeader(status)
		_, _ = io.WriteString(w, text)
	}
}

// refusesOPTIONS is a handler's own 405 to OPTIONS.
var refusesOPTIONS = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Allow", "GET")
	handle("no options", 405)(w, nil)
})

func mux() http.Handler {
	m := http.NewServeMux()
	m.Handle("GET /ok", handle("fine", 200))
	m.Handle("POST /ok", handle("fine", 200))
	m.Handle("GET /missing", http.NotFoundHandler())
	m.Handle("GET /refused", handle("no", 405))
	m.Handle("OPTIONS /own", refusesOPTIONS)
	m.Handle("GET /sub/", handle("below", 200))
	m.HandleFunc("GET /file", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.Copy(w, strings.NewReader("read from"))
		_ = http.NewResponseController(w).Flush()
	})
	return middleware.RouterErrors()(m)
}

func router() http.Handler {
	m := chi.NewRouter()
	m.Use(middleware.RouterErrors())
	m.Method("GET", "/ok", handle("fine", 200))
	m.Method("HEAD", "/ok", handle("fine", 200))
	m.Method("POST", "/ok", handle("fine", 200))
	m.Method("GET", "/missing", http.NotFoundHandler())
	m.Method("GET", "/refused", handle("no", 405))
	m.Method("HEAD", "/refused", handle("no", 405))
	m.Method("OPTIONS", "/own", refusesOPTIONS)
	m.Method("GET", "/sub/*", handle("below", 200))
	m.MethodFunc("GET", "/file", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.Copy(w, strings.NewReader("read from"))
	})
	return m
}

var cases = []struct {
	method, path string
	status       int
	allow, text  string
}{
	{"GET", "/ok", 200, "", "fine"},
	{"GET", "/none", 404, "", notFound},
	{"PATCH", "/none", 404, "", notFound},
	{"HEAD", "/none", 404, "", ""},
	{"PATCH", "/ok", 405, "GET, HEAD, OPTIONS, POST", notAllowed},
	{"OPTIONS", "/ok", 204, "GET, HEAD, OPTIONS, POST", ""},
	{"OPTIONS", "/none", 404, "", notFound},
	{"OPTIONS", "/refused", 204, "GET, HEAD, OPTIONS", ""},
	{"OPTIONS", "/own", 405, "GET", "no options"},
	{"GET", "/missing", 404, "", "404 page not found\n"},
	{"GET", "/refused", 405, "", "no"},
	{"GET", "/sub/x", 200, "", "below"},
	{"GET", "/file", 200, "", "read from"},
}

func TestRouterErrors(t *testing.T) {
	for name, h := range map[string]http.Handler{"ServeMux": mux(), "chi": router()} {
		t.Run(name, func(t *testing.T) {
			kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				for _, tc := range cases {
					got := s.Do(t, tc.method, tc.path, nil, nil)
					assert.Equal(t, tc.status, got.StatusCode, "%s %s", tc.method, tc.path)
					assert.Equal(t, tc.text, got.Text, "%s %s", tc.method, tc.path)
					assert.Equal(t, tc.allow, strings.Join(got.Header["Allow"], "|"), "%s %s", tc.method, tc.path)
					if strings.HasPrefix(tc.text, "{") {
						assert.Equal(t, []string{"application/problem+json"}, got.Header["Content-Type"])
					}
				}
				assert.Empty(t, s.Log())
			})
		})
	}
}

// A 405 to OPTIONS from a router that does not say which methods there are says
// nothing that a 204 could.
func TestRouterErrors_optionsWithoutAllow(t *testing.T) {
	t.Parallel()
	h := middleware.RouterErrors()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Pattern = "" // as a router does that has no route
		w.WriteHeader(http.StatusMethodNotAllowed)
	}))
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodOptions, "/", nil))
	assert.Equal(t, http.StatusMethodNotAllowed, w.Code)
	assert.JSONEq(t, notAllowed, w.Body.String())
	assert.NotContains(t, w.Header(), "Allow")
}

// Outside of chi its pattern is not seen, but a handler's own answer that is not
// plain text still tells.
func TestRouterErrors_outsideOfChi(t *testing.T) {
	t.Parallel()
	m := chi.NewRouter()
	m.Get("/own", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusNotFound)
		_, _ = io.WriteString(w, "{}")
	})
	h := middleware.RouterErrors()(m)
	for path, want := range map[string]string{"/own": "{}", "/none": notFound} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		assert.Equal(t, http.StatusNotFound, w.Code)
		assert.Equal(t, want, w.Body.String())
	}
}

// A router's answer that is written in other ways, and twice, is answered once.
func TestRouterErrors_everyWayOfWriting(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(http.ResponseWriter){
		"Write":       func(w http.ResponseWriter) { _, _ = w.Write([]byte("text")) },
		"WriteString": func(w http.ResponseWriter) { _, _ = io.WriteString(w, "text") },
		"ReadFrom":    func(w http.ResponseWriter) { _, _ = io.Copy(w, strings.NewReader("text")) },
		"Flush":       func(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() },
		"WriteHeader": func(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) },
	} {
		h := middleware.RouterErrors()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			r.Pattern = "" // as http.ServeMux does where it finds nothing
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusNotFound)
			write(w)
		}))
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		assert.JSONEq(t, notFound, w.Body.String(), name)
	}
}

// belowPattern are routers that another came to by a pattern of its own.
func belowPattern(mw func(http.Handler) http.Handler) map[string]http.Handler {
	inner := http.NewServeMux()
	inner.Handle("GET /in/ok", handle("fine", 200))
	inner.Handle("GET /in/missing", http.NotFoundHandler())
	outer := http.NewServeMux()
	outer.Handle("/in/", mw(inner))
	router := chi.NewRouter()
	router.Use(mw)
	router.Route("/in", func(r chi.Router) {
		r.Use(mw)
		r.Method("GET", "/ok", handle("fine", 200))
		r.Method("HEAD", "/ok", handle("fine", 200))
		r.Method("GET", "/missing", http.NotFoundHandler())
	})
	return map[string]http.Handler{"ServeMux": mw(outer), "chi": router}
}

func TestRouterErrors_innerRouter(t *testing.T) {
	for name, h := range belowPattern(middleware.RouterErrors()) {
		t.Run(name, func(t *testing.T) {
			kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				assert.Equal(t, "fine", s.Get(t, "/in/ok").Text)
				assert.JSONEq(t, notFound, s.Get(t, "/in/none").Text)
				assert.JSONEq(t, notFound, s.Get(t, "/none").Text)
				assert.Equal(t, "404 page not found\n", s.Get(t, "/in/missing").Text)
				got := s.Do(t, "PATCH", "/in/ok", nil, nil)
				assert.JSONEq(t, notAllowed, got.Text)
				assert.Equal(t, []string{"GET, HEAD, OPTIONS"}, got.Header["Allow"])
			})
		})
	}
}

// The answer of the inner router is not answered again by the outer one, though
// it is plain text.
func TestRouterErrors_innerErrorHandler(t *testing.T) {
	t.Parallel()
	plain := respond.UseErrorHandler(func(w http.ResponseWriter, r *http.Request, err error) {
		http.Error(w, "below "+r.Pattern, respond.AsProblem(err).Status)
	})
	for name, h := range belowPattern(middleware.RouterErrors()) {
		w := httptest.NewRecorder()
		plain(h).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/in/none", nil))
		want := map[string]string{"ServeMux": "below /in/\n", "chi": "below /in/*\n"}[name]
		assert.Equal(t, want, w.Body.String())
		assert.Equal(t, "text/plain; charset=utf-8", w.Header().Get("Content-Type"))
	}
}

// The pattern is what the routers have set, and that of the outer one where the
// inner has none.
func TestRouterErrors_pattern(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{"/ok": "GET /ok", "/none": "outer"} {
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Pattern = "outer"
		mux().ServeHTTP(httptest.NewRecorder(), r)
		assert.Equal(t, want, r.Pattern)
	}
}

// What is no 404 or 405 of the router passes: redirects of every method, and
// CONNECT.
func TestRouterErrors_redirects(t *testing.T) {
	kittest.Serve(t, mux(), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for path, want := range map[string]string{"/sub": "/sub/", "/sub//x?q": "/sub/x?q"} {
			for _, method := range []string{"GET", "HEAD"} {
				got := s.Do(t, method, path, nil, nil)
				assert.Equal(t, http.StatusTemporaryRedirect, got.StatusCode)
				assert.Equal(t, want, got.Header.Get("Location"))
				assert.Equal(t, "text/html; charset=utf-8", got.Header.Get("Content-Type"))
			}
		}
	})
	for path, status := range map[string]int{"/none": 404, "/ok": 405} {
		w := httptest.NewRecorder()
		mux().ServeHTTP(w, httptest.NewRequest(http.MethodConnect, path, nil))
		assert.Equal(t, status, w.Code)
		assert.Equal(t, "application/problem+json", w.Header().Get("Content-Type"))
	}
}

// copies is what middleware that adds to the context does.
func copies(next http.Handler) http.Handler {
	type key struct{}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), key{}, 1)))
	})
}

func passes(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

// What stands between must not make a handler's own answer one of the router. Where
// it hides the router, that answers by itself.
func TestRouterErrors_copiedRequest(t *testing.T) {
	t.Parallel()
	const stock = "404 page not found\n"
	routes := map[string]http.HandlerFunc{
		"/missing": http.NotFound,
		"/error":   func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "no such article", http.StatusNotFound) },
		"/untyped": handle("no such article", http.StatusNotFound),
		"/silent":  handle("", http.StatusNotFound),
	}
	own := map[string]string{"/missing": stock, "/error": "no such article\n", "/untyped": "no such article", "/silent": ""}
	m, router := http.NewServeMux(), chi.NewRouter()
	for path, h := range routes {
		m.Handle("GET "+path, h)
		router.Get(path, h)
	}
	used := func(between ...func(http.Handler) http.Handler) http.Handler {
		router := chi.NewRouter()
		router.Use(append([]func(http.Handler) http.Handler{middleware.RouterErrors()}, between...)...)
		for path, h := range routes {
			router.Get(path, h)
		}
		return router
	}
	grouped := chi.NewRouter()
	grouped.Group(func(r chi.Router) {
		r.Use(middleware.RouterErrors())
		for path, h := range routes {
			r.Get(path, h)
		}
	})
	outside := middleware.RouterErrors()
	tests := map[string]struct {
		h    http.Handler
		none string // for a path without a route
	}{
		"mux":                     {outside(m), notFound},
		"nothing copied":          {outside(passes(m)), notFound},
		"copied":                  {outside(copies(m)), stock},
		"StripPrefix":             {outside(http.StripPrefix("/", addsSlash(m))), stock},
		"copied, then by us":      {outside(copies(middleware.RequestID()(m))), notFound},
		"by us, then copied":      {outside(middleware.RequestID()(copies(m))), stock},
		"chi":                     {outside(router), notFound},
		"chi behind another":      {outside(passes(router)), stock},
		"chi, copied":             {outside(copies(router)), stock},
		"chi's Use":               {used(), notFound},
		"chi's Use, not the last": {used(passes), stock},
		"chi's Use, then copied":  {used(copies), stock},
		"chi's Group":             {grouped, stock},
	}
	for _, m2 := range conformance.Members() {
		tests["behind "+m2.Name] = struct {
			h    http.Handler
			none string
		}{outside(m2.Wrap(m)), notFound}
	}
	for name, tc := range tests {
		own["/none"] = tc.none
		for path, want := range own {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			r.Header.Set("Authorization", "Basic dXNlcjpwYXNz")
			w := httptest.NewRecorder()
			tc.h.ServeHTTP(w, r)
			assert.Equal(t, http.StatusNotFound, w.Code, "%s: %s", name, path)
			assert.Equal(t, want, w.Body.String(), "%s: %s", name, path)
			assert.NotContains(t, r.Pattern, "no router", "%s: %s", name, path)
		}
	}
}

// addsSlash gives the path back what StripPrefix has taken.
func addsSlash(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.URL.Path = "/" + r.URL.Path
		next.ServeHTTP(w, r)
	})
}

// The pattern is given back also where the handler panics.
func TestRouterErrors_panic(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	assert.Panics(t, func() {
		middleware.RouterErrors()(copies(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("planned") }))).
			ServeHTTP(httptest.NewRecorder(), r)
	})
	assert.Empty(t, r.Pattern)
}

// A route that was mounted on chi is seen from outside of chi too.
func TestRouterErrors_outsideOfMountedChi(t *testing.T) {
	t.Parallel()
	m := chi.NewRouter()
	tenon.Routes{tenon.On("GET", "/own", http.NotFoundHandler())}.Mount(m)
	for path, want := range map[string]string{"/own": "404 page not found\n", "/none": notFound} {
		w := httptest.NewRecorder()
		middleware.RouterErrors()(m).ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		assert.Equal(t, want, w.Body.String())
	}
}

func TestRouterErrors_hijack(t *testing.T) {
	t.Parallel()
	m := http.NewServeMux()
	m.HandleFunc("GET /raw", func(w http.ResponseWriter, _ *http.Request) {
		conn, buf, err := http.NewResponseController(w).Hijack()
		if !assert.NoError(t, err) {
			return
		}
		_, _ = buf.WriteString("HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\nConnection: close\r\n\r\nraw")
		assert.NoError(t, buf.Flush())
		assert.NoError(t, conn.Close())
	})
	server := httptest.NewServer(middleware.RouterErrors()(m))
	t.Cleanup(server.Close)
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/raw", nil)
	require.NoError(t, err)
	got, err := server.Client().Do(request)
	require.NoError(t, err)
	text, err := io.ReadAll(got.Body)
	require.NoError(t, err)
	require.NoError(t, got.Body.Close())
	assert.Equal(t, "raw", string(text))
}

func TestRouterErrors_allocations(t *testing.T) {
	h := mux()
	var sink kittest.Sink
	r := httptest.NewRequest(http.MethodGet, "/ok", nil)
	plain := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { handle("fine", 200)(w, nil) })
	budget := testing.AllocsPerRun(200, func() { sink.Reset(); plain.ServeHTTP(&sink, r) })
	kittest.Allocs(t, budget+1, func() { sink.Reset(); h.ServeHTTP(&sink, r) })
}

func ExampleRouterErrors() {
	m := http.NewServeMux()
	m.HandleFunc("GET /articles", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "articles") })
	h := middleware.RouterErrors()(m)
	for _, method := range []string{"GET", "OPTIONS", "POST"} {
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, "/articles", nil))
		fmt.Printf("%d (%s) %q\n", w.Code, w.Header().Get("Allow"), w.Body)
	}
	// Output:
	// 200 () "articles"
	// 204 (GET, HEAD, OPTIONS) ""
	// 405 (GET, HEAD, OPTIONS) "{\"type\":\"about:blank\",\"title\":\"Method Not Allowed\",\"status\":405}"
}
