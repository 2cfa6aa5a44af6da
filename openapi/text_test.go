package openapi_test

import (
	"context"
	"encoding/json"
	"io"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/openapi"
)

// times has what a tag format says in JSON.
type times struct {
	Day    time.Time            `json:"day" format:"date"`
	Clock  *time.Time           `json:"clock" format:"time"`
	Local  bind.Opt[time.Time]  `json:"local,omitzero" format:"date-time-local"`
	HTTP   []time.Time          `json:"http,omitempty" format:"http"`
	Unix   map[string]time.Time `json:"unix,omitempty" format:"unix"`
	Secret string               `json:"secret,omitempty" format:"password"`
	Bytes  []byte               `json:"bytes,omitempty" format:"byte"`
	Small  int64                `json:"small,omitzero" format:"int32"`
	Money  float64              `json:"money,omitzero" format:"decimal" multipleOf:"0.01"`
	N      int8                 `json:"n,string,omitzero"`
	U      uint64               `json:"u,string,omitzero"`
	Rat    *big.Rat             `json:"rat,omitempty"`
	Int    *big.Int             `json:"int,omitempty"`
	Code   level                `json:"code,omitzero" minLength:"3" maxLength:"4" format:"level"`
}

// A level reads and writes itself as a word.
type level int

func (l *level) UnmarshalText(text []byte) error {
	*l = level(len(text))
	return nil
}

func (l level) MarshalText() ([]byte, error) { return []byte(strings.Repeat("x", int(l))), nil }

// schemaOf returns the properties of a component of the document of routes.
func schemaOf(t *testing.T, routes tenon.Routes, component string) map[string]string {
	t.Helper()
	var doc struct {
		Components struct {
			Schemas map[string]struct {
				Properties map[string]json.RawMessage `json:"properties"`
			} `json:"schemas"`
		} `json:"components"`
	}
	require.NoError(t, json.Unmarshal(newDocument(t, routes).JSON(), &doc))
	properties := map[string]string{}
	for name, text := range doc.Components.Schemas[component].Properties {
		properties[name] = string(text)
	}
	return properties
}

func TestNew_texts(t *testing.T) {
	t.Parallel()
	const clock = `([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"`
	want := map[string]string{
		"day":    `{"type":"string","format":"date"}`,
		"clock":  `{"type":["string","null"],"pattern":"^` + clock + `}`,
		"local":  `{"type":["string","null"],"format":"date-time-local","pattern":"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T` + clock + `}`,
		"http":   `{"type":"array","items":{"type":"string","format":"http-date"}}`,
		"unix":   `{"type":"object","additionalProperties":{"type":"integer","format":"int64","minimum":-62167219200,"maximum":253402300799}}`,
		"secret": `{"type":"string","format":"password"}`,
		"bytes":  `{"type":"string","format":"byte","contentEncoding":"base64"}`,
		"small":  `{"type":"integer","format":"int32","minimum":-9223372036854775808,"maximum":9223372036854775807}`,
		"money":  `{"type":"number","format":"decimal","minimum":-1.7976931348623157e+308,"maximum":1.7976931348623157e+308,"multipleOf":0.01}`,
		"n":      `{"type":"string","format":"int8","pattern":"^-?(0|[1-9][0-9]*)(\\.0+|(\\.[0-9]+)?[eE][-+]?[0-9]+)?$"}`,
		"u":      `{"type":"string","format":"uint64","pattern":"^(-?0|[1-9][0-9]*)(\\.0+|(\\.[0-9]+)?[eE][-+]?[0-9]+)?$"}`,
		"rat":    `{"type":["string","null"]}`,
		"int":    `{"type":["integer","null"]}`,
		"code":   `{"type":"string","format":"level","minLength":3,"maxLength":4}`,
	}
	assert.Equal(t, want, schemaOf(t, tenon.Routes{tenon.Get("/", answer[tenon.None, times])}, "times"))
	// Requests have limits for numbers of any size, and null for what holds it.
	want["http"] = strings.Replace(want["http"], `"array"`, `["array","null"]`, 1)
	want["unix"] = strings.Replace(want["unix"], `"object"`, `["object","null"]`, 1)
	want["bytes"] = strings.Replace(want["bytes"], `"string"`, `["string","null"]`, 1)
	want["rat"] = `{"type":["string","null"],"maxLength":4096}`
	want["int"] = `{"description":"At most 4096 characters","type":["integer","null"]}`
	assert.Equal(t, want, schemaOf(t, tenon.Routes{tenon.Post("/", answer[times, tenon.None])}, "times"))
}

func TestNew_textParameters(t *testing.T) {
	t.Parallel()
	type in struct {
		Int   big.Int   `query:"int"`
		Rat   *big.Rat  `query:"rat" maxLength:"10"`
		Code  []level   `query:"code" maxLength:"4"`
		Clock time.Time `query:"clock" format:"time"`
	}
	var doc struct {
		Paths map[string]map[string]struct {
			Parameters []struct {
				Schema json.RawMessage `json:"schema"`
			} `json:"parameters"`
		} `json:"paths"`
	}
	require.NoError(t, json.Unmarshal(newDocument(t, tenon.Routes{tenon.Get("/q", answer[in, tenon.None])}).JSON(), &doc))
	var got []string
	for _, p := range doc.Paths["/q"]["get"].Parameters {
		got = append(got, string(p.Schema))
	}
	assert.Equal(t, []string{
		`{"type":"string","maxLength":4096}`, `{"type":"string","maxLength":10}`, `{"type":"array","items":{"type":"string","maxLength":4}}`,
		`{"type":"string","pattern":"^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$"}`,
	}, got)
}

// sums has numbers that an answer may get wrong.
type sums struct {
	Two    float64   `json:"two" multipleOf:"2"`
	One    float64   `json:"one" multipleOf:"1"`
	Cent   float64   `json:"cent" multipleOf:"0.01"`
	Half   float64   `json:"half" multipleOf:"0.5"`
	Small  float32   `json:"small" multipleOf:"2"`
	Even   int64     `json:"even" multipleOf:"2"`
	Quoted int8      `json:"quoted,string"`
	Whole  uint16    `json:"whole,string"`
	Day    time.Time `json:"day" format:"date"`
	Unix   time.Time `json:"unix" format:"unix"`
}

// Verify refuses of an answer what bind refuses of a request.
func TestVerify_likeBind(t *testing.T) {
	t.Parallel()
	const fine = `{"two":2,"one":1,"cent":0.07,"half":0.5,"small":2,"even":2,"quoted":"1","whole":"1","day":"2026-01-02","unix":0}`
	binder := bind.For[sums]()
	doc := newDocument(t, tenon.Routes{tenon.Get("/", answer[tenon.None, sums])})
	for _, tc := range []struct {
		name      string
		good, bad []string
	}{
		{"two", []string{"0", "-4", "1e308", "9007199254740992", "9007199254740993"}, []string{"2251799813685249", "9007199254740991", "1.5"}},
		{"one", []string{"2251799813685247"}, []string{"2251799813685247.5", "1e-300"}},
		{"cent", []string{"0.07", "1.15", "4.35", "1070468.14", "1e300", "0"}, []string{"20000000000000.004", "0.005", "1e-300"}},
		{"half", []string{"1e308", "-0.5"}, []string{"0.25"}},
		{"small", []string{"4194304"}, []string{"4194305"}},
		{"even", []string{"9223372036854775806", "2e2"}, []string{"9223372036854775807", "1"}},
		{"quoted", []string{`"1e2"`, `"1.0"`, `"-0"`, `"-128"`, `"10e-1"`}, []string{`"1.5"`, `"1e-1"`, `"128"`, `"-129"`, `"1e3"`, `"+1"`, `"01"`, `""`, `1`, `"1 "`}},
		{"whole", []string{`"65535"`, `"-0"`, `"6.5e4"`}, []string{`"-1"`, `"65536"`, `"1e-1"`, `"-1e0"`}},
		{"day", []string{`"2024-02-29"`}, []string{`"2026-02-29"`, `"2026-01-02T00:00:00Z"`, `1`}},
		{"unix", []string{`1767366245`, `1e3`, `-1`}, []string{`"1"`, `1.5`, `253402300800`}},
	} {
		for i, text := range append(tc.good, tc.bad...) {
			var values map[string]json.RawMessage
			require.NoError(t, json.Unmarshal([]byte(fine), &values))
			values[tc.name] = json.RawMessage(text)
			body, err := json.Marshal(values)
			require.NoError(t, err)
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(string(body)))
			r.Header.Set("Content-Type", "application/json")
			_, refused := binder.Bind(r)
			var reports []string
			openapi.Verify(doc, func(err error) { reports = append(reports, err.Error()) })(sends(200, "application/json", string(body))).
				ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
			if i < len(tc.good) {
				require.NoError(t, refused, "bind: %s %s", tc.name, text)
				assert.Empty(t, reports, "Verify: %s %s", tc.name, text)
				continue
			}
			require.Error(t, refused, "bind: %s %s", tc.name, text)
			require.Len(t, reports, 1, "Verify: %s %s", tc.name, text)
			assert.Contains(t, reports[0], "#/"+tc.name+":")
		}
	}
}

// A handler's times are what the document says of them.
func TestVerify_timeForms(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, time.January, 2, 15, 4, 5, 6, time.FixedZone("", 3600))
	table := tenon.Routes{tenon.Get("/", func(context.Context, tenon.None) (times, error) {
		return times{
			Day: at, Clock: &at, Local: bind.Some(at), HTTP: []time.Time{at}, Unix: map[string]time.Time{"a": at}, N: 5, U: 6, Code: 3,
		}, nil
	})}
	mux := http.NewServeMux()
	table.Mount(mux)
	w := httptest.NewRecorder()
	openapi.Verify(newDocument(t, table), func(err error) { assert.NoError(t, err) })(mux).
		ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	text, err := io.ReadAll(w.Body)
	require.NoError(t, err)
	const want = `{"day":"2026-01-02","clock":"15:04:05","local":"2026-01-02T15:04:05","http":["Fri, 02 Jan 2026 14:04:05 GMT"],"unix":{"a":1767362645},"n":"5","u":"6","code":"xxx"}`
	assert.JSONEq(t, want, string(text))
}
