package rw_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

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

func (h *held) Restart() { h.status = 0 }

var _ rw.Layer = (*held)(nil)

// An empty write begins the response, as with net/http, but for who can begin anew.
func TestRestart_emptyWrite(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(w *rw.Writer){
		"Write":       func(w *rw.Writer) { _, _ = w.Write(nil) },
		"WriteString": func(w *rw.Writer) { _, _ = w.WriteString("") },
	} {
		below := httptest.NewRecorder()
		w := rw.Wrap(below)
		write(w)
		assert.True(t, rw.Started(w), name)
		assert.True(t, rw.Restart(w), name)
		assert.False(t, rw.Started(w), name)
		w.WriteHeader(http.StatusConflict)
		assert.Equal(t, http.StatusConflict, below.Code, name)
	}
}

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

// The status of a hook still takes the place of the 200 that an empty write implies.
func TestWriter_Hook_emptyWrite(t *testing.T) {
	t.Parallel()
	for name, send := range map[string]func(w *rw.Writer){
		"Write":       func(w *rw.Writer) { _, _ = w.Write([]byte("text")) },
		"WriteHeader": func(w *rw.Writer) { w.WriteHeader(http.StatusTeapot) },
	} {
		below := httptest.NewRecorder()
		w := rw.Wrap(below)
		w.Hook(httptest.NewRequest(http.MethodGet, "/", nil), func(w *rw.Writer, _ *http.Request, status int) bool {
			assert.Equal(t, http.StatusOK, status, name)
			w.WriteHeader(http.StatusNotFound)
			return true
		})
		_, _ = w.Write(nil)
		send(w)
		assert.Equal(t, http.StatusNotFound, below.Code, name)
	}
}
