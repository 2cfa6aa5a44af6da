package conformance_test

import (
	"bytes"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
)

// compilerOf returns a compiler of schemas that has a document.
func compilerOf(t *testing.T, doc []byte) *jsonschema.Compiler {
	t.Helper()
	whole, err := jsonschema.UnmarshalJSON(bytes.NewReader(doc))
	require.NoError(t, err)
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	c.AssertContent()
	for _, f := range otherFormats() {
		c.RegisterFormat(f)
	}
	require.NoError(t, c.AddResource("openapi.json", whole))
	return c
}

func accepts(t *testing.T, x *jsonschema.Schema, text []byte) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	require.NoError(t, err, "%s", text)
	return x.Validate(v)
}

// TestSchema_judgesAsOthersDo holds the schemas of package kittest, by which
// documents are held against package bind, against a validator that others have
// written.
func TestSchema_judgesAsOthersDo(t *testing.T) {
	t.Parallel()
	values := []string{
		`null`, `true`, `false`, `""`, `"a"`, `"ab"`, `"abc"`, `"aé漢"`, `"red"`, `"x@example.com"`, `"x@"`, `"2026-01-02"`, `"2026-02-30"`,
		`"2026-01-02T15:04:05Z"`, `"2026-01-02T25:04:05Z"`, `"2026-01-02T15:04:05"`, `"2026-01-02T15:04"`, `"2026-01-02T15:60"`, `"Fri, 02 Jan 2026 15:04:05 GMT"`, `"15:04:05Z"`, `"15:04:05"`, `"/a~1b"`, `"192.0.2.1"`, `"::1"`, `"example.com"`, `"-a"`, `"8d0eb9ac-7d2d-4b5c-9c1a-3a2d1f4f9b11"`,
		`"AQID"`, `"AQI"`, `"https://a.test/b"`, `"%zz"`, `0`, `-0`, `1`, `1.0`, `2`, `1.5`, `-1`, `1e2`, `127`, `128`, `255`, `256`, `9223372036854775807`, `9223372036854775808`,
		`18446744073709551615`, `18446744073709551616`, `1e39`, `1e400`, `0.07`, `[]`, `[1]`, `[1,1.0]`, `[1,2,3]`, `["a",1]`, `{}`, `{"a":1}`, `{"a":"b","c":2}`, `{"b":null}`,
	}
	for _, schema := range []string{
		`true`, `{}`, `{"type":"string"}`, `{"type":"integer"}`, `{"type":"number"}`, `{"type":"boolean"}`, `{"type":["array","null"]}`, `{"type":"object"}`,
		`{"minimum":1}`, `{"maximum":1.5}`, `{"exclusiveMinimum":1}`, `{"exclusiveMaximum":2}`, `{"multipleOf":2}`, `{"multipleOf":0.01}`,
		`{"minLength":2}`, `{"maxLength":2}`, `{"pattern":"^[a-c]+$"}`, `{"enum":["a",1,null]}`, `{"const":1}`, `{"const":{"a":1}}`,
		`{"format":"date-time"}`, `{"format":"date"}`, `{"format":"email"}`, `{"format":"hostname"}`, `{"format":"ipv4"}`, `{"format":"ipv6"}`, `{"format":"uuid"}`,
		`{"format":"uri"}`, `{"format":"date-time-local"}`, `{"format":"http-date"}`, `{"format":"time"}`, `{"format":"json-pointer"}`, `{"format":"password"}`, `{"format":"decimal"}`,
		`{"format":"int64"}`, `{"format":"uint64"}`, `{"format":"float"}`, `{"format":"double"}`, `{"contentEncoding":"base64"}`,
		`{"items":{"type":"integer"}}`, `{"minItems":1}`, `{"maxItems":2}`, `{"uniqueItems":true}`, `{"required":["a"]}`, `{"properties":{"a":{"type":"string"}}}`,
		`{"properties":{"a":true},"additionalProperties":false}`, `{"additionalProperties":{"type":"number"}}`, `{"propertyNames":{"pattern":"^a"}}`,
		`{"anyOf":[{"type":"null"},{"minimum":2}]}`, `{"oneOf":[{"type":"integer"},{"minimum":2}]}`, `{"allOf":[{"type":"integer"},{"minimum":2}]}`, `{"not":{"type":"string"}}`,
		`{"$ref":"#/components/schemas/Tree"}`,
	} {
		doc := []byte(`{"components":{"schemas":{"Tree":{"type":"object","properties":{"a":{"type":"integer"},"b":{"anyOf":[{"$ref":"#/components/schemas/Tree"},{"type":"null"}]}}}}},"x":` + schema + `}`)
		ours, err := kittest.NewSchema(doc, "#/x")
		require.NoError(t, err)
		theirs, err := compilerOf(t, doc).Compile("openapi.json#/x")
		require.NoError(t, err)
		for _, value := range values {
			want, got := accepts(t, theirs, []byte(value)), ours.Check([]byte(value))
			assert.Equal(t, want == nil, got == nil, "%s against %s: %v, %v", value, schema, want, got)
		}
	}
}
