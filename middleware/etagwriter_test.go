package middleware_test

import (
	"bufio"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/respond"
)

// A neighbor between ETag and the handler changes nothing, as far as it lets
// through what the handler does.
func TestETag_innerNeighbor(t *testing.T) {
	for _, inner := range kittest.Neighbors() {
		t.Run(inner.Name, func(t *testing.T) {
			answer := respond.Func(func(*http.Request) (any, error) { return strings.Repeat("x", 5000), nil })
			kittest.Serve(t, middleware.ETag()(inner.Wrap(answer)), func(t *testing.T, s *kittest.Server) {
				t.Helper()
				tag := s.Get(t, "/").Header.Get("Etag")
				assert.NotEmpty(t, tag)
				got := s.Do(t, "GET", "/", nil, http.Header{"If-None-Match": {tag}})
				assert.Equal(t, http.StatusNotModified, got.StatusCode)
			})
		})
	}
}

// What has started further out cannot be a 304 any more.
func TestETag_startedOutside(t *testing.T) {
	h := kittest.WriteEarly(middleware.ETag()(handle("text", http.StatusOK)))
	known := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(rw.Wrap(w), r) })
	kittest.Serve(t, known, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		got := s.Do(t, "GET", "/", nil, http.Header{"If-None-Match": {"*"}})
		assert.Equal(t, kittest.Early+"text", got.Text)
		assert.Empty(t, got.Header["Etag"])
	})
}

// The abilities of the connection are there before anything is written and while
// a body is held back.
func TestETag_abilities(t *testing.T) {
	m := http.NewServeMux()
	m.HandleFunc("/deadline", func(w http.ResponseWriter, _ *http.Request) {
		assert.NoError(t, http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Minute)))
		_, _ = io.WriteString(w, "text")
	})
	m.HandleFunc("/hijack", func(w http.ResponseWriter, r *http.Request) {
		hijacker, ok := w.(http.Hijacker)
		assert.True(t, ok)
		if r.URL.RawQuery == "held" {
			_, _ = io.WriteString(w, "held")
		}
		conn, buf, err := hijacker.Hijack()
		if r.ProtoMajor == 2 {
			assert.ErrorIs(t, err, http.ErrNotSupported)
			return
		}
		if assert.NoError(t, err) {
			if r.URL.RawQuery == "" {
				writeHijacked(buf)
			}
			_ = conn.Close()
		}
	})
	kittest.Serve(t, middleware.ETag()(m), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		got := s.Get(t, "/deadline")
		assert.Equal(t, "text", got.Text)
		assert.NotEmpty(t, got.Header["Etag"])
		got = s.Get(t, "/hijack")
		assert.Equal(t, s.Proto == "HTTP/2", got.StatusCode == http.StatusOK)
		got, err := s.TryDo("GET", "/hijack?held", nil, nil)
		if s.Proto == "HTTP/2" {
			require.NoError(t, err)
			assert.Equal(t, "held", got.Text)
		}
	})
}

func writeHijacked(buf *bufio.ReadWriter) {
	_, _ = buf.WriteString("HTTP/1.1 299 Hijacked\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	_ = buf.Flush()
}

// A file whose length tells that it is too long for a tag goes out by sendfile.
func TestETag_sendfile(t *testing.T) {
	const size = 1 << 20
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, make([]byte, size), 0o600))
	m := http.NewServeMux()
	m.HandleFunc("/serve", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, path) })
	m.HandleFunc("/copy", func(w http.ResponseWriter, _ *http.Request) {
		file, err := os.Open(path)
		if assert.NoError(t, err) {
			w.Header().Set("Content-Length", strconv.Itoa(size))
			w.WriteHeader(http.StatusOK)
			_, _ = io.Copy(w, file)
			_ = file.Close()
		}
	})
	trace, ok := kittest.Strace(t, "sendfile", func() {
		server := httptest.NewServer(middleware.ETag()(m))
		defer server.Close()
		for _, url := range []string{server.URL + "/serve", server.URL + "/copy"} {
			response, err := server.Client().Get(url)
			require.NoError(t, err)
			n, err := io.Copy(io.Discard, response.Body)
			require.NoError(t, err)
			assert.EqualValues(t, size, n)
			assert.Empty(t, response.Header["Etag"])
			require.NoError(t, response.Body.Close())
		}
	})
	if ok {
		// Of each file at least one call, after what net/http looks at itself.
		assert.GreaterOrEqual(t, strings.Count(trace, "sendfile("), 2, trace)
	}
}

// Budgets on top of the handler's own: the writer, the tag with the length, and the
// body where its length is not declared.
func TestETag_allocs(t *testing.T) {
	short, long := []byte("short"), make([]byte, 5000)
	write := func(body []byte, declare string) http.HandlerFunc {
		values := []string{declare}
		return func(w http.ResponseWriter, _ *http.Request) {
			if declare != "" {
				w.Header()["Content-Length"] = values
			}
			_, _ = w.Write(body)
		}
	}
	for name, tc := range map[string]struct {
		h      http.HandlerFunc
		budget float64
	}{
		"held":     {write(short, ""), 3},
		"declared": {write(long, "5000"), 2},
		"passed":   {write(long, "100000"), 1},
	} {
		t.Run(name, func(t *testing.T) {
			h := middleware.ETag()(tc.h)
			r := get()
			r.Header.Set("If-None-Match", `"x"`)
			var sink kittest.Sink
			kittest.Allocs(t, tc.budget, func() { sink.Reset(); h.ServeHTTP(&sink, r) })
		})
	}
	t.Run("fields are the response's own", func(t *testing.T) {
		kittest.CheckHeaders(t, middleware.ETag()(write(short, "")), get)
	})
}

// As without ETag, the header is the one that the response began with, whatever
// the handler does to it while the body is held back.
func TestETag_lateHeader(t *testing.T) {
	begin := map[string]func(w http.ResponseWriter){
		"WriteHeader": func(w http.ResponseWriter) { w.WriteHeader(http.StatusOK) },
		"Write":       func(w http.ResponseWriter) { _, _ = w.Write(nil) },
		"WriteString": func(w http.ResponseWriter) { _, _ = io.WriteString(w, "te") },
		"ReadFrom":    func(w http.ResponseWriter) { _, _ = io.Copy(w, iotestReader("te")) },
	}
	for name, begins := range begin {
		for _, rest := range []string{"xt", strings.Repeat("x", etagLimit+1)} {
			h := middleware.ETag(middleware.ETagBuffer(etagLimit))(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header()["X-Kept"] = []string{"early"}
				w.Header().Set("X-Gone", "early")
				begins(w)
				w.Header()["X-Kept"][0] = "late"
				w.Header().Del("X-Gone")
				w.Header().Set("Content-Length", "1")
				w.Header().Set("Cache-Control", "no-store")
				w.Header().Set("Set-Cookie", "a=b")
				_, _ = io.WriteString(w, rest)
			}))
			kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				got := s.Get(t, "/")
				assert.True(t, strings.HasSuffix(got.Text, rest), name)
				assert.Equal(t, len(rest) == 2, got.Header.Get("ETag") != "", name)
				assert.Equal(t, "early", got.Header.Get("X-Kept"), name)
				assert.Equal(t, "early", got.Header.Get("X-Gone"), name)
				assert.Empty(t, got.Header["Set-Cookie"], name)
				assert.Empty(t, got.Header["Cache-Control"], name)
			})
		}
	}
}

// An answer to HEAD that has no body has no tag to compare either; where the
// handler knows the tag, it is used as for GET.
func TestETag_headWithoutBody(t *testing.T) {
	for tag, want := range map[string]int{"": 200, `"own"`: 304} {
		h := middleware.ETag()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if tag != "" {
				w.Header().Set("ETag", tag)
			}
			w.Header().Set("Content-Length", "4")
			if r.Method != http.MethodHead {
				_, _ = io.WriteString(w, "text")
			}
		}))
		kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
			t.Helper()
			known := s.Get(t, "/").Header.Get("ETag")
			got := s.Do(t, "HEAD", "/", nil, http.Header{"If-None-Match": {known}})
			assert.Equal(t, want, got.StatusCode)
			assert.Equal(t, tag, got.Header.Get("ETag"))
			assert.EqualValues(t, 4, s.Do(t, "HEAD", "/", nil, nil).ContentLength)
		})
	}
}

// HEAD like GET, for what respond and net/http write.
func TestETag_headOfRespond(t *testing.T) {
	h := middleware.ETag()(respond.Func(func(*http.Request) (any, error) { return strings.Repeat("x", 5000), nil }))
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		get, head := s.Get(t, "/").Header, s.Do(t, "HEAD", "/", nil, nil).Header
		assert.NotEmpty(t, get["Etag"])
		get["Date"], head["Date"] = nil, nil
		assert.Equal(t, get, head)
		assert.Equal(t, 304, s.Do(t, "HEAD", "/", nil, http.Header{"If-None-Match": get["Etag"]}).StatusCode)
	})
}
