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

// A target is a type that bodies are read into, by the reader and by the engine. One
// goroutine may use it.
type target struct {
	typ            reflect.Type
	reader, engine *decode.Plan
	place          reflect.Value
	into           *decode.Reader // into place
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
	t.place = reflect.New(t.typ).Elem()
	t.into = t.reader.Into(t.place)
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

// readInto reads into the one place.
func (t target) readInto(body string) *verdict {
	v := &verdict{}
	v.broken = t.into.Read([]byte(body), v) != nil
	if len(v.wrong) == 0 {
		v.value = t.place.Interface()
	}
	t.place.SetZero()
	return v
}

// agree holds the reader to the engine on a body, wherever it is read into, and returns
// what they say.
func (t target) agree(tb testing.TB, body string) *verdict {
	tb.Helper()
	want := t.read(t.engine, body)
	for _, got := range []*verdict{t.read(t.reader, body), t.readInto(body)} {
		if !reflect.DeepEqual(want, got) {
			require.Equal(tb, want, got, "%s: %q", t.typ, body)
		}
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
		Texts  []string     `json:"texts" maxItems:"40"`
		Ints   []int        `json:"ints" uniqueItems:"true"`
		Longs  []int64      `json:"longs"`
		Floats []float64    `json:"floats" minItems:"1"`
		Bytes  []uint8      `json:"bytes"`
		Few    []string     `json:"few" maxItems:"2"`
		Ruled  []int        `json:"ruled" maximum:"9"`
		Pairs  [][2]int     `json:"pairs"`
		Points [][2]float64 `json:"points,omitzero" maxItems:"40"`
		Flats  []flat       `json:"flats"`
		Lists  [][]float32  `json:"lists"`
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
		Tags  []string `json:"tags,omitzero" maxItems:"18" uniqueItems:"true"`
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
		"row":     targetOf[row](false),
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
