package mcp_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/mcp"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// requestSeen is what a service sees of the request that a call makes.
type requestSeen struct {
	Host, Remote, URI, Proto, Pattern string
	IsTLS                             bool
	Header                            http.Header
	Context                           bool
}

type contextKey struct{}

type request struct {
	R *http.Request
}

func seeRequest(ctx context.Context, in request) (requestSeen, error) {
	r := in.R
	return requestSeen{r.Host, r.RemoteAddr, r.RequestURI, r.Proto, r.Pattern, r.TLS != nil, r.Header, ctx.Value(contextKey{}) != nil}, nil
}

// TestCall_request holds what goes along of the caller: Authorization and the connection,
// and neither cookies, other header fields nor values of the context.
func TestCall_request(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{
		tenon.Get("/here", seeRequest, tenon.Named("here")),
		tenon.Get("example.com/there", seeRequest, tenon.Named("there")),
	}
	tools, err := mcp.New(info, serviceOf(routes), routes)
	require.NoError(t, err)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tools.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), contextKey{}, true)))
	})
	header := http.Header{
		"Authorization": {"Bearer secret"}, "Cookie": {"sid=1"}, "X-Forwarded-For": {"192.0.2.9"}, "Forwarded": {"for=192.0.2.9"},
		"X-Other": {"1"},
	}
	for _, v := range versions() {
		session := connect(t, h, v.version, header)
		for tool, host := range map[string]string{"here": "127.0.0.1", "there": "example.com"} {
			var got requestSeen
			result := call(t, session, tool, `{}`)
			require.False(t, result.IsError, textOf(t, result))
			decode(t, textOf(t, result), &got)
			assert.Equal(t, http.Header{"Authorization": {"Bearer secret"}, "Accept": {"application/json, */*;q=0.1"}}, got.Header, v.name)
			assert.True(t, strings.HasPrefix(got.Host, host), got.Host)
			assert.True(t, strings.HasPrefix(got.Remote, "127.0.0.1:"), got.Remote)
			assert.Equal(t, "/"+tool, got.URI)
			assert.Equal(t, "HTTP/1.1", got.Proto)
			assert.True(t, got.IsTLS)
			assert.False(t, got.Context, "no value of the caller's context reaches the service")
		}
	}
}

// TestCall_routes holds that a route which was not passed is no tool.
func TestCall_routes(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{
		tenon.Get("/public", echo[tenon.None], tenon.Named("public"), tenon.Doc{Hidden: true}),
		tenon.Delete("/private", echo[tenon.None], tenon.Named("private")),
	}
	h, err := mcp.New(info, serviceOf(routes), routes[:1])
	require.NoError(t, err)
	for _, v := range versions() {
		session := connect(t, h, v.version, nil)
		tools := listed(t, session)
		assert.Len(t, tools, 1)
		assert.Contains(t, tools, "public")
		for _, name := range []string{"private", "DELETE /private", "getPrivate"} {
			_, err := session.CallTool(t.Context(), &sdk.CallToolParams{Name: name})
			require.ErrorContains(t, err, "unknown tool", v.name)
		}
		assert.Equal(t, "204 No Content", textOf(t, call(t, session, "public", `{}`)))
		assert.Equal(t, "test", session.InitializeResult().ServerInfo.Name)
	}
}

// TestCall_chain holds that what stands around the router is not bypassed.
func TestCall_chain(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{tenon.Get("/secret", func(context.Context, tenon.None) (string, error) { return "secret", nil }, tenon.Named("secret"))}
	guarded := middleware.BasicAuth("test", func(user, password string) bool { return user == "u" && password == "p" })(serviceOf(routes))
	h, err := mcp.New(info, guarded, routes)
	require.NoError(t, err)

	refused := call(t, connect(t, h, "", nil), "secret", `{}`)
	assert.True(t, refused.IsError)
	assert.JSONEq(t, `{"type":"about:blank","title":"Unauthorized","status":401}`, textOf(t, refused))

	r, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
	r.SetBasicAuth("u", "p")
	assert.Equal(t, "secret", textOf(t, call(t, connect(t, h, "", r.Header), "secret", `{}`)))
}

type owned struct {
	User string `value:"user"`
}

// TestCall_neighbors holds that middleware which treats a handler badly changes no result,
// around the service and around the tools.
func TestCall_neighbors(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{
		tenon.Get("/object", give(thing{1}), tenon.Named("object")),
		tenon.Get("/lines", give(stream.NDJSON[thing]{Seq: things(1, nil)}), tenon.Named("lines")),
		tenon.Get("/fail", func(context.Context, tenon.None) (thing, error) { return thing{}, respond.NotFound("") }, tenon.Named("fail")),
	}
	for _, n := range kittest.Neighbors() {
		h, err := mcp.New(info, n.Wrap(serviceOf(routes)), routes)
		require.NoError(t, err)
		session := connect(t, n.Wrap(h), "", nil)
		for tool, want := range map[string]string{
			"object": `{"id":1}`,
			"lines":  `{"items":[{"id":0}],"truncated":false}`,
			"fail":   `{"type":"about:blank","title":"Not Found","status":404}`,
		} {
			assert.Equal(t, want, textOf(t, call(t, session, tool, `{}`)), n.Name)
		}
	}
}

// TestCall_guard holds that a guard which asks for Authorization works, and that its value
// is no argument.
func TestCall_guard(t *testing.T) {
	t.Parallel()
	user := openapi.Guard[string]{Name: "user", Scheme: openapi.Bearer(""), Check: openapi.BearerToken}
	routes := user.Protect(tenon.Routes{tenon.Get("/me", func(_ context.Context, in owned) (string, error) { return in.User, nil }, tenon.Named("me"))})
	h, err := mcp.New(info, serviceOf(routes), routes)
	require.NoError(t, err)
	session := connect(t, h, "", http.Header{"Authorization": {"Bearer ann"}})
	assert.Equal(t, "ann", textOf(t, call(t, session, "me", `{}`)))
	assertSchema(t, `{"type":"object","additionalProperties":false}`, listed(t, session)["me"].InputSchema)
	assert.JSONEq(t, `{"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"arguments","name":"user","code":"unknown","detail":"is not known"}]}`,
		textOf(t, call(t, session, "me", `{"user":"bob"}`)))
	got := call(t, connect(t, h, "", nil), "me", `{}`)
	assert.True(t, got.IsError)
	assert.Contains(t, textOf(t, got), `"status":401`)
}

// TestCall_canceled holds that the context of the handler ends with the call, in every
// version of the protocol, and with that the server says why.
func TestCall_canceled(t *testing.T) {
	t.Parallel()
	for _, v := range versions() {
		t.Run(v.name, func(t *testing.T) {
			t.Parallel()
			started, ended := make(chan struct{}), make(chan error, 1)
			wait := func(ctx context.Context, _ tenon.None) (tenon.None, error) {
				close(started)
				<-ctx.Done()
				ended <- context.Cause(ctx)
				return tenon.None{}, ctx.Err()
			}
			routes := tenon.Routes{tenon.Post("/wait", wait, tenon.Named("wait"))}
			h, err := mcp.New(info, serviceOf(routes), routes)
			require.NoError(t, err)
			session := connect(t, h, v.version, nil)
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				<-started
				cancel()
			}()
			_, err = session.CallTool(ctx, &sdk.CallToolParams{Name: "wait"})
			require.ErrorIs(t, err, context.Canceled)
			require.ErrorIs(t, <-ended, context.Canceled)
		})
	}
}

// TestCall_origin holds that pages of other origins cannot call, unless they are trusted.
func TestCall_origin(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{tenon.Get("/x", echo[tenon.None], tenon.Named("x"))}
	h, err := mcp.New(info, serviceOf(routes), routes, mcp.TrustOrigins("https://trusted.example"))
	require.NoError(t, err)
	for _, test := range []struct {
		origin, site string
		want         int
	}{
		{"", "", 200},
		{"https://evil.example", "", 403},
		{"https://evil.example", "cross-site", 403},
		{"null", "", 403},
		{"http://tools.example", "same-origin", 200},
		{"https://trusted.example", "cross-site", 200},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "http://tools.example/mcp", strings.NewReader(`{"jsonrpc":"2.0","id":1,"method":"tools/list"}`))
		r.Header = http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json, text/event-stream"}}
		if test.origin != "" {
			r.Header.Set("Origin", test.origin)
		}
		if test.site != "" {
			r.Header.Set("Sec-Fetch-Site", test.site)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		assert.Equal(t, test.want, w.Code, "%s %s %s", test.origin, test.site, w.Body)
	}
}

// TestCall_panics holds that a handler that panics fails its call alone.
func TestCall_panics(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{
		tenon.Get("/panic", func(context.Context, tenon.None) (string, error) { panic("secret") }, tenon.Named("panic")),
		tenon.Get("/abort", func(context.Context, tenon.None) (string, error) { panic(http.ErrAbortHandler) }, tenon.Named("abort")),
		tenon.Get("/fail", func(context.Context, tenon.None) (string, error) { return "", errors.New("secret") }, tenon.Named("fail")),
		tenon.Get("/typed", func(context.Context, tenon.None) (string, error) {
			return "", respond.NewProblem(http.StatusTeapot, "short and stout").With("kettle", true)
		}, tenon.Named("typed")),
	}
	session := toolsOf(t, routes)
	for tool, want := range map[string]string{
		"panic": "500 Internal Server Error",
		"abort": "500 Internal Server Error",
		"fail":  `{"type":"about:blank","title":"Internal Server Error","status":500}`,
		"typed": `{"type":"about:blank","title":"I'm a teapot","status":418,"detail":"short and stout","kettle":true}`,
	} {
		got := call(t, session, tool, `{}`)
		assert.True(t, got.IsError)
		assert.Equal(t, want, textOf(t, got))
	}
}

// TestCall_batch holds that a batch of calls neither runs nor keeps more than a few.
func TestCall_batch(t *testing.T) {
	t.Parallel()
	var ran atomic.Int32
	routes := tenon.Routes{tenon.Post("/count", func(context.Context, tenon.None) (int32, error) { return ran.Add(1), nil }, tenon.Named("count"))}
	h, err := mcp.New(info, serviceOf(routes), routes)
	require.NoError(t, err)
	send := func(messages ...string) (answers []struct {
		ID    int
		Error *struct{ Code int }
	},
	) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/mcp", strings.NewReader("["+strings.Join(messages, ",")+"]"))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept", "application/json, text/event-stream")
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		require.Equal(t, http.StatusOK, w.Code, w.Body)
		decode(t, w.Body.String(), &answers)
		return answers
	}
	for _, method := range []string{`"tools/call","params":{"name":"count"}`, `"tools/list"`} {
		var messages []string
		for id := range 100 {
			messages = append(messages, fmt.Sprintf(`{"jsonrpc":"2.0","id":%d,"method":%s}`, id, method))
		}
		answers := send(messages...)
		require.Len(t, answers, 100, "each message has its answer")
		refused := 0
		for _, answer := range answers {
			if answer.Error != nil {
				refused++
				assert.Equal(t, -32600, answer.Error.Code)
			}
		}
		assert.Equal(t, 68, refused, method)
		assert.EqualValues(t, 32, ran.Load())
		assert.Nil(t, send(messages[0])[0].Error, "another request")
		ran.Store(32)
	}
}
