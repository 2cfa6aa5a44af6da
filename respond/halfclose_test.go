package respond_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

// TestError_halfClosed holds that the client sees neither nothing nor the empty
// 200 that net/http sends for a handler that writes nothing.
func TestError_halfClosed(t *testing.T) {
	answer := kittest.HalfClosed(t, respond.Func(func(r *http.Request) (any, error) {
		<-r.Context().Done()
		return nil, r.Context().Err()
	}), "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	assert.Contains(t, answer, "HTTP/1.1 503 ")
}

// untilGone is a body that breaks off when the client has left, as that of a
// proxied response does.
type untilGone struct {
	*http.Request

	sent bool
}

func (u *untilGone) Read(p []byte) (int, error) {
	if !u.sent {
		u.sent = true
		return copy(p, strings.Repeat("x", 8192)), nil
	}
	<-u.Context().Done()
	return 0, u.Context().Err()
}

// TestWrite_halfClosed holds that a body which broke off does not end as a
// complete one does.
func TestWrite_halfClosed(t *testing.T) {
	answer := kittest.HalfClosed(t, respond.Func(func(r *http.Request) (any, error) {
		return &untilGone{Request: r}, nil
	}), "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
	assert.NotContains(t, answer, "\r\n0\r\n")
}
