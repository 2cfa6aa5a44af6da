package bind_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

type (
	statusBody struct {
		Name  string            `json:"name"            minLength:"2"`
		Count int8              `json:"count,omitempty" maximum:"9"`
		Inner *statusBody       `json:"inner,omitempty"`
		More  map[string]string `json:"more,omitempty"`
	}
	statusIn struct {
		N    int               `query:"n,optional" minimum:"1"`
		Meta map[string]string `query:"meta,deep"`
		Who  string            `cookie:"who,optional"`
		Body statusBody        `body:"json"`
	}
	statusForm struct {
		Title string    `form:"title"`
		File  bind.File `form:"file,optional" maxSize:"2"`
	}
	// openInput refuses in several ways.
	openInput struct {
		How string `query:"how"`
	}
)

func (in openInput) Validate() error {
	switch in.How {
	case "text":
		return errors.New("must be otherwise")
	case "fields":
		return &bind.Error{Fields: []respond.FieldError{{In: "query", Name: "how", Code: "odd"}}}
	case "malformed":
		return &bind.Error{Fields: []respond.FieldError{{In: "query", Name: "how", Code: "syntax"}}}
	case "status":
		return &bind.Error{Status: 409}
	case "problem":
		return respond.NewProblem(410, "")
	case "nil":
		return (*bind.Error)(nil)
	}
	return nil
}

// TestInvalidStatus holds which faults are those of a request that is well-formed.
func TestInvalidStatus(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, path, contentType, body string
		header                        http.Header
		want                          int
		codes                         string
	}{
		{"required", "/json", "application/json", `{}`, nil, 422, "required"},
		{"type", "/json", "application/json", `{"name":1}`, nil, 422, "type"},
		{"null", "/json", "application/json", `{"name":null}`, nil, 422, "null"},
		{"rule", "/json", "application/json", `{"name":"a"}`, nil, 422, "minLength"},
		{"range", "/json", "application/json", `{"name":"ab","count":1000}`, nil, 422, "range"},
		{"unknown", "/json", "application/json", `{"name":"ab","else":1}`, nil, 422, "unknown"},
		{"of a parameter", "/json?n=0", "application/json", `{"name":"ab"}`, nil, 422, "minimum"},
		{"several", "/json?n=x", "application/json", `{"name":"a","else":1}`, nil, 422, "type minLength unknown"},
		{"unknown pair", "/json?m=1", "application/json", `{"name":"ab"}`, nil, 422, "unknown"},
		{"empty body", "/json", "application/json", "", nil, 400, "required"},
		{"syntax", "/json", "application/json", `{"name":`, nil, 400, "syntax"},
		{"trailing", "/json", "application/json", `{"name":"ab"}{`, nil, 400, "syntax"},
		{"duplicate", "/json", "application/json", `{"name":"ab","name":"ab"}`, nil, 400, "duplicate"},
		{"depth", "/json", "application/json", strings.Repeat(`{"inner":`, 20000), nil, 400, "depth"},
		{"not UTF-8", "/json", "application/json", "{\"name\":\"\xff\xff\"}", nil, 400, "syntax"},
		{"escape", "/json?n=%zz", "application/json", `{"name":"ab"}`, nil, 400, "syntax"},
		{"pairs", "/json?" + strings.Repeat("&n=1", 10001), "application/json", `{"name":"ab"}`, nil, 400, "pairs"},
		{"entries", "/json?" + manyEntries(), "application/json", `{"name":"ab"}`, nil, 400, "entries"},
		{"cookies", "/json", "application/json", `{"name":"ab"}`, http.Header{"Cookie": {strings.Repeat("a=b;", 3001)}}, 400, "cookies"},
		{"one of them", "/json?n=0", "application/json", `{"name":"a"`, nil, 400, "minimum minLength syntax"},
		{"media type", "/json", "text/plain", `{"name":"ab"}`, nil, 415, ""},
		{"too large", "/json", "application/json", `{"name":"` + strings.Repeat("a", 1<<20) + `"}`, nil, 413, ""},
		{"user's format", "/json", "application/x-odd", "odd", nil, 400, "syntax"},
		{"form", "/form", "application/x-www-form-urlencoded", "a=b", nil, 422, "required"},
		{"empty form", "/form", "application/x-www-form-urlencoded", "", nil, 422, "required"},
		{"file", "/form", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\na\r\n--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\nabc\r\n--x--\r\n", nil, 422, "maxSize"},
		{"boundary", "/form", "multipart/form-data", "--x--", nil, 400, "boundary"},
		{"headers", "/form", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: inline\r\n\r\na\r\n--x--\r\n", nil, 400, "headers"},
		{"cut", "/form", "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\na", nil, 400, "syntax"},
		{"text of Validate", "/open?how=text", "", "", nil, 422, ""},
		{"fields of Validate", "/open?how=fields", "", "", nil, 422, "odd"},
		{"malformed by Validate", "/open?how=malformed", "", "", nil, 400, "syntax"},
		{"status of Validate", "/open?how=status", "", "", nil, 409, ""},
		{"problem of Validate", "/open?how=problem", "", "", nil, 410, ""},
		{"nil of Validate", "/open?how=nil", "", "", nil, 204, ""},
		{"option Validate", "/refusing?how=x", "", "", nil, 422, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, tc.path, strings.NewReader(tc.body))
			r.Header = tc.header.Clone()
			if r.Header == nil {
				r.Header = http.Header{}
			}
			r.Header.Set("Content-Type", tc.contentType)
			w := httptest.NewRecorder()
			statusService().ServeHTTP(w, r)
			assert.Equal(t, tc.want, w.Code, w.Body)
			var codes []string
			for _, part := range strings.Split(w.Body.String(), `"code":"`)[1:] {
				code, _, _ := strings.Cut(part, `"`)
				codes = append(codes, code)
			}
			assert.Equal(t, tc.codes, strings.Join(codes, " "))
		})
	}
	kittest.Serve(t, statusService(), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		got := s.Do(t, http.MethodPost, "/json", strings.NewReader(`{}`), http.Header{"Content-Type": {"application/json"}})
		assert.JSONEq(t, `{"type":"about:blank","title":"Unprocessable Entity","status":422,"detail":"1 field is invalid","errors":[{"in":"body","pointer":"#/name","code":"required","detail":"is required"}]}`, got.Text)
	})
}

func manyEntries() string {
	var query strings.Builder
	for i := range 1001 {
		query.WriteString("&meta[k" + strconv.Itoa(i) + "]=v")
	}
	return query.String()
}

func statusService() http.Handler {
	odd := bind.Format{Type: "application/x-odd", Decode: func(io.Reader, any) error { return errors.New("odd") }}
	mux := http.NewServeMux()
	invalid := bind.InvalidStatus(422)
	mux.Handle("POST /json", bind.Func(func(w http.ResponseWriter, _ *http.Request, _ statusIn) { w.WriteHeader(204) }, invalid, bind.Strict(), bind.Formats(odd)))
	mux.Handle("POST /form", bind.Func(func(w http.ResponseWriter, _ *http.Request, _ statusForm) { w.WriteHeader(204) }, invalid))
	mux.Handle("POST /open", bind.Func(func(w http.ResponseWriter, _ *http.Request, _ openInput) { w.WriteHeader(204) }, invalid))
	mux.Handle("POST /refusing", bind.Func(func(w http.ResponseWriter, _ *http.Request, _ openInput) { w.WriteHeader(204) }, invalid,
		bind.ValidateFunc(func(*openInput) error { return errors.New("must not be") })))
	return mux
}

// TestInvalidStatus_onBodyError holds that the function sees the status of the answer.
func TestInvalidStatus_onBodyError(t *testing.T) {
	t.Parallel()
	var seen []int
	b := bind.For[statusBody](bind.InvalidStatus(422), bind.OnBodyError(func(err error, _ []byte) error {
		fault, ok := errors.AsType[*bind.Error](err)
		require.True(t, ok)
		seen = append(seen, fault.Status)
		return nil
	}))
	for _, body := range []string{`{}`, `{`, ``} {
		_, err := b.Bind(jsonRequest(body))
		require.Error(t, err)
	}
	assert.Equal(t, []int{422, 400, 400}, seen)
}

func TestInvalidStatus_faults(t *testing.T) {
	t.Parallel()
	for _, code := range []int{0, 200, 399, 500} {
		assert.Panics(t, func() { bind.For[struct{}](bind.InvalidStatus(code)) })
	}
	assert.NotPanics(t, func() { bind.For[struct{}](bind.InvalidStatus(400), bind.InvalidStatus(499)) })
}
