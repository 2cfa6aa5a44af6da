package bind_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

// An everySource has a parameter of each source, declared in another order than
// the one in which errors come.
type everySource struct {
	Theme string   `cookie:"theme" enum:"light,dark"`
	Token string   `header:"X-Token" minLength:"40"`
	Page  int      `query:"page" minimum:"1"`
	Pk    int      `path:"pk"`
	Tags  []string `query:"tag" maxItems:"1"`
}

func TestError_orderAndText(t *testing.T) {
	t.Parallel()
	h := bind.Func(func(http.ResponseWriter, *http.Request, everySource) { t.Error("called") })
	mux := http.NewServeMux()
	mux.Handle("GET /{pk}", h)
	kittest.ServeBehind(t, mux, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		got := s.Do(t, http.MethodGet, "/five?page=0&tag=a&tag=b", nil, http.Header{"Cookie": {"theme=pink"}})
		assert.Equal(t, 400, got.StatusCode)
		assert.Equal(t, //nolint:testifylint // the order of the members is part of it
			`{"type":"about:blank","title":"Bad Request","status":400,"detail":"5 fields are invalid","errors":[`+
				`{"in":"path","name":"pk","code":"type","detail":"must be an integer"},`+
				`{"in":"query","name":"page","code":"minimum","limit":"1","detail":"must be at least 1"},`+
				`{"in":"query","name":"tag","code":"maxItems","limit":"1","detail":"must have at most 1 item"},`+
				`{"in":"header","name":"X-Token","code":"required","detail":"is required"},`+
				`{"in":"cookie","name":"theme","code":"enum","limit":"light,dark","detail":"must be one of light, dark"}]}`, got.Text)
	})
}

func TestError(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		err          bind.Error
		status       int
		text, detail string
	}{
		{bind.Error{}, 400, "bind: bad request", "bad request"},
		{bind.Error{Status: 413}, 413, "bind: request entity too large", "request entity too large"},
		{bind.Error{Fields: []respond.FieldError{{In: "query", Name: "a", Detail: "is wrong"}}}, 400, `bind: query "a": is wrong`, "1 field is invalid"},
		{
			bind.Error{Status: 422, Fields: []respond.FieldError{{In: "body", Pointer: "#/a", Detail: "is wrong"}, {In: "body", Detail: "is required"}}},
			422, "bind: body #/a: is wrong; body: is required", "2 fields are invalid",
		},
	} {
		require.EqualError(t, &tc.err, tc.text)
		assert.Equal(t, tc.detail, tc.err.Detail())
		assert.Equal(t, tc.status, tc.err.StatusCode())
		p := tc.err.Problem()
		assert.Equal(t, tc.status, p.Status)
		assert.Equal(t, tc.detail, p.Detail)
		assert.Equal(t, tc.err.Fields, p.Errors)
		require.NoError(t, tc.err.Unwrap())
	}
}

type (
	invalid     = bind.Error // whose method Error would be hidden by a field of that name
	movedError  struct{ *invalid }
	codedError  struct{ *invalid }
	hidingError struct{ invalid }
)

func (movedError) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusSeeOther)
}

func (codedError) Problem() *respond.Problem { return respond.Conflict("") }

func (*hidingError) Unwrap() error { return respond.NotFound("") }

// TestError_embedded holds that an error which embeds an Error is answered by its own
// methods.
func TestError_embedded(t *testing.T) {
	t.Parallel()
	refused := &bind.Error{Status: http.StatusUnprocessableEntity, Fields: []respond.FieldError{{In: "query", Name: "page"}}}
	for _, tc := range []struct {
		err    error
		status int
	}{
		{refused, 422},
		{fmt.Errorf("wrapped: %w", refused), 422},
		{errors.Join(refused, respond.NotFound("")), 404},
		{movedError{refused}, 303},
		{codedError{refused}, 409},
		{&hidingError{*refused}, 404},
		{(*bind.Error)(nil), 500},
		{(*hidingError)(nil), 500},
		{errors.Join((*hidingError)(nil), refused), 422},
		{struct{ *invalid }{refused}, 422},
	} {
		w := httptest.NewRecorder()
		respond.Error(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody), tc.err)
		assert.Equal(t, tc.status, w.Code, "%T", tc.err)
		if tc.status == 422 {
			assert.Contains(t, w.Body.String(), `"name":"page"`, "%T", tc.err)
		}
	}
}

// An answer holds at most 32 errors, whatever the number of fields.
func TestError_atMost32(t *testing.T) {
	t.Parallel()
	type ten struct {
		A int `query:"a"`
		B int `query:"b"`
		C int `query:"c"`
		D int `query:"d"`
		E int `query:"e"`
	}
	type in struct {
		One   ten `query:"one,deep"`
		Two   ten `query:"two,deep"`
		Three ten `query:"three,deep"`
		Four  ten `query:"four,deep"`
		Five  ten `query:"five,deep"`
		Six   ten `query:"six,deep"`
		Seven ten `query:"seven,deep"`
	}
	_, err := bind.Request[in](queryRequest(""))
	faults := faultsOf(t, err)
	assert.Len(t, faults, 32)
	assert.Equal(t, "seven[b] required", faults[31])
	_, err = bind.For[struct {
		A int `query:"a,optional"`
	}](bind.Strict()).Bind(queryRequest(strings.Repeat("x=1&", 100)))
	assert.Len(t, faultsOf(t, err), 32)
}

const marker = "MaRkEr5EcReT"

// No error repeats a value that the client sent.
func TestError_neverTheValue(t *testing.T) {
	t.Parallel()
	type in struct {
		Int    int               `query:"int"`
		Uint   uint8             `query:"uint"`
		Float  float32           `query:"float"`
		Bool   bool              `query:"bool"`
		Time   time.Time         `query:"time"`
		Date   time.Time         `query:"date" format:"date"`
		HTTP   time.Time         `query:"http" format:"http"`
		Unix   time.Time         `query:"unix" format:"unix"`
		Wait   time.Duration     `query:"wait"`
		URL    url.URL           `query:"url"`
		Addr   netip.Addr        `query:"addr"`
		ID     hexID             `query:"id"`
		Enum   string            `query:"enum" enum:"a,b"`
		Long   string            `query:"long" maxLength:"3"`
		Regex  string            `query:"regex" pattern:"^[0-9]$"`
		Email  string            `query:"email" format:"email"`
		List   []int             `query:"list"`
		CSV    []level           `query:"csv,csv"`
		Unique []string          `query:"unique" uniqueItems:"true"`
		Deep   map[string]int    `query:"deep,deep"`
		Text   map[string]string `query:"text,deep" maxLength:"1"`
		Header int               `header:"X-Int"`
		Cookie int               `cookie:"int"`
		Path   int               `path:"int"`
	}
	names := strings.Fields("int uint float bool time date http unix wait url addr id enum long regex email list csv unique deep[a] text[a] unique")
	var query strings.Builder
	for _, name := range names {
		value := marker
		if name == "url" {
			value = ":" + marker
		}
		fmt.Fprintf(&query, "&%s=%s", name, value)
	}
	for _, q := range []string{query.String(), "int=" + marker + "%zz", marker + "=%", "int=;" + marker} {
		r := queryRequest(q)
		r.Header.Set("X-Int", marker)
		r.Header.Set("Cookie", "int="+marker)
		r.SetPathValue("int", marker)
		_, err := bind.Request[in](r)
		require.Error(t, err)
		w := httptest.NewRecorder()
		respond.Error(w, r, err)
		answer := fmt.Sprintf("%v %+v %#v %s %v", err, err, errors.Unwrap(err), w.Body, w.Header())
		assert.NotContains(t, strings.ToLower(answer), strings.ToLower(marker))
		if q == query.String() {
			assert.Len(t, faultsOf(t, err), 24)
		}
	}
}

// The package documentation lists every code that a request can get. What package client
// alone reports, of values that it is about to send, is in sent.go.
func TestError_documentedCodes(t *testing.T) {
	t.Parallel()
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	code := regexp.MustCompile(`Code: +"(\w+)"`)
	seen := map[string]bool{}
	for _, pattern := range []string{"*.go", "../internal/decode/*.go", "../internal/text/*.go"} {
		files, err := filepath.Glob(pattern)
		require.NoError(t, err)
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") || filepath.Base(file) == "sent.go" {
				continue
			}
			source, err := os.ReadFile(file)
			require.NoError(t, err)
			for _, found := range code.FindAllSubmatch(source, -1) {
				seen[string(found[1])] = true
				assert.Regexp(t, `\b`+string(found[1])+`\b`, string(doc), file)
			}
		}
	}
	assert.Greater(t, len(seen), 20)
}
