package idempotency_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware/idempotency"
)

// TestNew_allocs holds what a request costs beside its handler, with the store in memory.
func TestNew_allocs(t *testing.T) {
	n := 0
	fresh := make([][]string, 1000) // more than are counted
	for i := range fresh {
		fresh[i] = []string{strconv.Itoa(i)}
	}
	text := []byte("text")
	h := idempotency.New(idempotency.NewMemory(0), everybody)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		_, _ = w.Write(text)
	}))
	for name, tc := range map[string]struct {
		budget float64
		key    func() []string
	}{
		"no key": {0, func() []string { return nil }},
		"first":  {30, func() []string { n++; return fresh[n-1] }},
		"again":  {18, func() []string { return []string{"same"} }},
	} {
		t.Run(name, func(t *testing.T) {
			body := strings.NewReader("")
			r := httptest.NewRequest(http.MethodPost, "/", io.NopCloser(body))
			var w kittest.Sink
			kittest.Allocs(t, tc.budget, func() {
				w.Reset()
				body.Reset("a")
				if key := tc.key(); key != nil {
					r.Header["Idempotency-Key"] = key
				}
				h.ServeHTTP(&w, r)
			})
			assert.Equal(t, http.StatusOK, w.Status)
		})
	}
}
