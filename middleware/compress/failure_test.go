package compress_test

import (
	"errors"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
	"github.com/tenonkit/tenon/respond"
)

var errBroken = errors.New("broken")

// recovers answers 500 to a panic, even if the response has started, in which
// case it ends it as a whole one.
func recovers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			switch recover() {
			case nil:
			case http.ErrAbortHandler:
				panic(http.ErrAbortHandler)
			default:
				w.WriteHeader(http.StatusInternalServerError)
			}
		}()
		next.ServeHTTP(w, r)
	})
}

// onlyReader hides what a reader can do else.
type onlyReader struct{ io.Reader }

// breaks are handlers whose body ends before its time. The client must see that
// as a failure: a status, a connection that breaks, or a body without its end.
var breaks = map[string]struct {
	handler http.HandlerFunc
	status  int // 0 if the connection breaks, or else the body
}{
	"panic before anything": {func(http.ResponseWriter, *http.Request) { panic("oops") }, 500},
	"panic with a held body": {func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
		_, _ = io.WriteString(w, "held")
		panic("oops")
	}, 500},
	"panic in the body": {func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, text)
		panic("oops")
	}, 0},
	"panic after a flush": {func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "flushed")
		_ = http.NewResponseController(w).Flush()
		panic("oops")
	}, 0},
	"reader that breaks in the body": {func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.Copy(w, onlyReader{kittest.BrokenReader(text, errBroken)})
	}, 0},
	"reader that breaks in the held body": {func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.Copy(w, onlyReader{kittest.BrokenReader("held", errBroken)})
	}, 0},
	"reader that breaks after the header": {func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(cl, "3700")
		w.WriteHeader(http.StatusOK)
		_, _ = io.Copy(w, onlyReader{kittest.BrokenReader("", errBroken)})
	}, 0},
	"reader that breaks at once, answered": {func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(cl, "3700")
		_, err := io.Copy(w, onlyReader{kittest.BrokenReader("", errBroken)})
		if errors.Is(err, errBroken) {
			respond.Error(w, r, respond.NewProblem(500, ""))
		}
	}, 500},
	"failure answered in place of the held body": {func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, "held")
		respond.Error(w, r, respond.NewProblem(500, ""))
	}, 500},
	"failure in the body": {func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, text)
		respond.Error(w, r, respond.NewProblem(500, ""))
	}, 0},
	"short of its length": {func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(cl, strconv.Itoa(len(text)+1))
		_, _ = io.WriteString(w, text)
	}, 0},
	"longer than its length, by a reader": {func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(cl, "2000")
		_, _ = io.Copy(w, onlyReader{strings.NewReader(text)})
	}, 0},
}

func TestNew_failure(t *testing.T) {
	t.Parallel()
	for name, tc := range breaks {
		for _, coding := range []string{"gzip", "zstd"} {
			t.Run(name+"/"+coding, func(t *testing.T) {
				t.Parallel()
				inner := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set(ct, html)
					tc.handler(w, r)
				})
				kittest.Serve(t, recovers(compress.New()(inner)), func(t *testing.T, s *kittest.Server) {
					t.Helper()
					got, err := s.TryDo("GET", "/", nil, request(ae, coding))
					if tc.status != 0 {
						require.NoError(t, err)
						assert.Equal(t, tc.status, got.StatusCode)
						assert.Empty(t, got.Header[ce])
						assert.NotContains(t, got.Text, "held")
						return
					}
					if err == nil {
						assert.Equal(t, coding, got.Header.Get(ce), "%d %s", got.StatusCode, got.Text)
						_, err = decode(coding, got.Text)
					}
					assert.Error(t, err)
				})
			})
		}
	}
}

// Without somebody who recovers, the server breaks the connection.
func TestNew_failureUnrecovered(t *testing.T) {
	for _, name := range []string{"panic in the body", "panic after a flush", "reader that breaks in the body", "short of its length"} {
		kittest.Serve(t, compress.New()(breaks[name].handler), func(t *testing.T, s *kittest.Server) {
			t.Helper()
			_, err := s.TryDo("GET", "/", nil, gz)
			assert.Error(t, err, name)
		})
	}
}

// As with net/http, what goes beyond the declared length is refused, and what
// fits is sent.
func TestNew_beyondLength(t *testing.T) {
	h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set(cl, strconv.Itoa(len(text)))
		_, _ = io.WriteString(w, text)
		_, err := io.WriteString(w, "more")
		assert.ErrorIs(t, err, http.ErrContentLength)
	})
	kittest.Serve(t, compress.New()(h), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		got := s.Do(t, "GET", "/", nil, gz)
		assert.Equal(t, "gzip", got.Header.Get(ce))
		assert.Equal(t, text, decoded(t, got))
	})
}

// A coding whose encoder fails gives no whole body either.
func TestNew_encoderFails(t *testing.T) {
	for _, fails := range []string{"write", "flush", "close"} {
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, text)
			_ = http.NewResponseController(w).Flush()
		})
		coding := compress.Coding("x", func() compress.Encoder { return &failingEncoder{on: fails} })
		kittest.Serve(t, compress.New(coding)(h), func(t *testing.T, s *kittest.Server) {
			t.Helper()
			_, err := s.TryDo("GET", "/", nil, request(ae, "x"))
			assert.Error(t, err, fails)
		})
	}
}

type failingEncoder struct {
	to io.Writer
	on string
}

func (f *failingEncoder) do(what string) error {
	if f.on == what {
		return errBroken
	}
	return nil
}

func (f *failingEncoder) Reset(w io.Writer)           { f.to = w }
func (f *failingEncoder) Flush() error                { return f.do("flush") }
func (f *failingEncoder) Close() error                { return f.do("close") }
func (f *failingEncoder) Write(p []byte) (int, error) { return len(p), f.do("write") }

// What has passed to a layer that holds it back is undone too.
func TestNew_failureInsideOfETag(t *testing.T) {
	t.Parallel()
	h := middleware.Recover()(middleware.ETag(middleware.ETagBuffer(4000))(compress.New()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(ct, html)
		body := text
		if r.URL.Path == "/passed" {
			random := make([]byte, 400_000) // more than an encoder holds
			_, _ = rand.NewChaCha8([32]byte{}).Read(random)
			body = string(random)
		}
		_, _ = io.WriteString(w, body)
		respond.Error(w, r, respond.NewProblem(http.StatusConflict, ""))
	}))))
	for _, coding := range []string{"gzip", "zstd", "identity"} {
		kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
			t.Helper()
			got := s.Do(t, http.MethodGet, "/", nil, request(ae, coding))
			assert.Equal(t, http.StatusConflict, got.StatusCode, coding)
			assert.Empty(t, got.Header[ce], coding)
			assert.JSONEq(t, `{"type":"about:blank","title":"Conflict","status":409}`, got.Text, coding)
			_, err := s.TryDo(http.MethodGet, "/passed", nil, request(ae, coding))
			require.Error(t, err, "a part of it has been sent")
		})
	}
}

// Started and Restart tell what the handler has done, not what has passed.
func TestWriter_started(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name                string
		send                func(w http.ResponseWriter)
		started, restarting bool
	}{
		{"nothing", func(http.ResponseWriter) {}, false, true},
		{"informational", func(w http.ResponseWriter) { w.WriteHeader(103) }, false, true},
		{"status", func(w http.ResponseWriter) { w.WriteHeader(404) }, true, true},
		{"held", func(w http.ResponseWriter) { _, _ = io.WriteString(w, "held") }, true, true},
		{"nothing read", func(w http.ResponseWriter) { _, _ = io.Copy(w, onlyReader{strings.NewReader("")}) }, false, true},
		{"nothing written", func(w http.ResponseWriter) { _, _ = w.Write(nil) }, true, true},
		{"nothing written, then a reader that breaks", func(w http.ResponseWriter) {
			_, _ = w.Write(nil)
			_, _ = io.Copy(w, onlyReader{kittest.BrokenReader("", errBroken)})
		}, true, true},
		{"coded", func(w http.ResponseWriter) { _, _ = io.WriteString(w, text) }, true, false},
		{"plain", func(w http.ResponseWriter) { _, _ = io.WriteString(w, png) }, true, false},
		{"flushed", func(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }, true, false},
	} {
		h := compress.New()(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			tc.send(w)
			assert.Equal(t, tc.started, rw.Started(w), tc.name)
			assert.Equal(t, tc.restarting, rw.Restart(w), tc.name)
			assert.Equal(t, !tc.restarting, rw.Started(w), tc.name)
		}))
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set(ae, "gzip")
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
}
