package kittest_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
)

// The module openapi/conformance holds schemas against a validator that others
// have written; here are the faults that it cannot have.
func TestSchema(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct{ schema, text, wrong string }{
		{`{"$ref":"#/$defs/a~1b"}`, `"x"`, ""},
		{`{"$ref":"#/$defs/a~1b"}`, `1`, `# breaks type: string`},
		{`{"$ref":"#/$defs/c"}`, `1`, "there is nothing at #/$defs/c"},
		{`{"minimun":1}`, `1`, "#: the keyword minimun is not known"},
		{`{"minimun":1}`, `{}`, "#: the keyword minimun is not known"},
		{`{"format":"emial"}`, `"a"`, "#: the format emial is not known"},
		{`{"format":"int32","minimum":2}`, `"a"`, ""},
		{`{"items":{"maximum":1e999}}`, `[1e999999999, 1]`, `#/0 is 1e999999999, which breaks maximum: 1e999`},
		{`{"properties":{"a":false}}`, `{"a":1}`, `#/a is not allowed by false`},
	} {
		x, err := kittest.SchemaIn([]byte(`{"$defs":{"a/b":{"type":"string"}}}`), []byte(tc.schema))
		require.NoError(t, err)
		if err := x.Check([]byte(tc.text)); tc.wrong == "" {
			assert.NoError(t, err, tc.schema)
		} else {
			assert.EqualError(t, err, tc.wrong, tc.schema)
		}
	}
	_, err := kittest.NewSchema([]byte(`{"a":[1]}`), "#/a/1")
	require.EqualError(t, err, "there is nothing at #/a/1")
	_, err = kittest.NewSchema([]byte(`{} {}`), "#")
	require.Error(t, err)
}
