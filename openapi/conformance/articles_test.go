package conformance_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	_ "github.com/go-faster/errors" // what follows without a name, the generated clients import
	_ "github.com/go-faster/jx"
	_ "github.com/oapi-codegen/runtime"
	_ "github.com/ogen-go/ogen/http"
	_ "github.com/ogen-go/ogen/otelogen"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	_ "go.opentelemetry.io/otel"
	_ "go.opentelemetry.io/otel/metric"
	_ "go.opentelemetry.io/otel/semconv/v1.39.0"
	_ "go.opentelemetry.io/otel/trace"
)

// startArticles runs the articles example until the test ends, and returns its
// URL and its document.
func startArticles(t *testing.T) (url string, doc []byte) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "articles")
	run(t, "go", "build", "-C", filepath.Join("..", ".."), "-o", program, "./examples/articles")
	ctx, cancel := context.WithCancel(t.Context())
	cmd := exec.CommandContext(ctx, program, "-addr", "127.0.0.1:0")
	stderr, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // it was killed
	})
	listening := regexp.MustCompile(`url=(\S+)`)
	lines := bufio.NewScanner(stderr)
	for url == "" && lines.Scan() {
		if found := listening.FindStringSubmatch(lines.Text()); found != nil {
			url = found[1]
		}
	}
	require.NotEmpty(t, url)
	return url, fetched(t, url+"/openapi.json")
}

// fetched returns what is at a URL.
func fetched(t *testing.T, url string) []byte {
	t.Helper()
	response, err := http.Get(url)
	require.NoError(t, err)
	defer response.Body.Close()
	require.Equal(t, http.StatusOK, response.StatusCode)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return body
}

// run runs a program to its end and returns what it has printed.
func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s %s\n%s%s", name, strings.Join(args, " "), out, &stderr)
	return string(out)
}

func TestArticles_kin(t *testing.T) {
	t.Parallel()
	url, doc := startArticles(t)
	validateKin(t, doc)
	validateKin(t, fetched(t, url+"/openapi-3.0.json"))
}

func validateKin(t *testing.T, doc []byte) {
	t.Helper()
	loaded, err := openapi3.NewLoader().LoadFromData(doc)
	require.NoError(t, err)
	require.NoError(t, loaded.Validate(t.Context()))
}

// rich is the golden document of package openapi, which has something of
// everything.
func rich(t *testing.T) []byte {
	t.Helper()
	return golden(t, "rich.json")
}

// rich30 is rich in OpenAPI 3.0.
func rich30(t *testing.T) []byte {
	t.Helper()
	return golden(t, "rich30.json")
}

func golden(t *testing.T, name string) []byte {
	t.Helper()
	doc, err := os.ReadFile(filepath.Join("..", "testdata", name))
	require.NoError(t, err)
	return doc
}

func TestRich_kin(t *testing.T) {
	t.Parallel()
	validateKin(t, rich(t))
	validateKin(t, rich30(t))
}

// A client that is generated from the document calls every operation of the
// running example.
func TestArticles_oapiCodegen(t *testing.T) {
	t.Parallel()
	url, doc := startArticles(t)
	dir := t.TempDir()
	spec, client, overlay := filepath.Join(dir, "openapi.json"), filepath.Join(dir, "client.go"), filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(spec, doc, 0o600))
	run(t, "go", "tool", "oapi-codegen", "-generate", "types,client", "-package", "main", "-o", client, spec)

	source, err := filepath.Abs(filepath.Join("testdata", "client", "client.go"))
	require.NoError(t, err)
	replace, err := json.Marshal(map[string]map[string]string{"Replace": {source: client}})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(overlay, replace, 0o600))
	called := strings.Fields(run(t, "go", "run", "-overlay", overlay, "./testdata/client", url))

	assert.ElementsMatch(t, operationIDs(t, doc), called)
}

// So does one by another generator, which decodes by the schemas and checks what it has
// decoded.
func TestArticles_ogen(t *testing.T) {
	t.Parallel()
	url, doc := startArticles(t)
	dir := t.TempDir()
	spec, clients, overlay := filepath.Join(dir, "openapi.json"), filepath.Join(dir, "client"), filepath.Join(dir, "overlay.json")
	require.NoError(t, os.WriteFile(spec, doc, 0o600))
	run(t, "go", "tool", "ogen", "-package", "main", "-target", clients, spec)

	files, err := os.ReadDir(clients)
	require.NoError(t, err)
	replace := map[string]string{}
	for _, file := range files {
		source, err := filepath.Abs(filepath.Join("testdata", "ogen", file.Name()))
		require.NoError(t, err)
		replace[source] = filepath.Join(clients, file.Name())
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(overlay, text, 0o600))
	called := strings.Fields(run(t, "go", "run", "-overlay", overlay, "./testdata/ogen", url))

	assert.ElementsMatch(t, operationIDs(t, doc), called)
}

// operationIDs returns the ids of all operations of a document.
func operationIDs(t *testing.T, doc []byte) []string {
	t.Helper()
	var parsed struct {
		Paths map[string]map[string]struct {
			OperationID string `json:"operationId"`
		} `json:"paths"`
	}
	require.NoError(t, json.Unmarshal(doc, &parsed))
	var ids []string
	for _, methods := range parsed.Paths {
		for _, operation := range methods {
			ids = append(ids, operation.OperationID)
		}
	}
	slices.Sort(ids)
	require.NotEmpty(t, ids)
	return ids
}
