package rw_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/rw"
)

// marks is a hook that leaves its name in the header.
func marks(name string) rw.Hook {
	return func(w *rw.Writer, _ *http.Request, _ int) bool {
		w.Header().Add("X-Hooks", name)
		return true
	}
}

func TestWriter_Hook(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		send func(w *rw.Writer)
		want []string
	}{
		"WriteHeader": {func(w *rw.Writer) { w.WriteHeader(201); w.WriteHeader(500) }, []string{"4", "3", "2", "1"}},
		"101":         {func(w *rw.Writer) { w.WriteHeader(101) }, []string{"4", "3", "2", "1"}},
		"Write":       {func(w *rw.Writer) { _, _ = w.Write([]byte("a")); _, _ = w.Write([]byte("b")) }, []string{"4", "3", "2", "1"}},
		"WriteString": {func(w *rw.Writer) { _, _ = w.WriteString("a") }, []string{"4", "3", "2", "1"}},
		"ReadFrom":    {func(w *rw.Writer) { _, _ = w.ReadFrom(strings.NewReader("a")) }, []string{"4", "3", "2", "1"}},
		"Flush":       {func(w *rw.Writer) { w.Flush() }, []string{"4", "3", "2", "1"}},
		"1xx":         {func(w *rw.Writer) { w.WriteHeader(103) }, []string{"4", "3", "2", "1"}},
		"Hijack":      {func(w *rw.Writer) { _, _, _ = w.Hijack() }, nil},
		"nothing":     {func(*rw.Writer) {}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			below := httptest.NewRecorder()
			w := rw.Wrap(below)
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			for _, name := range []string{"1", "2", "3", "4"} {
				w.Hook(r, marks(name))
			}
			tc.send(w)
			assert.Equal(t, tc.want, below.Header()["X-Hooks"])
		})
	}
}

// What has not begun runs them again once it does.
func TestWriter_Hook_nothingRead(t *testing.T) {
	t.Parallel()
	w := rw.Wrap(httptest.NewRecorder())
	var statuses []int
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	for range 2 {
		w.Hook(r, func(_ *rw.Writer, _ *http.Request, status int) bool {
			statuses = append(statuses, status)
			return true
		})
	}
	_, _ = w.ReadFrom(strings.NewReader(""))
	w.WriteHeader(http.StatusNotFound)
	assert.Equal(t, []int{200, 200, 404, 404}, statuses)
}

// A writer that cannot flush does not run the hooks, and a status can follow.
func TestWriter_Hook_cannotFlush(t *testing.T) {
	t.Parallel()
	below := httptest.NewRecorder()
	w := rw.Wrap(opaque{below})
	w.Hook(httptest.NewRequest(http.MethodGet, "/", nil), marks("1"))
	w.Flush()
	assert.Empty(t, below.Header())
	w.WriteHeader(http.StatusTeapot)
	assert.Equal(t, []string{"1"}, below.Header()["X-Hooks"])
	assert.Equal(t, 418, below.Code)
}

func TestWriter_Unhook(t *testing.T) {
	t.Parallel()
	below := httptest.NewRecorder()
	w := rw.Wrap(below)
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	w.Hook(r, marks("stays"))
	mark := w.Hook(r, marks("goes"))
	w.Hook(r, marks("was left by a panic"))
	w.Unhook(mark)
	w.WriteHeader(http.StatusOK)
	w.Unhook(mark)
	assert.Equal(t, []string{"stays"}, below.Header()["X-Hooks"])
}

// A hook that answers has the last word until it is taken off.
func TestWriter_Hook_answers(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(w *rw.Writer){
		"Write":       func(w *rw.Writer) { _, _ = w.Write([]byte("text")) },
		"WriteString": func(w *rw.Writer) { _, _ = io.WriteString(w, "text") },
		"ReadFrom":    func(w *rw.Writer) { _, _ = w.ReadFrom(strings.NewReader("text")) },
		"Flush":       func(w *rw.Writer) { w.Flush() },
		"WriteHeader": func(w *rw.Writer) { w.WriteHeader(404) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			below := httptest.NewRecorder()
			w := rw.Wrap(below)
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			w.Hook(r, marks("outer"))
			mark := w.Hook(r, func(w *rw.Writer, got *http.Request, status int) bool {
				assert.Same(t, r, got)
				w.WriteHeader(status + 1)
				_, _ = w.WriteString("answer")
				return false
			})
			write(w)
			write(w)
			w.Unhook(mark)
			_, _ = w.WriteString(", after")
			want := 201
			if name == "WriteHeader" {
				want = 405
			}
			assert.Equal(t, want, below.Code)
			assert.Equal(t, "answer, after", below.Body.String())
			assert.Equal(t, []string{"outer"}, below.Header()["X-Hooks"])
			assert.EqualValues(t, len("answer, after"), w.Bytes())
		})
	}
}

func TestWriter_Hook_allocs(t *testing.T) {
	var sink kittest.Sink
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	static := func(*rw.Writer, *http.Request, int) bool { return true }
	kittest.Allocs(t, 1, func() {
		sink.Reset()
		w := rw.Wrap(&sink)
		for range 3 {
			w.Hook(r, static)
		}
		w.WriteHeader(http.StatusOK)
	})
}

// TestWriter_Hook_status holds that the status that a hook sends takes the place
// of the one that was to be sent, however that came.
func TestWriter_Hook_status(t *testing.T) {
	t.Parallel()
	for name, send := range map[string]func(w *rw.Writer){
		"WriteHeader": func(w *rw.Writer) { w.WriteHeader(200); _, _ = w.Write([]byte("a")) },
		"Write":       func(w *rw.Writer) { _, _ = w.Write([]byte("a")) },
		"WriteString": func(w *rw.Writer) { _, _ = w.WriteString("a") },
		"ReadFrom":    func(w *rw.Writer) { _, _ = w.ReadFrom(strings.NewReader("a")) },
		"Flush":       func(w *rw.Writer) { w.Flush(); _, _ = w.Write([]byte("a")) },
	} {
		below := httptest.NewRecorder()
		w := rw.Wrap(below)
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		var seen int
		outer := w.Hook(r, func(_ *rw.Writer, _ *http.Request, status int) bool { seen = status; return true })
		inner := w.Hook(r, func(w *rw.Writer, _ *http.Request, _ int) bool { w.WriteHeader(404); return true })
		send(w)
		w.Unhook(inner)
		w.Unhook(outer)
		assert.Equal(t, 404, below.Code, name)
		assert.Equal(t, 404, w.Status(), name)
		assert.Equal(t, 404, seen, "hooks further out see what is sent: %s", name)
		assert.Equal(t, "a", below.Body.String(), name)
		assert.EqualValues(t, 1, w.Bytes(), name)
	}
}

func TestWriter_SetPage(t *testing.T) {
	t.Parallel()
	w := rw.Wrap(httptest.NewRecorder())
	assert.False(t, rw.IsPage(w))
	assert.False(t, w.SetPage(true))
	assert.True(t, rw.IsPage(foreign{w}))
	assert.True(t, w.SetPage(false))
	assert.False(t, rw.IsPage(w))
	assert.False(t, rw.IsPage(httptest.NewRecorder()))
}

// limit counts what a Writer tells it.
type limit struct{ begun, lifted int }

func (l *limit) Begin() { l.begun++ }

func (l *limit) Lift() { l.lifted++ }

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
