package bind_test

import (
	"encoding/json"
	"math/big"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
)

// accepts binds body and wants want of it.
func accepts[T any](body string, want T, opts ...bind.Option) func(t *testing.T) {
	return func(t *testing.T) {
		t.Helper()
		got, err := bind.For[T](opts...).Bind(jsonRequest(body))
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

func TestJSONAccepts(t *testing.T) {
	text, at := "x", time.Date(2024, 2, 3, 4, 5, 6, 0, time.UTC)
	pText := &text
	tests := map[string]func(t *testing.T){
		"zero values are values": accepts(`{"title":"ab","count":1,"draft":false,"tags":[]}`, jsonFlat{Title: "ab", Count: 1, Tags: []string{}}),
		"all of a flat object": accepts(` {"for":1e9, "at":"2024-02-03T04:05:06Z","kind":"page","price":19.99,"tags":["a","b"],"draft":true,"count":1.0e1,"title":"a\u00e9\n"} `,
			jsonFlat{Title: "aé\n", Count: 10, Draft: true, Tags: []string{"a", "b"}, Price: 19.99, Kind: "page", At: at, For: time.Second}),
		"unknown names are ignored": accepts(`{"a":2,"x":{"a":[1,{}]}}`, jsonPointers{A: new(2)}),
		"pointers and Opts": accepts(
			`{"b":"x","c":[1,2],"d":5,"e":"x","f":[],"h":2,"i":"3"}`,
			jsonPointers{B: &pText, C: &[]int{1, 2}, D: bind.Some(5), E: bind.Some(&text), F: bind.Some([]string{}), H: new(bind.Some(2)), I: bind.Some(3)},
		),
		"null in pointers and Opts": accepts(
			`{"a":null,"b":null,"c":null,"d":null,"e":null,"f":null,"g":null,"h":null,"i":null}`,
			jsonPointers{D: bind.Null[int](), E: bind.Null[*string](), F: bind.Null[[]string](), G: bind.Null[jsonComment](), I: bind.Null[int]()},
		),
		"recursive": accepts(
			`{"name":"a","children":[{"name":"b","named":{"x":{"name":"c"},"y":null}}]}`,
			jsonTree{Name: "a", Children: []jsonTree{{Name: "b", Named: map[string]*jsonTree{"x": {Name: "c"}, "y": nil}}}},
		),
		"numbers of all sizes": accepts(
			`{"int8":-128,"int64":-9223372036854775808,"uint64":18446744073709551615,"float32":0.1,"quoted":"-5","quotedf":"2.5","number":1.50,"numbers":["1e3"]}`,
			jsonNumbers{Int8: -128, Int64: -1 << 63, Uint64: 1<<64 - 1, Float32: 0.1, Quoted: -5, QuotedF: new(float32(2.5)), Number: "1.50", Numbers: []json.Number{"1e3"}},
		),
		"integral numbers": accepts(
			`[1.0,1e2,-0,10e-1,0.5e1,0e99999,100000000000000000000e-19,1.8e1,0.000,9223372036854775807.0]`,
			[]int64{1, 100, 0, 1, 5, 0, 10, 18, 0, 1<<63 - 1},
		),
		"embedded": accepts(
			`{"id":1,"note":"nn","na/me~ü":"n","Plain":2,"-":3,"only":true,"Hidden":4,"other":[null]}`,
			jsonEmbedded{jsonBase: jsonBase{ID: 1}, JSONExtra: &JSONExtra{Note: "nn"}, Shadow: jsonShadow{Only: true}, Name: "n", Plain: 2, Dash: 3, Rest: map[string]any{"Hidden": 4.0, "other": []any{nil}}},
		),
		"an embedded pointer is left": accepts(`{"id":1}`, jsonEmbedded{jsonBase: jsonBase{ID: 1}}),
		"an embedded raw value":       accepts(`{"a\u0062":[1, 2],"id":1,"c":{}}`, jsonRaw{ID: 1, Rest: []byte(`{"a\u0062":[1, 2],"c":{}}`)}),
		"types that read themselves": accepts(
			`{"fixed":[1,2,3],"addr":"::1","big":12345678901234567890,"self":1,"any":{"a":[1,"b",true]}}`,
			jsonMixed{Fixed: [3]int{1, 2, 3}, Addr: netip.IPv6Loopback(), Big: new(big.Int).SetUint64(12345678901234567890), Self: jsonSelf{true}, Any: map[string]any{"a": []any{1.0, "b", true}}},
		),
		"bytes and raw values": accepts(
			`{"fixed":[0,0,0],"bytes":"aGk=","bytes4":"AAECAw==","raw":[1, 2],"stdraw":{"a": 1}}`,
			jsonMixed{Bytes: []byte("hi"), Bytes4: [4]byte{0, 1, 2, 3}, Raw: []byte(`[1, 2]`), StdRaw: []byte(`{"a": 1}`)},
		),
		"keys": accepts(
			`{"fixed":[0,0,0],"byint":{"-1":["a"]},"byuint":{"7":true},"byfloat":{"1e1":1},"byaddr":{"::1":"x"},"bytime":{"2024-02-03T04:05:06Z":1},"byname":{"a":"b"}}`,
			jsonMixed{ByInt: map[int8][]string{-1: {"a"}}, ByUint: map[uint]bool{7: true}, ByFloat: map[float64]int{10: 1}, ByAddr: map[netip.Addr]string{netip.IPv6Loopback(): "x"}, ByTime: map[time.Time]int{at: 1}, ByName: map[jsonName]*jsonName{"a": new(jsonName("b"))}},
		),
		"null in slices and maps": accepts(
			`{"fixed":[0,0,0],"bytes":null,"byint":null,"lists":[null,[]],"any":null,"self":null,"anys":[null]}`,
			jsonMixed{Lists: [][]int{nil, {}}, Anys: []any{nil}},
		),
		"a map as the body":       accepts(`{"":1,"\"":2}`, map[string]int{"": 1, `"`: 2}),
		"a scalar as the body":    accepts(` true `, true),
		"strings of a large body": accepts(`["`+strings.Repeat("x", 9000)+`","a","\t"]`, []string{strings.Repeat("x", 9000), "a", "\t"}),
	}
	for name, test := range tests {
		t.Run(name, test)
	}
}

func TestJSONDefaults(t *testing.T) {
	tests := map[string]func(t *testing.T){
		"where nothing was sent": accepts(`{}`, jsonDefaults{1, "date", 0.5, true, []string{"a", "b"}, new(20)}),
		"never over what was": accepts(
			`{"page":2,"sort":"name","ratio":0,"open":false,"kinds":["c"],"limit":null}`,
			jsonDefaults{2, "name", 0, false, []string{"c"}, nil},
		),
	}
	for name, test := range tests {
		t.Run(name, test)
	}
	assert.Equal(t, []string{"#/page minimum: must be at least 1", "#/kinds minItems: must have at least 1 item"},
		bodyErrors[jsonDefaults](t, `{"page":0,"kinds":[]}`), "a default excuses nothing that was sent")

	binder := bind.For[jsonDefaults]()
	first, err := binder.Bind(jsonRequest(`{}`))
	require.NoError(t, err)
	first.Kinds[0], *first.Limit = "changed", 0
	second, err := binder.Bind(jsonRequest(`{}`))
	require.NoError(t, err)
	assert.Equal(t, jsonDefaults{1, "date", 0.5, true, []string{"a", "b"}, new(20)}, second, "no two requests share a default")
}

// TestJSONKeepsNothing binds twice with one binder: the first value must not
// change with the second body.
func TestJSONKeepsNothing(t *testing.T) {
	binder := bind.For[jsonMixed]()
	body := `{"fixed":[1,2,3],"bytes":"aGk=","raw":"abc","any":["abc"],"byname":{"abc":"abc"},"byint":{"1":["abc"]}}`
	first, err := binder.Bind(jsonRequest(body))
	require.NoError(t, err)
	_, err = binder.Bind(jsonRequest(strings.ReplaceAll(body, "abc", "xyz")))
	require.NoError(t, err)
	again, err := bind.For[jsonMixed]().Bind(jsonRequest(body))
	require.NoError(t, err)
	assert.Equal(t, again, first)
}

type jsonWide struct {
	jsonFlat

	A0, A1, A2, A3, A4, A5, A6, A7, A8, A9 int
	B0, B1, B2, B3, B4, B5, B6, B7, B8, B9 int
	C0, C1, C2, C3, C4, C5, C6, C7, C8, C9 int
	D0, D1, D2, D3, D4, D5, D6, D7, D8, D9 int
	E0, E1, E2, E3, E4, E5, E6, E7, E8, E9 int
	F0, F1, F2, F3, F4, F5, F6, F7, F8, F9 int
	G0, G1, G2, G3, G4, G5, G6, G7, G8, G9 int
}

// TestJSONManyMembers has more members than one word has bits.
func TestJSONManyMembers(t *testing.T) {
	list := bodyErrors[jsonWide](t, `{"title":"abc","count":1,"draft":true,"tags":[],"G9":1,"A0":2,"\u00470":3}`)
	require.Len(t, list, 32)
	assert.Equal(t, "#/A1 required: is required", list[0])
	var members strings.Builder
	for _, letter := range "GFEDCBA" {
		for _, digit := range "0123456789" {
			members.WriteString(`,"` + string(letter) + string(digit) + `":` + string(digit))
		}
	}
	body := `{"title":"abc","count":1,"draft":true,"tags":[]` + members.String()
	assert.Empty(t, bodyErrors[jsonWide](t, body+"}"))
	assert.Equal(t, []string{"#/G5 required: is required"}, bodyErrors[jsonWide](t, strings.Replace(body, `"G5"`, `"g5"`, 1)+"}"))
}

func TestJSONAllocs(t *testing.T) {
	type article struct {
		Title string   `json:"title" maxLength:"100"`
		Body  string   `json:"body"`
		Count int      `json:"count" minimum:"1"`
		Draft bool     `json:"draft"`
		Tags  []string `json:"tags" maxItems:"8"`
	}
	body := `{"title":"How to cut a tenon","body":"` + strings.Repeat("Mark it, saw it, fit it. ", 6) + `","count":42,"draft":true,"tags":["wood","joints"]}`
	binder := bind.For[article]()
	r := jsonRequest("")
	r.ContentLength = int64(len(body))
	reader := strings.NewReader(body)
	r.Body = readerOnly{reader}
	kittest.Allocs(t, 2, func() {
		reader.Reset(body)
		if _, err := binder.Bind(r); err != nil {
			t.Fatal(err)
		}
	})
}

type readerOnly struct{ *strings.Reader }

func (readerOnly) Close() error { return nil }
