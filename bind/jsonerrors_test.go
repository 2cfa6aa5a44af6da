package bind_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
)

// bodyErrors binds body and returns the errors as "pointer code: detail".
func bodyErrors[T any](t *testing.T, body string, opts ...bind.Option) []string {
	t.Helper()
	_, err := bind.For[T](opts...).Bind(jsonRequest(body))
	if err == nil {
		return nil
	}
	var refused *bind.Error
	require.ErrorAs(t, err, &refused)
	require.Equal(t, 400, refused.StatusCode())
	var list []string
	for _, field := range refused.Fields {
		list = append(list, field.Pointer+" "+field.Code+": "+field.Detail)
	}
	return list
}

// A bodyCase is a body of some type with the errors it must have.
type bodyCase struct {
	errors func(t *testing.T, body string, opts ...bind.Option) []string
	body   string
	want   []string
}

func (c bodyCase) run(t *testing.T) {
	t.Helper()
	assert.Equal(t, c.want, c.errors(t, c.body))
}

func TestJSONErrors(t *testing.T) {
	tests := map[string]bodyCase{
		"everything at once, in the order of the document": {
			bodyErrors[jsonFlat],
			`{"tags":["","a",1],"count":"x","title":"x","draft":null}`,
			[]string{
				"#/tags/0 minLength: must have at least 1 character",
				"#/tags/2 type: must be a string",
				"#/count type: must be an integer",
				"#/title minLength: must have at least 2 characters",
				"#/draft null: must not be null",
			},
		},
		"missing names last, as they are declared": {
			bodyErrors[jsonFlat],
			`{"kind":"x"}`,
			[]string{
				"#/kind enum: must be one of post, page",
				"#/title required: is required",
				"#/count required: is required",
				"#/draft required: is required",
				"#/tags required: is required",
			},
		},
		"missing names in each object": {
			bodyErrors[jsonNested],
			`{"author":{},"comments":[{"text":"a"},{"likes":1}]}`,
			[]string{
				"#/author/name required: is required",
				"#/comments/0/likes required: is required",
				"#/comments/1/text required: is required",
			},
		},
		"values of the wrong kind": {
			bodyErrors[jsonNested],
			`{"author":[],"comments":{},"meta":"x","groups":{"g":true}}`,
			[]string{
				"#/author type: must be an object",
				"#/comments type: must be an array",
				"#/meta type: must be an object",
				"#/groups/g type: must be an array",
			},
		},
		"constraints of map values": {
			bodyErrors[map[string]jsonComment],
			`{"a/b~":{"text":"X","likes":101},"%é ":{"text":"","likes":-1}}`,
			[]string{
				"#/a~1b~0/text pattern: must match the pattern ^[a-z ]*$",
				"#/a~1b~0/likes maximum: must be at most 100",
				"#/%25%C3%A9%20/likes range: must be between 0 and 255",
			},
		},
		"lists": {
			bodyErrors[jsonFlat],
			`{"title":"abc","count":1,"draft":true,"tags":["a","a"]}`,
			[]string{"#/tags uniqueItems: must not repeat an item"},
		},
		"lists too long are not read on": {
			bodyErrors[jsonFlat],
			`{"title":"abc","count":1,"draft":true,"tags":["a","b","c",1,{"x":[2]},null],"price":0}`,
			[]string{
				"#/tags maxItems: must have at most 3 items",
				"#/price exclusiveMinimum: must be greater than 0",
			},
		},
		"a null slice is an empty one": {
			bodyErrors[jsonNested],
			`{"author":{"name":"x"},"comments":null}`,
			[]string{
				"#/comments minItems: must have at least 1 item",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, test.run)
	}
}

func TestJSONErrors_text(t *testing.T) {
	tests := map[string]bodyCase{
		"time": {
			bodyErrors[jsonFlatTime],
			`{"at":"2024-02-30"}`,
			[]string{
				"#/at type: must be a time in RFC 3339 form such as 2006-01-02T15:04:05Z",
			},
		},
		"time of another kind": {bodyErrors[jsonFlatTime], `{"at":12}`, []string{"#/at type: must be a string"}},
		"duplicate": {
			bodyErrors[jsonFlatTime],
			`{"at":1,"at":2}`,
			[]string{
				"#/at type: must be a string",
				"#/at duplicate: is a repeated name",
			},
		},
		"duplicate of an unknown name": {
			bodyErrors[jsonFlatTime],
			`{"x":{"y":1,"\u0079":2}}`,
			[]string{
				"#/x/y duplicate: is a repeated name",
			},
		},
		"duplicate key": {
			bodyErrors[map[int]string],
			`{"0":"a","-0":"b"}`,
			[]string{
				"#/-0 duplicate: is a repeated name",
			},
		},
		"syntax": {
			bodyErrors[jsonFlatTime],
			`{"at":"2024-02-03T04:05:06Z",}`,
			[]string{
				"# syntax: is not valid JSON at byte offset 28",
			},
		},
		"truncated": {
			bodyErrors[jsonFlatTime],
			`{"at":"2024`,
			[]string{
				"#/at syntax: is not valid JSON: it ends at byte offset 11",
			},
		},
		"UTF-8": {
			bodyErrors[[]string],
			"[\"a\xff\"]",
			[]string{
				"#/0 syntax: is not valid JSON at byte offset 3",
			},
		},
		"a name that is none": {
			bodyErrors[map[string]int],
			`{[]:1}`,
			[]string{
				"# syntax: is not valid JSON at byte offset 1",
			},
		},
		"two values": {bodyErrors[[]int], "[1]\n[2]", []string{"# syntax: is not valid JSON at byte offset 4"}},
	}
	for name, test := range tests {
		t.Run(name, test.run)
	}
}

func TestJSONErrors_numbers(t *testing.T) {
	tests := map[string]bodyCase{
		"integers": {
			bodyErrors[[]int8],
			`[127,128,-128,-129,1.5,1e2,12.70e1,1e400,1e-400,0e400,-1e2,-1.29e2]`,
			[]string{
				"#/1 range: must be between -128 and 127",
				"#/3 range: must be between -128 and 127",
				"#/4 type: must be an integer",
				"#/7 range: must be between -128 and 127",
				"#/8 type: must be an integer",
				"#/11 range: must be between -128 and 127",
			},
		},
		"unsigned integers": {
			bodyErrors[[]uint16],
			`[65535,65536,-1,-0,-0.0,6.5535e4,"1"]`,
			[]string{
				"#/1 range: must be between 0 and 65535",
				"#/2 range: must be between 0 and 65535",
				"#/6 type: must be an integer",
			},
		},
		"floats": {
			bodyErrors[[]float32],
			`[1e39,-1e39,1e-99,1]`,
			[]string{
				"#/0 range: is too large a number",
				"#/1 range: is too large a number",
			},
		},
		"quoted integers": {
			bodyErrors[jsonQuoted],
			`{"n":"x"}`,
			[]string{
				"#/n type: must be a string that holds an integer",
			},
		},
		"quoted integers, unquoted": {
			bodyErrors[jsonQuoted],
			`{"n":1}`,
			[]string{
				"#/n type: must be a string that holds an integer",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, test.run)
	}
}

func TestJSONErrors_types(t *testing.T) {
	tests := map[string]bodyCase{
		"base64": {
			bodyErrors[jsonMixed],
			`{"fixed":[1,2,3],"bytes":"SEC*","bytes4":"AAA="}`,
			[]string{
				"#/bytes type: must be a base64 string",
				"#/bytes4 type: must be a base64 string of 4 bytes",
			},
		},
		"arrays": {
			bodyErrors[[][3]int],
			`[[1,2],[1,2,3,4],[1,null,3]]`,
			[]string{
				"#/0 type: must be an array of 3 items",
				"#/1 type: must be an array of 3 items",
				"#/2/1 null: must not be null",
			},
		},
		"text": {
			bodyErrors[jsonMixed],
			`{"fixed":[1,2,3],"addr":"SECRET"}`,
			[]string{
				"#/addr format: must be a valid ip",
			},
		},
		"its own unmarshaler": {
			bodyErrors[jsonMixed],
			`{"fixed":[1,2,3],"self":"SECRET","big":"SECRET"}`,
			[]string{
				"#/self format: is not valid",
				"#/big format: is not valid",
			},
		},
		"any": {
			bodyErrors[jsonMixed],
			`{"fixed":[1,2,3],"any":{"a":[1e999]},"anys":[1e999,1]}`,
			[]string{
				"#/any range: has a number that is too large",
				"#/anys/0 range: has a number that is too large",
			},
		},
		"keys are not repeated": {
			bodyErrors[jsonMixed],
			`{"fixed":[1,2,3],"byint":{"SECRET":[],"128":[],"01":[],"1.0":[]},"byaddr":{"SECRET":""}}`,
			[]string{
				"#/byint type: must have integers as names",
				"#/byint type: must have integers as names",
				"#/byint type: must have integers as names",
				"#/byint type: must have integers as names",
				"#/byaddr type: must have valid names",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, test.run)
	}
}

func TestJSONErrors_nested(t *testing.T) {
	tests := map[string]bodyCase{
		"constraints reach the innermost": {
			bodyErrors[jsonMixed],
			`{"fixed":[1,2,10],"lists":[[10],[1,11]],"byint":{"1":["long"]}}`,
			[]string{
				"#/fixed/2 maximum: must be at most 9",
				"#/lists/0/0 maximum: must be at most 9",
				"#/lists/1/1 maximum: must be at most 9",
				"#/byint/1/0 maxLength: must have at most 3 characters",
			},
		},
		"pointers and Opts": {
			bodyErrors[jsonPointers],
			`{"a":1,"b":"long","c":[1],"d":6,"g":{},"h":0,"i":4}`,
			[]string{
				"#/a minimum: must be at least 2",
				"#/b maxLength: must have at most 3 characters",
				"#/c minItems: must have at least 2 items",
				"#/d maximum: must be at most 5",
				"#/g/text required: is required",
				"#/g/likes required: is required",
				"#/h minimum: must be at least 1",
				"#/i type: must be a string that holds an integer",
			},
		},
		"embedded": {
			bodyErrors[jsonEmbedded],
			`{"kind":"c","note":"n","rest":{"x":1e999}}`,
			[]string{
				"#/note minLength: must have at least 2 characters",
				"#/rest range: has a number that is too large",
				"#/id required: is required",
			},
		},
		"a null object": {bodyErrors[jsonFlatTime], `null`, []string{"# null: must not be null"}},
		"case matters": {
			bodyErrors[jsonFlatTime],
			`{"AT":"2024-02-03T04:05:06Z"}`,
			[]string{
				"#/at required: is required",
			},
		},
	}
	for name, test := range tests {
		t.Run(name, test.run)
	}
}

type jsonFlatTime struct {
	At time.Time `json:"at"`
}

type jsonQuoted struct {
	N int `json:"n,string"`
}

func TestJSONStrict(t *testing.T) {
	body := `{"author":{"name":"x","age":3},"comments":[{"text":"a","likes":1,"x/y":{}}],"Meta":{}}`
	assert.Empty(t, bodyErrors[jsonNested](t, body))
	assert.Equal(t, []string{
		"#/author/age unknown: is not a known name",
		"#/comments/0/x~1y unknown: is not a known name",
		"#/Meta unknown: is not a known name",
	}, bodyErrors[jsonNested](t, body, bind.Strict()))
	assert.Empty(t, bodyErrors[jsonRaw](t, `{"id":1,"more":2}`, bind.Strict()), "an embedded map knows every name")
}

func TestJSONErrorsAreBounded(t *testing.T) {
	list := bodyErrors[[]int](t, "["+strings.Repeat(`"x",`, 100)+"1]")
	assert.Len(t, list, 32)
	assert.Equal(t, "#/31 type: must be an integer", list[31])

	list = bodyErrors[[]int](t, "["+strings.Repeat(`"x",`, 100)+"!")
	assert.Len(t, list, 32, "what follows is not read")
}

func TestJSONDepth(t *testing.T) {
	nest := func(open, end string, n int) string { return strings.Repeat(open, n) + strings.Repeat(end, n) }
	assert.Empty(t, bodyErrors[any](t, nest("[", "]", 1000)))
	assert.Equal(t, []string{"# depth: is nested more than 1000 levels deep"}, bodyErrors[any](t, nest("[", "]", 1001)))
	assert.Equal(t, []string{"#/0 depth: is nested more than 1000 levels deep"}, bodyErrors[[]any](t, nest("[", "]", 1001)))
	assert.Equal(t, []string{"# depth: is nested more than 1000 levels deep"}, bodyErrors[any](t, strings.Repeat(`{"]\"":[`, 600)), "brackets in strings do not count")

	assert.Equal(t, []string{"#/a depth: is nested more than 1000 levels deep"}, bodyErrors[jsonRaw](t, `{"id":1,"a":`+strings.Repeat("[", 1000)))
	list := bodyErrors[jsonRaw](t, `{"id":`+strings.Repeat("[", 10000))
	require.Len(t, list, 1)
	assert.Contains(t, list[0], "depth: is nested too deep", "what is passed over may be deeper")

	list = bodyErrors[jsonTree](t, strings.Repeat(`{"next":`, 1001))
	require.Len(t, list, 1)
	pointer, rest, _ := strings.Cut(list[0], " ")
	assert.Equal(t, "depth: is nested more than 1000 levels deep", rest)
	assert.Equal(t, "#"+strings.Repeat("/next", 102), pointer, "a long pointer is cut to that of an enclosing value")
}

func TestJSONPointerOfALongName(t *testing.T) {
	name := strings.Repeat("é", 1000)
	assert.Equal(t, []string{"#/0 type: must be an integer"}, bodyErrors[[]map[string]int](t, `[{"`+name+`":"x"}]`))
	assert.Equal(t, []string{"# type: must be an integer"}, bodyErrors[map[string]int](t, `{"`+name+`":"x"}`))
	assert.Equal(t, []string{"#/a type: must have integers as names"}, bodyErrors[map[string]map[int]int](t, `{"a":{"`+name+`":1}}`))
}
