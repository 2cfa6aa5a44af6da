package rw_test

import (
	"errors"
	"log/slog"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/rw"
)

func TestBringBack(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodPost, "/", nil)
	inner := r.WithContext(t.Context())
	inner.Pattern = "POST /"
	inner.Form, inner.PostForm = url.Values{"a": {"1"}}, url.Values{"b": {"2"}}
	inner.MultipartForm = &multipart.Form{}
	rw.BringBack(r, inner)
	assert.Equal(t, "POST /", r.Pattern)
	assert.Equal(t, "1", r.FormValue("a"))
	assert.Equal(t, "2", r.PostForm.Get("b"))
	assert.Same(t, inner.MultipartForm, r.MultipartForm)
}

func TestRecordCopy(t *testing.T) {
	t.Parallel()
	outer := rw.Wrap(httptest.NewRecorder())
	inner := rw.Wrap(foreign{outer})
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	assert.Same(t, r, outer.Routed(r))
	first, second := r.WithContext(t.Context()), r.WithContext(t.Context())
	rw.RecordCopy(inner, first)
	before := outer.EnterRouter("")
	assert.Same(t, r, outer.Routed(r), "what was copied further out is no copy of this request")
	rw.RecordCopy(foreign{inner}, second)
	assert.Same(t, second, outer.Routed(r))
	assert.Same(t, second, inner.Routed(r))
	outer.LeaveRouter(before)
	assert.Same(t, first, outer.Routed(r))
	rw.RecordCopy(httptest.NewRecorder(), first)
}

func TestRecordSelected(t *testing.T) {
	t.Parallel()
	outer := rw.Wrap(httptest.NewRecorder())
	assert.Zero(t, outer.Selected())
	rw.RecordSelected(foreign{rw.Wrap(foreign{outer})}, nil, false)
	assert.Equal(t, rw.Selected{Known: true}, outer.Selected())
	rw.RecordSelected(outer, []string{"text/html"}, true)
	assert.Equal(t, rw.Selected{Known: true, Typed: true, Media: "text/html"}, outer.Selected())
}

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

// What nobody collects is logged.
func TestReportCause(t *testing.T) { //nolint:paralleltest // the default logger is that of the whole process
	before := slog.Default()
	t.Cleanup(func() { slog.SetDefault(before) })
	var log strings.Builder
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	outer := rw.Wrap(httptest.NewRecorder())
	inner := rw.Wrap(foreign{outer})
	r := httptest.NewRequest(http.MethodGet, "/a", nil)
	first, second := errors.New("first"), errors.New("second")
	rw.ReportCause(inner, r, "p: broken off", first)
	assert.Contains(t, log.String(), `level=ERROR msg="p: broken off" method=GET path=/a error=first`)
	require.NoError(t, outer.Cause())
	log.Reset()
	outer.CollectCause()
	rw.ReportCause(inner, r, "p: broken off", second)
	assert.Empty(t, log.String())
	assert.Equal(t, second, outer.Cause())
}
