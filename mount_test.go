package tenon_test

import (
	"cmp"
	"context"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/respond"
)

func mustParse(text string) *url.URL {
	u, err := url.Parse(text)
	if err != nil {
		panic(err)
	}
	return u
}

func TestMount_besideTheCallersOwn(t *testing.T) {
	t.Parallel()
	check := func(own string, mux *http.ServeMux) {
		assert.Equal(t, "GET by GET /users/{id} id=\"7\"", send(mux, "GET", "/users/7").Body.String(), own)
		if own == "/" {
			assert.Equal(t, "PATCH by /", send(mux, "PATCH", "/users/7").Body.String(), "it takes every method that is left")
			return
		}
		assert.Equal(t, http.StatusMethodNotAllowed, send(mux, "PATCH", "/users/7").Code, own)
	}
	for _, own := range []string{
		"/", "GET /", "GET /static/", "/static/", "POST /users/{id}/photo", "other.test/",
		"OPTIONS /", "OPTIONS /users", "OPTIONS /users/{x}", "OPTIONS /{any}/photo",
	} {
		mux := http.NewServeMux()
		assert.NotPanics(t, func() { routerTable()[1:9].Mount(mux) }, own)
		assert.NotPanics(t, func() { mux.Handle(own, echo) }, own)
		check(own, mux)
		mux = http.NewServeMux()
		assert.NotPanics(t, func() { mux.Handle(own, echo) }, own)
		assert.NotPanics(t, func() { routerTable()[1:9].Mount(mux) }, own)
		check(own, mux)
	}
}

// TestMount_ownOPTIONS has handlers of the caller for OPTIONS, registered before
// and after the routes.
func TestMount_ownOPTIONS(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{tenon.On("GET", "/users", echo), tenon.On("PUT", "/users/{id}", echo), tenon.On("GET", "/slash/", echo)}
	mine := says("mine")
	for _, tc := range []struct{ own, onChi, path, text string }{
		{"/", "/*", "/users", "mine"},
		{"/", "/*", "/users/7", "mine"},
		{"/", "/*", "/slash", "mine"},
		{"/", "/*", "/none", "mine"},
		{"/users", "/users", "/users", "mine"},
		{"/users", "/users", "/users/7", "OPTIONS, PUT"},
		{"/users/{x}", "/users/{x}", "/users/7", "mine"},
		{"/users/{x}", "/users/{x}", "/users", "GET, HEAD, OPTIONS"},
		{"/users/me", "/users/me", "/users/me", "mine"},
		{"/users/me", "/users/me", "/users/7", "OPTIONS, PUT"},
		{"/slash/", "/slash/*", "/slash/", "mine"},
	} {
		for _, isFirst := range []bool{true, false} {
			mux, router := http.NewServeMux(), chi.NewRouter()
			router.Use(middleware.RouterErrors())
			if !isFirst {
				routes.Mount(mux)
				routes.Mount(router)
			}
			mux.Handle("OPTIONS "+tc.own, mine)
			router.Method("OPTIONS", tc.onChi, mine)
			if isFirst {
				routes.Mount(mux)
				routes.Mount(router)
			}
			for name, h := range map[string]http.Handler{"ServeMux": middleware.RouterErrors()(mux), "chi": router} {
				w := send(h, "OPTIONS", tc.path)
				assert.Equal(t, tc.text, cmp.Or(w.Body.String(), w.Header().Get("Allow")), "%s %s on %s", tc.own, tc.path, name)
			}
		}
	}
}

func TestMount_namesBothRoutes(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.Handle("/users/me", echo)
	mux.Handle("GET /pages/{page}", echo)
	defer func() {
		text, _ := recover().(string)
		assert.Regexp(t, `^tenon: the routes cannot be mounted:
	GET /users/\{id\} conflicts with /users/me, registered at [^ ]*mount_test.go:\d+: GET /users/\{id\} matches fewer methods than /users/me, but has a more general path pattern
	GET /pages/\{id\} \(page\) conflicts with GET /pages/\{page\}, registered at [^ ]*mount_test.go:\d+: GET /pages/\{id\} matches the same requests as GET /pages/\{page\}$`, text)
	}()
	tenon.Routes{tenon.On("GET", "/users/{id}", echo), tenon.On("GET", "/fine", echo), tenon.Get("/pages/{id}", page)}.Mount(mux)
}

func TestMount_twoTables(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	tenon.Routes{tenon.On("GET", "/x", echo)}.Mount(mux)
	tenon.Routes{tenon.On("POST", "/x", echo)}.Mount(mux)
	mux.Handle("DELETE /x", echo)
	mux.Handle("/", echo)
	assert.Equal(t, "GET by GET /x", send(mux, "GET", "/x").Body.String())
	assert.Equal(t, "POST by POST /x", send(mux, "POST", "/x").Body.String())
	assert.Equal(t, "OPTIONS by /", send(mux, "OPTIONS", "/x").Body.String())
}

func TestMount_conflictOfTwoTables(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	tenon.Routes{tenon.Get("/pages/{id}", page)}.Mount(mux)
	assert.PanicsWithValue(t, `tenon: the routes cannot be mounted:
	GET /pages/{any} conflicts with GET /pages/{id}, mounted before: GET /pages/{any} matches the same requests as GET /pages/{id}`,
		func() { tenon.Routes{tenon.On("GET", "/pages/{any}", echo)}.Mount(mux) })
}

func TestMount_nil(t *testing.T) {
	t.Parallel()
	for _, router := range []tenon.Muxer{nil, (*http.ServeMux)(nil), (*chi.Mux)(nil)} {
		assert.PanicsWithValue(t, "tenon: Mount: the router is nil: pass one, such as http.NewServeMux()",
			func() { tenon.Routes{tenon.On("GET", "/x", echo)}.Mount(router) })
	}
}

func TestMount_hosts(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	tenon.Routes{tenon.On("GET", "api.test/x", echo), tenon.On("PUT", "api.test/x", echo), tenon.On("GET", "/x", echo)}.Mount(mux)
	assert.Equal(t, "GET by GET api.test/x", send(mux, "GET", "http://api.test:80/x").Body.String())
	assert.Equal(t, "GET by GET /x", send(mux, "GET", "http://other.test/x").Body.String())
	assert.Equal(t, "GET, HEAD, PUT", send(mux, "OPTIONS", "http://api.test/x").Header().Get("Allow"))
	assert.Equal(t, "GET, HEAD", send(mux, "OPTIONS", "http://other.test/x").Header().Get("Allow"))
}

// TestMount_OPTIONS has a table without a route for OPTIONS: the routers answer
// 405, and RouterErrors makes a 204 of it, the same on both.
func TestMount_OPTIONS(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{
		tenon.On("GET", "/a/{x}", echo), tenon.On("POST", "/{y}/b", echo), tenon.On("PUT", "/a/{x}", echo),
		tenon.On("GET", "/slash/", echo), tenon.On("PUT", "/files/{path...}", echo), tenon.On("GET", "/end/{$}", echo),
	}
	bare := http.NewServeMux()
	routes.Mount(bare)
	onMux, onChi := bothRouters(routes)
	for _, tc := range []struct {
		path, allow, answered string
	}{
		{"/a/b", "GET, HEAD, POST, PUT", "GET, HEAD, OPTIONS, POST, PUT"},
		{"/a/c", "GET, HEAD, PUT", "GET, HEAD, OPTIONS, PUT"},
		{"/c/b", "POST", "OPTIONS, POST"},
		{"/slash/", "GET, HEAD", "GET, HEAD, OPTIONS"},
		{"/slash", "GET, HEAD", "GET, HEAD, OPTIONS"},
		{"/slash?a=b", "GET, HEAD", "GET, HEAD, OPTIONS"},
		{"/slash/x", "GET, HEAD", "GET, HEAD, OPTIONS"},
		{"/files", "PUT", "OPTIONS, PUT"},
		{"/end", "GET, HEAD", "GET, HEAD, OPTIONS"},
	} {
		w := send(bare, "OPTIONS", tc.path)
		assert.Equal(t, http.StatusMethodNotAllowed, w.Code, tc.path)
		assert.Equal(t, tc.allow, w.Header().Get("Allow"), tc.path)
		w = send(onMux, "OPTIONS", tc.path)
		assert.Equal(t, http.StatusNoContent, w.Code, tc.path)
		assert.Equal(t, http.Header{"Allow": {tc.answered}}, w.Header(), tc.path)
		assert.Empty(t, w.Body, tc.path)
		assertSame(t, onMux, onChi, "OPTIONS", tc.path)
	}
	for _, path := range []string{"/none", "/end/x"} {
		assert.Equal(t, http.StatusNotFound, send(onMux, "OPTIONS", path).Code, path)
		assertSame(t, onMux, onChi, "OPTIONS", path)
	}
}

// TestMount_viewsAnswerOPTIONS has handlers for every method, which ServeMux and
// chi take without one.
func TestMount_viewsAnswerOPTIONS(t *testing.T) {
	t.Parallel()
	mux, router := http.NewServeMux(), chi.NewRouter()
	methods := tenon.Methods{"GET": echo, "PUT": echo}
	tenon.Routes{tenon.On("GET", "/routes", echo)}.Mount(mux)
	tenon.Routes{tenon.On("GET", "/routes", echo)}.Mount(router)
	mux.Handle("/methods", methods)
	router.Handle("/methods", methods)
	for _, h := range []http.Handler{mux, router} {
		w := send(h, "OPTIONS", "/methods")
		assert.Equal(t, http.StatusNoContent, w.Code)
		assert.Equal(t, "GET, HEAD, OPTIONS, PUT", w.Header().Get("Allow"))
		assert.Equal(t, http.StatusMethodNotAllowed, send(h, "OPTIONS", "/routes").Code)
	}
}

// plainRouter is neither of the two that Mount knows.
type plainRouter map[string]http.Handler

func (p plainRouter) Handle(pattern string, h http.Handler) { p[pattern] = h }

func TestMount_anotherRouter(t *testing.T) {
	t.Parallel()
	router := plainRouter{}
	tenon.Routes{tenon.On("GET", "/x", echo), tenon.On("POST", "/x", echo)}.Mount(router)
	assert.ElementsMatch(t, []string{"GET /x", "POST /x"}, slices.Collect(maps.Keys(router)))
}

// order is the order of the decisions about a request: is there a path, is there
// a method, is the body of the type, do the values fit.
func TestMount_order(t *testing.T) {
	routes := tenon.Routes{tenon.Get("/pages/{id}", page), tenon.Put("/notes/{id}", (&Notes{}).Put)}
	mux, router := http.NewServeMux(), chi.NewRouter()
	router.Use(middleware.RouterErrors())
	routes.Mount(mux)
	routes.Mount(router)
	for name, h := range map[string]http.Handler{"ServeMux": middleware.RouterErrors()(mux), "chi": router} {
		t.Run(name, func(t *testing.T) {
			kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				for _, tc := range []struct {
					method, path, allow string
					status              int
					text                string
				}{
					{"DELETE", "/none", "", 404, `{"type":"about:blank","title":"Not Found","status":404}`},
					{"DELETE", "/pages/x", "GET, HEAD, OPTIONS", 405, `{"type":"about:blank","title":"Method Not Allowed","status":405}`},
					{"GET", "/pages/x", "", 400, `{"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid",` +
						`"errors":[{"in":"path","name":"id","code":"type","detail":"must be an integer"}]}`},
					{"PUT", "/notes/x", "", 415, `{"type":"about:blank","title":"Unsupported Media Type","status":415,"detail":"the Content-Type of the body must be application/json"}`},
					{"GET", "/pages/7", "", 200, "7"},
					{"OPTIONS", "/pages/x", "GET, HEAD, OPTIONS", 204, ""},
				} {
					got := s.Do(t, tc.method, tc.path, strings.NewReader("x"), nil)
					assert.Equal(t, tc.status, got.StatusCode, "%s %s", tc.method, tc.path)
					assert.Equal(t, tc.allow, got.Header.Get("Allow"), "%s %s", tc.method, tc.path)
					assert.Equal(t, tc.text, got.Text, "%s %s", tc.method, tc.path)
					if tc.status >= 400 {
						assert.Equal(t, "application/problem+json", got.Header.Get("Content-Type"))
					}
				}
				get, head := s.Get(t, "/pages/7"), s.Do(t, "HEAD", "/pages/7", nil, nil)
				get.Header.Del("Date")
				head.Header.Del("Date")
				assert.Equal(t, get.Header, head.Header)
				assert.Empty(t, head.Text)
			})
		})
	}
}

func TestMount_errorHandlerRendersTheRouters(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	tenon.Routes{tenon.Get("/pages/{id}", page)}.Mount(mux)
	shout := respond.UseErrorHandler(func(w http.ResponseWriter, _ *http.Request, err error) {
		w.WriteHeader(respond.AsProblem(err).Status)
		_, _ = io.WriteString(w, "NO")
	})
	h := shout(middleware.RouterErrors()(mux))
	for path, status := range map[string]int{"/none": 404, "/pages/x": 400} {
		w := send(h, "GET", path)
		assert.Equal(t, status, w.Code)
		assert.Equal(t, "NO", w.Body.String())
	}
}

func TestMount_handlersAreTheRoutesOwn(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	router := plainRouter{}
	tenon.Routes{tenon.On("GET", "/x", h)}.Mount(router)
	_, isSame := router["GET /x"].(http.HandlerFunc)
	assert.True(t, isSame, "nothing is put around a handler")
}

func newRequest(t *testing.T, method, target string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, target, nil)
	require.NoError(t, err)
	return r
}

// TestMount_allocations holds typed handlers on a mux to the budget of handlers
// by hand that do the same.
func TestMount_allocations(t *testing.T) {
	type in struct {
		ID int `path:"id"`
	}
	typed := http.NewServeMux()
	tenon.Routes{
		tenon.Get("/none", func(context.Context, tenon.None) (tenon.None, error) { return tenon.None{}, nil }),
		tenon.Get("/pages/{id}", func(context.Context, in) (tenon.None, error) { return tenon.None{}, nil }, tenon.Named("one")),
	}.Mount(typed)
	byHand := http.NewServeMux()
	byHand.HandleFunc("GET /none", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	byHand.HandleFunc("GET /pages/{id}", func(w http.ResponseWriter, r *http.Request) {
		_ = r.PathValue("id")
		w.WriteHeader(http.StatusNoContent)
	})
	for _, path := range []string{"/none", "/pages/7"} {
		t.Run(path, func(t *testing.T) {
			var sink kittest.Sink
			r := newRequest(t, "GET", path)
			budget := testing.AllocsPerRun(200, func() { sink.Reset(); byHand.ServeHTTP(&sink, r) })
			kittest.Allocs(t, budget, func() { sink.Reset(); typed.ServeHTTP(&sink, r) })
			assert.Equal(t, http.StatusNoContent, sink.Status)
		})
	}
}

// TestMount_chiAllocations holds the translation to nothing but chi's own.
func TestMount_chiAllocations(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	translated, own := chi.NewRouter(), chi.NewRouter()
	tenon.Routes{tenon.On("GET", "/pages/{id}", h), tenon.On("GET", "/files/{path...}", h), tenon.On("GET", "/static/", h)}.Mount(translated)
	tenon.Routes{tenon.On("GET", "/sub/{id}", h)}.Mount(translated.Route("/in", func(chi.Router) {}))
	own.Get("/pages/{id}", h)
	own.Get("/files/*", h)
	own.Get("/static/*", h)
	own.Route("/in", func(r chi.Router) { r.Get("/sub/{id}", h) })
	for _, path := range []string{"/pages/7", "/files/a/b", "/static/x", "/in/sub/7"} {
		t.Run(path, func(t *testing.T) {
			var sink kittest.Sink
			request := newRequest(t, "GET", path)
			// SetPathValue keeps its map in the request, which chi copies.
			budget := testing.AllocsPerRun(200, func() { sink.Reset(); own.ServeHTTP(&sink, request) })
			kittest.Allocs(t, budget, func() { sink.Reset(); translated.ServeHTTP(&sink, request) })
			assert.Equal(t, http.StatusNoContent, sink.Status)
		})
	}
}
