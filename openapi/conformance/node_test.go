package conformance_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
)

// tool returns the path of a program of package.json, or skips the test where
// `npm ci --ignore-scripts` has not been run.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("node_modules", ".bin", name))
	require.NoError(t, err)
	return kittest.Need(t, path)
}

// in30 ends the names of documents of OpenAPI 3.0.
const in30 = "-3.0"

// documents are what the tools of node are held against, as files.
func documents(t *testing.T) map[string]string {
	t.Helper()
	url, articles := startArticles(t)
	files := map[string]string{}
	for name, text := range map[string][]byte{
		"articles": articles, "rich": rich(t), "articles" + in30: fetched(t, url+"/openapi-3.0.json"), "rich" + in30: rich30(t),
	} {
		files[name] = filepath.Join(t.TempDir(), name+".json")
		require.NoError(t, os.WriteFile(files[name], text, 0o600))
	}
	return files
}

func TestDocuments_redocly(t *testing.T) {
	redocly := tool(t, "redocly")
	t.Setenv("REDOCLY_TELEMETRY", "off")
	t.Setenv("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true")
	for name, file := range documents(t) {
		t.Log(name, run(t, redocly, "lint", "--extends", "recommended", "--format", "summary", file))
	}
}

func TestDocuments_spectral(t *testing.T) {
	t.Parallel()
	spectral := tool(t, "spectral")
	for name, file := range documents(t) {
		t.Log(name, run(t, spectral, "lint", "--ruleset", "spectral.yaml", "--fail-severity", "error", "--display-only-failures", file))
	}
}

func TestDocuments_typeScript(t *testing.T) {
	t.Parallel()
	generate, tsc := tool(t, "openapi-typescript"), tool(t, "tsc")
	for _, file := range documents(t) {
		types := file + ".ts"
		run(t, generate, file, "-o", types)
		run(t, tsc, "--strict", "--noEmit", types)
	}
}
