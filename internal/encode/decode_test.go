package encode_test

import (
	v1 "encoding/json"
	"errors"
	"math/big"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/json"
)

type article struct {
	ID    int      `json:"id"`
	Title string   `json:"title"`
	Tags  []string `json:"tags,omitempty"`
}

// accepted fixes what a text decodes to, on both engines.
var accepted = []struct {
	name string
	text string
	want any
}{
	{"struct", `{"id":1,"title":"a","tags":["b"]}`, article{1, "a", []string{"b"}}},
	{"white space around", " \n{ \"id\" :\t1 }\r\n", article{ID: 1}},
	{"names in another case are unknown", `{"ID":1,"Title":"a","id":2}`, article{ID: 2}},
	{"unknown names are ignored", `{"other":[{"deep":1}],"id":2}`, article{ID: 2}},
	{"any", `{"A":{"a":[1,"b",null,true,{}]}}`, struct{ A any }{map[string]any{"a": []any{1.0, "b", nil, true, map[string]any{}}}}},
	{"escapes", `"\u00e9\ud83d\ude00\/"`, "é\U0001F600/"},
	{"escaped name", `{"\u0069d":7}`, article{ID: 7}},

	{"null into an integer", `null`, 0},
	{"null into text", `null`, ""},
	{"null into a struct", `null`, article{}},
	{"null into a pointer", `null`, (*int)(nil)},
	{"null into a slice", `null`, []int(nil)},
	{"null into any", `{"A":null}`, struct{ A any }{}},
	{"empty slice and map", `{"S":[],"M":{}}`, struct {
		S []int
		M map[string]int
	}{[]int{}, map[string]int{}}},

	{"number", `12.50`, json.Number("12.50")},
	{"number, verbatim", `[1E400,-0,123456789012345678901234567890]`, []json.Number{"1E400", "-0", "123456789012345678901234567890"}},
	{"number from text", `"12.50"`, json.Number("12.50")},
	{"number from escaped text", `"\u0031"`, json.Number("1")},
	{"number from null", `null`, json.Number("")},
	{"number by a pointer", `{"P":1,"N":null}`, struct{ P, N *json.Number }{P: new(json.Number("1"))}},
	{"number as a map key", `{"1.0":"2"}`, map[json.Number]json.Number{"1.0": "2"}},
	{"number with the string option", `{"N":"1"}`, struct {
		N json.Number `json:",string"`
	}{"1"}},
	{"number into any is a float", `{"A":1.0}`, struct{ A any }{1.0}},
	{"number, another type of its kind", `"x"`, namedNumber("x")},

	{"integers", `[-128,127]`, []int8{-128, 127}},
	{"large integer", `18446744073709551615`, ^uint64(0)},
	{"integer with the string option", `{"I":"1"}`, struct {
		I int `json:",string"`
	}{1}},
	{"float", `1e2`, 100.0},
	{"duration", `1000000001`, time.Second + time.Nanosecond},
	{"duration as a map key", `{"1000":1}`, map[time.Duration]int{time.Microsecond: 1}},
	{"time", `"2026-01-02T03:04:05Z"`, time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)},
	{"address", `"::1"`, netip.MustParseAddr("::1")},
	{"address as a map key", `{"::1":1}`, map[netip.Addr]int{netip.MustParseAddr("::1"): 1}},
	{"big integer", `7`, *big.NewInt(7)},

	{"bytes", `"//79"`, []byte{0xff, 0xfe, 0xfd}},
	{"byte array", `"AQIDBA=="`, [4]byte{1, 2, 3, 4}},
	{"array", `[1,2]`, [2]int{1, 2}},
	{"raw message", `{"R": { "a" : "\u003c" } }`, struct{ R json.RawMessage }{json.RawMessage(`{ "a" : "\u003c" }`)}},
	{"raw message of encoding/json", `[ [ 1 ] ]`, []v1.RawMessage{v1.RawMessage(`[ 1 ]`)}},
	{"raw message of null", `null`, json.RawMessage("null")},
}

// rejected are texts that do not decode into a value of the given type.
var rejected = []struct {
	name    string
	text    string
	into    any
	pointer string
}{
	{"repeated name", `{"id":1,"id":1}`, article{}, "/id"},
	{"repeated name, spelled with an escape", `{"id":1,"\u0069d":1}`, article{}, "/id"},
	{"repeated unknown name", `{"a":1,"a":1}`, article{}, "/a"},
	{"repeated name in any", `{"a":[{"b":1,"b":2}]}`, any(nil), "/a/0/b"},
	{"repeated name in a raw message", `[{"b":1,"b":2}]`, []json.RawMessage{}, "/0/b"},
	{"repeated key", `{"1":1,"01":1}`, map[int]int{}, "/01"},
	{"repeated number key", `{"1":1,"1":1}`, map[json.Number]int{}, "/1"},
	{"invalid UTF-8", "{\"title\":\"a\xff\"}", article{}, "/title"},
	{"invalid UTF-8 in an ignored value", "{\"other\":\"\xff\"}", article{}, "/other"},
	{"lone surrogate", `{"title":"\ud800"}`, article{}, "/title"},
	{"trailing data", `{} {}`, article{}, ""},
	{"trailing comma", `{"id":1,}`, article{}, ""},
	{"empty", ``, article{}, ""},
	{"white space only", " \n", article{}, ""},
	{"cut off", `{"id":`, article{}, "/id"},
	{"comment", `{/**/}`, article{}, ""},
	{"byte order mark", "\ufeff{}", article{}, ""},
	{"single quotes", `{'id':1}`, article{}, ""},
	{"control character", "\"\n\"", "", ""},
	{"NaN", `NaN`, 1.0, ""},
	{"leading zero", `01`, 1, ""},
	{"literal in another case", `True`, true, ""},
	{"too deep", strings.Repeat("[", 10_001) + strings.Repeat("]", 10_001), any(nil), ""},

	{"text into an integer", `{"id":"1"}`, article{}, "/id"},
	{"fraction into an integer", `{"id":1.0}`, article{}, "/id"},
	{"exponent into an integer", `{"id":1e2}`, article{}, "/id"},
	{"overflow", `[127,128]`, []int8{}, "/1"},
	{"negative into unsigned", `-1`, uint(0), ""},
	{"float overflow", `1e400`, 0.0, ""},
	{"float overflow in any", `1e400`, any(nil), ""},
	{"object into a slice", `{"tags":{}}`, article{}, "/tags"},
	{"bool into text", `{"title":true}`, article{}, "/title"},
	{"duration from text", `"1s"`, time.Duration(0), ""},
	{"duration from a fraction", `1.5`, time.Duration(0), ""},
	{"time that is none", `"2026-02-30T00:00:00Z"`, time.Time{}, ""},
	{"loose time", `"2026-01-02T3:04:05Z"`, time.Time{}, ""},
	{"base64 without padding", `"AQIDBA"`, []byte{}, ""},
	{"base64 with a line break", `"AQID\nBA=="`, []byte{}, ""},
	{"byte array of another length", `"AQID"`, [4]byte{}, ""},
	{"byte array from numbers", `[1,2,3,4]`, [4]byte{}, ""},
	{"array too short", `[1]`, [2]int{}, ""},
	{"array too long", `[1,2,3]`, [2]int{}, ""},

	{"number from a bool", `[true]`, []json.Number{}, "/0"},
	{"number from other text", `{"N":"x"}`, struct{ N json.Number }{}, "/N"},
	{"number from empty text", `[""]`, []json.Number{}, "/0"},
	{"number from text with white space", `[" 1"]`, []json.Number{}, "/0"},
	{"number from an array", `[[1]]`, []json.Number{}, "/0"},
	{"number as a map key that is none", `{"x":1}`, map[json.Number]int{}, "/x"},
	{"number with the string option from a number", `{"N":1}`, struct {
		N json.Number `json:",string"`
	}{}, "/N"},
}

// decode reads text into a new value of the type of want, which is the type
// any where want is nil.
func decode(text string, want any) (any, error) {
	t := reflect.TypeOf(want)
	if t == nil {
		t = reflect.TypeFor[any]()
	}
	p := reflect.New(t)
	err := encode.For(t).Decode([]byte(text), p.Interface())
	return p.Elem().Interface(), err
}

func TestCodec_Decode_accepted(t *testing.T) {
	t.Parallel()
	for _, tc := range accepted {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := decode(tc.text, tc.want)
			require.NoError(t, err)
			assert.Equal(t, tc.want, got)
		})
	}
}

func TestCodec_Decode_rejected(t *testing.T) {
	t.Parallel()
	for _, tc := range rejected {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := decode(tc.text, tc.into)
			require.Error(t, err)
			if tc.pointer != "" {
				assert.Equal(t, tc.pointer, pointerOf(err), "%v", err)
			}
		})
	}
}

// pointerOf returns where the engine says the fault is.
func pointerOf(err error) string {
	if syntactic, ok := errors.AsType[*json.SyntacticError](err); ok {
		return string(syntactic.JSONPointer)
	}
	if semantic, ok := errors.AsType[*json.SemanticError](err); ok {
		return string(semantic.JSONPointer)
	}
	return "neither"
}

func TestCodec_Decode_errors(t *testing.T) {
	t.Parallel()
	_, err := decode(`{"id": 1,"id": 2}`, article{})
	assert.True(t, json.IsDuplicateName(err))

	_, err = decode(`{"id": 1,}`, article{})
	assert.False(t, json.IsDuplicateName(err))
	syntactic, ok := errors.AsType[*json.SyntacticError](err)
	require.True(t, ok)
	assert.Equal(t, int64(8), syntactic.ByteOffset)

	_, err = decode(`{"id": "x"}`, article{})
	assert.False(t, json.IsDuplicateName(err))
	semantic, ok := errors.AsType[*json.SemanticError](err)
	require.True(t, ok)
	assert.Equal(t, reflect.TypeFor[int](), semantic.GoType)
	assert.False(t, json.IsDuplicateName(nil))
}
