package compress_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/middleware/compress"
	"github.com/tenonkit/tenon/respond"
)

// plainReader only reads, a few bytes at a time.
type plainReader struct{ src io.Reader }

func (r plainReader) Read(p []byte) (int, error) { return r.src.Read(p[:min(len(p), 100)]) }

// ways are those in which a handler can write a body.
var ways = map[string]func(w http.ResponseWriter, body string){
	"one write":     func(w http.ResponseWriter, body string) { _, _ = w.Write([]byte(body)) },
	"one string":    func(w http.ResponseWriter, body string) { _, _ = io.WriteString(w, body) },
	"from a reader": func(w http.ResponseWriter, body string) { _, _ = io.Copy(w, plainReader{strings.NewReader(body)}) },
	"from a buffer": func(w http.ResponseWriter, body string) { _, _ = io.Copy(w, strings.NewReader(body)) },
	"byte by byte": func(w http.ResponseWriter, body string) {
		for i := range len(body) {
			_, _ = w.Write([]byte{body[i]})
		}
	},
	"two pieces": func(w http.ResponseWriter, body string) {
		_, _ = io.WriteString(w, body[:len(body)/3])
		_, _ = io.Copy(w, plainReader{strings.NewReader(body[len(body)/3:])})
	},
	"after nothing": func(w http.ResponseWriter, body string) {
		_, _ = w.Write(nil)
		_, _ = io.Copy(w, plainReader{strings.NewReader("")})
		w.WriteHeader(http.StatusOK)
		_, _ = io.WriteString(w, body)
	},
}

// TestNew_pieces holds that the decision does not depend on the pieces in which
// the body is written.
func TestNew_pieces(t *testing.T) {
	for _, tc := range []struct {
		media string
		size  int
		want  string
	}{
		{html, 1023, ""},
		{html, 1024, "gzip"},
		{html, 1025, "gzip"},
		{html, 3700, "gzip"},
		{"", 1, ""},
		{"", 511, ""},
		{"", 512, ""},
		{"", 1023, ""},
		{"", 1024, "gzip"},
		{"image/png", 3700, ""},
	} {
		for name, write := range ways {
			h := compress.New()(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if tc.media != "" {
					w.Header().Set(ct, tc.media)
				}
				write(w, text[:tc.size])
			}))
			w := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set(ae, "gzip")
			h.ServeHTTP(w, r)
			assert.Equal(t, tc.want, w.Header().Get(ce), "%s %s %d", name, tc.media, tc.size)
			body, err := decode(w.Header().Get(ce), w.Body.String())
			require.NoError(t, err)
			assert.Equal(t, text[:tc.size], body, "%s %s %d", name, tc.media, tc.size)
		}
	}
}

// What is flushed is with the client while the handler waits.
func TestNew_flush(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ accept, media, want string }{
		{"gzip", "text/event-stream", ""},
		{"gzip", "application/x-ndjson", "gzip"},
		{"zstd", "application/x-ndjson", "zstd"},
		{"gzip", "", "gzip"},
		{"gzip", "image/png", ""},
	} {
		t.Run(tc.accept+" "+tc.media, func(t *testing.T) {
			t.Parallel()
			release := make(chan struct{})
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if tc.media != "" {
					w.Header().Set(ct, tc.media)
				}
				_, _ = io.WriteString(w, ":\n\n")
				assert.NoError(t, http.NewResponseController(w).Flush())
				select {
				case <-release:
				case <-r.Context().Done():
				}
				_, _ = io.WriteString(w, "end")
			})
			kittest.Serve(t, compress.New()(h), func(t *testing.T, s *kittest.Server) {
				t.Helper()
				r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
				require.NoError(t, err)
				r.Header.Set(ae, tc.accept)
				got, err := s.Client.Do(r)
				require.NoError(t, err)
				defer got.Body.Close()
				assert.Equal(t, tc.want, got.Header.Get(ce))
				body := reader(t, tc.want, got.Body)
				first := make([]byte, 3)
				_, err = io.ReadFull(body, first)
				require.NoError(t, err)
				assert.Equal(t, ":\n\n", string(first))
				release <- struct{}{}
				rest, err := io.ReadAll(body)
				require.NoError(t, err)
				assert.Equal(t, "end", string(rest))
			})
		})
	}
}

// A flush before the body sends the header.
func TestNew_flushFirst(t *testing.T) {
	for _, media := range []string{html, "", "image/png"} {
		for _, accept := range []string{"gzip", "zstd", ""} {
			h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				if media != "" {
					w.Header().Set(ct, media)
				}
				flusher, ok := w.(http.Flusher)
				assert.True(t, ok)
				flusher.Flush()
				w.Header().Set("X-Late", "yes")
				assert.True(t, rw.Started(w))
			})
			kittest.Serve(t, compress.New()(h), func(t *testing.T, s *kittest.Server) {
				t.Helper()
				got := s.Do(t, "GET", "/", nil, request(ae, accept))
				want := accept
				if media != html {
					want = ""
				}
				assert.Equal(t, want, got.Header.Get(ce))
				assert.Empty(t, got.Header["X-Late"])
				assert.Empty(t, decoded(t, got))
			})
		}
	}
}

// opaque hides all abilities of the server's writer.
type opaque struct{ http.ResponseWriter }

func TestNew_cannotFlush(t *testing.T) {
	t.Parallel()
	h := compress.New()(compress.New()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(ct, html)
		assert.ErrorIs(t, http.NewResponseController(w).Flush(), http.ErrNotSupported)
		assert.False(t, rw.Started(w), "the failure can still be answered")
		_, _, err := http.NewResponseController(w).Hijack()
		assert.ErrorIs(t, err, http.ErrNotSupported)
		respond.Error(w, r, respond.NewProblem(409, ""))
	})))
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set(ae, "gzip")
	h.ServeHTTP(opaque{w}, r)
	assert.Equal(t, 409, w.Code)
	assert.Empty(t, w.Header()[ce])
	assert.JSONEq(t, `{"type":"about:blank","title":"Conflict","status":409}`, w.Body.String())
}

// The header is the one that the response began with, whatever the handler does
// to it later.
func TestNew_lateHeader(t *testing.T) {
	for _, size := range []int{10, 3000} {
		h := func(w http.ResponseWriter, r *http.Request) {
			body := text[:size]
			w.Header().Set("X-Kept", "early")
			w.Header().Set("X-Gone", "early")
			w.Header().Set("Trailer", "X-Trailer")
			if r.URL.Path == "/implied" {
				_, _ = w.Write([]byte(body[:5]))
				body = body[5:]
			} else {
				w.WriteHeader(http.StatusAccepted)
			}
			w.Header().Set("X-Kept", "late")
			w.Header().Set("X-Late", "late")
			w.Header().Set(ce, "br")
			w.Header().Del("X-Gone")
			for piece := range slices.Chunk([]byte(body), 100) {
				_, _ = w.Write(piece)
			}
			w.Header().Set("X-Trailer", "yes")
			w.Header().Set(http.TrailerPrefix+"X-Other", "yes")
		}
		for _, accept := range []string{"", "gzip"} {
			kittest.Serve(t, compress.New()(http.HandlerFunc(h)), func(t *testing.T, s *kittest.Server) {
				t.Helper()
				for path, status := range map[string]int{"/": http.StatusAccepted, "/implied": http.StatusOK} {
					got := s.Do(t, "GET", path, nil, request(ae, accept))
					assert.Equal(t, status, got.StatusCode)
					assert.Equal(t, "early", got.Header.Get("X-Kept"))
					assert.Equal(t, "early", got.Header.Get("X-Gone"))
					assert.Empty(t, got.Header["X-Late"])
					assert.Empty(t, got.Header["X-Trailer"])
					assert.Equal(t, http.Header{"X-Trailer": {"yes"}, "X-Other": {"yes"}}, got.Trailer)
					assert.Equal(t, text[:size], decoded(t, got))
				}
			})
		}
	}
}

func TestNew_abilities(t *testing.T) {
	mux := http.NewServeMux()
	mux.HandleFunc("/hints", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(ct, html)
		w.WriteHeader(http.StatusEarlyHints)
		assert.False(t, rw.Started(w))
		w.WriteHeader(http.StatusCreated)
		assert.True(t, rw.Started(w))
		_, _ = io.WriteString(w, text)
	})
	mux.HandleFunc("/deadline", func(w http.ResponseWriter, _ *http.Request) {
		controller := http.NewResponseController(w)
		assert.NoError(t, controller.SetReadDeadline(time.Time{}))
		assert.NoError(t, controller.SetWriteDeadline(time.Time{}))
		assert.NoError(t, controller.EnableFullDuplex())
		_, _ = io.WriteString(w, text)
	})
	mux.HandleFunc("/hijack", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "held, and gone")
		hijacker, ok := w.(http.Hijacker)
		assert.True(t, ok)
		conn, buf, err := hijacker.Hijack()
		if r.ProtoMajor == 2 {
			assert.ErrorIs(t, err, http.ErrNotSupported)
			return
		}
		if assert.NoError(t, err) {
			assert.True(t, rw.Started(w))
			_, _ = buf.WriteString("HTTP/1.1 299 Hijacked\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
			_ = buf.Flush()
			_ = conn.Close()
		}
	})
	kittest.Serve(t, compress.New()(mux), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for path, status := range map[string]int{"/hints": 201, "/deadline": 200} {
			got := s.Do(t, "GET", path, nil, gz)
			assert.Equal(t, status, got.StatusCode)
			assert.Equal(t, "gzip", got.Header.Get(ce))
			assert.Equal(t, text, decoded(t, got))
		}
		want := 299
		if s.Proto == "HTTP/2" {
			want = 200
		}
		assert.Equal(t, want, s.Do(t, "GET", "/hijack", nil, gz).StatusCode)
		assert.Empty(t, s.Log())
	})
}

// A goroutine that outlives its handler reaches no encoder.
func TestNew_lateWrite(t *testing.T) {
	t.Parallel()
	var late http.ResponseWriter
	h := compress.New()(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		late = w
		_, _ = io.WriteString(w, text)
	}))
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set(ae, "gzip")
	h.ServeHTTP(w, r)
	size := w.Body.Len()
	_, err := io.WriteString(late, "late")
	require.EqualError(t, err, "compress: write after the handler has returned")
	_, err = io.Copy(late, plainReader{strings.NewReader("late")})
	require.Error(t, err)
	assert.Equal(t, size, w.Body.Len())
}
