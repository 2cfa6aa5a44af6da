package encode_test

import (
	"bytes"
	v1 "encoding/json"
	"errors"
	"math"
	"math/big"
	"net/netip"
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/json"
)

type (
	byteKind    byte
	namedNumber json.Number
	stringKey   string
	sameKey     int
	pair        struct{ A, B int }
	tree        struct {
		Name     string  `json:"name"`
		Children []*tree `json:"children"`
	}
	hidden struct{ value int }

	pointerJSON struct{ text string }
	pointerText struct{ text string }
	bothTexts   struct{}
	encoderTo   struct{ number json.Number }
	badJSON     struct{}
	failing     struct{}
)

func (p *pointerJSON) MarshalJSON() ([]byte, error) {
	return []byte(` { "p" : "` + p.text + `" } `), nil
}

func (p *pointerText) MarshalText() ([]byte, error) { return []byte("text " + p.text), nil }

func (bothTexts) MarshalText() ([]byte, error) { return []byte("marshaled"), nil }

func (bothTexts) AppendText(b []byte) ([]byte, error) { return append(b, "appended"...), nil }

func (k stringKey) MarshalText() ([]byte, error) { return []byte("key " + string(k)), nil }

func (sameKey) MarshalText() ([]byte, error) { return []byte("same"), nil }

func (e encoderTo) MarshalJSONTo(enc *json.Encoder) error {
	return enc.WriteValue(json.RawMessage(e.number))
}

func (badJSON) MarshalJSON() ([]byte, error) { return []byte(`{"a":1,"a":2}`), nil }

var errFailing = errors.New("cannot be written")

func (failing) MarshalJSON() ([]byte, error) { return nil, errFailing }

// golden fixes the bytes of the wire rules. It holds on every toolchain, so
// running it on Go 1.26 and on Go 1.27 shows that both engines write the same.
var golden = []struct {
	name  string
	value any
	want  string
}{
	{"struct in declaration order", pair{2, 1}, `{"A":2,"B":1}`},
	{"struct without fields", struct{}{}, `{}`},
	{"names as declared", struct {
		A int `json:"a"`
		B int `json:"-"`
		C int `json:"C d"`
		d int
	}{1, 2, 3, 4}, `{"a":1,"C d":3}`},
	{"embedded struct", struct {
		pair

		C int
	}{pair{1, 2}, 3}, `{"A":1,"B":2,"C":3}`},
	{"embedded nil pointer", struct {
		*pair

		C int
	}{nil, 3}, `{"C":3}`},

	{"nil slice", []int(nil), `[]`},
	{"nil map", map[string]int(nil), `{}`},
	{"nil bytes", []byte(nil), `""`},
	{"nil pointer", (*pair)(nil), `null`},
	{"nil, nested", struct {
		S []int
		M map[string]any
		T [][]int
		P *int
		I any
		E error
	}{T: [][]int{nil, {1}}}, `{"S":[],"M":{},"T":[[],[1]],"P":null,"I":null,"E":null}`},
	{"nil in a map", map[string][]map[string]int{"a": nil, "b": {nil}}, `{"a":[],"b":[{}]}`},
	{"tree", tree{"a", []*tree{{"b", nil}, nil}}, `{"name":"a","children":[{"name":"b","children":[]},null]}`},

	{"omitempty", struct {
		I int            `json:"i,omitempty"`
		B bool           `json:"b,omitempty"`
		S string         `json:"s,omitempty"`
		L []int          `json:"l,omitempty"`
		M map[string]int `json:"m,omitempty"`
		P *int           `json:"p,omitempty"`
		N json.Number    `json:"n,omitempty"`
	}{}, `{"i":0,"b":false,"n":0}`},
	{"omitzero", struct {
		I int         `json:"i,omitzero"`
		B bool        `json:"b,omitzero"`
		L []int       `json:"l,omitzero"`
		E []int       `json:"e,omitzero"`
		T time.Time   `json:"t,omitzero"`
		N json.Number `json:"n,omitzero"`
	}{E: []int{}}, `{"e":[]}`},
	{"string option", struct {
		I int           `json:",string"`
		F float64       `json:",string"`
		N json.Number   `json:",string"`
		E json.Number   `json:",string"`
		P *json.Number  `json:",string"`
		D time.Duration `json:",string"`
	}{1, 1.5, "2.50", "", new(json.Number("-3")), time.Microsecond}, `{"I":"1","F":"1.5","N":"2.50","E":"0","P":"-3","D":"1000"}`},
	{"string option, not for elements", struct {
		L struct{ N json.Number }
		N json.Number `json:",string"`
	}{struct{ N json.Number }{"1"}, "2"}, `{"L":{"N":1},"N":"2"}`},

	{"html characters", "<a href=\"x\">&'\u2028\u2029", `"<a href=\"x\">&'` + "\u2028\u2029" + `"`},
	{"html characters in names", map[string]int{"<&>": 1}, `{"<&>":1}`},
	{"control characters", "\b\f\n\r\t\x00\x1f\x7f/\\", `"\b\f\n\r\t\u0000\u001f` + "\x7f" + `/\\"`},
	{"beyond the basic plane", "é\U0001F600", "\"é\U0001F600\""},

	{"map order", map[string]int{"b": 1, "a": 2, "B": 3, "": 4, "a b": 5, "é": 6}, `{"":4,"B":3,"a":2,"a b":5,"b":1,"é":6}`},
	{"map order of integers", map[int]int{10: 1, 9: 2, -1: 3}, `{"-1":3,"10":1,"9":2}`},
	{"map keys by MarshalText", map[stringKey]int{"b": 1, "a": 2}, `{"key a":2,"key b":1}`},
	{"map keys of several types", map[any]int{1: 2, json.Number("3"): 4, bothTexts{}: 5}, `{"1":2,"3":4,"appended":5}`},
	{"map keys of netip.Addr", map[netip.Addr]bool{netip.MustParseAddr("::1"): true}, `{"::1":true}`},
	{"map keys of time.Duration", map[time.Duration]int{time.Second: 1}, `{"1000000000":1}`},

	{"duration", time.Second + time.Nanosecond, `1000000001`},
	{"negative duration", -time.Minute, `-60000000000`},
	{"duration in a struct", struct {
		D time.Duration
		P *time.Duration
	}{time.Nanosecond, new(2 * time.Nanosecond)}, `{"D":1,"P":2}`},
	{"time", time.Date(2026, 1, 2, 3, 4, 5, 60, time.UTC), `"2026-01-02T03:04:05.00000006Z"`},
	{"time with a zone", time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600)), `"2026-01-02T03:04:05+01:00"`},

	{"number", json.Number("12.50"), `12.50`},
	{"number, verbatim", []json.Number{"1E400", "-0", "1e-7", "123456789012345678901234567890"}, `[1E400,-0,1e-7,123456789012345678901234567890]`},
	{"number, empty", json.Number(""), `0`},
	{"number, zero in a struct", struct{ N json.Number }{}, `{"N":0}`},
	{"number, pointers", struct{ P, Nil *json.Number }{P: new(json.Number("1"))}, `{"P":1,"Nil":null}`},
	{"number in any", []any{json.Number("1"), map[string]any{"n": json.Number("2")}, new(json.Number("3"))}, `[1,{"n":2},3]`},
	{"number as a map key", map[json.Number]json.Number{"10": "1", "9": "2", "1.50": ""}, `{"1.50":0,"10":1,"9":2}`},
	{"number as a map key, empty", map[json.Number]int{"": 1}, `{"0":1}`},
	{"number in an array", [1]json.Number{"1"}, `[1]`},
	{"number, another type of its kind", namedNumber("1"), `"1"`},
	{"number of a marshaler", encoderTo{"1"}, `1`},

	{"integers", []any{int8(-128), uint64(math.MaxUint64), int64(math.MinInt64)}, `[-128,18446744073709551615,-9223372036854775808]`},
	{"floats", []float64{0, math.Copysign(0, -1), 1, 1e20, 1e21, 1e-6, 1e-7, 0.1, math.MaxFloat64}, `[0,-0,1,100000000000000000000,1e+21,0.000001,1e-7,0.1,1.7976931348623157e+308]`},
	{"float32", []float32{0.1, math.MaxFloat32}, `[0.1,3.4028235e+38]`},
	{"big integer", big.NewInt(7), `7`},

	{"bytes", []byte{0xff, 0xfe, 0xfd}, `"//79"`},
	{"byte array", [4]byte{1, 2, 3, 4}, `"AQIDBA=="`},
	{"empty byte array", [0]byte{}, `""`},
	{"slice of a byte kind", []byteKind{1, 2}, `[1,2]`},
	{"array of a byte kind", [2]byteKind{1, 2}, `[1,2]`},
	{"array", [2]int{1, 2}, `[1,2]`},

	{"raw message", json.RawMessage(` { "b" : "\u003c" , "a":[ 1.0 ] } `), `{"b":"<","a":[1.0]}`},
	{"raw message, nil", json.RawMessage(nil), `null`},
	{"raw message of encoding/json", v1.RawMessage(` { "b" : "\u003c" , "a":[ 1.0 ] } `), `{"b":"<","a":[1.0]}`},
	{"raw message of encoding/json, nil", v1.RawMessage(nil), `null`},
	{"raw messages, nested", struct {
		A json.RawMessage
		B v1.RawMessage
		C *json.RawMessage
		D map[string]v1.RawMessage
	}{json.RawMessage("1"), nil, new(json.RawMessage("true")), map[string]v1.RawMessage{"d": []byte(`"<"`)}}, `{"A":1,"B":null,"C":true,"D":{"d":"<"}}`},

	{"raw messages that are empty", struct {
		A json.RawMessage `json:"a,omitempty"`
		B v1.RawMessage   `json:"b,omitzero"`
	}{A: json.RawMessage("[]")}, `{}`},

	{"MarshalJSON of the pointer", pointerJSON{"1"}, `{"p":"1"}`},
	{"MarshalJSON of the pointer, not addressable", map[string]any{"a": pointerJSON{"1"}, "b": []pointerJSON{{"2"}}}, `{"a":{"p":"1"},"b":[{"p":"2"}]}`},
	{"MarshalText of the pointer", map[string]pointerText{"a": {"1"}}, `{"a":"text 1"}`},
	{"AppendText before MarshalText", bothTexts{}, `"appended"`},
}

// refused are values without a JSON form.
var refused = []struct {
	name  string
	value any
}{
	{"invalid UTF-8", "a\xff"},
	{"invalid UTF-8 in a name", map[string]int{"a\xff": 1}},
	{"invalid UTF-8 in a raw message", json.RawMessage("\"\xff\"")},
	{"raw message that is not JSON", json.RawMessage(`{"a":}`)},
	{"raw message, empty", json.RawMessage{}},
	{"raw message with a repeated name", json.RawMessage(`{"a":1,"a":2}`)},
	{"marshaler with a repeated name", badJSON{}},
	{"keys with the same text", map[sameKey]int{1: 1, 2: 2}},
	{"number keys with the same text", map[json.Number]int{"": 1, "0": 2}},
	{"number, not one", json.Number("1x")},
	{"number, a literal", json.Number("true")},
	{"number, white space", json.Number(" 1")},
	{"number, white space after", json.Number("1\n")},
	{"number, leading zero", json.Number("01")},
	{"number, hexadecimal", json.Number("0x1")},
	{"number, two", json.Number("1,2")},
	{"number, not one, as a map key", map[json.Number]int{"x": 1}},
	{"number, not one, with the string option", struct {
		N json.Number `json:",string"`
	}{"x"}},
	{"number, not one, in any", []any{json.Number(`"`)}},
	{"NaN", math.NaN()},
	{"infinity", struct{ F float32 }{float32(math.Inf(1))}},
	{"channel", make(chan int)},
	{"function", struct{ F func() }{func() {}}},
	{"complex number", complex(1, 2)},
	{"unexported fields alone", hidden{1}},
	{"string option on a string", struct {
		S string `json:",string"`
	}{"a"}},
	{"format option", struct {
		T time.Time `json:",format:DateOnly"`
	}{}},
	{"two fields of one name", reflect.Zero(reflect.StructOf([]reflect.StructField{ // vet would refuse it in the source
		{Name: "A", Type: reflect.TypeFor[int](), Tag: `json:"a"`},
		{Name: "B", Type: reflect.TypeFor[int](), Tag: `json:"a"`},
	})).Interface()},
	{"cycle", func() any {
		a := &tree{}
		a.Children = []*tree{a}
		return a
	}()},
	{"cyclic map", func() any {
		m := map[string]any{}
		m["m"] = m
		return m
	}()},
	{"marshaler's own error", failing{}},
}

// encodeBoth writes v as a value of its own type, and again as one whose type
// is known only at run time.
func encodeBoth(v any) (static, dynamic string, errStatic, errDynamic error) {
	p := reflect.New(reflect.TypeOf(v))
	p.Elem().Set(reflect.ValueOf(v))
	var a, b bytes.Buffer
	errStatic = encode.For(p.Type().Elem()).Encode(&a, p.Interface())
	errDynamic = encode.For(reflect.TypeFor[any]()).Encode(&b, &v)
	return a.String(), b.String(), errStatic, errDynamic
}

func TestCodec_Encode_golden(t *testing.T) {
	t.Parallel()
	for _, tc := range golden {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			static, dynamic, errStatic, errDynamic := encodeBoth(tc.value)
			require.NoError(t, errStatic)
			require.NoError(t, errDynamic)
			if static != tc.want {
				t.Errorf("got  %s\nwant %s", static, tc.want)
			}
			assert.Equal(t, static, dynamic, "in an interface")
			assert.True(t, v1.Valid([]byte(static)), "valid for encoding/json")
		})
	}
}

func TestCodec_Encode_refused(t *testing.T) {
	t.Parallel()
	for _, tc := range refused {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			static, dynamic, errStatic, errDynamic := encodeBoth(tc.value)
			require.Error(t, errStatic)
			require.Error(t, errDynamic)
			assert.Empty(t, static)
			assert.Empty(t, dynamic)
		})
	}
}

func TestCodec_Encode_keepsTheCause(t *testing.T) {
	t.Parallel()
	_, _, errStatic, errDynamic := encodeBoth(struct{ F failing }{})
	require.ErrorIs(t, errStatic, errFailing)
	require.ErrorIs(t, errDynamic, errFailing)
	_, _, err, _ := encodeBoth([]json.Number{"1", "x"})
	semantic, ok := errors.AsType[*json.SemanticError](err)
	require.True(t, ok)
	assert.Equal(t, "/1", string(semantic.JSONPointer))
}
