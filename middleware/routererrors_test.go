package middleware_test

import (
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
	kittest.Allocs(t, budget+1, func() {
		sink.Reset()
		r.Pattern = "" // as it comes from the server
		h.ServeHTTP(&sink, r)
	})
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
