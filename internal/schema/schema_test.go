package schema_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/schema"
	"github.com/tenonkit/tenon/internal/shape"
)

// A base is what others extend.
type base struct{ Type string }

func (base) Kind() string { return "base" }

type (
	node struct {
		Name  string   `json:"name" minLength:"1" doc:"What it is called"`
		Next  *node    `json:"next"`
		Sizes []uint16 `json:"sizes,omitempty" maximum:"9" maxItems:"2" uniqueItems:"true"`
		Level string   `json:"level" enum:"low,high" default:"low" example:"high"`
	}
	extension struct {
		base

		Extra int `json:"extra"`
	}
	clashing struct {
		base

		Extra int `json:"kind"`
	}
	misruled struct {
		N int    `json:"n" minLength:"3"`
		P string `json:"p" pattern:"("`
		F string `json:"f" format:"emial"`
		D int    `json:"d" default:"one"`
	}
)

// newSet returns a Set of a base, and the faults that it notes.
func newSet() (*schema.Set, *[]string) {
	faults := &[]string{}
	return schema.NewSet(schema.Config{
		Stated: map[reflect.Type]string{reflect.TypeFor[struct{}](): `{"type":"object","maxProperties":0}`},
		Base: schema.Base{
			Type: reflect.TypeFor[base](), Name: "Base", Schema: `{"type":"object"}`, Members: []string{"kind"},
			IsExtended: func(t reflect.Type) bool {
				return t != reflect.TypeFor[base]() && t.Implements(reflect.TypeFor[interface{ Kind() string }]())
			},
		},
		Fault: func(words string) { *faults = append(*faults, words) },
	}), faults
}

func textOf(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

func TestSet_JSON(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name       string
		typ        reflect.Type
		use        schema.Use
		want       string
		components []string
	}{
		{"a number", reflect.TypeFor[*int8](), schema.Use{}, `{"type":["integer","null"],"format":"int8","minimum":-128,"maximum":127}`, nil},
		{"bytes of a request", reflect.TypeFor[[]byte](), schema.Use{Request: true}, `{"type":["string","null"],"contentEncoding":"base64"}`, nil},
		{"a struct", reflect.TypeFor[node](), schema.Use{}, `{"$ref":"#/components/schemas/node"}`, []string{"node"}},
		{"the base", reflect.TypeFor[base](), schema.Use{}, `{"$ref":"#/components/schemas/Base"}`, []string{"Base"}},
		{"an extension", reflect.TypeFor[extension](), schema.Use{}, `{"$ref":"#/components/schemas/extension"}`, []string{"extension", "Base"}},
		{"a stated one", reflect.TypeFor[struct{}](), schema.Use{}, `{"type":"object","maxProperties":0}`, nil},
		{"one without a name", reflect.TypeFor[struct {
			A map[int]bool `json:"a"`
		}](), schema.Use{Request: true, Lax: true}, `{"type":"object","properties":{"a":{"type":["object","null"],"additionalProperties":{"type":"boolean"},"propertyNames":{"pattern":"^-?(0|[1-9][0-9]*)$"}}},"required":["a"]}`, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			set, faults := newSet()
			set.Begin("op")
			got := set.JSON(shape.FieldSite("x", shape.InJSON, tc.typ, ""), tc.use)
			components := set.Settle()
			assert.JSONEq(t, tc.want, textOf(t, got))
			var names []string
			for _, c := range components {
				names = append(names, c.Name)
			}
			assert.Equal(t, tc.components, names)
			assert.Empty(t, *faults)
		})
	}
}

func TestSet_faults(t *testing.T) {
	t.Parallel()
	set, faults := newSet()
	set.Begin("op")
	for _, typ := range []reflect.Type{reflect.TypeFor[misruled](), reflect.TypeFor[clashing](), reflect.TypeFor[[]func()]()} {
		set.JSON(shape.FieldSite("x", shape.InJSON, typ, ""), schema.Use{})
	}
	set.Settle()
	want := []string{
		`schema_test.clashing.Extra has the JSON name "kind", which is a member of every problem: give it another name`,
		`x has type func(), which JSON cannot write: use another type`,
		`schema_test.misruled.N has minLength:"3", which does not apply to type int: use minimum`,
		"schema_test.misruled.P has pattern:\"(\": error parsing regexp: missing closing ): `(`",
		`schema_test.misruled.D has default:"one": it must be an integer`,
	}
	for _, words := range want {
		assert.Contains(t, *faults, words)
	}
	assert.Len(t, *faults, len(want)+1, "%q", *faults)
	assert.Regexp(t, `^schema_test.misruled.F has format:"emial": is not a known format: use `, (*faults)[3])
}

// What reads otherwise in a request than in an answer is two components.
func TestSet_uses(t *testing.T) {
	t.Parallel()
	set, faults := newSet()
	for _, use := range []schema.Use{{}, {Request: true}} {
		set.Begin("op")
		set.JSON(shape.FieldSite("x", shape.InJSON, reflect.TypeFor[node](), ""), use)
	}
	components := set.Settle()
	require.Len(t, components, 2)
	assert.Equal(t, "node", components[0].Name)
	assert.JSONEq(t, `{"type":"object","properties":{
		"name":{"type":"string","minLength":1,"description":"What it is called"},
		"next":{"anyOf":[{"$ref":"#/components/schemas/node"},{"type":"null"}]},
		"sizes":{"type":"array","items":{"type":"integer","format":"uint16","minimum":0,"maximum":9},"maxItems":2,"uniqueItems":true},
		"level":{"type":"string","enum":["low","high"],"default":"low","examples":["high"]}},
		"required":["name","next","level"]}`, textOf(t, components[0].Value))
	components = components[1:]
	assert.Equal(t, "nodeInput", components[0].Name)
	assert.JSONEq(t, `{"type":"object","properties":{
		"name":{"type":"string","minLength":1,"description":"What it is called"},
		"next":{"anyOf":[{"$ref":"#/components/schemas/nodeInput"},{"type":"null"}]},
		"sizes":{"type":["array","null"],"items":{"type":"integer","format":"uint16","minimum":0,"maximum":9},"maxItems":2,"uniqueItems":true},
		"level":{"type":"string","enum":["low","high"],"default":"low","examples":["high"]}},
		"required":["name"],"additionalProperties":false}`, textOf(t, components[0].Value))
	assert.Empty(t, *faults)
	checker := schema.NewChecker(components, set.Patterns())
	for text, want := range map[string]string{
		`{}`:                         `#: lacks the member "name"`,
		`{"name":""}`:                "#/name: has 0 characters, fewer than 1",
		`{"name":"a","nxt":null}`:    "#/nxt: no value is allowed",
		`{"name":"a","sizes":[1,1]}`: "#/sizes: repeats an item",
		`{"name":"a","level":"mid"}`: "#/level: is not one of the values of enum",
		`{`:                          "the body is not valid JSON",
		`{} {}`:                      "there is more than one value",
	} {
		require.EqualError(t, checker.JSON(components[0].Value, []byte(text)), want, text)
	}
	require.NoError(t, checker.JSON(components[0].Value, []byte(`{"name":"a","next":{"name":"b","next":null}}`)))
	require.NoError(t, checker.Text(schema.Typed("string"), "a"))
	assert.Error(t, checker.Text(schema.Typed("integer"), "1"))
}
