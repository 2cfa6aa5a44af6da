package bind_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"

	"github.com/go-chi/chi/v5"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
)

type pathIn struct {
	ID    uint32           `path:"pk" minimum:"1"`
	Level level            `path:"level" default:"low"`
	Rest  string           `path:"rest"`
	Extra *string          `path:"extra"`
	Other bind.Opt[string] `path:"other"`
	Last  string           `path:"last,optional"`
	Title string           `path:"title" default:"none"`
}

func TestBind_path(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		values map[string]string
		want   pathIn
		errs   []string
	}{
		{
			"all",
			map[string]string{"pk": "7", "level": "high", "rest": "a/b", "extra": "e", "other": "o", "last": "l", "title": "t"},
			pathIn{7, 2, "a/b", point("e"), some("o"), "l", "t"},
			nil,
		},
		{"empty is absent but for a required string", map[string]string{"pk": "7", "rest": ""}, pathIn{ID: 7, Level: 1, Title: "none"}, nil},
		{"values are text as it is", map[string]string{"pk": "7", "rest": "a%20b+c"}, pathIn{ID: 7, Level: 1, Rest: "a%20b+c", Title: "none"}, nil},
		{"text that is not UTF-8", map[string]string{"pk": "1", "rest": "\xff"}, pathIn{}, []string{"rest syntax"}},
		{"checked", map[string]string{"pk": "0", "level": "5"}, pathIn{}, []string{"pk minimum", "level format"}},
		{"missing", nil, pathIn{}, []string{"pk required"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := queryRequest("pk=9&rest=query")
			for name, value := range tc.values {
				r.SetPathValue(name, value)
			}
			got, err := bind.Request[pathIn](r)
			if tc.errs != nil {
				assert.Equal(t, tc.errs, faultsOf(t, err))
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tc.want, got)

			other, err := bind.For[pathIn](bind.PathValue(func(_ *http.Request, name string) string { return tc.values[name] })).Bind(queryRequest(""))
			require.NoError(t, err)
			assert.Equal(t, tc.want, other, "through the option")
		})
	}
}

// ServeMux and chi set the path values that bind reads.
func TestFunc_routers(t *testing.T) {
	t.Parallel()
	type in struct {
		Pk   int    `path:""`
		Rest string `path:"rest,optional"`
	}
	h := bind.Func(func(w http.ResponseWriter, _ *http.Request, in in) {
		w.Header().Set("X-Rest", in.Rest)
		w.WriteHeader(200 + in.Pk)
	})
	mux, router := http.NewServeMux(), chi.NewRouter()
	mux.Handle("GET /a/{pk}/{rest...}", h)
	router.Get("/a/{pk}/{rest}", h.ServeHTTP)
	for name, server := range map[string]http.Handler{"ServeMux": mux, "chi": router} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kittest.ServeBehind(t, server, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				got := s.Get(t, "/a/7/x")
				assert.Equal(t, 207, got.StatusCode)
				assert.Equal(t, "x", got.Header.Get("X-Rest"))
				got = s.Get(t, "/a/seven/x")
				assert.Equal(t, 400, got.StatusCode)
				assert.Equal(t, "application/problem+json", got.Header.Get("Content-Type"))
				assert.JSONEq(t, `{"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid",`+
					`"errors":[{"in":"path","name":"pk","code":"type","detail":"must be an integer"}]}`, got.Text)
			})
		})
	}
}

type (
	pathNumber struct {
		ID int `path:"id"`
	}
	pathWord struct {
		Word  string `path:"word"`
		Other string `path:"other,optional"`
		Page  int    `query:"page" default:"1"`
	}
)

// A wildcard that the pattern lacks is no fault of the client: it is a 500, and the record
// names the wildcard. A value that is empty, or of a router that does not tell its pattern, is
// answered as before.
func TestBind_wildcardThatThePatternLacks(t *testing.T) {
	t.Parallel()
	number := bind.Func(func(w http.ResponseWriter, _ *http.Request, _ pathNumber) { w.WriteHeader(201) })
	word := bind.Func(func(w http.ResponseWriter, _ *http.Request, _ pathWord) { w.WriteHeader(202) })
	own := bind.Func(func(w http.ResponseWriter, _ *http.Request, _ pathNumber) { w.WriteHeader(201) },
		bind.PathValue(func(*http.Request, string) string { return "" }))
	mux, router := http.NewServeMux(), chi.NewRouter()
	for path, h := range map[string]http.Handler{"/number": number, "/word": word, "/numbers/{id}": number, "/words/{word...}": word, "/other/{id2}": number, "/pairs/{word2}/{word...}": word, "/own": own} {
		mux.Handle("GET "+path, h)
	}
	router.Get("/number", number.ServeHTTP)
	router.Get("/numbers/{id:[0-9]*}", number.ServeHTTP)
	const lacks = `bind: the pattern "GET %s" has no wildcard {%s}, which %s reads: write it in the pattern`
	for _, tc := range []struct {
		name, target string
		h            http.Handler
		status       int
		record       string
	}{
		{"number", "/number", mux, 500, fmt.Sprintf(lacks, "/number", "id", "pathNumber.ID")},
		{"another name", "/other/7", mux, 500, fmt.Sprintf(lacks, "/other/{id2}", "id", "pathNumber.ID")},
		{"text, and a query that is wrong", "/word?page=x", mux, 500, fmt.Sprintf(lacks, "/word", "word", "pathWord.Word")},
		{"found", "/numbers/7", mux, 201, ""},
		{"wrong", "/numbers/x", mux, 400, ""},
		{"an empty rest", "/words/", mux, 202, ""},
		{"an empty rest behind a name that begins as it does", "/pairs/a/", mux, 202, ""},
		{"no pattern", "/number", number, 400, ""},
		{"values of its own", "/own", mux, 400, ""},
		{"chi", "/number", router, 500, `bind: the pattern "/number" has no wildcard {id}, which pathNumber.ID reads: write it in the pattern`},
		{"wrong on chi", "/numbers/99999999999999999999", router, 400, ""},
	} {
		var log bytes.Buffer
		w := httptest.NewRecorder()
		logged := middleware.AccessLog(slog.New(slog.NewJSONHandler(&log, nil)))(tc.h)
		logged.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodGet, tc.target, nil))
		assert.Equal(t, tc.status, w.Code, tc.name)
		var record struct{ Error string }
		require.NoError(t, json.Unmarshal(log.Bytes(), &record))
		assert.Equal(t, tc.record, record.Error, tc.name)
		assert.NotContains(t, w.Body.String(), "pattern")
	}
}

func TestBind_requestField(t *testing.T) {
	t.Parallel()
	type embedded struct{ R *http.Request }
	type in struct {
		embedded

		Request *http.Request
		hidden  *http.Request
		A       int `query:"a"`
	}
	r := queryRequest("a=1")
	got, err := bind.Request[in](r)
	require.NoError(t, err)
	assert.Same(t, r, got.Request)
	assert.Same(t, r, got.R)
	assert.Nil(t, got.hidden)
	only, err := bind.Request[struct{ R *http.Request }](r)
	require.NoError(t, err)
	assert.Same(t, r, only.R)
}

// An empty struct binds nothing: not the query, not the body.
func TestBind_nothing(t *testing.T) {
	t.Parallel()
	r := httptest.NewRequest(http.MethodPost, "/?%zz", http.NoBody)
	_, err := bind.Request[struct{}](r)
	require.NoError(t, err)
}

func TestBind_pathAllocs(t *testing.T) {
	type in struct {
		ID   int64          `path:"id"`
		Name string         `path:"name"`
		Opt  bind.Opt[bool] `path:"opt"`
		R    *http.Request
	}
	b, r := bind.For[in](), queryRequest("")
	r.SetPathValue("id", "123456")
	r.SetPathValue("name", "n")
	r.SetPathValue("opt", "true")
	kittest.Allocs(t, 0, func() { _, _ = b.Bind(r) })
}

// plainIn has nothing but plain parameters of path and header.
type plainIn struct {
	ID    int8    `path:"id"`
	Name  string  `path:"name"`
	Last  string  `path:"last,optional"`
	Ratio float32 `header:"X-Ratio"`
	Count uint16  `header:"X-Count,optional"`
	On    bool    `header:"X-On,optional"`
	Host  string  `header:"Host"`
}

// An In of plain parameters is bound in a way of its own, which is to make no difference:
// beside a field that is the request itself it is bound as any other In.
func TestBind_plain(t *testing.T) {
	type beside struct {
		plainIn

		R *http.Request
	}
	plain, other, byType := bind.For[plainIn](), bind.For[beside](), bind.ForType(reflect.TypeFor[plainIn]())
	for _, tc := range []struct {
		name     string
		id, path string
		header   http.Header
		want     plainIn
		errs     []string
	}{
		{"all", "-128", "ü", http.Header{"X-Ratio": {"", "0.5"}, "X-Count": {"9"}, "X-On": {"on"}}, plainIn{-128, "ü", "ü", 0.5, 9, true, "example.com"}, nil},
		{"required alone", "1", "", http.Header{"X-Ratio": {"1"}, "X-Count": {""}}, plainIn{ID: 1, Ratio: 1, Host: "example.com"}, nil},
		{"two are wrong", "x", "n", http.Header{"X-Ratio": {"NaN"}}, plainIn{}, []string{"id type", "X-Ratio type"}},
		{
			"all are wrong", "128", "\xff",
			http.Header{"X-Count": {"-1"}, "X-On": {"yes"}, "Host": {"\xff"}},
			plainIn{},
			[]string{"id range", "name syntax", "last syntax", "X-Ratio required", "X-Count range", "X-On type", "Host syntax"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := queryRequest("")
			r.SetPathValue("id", tc.id)
			r.SetPathValue("name", tc.path)
			r.SetPathValue("last", tc.path)
			r.Header = tc.header
			got, err := plain.Bind(r)
			same, sameErr := other.Bind(r)
			value, typeErr := byType.Bind(r)
			assert.Equal(t, sameErr, err)
			assert.Equal(t, sameErr, typeErr)
			assert.Equal(t, same.plainIn, got)
			assert.Equal(t, got, value.Interface())
			assert.Equal(t, tc.want, got)
			if tc.errs != nil {
				assert.Equal(t, tc.errs, faultsOf(t, err))
				return
			}
			require.NoError(t, err)
			kittest.Allocs(t, 0, func() { _, _ = plain.Bind(r) })
		})
	}
}
