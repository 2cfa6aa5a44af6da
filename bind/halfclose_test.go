package bind_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
)

// TestFunc_halfClosed cuts a body short and keeps listening, as shutdown(2) for
// writing does: what was cut must not pass as done.
func TestFunc_halfClosed(t *testing.T) {
	type document struct {
		Body struct{ A string } `body:"json"`
	}
	type form struct {
		A string `form:"a"`
	}
	for name, tc := range map[string]struct {
		h           http.Handler
		contentType string
	}{
		"json": {bind.Func(func(http.ResponseWriter, *http.Request, document) {}), "application/json"},
		"form": {bind.Func(func(http.ResponseWriter, *http.Request, form) {}), urlencoded},
	} {
		t.Run(name, func(t *testing.T) {
			answer := kittest.HalfClosed(t, tc.h, "POST / HTTP/1.1\r\nHost: a\r\nContent-Type: "+tc.contentType+"\r\nContent-Length: 100\r\n\r\na=1")
			assert.Contains(t, answer, "HTTP/1.1 400 ")
			assert.Contains(t, answer, "the body ends early")
		})
	}
}
