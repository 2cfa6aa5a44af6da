package respond_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"html/template"
	"io"
	"math/big"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	engine "github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

const (
	asJSON    = "application/json"
	asProblem = "application/problem+json"
	asText    = "text/plain; charset=utf-8"
	asHTML    = "text/html; charset=utf-8"
	asBytes   = "application/octet-stream"

	// serverError is the whole answer to a failure without public text.
	serverError = `{"type":"about:blank","title":"Internal Server Error","status":500}`
)

type (
	article struct {
		ID    int      `json:"id"`
		Title string   `json:"title"`
		Tags  []string `json:"tags"`
	}
	slug  string
	blob  []byte
	color string
	// onPointer has all its methods on the pointer.
	onPointer struct{ Name string }
	report    struct{ Rows int }
	page      struct{ Title string }
	gone      struct{ Name string }
	flag      uint8
)

func (c color) MarshalText() ([]byte, error) { return []byte("#" + c), nil }

func (p *onPointer) StatusCode() int      { return http.StatusAccepted }
func (p *onPointer) Headers() http.Header { return http.Header{"Link": {"<a>", "<b>"}} }
func (p *onPointer) ContentType() string  { return "application/vnd.name+json" }
func (p *onPointer) MarshalJSON() ([]byte, error) {
	return json.Marshal("name " + p.Name)
}

// report writes itself in two pieces.
func (r report) WriteTo(w io.Writer) (int64, error) {
	n, err := io.WriteString(w, strings.Repeat("row\n", r.Rows))
	return int64(n), err
}

func (p *page) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/x-page")
	w.WriteHeader(http.StatusTeapot)
	_, _ = io.WriteString(w, p.Title)
}

func (g gone) Error() string   { return "secret " + g.Name }
func (g gone) StatusCode() int { return http.StatusGone }

// row is one value, sent by its static type and as an any.
type row struct {
	name            string
	static, dynamic http.HandlerFunc
	// wrapped sends it inside Status(299, v), where static and dynamic types
	// alternate, with header fields that come twice.
	wrapped http.HandlerFunc

	status      int
	media, body string
	header      http.Header
	// self values choose their own status inside a wrapper.
	self bool
}

func value[T any](name string, v func() T, status int, media, body string) row {
	writer := respond.For[T]()
	wrapped := respond.For[respond.Response[any]]()
	return row{
		name: name, status: status, media: media, body: body,
		static:  func(w http.ResponseWriter, r *http.Request) { _ = writer.Write(w, r, v()) },
		dynamic: func(w http.ResponseWriter, r *http.Request) { _ = respond.Write(w, r, v()) },
		wrapped: func(w http.ResponseWriter, r *http.Request) {
			inner := respond.Response[T]{Body: v()}.WithHeader("X-Twice", "b").WithCookie(&http.Cookie{Name: "b"})
			outer := respond.Status[any](299, inner).WithHeader("X-Twice", "a").WithCookie(&http.Cookie{Name: "a"})
			_ = wrapped.Write(w, r, outer)
		},
	}
}

func is[T any](v T) func() T { return func() T { return v } }

func (x row) with(name string, values ...string) row {
	if x.header == nil {
		x.header = http.Header{}
	}
	x.header[name] = values
	return x
}

func (x row) keepsStatus() row { x.self = true; return x }

// rows is the table of the package documentation, in its order.
func rows() []row { return slices.Concat(outerRows(), bodyRows()) }

// outerRows are those that come before the look at the body.
func outerRows() []row {
	return []row{
		value("nil interface", is[any](nil), 204, "", ""),
		value("nil pointer", is[*article](nil), 204, "", ""),
		value("nil handler pointer", is[*page](nil), 204, "", ""),
		value("nil handler function", is[http.HandlerFunc](nil), 204, "", ""),
		value("nil error pointer", is[*gone](nil), 204, "", ""),
		value("nil reader pointer", is[*bytes.Buffer](nil), 204, "", ""),
		value("nil reader", is[io.Reader](nil), 204, "", ""),

		value("response", is(respond.Response[string]{Header: http.Header{"X-A": {"1", "2"}}, Body: "x"}), 200, asText, "x").
			with("X-A", "1", "2"),
		value("ok", is(respond.OK[article]{}), 200, asJSON, `{"id":0,"title":"","tags":[]}`),
		value("created", is(respond.Created[string]{Location: "/a b/ü", Body: "x"}), 201, asText, "x").
			with("Location", "/a%20b/%C3%BC"),
		value("accepted", is(respond.Accepted[*article]{}), 202, "", ""),
		value("no content", is(respond.NoContent{Header: http.Header{"X-A": {"1"}}}), 204, "", "").with("X-A", "1"),
		value("pointer to wrapper", is(&respond.Created[string]{Body: "x"}), 201, asText, "x"),
		value("nil pointer to wrapper", is[*respond.Created[string]](nil), 204, "", ""),
		value("created none", is(respond.Created[respond.None]{}), 201, "", ""),
		value("created nil", is(respond.Created[any]{}), 201, "", ""),

		value("handler function", is(http.HandlerFunc((&page{"f"}).ServeHTTP)), 418, "text/x-page", "f").keepsStatus(),
		value("handler by pointer", is(page{"p"}), 418, "text/x-page", "p").keepsStatus(),
		value("redirect", is(respond.SeeOther("/next")), 303, "", "").with("Location", "/next").keepsStatus(),
		value("error", is(gone{"x"}), 410, asProblem, `{"type":"about:blank","title":"Gone","status":410}`).keepsStatus(),
		value("error interface", is[error](errors.New("secret")), 500, asProblem,
			serverError).keepsStatus(),
		value("problem", is(respond.NewProblem(404, "no article 7")), 404, asProblem,
			`{"type":"about:blank","title":"Not Found","status":404,"detail":"no article 7"}`).keepsStatus(),
		value("problem by value", is(respond.Problem{Status: 409, Title: "Taken"}), 409, asProblem,
			`{"type":"about:blank","title":"Taken","status":409}`).keepsStatus(),
	}
}

func bodyRows() []row {
	var (
		every [256]byte
		name  = "seven"
	)
	for i := range every {
		every[i] = byte(i)
	}
	return []row{
		value("none", is(respond.None{}), 204, "", ""),
		value("pointer to none", is(&respond.None{}), 204, "", ""),
		value("html", is(respond.HTML("<p>")), 200, asHTML, "<p>"),
		value("template html", is(template.HTML("<p>")), 200, asHTML, "<p>"),
		value("pointer to html", is(new(respond.HTML("<p>"))), 200, asHTML, "<p>"),
		value("raw message", is(json.RawMessage(`{ "a" : 1 }`)), 200, asJSON, `{ "a" : 1 }`),
		value("raw message of the engine", is(engine.RawMessage(`{ "a" : 1 }`)), 200, asJSON, `{ "a" : 1 }`),
		value("nil raw message", is[json.RawMessage](nil), 200, asJSON, "null"),

		value("string", is("<script>alert(1)</script>"), 200, asText, "<script>alert(1)</script>"),
		value("empty string", is(""), 200, asText, ""),
		value("named string", is(slug("a-b")), 200, asText, "a-b"),
		value("pointer to string", is(&name), 200, asText, "seven"),
		value("string that marshals", is(color("fff")), 200, asJSON, `"#fff"`),
		value("json number", is(json.Number("12")), 200, asJSON, "12"),
		value("bytes", is(every[:]), 200, asBytes, string(every[:])),
		value("nil bytes", is[[]byte](nil), 200, asBytes, ""),
		value("named bytes", is(blob("ab")), 200, asBytes, "ab"),
		value("bytes that marshal", is(netip.MustParseAddr("::1")), 200, asJSON, `"::1"`),
		value("slice of a byte kind", is([]flag{1, 2}), 200, asJSON, "[1,2]"),

		value("struct", is(article{7, "Beam", nil}), 200, asJSON, `{"id":7,"title":"Beam","tags":[]}`),
		value("pointer", is(&article{7, "<Beam> & \u2028", []string{"oak"}}), 200, asJSON,
			"{\"id\":7,\"title\":\"<Beam> & \u2028\",\"tags\":[\"oak\"]}"),
		value("empty struct with a name", is(struct{ A *int }{}), 200, asJSON, `{"A":null}`),
		value("slice", is([]article{}), 200, asJSON, "[]"),
		value("nil slice", is[[]article](nil), 200, asJSON, "[]"),
		value("nil map", is[map[string]int](nil), 200, asJSON, "{}"),
		value("map", is(map[string]any{"b": 1, "a": []int(nil)}), 200, asJSON, `{"a":[],"b":1}`),
		value("number", is(3.5), 200, asJSON, "3.5"),
		value("bool", is(false), 200, asJSON, "false"),
		value("duration", is(time.Second), 200, asJSON, "1000000000"),
		value("time", is(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)), 200, asJSON, `"2026-01-02T03:04:05Z"`),
		value("big integer", is(big.NewInt(7)), 200, asJSON, "7"),
		value("stringer is no text", is(time.March), 200, asJSON, "3"),

		value("methods on the pointer", is(onPointer{"n"}), 202, "application/vnd.name+json", `"name n"`).with("Link", "<a>", "<b>"),
		value("pointer with methods", is(&onPointer{"n"}), 202, "application/vnd.name+json", `"name n"`).with("Link", "<a>", "<b>"),

		value("reader", func() io.Reader { return strings.NewReader("abc") }, 200, asBytes, "abc"),
		value("reader by pointer", func() bytes.Buffer { return *bytes.NewBufferString("abc") }, 200, asBytes, "abc"),
		value("reader of unknown length", func() io.Reader { return io.MultiReader(strings.NewReader("abc")) }, 200, asBytes, "abc"),
		value("writer to", is(report{3}), 200, asBytes, strings.Repeat("row\n", 3)),
	}
}

func TestWrite_table(t *testing.T) {
	t.Parallel()
	cases := rows()
	all := site{}
	for _, tc := range cases {
		all["static "+tc.name], all["dynamic "+tc.name], all["wrapped "+tc.name] = tc.static, tc.dynamic, tc.wrapped
	}
	kittest.ServeBehind(t, all, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, tc := range cases {
			t.Run(tc.name, func(t *testing.T) {
				static, dynamic := s.Get(t, at("static "+tc.name)), s.Get(t, at("dynamic "+tc.name))
				tc.check(t, tc.status, static)
				tc.check(t, tc.status, dynamic)
				static.Header.Del("Date")
				dynamic.Header.Del("Date")
				assert.Equal(t, static.Header, dynamic.Header)

				status := 299
				if tc.self {
					status = tc.status
				}
				wrapped := s.Get(t, at("wrapped "+tc.name))
				tc.check(t, status, wrapped)
				if tc.media != asProblem { // a failure has no wrappers
					assert.Equal(t, []string{"a", "b"}, wrapped.Header["X-Twice"])
					assert.Equal(t, []string{"a=", "b="}, wrapped.Header["Set-Cookie"])
				}
			})
		}
		assert.Empty(t, s.Log())
	})
	for _, h := range all {
		kittest.CheckHeaders(t, h, func() *http.Request { r, _ := get(t); return r })
	}
}

func (x row) check(t *testing.T, status int, got *kittest.Response) {
	t.Helper()
	assert.Equal(t, status, got.StatusCode)
	assert.Equal(t, x.media, got.Header.Get("Content-Type"))
	assert.Equal(t, x.body, got.Text)
	for name, values := range x.header {
		assert.Equal(t, values, got.Header[name], name)
	}
	if x.media != "" && x.status != 418 {
		assert.Equal(t, []string{"nosniff"}, got.Header["X-Content-Type-Options"])
	}
}

func TestWrite_headEqualsGet(t *testing.T) {
	t.Parallel()
	cases := site{}
	for _, tc := range rows() {
		if tc.status != 418 { // a handler answers HEAD by itself
			cases[tc.name], cases[tc.name+", wrapped"] = tc.static, tc.wrapped
		}
	}
	for _, n := range []int{0, 1, 2047, 2048, 2049, 4095, 4096, 4097, 70_000} {
		text := strings.Repeat("x", n)
		for name, v := range map[string]func() any{
			"text":    func() any { return text },
			"json":    func() any { return []string{text} },
			"reader":  func() any { return strings.NewReader(text) },
			"stream":  func() any { return io.MultiReader(strings.NewReader(text)) },
			"writes":  func() any { return report{n / 4} },
			"problem": func() any { return respond.NewProblem(400, text) },
			"coded": func() any {
				return respond.Response[string]{Header: http.Header{"Content-Encoding": {"x"}}, Body: text}
			},
		} {
			cases[name+" of "+strconv.Itoa(n)] = respond.Func(func(*http.Request) (any, error) { return v(), nil })
		}
	}
	kittest.Serve(t, cases, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for name := range cases {
			want, got := s.Get(t, at(name)), s.Do(t, http.MethodHead, at(name), nil, nil)
			want.Header.Del("Date")
			got.Header.Del("Date")
			assert.Equal(t, want.StatusCode, got.StatusCode, name)
			assert.Equal(t, want.Header, got.Header, name)
			assert.Empty(t, got.Text, name)
		}
		assert.Empty(t, s.Log())
	})
}
