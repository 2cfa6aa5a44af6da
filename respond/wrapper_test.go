package respond_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/respond"
)

// nest returns the same nested wrappers as static and as dynamic types.
func nest() (static respond.OK[respond.Created[respond.Response[respond.Accepted[string]]]], dynamic any) {
	inner := respond.Accepted[string]{
		Header: http.Header{"Link": {"<4>"}, "Access-Control-Allow-Origin": {"https://b.example"}}, Body: "x",
	}
	response := respond.Status(500, inner).WithHeader("link", "<3>").
		WithHeader("Access-Control-Allow-Origin", "https://a.example").WithCookie(&http.Cookie{Name: "b", Value: "2"})
	created := respond.Created[respond.Response[respond.Accepted[string]]]{
		Location: "/outer", Header: http.Header{"Link": {"<2>"}, "Etag": {`"inner"`}}, Body: response,
	}
	static = respond.OK[respond.Created[respond.Response[respond.Accepted[string]]]]{
		Header:  http.Header{"Link": {"<1>"}, "Content-Length": {"99"}, "Trailer": {"X"}},
		Cookies: []*http.Cookie{{Name: "a", Value: "1"}}, Body: created,
	}
	return static, respond.OK[any]{
		Header: static.Header, Cookies: static.Cookies,
		Body: respond.Created[any]{
			Location: created.Location, Header: created.Header,
			Body: respond.Response[any]{Status: response.Status, Header: response.Header, Cookies: response.Cookies, Body: inner},
		},
	}
}

func TestWrappers_flatten(t *testing.T) {
	t.Parallel()
	static, dynamic := nest()
	writer := respond.For[respond.OK[respond.Created[respond.Response[respond.Accepted[string]]]]]()
	for name, answer := range map[string]http.HandlerFunc{
		"static":  func(w http.ResponseWriter, r *http.Request) { _ = writer.Write(w, r, static) },
		"dynamic": func(w http.ResponseWriter, r *http.Request) { _ = respond.Write(w, r, dynamic) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for range 2 { // the values are as they were after the first time
				w, _ := record(t, func(w http.ResponseWriter, r *http.Request) {
					w.Header().Add("Link", "<0>")
					w.Header().Set("Etag", `"outer"`)
					w.Header().Set("Access-Control-Allow-Origin", "*")
					w.Header().Add("Set-Cookie", "z=0")
					answer(w, r)
				})
				assert.Equal(t, 200, w.Code, "the outer status wins")
				assert.Equal(t, http.Header{
					"Link":       {"<0>", "<1>", "<2>", "<3>", "<4>"},
					"Set-Cookie": {"z=0", "a=1", "b=2"},
					"Etag":       {`"inner"`},

					"Access-Control-Allow-Origin": {"https://a.example"}, // comes once
					"Location":                    {"/outer"},
					"Content-Type":                {asText},
					"X-Content-Type-Options":      {"nosniff"},
				}, w.Header())
			}
		})
	}
}

func TestResponse_withCopies(t *testing.T) {
	t.Parallel()
	base := respond.Status(200, "x").WithHeader("X-A", "1").WithCookie(&http.Cookie{Name: "a"})
	one := base.WithHeader("X-A", "2").WithCookie(&http.Cookie{Name: "b"})
	two := base.WithHeader("X-A", "3").WithCookie(&http.Cookie{Name: "c"})
	assert.Equal(t, []string{"1"}, base.Header["X-A"])
	assert.Equal(t, []string{"1", "2"}, one.Header["X-A"])
	assert.Equal(t, []string{"1", "3"}, two.Header["X-A"])
	assert.Len(t, base.Cookies, 1)
	assert.Equal(t, "b", one.Cookies[1].Name)
	assert.Equal(t, "c", two.Cookies[1].Name)
}

func TestWrite_contentType(t *testing.T) {
	t.Parallel()
	wrapped := respond.OK[onPointer]{Header: http.Header{"Content-Type": {"application/wrapper+json"}}}
	for _, tc := range []struct {
		name   string
		preset []string
		v      any
		want   []string
	}{
		{"table", nil, "x", []string{asText}},
		{"the value", nil, onPointer{}, []string{"application/vnd.name+json"}},
		{"set on the response", []string{"text/x"}, "x", []string{"text/x"}},
		{"set on the response, before the value", []string{"text/x"}, onPointer{}, []string{"text/x"}},
		{"the wrapper, before all", []string{"text/x"}, wrapped, []string{"application/wrapper+json"}},
		{"the outer wrapper before the inner", nil, respond.OK[any]{Header: http.Header{"Content-Type": {"text/o"}}, Body: wrapped}, []string{"text/o"}},
		{"switched off", []string{}, "x", []string{}},
		{"for a reader", []string{"image/png"}, strings.NewReader("x"), []string{"image/png"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w, _ := record(t, func(w http.ResponseWriter, r *http.Request) {
				if tc.preset != nil {
					w.Header()["Content-Type"] = tc.preset
				}
				_ = respond.Write(w, r, tc.v)
			})
			assert.Equal(t, tc.want, w.Header()["Content-Type"])
		})
	}
}

func TestWrite_wrappedHandler(t *testing.T) {
	t.Parallel()
	w, _ := record(t, func(w http.ResponseWriter, r *http.Request) {
		_ = respond.Write(w, r, respond.Created[respond.Redirect]{
			Header:  http.Header{"Link": {"<a>", "<b>"}},
			Cookies: []*http.Cookie{{Name: "a", Value: "1"}, {Name: "b", Value: "2"}},
			Body:    respond.Found("/next"),
		})
	})
	assert.Equal(t, 302, w.Code, "a handler keeps its status")
	assert.Equal(t, http.Header{
		"Location": {"/next"}, "Link": {"<a>", "<b>"}, "Set-Cookie": {"a=1", "b=2"},
	}, w.Header())
}

func TestWrite_errorInWrapper(t *testing.T) {
	t.Parallel()
	w, _ := record(t, func(w http.ResponseWriter, r *http.Request) {
		_ = respond.Write(w, r, respond.Created[any]{
			Location: "/7", Header: http.Header{"X-A": {"1"}}, Cookies: []*http.Cookie{{Name: "a"}},
			Body: respond.NewProblem(409, ""),
		})
	})
	assert.Equal(t, 409, w.Code)
	assert.Equal(t, http.Header{"Content-Type": {asProblem}, "X-Content-Type-Options": {"nosniff"}}, w.Header())
}

func TestWrite_statusOfWrappedHandlerIsIgnored(t *testing.T) {
	t.Parallel()
	w, _ := record(t, func(w http.ResponseWriter, r *http.Request) {
		_ = respond.Write(w, r, respond.Status(99, respond.Found("/")))
	})
	assert.Equal(t, 302, w.Code)
}

func TestWrite_contentLength(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 3000)
	for _, tc := range []struct {
		name   string
		set    http.Header
		body   string
		length []string
	}{
		{"left to net/http", http.Header{}, "x", nil},
		{"above its buffer", http.Header{}, long, []string{"3000"}},
		{"stale", http.Header{"Content-Length": {"5"}}, "x", nil},
		{"coded", http.Header{"Content-Encoding": {"gzip"}, "Content-Length": {"5"}}, long, nil},
		{"with a trailer", http.Header{"Trailer": {"X-Sum"}}, long, nil},
		{"chunked", http.Header{"Transfer-Encoding": {"chunked"}}, long, nil},
	} {
		w, _ := record(t, func(w http.ResponseWriter, r *http.Request) {
			maps.Copy(w.Header(), tc.set)
			_ = respond.Write(w, r, tc.body)
		})
		assert.Equal(t, tc.length, w.Header()["Content-Length"], tc.name)
	}
}

// What others have put into the header may have room to spare, which is theirs.
func TestWrite_appendsToCopies(t *testing.T) {
	t.Parallel()
	two := respond.For[any](formats())
	for name, v := range map[string]any{
		"value":   respond.Status(200, "x").WithHeader("Link", "<b>").WithCookie(&http.Cookie{Name: "b"}),
		"problem": respond.NewProblem(404, "").WithHeader("Link", "<b>").WithHeader("Set-Cookie", "b="),
	} {
		shared := map[string][]string{}
		for _, field := range []string{"Link", "Set-Cookie", "Vary"} {
			shared[field] = append(make([]string, 0, 4), "a")
		}
		w, _ := record(t, func(w http.ResponseWriter, r *http.Request) {
			maps.Copy(w.Header(), shared)
			_ = two.Write(w, r, v)
		})
		for field, values := range shared {
			assert.Len(t, w.Header()[field], 2, name)
			assert.Empty(t, values[:2][1], "%s: %s", name, field)
		}
	}
}

func TestWithETag(t *testing.T) {
	t.Parallel()
	shared := http.Header{"ETag": {`"old"`}, "Link": {"<1>"}}
	for name, v := range map[string]any{
		"response":   respond.Status(200, "x").WithHeader("Etag", `"old"`).WithETag(`"v1"`),
		"ok":         respond.OK[string]{Body: "x", Header: shared}.WithETag(`"v0"`).WithETag(`"v1"`).WithETag(""),
		"created":    respond.Created[string]{Body: "x", Location: "/1"}.WithETag(`"v1"`),
		"accepted":   respond.Accepted[string]{Body: "x"}.WithETag(`"v1"`),
		"no content": respond.NoContent{}.WithETag(`"v1"`),
		"nested":     respond.OK[respond.OK[string]]{Body: respond.OK[string]{Body: "x"}.WithETag(`"v0"`)}.WithETag(`"v1"`),
	} {
		w, _ := record(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Etag", `"outer"`)
			assert.NoError(t, respond.Write(w, r, v))
		})
		assert.Less(t, w.Code, 300, name)
		assert.Equal(t, []string{`"v1"`}, w.Header()["Etag"], name)
	}
	assert.Equal(t, http.Header{"ETag": {`"old"`}, "Link": {"<1>"}}, shared, "WithETag copies")
	for _, tag := range []string{"v1", `"a b"`, `"v1", "v2"`, "*", "W/v1"} {
		w, _ := record(t, func(w http.ResponseWriter, r *http.Request) {
			assert.ErrorContains(t, respond.Write(w, r, respond.NoContent{}.WithETag(tag)), "make it with precondition.Tag")
		})
		assert.Equal(t, 500, w.Code, tag)
		assert.Empty(t, w.Header()["Etag"])
	}
}
