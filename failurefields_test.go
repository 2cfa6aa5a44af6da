package tenon_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/respond"
)

// TestHandle_failureFields holds that the header fields which belong to a failure
// reach the client whatever form the chain gives to its body.
func TestHandle_failureFields(t *testing.T) {
	t.Parallel()
	ok := func(context.Context, struct{ Title string }) (string, error) { return "ok", nil }
	limited := func(context.Context, struct{}) (string, error) {
		return "", respond.NewProblem(http.StatusTooManyRequests, "").WithHeader("Retry-After", "5").WithHeader("X-Quota", "9")
	}
	mux := http.NewServeMux()
	mux.Handle("/private", middleware.BasicAuth("a", func(string, string) bool { return false })(tenon.Handle(limited)))
	mux.Handle("/methods", tenon.Methods{"PUT": tenon.Handle(limited)})
	mux.Handle("GET /router", tenon.Handle(limited))
	mux.Handle("/body", tenon.Handle(ok))
	mux.Handle("/limited", tenon.Handle(limited))
	forms := map[string]respond.ErrorHandler{
		"value": func(w http.ResponseWriter, r *http.Request, err error) {
			_ = respond.Write(w, r, respond.Status(respond.AsProblem(err).Status, "text"))
		},
		"http.Error": func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, "text", respond.AsProblem(err).Status)
		},
		"on": respond.Error,
	}
	for name, form := range forms {
		kittest.Serve(t, respond.UseErrorHandler(form)(middleware.RouterErrors()(mux)), func(t *testing.T, s *kittest.Server) {
			t.Helper()
			for _, tc := range []struct {
				method, path, body string
				status             int
				field, want        string
			}{
				{"GET", "/private", "", 401, "Www-Authenticate", `Basic realm="a", charset="UTF-8"`},
				{"GET", "/methods", "", 405, "Allow", "OPTIONS, PUT"},
				{"POST", "/router", "", 405, "Allow", "GET, HEAD, OPTIONS"},
				{"POST", "/body", "x", 415, "Accept", "application/json"},
				{"GET", "/limited", "", 429, "Retry-After", "5"},
				{"GET", "/limited", "", 429, "X-Quota", "9"},
			} {
				got := s.Do(t, tc.method, tc.path, strings.NewReader(tc.body), http.Header{"Content-Type": {"text/plain"}})
				assert.Equal(t, tc.status, got.StatusCode, "%s %s", name, tc.path)
				assert.Equal(t, []string{tc.want}, got.Header[tc.field], "%s %s", name, tc.path)
			}
		})
	}
}
