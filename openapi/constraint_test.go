package openapi_test

import (
	"bytes"
	"context"
	"encoding/json"
	"math/big"
	"net/http/httptest"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/openapi"
)

// patterned has a pattern that only its translation says, and one that stays.
type patterned struct {
	Name string `json:"name" pattern:"(?im)^[[:alpha:]]\\pL*.$"`
	Code string `json:"code" minLength:"3" pattern:"^\\(?\\d{3}\\)?$"`
}

type patternIn struct {
	Word string    `path:"word" pattern:"^(?i)go\\z"`
	Body patterned `body:"json"`
}

func TestNew_patterns(t *testing.T) {
	t.Parallel()
	doc := newDocument(t, tenon.Routes{tenon.Post("/{word}", answer[patternIn, patterned], tenon.Named("x"))})
	word := operations(t, doc)["x"]["parameters"].([]any)[0].(map[string]any)["schema"].(map[string]any)
	assert.Equal(t, `^[Gg][Oo]$`, word["pattern"])
	properties := parsed(t, doc)["components"].(map[string]any)["schemas"].(map[string]any)["patterned"].(map[string]any)["properties"].(map[string]any)
	assert.Equal(t, `(?<![^\n])[A-Za-zſ\u212a][\p{L}\u0345]*[^\n](?![^\n])`, properties["name"].(map[string]any)["pattern"])
	assert.Equal(t, `^\(?\d{3}\)?$`, properties["code"].(map[string]any)["pattern"])
}

// Verify reads a pattern as Go does, in which its tag is written.
func TestVerify_patterns(t *testing.T) {
	t.Parallel()
	for body, valid := range map[string]bool{
		`{"name":"xx!","code":"123"}`:             true,
		`{"name":"1\n\u212a\u2028","code":"123"}`: true,
		`{"name":"a\n","code":"123"}`:             false,
		`{"name":"1x!","code":"123"}`:             false,
		`{"name":"xx!","code":"12"}`:              false,
	} {
		var value patterned
		require.NoError(t, json.Unmarshal([]byte(body), &value))
		route := tenon.Get("/", func(context.Context, tenon.None) (patterned, error) { return value, nil })
		var reports []error
		openapi.Verify(newDocument(t, tenon.Routes{route}), func(err error) { reports = append(reports, err) })(route.Handler()).
			ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
		assert.Equal(t, valid, len(reports) == 0, "%s: %v", body, reports)
	}
}

// defaults are read as package bind reads them.
type defaults struct {
	On      bool           `default:"on"    json:"on"`
	Off     *bool          `default:"off"   json:"off"`
	Words   []bool         `default:"on,0"  json:"words"`
	Zero    uint8          `default:"-0"    json:"zero"`
	Padded  int            `default:"007"   json:"padded"`
	Ratio   float32        `default:"1e2"   json:"ratio"`
	Half    float64        `default:".5"    json:"half"`
	Quoted  int64          `default:"-01"   json:"quoted,string"`
	Wait    time.Duration  `default:"1m30s" json:"wait"`
	Number  json.Number    `default:"1e2"   json:"number"`
	Big     *big.Int       `default:"+0x10" json:"big"`
	At      time.Time      `default:"2026-01-02T03:04:05Z" json:"at"`
	Text    string         `default:"on"    json:"text"`
	Letters []string       `default:""      json:"letters"`
	Bytes   []byte         `example:"aGk="  json:"bytes"`
	Counts  map[string]int `example:"{\"a\":1}" json:"counts"`
	Grid    [][]int        `example:"[[1,2],[3]]" json:"grid"`
}

type defaultsQuery struct {
	On   bool          `default:"on"   query:"on"`
	Zero uint8         `default:"-0"   query:"zero"`
	IDs  []int         `default:"1,-0" query:"id"`
	Wait time.Duration `default:"1m30s" query:"wait"`
	Unix time.Time     `default:"1700000000" format:"unix" query:"unix"`
	Day  time.Time     `default:"2026-01-02" format:"date" query:"day"`
}

func TestNew_defaults(t *testing.T) {
	t.Parallel()
	doc := newDocument(t, tenon.Routes{
		tenon.Post("/body", answer[defaults, string], tenon.Named("body")),
		tenon.Get("/query", answer[defaultsQuery, string], tenon.Named("query")),
	})
	want := map[string]string{
		"on": `true`, "off": `false`, "words": `[true,false]`, "zero": `0`, "padded": `7`, "ratio": `100`, "half": `0.5`, "quoted": `"-1"`,
		"wait": `90000000000`, "number": `1e2`, "big": `16`, "at": `"2026-01-02T03:04:05Z"`, "text": `"on"`, "letters": `[]`,
		"bytes": `"aGk="`, "counts": `{"a":1}`, "grid": `[[1,2],[3]]`,
	}
	properties := parsed(t, doc)["components"].(map[string]any)["schemas"].(map[string]any)["defaults"].(map[string]any)["properties"].(map[string]any)
	require.Len(t, properties, len(want))
	for name, text := range want {
		value, ok := properties[name].(map[string]any)["default"]
		if !ok {
			value = properties[name].(map[string]any)["examples"].([]any)[0]
		}
		got, err := json.Marshal(value)
		require.NoError(t, err)
		assert.JSONEq(t, text, string(got), name)
	}
	want = map[string]string{"on": `true`, "zero": `0`, "id": `[1,0]`, "wait": `"1m30s"`, "unix": `1700000000`, "day": `"2026-01-02"`}
	parameters := operations(t, doc)["query"]["parameters"].([]any)
	require.Len(t, parameters, len(want))
	for _, p := range parameters {
		p := p.(map[string]any)
		got, err := json.Marshal(p["schema"].(map[string]any)["default"])
		require.NoError(t, err)
		assert.JSONEq(t, want[p["name"].(string)], string(got), p["name"])
	}
}

// Every pattern of a document is one of ECMA-262, those of this package too.
func TestNew_patternsUnderNode(t *testing.T) {
	t.Parallel()
	node := kittest.Need(t, "node")
	type everything struct {
		patterned

		Number json.Number      `json:"number"`
		Quoted uint8            `json:"quoted,string"`
		Ratio  float64          `json:"ratio,string"`
		ByInt  map[int]string   `json:"by_int"`
		ByUint map[uint8]string `json:"by_uint"`
		ByReal map[float64]bool `json:"by_real"`
	}
	type texts struct {
		Wait time.Duration `query:"wait"`
		At   time.Time     `format:"time" query:"at"`
		Word string        `pattern:"(?s)^.\\pL[[:^space:]]\\x{4e00}\\z" query:"word"`
	}
	routes := append(richRoutes(), tenon.Post("/everything", answer[everything, everything], tenon.Named("e")), tenon.Get("/texts", answer[texts, string], tenon.Named("t")))
	command := exec.CommandContext(t.Context(), node, "-e", `
		let count = 0;
		JSON.parse(require("fs").readFileSync(0, "utf8"), (key, value) => {
			if (key === "pattern" && typeof value === "string") {
				new RegExp(value, "u");
				count++;
			}
			return value;
		});
		console.log(count);`)
	command.Stdin = bytes.NewReader(newDocument(t, routes).JSON())
	out, err := command.CombinedOutput()
	require.NoError(t, err, "%s", out)
	count, err := strconv.Atoi(strings.TrimSpace(string(out)))
	require.NoError(t, err)
	assert.Greater(t, count, 10)
}
