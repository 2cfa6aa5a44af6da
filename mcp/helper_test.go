package mcp_test

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/jsonschema-go/jsonschema"
	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/mcp"
)

var info = mcp.Info{Name: "test", Version: "1.0.0"}

// serviceOf returns the service of the routes.
func serviceOf(routes tenon.Routes) http.Handler {
	mux := http.NewServeMux()
	routes.Mount(mux)
	return mux
}

// A versioned is one of the protocols that clients speak.
type versioned struct{ name, version string }

func versions() []versioned {
	return []versioned{{"newest", ""}, {"2025-11-25", "2025-11-25"}, {"2025-06-18", "2025-06-18"}}
}

// A bearer adds header fields to what a client of the protocol sends.
type bearer struct {
	http.RoundTripper

	header http.Header
}

func (b bearer) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	maps.Copy(r.Header, b.header)
	return b.RoundTripper.RoundTrip(r)
}

// connect returns a session of the SDK's own client with h, which sends the header.
func connect(t *testing.T, h http.Handler, version string, header http.Header) *sdk.ClientSession {
	t.Helper()
	server := httptest.NewUnstartedServer(h)
	server.EnableHTTP2 = true
	server.StartTLS()
	t.Cleanup(server.Close)
	client := sdk.NewClient(&sdk.Implementation{Name: "client", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &sdk.StreamableClientTransport{
		Endpoint:   server.URL + "/mcp",
		HTTPClient: &http.Client{Transport: bearer{server.Client().Transport, header}},
	}, &sdk.ClientSessionOptions{ProtocolVersion: version})
	require.NoError(t, err)
	t.Cleanup(func() { _ = session.Close() })
	return session
}

// toolsOf returns a session with the tools of the routes.
func toolsOf(t *testing.T, routes tenon.Routes, opts ...mcp.Option) *sdk.ClientSession {
	t.Helper()
	h, err := mcp.New(info, serviceOf(routes), routes, opts...)
	require.NoError(t, err)
	return connect(t, h, "", nil)
}

// call calls a tool with arguments in JSON.
func call(t *testing.T, session *sdk.ClientSession, name, arguments string) *sdk.CallToolResult {
	t.Helper()
	result, err := session.CallTool(t.Context(), &sdk.CallToolParams{Name: name, Arguments: json.RawMessage(arguments)})
	require.NoError(t, err)
	return result
}

// textOf returns the one text of a result.
func textOf(t *testing.T, r *sdk.CallToolResult) string {
	t.Helper()
	require.Len(t, r.Content, 1)
	text, ok := r.Content[0].(*sdk.TextContent)
	require.True(t, ok, "%T", r.Content[0])
	return text.Text
}

// inJSON returns v as JSON.
func inJSON(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

// listed returns the tools by name.
func listed(t *testing.T, session *sdk.ClientSession) map[string]*sdk.Tool {
	t.Helper()
	tools := map[string]*sdk.Tool{}
	for tool, err := range session.Tools(t.Context(), nil) {
		require.NoError(t, err)
		tools[tool.Name] = tool
	}
	return tools
}

// echo returns a function that answers with its In.
func echo[In any](_ context.Context, in In) (In, error) { return in, nil }

// faultOf returns the error of New for the routes.
func faultOf(t *testing.T, routes tenon.Routes, opts ...mcp.Option) string {
	t.Helper()
	_, err := mcp.New(info, http.NotFoundHandler(), routes, opts...)
	require.Error(t, err)
	return err.Error()
}

// assertSchema holds a schema against its text.
func assertSchema(t *testing.T, want string, schema any) {
	t.Helper()
	assert.JSONEq(t, want, inJSON(t, schema))
}

// decode reads JSON.
func decode(t *testing.T, text string, v any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(text), v), text)
}

// assertFits holds a value against a schema, as the SDK of a client does.
func assertFits(t *testing.T, value, schema any) {
	t.Helper()
	var s jsonschema.Schema
	decode(t, inJSON(t, schema), &s)
	resolved, err := s.Resolve(nil)
	require.NoError(t, err)
	require.NoError(t, resolved.Validate(value), "the protocol asks for what the schema says")
}
