package tenon_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
)

// A cursor reads and writes itself, by the query and the path.
type cursor struct {
	after  int
	tenant string
}

func (c *cursor) UnmarshalRequest(r *http.Request) (err error) {
	c.tenant = r.PathValue("tenant")
	if text := r.URL.Query().Get("after"); text != "" {
		c.after, err = strconv.Atoi(text)
	}
	return err
}

func (c *cursor) MarshalRequest(r *http.Request) error {
	if c.after < 0 {
		return errors.New("before the start")
	}
	if c.after > 0 {
		query := r.URL.Query()
		query.Set("after", strconv.Itoa(c.after))
		r.URL.RawQuery = query.Encode()
	}
	r.SetPathValue("tenant", c.tenant)
	return nil
}

func (*cursor) RequestParameters() any {
	return struct {
		After  int    `query:"after,optional"`
		Tenant string `path:"tenant"`
	}{}
}

type cursorIn struct {
	Tag    string `query:"tag"`
	Cursor *cursor
	User   string `value:"user"`
}

// Fields that the request as a whole fills are no part of an address, but for what they
// write by themselves.
func TestURL_values(t *testing.T) {
	t.Parallel()
	user := bind.Value("user", func(*http.Request) (string, error) { return "ada", nil })
	list := func(context.Context, cursorIn) (string, error) { return "", nil }
	routes := tenon.Routes{
		tenon.Get("/t/{tenant}/pages", list, user, bind.Strict(), tenon.Named("list")),
		tenon.On("GET", "/plain/{tenant}", http.NotFoundHandler(), tenon.Named("plain")),
	}
	require.NoError(t, routes.Check())
	for _, tc := range []struct {
		name      string
		in        any
		want, err string
	}{
		{"list", cursorIn{Tag: "a b", Cursor: &cursor{3, "x/y"}, User: "eve"}, "/t/x%2Fy/pages?tag=a+b&after=3", ""},
		{"list", &cursorIn{Tag: "a", Cursor: &cursor{0, "x"}}, "/t/x/pages?tag=a", ""},
		{"list", cursorIn{Tag: "a"}, "", "it needs a value for {tenant}"},
		{"list", cursorIn{Tag: "a", Cursor: &cursor{-1, "x"}}, "", "cursorIn.Cursor: before the start"},
		{"list", map[string]any{"tag": "a", "tenant": "x"}, "/t/x/pages?tag=a", ""},
		{"list", map[string]any{"tag": "a", "tenant": "x", "after": 3}, "/t/x/pages?tag=a&after=3", ""},
		{"list", map[string]any{"tag": "a", "tenant": "x", "after": "x"}, "/t/x/pages?tag=a&after=x", ""},
		{"list", map[string]any{"tag": "a", "tenant": "x", "user": "eve"}, "", `it takes only "tag", "tenant", "after", not "user"`},
		{"plain", cursorIn{Tag: "a", Cursor: &cursor{1, "x"}}, "/plain/x?tag=a&after=1", ""},
	} {
		got, err := routes.URL(tc.name, tc.in)
		if tc.err != "" {
			require.ErrorContains(t, err, tc.err)
			continue
		}
		require.NoError(t, err)
		assert.Equal(t, tc.want, got)
	}
}

// A wildcard is bound where a type says that it reads it, and otherwise not.
func TestCheck_values(t *testing.T) {
	t.Parallel()
	user := bind.Value("user", func(*http.Request) (string, error) { return "", nil })
	list := func(context.Context, cursorIn) (string, error) { return "", nil }
	err := tenon.Routes{tenon.Get("/pages/{id}", list, user)}.Check()
	require.ErrorContains(t, err, "has the wildcard {id}, which tenon_test.cursorIn does not bind: give it a field with path:\"id\"")
	require.ErrorContains(t, err, "lacks the wildcard {tenant}, which tenon_test.cursorIn binds: write it in the pattern")
}

// A route's own Value counts in place of that of its table, and of two tables the nearer.
func TestRoutes_optionValues(t *testing.T) {
	t.Parallel()
	type in struct {
		User string `value:"user"`
	}
	tell := func(_ context.Context, in in) (string, error) { return in.User, nil }
	value := func(text string) tenon.Option {
		return bind.Value("user", func(*http.Request) (string, error) { return text, nil })
	}
	routes := tenon.Routes{
		tenon.Get("/table", tell, tenon.Named("a")),
		tenon.Get("/own", tell, value("own"), tenon.Named("b")),
	}.Options(value("near")).Options(value("far"))
	mux := http.NewServeMux()
	routes.Mount(mux)
	for path, want := range map[string]string{"/table": "near", "/own": "own"} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		assert.Equal(t, want, w.Body.String())
	}
	err := tenon.Routes{tenon.Get("/", tell, value("a"), tenon.Options(value("b")))}.Check()
	require.ErrorContains(t, err, `bind.Value provides "user" twice in one list of options`)
}
