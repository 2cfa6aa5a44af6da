package openapi_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/openapi"
)

// TestVersion30_schemas turns schemas, and lists what is left out of them.
func TestVersion30_schemas(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in, want string
		left     []string // behind the pointer to the schema
	}{
		{`{"type":["string","null"],"minLength":1}`, `{"type":"string","minLength":1,"nullable":true}`, nil},
		{`{"type":["string","null"],"enum":["a",null]}`, `{"type":"string","enum":["a",null],"nullable":true}`, nil},
		{`{"type":["string","integer","null"]}`, `{"anyOf":[{"type":"string","nullable":true},{"type":"integer","nullable":true}]}`, nil},
		{
			`{"type":["array","string"],"anyOf":[{"minLength":1}]}`,
			`{"anyOf":[{"minLength":1}],"allOf":[{"anyOf":[{"type":"array","items":{}},{"type":"string"}]}]}`, nil,
		},
		{
			`{"anyOf":[{"$ref":"#/components/schemas/plate"},{"type":"null"}],"description":"x"}`,
			`{"allOf":[{"$ref":"#/components/schemas/plate"}],"description":"x","nullable":true,"type":"object"}`, nil,
		},
		{`{"oneOf":[{"type":"string"},{"type":"integer"},{"type":"null"}]}`, `{"oneOf":[{"type":"string","nullable":true},{"type":"integer"}]}`, nil},
		{`{"$ref":"#/components/schemas/plate"}`, `{"$ref":"#/components/schemas/plate"}`, nil},
		{
			`{"$ref":"#/components/schemas/plate","description":"x","readOnly":true}`,
			`{"allOf":[{"$ref":"#/components/schemas/plate"}],"description":"x","readOnly":true}`, nil,
		},
		{`{"type":"null"}`, `{"enum":[null],"nullable":true,"type":"object"}`, nil},
		{`{"not":{"type":"null"}}`, `{"not":{"enum":[null],"nullable":true,"type":"object"}}`, nil},
		{`{"anyOf":[{"minLength":1},{"maxLength":1},{"type":"null"}]}`, `{"anyOf":[{"minLength":1},{"maxLength":1}],"nullable":true}`, nil},
		{`{"const":"a"}`, `{"enum":["a"]}`, nil},
		{`{"const":null}`, `{"enum":[null],"nullable":true,"type":"object"}`, nil},
		{
			`{"type":"integer","exclusiveMinimum":1,"exclusiveMaximum":9}`,
			`{"type":"integer","minimum":1,"exclusiveMinimum":true,"maximum":9,"exclusiveMaximum":true}`, nil,
		},
		{
			`{"type":"integer","minimum":0,"exclusiveMinimum":1}`, `{"type":"integer","minimum":1,"exclusiveMinimum":true}`,
			[]string{"/minimum: OpenAPI 3.0 has no minimum beside exclusiveMinimum"},
		},
		{`{"type":"string","examples":["a"]}`, `{"type":"string","example":"a"}`, nil},
		{`{"type":"string","examples":["a","b"]}`, `{"type":"string","example":"a"}`, []string{"/examples: OpenAPI 3.0 has only one example"}},
		{`{"type":"string","contentEncoding":"base64"}`, `{"type":"string","format":"byte"}`, nil},
		{`{"type":"string","contentEncoding":"base32"}`, `{"type":"string"}`, []string{"/contentEncoding: OpenAPI 3.0 has no contentEncoding here"}},
		{`{"type":"string","format":"binary","contentMediaType":"application/octet-stream"}`, `{"type":"string","format":"binary"}`, nil},
		{
			`{"type":"string","format":"binary","contentMediaType":"image/png"}`, `{"type":"string","format":"binary"}`,
			[]string{"/contentMediaType: OpenAPI 3.0 has no contentMediaType here"},
		},
		{
			`{"type":"object","propertyNames":{"pattern":"^a"},"additionalProperties":{"type":["string","null"]}}`,
			`{"type":"object","additionalProperties":{"type":"string","nullable":true}}`,
			[]string{"/propertyNames: OpenAPI 3.0 has no propertyNames here"},
		},
		{
			`{"type":"object","properties":{"a":true,"b":false,"c":{"const":1}},"additionalProperties":false}`,
			`{"type":"object","properties":{"a":{},"b":{"not":{}},"c":{"enum":[1]}},"additionalProperties":false}`, nil,
		},
		{`{"type":"array"}`, `{"type":"array","items":{}}`, nil},
		{
			`{"type":"array","items":{"type":["array","null"]},"prefixItems":[{}]}`,
			`{"type":"array","items":{"type":"array","items":{},"nullable":true}}`,
			[]string{"/prefixItems: OpenAPI 3.0 has no prefixItems here"},
		},
		{`true`, `{}`, nil},
	} {
		routes := tenon.Routes{writes[plate]("a")}
		doc := newDocument(t, routes, openapi.Edit(func(doc map[string]any) {
			doc["components"].(map[string]any)["schemas"].(map[string]any)["x"] = json.RawMessage(tc.in)
		}))
		older, left := doc.Version30()
		text, err := json.Marshal(at(t, parsed(t, older), "components", "schemas", "x"))
		require.NoError(t, err)
		assert.JSONEq(t, tc.want, string(text), tc.in)
		var want []string
		for _, words := range tc.left {
			want = append(want, "#/components/schemas/x"+words)
		}
		assert.Equal(t, want, left, tc.in)
	}
}

func TestVersion30(t *testing.T) {
	t.Parallel()
	doc := newDocument(t, richRoutes())
	before := string(doc.JSON())
	older, left := doc.Version30()
	assert.Equal(t, before, string(doc.JSON()), "the document itself stays")
	assert.NotEmpty(t, left)
	again, leftAgain := doc.Version30()
	assert.Equal(t, string(older.JSON()), string(again.JSON()))
	assert.Equal(t, left, leftAgain)
	assert.Equal(t, "3.0.3", parsed(t, older)["openapi"])
	oldest, nothing := older.Version30()
	assert.Equal(t, string(older.JSON()), string(oldest.JSON()))
	assert.Empty(t, nothing)
	for _, word := range []string{`"const":`, `"propertyNames"`, `"contentEncoding"`, `"null"`, `"examples"`, `"contentMediaType"`} {
		assert.NotContains(t, string(older.JSON()), word)
	}
	page := httptest.NewRecorder()
	older.ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/", nil))
	assert.Equal(t, http.StatusOK, page.Code)
	assert.NotEmpty(t, page.Header().Get("ETag"))
}

// TestVersion30_document turns what is no schema.
func TestVersion30_document(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{writes[plate]("a")}
	doc, err := openapi.New(openapi.Info{Title: "x", Version: "1", Summary: "s", License: &openapi.License{Name: "MIT", Identifier: "MIT"}}, routes,
		openapi.Edit(func(doc map[string]any) {
			doc["jsonSchemaDialect"] = "https://example.com"
			components := doc["components"].(map[string]any)
			components["securitySchemes"] = map[string]any{
				"tls": map[string]any{"type": "mutualTLS"}, "key": map[string]any{"type": "apiKey", "name": "k", "in": "header"},
				"open": map[string]any{"type": "openIdConnect", "openIdConnectUrl": "https://example.com"},
			}
			components["pathItems"] = map[string]any{}
			get := at(t, doc, "paths", "/out/a", "get").(map[string]any)
			get["security"] = []any{map[string]any{"tls": []any{}}, map[string]any{"key": []any{"role"}, "open": []any{"scope"}}}
			get["parameters"] = []any{map[string]any{"$ref": "#/components/parameters/p", "description": "d"}}
			components["parameters"] = map[string]any{"p": map[string]any{"name": "p", "in": "query", "schema": map[string]any{"const": 1}}}
			get["callbacks"] = map[string]any{"c": map[string]any{"u": map[string]any{"post": map[string]any{"parameters": []any{map[string]any{"name": "p", "in": "query", "schema": true}}}}}}
		}))
	require.NoError(t, err)
	older, left := doc.Version30()
	assert.ElementsMatch(t, []string{
		"#/jsonSchemaDialect: OpenAPI 3.0 has no jsonSchemaDialect here",
		"#/info/summary: OpenAPI 3.0 has no summary here",
		"#/info/license/identifier: OpenAPI 3.0 has no identifier here",
		"#/components/securitySchemes/tls: OpenAPI 3.0 has no security scheme of the type mutualTLS",
		"#/components/pathItems: OpenAPI 3.0 has no pathItems here",
		"#/paths/~1out~1a/get/security/1/key: OpenAPI 3.0 has scopes only for oauth2 and openIdConnect",
		"#/paths/~1out~1a/get/parameters/0/description: OpenAPI 3.0 has no description here",
	}, left)
	whole := parsed(t, older)
	assert.Equal(t, []any{map[string]any{"key": []any{}, "open": []any{"scope"}}}, at(t, whole, "paths", "/out/a", "get", "security"))
	assert.Equal(t, map[string]any{"enum": []any{1.0}}, at(t, whole, "components", "parameters", "p", "schema"))
	callback := at(t, whole, "paths", "/out/a", "get", "callbacks", "c", "u", "post").(map[string]any)
	assert.Equal(t, map[string]any{}, callback["parameters"].([]any)[0].(map[string]any)["schema"])
	assert.NotNil(t, callback["responses"])
}
