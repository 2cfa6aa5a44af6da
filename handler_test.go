package tenon_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/respond"
)

type article struct {
	ID    int      `json:"id"`
	Title string   `json:"title"`
	Tags  []string `json:"tags"`
}

// sixIn are six inputs from four sources.
type sixIn struct {
	ID      int      `path:"id"`
	Limit   int      `default:"20"          query:"limit"`
	Tags    []string `query:"tag"`
	Full    bool     `query:"full,optional"`
	Token   string   `header:"X-Token"`
	Session string   `cookie:"session"`
}

func six(_ context.Context, in sixIn) (article, error) {
	if in.ID == 404 {
		return article{}, respond.NewProblem(http.StatusNotFound, "there is no article 404")
	}
	if in.ID == 500 {
		return article{}, errors.New("the password of the database is hunter2")
	}
	return article{ID: in.ID + in.Limit, Title: in.Token + in.Session, Tags: in.Tags}, nil
}

type draft struct {
	Title string   `json:"title" maxLength:"80"`
	Body  string   `json:"body"`
	Tags  []string `json:"tags"  maxItems:"8"`
	Stars int      `json:"stars" maximum:"5"    minimum:"0"`
}

func create(_ context.Context, in draft) (respond.Created[article], error) {
	return respond.Created[article]{Location: "/articles/7", Body: article{7, in.Title, in.Tags}}, nil
}

func newMux() *http.ServeMux {
	mux := http.NewServeMux()
	mux.Handle("GET /articles/{id}", tenon.Handle(six))
	mux.Handle("POST /articles", tenon.Handle(create, bind.MaxBody(1000)))
	mux.Handle("GET /text", tenon.Handle(func(context.Context, tenon.None) (string, error) { return "<b>plain</b>", nil }))
	mux.Handle("GET /page", tenon.Handle(func(context.Context, tenon.None) (respond.HTML, error) { return "<b>bold</b>", nil }))
	mux.Handle("GET /bytes", tenon.Handle(func(context.Context, tenon.None) ([]byte, error) { return []byte{0, 'a', 0xff}, nil }))
	mux.Handle("GET /map", tenon.Handle(func(context.Context, tenon.None) (map[string]int, error) { return map[string]int{"b": 2, "a": 1}, nil }))
	mux.Handle("DELETE /none", tenon.Handle(func(context.Context, tenon.None) (tenon.None, error) { return tenon.None{}, nil }))
	mux.Handle("GET /moved", tenon.Handle(func(context.Context, tenon.None) (respond.Redirect, error) { return respond.SeeOther("/text"), nil }))
	mux.Handle("GET /away", tenon.Handle(func(context.Context, tenon.None) (string, error) {
		return "ignored", fmt.Errorf("not here: %w", respond.TemporaryRedirect("/text"))
	}))
	mux.Handle("GET /self", tenon.Handle(func(context.Context, tenon.None) (http.Handler, error) {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTeapot) }), nil
	}))
	return mux
}

const validDraft = `{"title":"Joints","body":"No glue.","tags":["wood"],"stars":5}`

// requests are the cases of the handler test and of the fuzz-like hostile runs.
var requests = []struct {
	name, method, path, body string
	header                   http.Header
	status                   int
	contentType, text        string
}{
	{
		"six inputs", "GET", "/articles/2?limit=10&tag=a&tag=b", "",
		http.Header{"X-Token": {"t"}, "Cookie": {"session=s"}},
		200, "application/json", `{"id":12,"title":"ts","tags":["a","b"]}`,
	},
	{
		"default and empty list", "GET", "/articles/2", "",
		http.Header{"X-Token": {"t"}, "Cookie": {"session=s"}},
		200, "application/json", `{"id":22,"title":"ts","tags":[]}`,
	},
	{
		"faults of three sources", "GET", "/articles/x?limit=many", "",
		http.Header{"Cookie": {"session=s"}},
		400, "application/problem+json", `{"type":"about:blank","title":"Bad Request","status":400,"detail":"3 fields are invalid","errors":[` +
			`{"in":"path","name":"id","code":"type","detail":"must be an integer"},` +
			`{"in":"query","name":"limit","code":"type","detail":"must be an integer"},` +
			`{"in":"header","name":"X-Token","code":"required","detail":"is required"}]}`,
	},
	{
		"problem from the function", "GET", "/articles/404", "",
		http.Header{"X-Token": {"t"}, "Cookie": {"session=s"}},
		404, "application/problem+json", `{"type":"about:blank","title":"Not Found","status":404,"detail":"there is no article 404"}`,
	},
	{
		"unknown error from the function", "GET", "/articles/500", "",
		http.Header{"X-Token": {"t"}, "Cookie": {"session=s"}},
		500, "application/problem+json", `{"type":"about:blank","title":"Internal Server Error","status":500}`,
	},
	{
		"created", "POST", "/articles", validDraft,
		http.Header{"Content-Type": {"application/json"}},
		201, "application/json", `{"id":7,"title":"Joints","tags":["wood"]}`,
	},
	{
		"other media type", "POST", "/articles", validDraft,
		http.Header{"Content-Type": {"text/plain"}},
		415, "application/problem+json", `{"type":"about:blank","title":"Unsupported Media Type","status":415,"detail":"the Content-Type of the body must be application/json"}`,
	},
	{
		"body too large", "POST", "/articles", `{"title":"` + strings.Repeat("a", 1000) + `"}`,
		http.Header{"Content-Type": {"application/json"}},
		413, "application/problem+json", `{"type":"about:blank","title":"Request Entity Too Large","status":413,"detail":"the body is larger than 1000 bytes"}`,
	},
	{
		"missing fields", "POST", "/articles", `{"title":"a","stars":6}`,
		http.Header{"Content-Type": {"application/json"}},
		400, "application/problem+json", `{"type":"about:blank","title":"Bad Request","status":400,"detail":"3 fields are invalid","errors":[` +
			`{"in":"body","pointer":"#/stars","code":"maximum","limit":"5","detail":"must be at most 5"},` +
			`{"in":"body","pointer":"#/body","code":"required","detail":"is required"},` +
			`{"in":"body","pointer":"#/tags","code":"required","detail":"is required"}]}`,
	},
	{"string", "GET", "/text", "", nil, 200, "text/plain; charset=utf-8", "<b>plain</b>"},
	{"html", "GET", "/page", "", nil, 200, "text/html; charset=utf-8", "<b>bold</b>"},
	{"bytes", "GET", "/bytes", "", nil, 200, "application/octet-stream", "\x00a\xff"},
	{"map", "GET", "/map", "", nil, 200, "application/json", `{"a":1,"b":2}`},
	{"none", "DELETE", "/none", "", nil, 204, "", ""},
	{"redirect", "GET", "/moved", "", nil, 303, "", ""},
	{"redirect as an error", "GET", "/away", "", nil, 307, "", ""},
	{"a handler of its own", "GET", "/self", "", nil, 418, "", ""},
}

func TestHandle(t *testing.T) {
	kittest.ServeBehind(t, newMux(), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, tc := range requests {
			t.Run(tc.name, func(t *testing.T) {
				var body io.Reader
				if tc.body != "" {
					body = strings.NewReader(tc.body)
				}
				resp := s.Do(t, tc.method, tc.path, body, tc.header)
				assert.Equal(t, tc.status, resp.StatusCode)
				if tc.text != "" || tc.status == http.StatusNoContent {
					assert.Equal(t, tc.contentType, resp.Header.Get("Content-Type"))
					assert.Equal(t, tc.text, resp.Text)
				}
			})
		}
	})
}

func TestHandle_hidesUnknownErrors(t *testing.T) {
	kittest.Serve(t, newMux(), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		resp := s.Do(t, "GET", "/articles/500", nil, http.Header{"X-Token": {"t"}, "Cookie": {"session=s"}})
		assert.NotContains(t, resp.Text, "hunter2")
	})
}

// nilErrors returns nothing but a nil pointer as its error, as a careless helper does.
type nilErrors struct{}

func (nilErrors) Get(*http.Request) (any, error) { return "get", (*respond.Problem)(nil) }

func (nilErrors) Post(context.Context, tenon.None) (string, error) {
	return "post", (*bind.Error)(nil)
}

func TestHandle_typedNilIsNoError(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]http.Handler{
		"Handle": tenon.Handle(func(context.Context, tenon.None) (string, error) {
			return "handle", (*http.MaxBytesError)(nil)
		}),
		"View, func": tenon.View(nilErrors{}),
		"View":       tenon.View(nilErrors{}),
		"Func":       respond.Func(func(*http.Request) (any, error) { return "func", (*respond.Redirect)(nil) }),
	} {
		method := map[string]string{"View": http.MethodPost}[name]
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(method, "/", nil))
		assert.Equal(t, http.StatusOK, w.Code, name)
		assert.NotEmpty(t, w.Body.String(), name)
	}
}

func TestHandle_headEqualsGet(t *testing.T) {
	kittest.Serve(t, newMux(), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, path := range []string{"/text", "/page", "/bytes", "/map", "/moved"} {
			get, head := s.Do(t, "GET", path, nil, nil), s.Do(t, "HEAD", path, nil, nil)
			get.Header.Del("Date")
			head.Header.Del("Date")
			assert.Equal(t, get.StatusCode, head.StatusCode, path)
			assert.Equal(t, get.Header, head.Header, path)
			assert.Empty(t, head.Text, path)
		}
	})
}

func TestHandle_badDeclarationPanics(t *testing.T) {
	assert.PanicsWithValue(t, "tenon: Handle: the function is nil: pass a func(context.Context, In) (Out, error)", func() {
		tenon.Handle[tenon.None, string](nil)
	})
	assert.Panics(t, func() {
		tenon.Handle(func(context.Context, struct {
			ID int `path:"id" query:"id"`
		},
		) (string, error) {
			return "", nil
		})
	})
	assert.Panics(t, func() {
		tenon.Handle(func(context.Context, tenon.None) (chan int, error) { return nil, nil })
	})
}

// TestHandle_sharesNoInput guards the pooled scratch space: what one request
// sent must not show in another's In.
func TestHandle_sharesNoInput(t *testing.T) {
	var kept []sixIn
	h := tenon.Handle(func(_ context.Context, in sixIn) (tenon.None, error) {
		kept = append(kept, in)
		return tenon.None{}, nil
	})
	for _, query := range []string{"limit=1&tag=a&tag=b&full", "tag=c", ""} {
		r := httptest.NewRequest("GET", "/?"+query, nil)
		r.SetPathValue("id", "1")
		r.Header.Set("X-Token", "t")
		r.Header.Set("Cookie", "session=s")
		h.ServeHTTP(httptest.NewRecorder(), r)
	}
	assert.Equal(t, []sixIn{
		{1, 1, []string{"a", "b"}, true, "t", "s"},
		{1, 20, []string{"c"}, false, "t", "s"},
		{1, 20, nil, false, "t", "s"},
	}, kept)
}

func TestHandle_allocations(t *testing.T) {
	body := strings.NewReader(validDraft)
	post := httptest.NewRequest("POST", "/articles", io.NopCloser(body))
	post.ContentLength = int64(len(validDraft))
	post.Header.Set("Content-Type", "application/json")
	get := httptest.NewRequest("GET", "/articles/2?limit=10&tag=a&tag=b&full=true", nil)
	get.Header.Set("X-Token", "t")
	get.Header.Set("Cookie", "theme=dark; session=s")
	for _, tc := range []struct {
		name   string
		budget float64
		r      *http.Request
		status int
	}{
		{"get with six inputs", 4, get, 200},
		{"post json", 4, post, 201},
		{"text", 1, httptest.NewRequest("GET", "/text", nil), 200},
		{"none", 0, httptest.NewRequest("DELETE", "/none", nil), 204},
	} {
		t.Run(tc.name, func(t *testing.T) {
			mux := newMux()
			var w kittest.Sink
			kittest.Allocs(t, tc.budget, func() {
				w.Reset()
				body.Reset(validDraft)
				mux.ServeHTTP(&w, tc.r)
			})
			assert.Equal(t, tc.status, w.Status)
		})
	}
}

// TestHandle_failureFields holds that the header fields which belong to a failure
// reach the client whatever form the chain gives to its body.
func TestHandle_failureFields(t *testing.T) {
	t.Parallel()
	ok := func(context.Context, struct{ Title string }) (string, error) { return "ok", nil }
	limited := func(context.Context, struct{}) (string, error) {
		return "", respond.NewProblem(http.StatusTooManyRequests, "").WithHeader("Retry-After", "5").WithHeader("X-Quota", "9")
	}
	mux := http.NewServeMux()
	mux.Handle("/private", middleware.BasicAuth("a", func(string, string) bool { return false })(tenon.Handle(limited)))
	mux.Handle("/methods", tenon.Methods{"PUT": tenon.Handle(limited)})
	mux.Handle("GET /router", tenon.Handle(limited))
	mux.Handle("/body", tenon.Handle(ok))
	mux.Handle("/limited", tenon.Handle(limited))
	forms := map[string]respond.ErrorHandler{
		"value": func(w http.ResponseWriter, r *http.Request, err error) {
			_ = respond.Write(w, r, respond.Status(respond.AsProblem(err).Status, "text"))
		},
		"http.Error": func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, "text", respond.AsProblem(err).Status)
		},
		"on": respond.Error,
	}
	for name, form := range forms {
		kittest.Serve(t, respond.UseErrorHandler(form)(middleware.RouterErrors()(mux)), func(t *testing.T, s *kittest.Server) {
			t.Helper()
			for _, tc := range []struct {
				method, path, body string
				status             int
				field, want        string
			}{
				{"GET", "/private", "", 401, "Www-Authenticate", `Basic realm="a", charset="UTF-8"`},
				{"GET", "/methods", "", 405, "Allow", "OPTIONS, PUT"},
				{"POST", "/router", "", 405, "Allow", "GET, HEAD, OPTIONS"},
				{"POST", "/body", "x", 415, "Accept", "application/json"},
				{"GET", "/limited", "", 429, "Retry-After", "5"},
				{"GET", "/limited", "", 429, "X-Quota", "9"},
			} {
				got := s.Do(t, tc.method, tc.path, strings.NewReader(tc.body), http.Header{"Content-Type": {"text/plain"}})
				assert.Equal(t, tc.status, got.StatusCode, "%s %s", name, tc.path)
				assert.Equal(t, []string{tc.want}, got.Header[tc.field], "%s %s", name, tc.path)
			}
		})
	}
}
