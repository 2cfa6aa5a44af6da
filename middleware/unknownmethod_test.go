package middleware_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/middleware"
)

// A method that the router does not know is answered as every other that it has no
// route for.
func TestRouterErrors_unknownMethod(t *testing.T) {
	t.Parallel()
	outside := chi.NewRouter()
	outside.Get("/ok", handle("fine", http.StatusOK))
	outside.Head("/ok", handle("fine", http.StatusOK))
	outside.Post("/ok", handle("fine", http.StatusOK))
	for name, h := range map[string]http.Handler{"ServeMux": mux(), "chi": middleware.RouterErrors()(outside)} {
		for _, tc := range []struct {
			path, allow, text string
		}{
			{"/ok", "GET, HEAD, OPTIONS, POST", notAllowed},
			{"/none", "", notFound},
		} {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest("FOO", tc.path, nil))
			assert.Equal(t, tc.text, w.Body.String(), "%s %s", name, tc.path)
			assert.Equal(t, tc.allow, strings.Join(w.Header()["Allow"], "|"), "%s %s", name, tc.path)
		}
	}
}
