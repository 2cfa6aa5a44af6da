package main

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"testing"

	sdk "github.com/modelcontextprotocol/go-sdk/mcp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/examples/realworld/auth"
	"github.com/tenonkit/tenon/examples/realworld/service"
	"github.com/tenonkit/tenon/examples/realworld/store"
)

// TestTools lets an agent without a token list, read, and be refused.
func TestTools(t *testing.T) {
	t.Parallel()
	db, err := store.Open(t.Context(), filepath.Join(t.TempDir(), "test.db"))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, db.Close()) })
	tokens, err := auth.NewTokens("a secret of thirty-two characters")
	require.NoError(t, err)
	handler, _, err := service.New(db, tokens, slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	server := httptest.NewServer(tools(handler))
	t.Cleanup(server.Close)
	client := sdk.NewClient(&sdk.Implementation{Name: "agent", Version: "1"}, nil)
	session, err := client.Connect(t.Context(), &sdk.StreamableClientTransport{Endpoint: server.URL + "/mcp", HTTPClient: http.DefaultClient}, nil)
	require.NoError(t, err)
	t.Cleanup(func() { _ = session.Close() })
	listed, err := session.ListTools(t.Context(), nil)
	require.NoError(t, err)
	names := make([]string, 0, len(listed.Tools))
	for _, tool := range listed.Tools {
		names = append(names, tool.Name)
	}
	assert.ElementsMatch(t, []string{"GetArticles", "GetArticle", "CreateArticle"}, names)
	for _, test := range []struct{ tool, arguments, want string }{
		{"GetArticles", `{"limit":1}`, `{"articles":[],"articlesCount":0}`},
		{"GetArticles", `{"limit":0}`, "422 Unprocessable Entity\n" + `{"errors":{"limit":["must be at least 1"]}}`},
		{"GetArticle", `{"slug":"none"}`, "404 Not Found\n" + `{"errors":{"article":["not found"]}}`},
		{"CreateArticle", `{"article":{}}`, "401 Unauthorized\n" + `{"errors":{"token":["is missing"]}}`},
	} {
		result, err := session.CallTool(t.Context(), &sdk.CallToolParams{Name: test.tool, Arguments: json.RawMessage(test.arguments)})
		require.NoError(t, err)
		require.Len(t, result.Content, 1)
		text, ok := result.Content[0].(*sdk.TextContent)
		require.True(t, ok)
		assert.Equal(t, test.want, text.Text)
	}
}
