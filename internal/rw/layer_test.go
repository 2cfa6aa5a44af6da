package rw_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/rw"
)

// A held layer keeps what is written until it is sent.
type held struct {
	*rw.Writer

	status int
}

func (h *held) Unwrap() http.ResponseWriter { return h.Writer }
func (h *held) WriteHeader(status int)      { h.status = status }
func (h *held) Started() bool               { return h.status != 0 || h.Writer.Started() }

func (h *held) Restart() bool {
	h.status = 0
	return !h.Writer.Started()
}

var _ rw.Layer = (*held)(nil)

func TestRestart(t *testing.T) {
	t.Parallel()
	outer := rw.Wrap(httptest.NewRecorder())
	layer := &held{Writer: outer}
	inner := rw.Wrap(layer)
	assert.True(t, rw.Restart(inner), "nothing was sent")

	inner.WriteHeader(http.StatusOK)
	assert.True(t, rw.Started(inner))
	assert.True(t, rw.Started(foreign{layer}))
	assert.False(t, rw.Started(outer))
	assert.True(t, rw.Restart(inner), "it is held back")
	assert.False(t, rw.Started(inner))
	assert.Zero(t, layer.status)

	behind := rw.Wrap(foreign{layer})
	behind.WriteHeader(http.StatusOK)
	assert.False(t, rw.Restart(behind), "somebody else has seen it")

	layer.Restart()
	outer.WriteHeader(http.StatusOK)
	assert.False(t, rw.Restart(inner), "it was sent")
	assert.True(t, rw.Started(rw.Wrap(foreign{outer})), "not by this writer, but it was")
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
func (*plain) WriteHeader(int)     {}

type onlyWrites struct{ p *plain }

func (o onlyWrites) Header() http.Header         { return o.p.Header() }
func (o onlyWrites) WriteHeader(int)             {}
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

// limit counts what a Writer tells it.
type limit struct{ begun, lifted int }

func (l *limit) Begin()         { l.begun++ }
func (l *limit) Lift()          { l.lifted++ }
func (l *limit) Exceeded() bool { return l.lifted > 4 }

func TestWriter_limit(t *testing.T) {
	t.Parallel()
	var l limit
	w := rw.Wrap(httptest.NewRecorder())
	assert.Nil(t, w.SetLimit(&l))
	_, _ = w.WriteString("a")
	_, _ = w.WriteString("b")
	assert.Equal(t, limit{begun: 1}, l)
	require.NoError(t, w.FlushError())
	require.ErrorIs(t, w.SetReadDeadline(time.Time{}), http.ErrNotSupported)
	require.ErrorIs(t, w.SetWriteDeadline(time.Time{}), http.ErrNotSupported)
	_, _, err := w.Hijack()
	require.ErrorIs(t, err, http.ErrNotSupported)
	assert.Equal(t, limit{begun: 1, lifted: 4}, l)
	assert.False(t, rw.Exceeded(foreign{w}))
	l.Lift()
	assert.True(t, rw.Exceeded(rw.Wrap(foreign{w})))
	assert.Same(t, &l, w.SetLimit(nil))
	assert.False(t, rw.Exceeded(w))
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

func TestRecord(t *testing.T) {
	t.Parallel()
	outer := rw.Wrap(httptest.NewRecorder())
	inner := rw.Wrap(foreign{outer})
	rw.RecordPattern(foreign{inner}, "GET /a")
	rw.RecordRequestID(inner, "id")
	for _, w := range []*rw.Writer{outer, inner} {
		assert.Equal(t, "GET /a", w.Pattern())
		assert.Equal(t, "id", w.RequestID())
	}
	rw.RecordPattern(httptest.NewRecorder(), "nobody")
}

func TestWriter_EnterRouter(t *testing.T) {
	t.Parallel()
	w := rw.Wrap(httptest.NewRecorder())
	rw.RecordPattern(w, "/outer/")
	first := w.EnterRouter("/in/")
	assert.Empty(t, w.Pattern())
	assert.Equal(t, "/in/", w.OuterPattern())
	second := w.EnterRouter("/in/deep/")
	rw.RecordPattern(w, "/in/deep/{id}")
	w.LeaveRouter(second)
	assert.Equal(t, "/in/", w.OuterPattern())
	assert.Equal(t, "/in/deep/{id}", w.Pattern())
	w.LeaveRouter(first)
	assert.Empty(t, w.OuterPattern())
	w.LeaveRouter(w.EnterRouter("/"))
	assert.Equal(t, "/in/deep/{id}", w.Pattern(), "nothing was recorded")
}
