package fileserve_test

import (
	"errors"
	"io"
	"mime"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

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
		"nil pointer":                  {Reader: (*strings.Reader)(nil)},
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

// TestFile_page serves files as the pages of failures.
func TestFile_page(t *testing.T) {
	t.Parallel()
	long := string(letters(200_000))
	dir := writeTree(t, map[string]string{"404.html": "<h1>nothing here</h1>", "long.html": long})
	mux := http.NewServeMux()
	for path, file := range map[string]string{"/": "404.html", "/long": "long.html", "/gone": "missing.html"} {
		mux.Handle(path, respond.Func(func(*http.Request) (any, error) {
			return respond.Status(404, fileserve.File{Path: dir + "/" + file, CacheControl: "no-cache"}), nil
		}))
	}
	kittest.ServeBehind(t, mux, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for path, want := range map[string]string{"/nothing": "<h1>nothing here</h1>", "/long": long} {
			for _, method := range []string{"GET", "HEAD", "POST", "DELETE", "OPTIONS"} {
				for _, field := range []http.Header{
					nil,
					{"Range": {"bytes=0-3"}},
					{"Range": {"bytes=0-3,10-12"}},
					{"Range": {"bytes=999999-"}},
					{"If-None-Match": {"*"}},
					{"If-Match": {`"other"`}},
					{"If-Modified-Since": {exactly}},
				} {
					got := s.Do(t, method, path, nil, field)
					assert.Equal(t, 404, got.StatusCode, "%s %s %v", method, path, field)
					assert.Equal(t, "text/html; charset=utf-8", got.Header.Get("Content-Type"))
					assert.Equal(t, "no-cache", got.Header.Get("Cache-Control"))
					assert.Empty(t, got.Header.Get("Allow"))
					assert.Empty(t, got.Header.Get("Etag"))
					assert.Empty(t, got.Header.Get("Last-Modified"))
					if method != "HEAD" {
						assert.Equal(t, want, got.Text)
					}
				}
			}
		}
		missing := s.Get(t, "/gone")
		assert.Equal(t, 404, missing.StatusCode)
		assert.Equal(t, "application/problem+json", missing.Header.Get("Content-Type"), "a page that is not there")
		assert.Empty(t, s.Log())
	})
}

var dispositionCases = []struct{ name, want, shown string }{
	{"report.pdf", `filename="report.pdf"`, "report.pdf"},
	{"annual report (1).pdf", `filename="annual report (1).pdf"`, "annual report (1).pdf"},
	{"a;b,c=d.txt", `filename="a;b,c=d.txt"`, "a;b,c=d.txt"},
	{"it's 100%.txt", `filename="it's 100%.txt"`, "it's 100%.txt"},
	{`say "hi".txt`, `filename="say _hi_.txt"; filename*=UTF-8''say%20%22hi%22.txt`, `say "hi".txt`},
	{"a%41.txt", `filename="a_41.txt"; filename*=UTF-8''a%2541.txt`, "a%41.txt"},
	{"naïve plan.txt", `filename="na_ve plan.txt"; filename*=UTF-8''na%C3%AFve%20plan.txt`, "naïve plan.txt"},
	{"日本.pdf", `filename="__.pdf"; filename*=UTF-8''%E6%97%A5%E6%9C%AC.pdf`, "日本.pdf"},
	{"🪵.svg", `filename="_.svg"; filename*=UTF-8''%F0%9F%AA%B5.svg`, "🪵.svg"},
	{"../../etc/passwd", `filename=".._.._etc_passwd"`, ".._.._etc_passwd"},
	{`C:\Users\x.doc`, `filename="C:_Users_x.doc"`, "C:_Users_x.doc"},
	{"a\r\nSet-Cookie: b=c.txt", `filename="aSet-Cookie: b=c.txt"`, "aSet-Cookie: b=c.txt"},
	{"a\x00\x1b[31m\u0085.txt", `filename="a[31m.txt"`, "a[31m.txt"},
	{"photo\u202Egnp.exe", `filename="photognp.exe"`, "photognp.exe"},
	{"\u2066a\u2069\u200F\uFEFF\u2028.txt", `filename="a.txt"`, "a.txt"},
	{"\xff.txt", `filename="_.txt"; filename*=UTF-8''%EF%BF%BD.txt`, "\uFFFD.txt"},
	{"..", `filename="download"`, "download"},
	{" \t", `filename="download"`, "download"},
	{"\r\n", `filename="download"`, "download"},
	{" a.txt ", `filename="a.txt"`, "a.txt"},
}

func dispositionOf(name string) string {
	w := httptest.NewRecorder()
	fileserve.Content{Name: name, ContentType: "text/x", Reader: strings.NewReader("x")}.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	return w.Header().Get("Content-Disposition")
}

func TestContentDisposition(t *testing.T) {
	t.Parallel()
	for _, tc := range dispositionCases {
		got := dispositionOf(tc.name)
		assert.Equal(t, "attachment; "+tc.want, got)
		_, params, err := mime.ParseMediaType(got)
		require.NoError(t, err, got)
		assert.Equal(t, tc.shown, params["filename"])
	}
	assert.Empty(t, dispositionOf(""))
}

func FuzzContentDisposition(f *testing.F) {
	for _, tc := range dispositionCases {
		f.Add(tc.name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		got := dispositionOf(name)
		if name == "" {
			return
		}
		for i := range len(got) {
			require.True(t, got[i] >= ' ' && got[i] < 0x7f, "%q", got)
		}
		kind, params, err := mime.ParseMediaType(got)
		require.NoError(t, err, got)
		require.Equal(t, "attachment", kind)
		shown := params["filename"]
		require.NotEmpty(t, shown)
		require.True(t, utf8.ValidString(shown))
		require.False(t, strings.ContainsAny(shown, `/\`))
		require.False(t, strings.ContainsFunc(shown, unicode.IsControl))
	})
}
