package fileserve_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
)

// blob is content that is closed, and may break.
type blob struct {
	*strings.Reader

	seeks, reads error
	closed       bool
}

func (b *blob) Seek(offset int64, whence int) (int64, error) {
	n, err := b.Reader.Seek(offset, whence)
	return n, errors.Join(err, b.seeks)
}

func (b *blob) Read(p []byte) (int, error) {
	if b.reads != nil {
		return 0, b.reads
	}
	return b.Reader.Read(p)
}

func (b *blob) Close() error { b.closed = true; return nil }

func newBlob(text string) *blob { return &blob{Reader: strings.NewReader(text)} }

func TestContent(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body := newBlob("a,b\n1,2\n")
		_, _ = body.Seek(3, io.SeekStart)
		fileserve.Content{
			Name: "Zahlen.CSV", ModTime: modified, ETag: tag, CacheControl: "no-cache", Reader: body,
		}.ServeHTTP(w, r)
		assert.True(t, body.closed)
	})
	kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
			response := s.Do(t, method, "/", nil, nil)
			assert.Equal(t, 200, response.StatusCode)
			response.Header.Del("Date")
			assert.Equal(t, http.Header{
				"Accept-Ranges": {"bytes"}, "Cache-Control": {"no-cache"}, "Content-Length": {"8"},
				"Content-Disposition": {`attachment; filename="Zahlen.CSV"`}, "Content-Type": {"text/csv; charset=utf-8"},
				"Etag": {tag}, "Last-Modified": {exactly}, "X-Content-Type-Options": {"nosniff"},
			}, response.Header)
			want := "a,b\n1,2\n"
			if method == http.MethodHead {
				want = ""
			}
			assert.Equal(t, want, response.Text)
		}
		response := s.Do(t, http.MethodPost, "/", nil, http.Header{"Range": {"bytes=0-1"}, "If-None-Match": {tag}})
		assert.Equal(t, 200, response.StatusCode, "they are for GET and HEAD")
	})
}

// TestContent_header holds that what the handler has set is kept where it is not
// named otherwise.
func TestContent_header(t *testing.T) {
	t.Parallel()
	set := http.Header{
		"Content-Type": {"text/x"}, "Etag": {`"mine"`}, "Cache-Control": {"no-store"}, "Content-Disposition": {"inline"},
	}
	serve := func(c fileserve.Content, lines ...string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		for _, line := range lines {
			r.Header.Set("If-None-Match", line)
		}
		w := httptest.NewRecorder()
		_ = respond.Write(w, r, respond.OK[fileserve.Content]{Header: set.Clone(), Body: c})
		return w
	}
	got := serve(fileserve.Content{Reader: newBlob("x")}).Header()
	for key, values := range set {
		assert.Equal(t, values, got[key], key)
	}
	got = serve(fileserve.Content{
		Name: "a.txt", ContentType: "text/y", ETag: tag, CacheControl: "no-cache", Inline: true, Reader: newBlob("x"),
	}).Header()
	assert.Equal(t, "text/y", got.Get("Content-Type"))
	assert.Equal(t, tag, got.Get("Etag"))
	assert.Equal(t, "no-cache", got.Get("Cache-Control"))
	assert.Equal(t, `inline; filename="a.txt"`, got.Get("Content-Disposition"))
	assert.Equal(t, 304, serve(fileserve.Content{Reader: newBlob("x")}, `"mine"`).Code)
}

func TestContent_fails(t *testing.T) {
	t.Parallel()
	down := errors.New("the database is down")
	for name, c := range map[string]fileserve.Content{
		"no reader":                    {},
		"does not seek":                {Reader: &blob{Reader: strings.NewReader("x"), seeks: down}},
		"does not read":                {Reader: &blob{Reader: strings.NewReader("x"), reads: down}},
		"is shorter than it says":      {Reader: &shrunk{strings.NewReader("x"), 10}},
		"bad entity tag":               {Reader: newBlob("x"), ETag: "v1"},
		"control character in a field": {Reader: newBlob("x"), CacheControl: "no-cache\r\nX-A: b"},
		"control character in a type":  {Reader: newBlob("x"), ContentType: "text/plain\n"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			_ = respond.Write(w, httptest.NewRequest(http.MethodGet, "/", nil), c)
			assert.Equal(t, 500, w.Code)
			assert.Equal(t, "application/problem+json", w.Header().Get("Content-Type"))
			assert.NotContains(t, w.Body.String(), "down")
			assert.Empty(t, w.Header().Get("Etag"))
		})
	}
}

// shrunk says that it is longer than it is.
type shrunk struct {
	*strings.Reader

	size int64
}

func (x *shrunk) Seek(offset int64, whence int) (int64, error) {
	if whence == io.SeekEnd {
		return x.size, nil
	}
	return x.Reader.Seek(offset, whence)
}

// TestContent_breaks holds that a body which breaks off never looks complete.
func TestContent_breaks(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 300_000)
	bodies := map[string]func() io.ReadSeeker{
		"/short":  func() io.ReadSeeker { return &shrunk{strings.NewReader(long), 400_000} },
		"/breaks": func() io.ReadSeeker { return &breaks{strings.NewReader(long)} },
	}
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fileserve.Content{Reader: bodies[r.URL.Path]()}.ServeHTTP(w, r)
	})
	kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for path := range bodies {
			response, err := s.TryDo(http.MethodGet, path, nil, nil)
			require.Error(t, err)
			assert.NotNil(t, response)
			_, err = s.TryDo(http.MethodGet, path, nil, http.Header{"Range": {"bytes=0-1,290000-"}})
			assert.Error(t, err, "multipart")
		}
	})
}

// breaks fails past 250,000 bytes.
type breaks struct{ *strings.Reader }

func (x *breaks) Read(p []byte) (int, error) {
	if x.Size()-int64(x.Len()) > 250_000 {
		return 0, errors.New("broken")
	}
	return x.Reader.Read(p)
}

func TestContent_started(t *testing.T) {
	t.Parallel()
	w := rw.Wrap(httptest.NewRecorder())
	_, _ = io.WriteString(w, "early")
	assert.PanicsWithValue(t, http.ErrAbortHandler, func() {
		fileserve.Content{Reader: newBlob("x")}.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	})
	assert.EqualValues(t, 5, w.Bytes())
}
