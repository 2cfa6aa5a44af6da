package decode_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/decode"
	engine "github.com/tenonkit/tenon/internal/json"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/shape"
	"github.com/tenonkit/tenon/internal/text"
)

// A verdict is all that Read tells about a body.
type verdict struct {
	wrong   []string
	invalid []string
	broken  bool
	value   any
}

func (v *verdict) Wrong(pointer string, wrong *text.Wrong) bool {
	v.wrong = append(v.wrong, pointer+" "+wrong.Code+": "+wrong.Detail)
	return len(v.wrong) < 32
}

func (v *verdict) Invalid(pointer string, err error) {
	v.invalid = append(v.invalid, pointer+" "+err.Error())
}

func (v *verdict) IsSound() bool { return len(v.wrong) == 0 && len(v.invalid) < 32 }

// A target is a type that bodies are read into, by the reader and by the engine.
type target struct {
	typ            reflect.Type
	reader, engine *decode.Plan
}

func targetOf[T any](strict bool) target {
	t := target{typ: reflect.TypeFor[T]()}
	compile := func(byEngine bool) *decode.Plan {
		plan, faults := decode.Compile(shape.SiteOf(t.typ), decode.Options{Strict: strict, Engine: byEngine})
		if len(faults) > 0 {
			panic(faults)
		}
		return plan
	}
	t.reader, t.engine = compile(false), compile(true)
	return t
}

func (t target) read(plan *decode.Plan, body string) *verdict {
	v, dst := &verdict{}, reflect.New(t.typ).Elem()
	v.broken = plan.Read([]byte(body), dst, v) != nil
	if len(v.wrong) == 0 {
		v.value = dst.Interface()
	}
	return v
}

// agree holds the reader to the engine on a body, and returns what both say.
func (t target) agree(tb testing.TB, body string) *verdict {
	tb.Helper()
	want := t.read(t.engine, body)
	if got := t.read(t.reader, body); !reflect.DeepEqual(want, got) {
		require.Equal(tb, want, got, "%s: %q", t.typ, body)
	}
	return want
}

type (
	flat struct {
		Name   string  `json:"name" maxLength:"9"`
		Count  int     `json:"count" maximum:"99"`
		Small  int8    `json:"small,omitzero"`
		Big    uint64  `json:"big,omitzero"`
		Price  float64 `json:"price"`
		Single float32 `json:"single,omitzero"`
		Open   bool    `json:"open"`
		Next   *flat   `json:"next"`
		Long   string  `json:"a name of more than sixteen bytes,omitempty"`
		Again  string  `json:"a name of more than seventeen bytes,omitempty"`
	}
	lists struct {
		Texts  []string    `json:"texts" maxItems:"40"`
		Ints   []int       `json:"ints" uniqueItems:"true"`
		Longs  []int64     `json:"longs"`
		Floats []float64   `json:"floats" minItems:"1"`
		Bytes  []uint8     `json:"bytes"`
		Few    []string    `json:"few" maxItems:"2"`
		Ruled  []int       `json:"ruled" maximum:"9"`
		Pairs  [][2]int    `json:"pairs"`
		Flats  []flat      `json:"flats"`
		Lists  [][]float32 `json:"lists"`
	}
	maps struct {
		Labels map[string]string         `json:"labels"`
		Counts map[string]int            `json:"counts"`
		ByInt  map[int8]string           `json:"byint"`
		ByTime map[time.Time]bool        `json:"bytime"`
		ByAddr map[netip.Addr][]string   `json:"byaddr"`
		Inner  map[string]map[string]any `json:"inner"`
		Ruled  map[string]string         `json:"ruled" maxLength:"3"`
	}
	selves struct {
		Any    any             `json:"any"`
		Raw    json.RawMessage `json:"raw"`
		At     time.Time       `json:"at"`
		Unix   time.Time       `json:"unix" format:"unix"`
		Addr   netip.Addr      `json:"addr"`
		Number json.Number     `json:"number"`
		Quoted int             `json:"quoted,string"`
		Ratio  float64         `json:"ratio,string"`
		Data   []byte          `json:"data"`
	}
	restMap struct {
		A    int               `json:"a"`
		Rest map[string]string `json:",embed"`
	}
	restRaw struct {
		A    int               `json:"a"`
		Rest engine.RawMessage `json:",embed"`
	}
	tag  string
	tags []string
	row  struct { // all of it is stored through pointers
		Name  tag      `json:"name,omitzero" maxLength:"9"`
		Count int      `json:"count,omitzero" maximum:"99"`
		Long  int64    `json:"long,omitzero"`
		Price float64  `json:"price,omitzero" default:"1.5"`
		Open  bool     `json:"open,omitzero"`
		Tags  []string `json:"tags,omitzero"`
		More  tags     `json:"more,omitzero"`
	}
	branch struct { // so is most of it
		A, B, C, D string
		Inner      *branch
		Lists      [][]branch
	}
	tree struct {
		Name     string           `json:"name"`
		Children []tree           `json:"children"`
		Named    map[string]*tree `json:"named"`
	}
	odd struct { // names that nobody can send as they are
		Line  bool  `json:"e\nf"`
		Tab   []int `json:"a long name\twith a tab"`
		Other string
	}
	even struct {
		N int `json:"n"`
	}
)

func (e even) Validate() error {
	if e.N%2 != 0 {
		return errors.New("is odd")
	}
	return nil
}

// targets are types for every node, and a struct that knows no name.
func targets() map[string]target {
	return map[string]target{
		"flat":    targetOf[flat](false),
		"strict":  targetOf[flat](true),
		"lists":   targetOf[lists](false),
		"maps":    targetOf[maps](false),
		"selves":  targetOf[selves](false),
		"restMap": targetOf[restMap](false),
		"restRaw": targetOf[restRaw](false),
		"rows":    targetOf[[]row](false),
		"branch":  targetOf[[]branch](false),
		"tree":    targetOf[tree](false),
		"odd":     targetOf[odd](false),
		"even":    targetOf[[]even](false),
		"any":     targetOf[any](false),
		"raw":     targetOf[json.RawMessage](false),
		"skip":    targetOf[struct{}](false),
		"texts":   targetOf[map[string]string](false),
		"string":  targetOf[string](false),
		"float":   targetOf[float64](false),
	}
}

// documents are at home in the targets of these names.
func documents() [][2]string {
	return [][2]string{
		{"flat", `{"name":"a","count":12,"small":-128,"big":18446744073709551615,"price":1.25,"single":3.5e7,"open":true,"next":null}`},
		{"flat", `{"open":false,"price":-0,"count":1.0,"name":"\u00e9\ud83d\ude00\n","next":{"name":"","count":1e1,"price":0.1,"open":true,"next":null}}`},
		{"flat", ` { "name" : "b" , "count" : 7 , "price" : 1e-7 , "open" : true , "next" : null , "x" : [ ] , "y" : { } } `},
		{"flat", "{\n  \"name\": \"c\",\n  \"count\": 100,\n\t\"price\": 12345678901234567890,\r\n  \"open\": 1\n}"},
		{"flat", `{"a name of more than sixteen bytes":"x","a name of more than seventeen bytes":"y","a name of more than sixteen bytez":"z"}`},
		{"flat", `{"nam\u0065":"escaped","count":1,"count":2}`},
		{"flat", `{"name":"a name of ten","count":100,"small":128,"big":-1,"price":1e999,"single":1e39,"open":null}`},
		{"strict", `{"name":"a","count":1,"price":1,"open":true,"next":{"name":"b","Count":1,"x":{"y":[{}]},"open":true,"price":2},"more":3}`},
		{"lists", `{"texts":["a","b\"c","","ü"],"ints":[1,2,-3],"longs":[9223372036854775807,-9223372036854775808],"floats":[0.5,1e2,3],"bytes":"aGk=","few":[],"ruled":[1],"pairs":[[1,2]],"flats":[],"lists":[[1],[]]}`},
		{"lists", `{"texts":[ "a" , "b" ],"ints":[1,2,1],"longs":[1.0,1e1],"floats":[],"bytes":null,"few":["a","b","c"],"ruled":[10,1],"pairs":[[1],[1,2,3]],"flats":[{}],"lists":null}`},
		{"lists", `{"texts":["a",1,null,"b"],"ints":["x",9223372036854775808],"longs":[12345678901234567890123],"floats":[0.1234567890123456789,1e400,"x"],"pairs":[["a",null]],"lists":[[1e39]]}`},
		{"maps", `{"labels":{"a":"b","c":"d"},"counts":{"x":1,"y":2},"byint":{"1":"a","-2":"b"},"bytime":{"2024-02-03T04:05:06Z":true},"byaddr":{"::1":["x"]},"inner":{"a":{"b":[1]}},"ruled":{"k":"abc"}}`},
		{"maps", `{"labels":{"a":"b","a":"c"},"counts":{"x":1}}`},
		{"maps", `{"labels":{"a":1,"\u0061":2},"counts":{"x":1.5}}`},
		{"maps", `{"labels":{"a":null,"b":"c"},"counts":{"x":"y","z":1,"x":2},"byint":{}}`},
		{"maps", `{"byint":{"0":"a","-0":"b"}}`},
		{"maps", `{"byint":{"x":"a","x":"b"}}`},
		{"maps", `{"byint":{"x" "a"}}`},
		{"maps", `{"byint":{"300":"a","01":1,"1":2},"bytime":{"now":true},"byaddr":{"x":[1]},"inner":{"a":[],"b":{}},"ruled":{"a":"long","a":"x"}}`},
		{"selves", `{"any":{"a":[1,"b",null,true]},"raw":[{"x":1.50}],"at":"2024-02-03T04:05:06Z","unix":1700000000,"addr":"::1","number":1.50,"quoted":"12","ratio":"1.5e1","data":"AAEC"}`},
		{"selves", `{"any":{"a":1e999},"raw":"x","at":"now","unix":1.5,"addr":"x","number":"1","quoted":12,"ratio":"x","data":"*"}`},
		{"selves", `{"any":{"a":1,"a":2}}`},
		{"selves", `{"raw":{"a":{"b":1,"b":2}}}`},
		{"selves", `{"raw":[1,2}`},
		{"selves", `{"number":"1\u0030","quoted":"1\u0032","ratio":"\u0031.5","addr":"\u003a:1","at":"2024-02-03T04:05:0\u0036Z","data":"aG\u006b="}`},
		{"restMap", `{"a":1,"b":"x","c":"y"}`},
		{"restMap", `{"b":"x","a":1,"b":"y"}`},
		{"restMap", `{"a":1,"b":2,"c":null}`},
		{"restRaw", `{"a":1,"b":[1,{"c":null}],"\u0063":"y"}`},
		{"restRaw", `{"b":1,"a":2,"\u0062":3}`},
		{"rows", `[{"name":"a","count":1,"long":-2,"price":2.5,"open":true,"tags":["a","b"],"more":["c"]}` + strings.Repeat(`,{"name":"b","count":0,"long":20,"price":-1e3,"open":false,"tags":[],"more":[]}`, 20) + `]`},
		{"rows", `[{"name":"a","count":1,"long":2,"price":3,"open":true,"tags":["a"],"more":["b"]},{},{"name":"c","tags":null},{"name":"d","count":4,"long":5,"price":6,"open":true,"tags":["e"],"more":["f"]},{"open":false,"more":null}]`},
		{"rows", `[{"name":"a","count":1,"long":2,"price":3,"open":true,"tags":["a"],"more":["b"]},{"name":"\u0062","count":1e1,"long":-9223372036854775808,"price":0.1234567890123456789,"open":true,"tags":["\n"],"more":[]}]`},
		{"rows", `[{"name":"a","count":1,"long":2,"price":3,"open":true,"tags":["a"],"more":["b"]},{"name":"b","count":2,"long":2,"price":3,"open":true,"tags":null,"more":null},{"name":"c","tags":["d","e"]}]`},
		{"rows", `[{"name":"a","count":1,"long":2,"price":3,"open":true,"tags":["a"],"more":["b"]},{"name":null,"count":"1","long":1.5,"price":1e999,"open":1,"tags":[1],"more":{}},{"name":"a name of ten","count":100}]`},
		{"rows", `[ { "name" : "a" , "count" : 1 , "long" : 2 , "price" : 3 , "open" : true , "tags" : [ "a" ] } , { "tags" : [ "b" , "c" ] , "tags" : [ ] } ]`},
		{"branch", `[{"A":"a","B":"b","C":"c","D":"d","Inner":{"A":"e","B":"f","C":"g","D":"h","Inner":null,"Lists":[[{}]]},"Lists":[[{"A":"i","B":"j","C":"k","D":"l","Inner":null,"Lists":null}],[]]},{"A":"","B":"","C":"","D":"","Inner":null,"Lists":[]}]`},
		{"tree", `{"name":"a","children":[{"name":"b","children":[],"named":null},{"name":"c"}],"named":{"x":{"name":"d","children":null,"named":{}},"y":null}}`},
		{"odd", `{"e\nf":true,"a long name\twith a tab":[1],"Other":"x"}`},
		{"odd", `{"e\u000af":true,"a long name\u0009with a tab":[ ],"Other":"x","e\nf":false}`},
		{"odd", "{\"e\nf\":true,\"a long name\twith a tab\":[1],\"Other\":\"x\"}"},
		{"even", `[{"n":2},{"n":3},{"n":4},{"n":5}]`},
		{"even", `[{"n":1},{"n":"x"},{"n":3}]`},
		{"any", `[1,[2,{"a":{"b":[]}}],"x",-0.5e-3,true,false,null]`},
		{"any", `{"a":[`},
		{"any", `[[[[1,{"a":"b\\"}]]]]`},
		{"raw", `{"a":1,"b":[true,null,"\u00fc"]}`},
		{"skip", `{"a":1,"b":{"a":1,"b":{"a":[{"a":{}},{"a":1}]}},"c":["a","a"],"d":"\ud83d\ude00"}`},
		{"skip", `{"a":{"b":1,"c":2,"b":3}}`},
		{"skip", `{"a":1,"\u0061":2}`},
		{"skip", `{"a\"":1,"a\\":2,"a\u0022":3}`},
		{"skip", `{"a":"b","a\":\"b":1}`},
		{"texts", `{"a":"b","c":"` + strings.Repeat("d", 70) + `","` + strings.Repeat("e", 70) + `":""}`},
		{"string", `"` + strings.Repeat("plain ", 12) + `"`},
		{"string", `"ein Stück Öl für 5 € \t\"\\\/\b\f\n\r\u00fC 日本語 𝄞"`},
		{"string", `"\ud834\udd1e \uD834\uDD1E"`},
		{"float", `-1234567.125e-3`},
		{"float", `0.000001`},
		{"float", `9007199254740993`},
		{"float", `1E+2`},
	}
}

// broken are documents that are none, and what is on the edge.
func broken() []string {
	list := []string{
		``, ` `, `{`, `[`, `"`, `{}x`, `{} {}`, `1 2`, `nul`, `nulll`, `tru`, `TRUE`, `fals`, `-`, `01`, `-01`, `1.`, `.5`, `1.e1`, `1e`, `1e+`, `+1`, `0x1`, `1_0`, `NaN`,
		`[1,]`, `[,1]`, `[1 2]`, `[1,,2]`, `[}`, `{]`, `[1}`, `{"a":1]`, `{"a"}`, `{"a":}`, `{"a":1,}`, `{,"a":1}`, `{"a" 1}`, `{1:2}`, `{[]:2}`, `{"a":1 "b":2}`, `{"a":1,,"b":2}`, `{a:1}`, `{"a"::1}`,
		"\"\x00\"", "\"\x1f\"", "\"\x7f\"", "\x00", "1\x00", "{\"a\":1\x00}", "\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "\"\xe2\x82\"", "\"\xf0\x9f\x98\"", "\"\xf4\x90\x80\x80\"", "\ufeff{}",
		`"\ud800"`, `"\udc00"`, `"\ud800\ud800"`, `"\ud800x"`, `"\ud800\n"`, `"\u12"`, `"\u12g4"`, `"\x"`, `"\`, `"\u`, `"\ud800\u`, `{"\ud800":1}`, "{\"\xff\":1}",
		`{"name":"a" "count":1}`, `{"name":"a""count":1}`, "{\x01", "{\"name\":\"a\",\x01", `{"name":"a","name":1}`, `{"texts":["a" "b"]}`, `{"texts":["a",]}`, `{"floats":[1,2`, `{"labels":{"a":"b",}}`, `{"labels":{"a":"b"`, `{"any":[1,2}`,
		`[1e99999999999999999999,0e99999999999999999999,-0.0e-0]`, `-0`, `100000000000000000000000`, `1` + strings.Repeat("0", 400), `0.` + strings.Repeat("0", 400) + `1`, strings.Repeat("9", 19), strings.Repeat("9", 20),
	}
	for _, open := range []string{`[`, `{"a":`, `{"next":`, `{"children":[`, `{"inner":{"a":{"b":`} {
		for _, depth := range []int{200, 500, 999, 1000, 1001, 9999, 10000, 10001} {
			list = append(list, strings.Repeat(open, depth), `{"x":`+strings.Repeat(open, depth)+`1`)
		}
	}
	for _, depth := range []int{998, 999, 1000, 1001, 9998, 9999, 10000} {
		nest := strings.Repeat(`[`, depth) + strings.Repeat(`]`, depth)
		list = append(list, nest, `{"x":`+nest+`}`, `{"any":`+nest+`}`, `{"raw":[`+nest+`]}`, strings.Repeat(`{"a":`, depth)+`1`+strings.Repeat(`}`, depth))
	}
	return list
}

func skipUnderRace(t *testing.T) {
	t.Helper()
	if kittest.RaceEnabled {
		t.Skip("many reads by one goroutine, which the race detector makes ten times as slow")
	}
}

// Both readers say the same of every document, whatever it is read into.
func TestRead_agrees(t *testing.T) {
	skipUnderRace(t)
	t.Parallel()
	for name, target := range targets() {
		for _, body := range broken() {
			if isDeep := len(body) > 2000; !isDeep || name == "any" || name == "skip" || name == "tree" || name == "maps" {
				target.agree(t, body)
			}
		}
		for _, document := range documents() {
			target.agree(t, document[1])
		}
	}
}

// Whatever is cut off or put in anywhere, both readers say the same. A place gets some pieces.
func TestRead_damaged(t *testing.T) {
	skipUnderRace(t)
	t.Parallel()
	targets := targets()
	junk := []string{"", " ", `"`, `\`, "{", "}", "[", "]", ",", ":", "0", "-", ".", "e", "n", "\x00", "\x01", "\x1f", "\x7f", "\x80", "\xff", `\ud800`, "é", "1e9"}
	for _, document := range documents() {
		home, body := []target{targets[document[0]], targets["skip"], targets["any"]}, document[1]
		for at := range len(body) {
			for _, target := range home {
				target.agree(t, body[:at])
			}
			for i := range kittest.Rounds(len(junk)) {
				piece := junk[(at+i*7)%len(junk)]
				home[0].agree(t, body[:at]+piece+body[at:])
				home[0].agree(t, body[:at]+piece+body[at+1:])
			}
			home[1].agree(t, body[:at]+junk[at%len(junk)]+body[at:])
		}
	}
}

// A string is looked at word by word: every byte at every place of words, alone and before
// and behind bytes that are special too.
func TestRead_everyByte(t *testing.T) {
	skipUnderRace(t)
	t.Parallel()
	const size = 70
	text, names := targetOf[string](false), targetOf[map[string]string](false)
	for _, around := range []string{"", "é", `\n`} {
		plain := strings.Repeat("abcdefghij", size/10)
		for at := range size {
			for c := range 256 {
				body := `"` + plain[:at] + around + string([]byte{byte(c)}) + around + plain[at:] + `"`
				text.agree(t, body)
				if around == "" {
					names.agree(t, `{`+body+`:`+body+`}`)
				}
			}
		}
	}
}

// TestRead_suite reads the texts of JSONTestSuite. Where the engine's verdict is not that of
// the suite, which it is held to elsewhere, it is what the rules of names and UTF-8 ask.
func TestRead_suite(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../../../shared/suites/json/*.json")
	require.NoError(t, err)
	if len(files) == 0 {
		t.Skip("JSONTestSuite is not beside the checkout, in ../shared/suites/json")
	}
	targets := targets()
	refused := map[string]bool{"y_object_duplicated_key.json": true, "y_object_duplicated_key_and_value.json": true}
	for _, file := range files {
		body, err := os.ReadFile(file)
		require.NoError(t, err)
		name := filepath.Base(file)
		want := name[0] == 'y' && !refused[name]
		for _, into := range []string{"any", "raw", "flat", "skip"} {
			got := targets[into].agree(t, string(body))
			if name[0] != 'i' && (into == "any" || into == "raw") {
				assert.Equal(t, want, len(got.wrong) == 0, "%s into %s: %v", name, into, got.wrong)
			}
		}
		inside := targets["skip"].agree(t, `{"x":`+string(body)+`}`)
		if name[0] == 'y' && want {
			assert.Empty(t, inside.wrong, name)
		}
	}
}

// FuzzRead holds the reader to the engine: the same values, and the same errors in the same
// order with the same pointers and offsets.
func FuzzRead(f *testing.F) {
	for _, document := range documents() {
		f.Add([]byte(document[1]))
	}
	for _, body := range broken() {
		if len(body) < 1000 {
			f.Add([]byte(body))
		}
	}
	targets := targets()
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, target := range targets {
			target.agree(t, string(body))
		}
		targets["skip"].agree(t, `{"x":`+string(body)+`,"y":`+string(body)+`}`)
		targets["lists"].agree(t, fmt.Sprintf(`{"texts":[%s],"floats":[1,%s],"ints":%s}`, body, body, body))
		targets["maps"].agree(t, fmt.Sprintf(`{"labels":{"a":"b",%s},"counts":%s}`, body, body))
	})
}
