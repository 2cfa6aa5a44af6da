package rw_test

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/rw"
)

type foreign struct{ http.ResponseWriter }

func (f foreign) Unwrap() http.ResponseWriter { return f.ResponseWriter }

type embeds struct{ *rw.Writer }

type opaque struct{ http.ResponseWriter }

func TestFind(t *testing.T) {
	t.Parallel()
	below := httptest.NewRecorder()
	w := rw.Wrap(below)
	assert.Same(t, w, rw.Wrap(w), "one Writer serves the chain")
	assert.NotSame(t, w, rw.Wrap(foreign{w}), "what is written has to pass the foreign writer")
	assert.Same(t, w, rw.Find(w))
	assert.Same(t, w, rw.Find(foreign{foreign{w}}))
	assert.Same(t, w, rw.Find(foreign{embeds{w}}), "not the one below it")
	assert.Nil(t, rw.Find(below))
	assert.Nil(t, rw.Find(opaque{w}))
	assert.Nil(t, rw.Find(foreign{nil}))
	assert.Same(t, below, w.Unwrap())
}

func TestWriter_started(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		send   func(w *rw.Writer)
		status int
		bytes  int64
	}{
		{"nothing", func(*rw.Writer) {}, 0, 0},
		{"header fields", func(w *rw.Writer) { w.Header().Set("X-A", "1") }, 0, 0},
		{"informational", func(w *rw.Writer) { w.WriteHeader(http.StatusEarlyHints) }, 0, 0},
		{"status", func(w *rw.Writer) { w.WriteHeader(http.StatusCreated) }, 201, 0},
		{"the first status counts", func(w *rw.Writer) { w.WriteHeader(404); w.WriteHeader(200) }, 404, 0},
		{"switching protocols", func(w *rw.Writer) { w.WriteHeader(101) }, 101, 0},
		{"write", func(w *rw.Writer) { _, _ = w.Write([]byte("abc")) }, 200, 3},
		{"write string", func(w *rw.Writer) { w.WriteHeader(202); _, _ = w.WriteString("abc") }, 202, 3},
		{"read from", func(w *rw.Writer) { _, _ = w.ReadFrom(strings.NewReader("abc")) }, 200, 3},
		{"read from nothing", func(w *rw.Writer) { _, _ = w.ReadFrom(strings.NewReader("")) }, 0, 0},
		{"read from nothing after a status", func(w *rw.Writer) { w.WriteHeader(201); _, _ = w.ReadFrom(strings.NewReader("")) }, 201, 0},
		{"read that fails at once", func(w *rw.Writer) {
			_, err := w.ReadFrom(kittest.BrokenReader("", errors.New("broken")))
			assert.Error(t, err)
		}, 0, 0},
		{"read that fails later", func(w *rw.Writer) { _, _ = w.ReadFrom(kittest.BrokenReader("ab", errors.New("broken"))) }, 200, 2},
		{"read that panics", func(w *rw.Writer) {
			assert.Panics(t, func() { _, _ = w.ReadFrom(panics{}) })
		}, 200, 0},
		{"reads of nothing before one of three bytes", func(w *rw.Writer) { _, _ = w.ReadFrom(&pauses{2, strings.NewReader("abc")}) }, 200, 3},
		{"reads of nothing before an end", func(w *rw.Writer) { _, _ = w.ReadFrom(&pauses{2, strings.NewReader("")}) }, 0, 0},
		{"a status after a read of nothing", func(w *rw.Writer) { _, _ = w.ReadFrom(strings.NewReader("")); w.WriteHeader(404) }, 404, 0},
		{"an empty write before a read that fails", func(w *rw.Writer) {
			_, _ = w.Write(nil)
			_, _ = w.ReadFrom(kittest.BrokenReader("", errors.New("broken")))
			w.WriteHeader(404)
		}, 200, 0},
		{"a status after an empty string", func(w *rw.Writer) { _, _ = w.WriteString(""); w.WriteHeader(404) }, 200, 0},
		{"flush", func(w *rw.Writer) { w.Flush() }, 200, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := rw.Wrap(httptest.NewRecorder())
			tc.send(w)
			assert.Equal(t, tc.status, w.Status())
			assert.Equal(t, tc.status != 0, w.Started())
			assert.Equal(t, tc.status != 0, rw.Started(foreign{w}))
			assert.Equal(t, tc.bytes, w.Bytes())
		})
	}
	assert.False(t, rw.Started(httptest.NewRecorder()), "nobody can tell")
}

// pauses yields nothing so many times.
type pauses struct {
	left int
	io.Reader
}

func (p *pauses) Read(b []byte) (int, error) {
	if p.left > 0 {
		p.left--
		return 0, nil
	}
	return p.Reader.Read(b)
}

type panics struct{}

func (panics) Read([]byte) (int, error) { panic("reader") }

func TestWriter_cause(t *testing.T) {
	t.Parallel()
	outer := rw.Wrap(httptest.NewRecorder())
	inner := rw.Wrap(foreign{outer})
	cause := errors.New("down")
	assert.False(t, rw.RecordCause(inner, cause), "nobody collects")
	require.NoError(t, outer.Cause())
	outer.CollectCause()
	assert.True(t, rw.RecordCause(foreign{inner}, cause))
	assert.Equal(t, cause, outer.Cause())
	assert.NoError(t, inner.Cause())
}

// TestWriter_abilities drives what net/http offers through the Writer, over
// real connections.
func TestWriter_abilities(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, []byte(strings.Repeat("x", 10_000)), 0o600))
	mux := http.NewServeMux()
	mux.HandleFunc("/flush", func(w http.ResponseWriter, _ *http.Request) {
		flusher, ok := w.(http.Flusher)
		assert.True(t, ok)
		_, _ = io.WriteString(w, "a")
		flusher.Flush()
		assert.NoError(t, http.NewResponseController(w).Flush())
	})
	mux.HandleFunc("/file", func(w http.ResponseWriter, _ *http.Request) {
		file, err := os.Open(path)
		if assert.NoError(t, err) {
			_, _ = io.Copy(w, file)
			_ = file.Close()
		}
	})
	mux.HandleFunc("/hints", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Link", "</style.css>")
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusAccepted)
	})
	mux.HandleFunc("/hijack", func(w http.ResponseWriter, r *http.Request) {
		hijacker, ok := w.(http.Hijacker)
		assert.True(t, ok)
		conn, buf, err := hijacker.Hijack()
		if r.ProtoMajor == 2 {
			assert.ErrorIs(t, err, http.ErrNotSupported)
			assert.False(t, rw.Started(w))
			w.WriteHeader(http.StatusNotImplemented)
			return
		}
		if assert.NoError(t, err) {
			assert.True(t, rw.Started(w))
			answer(buf)
			_ = conn.Close()
		}
	})
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { mux.ServeHTTP(rw.Wrap(foreign{rw.Wrap(w)}), r) })
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		assert.Equal(t, "a", s.Get(t, "/flush").Text)
		assert.Len(t, s.Get(t, "/file").Text, 10_000)
		assert.Equal(t, 202, s.Get(t, "/hints").StatusCode)
		want := 299
		if s.Proto == "HTTP/2" {
			want = 501
		}
		assert.Equal(t, want, s.Get(t, "/hijack").StatusCode)
	})
}

func answer(buf *bufio.ReadWriter) {
	_, _ = buf.WriteString("HTTP/1.1 299 Hijacked\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
	_ = buf.Flush()
}

func TestWriter_cannotFlush(t *testing.T) {
	t.Parallel()
	w := rw.Wrap(opaque{httptest.NewRecorder()})
	require.ErrorIs(t, w.FlushError(), http.ErrNotSupported)
	assert.False(t, w.Started())
	w.Flush()
	_, _, err := w.Hijack()
	require.ErrorIs(t, err, http.ErrNotSupported)
}

func TestWriter_allocs(t *testing.T) {
	var sink kittest.Sink
	kittest.Allocs(t, 1, func() {
		sink.Reset()
		w := rw.Wrap(&sink)
		inner := rw.Wrap(w)
		_, _ = inner.WriteString("text")
	})
}

func TestWrapIn(t *testing.T) {
	t.Parallel()
	below := httptest.NewRecorder()
	var room rw.Writer
	w := rw.WrapIn(&room, below)
	assert.Same(t, &room, w)
	assert.Same(t, below, w.Unwrap())
	assert.Same(t, w, rw.WrapIn(new(rw.Writer), w), "one Writer serves the chain")
	_, _ = w.WriteString("a")
	assert.Equal(t, "a", below.Body.String())
}

func TestInnermost(t *testing.T) {
	t.Parallel()
	below := httptest.NewRecorder()
	assert.Same(t, below, rw.Innermost(foreign{&held{Writer: rw.Wrap(foreign{rw.Wrap(below)})}}))
	assert.Same(t, below, rw.Innermost(below))
}

func TestCanFlush(t *testing.T) {
	t.Parallel()
	for _, w := range []http.ResponseWriter{httptest.NewRecorder(), rw.Wrap(foreign{httptest.NewRecorder()})} {
		assert.True(t, rw.CanFlush(w))
	}
	for _, w := range []http.ResponseWriter{opaque{nil}, foreign{opaque{nil}}, &held{Writer: rw.Wrap(rw.Wrap(opaque{nil}))}} {
		assert.False(t, rw.CanFlush(w))
	}
}

// plain is a writer with nothing but the three methods.
type plain struct{ bytes.Buffer }

func (*plain) Header() http.Header { return http.Header{} }

func (*plain) WriteHeader(int) {}

type onlyWrites struct{ p *plain }

func (o onlyWrites) Header() http.Header { return o.p.Header() }

func (o onlyWrites) WriteHeader(int) {}

func (o onlyWrites) Write(b []byte) (int, error) { return o.p.Write(b) }

// Below HTTP/2 there is no ReadFrom: then the Writer copies, with one buffer for
// all requests.
func TestWriter_ReadFrom_copies(t *testing.T) {
	text := strings.Repeat("0123456789", 10_000)
	path := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	file, err := os.Open(path)
	require.NoError(t, err)
	t.Cleanup(func() { _ = file.Close() })
	for name, src := range map[string]io.ReadSeeker{
		"file": file, "strings": strings.NewReader(text), "section": io.NewSectionReader(strings.NewReader(text), 0, int64(len(text))),
	} {
		t.Run(name, func(t *testing.T) {
			var sink plain
			kittest.Allocs(t, 3, func() {
				_, err := src.Seek(0, io.SeekStart)
				sink.Reset()
				n, copying := rw.Wrap(onlyWrites{&sink}).ReadFrom(src)
				if err != nil || copying != nil || n != int64(len(text)) || sink.Len() != len(text) {
					t.Error(n, err, copying)
				}
			})
			assert.Equal(t, text, sink.String())
		})
	}
}

type failing struct{ http.ResponseWriter }

func (failing) Write([]byte) (int, error) { return 0, errors.New("reset by peer") }

func TestWriter_broken(t *testing.T) {
	t.Parallel()
	w := rw.Wrap(failing{httptest.NewRecorder()})
	assert.False(t, w.Broken())
	_, _ = w.WriteString("a")
	assert.True(t, w.Broken())
	for _, err := range []error{http.ErrBodyNotAllowed, http.ErrContentLength} {
		w := rw.Wrap(refusing{httptest.NewRecorder(), err})
		_, _ = w.Write([]byte("a"))
		assert.False(t, w.Broken(), err)
	}
}

type refusing struct {
	http.ResponseWriter

	err error
}

func (w refusing) Write([]byte) (int, error) { return 0, w.err }
