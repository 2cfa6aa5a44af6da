package bind_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/json"
)

// The picky types refuse their zero value, which nobody has to send. Each has
// another kind.
type (
	pickyString string
	pickyInt    int
	pickyFloat  float64
	pickyBool   bool
	pickyStruct struct {
		A int `json:"a,omitempty"`
	}
	pickyPointer struct {
		A int `json:"a,omitempty"`
	}
	pickySlice []string
	pickyMap   map[string]int
	pickyArray [2]int
	pickyBytes []byte
	pickyTime  struct{ time.Time }
	pickyText  struct{ text string }
)

var errZero = errors.New("must not be zero")

func refuseIf(zero bool) error {
	if zero {
		return errZero
	}
	return nil
}

func (v pickyString) Validate() error   { return refuseIf(v == "") }
func (v pickyInt) Validate() error      { return refuseIf(v == 0) }
func (v pickyFloat) Validate() error    { return refuseIf(v == 0) }
func (v pickyBool) Validate() error     { return refuseIf(!bool(v)) }
func (v pickyStruct) Validate() error   { return refuseIf(v.A == 0) }
func (v *pickyPointer) Validate() error { return refuseIf(v.A == 0) }
func (v pickySlice) Validate() error    { return refuseIf(len(v) == 0) }
func (v *pickyMap) Validate() error     { return refuseIf(len(*v) == 0) }
func (v pickyArray) Validate() error    { return refuseIf(v[0] == 0) }
func (v pickyBytes) Validate() error    { return refuseIf(len(v) == 0) }
func (v pickyTime) Validate() error     { return refuseIf(v.IsZero()) }
func (v *pickyText) Validate() error    { return refuseIf(v.text == "") }

func (v *pickyText) UnmarshalText(text []byte) error {
	v.text = string(text)
	return nil
}

// A sentCase is a zero value that may be sent for a picky type, and one that holds.
type sentCase struct {
	run        func(t *testing.T, zero, good string)
	zero, good string
}

// A sentIn has a picky value that may be missing, in each place of a body.
type sentIn[T any] struct {
	Here   T `json:"here,omitzero"`
	Inside struct {
		V T `json:"v,omitzero"`
	} `json:"inside,omitzero"`
	List    []sentItem[T]          `json:"list,omitempty"`
	Array   [1]sentItem[T]         `json:"array,omitzero"`
	Map     map[string]sentItem[T] `json:"map,omitempty"`
	Pointer *T                     `json:"pointer"`
	Opt     bind.Opt[T]            `json:"opt"`
	Values  []T                    `json:"values,omitempty"`
	ByName  map[string]T           `json:"byName,omitempty"`
	*SentEmbedded[T]
}

type sentItem[T any] struct {
	V T `json:"v,omitempty"`
	W int
}

type SentEmbedded[T any] struct {
	Below  T   `json:"below,omitempty"`
	Beside int `json:"beside,omitempty"`
}

// A sentBody holds the same as the body of an In with parameters.
type sentBody[T any] struct {
	ID   int       `query:"id,optional"`
	Body sentIn[T] `body:"json"`
}

func sentTo[T any](t *testing.T, zero, good string) {
	t.Helper()
	refused := func(places ...string) (list []string) {
		for _, place := range places {
			list = append(list, place+" invalid: must not be zero")
		}
		return list
	}
	for _, tc := range []struct {
		body string // V is the value
		want []string
	}{
		{`{}`, nil},
		{`{"inside":{},"list":[{"W":1}],"array":[{"W":1}],"map":{"a":{"W":2}},"values":[],"byName":{},"beside":1}`, nil},
		{`{"pointer":null,"opt":null}`, nil},
		{`{"here":V}`, refused("#/here")},
		{`{"inside":{"v":V}}`, refused("#/inside/v")},
		{`{"list":[{"W":1},{"W":1,"v":V}]}`, refused("#/list/1/v")},
		{`{"array":[{"v":V,"W":0}]}`, refused("#/array/0/v")},
		{`{"map":{"a":{"W":1},"b":{"v":V,"W":1}}}`, refused("#/map/b/v")},
		{`{"pointer":V,"opt":V}`, refused("#/pointer", "#/opt")},
		{`{"values":[G,V],"byName":{"a":G,"b":V}}`, refused("#/values/1", "#/byName/b")},
		{`{"below":V}`, refused("#/below")},
		{`{"here":G,"list":[{"v":G,"W":1}],"below":G}`, nil},
		{`{"here":V,"list":[{"v":V}]}`, []string{"#/list/0/W required: is required"}},
	} {
		body := strings.NewReplacer("V", zero, "G", good).Replace(tc.body)
		assert.Equal(t, tc.want, bodyErrors[sentIn[T]](t, body), body)
		assert.Equal(t, tc.want, bodyErrors[sentBody[T]](t, body), body)
		// Another format cannot tell what was sent: a zero value counts as absent.
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"list":[{"W":1}],"below":`+good+`}`))
		r.Header.Set("Content-Type", "application/other")
		_, err := bind.For[sentIn[T]](bind.Formats(otherJSON())).Bind(r)
		require.NoError(t, err)
	}
}

// otherJSON is JSON under another name, read by the engine.
func otherJSON() bind.Format {
	return bind.Format{Type: "application/other", Decode: func(r io.Reader, v any) error {
		data, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		return json.Unmarshal(data, v)
	}}
}

// A Validate method looks at what was sent, and at all of that.
func TestValidate_sent(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]sentCase{
		"string":           {run: sentTo[pickyString], zero: `""`, good: `"a"`},
		"integer":          {run: sentTo[pickyInt], zero: `0`, good: `1`},
		"float":            {run: sentTo[pickyFloat], zero: `0.0`, good: `1`},
		"bool":             {run: sentTo[pickyBool], zero: `false`, good: `true`},
		"struct":           {run: sentTo[pickyStruct], zero: `{}`, good: `{"a":1}`},
		"pointer receiver": {run: sentTo[pickyPointer], zero: `{"a":0}`, good: `{"a":1}`},
		"slice":            {run: sentTo[pickySlice], zero: `[]`, good: `["a"]`},
		"map":              {run: sentTo[pickyMap], zero: `{}`, good: `{"a":1}`},
		"array":            {run: sentTo[pickyArray], zero: `[0,1]`, good: `[1,0]`},
		"bytes":            {run: sentTo[pickyBytes], zero: `""`, good: `"YQ=="`},
		"time wrapper":     {run: sentTo[pickyTime], zero: `"0001-01-01T00:00:00Z"`, good: `"2006-01-02T15:04:05Z"`},
		"text":             {run: sentTo[pickyText], zero: `""`, good: `"a"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tc.run(t, tc.zero, tc.good)
		})
	}
}

// Keys of maps are checked like their values.
func TestValidate_keys(t *testing.T) {
	t.Parallel()
	type rest struct {
		A    int              `json:"a,omitempty"`
		Rest map[pickyKey]int `json:",embed"`
	}
	type nested struct {
		M map[pickyKey][]map[pickyInt]pickyString `json:"m"`
	}
	for _, tc := range []bodyCase{
		{bodyErrors[map[pickyKey]int], `{"1":1}`, nil},
		{bodyErrors[map[pickyKey]int], `{"0":1,"1":1}`, []string{"# invalid: must not be zero"}},
		{bodyErrors[map[pickyInt]int], `{"0":1}`, []string{"# invalid: must not be zero"}},
		{bodyErrors[map[pickyKeyText]int], `{"no":1}`, []string{"# invalid: must not be zero"}},
		{bodyErrors[map[pickyKey]pickyInt], `{"0":0}`, []string{"# invalid: must not be zero", "#/0 invalid: must not be zero"}},
		{bodyErrors[nested], `{"m":{"a":[{"1":"x"},{"0":""}]}}`, []string{"#/m/a/1 invalid: must not be zero", "#/m/a/1/0 invalid: must not be zero"}},
		{bodyErrors[rest], `{"a":0,"1":2}`, nil},
		{bodyErrors[rest], `{"a":0,"0":2}`, []string{"# invalid: must not be zero"}},
		{bodyErrors[map[pickyKey]int], `{"0":"x"}`, []string{"#/0 type: must be an integer"}},
	} {
		tc.run(t)
	}
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`{"b":1,"0":0,"a":0}`))
	r.Header.Set("Content-Type", "application/other")
	_, err := bind.For[map[pickyKey]pickyInt](bind.Formats(otherJSON())).Bind(r)
	require.EqualError(t, err, "bind: body #: must not be zero; body #/0: must not be zero; body #/a: must not be zero")
}

// A pickyKeyText is a key that reads itself and checks itself through a pointer.
type pickyKeyText struct{ text string } //nolint:recvcheck // keys are written by value and read through a pointer

func (k *pickyKeyText) UnmarshalText(text []byte) error {
	k.text = string(text)
	return nil
}

func (k pickyKeyText) MarshalText() ([]byte, error) { return []byte(k.text), nil }

func (k *pickyKeyText) Validate() error { return refuseIf(k.text == "no") }

// A whole body that is no JSON checks itself too.
func TestValidate_text(t *testing.T) {
	t.Parallel()
	type text struct {
		Body pickyKey `body:"text"`
	}
	type raw struct {
		Body *pickyDeepBytes `body:"bytes"`
	}
	for _, tc := range []struct {
		err  error
		want string
	}{
		{boundFrom[text]("1"), ""},
		{boundFrom[text]("0"), "bind: body: must not be zero"},
		{boundFrom[raw]("1"), ""},
		{boundFrom[raw](""), ""},
		{boundFrom[raw]("0"), "bind: body: must not be zero"},
	} {
		if tc.want == "" {
			require.NoError(t, tc.err)
			continue
		}
		require.EqualError(t, tc.err, tc.want)
	}
}

type pickyDeepBytes []byte

func (b pickyDeepBytes) Validate() error { return refuseIf(string(b) == "0") }

func boundFrom[T any](body string) error {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "text/plain")
	_, err := bind.For[T]().Bind(r)
	return err
}

// A default is checked at start-up, as that of a parameter is.
func TestValidate_default(t *testing.T) {
	t.Parallel()
	type params struct {
		B []pickyInt `query:"b" default:"1,0"`
		E pickySlice `query:"e" default:""`
	}
	type good struct {
		A pickyInt `json:"a" default:"1"`
	}
	assert.Equal(t, strings.Join([]string{
		"bind: bind_test.params cannot be bound:",
		`params.B has default:"1,0": it must not be zero`,
		`params.E has default:"": it must not be zero`,
	}, "\n\t"), declared[params]())
	in, err := bind.For[good]().Bind(jsonRequest(`{}`))
	require.NoError(t, err)
	assert.Equal(t, pickyInt(1), in.A)
	assert.Equal(t, strings.Join([]string{
		"bind: bind_test.badJSONDefaults cannot be bound:",
		`badJSONDefaults.A has default:"0": it must not be zero`,
		`badJSONDefaults.B has default:"1,0": it must not be zero`,
		`badJSONDefaults.C has default:"": it must not be zero`,
		`badJSONDefaults.E has default:"": it must not be zero`,
	}, "\n\t"), declared[badJSONDefaults]())
}

type badJSONDefaults struct {
	A pickyInt     `json:"a" default:"0"`
	B []pickyInt   `json:"b" default:"1,0"`
	C *pickyString `json:"c" default:""`
	E pickySlice   `json:"e" default:""`
}
