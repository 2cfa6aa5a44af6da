package precondition_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/precondition"
	"github.com/tenonkit/tenon/respond"
)

// readIn and writeIn are what typed functions take.
type (
	readIn struct {
		ID int `path:"id"`
		If precondition.Headers
	}
	writeIn struct {
		ID   int `path:"id" minimum:"1"`
		If   precondition.Required
		Body struct {
			Text string `json:"text"`
		} `body:"json"`
	}
	// embeddedIn has the conditions among its own fields.
	embeddedIn struct {
		precondition.Required

		ID int `path:"id"`
	}
)

// service returns a handler with one article, whose version is v1.
func service() http.Handler {
	mux := http.NewServeMux()
	tenon.Routes{
		tenon.Get("/{id}", func(_ context.Context, in readIn) (respond.OK[string], error) {
			answer := respond.OK[string]{Body: "text"}.WithETag(precondition.Tag("v1"))
			return answer, in.If.Check(precondition.Tag("v1"), modified)
		}),
		tenon.Get("/cached/{id}", func(_ context.Context, in readIn) (string, error) {
			err := in.If.Check(precondition.Tag("v1"), time.Time{})
			if same, ok := err.(*precondition.NotModified); ok { //nolint:errorlint // of Check itself
				err = same.WithHeader("cache-control", "max-age=60").WithHeader("Content-Location", "/1").WithHeader("Vary", "Accept").
					WithHeader("Content-Type", "text/plain").WithHeader("Content-Length", "7").WithHeader("X-Bad", "a\nb").WithHeader("", "x")
			}
			return "text", err
		}),
		tenon.Put("/{id}", func(_ context.Context, in writeIn) (respond.NoContent, error) {
			if in.ID == 404 {
				return respond.NoContent{}.WithETag(precondition.Tag("v1")), in.If.CheckAbsent()
			}
			modified := modified
			if in.ID == 3 {
				modified = time.Time{}
			}
			return respond.NoContent{}.WithETag(precondition.Tag("v2")), in.If.Check(precondition.Tag("v1"), modified)
		}),
		tenon.Get("/required/{id}", func(_ context.Context, in embeddedIn) (string, error) {
			return "text", in.Check(precondition.Tag("v1"), modified)
		}),
		tenon.Post("/unquoted/{id}", func(_ context.Context, in readIn) (tenon.None, error) {
			return tenon.None{}, in.If.Check("v1", modified)
		}),
		tenon.Post("/failed/{id}", func(context.Context, readIn) (tenon.None, error) {
			return tenon.None{}, precondition.Failed()
		}),
	}.Mount(mux)
	return mux
}

const again = "read it again, make the change to what it is now, and send its ETag in If-Match"

// An exchange is a request with header fields, and what comes back.
type exchange struct {
	name, request string
	lines         []string
	status        int
	contains      string
}

func serviceCases() []exchange {
	return []exchange{
		{"read", "GET /1", nil, 200, "text"},
		{"read again", "GET /1", []string{`If-None-Match: "v1"`}, 304, ""},
		{"read again, HEAD", "HEAD /1", []string{`If-None-Match: "v1"`}, 304, ""},
		{"read another", "GET /1", []string{`If-None-Match: "v0"`}, 200, "text"},
		{"more fields", "GET /cached/1", []string{`If-None-Match: *`}, 304, ""},

		{"current", "PUT /1", []string{`If-Match: "v1"`}, 204, ""},
		{"any", "PUT /1", []string{`If-Match: *`}, 204, ""},
		{"old", "PUT /1", []string{`If-Match: "v0"`}, 412, "If-Match does not name the current version: " + again},
		{"weak", "PUT /1", []string{`If-Match: W/"v1"`}, 412, "If-Match compares strong entity tags"},
		{"malformed", "PUT /1", []string{`If-Match: v1`}, 412, again},
		{"a date", "PUT /1", []string{"If-Unmodified-Since: " + exactly}, 204, ""},
		{"an old date", "PUT /1", []string{"If-Unmodified-Since: " + before}, 412, "there was a change since the date in If-Unmodified-Since: " + again},
		{"to create what is there", "PUT /1", []string{`If-None-Match: "a*"`, `If-None-Match: *`}, 412, "it exists already"},
		{"to change all but the current", "PUT /1", []string{`If-None-Match: "v1"`, `If-Match: *`}, 412, "If-None-Match names the current version: " + again},
		{"create", "PUT /404", []string{`If-None-Match: *`}, 204, ""},
		{"change what is gone", "PUT /404", []string{`If-Match: *`}, 412, "nothing exists any more: to create it, send If-None-Match: * instead"},

		{"nothing is sent", "PUT /1", nil, 428, "read the resource and send its ETag in If-Match, or If-None-Match: * to create it"},
		{"does not protect: modified since", "PUT /1", []string{"If-Modified-Since: " + exactly}, 428, "If-Match"},
		{"does not protect: no date", "PUT /1", []string{"If-Unmodified-Since: yesterday"}, 428, "If-Match"},
		{"does not protect: two dates", "PUT /1", []string{"If-Unmodified-Since: " + after, "If-Unmodified-Since: " + after}, 428, "If-Match"},
		{"does not protect: all versions but one", "PUT /1", []string{`If-None-Match: "v0"`}, 428, "If-Match"},
		{"does not protect: malformed", "PUT /1", []string{`If-None-Match: **`}, 428, "If-Match"},
		{"does not protect: nothing to compare with", "PUT /3", []string{"If-Unmodified-Since: " + after}, 428, "If-Match"},
		{"does not protect: nothing is there", "PUT /404", []string{"If-Unmodified-Since: " + after}, 428, "If-Match"},
		{"parameters come first", "PUT /0", nil, 400, `"name":"id"`},
		{"the body comes later", "PUT /2?body=bad", nil, 428, ""},
		{"and then the body", "PUT /2?body=bad", []string{`If-Match: "v0"`}, 400, "syntax"},

		{"required of GET", "GET /required/1", nil, 428, "the request needs a precondition: send If-None-Match with the ETag of your copy"},
		{"required of GET, sent", "GET /required/1", []string{`If-None-Match: "v1"`}, 304, ""},
		{"required of GET, a date", "GET /required/1", []string{"If-Modified-Since: " + before}, 200, "text"},
		{"required of GET, no date", "GET /required/1", []string{"If-Modified-Since: 0"}, 428, ""},

		{"lost the swap", "POST /failed/1", nil, 412, "another change came first: " + again},
		{"the server's tag", "POST /unquoted/1", nil, 500, `"status":500}`},
	}
}

func TestHeaders(t *testing.T) {
	t.Parallel()
	kittest.ServeBehind(t, service(), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, tc := range serviceCases() {
			method, path, _ := strings.Cut(tc.request, " ")
			h := headerOf(tc.lines)
			var body io.Reader
			if method == http.MethodPut {
				h.Set("Content-Type", "application/json")
				body = strings.NewReader(`{"text":"a"}`)
				if strings.HasSuffix(path, "bad") {
					body = strings.NewReader(`{`)
				}
			}
			got := s.Do(t, method, path, body, h)
			assert.Equal(t, tc.status, got.StatusCode, tc.name)
			assert.Contains(t, got.Text, tc.contains, tc.name)
			if tc.status >= 400 {
				assert.Equal(t, "application/problem+json", got.Header.Get("Content-Type"), tc.name)
				assert.Empty(t, got.Header.Get("ETag"), tc.name)
			}
			if tc.status == 304 {
				assert.Empty(t, got.Text)
				assert.Equal(t, `"v1"`, got.Header.Get("ETag"), tc.name)
				assert.Empty(t, got.Header.Get("Content-Type"), tc.name)
			}
		}
		got := s.Do(t, http.MethodGet, "/1", nil, headerOf([]string{`If-None-Match: "v1"`}))
		assert.Equal(t, exactly, got.Header.Get("Last-Modified"))
		got = s.Do(t, http.MethodGet, "/cached/1", nil, headerOf([]string{`If-None-Match: "v1"`}))
		assert.Equal(t, "max-age=60", got.Header.Get("Cache-Control"))
		assert.Equal(t, "/1", got.Header.Get("Content-Location"))
		assert.Equal(t, []string{"Accept"}, got.Header["Vary"])
		assert.Empty(t, got.Header.Get("Last-Modified"))
		assert.Empty(t, got.Header.Get("Content-Length"))
		assert.NotContains(t, got.Header, "X-Bad")
	})
}

// What middleware has set stays on a 304, which neither MapErrors nor an ErrorHandler sees: it
// is no failure.
func TestNotModified_middleware(t *testing.T) {
	t.Parallel()
	maps := respond.MapErrors(func(err error) error {
		t.Errorf("MapErrors is asked for %v", err)
		return err
	})
	fails := respond.UseErrorHandler(func(http.ResponseWriter, *http.Request, error) { t.Error("304 is no failure") })
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Served-By", "a")
		w.Header().Set("Content-Type", "text/plain")
		w.Header().Add("Vary", "Origin")
		maps(fails(service())).ServeHTTP(w, r)
	})
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		got := s.Do(t, http.MethodGet, "/cached/1", nil, headerOf([]string{`If-None-Match: "v1"`}))
		assert.Equal(t, 304, got.StatusCode)
		assert.Equal(t, "a", got.Header.Get("X-Served-By"))
		assert.Equal(t, []string{"Origin", "Accept"}, got.Header["Vary"])
		assert.Empty(t, got.Header.Get("Content-Type"))
	})
}

// A plain handler sends the error of a Check by itself.
func TestNotModified_ServeHTTP(t *testing.T) {
	t.Parallel()
	err := precondition.IfNoneMatch("*").Check("", time.Time{})
	require.EqualError(t, err, "412 Precondition Failed: it exists already, so If-None-Match: * fails: to change it, read it and send its ETag in If-Match")
	err = precondition.IfNoneMatch(`"v1"`).Check(`"v1"`, time.Now().Add(time.Hour))
	require.EqualError(t, err, "304 Not Modified")
	same, ok := err.(*precondition.NotModified) //nolint:errorlint // of Check itself
	require.True(t, ok)
	w := httptest.NewRecorder()
	w.Header().Set("Content-Type", "text/plain")
	same.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	assert.Equal(t, 304, w.Code)
	assert.NotContains(t, w.Header(), "Content-Type")
	at, err := http.ParseTime(w.Header().Get("Last-Modified"))
	require.NoError(t, err)
	assert.False(t, at.After(time.Now()), "never later than the response")
	for range 2 { // a shared error does not change
		w = httptest.NewRecorder()
		respond.Error(w, httptest.NewRequest(http.MethodGet, "/", nil), same)
		assert.Len(t, w.Header(), 2)
		_ = same.WithHeader("X-More", "1")
	}
}

// unread is a body that nobody may read.
type unread struct{ t *testing.T }

func (b unread) Read([]byte) (int, error) {
	b.t.Error("the body is read")
	return 0, io.EOF
}

func TestRequired_beforeBody(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodPut, "/1", unread{t})
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	service().ServeHTTP(w, r)
	assert.Equal(t, 428, w.Code)
}

// What a client writes, a server reads.
func TestHeaders_MarshalRequest(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		of   precondition.Headers
		want http.Header
		err  string
	}{
		{"none", precondition.Headers{}, http.Header{}, ""},
		{"tag", precondition.IfMatch(precondition.Tag("7")), http.Header{"If-Match": {`"7"`}}, ""},
		{"tag of an answer", precondition.IfMatch(` W/"7" `), http.Header{"If-Match": {`W/"7"`}}, ""},
		{"list", precondition.IfMatch(`"7", "8"`), http.Header{"If-Match": {`"7", "8"`}}, ""},
		{"any", precondition.IfMatch("*"), http.Header{"If-Match": {"*"}}, ""},
		{"none match", precondition.IfNoneMatch(`"7"`), http.Header{"If-None-Match": {`"7"`}}, ""},
		{"nothing is there", precondition.IfNoneMatch("*"), http.Header{"If-None-Match": {"*"}}, ""},
		{"no tag in the answer", precondition.IfMatch(""), nil, `precondition: If-Match has [""]: use the ETag of an answer, precondition.Tag or "*"`},
		{"unquoted", precondition.IfNoneMatch("7"), nil, `precondition: If-None-Match has ["7"]`},
		{"another field", precondition.IfMatch("\"7\", \r\nHost: a"), nil, "precondition: If-Match has"},
	} {
		r := &http.Request{}
		err := precondition.Required{Headers: tc.of}.MarshalRequest(r)
		if tc.err != "" {
			require.ErrorContains(t, err, tc.err, tc.name)
			continue
		}
		require.NoError(t, err, tc.name)
		assert.Equal(t, tc.want, r.Header, tc.name)
		var back precondition.Headers
		require.NoError(t, back.UnmarshalRequest(r))
		copied := &http.Request{}
		require.NoError(t, back.MarshalRequest(copied))
		assert.Equal(t, tc.want, copied.Header, tc.name)
	}
	all := headerOf([]string{`If-Match: "a"`, `If-Match: "b"`, `If-None-Match: *`, "If-Modified-Since: " + exactly, "If-Unmodified-Since: " + after})
	var of precondition.Headers
	require.NoError(t, of.UnmarshalRequest(&http.Request{Method: http.MethodPut, Header: all}))
	r := &http.Request{}
	require.NoError(t, of.MarshalRequest(r))
	assert.Equal(t, all, r.Header)
	r.Header["If-Match"][0] = "changed"
	assert.Equal(t, `"a"`, all["If-Match"][0], "a copy")
}

func TestTag(t *testing.T) {
	t.Parallel()
	for version, want := range map[string]string{
		"7": `"7"`, "": `""`, "json.7": `"json.7"`, "a-b_c/d+e=": `"a-b_c/d+e="`,
		`a"b`: `"a%22b"`, "a b": `"a%20b"`, "a\nb\x7f": `"a%0Ab%7F"`, "100%": `"100%25"`, `a\b,c`: `"a%5Cb%2Cc"`, "é": `"%C3%A9"`,
	} {
		assert.Equal(t, want, precondition.Tag(version))
	}
}

func TestAllocs(t *testing.T) {
	plain := httptest.NewRequest(http.MethodPut, "/", nil)
	conditional := httptest.NewRequest(http.MethodGet, "/", nil)
	conditional.Header = headerOf([]string{`If-Match: "v0", "v1"`, `If-None-Match: W/"v2"`, "If-Modified-Since: " + before})
	for name, r := range map[string]*http.Request{"plain": plain, "conditional": conditional} {
		t.Run(name, func(t *testing.T) {
			var of precondition.Headers
			kittest.Allocs(t, 0, func() {
				if err := of.UnmarshalRequest(r); err != nil {
					t.Error(err)
				}
				if err := of.Check(`"v1"`, modified); err != nil {
					t.Error(err)
				}
			})
		})
	}
	t.Run("tag", func(t *testing.T) {
		kittest.Allocs(t, 1, func() { precondition.Tag("a version") })
	})
}

// FuzzHeaders holds that the conditions of any request are read, written and evaluated, that
// lines and lists are the same, and that what If-Match lets pass names the tag.
func FuzzHeaders(f *testing.F) {
	for _, tc := range table() {
		f.Add(strings.Join(tc.lines, "\n"), "v1")
	}
	f.Fuzz(func(t *testing.T, lines, version string) {
		tag := precondition.Tag(version)
		require.True(t, header.IsETag(tag))
		h := headerOf(strings.Split(lines, "\n"))
		joined := http.Header{}
		for name, values := range h {
			joined[name] = []string{strings.Join(values, ", ")}
		}
		for _, method := range []string{http.MethodGet, http.MethodPut} {
			s := state{tag: tag, modified: modified}
			got := check(t, method, h, s)
			if len(h["If-Modified-Since"])+len(h["If-Unmodified-Since"]) < 1 {
				assert.Equal(t, got, check(t, method, joined, s), "one list")
			}
			if match := h["If-Match"]; len(match) > 0 && got != http.StatusPreconditionFailed {
				list := strings.Join(match, ",")
				assert.True(t, strings.Contains(list, tag) || strings.Contains(list, "*"), list)
			}
			if method == http.MethodPut {
				assert.NotEqual(t, http.StatusNotModified, got)
			}
			var required precondition.Required
			if required.UnmarshalRequest(&http.Request{Method: method, Header: h}) == nil && method == http.MethodPut {
				_, isDate := header.ParseDate(h["If-Unmodified-Since"])
				assert.True(t, len(h["If-Match"]) > 0 || isDate || strings.Contains(strings.Join(h["If-None-Match"], ","), "*"))
			}
		}
	})
}
