package middleware_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/justinas/alice"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/respond"
)

var _ alice.Constructor = middleware.ETag()

const etagLimit = 3000

// writes are ways to write a body that come to the same.
func writes() map[string]func(w http.ResponseWriter, text string) {
	return map[string]func(w http.ResponseWriter, text string){
		"Write":       func(w http.ResponseWriter, text string) { _, _ = w.Write([]byte(text)) },
		"WriteString": func(w http.ResponseWriter, text string) { _, _ = io.WriteString(w, text) },
		"ReadFrom":    func(w http.ResponseWriter, text string) { _, _ = io.Copy(w, io.MultiReader(strings.NewReader(text))) },
		"explicit": func(w http.ResponseWriter, text string) {
			w.WriteHeader(http.StatusEarlyHints)
			w.WriteHeader(http.StatusOK)
			_, _ = w.Write([]byte(text))
		},
		"in pieces": func(w http.ResponseWriter, text string) {
			_, _ = w.Write(nil)
			_, _ = io.WriteString(w, text[:1])
			_, _ = io.Copy(w, iotestReader(text[1:2]))
			_, _ = w.Write([]byte(text[2:]))
		},
		"declared": func(w http.ResponseWriter, text string) {
			w.Header().Set("Content-Length", strconv.Itoa(len(text)))
			_, _ = w.Write([]byte(text))
		},
	}
}

func iotestReader(text string) io.Reader { return io.LimitReader(strings.NewReader(text), 1<<20) }

func TestETag(t *testing.T) {
	tags := map[int]string{}
	for name, write := range writes() {
		for _, size := range []int{3, 2048, 2049, etagLimit, etagLimit + 1, 100_000} {
			text := strings.Repeat("x", size)
			h := middleware.ETag(middleware.ETagBuffer(etagLimit))(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", "text/plain")
				w.Header().Set("Last-Modified", "Sat, 29 Oct 1994 19:43:31 GMT")
				w.Header().Set("Cache-Control", "max-age=60")
				write(w, text)
			}))
			t.Run(fmt.Sprint(name, " of ", size), func(t *testing.T) {
				kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
					t.Helper()
					got := s.Get(t, "/")
					assert.Equal(t, http.StatusOK, got.StatusCode)
					assert.Equal(t, text, got.Text)
					tag := got.Header.Get("Etag")
					if size > etagLimit {
						assert.Empty(t, tag)
						return
					}
					if tags[size] == "" {
						tags[size] = tag
					}
					assert.Equal(t, tags[size], tag, "however it is written")
					assert.True(t, header.IsETag(tag), tag)
					assert.EqualValues(t, size, got.ContentLength)
					conditions(t, s, tag)
				})
			})
		}
	}
	assert.NotEqual(t, tags[2048], tags[2049])
}

// conditions asks for / with every condition on its tag.
func conditions(t *testing.T, s *kittest.Server, tag string) {
	t.Helper()
	full := s.Get(t, "/").Header
	for _, tc := range []struct {
		name, value string
		status      int
	}{
		{"If-None-Match", tag, 304},
		{"If-None-Match", `"x", W/` + tag, 304},
		{"If-None-Match", "*", 304},
		{"If-None-Match", `"x"`, 200},
		{"If-None-Match", "", 200},
		{"If-Match", tag, 200},
		{"If-Match", "*", 200},
		{"If-Match", `"x", ` + tag, 200},
		{"If-Match", `W/` + tag, 412},
		{"If-Match", `"x"`, 412},
	} {
		for _, method := range []string{"GET", "HEAD"} {
			got := s.Do(t, method, "/", nil, http.Header{tc.name: {tc.value}})
			assert.Equal(t, tc.status, got.StatusCode, "%s %s: %s", method, tc.name, tc.value)
			if tc.status == http.StatusPreconditionFailed {
				assert.Equal(t, "application/problem+json", got.Header.Get("Content-Type"))
				assert.Empty(t, got.Header["Last-Modified"])
				continue
			}
			assert.Equal(t, tag, got.Header.Get("Etag"))
			assert.Equal(t, "max-age=60", got.Header.Get("Cache-Control"))
			if tc.status == http.StatusNotModified {
				assert.Empty(t, got.Text)
				for _, gone := range []string{"Content-Type", "Content-Length", "Last-Modified"} {
					assert.Empty(t, got.Header[gone], gone)
				}
			} else {
				got.Header["Date"] = full["Date"]
				assert.Equal(t, full, got.Header, "HEAD like GET")
			}
		}
	}
	both := s.Do(t, "GET", "/", nil, http.Header{"If-Match": {tag}, "If-None-Match": {`"x"`, tag}})
	assert.Equal(t, http.StatusNotModified, both.StatusCode)
}

// Responses that pass as they are.
func TestETag_passes(t *testing.T) {
	set := func(name, value string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(name, value)
			_, _ = io.WriteString(w, "text")
		}
	}
	answer := func(status int) http.HandlerFunc { return handle("text", status) }
	for name, h := range map[string]http.HandlerFunc{
		"created":      answer(201),
		"partial":      answer(206),
		"not found":    answer(404),
		"failure":      answer(500),
		"cookie":       set("Set-Cookie", "a=b"),
		"no-store":     set("Cache-Control", "private, no-store"),
		"announced":    set("Trailer", "X-Sum"),
		"chunked":      set("Transfer-Encoding", "chunked"),
		"range":        set("Content-Range", "bytes 0-3/4"),
		"own, invalid": set("ETag", "text"),
		"nothing":      func(http.ResponseWriter, *http.Request) {},
		"only status":  func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusOK) },
		"trailer": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "text")
			w.Header().Set(http.TrailerPrefix+"X-Sum", "4")
		},
		"trailer before": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set(http.TrailerPrefix+"X-Sum", "4")
			_, _ = io.WriteString(w, "text")
		},
		"trailers before": func(w http.ResponseWriter, _ *http.Request) {
			w.Header()[http.TrailerPrefix+"X-Sum"] = []string{"4", "5"}
			_, _ = io.WriteString(w, "text")
		},
		"flushed": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "te")
			_ = http.NewResponseController(w).Flush()
			_, _ = io.WriteString(w, "xt")
		},
		"flushed first": func(w http.ResponseWriter, _ *http.Request) {
			_ = http.NewResponseController(w).Flush()
			_, _ = io.WriteString(w, "text")
		},
		"too long": func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "text")
			_, _ = io.WriteString(w, strings.Repeat("x", etagLimit))
		},
	} {
		t.Run(name, func(t *testing.T) {
			tagging := middleware.ETag(middleware.ETagBuffer(etagLimit))(h)
			bare := httptest.NewRecorder()
			h(bare, get())
			kittest.ServeBehind(t, tagging, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				got := s.Do(t, "GET", "/", nil, http.Header{"If-None-Match": {"*"}, "If-Match": {`"x"`}})
				assert.Equal(t, bare.Code, got.StatusCode)
				assert.Equal(t, bare.Body.String(), got.Text)
				assert.Equal(t, bare.Header()["Etag"], got.Header["Etag"])
				if strings.HasPrefix(name, "trailer") {
					assert.Equal(t, "4", got.Trailer.Get("X-Sum"))
				}
			})
		})
	}
}

// Other methods have nothing to do with it.
func TestETag_methods(t *testing.T) {
	h := middleware.ETag()(handle("text", http.StatusOK))
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS"} {
			got := s.Do(t, method, "/", nil, http.Header{"If-Match": {`"x"`}, "If-None-Match": {"*"}})
			assert.Equal(t, "text", got.Text)
			assert.Empty(t, got.Header["Etag"])
		}
	})
}

// The tag of a handler counts, strong or weak, and at any length.
func TestETag_own(t *testing.T) {
	text := strings.Repeat("x", etagLimit+1)
	for tag, match := range map[string]int{`"own"`: 200, `W/"own"`: 412} {
		h := middleware.ETag(middleware.ETagBuffer(etagLimit))(respond.Func(func(*http.Request) (any, error) {
			return respond.Response[string]{Body: text}.WithHeader("ETag", tag).WithHeader("Content-Security-Policy", "sandbox"), nil
		}))
		kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
			t.Helper()
			got := s.Get(t, "/")
			assert.Equal(t, text, got.Text)
			assert.Equal(t, []string{tag}, got.Header["Etag"])
			got = s.Do(t, "GET", "/", nil, http.Header{"If-None-Match": {`"own"`}})
			assert.Equal(t, http.StatusNotModified, got.StatusCode)
			assert.Equal(t, []string{tag}, got.Header["Etag"])
			assert.Equal(t, "sandbox", got.Header.Get("Content-Security-Policy"), "is not about the body alone")
			assert.Equal(t, match, s.Do(t, "GET", "/", nil, http.Header{"If-Match": {`"own"`}}).StatusCode)
		})
		kittest.CheckHeaders(t, h, get)
	}
}

// What a handler goes on to write after the answer is a 304 is dropped.
func TestETag_dropped(t *testing.T) {
	t.Parallel()
	h := middleware.ETag()(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("ETag", `"own"`)
		w.WriteHeader(http.StatusOK)
		for name, write := range writes() {
			if name != "explicit" {
				write(w, "text")
			}
		}
		n, err := io.Copy(w, strings.NewReader("text"))
		assert.NoError(t, err)
		assert.EqualValues(t, 4, n)
		assert.NoError(t, http.NewResponseController(w).Flush())
		w.WriteHeader(http.StatusTeapot)
	}))
	w, r := httptest.NewRecorder(), get()
	r.Header.Set("If-None-Match", `"own"`)
	h.ServeHTTP(w, r)
	assert.Equal(t, http.StatusNotModified, w.Code)
	assert.Empty(t, w.Body.String())
}

// A failure while the body is held back is answered as if nothing was written.
func TestETag_failures(t *testing.T) {
	m := http.NewServeMux()
	m.HandleFunc("/error", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "the beginning")
		respond.Error(w, r, respond.NewProblem(http.StatusConflict, ""))
	})
	m.HandleFunc("/reader", func(w http.ResponseWriter, r *http.Request) {
		n, err := io.Copy(w, kittest.BrokenReader(r.URL.RawQuery, errors.New("broken")))
		assert.EqualValues(t, len(r.URL.RawQuery), n)
		respond.Error(w, r, respond.NewProblem(http.StatusConflict, "").WithCause(err))
	})
	m.HandleFunc("/panic", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
		_, _ = io.WriteString(w, "the beginning")
		panic(http.ErrAbortHandler)
	})
	recovering := func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			defer func() {
				if recover() != nil {
					w.WriteHeader(http.StatusInternalServerError)
				}
			}()
			next.ServeHTTP(w, r)
		})
	}
	kittest.ServeBehind(t, recovering(middleware.ETag()(m)), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		const conflict = `{"type":"about:blank","title":"Conflict","status":409}`
		for path, want := range map[string]string{"/error": conflict, "/reader": conflict, "/reader?begin": conflict, "/panic": ""} {
			got := s.Get(t, path)
			assert.Equal(t, want, got.Text, path)
			assert.Equal(t, want == "", got.StatusCode == http.StatusInternalServerError)
			assert.Empty(t, got.Header["Etag"])
		}
	})
}

// A handler that writes less than it has declared is the server's to complain of.
func TestETag_declaredMore(t *testing.T) {
	h := middleware.ETag()(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "10")
		_, _ = io.WriteString(w, "text")
	}))
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		got, err := s.TryDo("GET", "/", nil, http.Header{"If-None-Match": {"*"}})
		require.Error(t, err)
		if got != nil {
			assert.Equal(t, "text", got.Text)
			assert.Empty(t, got.Header["Etag"])
		}
	})
}

// The media type is a part of what the tag stands for.
func TestETag_mediaType(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, media := range []string{"", "text/plain", "text/html", strings.Repeat("x", 200)} {
		w := httptest.NewRecorder()
		middleware.ETag()(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if media != "" {
				w.Header().Set("Content-Type", media)
			}
			_, _ = io.WriteString(w, "text")
		})).ServeHTTP(w, get())
		tag := w.Header().Get("ETag")
		assert.Empty(t, seen[tag], media)
		seen[tag] = media
	}
}

// http.ServeContent goes by the modification time and is passed on at once where
// the content is long.
func TestETag_serveContent(t *testing.T) {
	content := bytes.Repeat([]byte("x"), 2*etagLimit)
	h := middleware.ETag(middleware.ETagBuffer(etagLimit))(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "a.txt", time.Unix(1e9, 0), bytes.NewReader(content))
	}))
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		assert.Len(t, s.Get(t, "/").Text, len(content))
		got := s.Do(t, "GET", "/", nil, http.Header{"Range": {"bytes=0-3"}})
		assert.Equal(t, http.StatusPartialContent, got.StatusCode)
		assert.Equal(t, "xxxx", got.Text)
		got = s.Do(t, "GET", "/", nil, http.Header{"If-Modified-Since": {time.Unix(1e9, 0).UTC().Format(http.TimeFormat)}})
		assert.Equal(t, http.StatusNotModified, got.StatusCode)
	})
}

func TestETag_faults(t *testing.T) {
	t.Parallel()
	assert.PanicsWithValue(t, "middleware: ETag: ETagBuffer is -1: pass a number of bytes, 0 or more; ETagBuffer is -2: pass a number of bytes, 0 or more",
		func() { middleware.ETag(middleware.ETagBuffer(-1), middleware.ETagBuffer(-2)) })
	w := httptest.NewRecorder()
	middleware.ETag(middleware.ETagOption{}, middleware.ETagBuffer(0))(handle("text", http.StatusOK)).ServeHTTP(w, get())
	assert.Equal(t, "text", w.Body.String())
	assert.Empty(t, w.Header()["Etag"])
}

func ExampleETag() {
	h := middleware.ETag()(respond.Func(func(*http.Request) (any, error) {
		return map[string]int{"oak": 3, "elm": 1}, nil
	}))
	show(h, get(), "ETag", "Content-Type")
	r := get()
	r.Header.Set("If-None-Match", `W/"3ONaN8JB7CHIBZYbFmM_4A"`)
	show(h, r, "ETag", "Content-Type")
	// Output:
	// 200
	// ETag: "3ONaN8JB7CHIBZYbFmM_4A"
	// Content-Type: application/json
	// 304
	// ETag: "3ONaN8JB7CHIBZYbFmM_4A"
	// Content-Type:
}
