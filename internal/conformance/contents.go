package conformance

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const bigSize = 1 << 20

// bigFile is a file of bytes that nobody compresses.
func bigFile(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "big.png")
	require.NoError(t, os.WriteFile(path, bytes.Repeat([]byte("\x89PNG\r\n\x1a\n"), bigSize/8), 0o600))
	return path
}

// contents returns what every chain of writers has to pass on.
func contents(c *exchange) []ability {
	list := []ability{
		c.nothing(), c.headers(), c.firstStatus(), c.manyWays(), c.head(), c.echo(), c.panicBefore(), c.abortBefore(),
		c.brokenSource(), c.shortBody(), c.emptyCopy(), c.upgradeOffered(), c.oneLine(http.MethodGet), c.oneLine(http.MethodPut), c.form(),
	}
	for _, status := range []int{204, 304} {
		list = append(list, c.empty(status))
	}
	for name, size := range map[string]int{"empty": 0, "short": 200, "long": 100_000} {
		list = append(list, c.body(name, size))
	}
	return list
}

func (c *exchange) nothing() ability {
	serve := func(http.ResponseWriter, *http.Request) {}
	return ability{"nothing", serve, func(t *testing.T, path string) {
		t.Helper()
		got := c.Get(t, path)
		assert.Equal(t, 200, got.StatusCode)
		assert.Empty(t, got.Text)
		assert.Empty(t, got.Header["Content-Encoding"])
	}}
}

func (c *exchange) headers() ability {
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
func (c *exchange) firstStatus() ability {
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
func (c *exchange) manyWays() ability {
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

func (c *exchange) head() ability {
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

func (c *exchange) echo() ability {
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

// emptyCopy is no beginning: there is still a status.
func (c *exchange) emptyCopy() ability {
	serve := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		if n, err := io.Copy(w, io.LimitReader(strings.NewReader(""), 1)); n != 0 || err != nil {
			return
		}
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.WriteHeader(http.StatusGone)
		_, _ = io.WriteString(w, "gone")
	}
	return ability{"empty copy", serve, func(t *testing.T, path string) {
		t.Helper()
		got := c.Get(t, path)
		assert.Equal(t, 410, got.StatusCode)
		assert.Equal(t, "text/plain; charset=utf-8", got.Header.Get("Content-Type"))
		assert.Equal(t, "gone", got.Text)
	}}
}

// upgradeOffered and not taken up changes nothing.
func (c *exchange) upgradeOffered() ability {
	serve := func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		_, _ = io.WriteString(w, strings.Repeat("0123456789", 1000))
	}
	return ability{"Upgrade offered", serve, func(t *testing.T, path string) {
		t.Helper()
		without := c.Get(t, path)
		offers := http.Header{}
		if c.Proto == "HTTP/1.1" { // the others have no such field
			offers = http.Header{"Connection": {"Upgrade, HTTP2-Settings"}, "Upgrade": {"h2c"}, "Http2-Settings": {"AAMAAABkAAQAAP__"}}
		}
		with := c.Do(t, http.MethodGet, path, nil, offers)
		for _, h := range []http.Header{without.Header, with.Header} {
			h.Del("Date")
			h.Del("X-Request-Id")
		}
		assert.Equal(t, without.StatusCode, with.StatusCode)
		assert.Equal(t, without.Header, with.Header)
		assert.Equal(t, without.Text, with.Text)
	}}
}

// oneLine of conditions stays one, since some servers refuse two.
func (c *exchange) oneLine(method string) ability {
	serve := func(w http.ResponseWriter, r *http.Request) {
		_, _ = fmt.Fprint(w, len(r.Header["If-None-Match"]), len(r.Header["If-Match"]), r.Header["If-None-Match"])
	}
	return ability{"one line of conditions of " + method, serve, func(t *testing.T, path string) {
		t.Helper()
		conditions := http.Header{"If-None-Match": {`"a", "b-gzip", W/"c-zstd"`}}
		if method == http.MethodPut {
			conditions["If-Match"] = []string{`"a", "b-gzip"`}
		}
		got := c.Do(t, method, path, nil, conditions)
		assert.Equal(t, 200, got.StatusCode)
		assert.True(t, strings.HasPrefix(got.Text, fmt.Sprint(1, len(conditions["If-Match"]))), got.Text)
		assert.Contains(t, got.Text, `"a", "b-gzip", W/"c-zstd"`, "what was sent is there")
	}}
}

// RemovesForms reports whether net/http removes the files of a form once its handler
// has returned. That of Go 1.27 forgets those of HTTP/2: it looks for them in a copy of
// the request that it made before.
func RemovesForms(protoMajor int) bool {
	return protoMajor != 2 || !strings.HasPrefix(runtime.Version(), "go1.27")
}

// form is read into files, which the server removes if it finds them on its own
// request.
func (c *exchange) form() ability {
	serve := func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseMultipartForm(1); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		file, err := r.MultipartForm.File["file"][0].Open()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		defer file.Close()
		if on, ok := file.(*os.File); ok {
			_, _ = io.WriteString(w, on.Name())
		}
	}
	return ability{"form in files", serve, func(t *testing.T, path string) {
		t.Helper()
		body := "--b\r\nContent-Disposition: form-data; name=file; filename=a.txt\r\n\r\n" + strings.Repeat("x", 1000) + "\r\n--b--\r\n"
		// compress copies the request for the sake of the condition.
		got := c.Do(t, http.MethodPost, path, strings.NewReader(body),
			http.Header{"Content-Type": {"multipart/form-data; boundary=b"}, "If-Match": {`"a-gzip"`}})
		require.Equal(t, 200, got.StatusCode)
		require.True(t, filepath.IsAbs(got.Text), "the form is in a file: %s", got.Text)
		if !RemovesForms(got.ProtoMajor) {
			_ = os.Remove(got.Text)
			return
		}
		assert.Eventually(t, func() bool {
			_, err := os.Stat(got.Text)
			return errors.Is(err, fs.ErrNotExist)
		}, patience, time.Millisecond, "the server removes the file, once the handler has returned")
	}}
}

func (c *exchange) empty(status int) ability {
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
		for _, name := range []string{"Content-Type", "Content-Encoding", "Transfer-Encoding"} {
			assert.Empty(t, got.Header[name], name)
		}
		if c.Proto != "HTTP/3" { // where the server adds a 0 by itself
			assert.Empty(t, got.Header["Content-Length"])
		}
	}}
}

func (c *exchange) body(name string, size int) ability {
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
