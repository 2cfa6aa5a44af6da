package respond_test

import (
	"encoding/json"
	"errors"
	"io"
	"math"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/respond"
)

func TestProblem_MarshalJSON(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name    string
		problem *respond.Problem
		want    string
	}{
		{"zero", &respond.Problem{}, `{"type":"about:blank","title":"Internal Server Error","status":500}`},
		{"blank type", &respond.Problem{Type: "about:blank", Status: 404}, `{"type":"about:blank","title":"Not Found","status":404}`},
		{"own type without a title", &respond.Problem{Type: "/p", Status: 404}, `{"type":"/p","status":404}`},
		{"status without a phrase", respond.NewProblem(499, ""), `{"type":"about:blank","status":499}`},
		{"every member", &respond.Problem{
			Type: "https://example.com/p?a=1&b=<2>", Title: "Bad", Status: 400, Detail: "\"x\"\n", Instance: "/i",
			Errors: []respond.FieldError{
				{In: "path", Name: "pk", Code: "type", Detail: "must be an integer"},
				{In: "body", Pointer: "#/tags/3"},
				{},
			},
		}, `{"type":"https://example.com/p?a=1&b=<2>","title":"Bad","status":400,"detail":"\"x\"\n","instance":"/i",` +
			`"errors":[{"in":"path","name":"pk","code":"type","detail":"must be an integer"},{"in":"body","pointer":"#/tags/3"},{}]}`},
		{
			"extensions are sorted", respond.NewProblem(400, "").With("zebra", 1).With("apple", []string{"a"}).With("mid_1", nil),
			`{"type":"about:blank","title":"Bad Request","status":400,"apple":["a"],"mid_1":null,"zebra":1}`,
		},
		{
			"core members are not overridden", respond.NewProblem(400, "d").
				With("type", 1).With("title", 1).With("status", 1).With("detail", 1).With("instance", 1).With("errors", 1),
			`{"type":"about:blank","title":"Bad Request","status":400,"detail":"d"}`,
		},
		{
			"names of any kind", respond.NewProblem(400, "").
				With("a", 1).With("id", 1).With("1ab", 1).With("_ab", 1).With("a-b", 1).With("", 1).With("äöü", 1).With(`a"b`, 1).With("Abc", 1),
			`{"type":"about:blank","title":"Bad Request","status":400,"":1,"1ab":1,"Abc":1,"_ab":1,"a":1,"a\"b":1,"a-b":1,"id":1,"äöü":1}`,
		},
		{
			"what cannot be encoded is left out", respond.NewProblem(400, "").
				With("nan", math.NaN()).With("chan", make(chan int)).With("bad", "\xff").With("deep", []any{1, func() {}}).With("fine", 1),
			`{"type":"about:blank","title":"Bad Request","status":400,"fine":1}`,
		},
		{"invalid UTF-8", respond.NewProblem(400, "a\xffb"), `{"type":"about:blank","title":"Bad Request","status":400,"detail":"a` + "\uFFFD" + `b"}`},
		{"nil", nil, "null"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			text, err := tc.problem.MarshalJSON()
			require.NoError(t, err)
			assert.Equal(t, tc.want, string(text))
			if tc.problem == nil {
				return
			}
			w, _ := record(t, func(w http.ResponseWriter, r *http.Request) { respond.Error(w, r, tc.problem) })
			assert.Equal(t, tc.want, w.Body.String())
		})
	}
}

func TestProblem_error(t *testing.T) {
	t.Parallel()
	cause := errors.New(secret)
	problem := respond.NewProblem(404, "no article 7").WithCause(cause)
	assert.Equal(t, "404 Not Found: no article 7", problem.Error())
	assert.Equal(t, "499", respond.NewProblem(499, "").Error())
	require.ErrorIs(t, problem, cause)
	assert.NoError(t, errors.Unwrap(respond.NewProblem(404, "")))
}

func TestProblem_withCopies(t *testing.T) {
	t.Parallel()
	base := respond.NewProblem(400, "").With("one", 1).WithHeader("X-A", "1")
	one, two := base.With("two", 2).WithHeader("x-a", "2"), base.With("two", 3).WithCause(io.EOF)
	assert.Len(t, base.Extensions, 1)
	assert.Equal(t, 2, one.Extensions["two"])
	assert.Equal(t, 3, two.Extensions["two"])
	for problem, want := range map[*respond.Problem][]string{base: {"1"}, one: {"1", "2"}, two: {"1"}} {
		w, _ := record(t, func(w http.ResponseWriter, r *http.Request) { respond.Error(w, r, problem) })
		assert.Equal(t, want, w.Header()["X-A"])
	}
}

// FuzzProblem holds that a problem can be written whatever it says.
func FuzzProblem(f *testing.F) {
	f.Add("about:blank", "Not Found", 404, "no article", "/articles/7", "id", "limit", "5")
	f.Add("", "", 0, "\xff\x00\u2028</script>", "\\", "\"", "type", "{")
	f.Fuzz(func(t *testing.T, kind, title string, status int, detail, instance, name, key, text string) {
		problem := &respond.Problem{
			Type: kind, Title: title, Status: status, Detail: detail, Instance: instance,
			Errors:     []respond.FieldError{{In: name, Name: key, Pointer: text, Code: kind, Detail: detail}},
			Extensions: map[string]any{key: text, "also": 1},
		}
		w, _ := record(t, func(w http.ResponseWriter, r *http.Request) { respond.Error(w, r, problem) })
		var got map[string]any
		require.NoError(t, json.Unmarshal(w.Body.Bytes(), &got), "%q", w.Body)
		assert.True(t, utf8.Valid(w.Body.Bytes()))
		assert.EqualValues(t, w.Code, got["status"])
		assert.EqualValues(t, 1, got["also"])
		if detail != "" {
			assert.Equal(t, strings.ToValidUTF8(detail, "\uFFFD"), got["detail"])
		}
	})
}
