package mcp_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/mcp"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/stream"
)

// inspector returns the command of the protocol's inspector, which package.json names. The
// test is skipped where `npm ci --ignore-scripts` has not been run.
func inspector(t *testing.T) []string {
	t.Helper()
	modules, err := filepath.Abs("node_modules")
	require.NoError(t, err)
	cli := filepath.Join(modules, "@modelcontextprotocol", "inspector-cli")
	if _, err := os.Stat(cli); err != nil {
		kittest.Need(t, cli)
	}
	// The program looks for the package.json of its repository, which its package lacks.
	dir := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(dir, "package.json"), []byte(`{"name":"@modelcontextprotocol/inspector","version":"0"}`), 0o600))
	require.NoError(t, os.Symlink(cli, filepath.Join(dir, "cli")))
	require.NoError(t, os.Symlink(modules, filepath.Join(dir, "node_modules")))
	return []string{kittest.Need(t, "node"), "--preserve-symlinks", "--preserve-symlinks-main", filepath.Join(dir, "cli", "build", "index.js")}
}

// inspect runs the inspector on the tools at a URL.
func inspect(t *testing.T, url string, args ...string) string {
	t.Helper()
	line := slices.Concat(inspector(t), []string{url + "/mcp", "--transport", "http"}, args)
	command := exec.CommandContext(t.Context(), line[0], line[1:]...)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	require.NoError(t, command.Run(), "%v\n%s%s", args, &stdout, &stderr)
	return stdout.String()
}

type comment struct {
	Article int    `path:"article"`
	Notify  bool   `query:"notify,optional"`
	Trace   string `header:"X-Trace,optional"`
	Body    struct {
		Text string   `json:"text" maxLength:"10"`
		Tags []string `json:"tags,omitempty"`
	} `body:"json"`
}

// TestInspector holds that the protocol's own tool lists and calls every kind of tool.
func TestInspector(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{
		tenon.Post("/articles/{article}/comments", echo[comment], tenon.Named("comment"), tenon.Doc{Summary: "Comment on an article"}),
		tenon.Get("/list", give([]int{1, 2}), tenon.Named("list")),
		tenon.Get("/text", give("plain"), tenon.Named("text")),
		tenon.Delete("/none", give(tenon.None{}), tenon.Named("none")),
		tenon.Get("/lines", give(stream.NDJSON[thing]{Seq: things(2, nil)}), tenon.Named("lines")),
		tenon.Get("/pointer", give[*thing](nil), tenon.Named("pointer")),
		tenon.Get("/first", give(outcome{}), tenon.Named("outcome")),
		tenon.Get("/hidden", give("secret"), tenon.Named("hidden")),
	}
	guarded := middleware.BasicAuth("test", func(user, password string) bool { return user == "u" && password == "p" })(serviceOf(routes))
	h, err := mcp.New(info, guarded, routes[:len(routes)-1])
	require.NoError(t, err)
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
	r.SetBasicAuth("u", "p")
	authorized := []string{"--header", "Authorization: " + r.Header.Get("Authorization")}

	var tools struct {
		Tools []struct {
			Name, Title  string
			OutputSchema map[string]any
			Annotations  struct{ ReadOnlyHint bool }
		}
	}
	decode(t, inspect(t, server.URL, "--method", "tools/list"), &tools)
	require.Len(t, tools.Tools, len(routes)-1)
	for _, tool := range tools.Tools {
		assert.NotEqual(t, "hidden", tool.Name)
		if tool.Name == "comment" {
			assert.Equal(t, "Comment on an article", tool.Title)
		}
	}
	for _, test := range []struct {
		args []string
		want string
	}{
		{
			[]string{"comment", "--tool-arg", "article=7", "notify=true", "X-Trace=a", "text=hello", `tags=["x","y"]`},
			`{"Article":7,"Notify":true,"Trace":"a","Body":{"text":"hello","tags":["x","y"]}}`,
		},
		{[]string{"list"}, `{"result":[1,2]}`},
		{[]string{"text"}, `plain`},
		{[]string{"none"}, `204 No Content`},
		{[]string{"lines"}, `{"items":[{"id":0},{"id":1}],"truncated":false}`},
		{[]string{"pointer"}, `204 No Content`},
		{[]string{"comment", "--tool-arg", "article=7", "text=much too long"}, `!"pointer":"#/text","code":"maxLength"`},
	} {
		t.Run(test.args[0], func(t *testing.T) {
			t.Parallel()
			args := append([]string{"--method", "tools/call", "--tool-name"}, test.args...)
			var got struct {
				Content []struct{ Text string }
				IsError bool
			}
			decode(t, inspect(t, server.URL, append(args, authorized...)...), &got)
			require.Len(t, got.Content, 1)
			if test.want[0] == '!' {
				assert.True(t, got.IsError)
				assert.Contains(t, got.Content[0].Text, test.want[1:])
				return
			}
			assert.False(t, got.IsError, got.Content[0].Text)
			if test.want[0] == '{' {
				assert.JSONEq(t, test.want, got.Content[0].Text)
				return
			}
			assert.Equal(t, test.want, got.Content[0].Text)
		})
	}
}
