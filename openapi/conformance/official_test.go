package conformance_test

import (
	"bytes"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// official returns the OpenAPI Initiative's own schema of OpenAPI 3.1 documents,
// with the overlay by which it looks into their schemas too. The package that
// carries its latest edition has each schema as a script that exports it.
func official(t *testing.T) *jsonschema.Schema {
	t.Helper()
	tool(t, "tsc") // for the message of what has to be installed
	const site = "https://spec.openapis.org/oas/3.1/"
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.AssertVocabs()
	for _, name := range []string{"schema", "schema-base", "dialect/base", "meta/base"} {
		require.NoError(t, c.AddResource(site+name, exported(t, "openapi-3-1", name)))
	}
	x, err := c.Compile(site + "schema-base")
	require.NoError(t, err)
	return x
}

// exported returns the schema that a script of the package exports.
func exported(t *testing.T, dir, name string) any {
	t.Helper()
	script, err := os.ReadFile(filepath.Join("node_modules", "@hyperjump", "json-schema", dir, filepath.FromSlash(name)+".js"))
	require.NoError(t, err)
	text := bytes.TrimSuffix(bytes.TrimSpace(bytes.TrimPrefix(script, []byte("export default "))), []byte(";"))
	x, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err, name)
	return x
}

// official30 returns the schema of OpenAPI 3.0 documents, which knows their schemas too.
func official30(t *testing.T) *jsonschema.Schema {
	t.Helper()
	const id = "https://spec.openapis.org/oas/3.0/schema/2021-09-28"
	c := jsonschema.NewCompiler()
	// This edition says uri of references, which are relative.
	c.RegisterFormat(&jsonschema.Format{Name: "uri", Validate: func(v any) error {
		text, _ := v.(string)
		_, err := url.Parse(text)
		return err
	}})
	require.NoError(t, c.AddResource(id, exported(t, "openapi-3-0", "schema")))
	require.NoError(t, c.AddResource("https://spec.openapis.org/oas/3.0/dialect", exported(t, "openapi-3-0", "dialect")))
	x, err := c.Compile(id)
	require.NoError(t, err)
	return x
}

func TestDocuments_officialSchema(t *testing.T) {
	t.Parallel()
	x, older := official(t), official30(t)
	for name, file := range documents(t) {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		if strings.HasSuffix(name, in30) {
			assert.NoError(t, accepts(t, older, text), name)
			continue
		}
		require.NoError(t, accepts(t, x, text), name)
		assert.Error(t, accepts(t, older, text), name)
	}
}

// The schema sees what the linters pass over, or it would prove nothing.
func TestDocuments_officialSchemaRefuses(t *testing.T) {
	t.Parallel()
	x := official(t)
	operation := func(doc map[string]any) map[string]any {
		return doc["paths"].(map[string]any)["/articles"].(map[string]any)["get"].(map[string]any)
	}
	limit := func(doc map[string]any) map[string]any {
		return operation(doc)["parameters"].([]any)[0].(map[string]any)
	}
	for name, breaks := range map[string]func(doc map[string]any){
		"no responses":   func(doc map[string]any) { operation(doc)["responses"] = map[string]any{} },
		"no description": func(doc map[string]any) { operation(doc)["responses"] = map[string]any{"200": map[string]any{}} },
		"a key that no component has": func(doc map[string]any) {
			doc["components"].(map[string]any)["schemas"].(map[string]any)["Page[User]"] = true
		},
		"a type that is none":        func(doc map[string]any) { limit(doc)["schema"] = map[string]any{"type": "int"} },
		"a limit of OpenAPI 3.0":     func(doc map[string]any) { limit(doc)["schema"] = map[string]any{"exclusiveMinimum": true} },
		"a place that is none":       func(doc map[string]any) { limit(doc)["in"] = "body" },
		"an operation of no keyword": func(doc map[string]any) { operation(doc)["returns"] = "what is good" },
	} {
		var doc map[string]any
		require.NoError(t, json.Unmarshal(rich(t), &doc))
		breaks(doc)
		text, err := json.Marshal(doc)
		require.NoError(t, err)
		assert.Error(t, accepts(t, x, text), name)
	}
}
