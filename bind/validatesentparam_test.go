package bind_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
)

type (
	// A sentForm comes as JSON or as a form.
	sentForm struct {
		Body struct {
			G pickyString  `json:"g,omitempty"`
			N pickyInt     `json:"n,omitempty"`
			L []pickyInt   `json:"l,omitempty"`
			P *pickyString `json:"p"`
			T pickyTime    `json:"t,omitzero"`
			S pickySlice   `json:"s,omitempty"`
			D pickyString  `json:"d" default:"x"`
		} `body:"json,form"`
	}
	// A sentParams has the same in parameters.
	sentParams struct {
		G pickyString           `query:"g,optional"`
		N pickyInt              `query:"n,optional"`
		L []pickyInt            `query:"l"`
		S pickySlice            `query:"s"`
		M pickyDeep             `query:"m,deep"`
		K map[pickyKey]pickyInt `query:"k,deep"`
		P map[string]*pickyInt  `query:"p,deep"`
		D pickyDeepStruct       `query:"d,deep,optional"`
		E pickyDeepDefault      `query:"e,deep"`
		H pickyString           `header:"X-H,optional"`
		C bind.Opt[pickyString] `cookie:"c"`
		O *pickyString          `query:"o"`
	}
	pickyDeep       map[string]int
	pickyKey        string
	pickyDeepStruct struct {
		A int `query:"a,optional"`
		B int `query:"b,optional"`
	}
	pickyDeepDefault struct {
		A int `query:"a" default:"0"`
	}
)

func (v pickyDeep) Validate() error        { return refuseIf(len(v) == 1) }
func (v pickyKey) Validate() error         { return refuseIf(v == "0") }
func (v pickyDeepStruct) Validate() error  { return refuseIf(v.A == 0) }
func (v pickyDeepDefault) Validate() error { return refuseIf(v.A == 9) }

func TestValidate_sentForm(t *testing.T) {
	t.Parallel()
	h := answers(func(sentForm) string { return "ok" })
	for body, want := range map[string]string{
		"other=1":                "ok",
		"g=":                     `400 form "g": invalid`,
		"g=a&n=0":                `400 form "n": invalid`,
		"n=":                     "ok", // empty text is no number
		"l=1&l=0":                `400 form "l": invalid`,
		"p=":                     `400 form "p": invalid`,
		"p=a&s=x":                "ok",
		"t=0001-01-01T00:00:00Z": `400 form "t": invalid`,
		"g=&n=x":                 `400 form "n": type`,
	} {
		for _, contentType := range []string{urlencoded, multi} {
			text := body
			if contentType == multi {
				text = multipartOf(body)
			}
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(text))
			r.Header = typed(contentType)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			assert.Equal(t, want, w.Body.String(), body)
		}
	}
}

func TestValidate_sentParams(t *testing.T) {
	t.Parallel()
	binder := bind.For[sentParams]()
	for query, want := range map[string]string{
		"":                     "",
		"g=":                   `bind: query "g": must not be zero`,
		"n=0":                  `bind: query "n": must not be zero`,
		"n=":                   "",
		"l=1&l=0":              `bind: query "l": must not be zero`,
		"s=a":                  "",
		"m[a]=1":               `bind: query "m": must not be zero`,
		"m[a]=1&m[b]=1":        "",
		"k[0]=1":               `bind: query "k[0]": must not be zero`,
		"k[2]=0&k[1]=0&k[3]=1": `bind: query "k[1]": must not be zero; query "k[2]": must not be zero`,
		"p[a]=0":               `bind: query "p[a]": must not be zero`,
		"d[b]=1":               "bind: must not be zero",
		"d[a]=0":               "bind: must not be zero",
		"d[a]=1":               "",
		"e[a]=9":               "bind: must not be zero",
		"o=":                   `bind: query "o": must not be zero`,
		"g=&n=x":               `bind: query "n": must be an integer`,
	} {
		_, err := binder.Bind(queryRequest(query))
		if want == "" {
			require.NoError(t, err, query)
			continue
		}
		require.EqualError(t, err, want, query)
	}
	r := queryRequest("")
	r.Header["X-H"] = []string{""}
	r.Header["Cookie"] = []string{"c="}
	_, err := binder.Bind(r)
	require.EqualError(t, err, `bind: header "X-H": must not be zero; cookie "c": must not be zero`)
}

// A trimmed is stored as its Validate method leaves it, wherever it is.
type trimmed string

func (s *trimmed) Validate() error {
	*s = trimmed(strings.TrimSpace(string(*s)))
	return refuseIf(*s == "")
}

func TestValidate_stores(t *testing.T) {
	t.Parallel()
	type body struct {
		A trimmed            `json:"a"`
		B []trimmed          `json:"b"`
		C map[string]trimmed `json:"c"`
		D *trimmed           `json:"d" default:" d "`
	}
	got, err := bind.For[body]().Bind(jsonRequest(`{"a":" a ","b":[" b "],"c":{"c":" c "}}`))
	require.NoError(t, err)
	d := trimmed("d")
	assert.Equal(t, body{"a", []trimmed{"b"}, map[string]trimmed{"c": "c"}, &d}, got)
	type params struct {
		A trimmed            `path:"a"`
		B []trimmed          `query:"b"`
		C map[string]trimmed `query:"c,deep"`
		D trimmed            `header:"D"`
	}
	r := queryRequest("b=+b&c[c]=+c")
	r.SetPathValue("a", " a")
	r.Header["D"] = []string{"d "}
	sent, err := bind.For[params]().Bind(r)
	require.NoError(t, err)
	assert.Equal(t, params{"a", []trimmed{"b"}, map[string]trimmed{"c": "c"}, "d"}, sent)

	// Of path values alone, too.
	type path struct {
		A trimmed `path:"a"`
	}
	r.SetPathValue("a", " ")
	_, err = bind.For[path]().Bind(r)
	require.EqualError(t, err, `bind: path "a": must not be zero`)
}

// A Validate method is not asked about a request that is refused anyway.
func TestValidate_last(t *testing.T) {
	t.Parallel()
	type in struct {
		N    int `query:"n" minimum:"3"`
		Body struct {
			G pickyString `json:"g"`
			S pickySlice  `json:"s"`
		} `body:"json"`
	}
	binder := bind.For[in]()
	r := jsonRequest(`{"g":"","s":null}`)
	r.URL.RawQuery = "n=1"
	_, err := binder.Bind(r)
	require.EqualError(t, err, `bind: query "n": must be at least 3`)
	r = jsonRequest(`{"g":"","s":null}`)
	r.URL.RawQuery = "n=3"
	_, err = binder.Bind(r)
	require.EqualError(t, err, "bind: body #/g: must not be zero; body #/s: must not be zero")
}
