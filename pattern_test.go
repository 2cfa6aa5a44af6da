package tenon_test

import (
	"net/http"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
)

// patternTable has each kind of pattern once.
func patternTable() tenon.Routes {
	return tenon.Routes{
		tenon.On("GET", "/{$}", echo),
		tenon.On("GET", "/exact", echo),
		tenon.On("GET", "/a.b", echo),
		tenon.On("GET", "/one/{id}", echo),
		tenon.On("GET", "/one/me", echo),
		tenon.On("GET", "/rest/{path...}", echo),
		tenon.On("GET", "/tree/", echo),
		tenon.On("GET", "/end/{$}", echo),
		tenon.On("GET", "/café/{x}", echo),
	}
}

// TestMount_patterns says what each kind of pattern matches, on both routers.
func TestMount_patterns(t *testing.T) {
	mux, router := http.NewServeMux(), chi.NewRouter()
	patternTable().Mount(mux)
	patternTable().Mount(router)
	for name, h := range map[string]http.Handler{"ServeMux": mux, "chi": router} {
		t.Run(name, func(t *testing.T) {
			kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				for _, tc := range []struct {
					path     string
					status   int
					location string
					text     string
				}{
					{"/", 200, "", "GET by GET /{$}"},
					{"/?exact", 200, "", "GET by GET /{$}"},
					{"/exact", 200, "", "GET by GET /exact"},
					{"/exact/", 404, "", ""},
					{"/Exact", 404, "", ""},
					{"/a.b", 200, "", "GET by GET /a.b"},
					{"/aXb", 404, "", ""},
					{"/one", 404, "", ""},
					{"/one/", 404, "", ""},
					{"/one/7", 200, "", `GET by GET /one/{id} id="7"`},
					{"/one/me", 200, "", "GET by GET /one/me"},
					{"/one/7/8", 404, "", ""},
					{"/one/a%2Fb", 200, "", `GET by GET /one/{id} id="a/b"`},
					{"/one/a%2fb", 200, "", `GET by GET /one/{id} id="a/b"`},
					{"/one/%E2%82%AC", 200, "", `GET by GET /one/{id} id="€"`},
					{"/one/50%25", 200, "", `GET by GET /one/{id} id="50%"`},
					{"/one/a+b", 200, "", `GET by GET /one/{id} id="a+b"`},
					{"/rest", 307, "/rest/", ""},
					{"/rest/", 200, "", "GET by GET /rest/{path...}"},
					{"/rest/a/b/", 200, "", `GET by GET /rest/{path...} path="a/b/"`},
					{"/rest/a%2fb/c", 200, "", `GET by GET /rest/{path...} path="a/b/c"`},
					{"/rest/a//b", 307, "/rest/a/b", ""},
					{"/tree?q=1", 307, "/tree/?q=1", ""},
					{"/tree/", 200, "", "GET by GET /tree/"},
					{"/tree/a/b", 200, "", "GET by GET /tree/"},
					{"/end", 307, "/end/", ""},
					{"/end/", 200, "", "GET by GET /end/{$}"},
					{"/end/x", 404, "", ""},
					{"/caf%C3%A9/1", 200, "", `GET by GET /café/{x} x="1"`},
				} {
					got := s.Get(t, tc.path)
					assert.Equal(t, tc.status, got.StatusCode, tc.path)
					assert.Equal(t, tc.location, got.Header.Get("Location"), tc.path)
					if tc.status == http.StatusOK {
						assert.Equal(t, tc.text, got.Text, tc.path)
					}
				}
			})
		})
	}
}
