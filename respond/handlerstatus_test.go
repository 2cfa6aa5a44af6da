package respond_test

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
	"github.com/tenonkit/tenon/respond"
)

// content serves text as net/http serves files.
type content string

func (c content) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Etag", `"v1"`)
	http.ServeContent(w, r, "a.txt", time.Unix(1e9, 0), strings.NewReader(string(c)))
}

func handler(fn func(w http.ResponseWriter, r *http.Request)) http.Handler {
	return http.HandlerFunc(fn)
}

// statusCases are handlers in a wrapper, and what is sent.
var statusCases = map[string]struct {
	v      any
	status int
	body   string
}{
	"implied by Write":       {respond.Status(404, handler(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("page")) })), 404, "page"},
	"implied by WriteString": {respond.Status(404, handler(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "page") })), 404, "page"},
	"implied by ReadFrom": {respond.Status(404, handler(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.Copy(w, strings.NewReader("page"))
	})), 404, "page"},
	"implied by Flush": {respond.Status(404, handler(func(w http.ResponseWriter, _ *http.Request) {
		_ = http.NewResponseController(w).Flush()
		_, _ = w.Write([]byte("page"))
	})), 404, "page"},
	"implied by nothing": {respond.Status(404, handler(func(http.ResponseWriter, *http.Request) {})), 404, ""},
	"explicit": {respond.Status(404, handler(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(200)
		_, _ = w.Write([]byte("page"))
	})), 404, "page"},
	"after 103": {respond.Status(404, handler(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(103)
		_, _ = w.Write([]byte("page"))
	})), 404, "page"},
	"content":           {respond.Status(404, content("page")), 404, "page"},
	"created":           {respond.Created[http.Handler]{Location: "/7", Body: content("page")}, 201, "page"},
	"accepted, dynamic": {respond.Accepted[any]{Body: content("page")}, 202, "page"},
	"ok":                {respond.OK[content]{Body: "page"}, 200, "page"},
	"outer status":      {respond.Status[any](404, respond.Status(410, content("page"))), 404, "page"},
	"no status":         {respond.Status(0, content("page")), 200, "page"},
	"another status":    {respond.Status(404, handler(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(203) })), 203, ""},
	"redirect":          {respond.Status(404, respond.Found("/")), 302, ""},
	"failure": {respond.Status(404, handler(func(w http.ResponseWriter, r *http.Request) {
		respond.Error(w, r, respond.NewProblem(409, ""))
	})), 409, `{"type":"about:blank","title":"Conflict","status":409}`},
	"no content":  {respond.Status(204, content("page")), 204, ""},
	"reset":       {respond.Status(205, content("page")), 205, ""},
	"status 99":   {respond.Status(99, content("page")), 500, serverError},
	"status 101":  {respond.Status(101, content("page")), 500, serverError},
	"status 600":  {respond.Status(600, content("page")), 500, serverError},
	"nil handler": {respond.Status[http.Handler](404, nil), 404, ""},
}

// TestWrite_statusOfHandler holds that the status of a wrapper takes the place of
// the 200 of a handler, and of nothing else.
func TestWrite_statusOfHandler(t *testing.T) {
	t.Parallel()
	all := site{}
	for name, tc := range statusCases {
		all[name] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _ = respond.Write(w, r, tc.v) })
	}
	kittest.ServeBehind(t, all, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for name, tc := range statusCases {
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
				got := s.Do(t, method, at(name), nil, nil)
				assert.Equal(t, tc.status, got.StatusCode, "%s %s", method, name)
				if method == http.MethodHead {
					assert.Empty(t, got.Text, name)
				} else {
					assert.Equal(t, tc.body, got.Text, name)
				}
			}
		}
		assert.Empty(t, s.Log(), "no superfluous WriteHeader")
	})
}

// TestWrite_conditionsOfHandler holds which fields of the request count under a
// status that is no 200, and which of the response are left.
func TestWrite_conditionsOfHandler(t *testing.T) {
	t.Parallel()
	all := site{
		"200": respond.Func(func(*http.Request) (any, error) { return respond.Status(200, content("page")), nil }),
		"203": respond.Func(func(*http.Request) (any, error) { return respond.Status(203, content("page")), nil }),
		"404": respond.Func(func(*http.Request) (any, error) { return respond.Status(404, content("page")), nil }),
	}
	kittest.Serve(t, all, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, tc := range []struct {
			name, value         string
			ok, other2xx, error int
		}{
			{"Range", "bytes=0-1", 206, 203, 404},
			{"Range", "bytes=9-", 416, 203, 404},
			{"If-None-Match", `"v1"`, 304, 304, 404},
			{"If-Match", `"other"`, 412, 412, 404},
			{"If-Modified-Since", time.Now().UTC().Format(http.TimeFormat), 304, 304, 404},
			{"If-Unmodified-Since", time.Unix(9e8, 0).UTC().Format(http.TimeFormat), 412, 412, 404},
		} {
			for name, want := range map[string]int{"200": tc.ok, "203": tc.other2xx, "404": tc.error} {
				got := s.Do(t, http.MethodGet, at(name), nil, http.Header{tc.name: {tc.value}})
				assert.Equal(t, want, got.StatusCode, "%s: %s under %s", tc.name, tc.value, name)
				if want == 404 || want == 203 {
					assert.Equal(t, "page", got.Text)
					assert.Empty(t, got.Header.Get("Content-Range"))
				}
			}
		}
		failed, other := s.Get(t, at("404")), s.Get(t, at("203"))
		for _, field := range []string{"Etag", "Last-Modified", "Accept-Ranges"} {
			assert.NotContains(t, failed.Header, field)
			assert.Contains(t, other.Header, field)
		}
		assert.Equal(t, "text/plain; charset=utf-8", failed.Header.Get("Content-Type"))
		assert.Equal(t, "4", failed.Header.Get("Content-Length"))
	})
}

// TestWrite_formOfHandler holds that the files of a form which the handler reads
// are found by net/http, which removes them.
func TestWrite_formOfHandler(t *testing.T) {
	t.Parallel()
	const body = "--x\r\nContent-Disposition: form-data; name=\"a\"; filename=\"b\"\r\n\r\ntext\r\n--x--\r\n"
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=x")
	r.Header.Set("Range", "bytes=0-1")
	w := httptest.NewRecorder()
	require.NoError(t, respond.Write(w, r, respond.Status(422, handler(func(w http.ResponseWriter, r *http.Request) {
		assert.NoError(t, r.ParseMultipartForm(0))
		_, _ = w.Write([]byte("page"))
	}))))
	assert.Equal(t, 422, w.Code)
	require.NotNil(t, r.MultipartForm)
	require.NoError(t, r.MultipartForm.RemoveAll())
	assert.Equal(t, []string{"bytes=0-1"}, r.Header["Range"], "the request of the caller is as it was")
}
