package tenon_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/respond"
)

type noteIn struct {
	ID int `path:"id"`
}

type noteBody struct {
	noteIn

	Note struct {
		Text string `json:"text" maxLength:"9"`
	} `body:"json"`
}

type note struct {
	ID   int    `json:"id"`
	Text string `json:"text"`
}

// Notes has a method of each signature.
type Notes struct{}

func (*Notes) Get(_ context.Context, in noteIn) (*note, error) {
	if in.ID == 0 {
		return nil, respond.NewProblem(http.StatusNotFound, "there is no note 0")
	}
	if in.ID == 204 {
		return nil, nil //nolint:nilnil // nil is 204
	}
	return &note{in.ID, "a"}, nil
}

func (*Notes) Put(_ context.Context, in noteBody) (respond.Created[note], error) {
	return respond.Created[note]{Location: "/n", Body: note{in.ID, in.Note.Text}}, nil
}

func (*Notes) Post(r *http.Request) (any, error) {
	if r.PathValue("id") == "0" {
		return nil, errors.New("the secret")
	}
	return "posted " + r.PathValue("id"), nil
}

func (*Notes) Delete(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusAccepted) }

// List is none of the methods that answer requests.
func (*Notes) List() int { return 0 }

var viewCases = []struct {
	method, path, body string
	status             int
	allow, text        string
}{
	{"GET", "/notes/7", "", 200, "", `{"id":7,"text":"a"}`},
	{"HEAD", "/notes/7", "", 200, "", ""},
	{"GET", "/notes/204", "", 204, "", ""},
	{"GET", "/notes/0", "", 404, "", `{"type":"about:blank","title":"Not Found","status":404,"detail":"there is no note 0"}`},
	{"GET", "/notes/x", "", 400, "", `{"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"path","name":"id","code":"type","detail":"must be an integer"}]}`},
	{"PUT", "/notes/7", `{"text":"b"}`, 201, "", `{"id":7,"text":"b"}`},
	{"PUT", "/notes/7", `{"text":"much too long"}`, 400, "", `{"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"body","pointer":"#/text","code":"maxLength","limit":"9","detail":"must have at most 9 characters"}]}`},
	{"POST", "/notes/7", "", 200, "", "posted 7"},
	{"POST", "/notes/0", "", 500, "", `{"type":"about:blank","title":"Internal Server Error","status":500}`},
	{"DELETE", "/notes/7", "", 202, "", ""},
	{"PATCH", "/notes/7", "", 405, "DELETE, GET, HEAD, OPTIONS, POST, PUT", notAllowed},
	{"OPTIONS", "/notes/7", "", 204, "DELETE, GET, HEAD, OPTIONS, POST, PUT", ""},
}

func TestView(t *testing.T) {
	asView := http.NewServeMux()
	asView.Handle("/notes/{id}", tenon.View(&Notes{}))
	kittest.ServeBehind(t, asView, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, tc := range viewCases {
			got := s.Do(t, tc.method, tc.path, strings.NewReader(tc.body), http.Header{"Content-Type": {"application/json"}})
			assert.Equal(t, tc.status, got.StatusCode, "%s %s", tc.method, tc.path)
			assert.Equal(t, tc.text, got.Text, "%s %s", tc.method, tc.path)
			assert.Equal(t, tc.allow, got.Header.Get("Allow"), "%s %s", tc.method, tc.path)
		}
	})
}

func TestResource(t *testing.T) {
	routes := tenon.Resource("/notes/{id}", &Notes{}, tenon.Doc{Summary: "Notes"})
	mux := http.NewServeMux()
	routes.Mount(mux)
	kittest.ServeBehind(t, middleware.RouterErrors()(mux), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, tc := range viewCases {
			got := s.Do(t, tc.method, tc.path, strings.NewReader(tc.body), http.Header{"Content-Type": {"application/json"}})
			assert.Equal(t, tc.status, got.StatusCode, "%s %s", tc.method, tc.path)
			assert.Equal(t, tc.text, got.Text, "%s %s", tc.method, tc.path)
			assert.Equal(t, tc.allow, got.Header.Get("Allow"), "%s %s", tc.method, tc.path)
		}
	})

	require.Len(t, routes, 4)
	get, ok := routes.Lookup("Notes.Get")
	require.True(t, ok)
	assert.Equal(t, reflect.TypeFor[noteIn](), get.In)
	assert.Equal(t, reflect.TypeFor[*note](), get.Out)
	assert.Equal(t, "Notes", get.Doc.Summary)
	post, ok := routes.Lookup("Notes.Post")
	require.True(t, ok)
	assert.Nil(t, post.In)
	address, err := routes.URL("Notes.Put", map[string]any{"id": 3})
	require.NoError(t, err)
	assert.Equal(t, "/notes/3", address)

	named := tenon.Resource("/x/{id}", &Notes{}, tenon.Named("Memo"))
	assert.Equal(t, "Memo.Get", named[0].Name)
	require.ErrorContains(t, tenon.Resource("/x", &Notes{}).Check(), "lacks the wildcard {id}")
}

// every takes every method, and has a Get that is not looked at.
type every struct{}

func (every) Handle(r *http.Request) (any, error) { return r.Method, nil }
func (every) Get() string                         { return "" }

func TestView_handleTakesEveryMethod(t *testing.T) {
	t.Parallel()
	view := tenon.View(every{})
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PURGE"} {
		assert.Equal(t, method, send(view, method, "/").Body.String())
	}
	routes := tenon.Resource("/x", every{})
	require.NoError(t, routes.Check())
	mux := http.NewServeMux()
	routes.Mount(mux)
	for _, method := range []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} {
		assert.Equal(t, method, send(mux, method, "/x").Body.String())
	}
	_, ok := routes.Lookup("every.Get")
	assert.True(t, ok)
	plain := tenon.View(struct{ everyWriter }{})
	assert.Equal(t, "BREW", send(plain, "BREW", "/").Body.String())
	typed := tenon.View(everyTyped{})
	assert.Equal(t, "typed", send(typed, "BREW", "/").Body.String())
}

type (
	everyWriter struct{}
	everyTyped  struct{}
)

func (everyWriter) Handle(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, r.Method) }

func (everyTyped) Handle(context.Context, tenon.None) (string, error) {
	return "typed", nil
}

// all has every method, in the signature of respond.Func.
type all struct{}

func (all) Get(*http.Request) (any, error)     { return "Get", nil }
func (all) Post(*http.Request) (any, error)    { return "Post", nil }
func (all) Put(*http.Request) (any, error)     { return "Put", nil }
func (all) Patch(*http.Request) (any, error)   { return "Patch", nil }
func (all) Delete(*http.Request) (any, error)  { return "Delete", nil }
func (all) Head(*http.Request) (any, error)    { return "Head", nil }
func (all) Options(*http.Request) (any, error) { return "Options", nil }

// written has every method, in the signature of http.Handler.
type written struct{}

func (written) Get(w http.ResponseWriter, _ *http.Request)     { _, _ = io.WriteString(w, "Get") }
func (written) Post(w http.ResponseWriter, _ *http.Request)    { _, _ = io.WriteString(w, "Post") }
func (written) Put(w http.ResponseWriter, _ *http.Request)     { _, _ = io.WriteString(w, "Put") }
func (written) Patch(w http.ResponseWriter, _ *http.Request)   { _, _ = io.WriteString(w, "Patch") }
func (written) Delete(w http.ResponseWriter, _ *http.Request)  { _, _ = io.WriteString(w, "Delete") }
func (written) Head(w http.ResponseWriter, _ *http.Request)    { _, _ = io.WriteString(w, "Head") }
func (written) Options(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "Options") }

// typed has every method, in the signature of tenon.Handle.
type typed struct{}

func (typed) Get(context.Context, tenon.None) (string, error)     { return "Get", nil }
func (typed) Post(context.Context, tenon.None) (string, error)    { return "Post", nil }
func (typed) Put(context.Context, tenon.None) (string, error)     { return "Put", nil }
func (typed) Patch(context.Context, tenon.None) (string, error)   { return "Patch", nil }
func (typed) Delete(context.Context, tenon.None) (string, error)  { return "Delete", nil }
func (typed) Head(context.Context, tenon.None) (string, error)    { return "Head", nil }
func (typed) Options(context.Context, tenon.None) (string, error) { return "Options", nil }

func TestView_everyMethodOfEverySignature(t *testing.T) {
	t.Parallel()
	for _, v := range []any{all{}, &all{}, written{}, &written{}, typed{}, &typed{}} {
		view := tenon.View(v)
		for _, name := range []string{"Get", "Post", "Put", "Patch", "Delete", "Head", "Options"} {
			assert.Equal(t, name, send(view, strings.ToUpper(name), "/").Body.String(), "%T", v)
		}
		assert.Equal(t, http.StatusMethodNotAllowed, send(view, "TRACE", "/").Code)
		assert.Len(t, tenon.Resource("/", v), 7)
	}
}

func TestView_options(t *testing.T) {
	t.Parallel()
	view := tenon.View(&Notes{}, bind.MaxBody(5), respond.AllowNotAcceptable())
	mux := http.NewServeMux()
	mux.Handle("/notes/{id}", view)
	assert.Equal(t, "Accept", send(mux, "GET", "/notes/7").Header().Get("Vary"))
	assert.Equal(t, "Accept", send(mux, "POST", "/notes/7").Header().Get("Vary"))
	r := newRequest(t, "PUT", "/notes/7")
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(`{"text":"b"}`)), 12
	r.Header.Set("Content-Type", "application/json")
	var sink kittest.Sink
	mux.ServeHTTP(&sink, r)
	assert.Equal(t, http.StatusRequestEntityTooLarge, sink.Status)
}

// wrong has every kind of fault.
type wrong struct{}

func (wrong) Get(*http.Request) string                                { return "" }
func (wrong) Post(context.Context, struct{ A chan int }) (int, error) { return 0, nil }
func (wrong) Put(context.Context, noteIn) (chan int, error)           { return nil, nil }
func (wrong) Patch(context.Context, noteIn) error                     { return nil }
func (wrong) Delete(http.ResponseWriter, *http.Request) error         { return nil }
func (wrong) Head(_ context.Context, _ ...noteIn) (int, error)        { return 0, nil }
func (wrong) Options(http.ResponseWriter, *http.Request)              {}

func TestView_faults(t *testing.T) {
	t.Parallel()
	fault := func(v any) (text string) {
		defer func() { text, _ = recover().(string) }()
		tenon.View(v)
		return ""
	}
	text := fault(wrong{})
	assert.True(t, strings.HasPrefix(text, "tenon: View of tenon_test.wrong:\n\tGet is a func(*http.Request) string: write a func(http.ResponseWriter, *http.Request), "+
		"func(*http.Request) (any, error) or func(context.Context, In) (Out, error)\n\tPatch is a func("), text)
	for _, part := range []string{"\n\tPost: bind: struct { A chan int } cannot be bound:\n\t\tstruct.A has type chan int, ", "\n\tPut: respond: For[chan int]: ", "\n\tDelete is a func(", "\n\tHead is a func("} {
		assert.Contains(t, text, part)
	}
	assert.NotContains(t, text, "Options is")

	assert.Equal(t, "tenon: View of tenon_test.Notes:\n\tGet has a pointer receiver: pass a pointer\n\tPost has a pointer receiver: pass a pointer"+
		"\n\tPut has a pointer receiver: pass a pointer\n\tDelete has a pointer receiver: pass a pointer", fault(Notes{}))
	assert.Equal(t, "tenon: View of struct {}:\n\tit has none of the methods Get, Post, Put, Patch, Delete, Head, Options and Handle: give it one", fault(struct{}{}))
	assert.Equal(t, "tenon: View of <nil>:\n\tit is nil: pass a value with a method such as Get", fault(nil))
	assert.Equal(t, "tenon: View of *tenon_test.Notes:\n\tit is nil: pass a value with a method such as Get", fault((*Notes)(nil)))
	assert.Equal(t, "tenon: View of int:\n\tit has none of the methods Get, Post, Put, Patch, Delete, Head, Options and Handle: give it one", fault(7))
}

func says(text string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, text) })
}

const notAllowed = `{"type":"about:blank","title":"Method Not Allowed","status":405}`

func TestMethods(t *testing.T) {
	for _, tc := range []struct {
		name    string
		methods tenon.Methods
		method  string
		status  int
		allow   string
		text    string
	}{
		{"own", tenon.Methods{"GET": says("get"), "PUT": says("put")}, "PUT", 200, "", "put"},
		{"HEAD from GET", tenon.Methods{"GET": says("get")}, "HEAD", 200, "", ""},
		{"own HEAD", tenon.Methods{"GET": says("get"), "HEAD": http.NotFoundHandler()}, "HEAD", 404, "", ""},
		{"no GET for HEAD", tenon.Methods{"PUT": says("put")}, "HEAD", 405, "OPTIONS, PUT", ""},
		{"OPTIONS", tenon.Methods{"GET": says("get"), "PUT": says("put"), "POST": nil}, "OPTIONS", 204, "GET, HEAD, OPTIONS, PUT", ""},
		{"own OPTIONS", tenon.Methods{"OPTIONS": says("mine")}, "OPTIONS", 200, "", "mine"},
		{"another", tenon.Methods{"GET": says("get"), "HEAD": says("")}, "PATCH", 405, "GET, HEAD, OPTIONS", notAllowed},
		{"a method of one's own", tenon.Methods{"PURGE": says("purged")}, "PURGE", 200, "", "purged"},
		{"case counts", tenon.Methods{"GET": says("get")}, "get", 405, "GET, HEAD, OPTIONS", notAllowed},
		{"nil handler", tenon.Methods{"GET": nil}, "GET", 405, "OPTIONS", notAllowed},
		{"nil pointer", tenon.Methods{"GET": (*http.ServeMux)(nil), "PUT": http.HandlerFunc(nil)}, "HEAD", 405, "OPTIONS", ""},
		{"nil", nil, "GET", 405, "OPTIONS", notAllowed},
	} {
		t.Run(tc.name, func(t *testing.T) {
			kittest.ServeBehind(t, tc.methods, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				got := s.Do(t, tc.method, "/", nil, nil)
				assert.Equal(t, tc.status, got.StatusCode)
				assert.Equal(t, tc.allow, got.Header.Get("Allow"))
				assert.Equal(t, tc.text, got.Text)
				assert.Empty(t, s.Log())
			})
		})
	}
}

type viewOfOne struct{}

func (viewOfOne) Get(_ context.Context, in struct {
	ID int `path:"id"`
},
) (string, error) {
	return strconv.Itoa(in.ID), nil
}

// Beside what the call by reflection allocates by itself, there is only the In.
func TestView_allocations(t *testing.T) {
	var sink kittest.Sink
	r := newRequest(t, "GET", "/")
	r.SetPathValue("id", "42")
	allocs := func(h http.Handler) float64 {
		return testing.AllocsPerRun(200, func() { sink.Reset(); h.ServeHTTP(&sink, r) })
	}
	direct := allocs(tenon.Handle(viewOfOne{}.Get))
	fn, ctx := reflect.ValueOf(viewOfOne{}).MethodByName("Get"), r.Context()
	args := []reflect.Value{reflect.ValueOf(&ctx).Elem(), reflect.Zero(fn.Type().In(1))}
	called := testing.AllocsPerRun(200, func() { fn.Call(args) })
	h := tenon.View(viewOfOne{})
	kittest.Allocs(t, direct+called+1, func() { sink.Reset(); h.ServeHTTP(&sink, r) })
	assert.Equal(t, http.StatusOK, sink.Status)
}

func TestMethods_allocations(t *testing.T) {
	methods := tenon.Methods{"GET": http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(204) })}
	var sink kittest.Sink
	r := newRequest(t, "HEAD", "/")
	kittest.Allocs(t, 0, func() { sink.Reset(); methods.ServeHTTP(&sink, r) })
}
