package middleware_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/conformance"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
)

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
