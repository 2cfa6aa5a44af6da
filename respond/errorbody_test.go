package respond_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/respond"
)

type apiError struct {
	Code    int    `json:"code" xml:"code"`
	Message string `json:"message" xml:"message"`
}

func apiErrorOf(p *respond.Problem) apiError { return apiError{p.Status, p.Title + ": " + p.Detail} }

type unencodable struct{}

func (unencodable) MarshalJSON() ([]byte, error) { return nil, errors.New("planned") }

// TestErrorBody holds the form of a failure in each media type, at every size, and its
// header fields.
func TestErrorBody(t *testing.T) {
	t.Parallel()
	limited := respond.NewProblem(429, "slow").WithHeader("Retry-After", "5")
	long := strings.Repeat("x", 5000)
	for _, tc := range []struct {
		name        string
		form        chain
		err         error
		status      int
		contentType string
		body        string
	}{
		{"json", respond.NewErrorBody("application/json", apiErrorOf).Middleware, limited, 429, "application/json", `{"code":429,"message":"Too Many Requests: slow"}`},
		{"its own type", respond.NewErrorBody("application/vnd.acme.error+json", apiErrorOf).Middleware, limited, 429, "application/vnd.acme.error+json", `{"code":429,"message":"Too Many Requests: slow"}`},
		{"pointer", respond.NewErrorBody("application/json", func(p *respond.Problem) *apiError { e := apiErrorOf(p); return &e }).Middleware, limited, 429, "application/json", `{"code":429,"message":"Too Many Requests: slow"}`},
		{"the problem", respond.NewErrorBody("application/json", func(p *respond.Problem) *respond.Problem { return p }).Middleware, limited, 429, "application/json", `{"type":"about:blank","title":"Too Many Requests","status":429,"detail":"slow"}`},
		{"any", respond.NewErrorBody("application/json", func(p *respond.Problem) any { return p.Status }).Middleware, limited, 429, "application/json", `429`},
		{"xml", respond.NewErrorBody("application/xml", apiErrorOf).Middleware, limited, 429, "application/xml", `<?xml version="1.0" encoding="UTF-8"?>` + "\n<apiError><code>429</code><message>Too Many Requests: slow</message></apiError>"},
		{"text", respond.NewErrorBody("text/plain", func(p *respond.Problem) string { return p.Detail }).Middleware, limited, 429, "text/plain; charset=utf-8", "slow"},
		{"named string", respond.NewErrorBody("text/html; charset=utf-8", func(p *respond.Problem) respond.HTML { return respond.HTML("<p>" + p.Title) }).Middleware, limited, 429, "text/html; charset=utf-8", "<p>Too Many Requests"},
		{"json string", respond.NewErrorBody("application/json", func(p *respond.Problem) string { return p.Detail }).Middleware, limited, 429, "application/json", `"slow"`},
		{"long", respond.NewErrorBody("text/plain", func(*respond.Problem) string { return long }).Middleware, limited, 429, "text/plain; charset=utf-8", long},
		{"nil pointer", respond.NewErrorBody("application/json", func(*respond.Problem) *apiError { return nil }).Middleware, limited, 429, "", ""},
		{"nil map", respond.NewErrorBody("application/json", func(*respond.Problem) map[string]int { return nil }).Middleware, limited, 429, "", ""},
		{"nil slice", respond.NewErrorBody("application/json", func(*respond.Problem) []int { return nil }).Middleware, limited, 429, "", ""},
		{"nil any", respond.NewErrorBody("application/json", func(*respond.Problem) any { return nil }).Middleware, limited, 429, "", ""},
		{"empty text", respond.NewErrorBody("text/plain", func(*respond.Problem) string { return "" }).Middleware, limited, 429, "text/plain; charset=utf-8", ""},
		{"cannot be encoded", respond.NewErrorBody("application/json", func(*respond.Problem) unencodable { return unencodable{} }).Middleware, limited, 500, "application/problem+json", `{"type":"about:blank","title":"Internal Server Error","status":500}`},
		{"a text in XML", respond.NewErrorBody("application/xml", func(*respond.Problem) any { return ticket{'a', '7'} }).Middleware, limited, 429, "application/xml", "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ticket>a7</ticket>"},
		{"no XML element", respond.NewErrorBody("application/xml", func(*respond.Problem) any { return []int{1} }).Middleware, limited, 500, "application/problem+json", `{"type":"about:blank","title":"Internal Server Error","status":500}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			h := tc.form(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				w.Header().Set("ETag", `"1"`)
				w.Header().Set("Content-Type", "image/png")
				respond.Error(w, r, tc.err)
			}))
			kittest.ServeBehind(t, h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				got := s.Get(t, "/")
				assert.Equal(t, tc.status, got.StatusCode)
				assert.Equal(t, tc.body, got.Text)
				assert.Equal(t, tc.contentType, got.Header.Get("Content-Type"))
				assert.Empty(t, got.Header.Get("ETag"))
				want := "5"
				if tc.status == 500 {
					want = ""
				}
				assert.Equal(t, want, got.Header.Get("Retry-After"))
				head := s.Do(t, http.MethodHead, "/", nil, nil)
				assert.Equal(t, tc.status, head.StatusCode)
				assert.Equal(t, got.ContentLength, head.ContentLength)
			})
		})
	}
}

// TestErrorBody_innermost holds that the nearest of the two middlewares decides.
func TestErrorBody_innermost(t *testing.T) {
	t.Parallel()
	text := func(words string) *respond.ErrorBody[string] {
		return respond.NewErrorBody("text/plain", func(*respond.Problem) string { return words })
	}
	handler := respond.UseErrorHandler(func(w http.ResponseWriter, _ *http.Request, _ error) { _, _ = w.Write([]byte("handler")) })
	for want, all := range map[string][]chain{
		"inner":   {text("outer").Middleware, handler, text("inner").Middleware},
		"handler": {text("outer").Middleware, handler},
		"outer":   {text("outer").Middleware, respond.UseErrorHandler(respond.Error)},
	} {
		w, _ := record(t, around(fails(respond.NotFound("")), all...).ServeHTTP)
		assert.Equal(t, want, w.Body.String())
	}
}

// TestErrorBody_panic holds that what Recover answers inside has the form, and that
// a form which panics for one failure answers its own panic.
func TestErrorBody_panic(t *testing.T) {
	t.Parallel()
	b := respond.NewErrorBody("application/json", func(p *respond.Problem) apiError {
		if p.Status != 500 {
			panic("planned")
		}
		return apiErrorOf(p)
	})
	for _, h := range []http.Handler{
		http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("planned") }),
		fails(respond.Unauthorized("Basic", "")),
	} {
		w, _ := record(t, around(h, b.Middleware, middleware.Recover()).ServeHTTP)
		assert.Equal(t, 500, w.Code)
		assert.JSONEq(t, `{"code":500,"message":"Internal Server Error: "}`, w.Body.String())
		assert.Empty(t, w.Header().Get("WWW-Authenticate"))
	}
}

// TestError_secondPanic holds that a function which panics over every failure leaves the
// default 500, with both panics in the record.
func TestError_secondPanic(t *testing.T) {
	t.Parallel()
	for name, broken := range map[string]chain{
		"form":    respond.NewErrorBody("application/json", func(*respond.Problem) apiError { panic("second") }).Middleware,
		"mapper":  respond.MapErrors(func(error) error { panic("second") }),
		"handler": respond.UseErrorHandler(func(http.ResponseWriter, *http.Request, error) { panic("second") }),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var log bytes.Buffer
			records := middleware.AccessLog(slog.New(slog.NewTextHandler(&log, nil)))
			panicking := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("first") })
			w, _ := record(t, around(panicking, records, broken, middleware.Recover()).ServeHTTP)
			assert.Equal(t, 500, w.Code)
			assert.JSONEq(t, `{"type":"about:blank","title":"Internal Server Error","status":500}`, w.Body.String())
			assert.Contains(t, log.String(), "status=500")
			assert.Contains(t, log.String(), "panic: second")
			assert.Equal(t, 1, strings.Count(log.String(), "panic: first"))
		})
	}
	aborting := respond.UseErrorHandler(func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) })
	panicking := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("first") })
	assert.PanicsWithValue(t, http.ErrAbortHandler, func() {
		around(panicking, aborting, middleware.Recover()).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	})
}

// TestErrorBody_keepsCause holds that a form which cannot be encoded does not take the
// cause of the failure out of the record.
func TestErrorBody_keepsCause(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	records := middleware.AccessLog(slog.New(slog.NewTextHandler(&log, nil)))
	b := respond.NewErrorBody("application/json", func(*respond.Problem) unencodable { return unencodable{} })
	record(t, around(fails(errors.New("the database is away")), records, b.Middleware).ServeHTTP)
	assert.Contains(t, log.String(), "the database is away")
	assert.Equal(t, 1, strings.Count(log.String(), "status=500"))
}

// TestNewErrorBody_xml holds which types can never be written in XML.
func TestNewErrorBody_xml(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]func(){
		"respond: NewErrorBody[map[string]int] of application/xml: map[string]int is not one XML element: declare a struct around it": func() {
			respond.NewErrorBody("application/xml", func(*respond.Problem) map[string]int { return nil })
		},
		"respond: NewErrorBody[*struct { A string }] of application/xml: struct { A string } has no name for its XML element: declare a named type, or add a field XMLName": func() {
			respond.NewErrorBody("application/xml", func(*respond.Problem) *struct{ A string } { return nil })
		},
		"respond: NewErrorBody[respond_test.unwritten] of application/xml: respond_test.unwritten cannot be encoded as XML: it contains the type chan int": func() {
			respond.NewErrorBody("application/xml", func(*respond.Problem) unwritten { return unwritten{} })
		},
	} {
		assert.PanicsWithValue(t, want, f)
	}
	assert.NotPanics(t, func() {
		respond.NewErrorBody("application/xml", func(*respond.Problem) any { return nil })
	})
}

type unwritten struct{ C chan int }

type ticket [2]byte

func (c ticket) MarshalText() ([]byte, error) { return c[:], nil }

// TestErrorBody_halfClosed holds that a client that is still there gets the form.
func TestErrorBody_halfClosed(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	w := httptest.NewRecorder()
	respond.NewErrorBody("application/json", apiErrorOf).Middleware(fails(errors.New("down"))).
		ServeHTTP(w, httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil))
	assert.Equal(t, 503, w.Code)
	assert.JSONEq(t, `{"code":503,"message":"Service Unavailable: "}`, w.Body.String())
}

func TestErrorBody_logsWhatCannotBeEncoded(t *testing.T) {
	t.Parallel()
	b := respond.NewErrorBody("application/json", func(*respond.Problem) unencodable { return unencodable{} })
	_, book := record(t, b.Middleware(fails(respond.NotFound(""))).ServeHTTP)
	require.Len(t, book.all(), 1)
	assert.Contains(t, book.all()[0], "planned")
}

// TestErrorBody_received holds the way back.
func TestErrorBody_received(t *testing.T) {
	t.Parallel()
	plain := respond.NewErrorBody("application/json", apiErrorOf)
	reading := plain.Read(func(status int, v apiError) *respond.Problem { return respond.NewProblem(status, v.Message) })
	assert.Equal(t, respond.NewProblem(404, "none"), reading.Received(404, "application/json; charset=utf-8", []byte(`{"code":404,"message":"none"}`)))
	assert.Nil(t, plain.Received(404, "application/json", []byte(`{}`)), "Read was not called on it")
	assert.Nil(t, reading.Received(404, "text/html", []byte(`{}`)))
	assert.Nil(t, reading.Received(404, "", []byte(`{}`)))
	assert.Nil(t, reading.Received(404, "application/json", []byte(`{`)))
	text := respond.NewErrorBody("text/plain", func(p *respond.Problem) string { return p.Detail }).
		Read(func(status int, v string) *respond.Problem { return respond.NewProblem(status, v) })
	assert.Equal(t, respond.NewProblem(404, "none"), text.Received(404, "text/plain; charset=utf-8", []byte("none")))
	xml := respond.NewErrorBody("application/xml", apiErrorOf).
		Read(func(status int, v apiError) *respond.Problem { return respond.NewProblem(status, v.Message) })
	assert.Equal(t, respond.NewProblem(404, "none"), xml.Received(404, "application/xml", []byte("<apiError><message>none</message></apiError>")))
}

func TestNewErrorBody_faults(t *testing.T) {
	t.Parallel()
	for want, f := range map[string]func(){
		"respond: NewErrorBody[respond_test.apiError] of text/plain: respond_test.apiError cannot be written in that media type: use one of JSON or XML, or one of text for a string": func() {
			respond.NewErrorBody("text/plain", apiErrorOf)
		},
		"respond: NewErrorBody[string] of application/cbor: string cannot be written in that media type: use one of JSON or XML, or one of text for a string": func() {
			respond.NewErrorBody("application/cbor", func(*respond.Problem) string { return "" })
		},
		"respond: NewErrorBody[respond_test.apiError] of json: the media type is not valid: write one, such as application/json": func() {
			respond.NewErrorBody("json", apiErrorOf)
		},
		"respond: NewErrorBody[string] of text/plain: the function is nil: write one that makes the body from a problem": func() { respond.NewErrorBody[string]("text/plain", nil) },
		"respond: NewErrorBody[chan int] of application/json: chan int cannot be encoded as JSON": func() {
			respond.NewErrorBody("application/json", func(*respond.Problem) chan int { return nil })
		},
		"respond: ErrorBody.Middleware of a nil or zero ErrorBody: make it with NewErrorBody": func() { (*respond.ErrorBody[apiError])(nil).Middleware(http.NotFoundHandler()) },
		"respond: ErrorBody.Read of a nil or zero ErrorBody: make it with NewErrorBody": func() {
			(&respond.ErrorBody[apiError]{}).Read(func(int, apiError) *respond.Problem { return nil })
		},
		"respond: ErrorBody.Read: the function is nil: write one that makes a problem": func() { respond.NewErrorBody("application/json", apiErrorOf).Read(nil) },
	} {
		assert.PanicsWithValue(t, want, f)
	}
}

type funds struct {
	Balance  int      `json:"balance"`
	Accounts []string `json:"accounts,omitempty"`
}

func outOfCredit() respond.ProblemType[funds] {
	return respond.ProblemType[funds]{URI: "https://example.com/out-of-credit", Title: "Out of credit", Status: 403}
}

// TestProblemType holds what is sent of a kind, and that it is found again.
func TestProblemType(t *testing.T) {
	t.Parallel()
	kind := outOfCredit()
	ext := funds{30, []string{"/a"}}
	full := kind.New("needs 50", ext)
	w, _ := record(t, fails(full).ServeHTTP)
	assert.Equal(t, 403, w.Code)
	assert.JSONEq(t, `{"type":"https://example.com/out-of-credit","title":"Out of credit","status":403,"detail":"needs 50","accounts":["/a"],"balance":30}`, w.Body.String())
	w, _ = record(t, fails(kind.New("")).ServeHTTP)
	assert.JSONEq(t, `{"type":"https://example.com/out-of-credit","title":"Out of credit","status":403}`, w.Body.String())

	other := kind
	other.URI += "/2"
	var decoded map[string]any
	require.NoError(t, json.Unmarshal([]byte(`{"balance":30,"accounts":["/a"],"else":true}`), &decoded))
	for name, tc := range map[string]struct {
		err  error
		want funds
		ok   bool
	}{
		"itself":          {full, ext, true},
		"wrapped":         {errors.Join(errors.New("a"), full), ext, true},
		"copied":          {full.WithHeader("A", "b").With("more", 1).WithCause(errors.New("a")), ext, true},
		"as a problem":    {respond.AsProblem(full), ext, true},
		"a cause":         {respond.NotFound("").WithCause(full), ext, true},
		"behind another":  {errors.Join(other.New(""), full), ext, true},
		"declared":        {declares{full}, ext, true},
		"embedded":        {extends{full, 1}, ext, true},
		"without an ext":  {kind.New(""), funds{}, true},
		"made by hand":    {&respond.Problem{Type: kind.URI, Extensions: decoded}, ext, true},
		"does not fit":    {&respond.Problem{Type: kind.URI, Extensions: map[string]any{"balance": "much"}}, funds{}, true},
		"another kind":    {other.New("", ext), funds{}, false},
		"another problem": {respond.NotFound(""), funds{}, false},
		"changed":         {full.With("balance", 31), funds{Balance: 31, Accounts: ext.Accounts}, true},
		"typed nil":       {(*respond.Problem)(nil), funds{}, false},
		"nil":             {nil, funds{}, false},
	} {
		got, ok := kind.From(tc.err)
		assert.Equal(t, tc.ok, ok, name)
		assert.Equal(t, tc.want, got, name)
	}
	_, ok := respond.ProblemType[funds]{Status: 404}.From(respond.NotFound(""))
	assert.False(t, ok, "a problem without a type is of no kind")
}

func TestProblemType_faults(t *testing.T) {
	t.Parallel()
	type clashing struct {
		Detail string `json:"detail"`
		Chan   chan int
	}
	for want, f := range map[string]func(){
		`respond: ProblemType[respond_test.clashing]{"/a"}: clashing.Detail has the JSON name "detail", which is a member of every problem: give it another name` + "\n" +
			`respond: ProblemType[respond_test.clashing]{"/a"}: clashing.Chan has type chan int, which cannot be encoded as JSON: use another type, or write json:"-"`: func() {
			respond.ProblemType[clashing]{URI: "/a", Status: 409}.New("")
		},
		`respond: ProblemType[int]{"/a"}: int is not a struct: declare one whose members are the extensions, or use struct{}`: func() {
			respond.ProblemType[int]{URI: "/a", Status: 409}.New("")
		},
		`respond: ProblemType[struct {}]{""}: has no URI: write one, by which clients recognize the kind` + "\n" +
			`respond: ProblemType[struct {}]{""}: has the status 200: use one of 400 to 599`: func() {
			respond.ProblemType[struct{}]{Status: 200}.New("")
		},
		`respond: ProblemType[struct {}]{"about:blank"}: has the URI about:blank, which means no kind: write another, or use NewProblem`: func() {
			respond.ProblemType[struct{}]{URI: "about:blank", Status: 409}.New("")
		},
		`respond: ProblemType[struct {}]{"/a"}: New has more than one ext: write one at most`: func() {
			respond.ProblemType[struct{}]{URI: "/a", Status: 409}.New("", struct{}{}, struct{}{})
		},
	} {
		assert.PanicsWithValue(t, want, f)
	}
	assert.Equal(t, "a", respond.ProblemType[respond.None]{URI: "/a", Status: 409}.New("a").Detail)
}
