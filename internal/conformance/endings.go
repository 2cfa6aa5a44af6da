package conformance

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
)

// clientLeaves ends the context of the handler.
func (c *exchange) clientLeaves() ability {
	left := make(chan struct{})
	serve := func(w http.ResponseWriter, r *http.Request) {
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
		close(left)
	}
	return ability{"client leaves", serve, func(t *testing.T, path string) {
		t.Helper()
		require.NoError(t, c.open(t, http.MethodGet, path, nil).Body.Close())
		wait(t, left, "the handler was not told")
	}}
}

// brokenOff responses must be seen as such, with or without a recoverer.
func (c *exchange) brokenOff() ability {
	serve := func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("x", 10_000))
		_ = http.NewResponseController(w).Flush()
		if r.URL.RawQuery == "abort" {
			panic(http.ErrAbortHandler)
		}
		panic("planned")
	}
	return ability{"broken off", serve, func(t *testing.T, path string) {
		t.Helper()
		for _, query := range []string{"", "?abort"} {
			got, err := c.TryDo(http.MethodGet, path+query, nil, nil)
			require.Error(t, err)
			if c.Proto == "HTTP/3" && got == nil {
				continue // a stream that is reset may lose what it has brought
			}
			require.NotNil(t, got)
			assert.Equal(t, 200, got.StatusCode)
		}
	}}
}

// brokenOffSmall responses are still in somebody's buffer.
func (c *exchange) brokenOffSmall() ability {
	serve := func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "small")
		panic(http.ErrAbortHandler)
	}
	return ability{"broken off while small", serve, func(t *testing.T, path string) {
		t.Helper()
		_, err := c.TryDo(http.MethodGet, path, nil, nil)
		require.Error(t, err)
	}}
}

// panicBefore the first byte is a clean 500, or at least no answer.
func (c *exchange) panicBefore() ability {
	serve := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		w.Header().Set("Content-Length", "10")
		w.Header().Set("X-Own", "kept")
		panic("planned")
	}
	return ability{"panic before", serve, func(t *testing.T, path string) {
		t.Helper()
		got, err := c.TryDo(http.MethodGet, path, nil, nil)
		if !c.member.Recovers {
			require.Error(t, err)
			return
		}
		require.NoError(t, err)
		assert.Equal(t, 500, got.StatusCode)
		assert.JSONEq(t, `{"type":"about:blank","title":"Internal Server Error","status":500}`, got.Text)
		assert.Equal(t, "application/problem+json", got.Header.Get("Content-Type"))
		assert.Equal(t, "kept", got.Header.Get("X-Own"))
	}}
}

func (c *exchange) abortBefore() ability {
	serve := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	return ability{"abort before", serve, func(t *testing.T, path string) {
		t.Helper()
		_, err := c.TryDo(http.MethodGet, path, nil, nil)
		require.Error(t, err)
		assert.NotContains(t, c.Log(), http.ErrAbortHandler.Error())
	}}
}

// brokenSource of a copy: nothing was sent, so there is still a status.
func (c *exchange) brokenSource() ability {
	serve := func(w http.ResponseWriter, _ *http.Request) {
		if n, err := io.Copy(w, kittest.BrokenReader("", errors.New("broken"))); n != 0 || err == nil {
			return
		}
		http.Error(w, "source", http.StatusBadGateway)
	}
	return ability{"broken source", serve, func(t *testing.T, path string) {
		t.Helper()
		got := c.Get(t, path)
		assert.Equal(t, 502, got.StatusCode)
		assert.Equal(t, "source\n", got.Text)
	}}
}

// shortBody is less than its Content-Length: the client has to see that.
func (c *exchange) shortBody() ability {
	serve := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "4000")
		_, _ = io.WriteString(w, "far less")
	}
	return ability{"less than the length", serve, func(t *testing.T, path string) {
		t.Helper()
		_, err := c.TryDo(http.MethodGet, path, nil, nil)
		require.Error(t, err)
	}}
}
