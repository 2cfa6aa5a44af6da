package bind_test

import (
	"bytes"
	"errors"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/textproto"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
)

type (
	formMeta struct {
		Tags []string `json:"tags" maxItems:"2"`
		Rank int      `json:"rank" default:"1" minimum:"1"`
		Note string   `json:"note,omitempty"`
	}
	formJSON struct {
		Title string           `form:"title"`
		Meta  formMeta         `form:"meta,json"`
		List  []int            `form:"list,json" maxItems:"3" maximum:"9"`
		Opt   bind.Opt[string] `form:"opt,json" minLength:"2"`
		Extra *formMeta        `form:"extra,json"`
		Free  any              `form:"free,json,optional"`
	}
)

func (m formMeta) Validate() error {
	switch m.Note {
	case "bad":
		return errors.New("must be polite")
	case "placed":
		return bind.Valid(formMeta{Tags: []string{"a", "b", "c"}})
	}
	return nil
}

// TestBind_formJSON holds that a JSON value in a form is read as one in a body, in both
// encodings, and that its errors have the name of the field and a pointer.
func TestBind_formJSON(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		fields map[string]string
		want   formJSON
		errs   []string
	}{
		{
			"all",
			map[string]string{
				"title": "t", "meta": ` {"tags":["a"],"rank":2}`, "list": "[1,1e0]", "opt": `"ab"`, "extra": `{"tags":[]}`, "free": `{"a":[true]}`,
			},
			formJSON{
				"t",
				formMeta{[]string{"a"}, 2, ""},
				[]int{1, 1},
				some("ab"), &formMeta{[]string{}, 1, ""},
				map[string]any{"a": []any{true}},
			},
			nil,
		},
		{
			"what may be missing",
			map[string]string{"title": "t", "meta": `{"tags":["a"]}`, "list": "[]", "opt": "", "free": ""},
			formJSON{Title: "t", Meta: formMeta{[]string{"a"}, 1, ""}, List: []int{}},
			nil,
		},
		{
			"null",
			map[string]string{"title": "t", "meta": `{"tags":null}`, "list": "null", "opt": "null", "extra": "null"},
			formJSON{Title: "t", Meta: formMeta{nil, 1, ""}, Opt: bind.Null[string]()},
			nil,
		},
		{"missing", map[string]string{"title": "t", "meta": ""}, formJSON{}, []string{"form meta  required", "form list  required"}},
		{
			"in the order of declaration",
			map[string]string{"meta": `{"tags":["a","b","c"],"rank":0}`, "list": `[1,"x",10]`, "opt": `"a"`, "extra": "7"},
			formJSON{},
			[]string{
				"form title  required", "form meta #/tags maxItems", "form meta #/rank minimum", "form list #/1 type", "form list #/2 maximum",
				"form opt # minLength", "form extra # type",
			},
		},
		{"no JSON", map[string]string{"title": "t", "meta": `{"tags":[],}`, "list": `[1]x`}, formJSON{}, []string{"form meta # syntax", "form list # syntax"}},
		{"Validate", map[string]string{"title": "t", "meta": `{"tags":[],"note":"bad"}`, "list": `[]`}, formJSON{}, []string{"form meta # invalid"}},
		{"an Error of Validate", map[string]string{"title": "t", "meta": `{"tags":[],"note":"placed"}`, "list": `[]`}, formJSON{}, []string{"form meta #/tags maxItems", "form meta #/rank minimum"}},
		{"Validate comes last", map[string]string{"meta": `{"tags":[],"note":"bad"}`, "list": `[]`}, formJSON{}, []string{"form title  required"}},
	} {
		for encoding, r := range map[string]*http.Request{"urlencoded": urlencodedOf(tc.fields), "multipart": blobsOf(t, tc.fields)} {
			got, err := bind.Request[formJSON](r)
			if tc.errs == nil {
				require.NoError(t, err, "%s %s", tc.name, encoding)
				assert.Equal(t, tc.want, got, "%s %s", tc.name, encoding)
				continue
			}
			refused, ok := errors.AsType[*bind.Error](err)
			require.True(t, ok, "%s %s: %v", tc.name, encoding, err)
			var found []string
			for _, f := range refused.Fields {
				found = append(found, strings.Join([]string{f.In, f.Name, f.Pointer, f.Code}, " "))
			}
			assert.Equal(t, tc.errs, found, "%s %s", tc.name, encoding)
		}
	}
}

func urlencodedOf(fields map[string]string) *http.Request {
	values := url.Values{}
	for name, value := range fields {
		values.Set(name, value)
	}
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(values.Encode()))
	r.Header.Set("Content-Type", urlencoded)
	return r
}

// blobsOf sends the fields as FormData sends a Blob of application/json.
func blobsOf(t *testing.T, fields map[string]string) *http.Request {
	t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, value := range fields {
		part, err := w.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {`form-data; name="` + name + `"; filename="blob"`}, "Content-Type": {"application/json"},
		})
		require.NoError(t, err)
		_, err = part.Write([]byte(value))
		require.NoError(t, err)
	}
	require.NoError(t, w.Close())
	r := httptest.NewRequest(http.MethodPost, "/", &body)
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r
}

// Strict reaches into the JSON, and the first value of a name counts.
func TestBind_formJSONStrict(t *testing.T) {
	t.Parallel()
	type in struct {
		Meta formMeta `form:"meta,json"`
	}
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(`meta={"tags":[],"x":1}&meta=y`))
	r.Header.Set("Content-Type", urlencoded)
	_, err := bind.For[in](bind.Strict()).Bind(r)
	require.EqualError(t, err, `bind: form "meta" #/x: is not a known name`)
}

func TestBind_formJSONFaults(t *testing.T) {
	t.Parallel()
	panicked := declared[struct {
		A int       `form:"a,json" default:"1"`
		B []int     `form:"b,json,csv"`
		C bind.File `form:"c,json"`
		D int       `query:"d,json"`
		E chan int  `form:"e,json"`
		F struct {
			G int `json:"g" minLength:"1"`
		} `form:"f,json"`
	}]()
	for _, want := range []string{
		`struct.A has default:"1", which does not apply to a field with the option json`,
		"struct.B has both csv and json: use one",
		"struct.C has the option json, but takes a file: remove the option",
		`struct.D has an unknown query option "json": use optional, csv or deep`,
		"struct.E has type chan int, which no JSON value can be read into",
		`struct.F.G has minLength:"1", which does not apply to type int`,
	} {
		assert.Contains(t, panicked, want)
	}
}
