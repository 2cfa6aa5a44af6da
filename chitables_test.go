package tenon_test

import (
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/go-chi/chi/v5"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/middleware"
)

// pick returns n random elements joined by slashes, with one before each.
func pick(r *rand.Rand, n int, from []string) string {
	var b strings.Builder
	for range n {
		b.WriteString("/" + from[r.IntN(len(from))])
	}
	return b.String()
}

// randomTable returns routes that are sound together.
func randomTable(r *rand.Rand) tenon.Routes {
	inner, wild := []string{"a", "b", "c", "é", "{id}"}, []string{"{x}", "{y}"}
	last := []string{"a", "b", "", "", "{$}", "{z}", "{path...}"}
	var routes tenon.Routes
	for range 12 {
		pattern := pick(r, r.IntN(3), inner)
		if r.IntN(3) == 0 {
			pattern += pick(r, 1, wild)
		}
		pattern += pick(r, 1, last)
		method := []string{"GET", "GET", "POST", "HEAD", "DELETE", "OPTIONS"}[r.IntN(6)]
		if longer := append(slices.Clip(routes), tenon.On(method, pattern, echo)); longer.Check() == nil {
			routes = longer
		}
	}
	return routes
}

// belowPrefix are the same routes below /v1 on both routers, on chi in a
// sub-router.
func belowPrefix(routes tenon.Routes) (onMux, onChi http.Handler) {
	mux := http.NewServeMux()
	routes.Prefix("/v1").Mount(mux)
	router := chi.NewRouter()
	router.Route("/v1", func(inner chi.Router) {
		inner.Use(middleware.RouterErrors())
		routes.Mount(inner.With(func(next http.Handler) http.Handler { return next }))
	})
	return middleware.RouterErrors()(mux), router
}

// TestMount_chiRandomTables compares the routers over tables that nobody chose.
func TestMount_chiRandomTables(t *testing.T) {
	t.Parallel()
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 2))
		routes := randomTable(r)
		onMux, onChi := bothRouters(routes)
		prefix := ""
		if seed%2 == 1 {
			prefix = "/v1"
			onMux, onChi = belowPrefix(routes)
		}
		for range 150 {
			path := prefix + pick(r, 1+r.IntN(4), []string{"a", "b", "c", "%C3%A9", "d", "x%2Fy", "50%25"})
			if r.IntN(3) == 0 {
				path += "/"
			}
			method := routerMethods[r.IntN(len(routerMethods))]
			if !assertSame(t, onMux, onChi, method, path) {
				t.Fatalf("table %d: %s %s\n%v", seed, method, path, routes)
			}
		}
	}
}
