package middleware_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
)

const bigSize = 1 << 20

// bigFile is one file for all tests, of bytes that nobody compresses.
var bigFile = sync.OnceValue(func() string {
	path := filepath.Join(os.TempDir(), fmt.Sprintf("tenon-conformance-%d.png", os.Getpid()))
	if err := os.WriteFile(path, bytes.Repeat([]byte("\x89PNG\r\n\x1a\n"), bigSize/8), 0o600); err != nil {
		panic(err)
	}
	return path
})

func TestMain(m *testing.M) {
	code := m.Run()
	_ = os.Remove(bigFile())
	os.Exit(code)
}

// contents returns what every chain of writers has to pass on.
func contents(c *conn) []ability {
	list := []ability{
		c.nothing(), c.headers(), c.firstStatus(), c.manyWays(), c.head(), c.echo(), c.panicBefore(), c.abortBefore(),
		c.brokenSource(), c.shortBody(),
	}
	for _, status := range []int{204, 304} {
		list = append(list, c.empty(status))
	}
	for name, size := range map[string]int{"empty": 0, "short": 200, "long": 100_000} {
		list = append(list, c.body(name, size))
	}
	return list
}

func (c *conn) nothing() ability {
	serve := func(http.ResponseWriter, *http.Request) {}
	return ability{"nothing", serve, func(t *testing.T, path string) {
		t.Helper()
		got := c.Get(t, path)
		assert.Equal(t, 200, got.StatusCode)
		assert.Empty(t, got.Text)
		assert.Empty(t, got.Header["Content-Encoding"])
	}}
}

func (c *conn) headers() ability {
	serve := func(w http.ResponseWriter, _ *http.Request) {
		h := w.Header()
		h["Set-Cookie"] = []string{"a=1", "b=2"}
		h["Vary"] = []string{"Origin"}
		h["X-Own"] = []string{"one", "two"}
		w.WriteHeader(http.StatusTeapot)
	}
	return ability{"headers", serve, func(t *testing.T, path string) {
		t.Helper()
		got := c.Get(t, path)
		assert.Equal(t, 418, got.StatusCode)
		assert.Equal(t, []string{"a=1", "b=2"}, got.Header["Set-Cookie"])
		assert.Equal(t, []string{"one", "two"}, got.Header["X-Own"])
		assert.Contains(t, strings.Join(got.Header["Vary"], ", "), "Origin")
	}}
}

// firstStatus counts, as in net/http.
func (c *conn) firstStatus() ability {
	serve := func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, "text")
		w.WriteHeader(http.StatusBadGateway)
	}
	return ability{"first status", serve, func(t *testing.T, path string) {
		t.Helper()
		got := c.Get(t, path)
		assert.Equal(t, 202, got.StatusCode)
		assert.Equal(t, "text", got.Text)
	}}
}

// manyWays of writing add up.
func (c *conn) manyWays() ability {
	serve := func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("Write "))
		_, _ = io.WriteString(w, "WriteString ")
		_, _ = io.Copy(w, strings.NewReader("WriterTo "))
		_, _ = io.Copy(w, io.LimitReader(strings.NewReader("ReadFrom and more"), 9))
		_, _ = fmt.Fprintf(w, "%s", "Fprintf")
	}
	return ability{"many ways of writing", serve, func(t *testing.T, path string) {
		t.Helper()
		assert.Equal(t, "Write WriteString WriterTo ReadFrom Fprintf", c.Get(t, path).Text)
	}}
}

func (c *conn) head() ability {
	serve := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		w.Header().Set("Content-Length", "2000")
		w.Header().Set("Etag", `"own"`)
		_, _ = w.Write(make([]byte, 2000))
	}
	return ability{"HEAD", serve, func(t *testing.T, path string) {
		t.Helper()
		get := c.Get(t, path)
		head := c.Do(t, http.MethodHead, path, nil, nil)
		assert.Empty(t, head.Text)
		for _, h := range []http.Header{get.Header, head.Header} {
			h.Del("Date")
			h.Del("X-Request-Id")
		}
		assert.Equal(t, get.Header, head.Header)
		assert.Equal(t, "2000", head.Header.Get("Content-Length"))
	}}
}

func (c *conn) echo() ability {
	serve := func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		_, _ = w.Write(text)
	}
	return ability{"echo", serve, func(t *testing.T, path string) {
		t.Helper()
		text := strings.Repeat("0123456789", 10_000)
		got := c.Do(t, http.MethodPost, path, strings.NewReader(text), nil)
		assert.Equal(t, 200, got.StatusCode)
		assert.Equal(t, text, got.Text)
	}}
}

// panicBefore the first byte is a clean 500, or at least no answer.
func (c *conn) panicBefore() ability {
	serve := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "image/png")
		w.Header().Set("Content-Length", "10")
		w.Header().Set("X-Own", "kept")
		panic("planned")
	}
	return ability{"panic before", serve, func(t *testing.T, path string) {
		t.Helper()
		got, err := c.TryDo(http.MethodGet, path, nil, nil)
		if !c.member.recovers {
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

func (c *conn) abortBefore() ability {
	serve := func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	return ability{"abort before", serve, func(t *testing.T, path string) {
		t.Helper()
		_, err := c.TryDo(http.MethodGet, path, nil, nil)
		require.Error(t, err)
		assert.NotContains(t, c.Log(), http.ErrAbortHandler.Error())
	}}
}

// brokenSource of a copy: nothing was sent, so there is still a status.
func (c *conn) brokenSource() ability {
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
func (c *conn) shortBody() ability {
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

func (c *conn) empty(status int) ability {
	serve := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Etag", `"own"`)
		w.WriteHeader(status)
	}
	return ability{http.StatusText(status), serve, func(t *testing.T, path string) {
		t.Helper()
		got := c.Get(t, path)
		assert.Equal(t, status, got.StatusCode)
		assert.Empty(t, got.Text)
		assert.Equal(t, `"own"`, got.Header.Get("Etag"))
		for _, name := range []string{"Content-Type", "Content-Length", "Content-Encoding", "Transfer-Encoding"} {
			assert.Empty(t, got.Header[name], name)
		}
	}}
}

func (c *conn) body(name string, size int) ability {
	text := strings.Repeat("0123456789", size/10)
	serve := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, text)
	}
	return ability{name + " body", serve, func(t *testing.T, path string) {
		t.Helper()
		got := c.Get(t, path)
		assert.Equal(t, 200, got.StatusCode)
		assert.Equal(t, "text/plain; charset=utf-8", got.Header.Get("Content-Type"))
		assert.Equal(t, text, got.Text)
	}}
}
