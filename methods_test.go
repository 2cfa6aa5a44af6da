package tenon_test

import (
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
)

func says(text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) })
}

const notAllowed = `{"type":"about:blank","title":"Method Not Allowed","status":405}`

func TestMethods(t *testing.T) {
	for _, tc := range []struct {
		name    string
		methods tenon.Methods
		method  string
		status  int
		allow   string
		text    string
	}{
		{"own", tenon.Methods{"GET": says("get"), "PUT": says("put")}, "PUT", 200, "", "put"},
		{"HEAD from GET", tenon.Methods{"GET": says("get")}, "HEAD", 200, "", ""},
		{"own HEAD", tenon.Methods{"GET": says("get"), "HEAD": http.NotFoundHandler()}, "HEAD", 404, "", ""},
		{"no GET for HEAD", tenon.Methods{"PUT": says("put")}, "HEAD", 405, "OPTIONS, PUT", ""},
		{"OPTIONS", tenon.Methods{"GET": says("get"), "PUT": says("put"), "POST": nil}, "OPTIONS", 204, "GET, HEAD, OPTIONS, PUT", ""},
		{"own OPTIONS", tenon.Methods{"OPTIONS": says("mine")}, "OPTIONS", 200, "", "mine"},
		{"another", tenon.Methods{"GET": says("get"), "HEAD": says("")}, "PATCH", 405, "GET, HEAD, OPTIONS", notAllowed},
		{"a method of one's own", tenon.Methods{"PURGE": says("purged")}, "PURGE", 200, "", "purged"},
		{"case counts", tenon.Methods{"GET": says("get")}, "get", 405, "GET, HEAD, OPTIONS", notAllowed},
		{"nil handler", tenon.Methods{"GET": nil}, "GET", 405, "OPTIONS", notAllowed},
		{"nil", nil, "GET", 405, "OPTIONS", notAllowed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			kittest.ServeBehind(t, tc.methods, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				got := s.Do(t, tc.method, "/", nil, nil)
				assert.Equal(t, tc.status, got.StatusCode)
				assert.Equal(t, tc.allow, got.Header.Get("Allow"))
				assert.Equal(t, tc.text, got.Text)
				assert.Empty(t, s.Log())
			})
		})
	}
}

func TestMethods_allocations(t *testing.T) {
	methods := tenon.Methods{"GET": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) })}
	var sink kittest.Sink
	r := newRequest(t, "HEAD", "/")
	kittest.Allocs(t, 0, func() { sink.Reset(); methods.ServeHTTP(&sink, r) })
}
