package tenon_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/respond"
)

type policyIn struct {
	A int `json:"a"`
}

// coin is sent by a Shorthand.
type coin int

func toss(_ context.Context, in policyIn) (coin, error) { return coin(in.A), nil }

// saying is a Shorthand that says who sends it.
func saying(text string) tenon.Option {
	return respond.Shorthand(func(w http.ResponseWriter, _ *http.Request, _ coin) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

// refusing answers a body that does not fit with a status.
func refusing(status int) tenon.Option {
	return bind.OnBodyError(func(error, []byte) error { return respond.NewProblem(status, "") })
}

// post sends a body, and returns the status with the text of a success.
func post(h http.Handler, mediaType, body string) string {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", mediaType)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	if w.Code == http.StatusOK {
		return strings.Join(w.Header()["X-Trace"], "") + w.Body.String()
	}
	return http.StatusText(w.Code)
}

// TestRoutes_Options holds which option counts: the one that is nearest to the route,
// whatever was called before or after.
func TestRoutes_Options(t *testing.T) {
	t.Parallel()
	const fits, unknown, broken = `{"a":1}`, `{"a":1,"b":2}`, `{`
	route := func(opts ...tenon.Option) tenon.Routes { return tenon.Routes{tenon.Post("/", toss, opts...)} }
	csv := func(a int) tenon.Option {
		return bind.Formats(bind.Format{Type: "text/csv", Decode: func(_ io.Reader, v any) error {
			v.(*policyIn).A = a //nolint:forcetypeassert // the type of the function
			return nil
		}})
	}
	for name, tc := range map[string]struct {
		routes                tenon.Routes
		fits, unknown, broken string
	}{
		"none":                     {route(), "1", "1", "Bad Request"},
		"of the route":             {route(saying("own"), bind.Strict(), refusing(409)), "own", "Conflict", "Conflict"},
		"of the table":             {route().Options(saying("table"), bind.Strict(), refusing(409)), "table", "Conflict", "Conflict"},
		"the route wins":           {route(saying("own"), refusing(410)).Options(saying("table"), refusing(409)), "own", "own", "Gone"},
		"the nearer table wins":    {route().Options(saying("near"), refusing(410)).Options(saying("far"), refusing(409)), "near", "near", "Gone"},
		"the far one says more":    {route().Options(saying("near")).Options(refusing(409)), "near", "near", "Conflict"},
		"the last of a list wins":  {route(refusing(409), refusing(410)), "1", "1", "Gone"},
		"bundles":                  {route(tenon.Options(saying("own"), tenon.Options(refusing(409)))), "own", "own", "Conflict"},
		"before With":              {route().Options(saying("table"), bind.Strict()).With(trace("+")), "+table", "Bad Request", "Bad Request"},
		"after With":               {route().With(trace("+")).Options(saying("table"), bind.Strict()), "+table", "Bad Request", "Bad Request"},
		"between":                  {route().With(trace("b")).Options(saying("table")).With(trace("a")), "abtable", "abtable", "Bad Request"},
		"no effect on On":          {tenon.Routes{tenon.On("POST", "/", tenon.Handle(toss))}.Options(saying("table"), bind.Strict()), "1", "1", "Bad Request"},
		"on a route alone":         {tenon.Routes{route()[0].With(trace("b")).Options(saying("own")).With(trace("a"))}, "abown", "abown", "Bad Request"},
		"formats of both":          {route(csv(7), saying("own")).Options(csv(8)), "own", "own", "Bad Request"},
		"a view":                   {tenon.Resource("/", tosses{}).Options(saying("table")), "table", "table", "Bad Request"},
		"a view with its own":      {tenon.Resource("/", tosses{}, saying("own")).Options(saying("table"), bind.Strict()), "own", "Bad Request", "Bad Request"},
		"after the handler's call": {called(route()).Options(saying("table")), "table", "table", "Bad Request"},
	} {
		require.NoError(t, tc.routes.Check(), name)
		h := tc.routes[0].Handler()
		assert.Equal(t, tc.fits, post(h, "application/json", fits), name)
		assert.Equal(t, tc.unknown, post(h, "application/json", unknown), name)
		assert.Equal(t, tc.broken, post(h, "application/json", broken), name)
	}
	assert.Equal(t, "7", post(route(csv(7)).Options(csv(8))[0].Handler(), "text/csv", fits), "the nearer codec of a type")
	assert.Equal(t, "8", post(route().Options(csv(8))[0].Handler(), "text/csv", fits))

	err := route(saying("a"), saying("b")).Options(saying("c")).Check()
	require.ErrorContains(t, err, "Shorthand[tenon_test.coin] comes twice")
}

type tosses struct{}

func (tosses) Post(ctx context.Context, in policyIn) (coin, error) { return toss(ctx, in) }

// called returns routes whose handlers are made.
func called(rs tenon.Routes) tenon.Routes {
	for _, r := range rs {
		r.Handler()
	}
	return rs
}

// TestRoutes_OptionsFormats holds the order of formats of several lists.
func TestRoutes_OptionsFormats(t *testing.T) {
	t.Parallel()
	as := func(text string) respond.Format {
		return respond.Format{Type: "text/" + text, Encode: func(w io.Writer, _ any) error {
			_, err := io.WriteString(w, text)
			return err
		}}
	}
	route := func(opts ...tenon.Option) tenon.Route {
		return tenon.Get("/", func(context.Context, tenon.None) (policyIn, error) { return policyIn{}, nil }, opts...)
	}
	for name, tc := range map[string]struct {
		route tenon.Route
		first string
	}{
		"JSON comes first":            {route(respond.Formats(as("a"))).Options(respond.Formats(as("b"))), `{"a":0}`},
		"the table's come before":     {route(respond.Formats(as("a"), respond.JSON())).Options(respond.Formats(as("b"))), "b"},
		"a place in the table's list": {route(respond.Formats(as("a"))).Options(respond.Formats(as("b"), respond.JSON())), "b"},
		"the outermost table's first": {route().Options(respond.Formats(as("a"), respond.JSON())).Options(respond.Formats(as("b"))), "b"},
		"the nearer list's order":     {route(respond.Formats(respond.JSON(), as("a"))).Options(respond.Formats(as("a"))), `{"a":0}`},
	} {
		w := httptest.NewRecorder()
		tc.route.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", http.NoBody))
		assert.Equal(t, tc.first, w.Body.String(), name)
	}
}

// TestRoute_Handler holds that copies share what middleware made, and that changed ones
// do not.
func TestRoute_Handler(t *testing.T) {
	t.Parallel()
	made := 0
	counting := func(next http.Handler) http.Handler { made++; return next }
	route := tenon.Get("/x", health).With(counting)
	assert.Zero(t, made, "a route is data")
	other := route
	assert.Same(t, route.Handler(), other.Handler())
	require.NoError(t, tenon.Routes{route}.Check())
	tenon.Routes{other}.Prefix("/a").Mount(http.NewServeMux())
	assert.Equal(t, 1, made)
	route.With(trace("a")).Handler()
	assert.Equal(t, 2, made)
	assert.NotSame(t, route.Handler(), route.Options(bind.Strict()).Handler())
	assert.Equal(t, 3, made)

	mw := []func(http.Handler) http.Handler{trace("a"), trace("b")}
	opts := []tenon.Option{tenon.Doc{Summary: "a"}, saying("a")}
	changed := tenon.Post("/", toss, opts...).With(mw...).Options(opts...)
	mw[0], opts[1] = nil, nil
	assert.Equal(t, "aba", post(changed.Handler(), "application/json", `{"a":1}`), "what the caller does with its slices changes nothing")
}

// TestDoc_sum holds how Docs add up, in one list and across lists.
func TestDoc_sum(t *testing.T) {
	t.Parallel()
	base := map[int]any{404: "base", 410: "base"}
	docs := []tenon.Doc{
		{Summary: "first", Description: "long", Tags: []string{"a", "b"}, Errors: []int{404}, Responses: base, Hidden: true},
		{Summary: "second", Tags: []string{"b", "c", "c"}, Errors: []int{409, 404}, Responses: map[int]any{404: "later"}, Deprecated: true},
		{},
	}
	want := tenon.Doc{
		Summary: "second", Description: "long", Tags: []string{"a", "b", "c"}, Errors: []int{404, 409},
		Responses: map[int]any{404: "later", 410: "base"}, Deprecated: true, Hidden: true,
	}
	one := tenon.Get("/x", health, docs[0], docs[1], docs[2])
	assert.Equal(t, want, one.Doc)
	near := tenon.Get("/x", health, docs[1])
	assert.Equal(t, want, near.Options(docs[2], docs[0]).Doc, "that of the route counts as later")
	assert.Equal(t, want, tenon.Routes{near}.Options(docs[0]).Tag("a", "c")[0].Doc)
	assert.Equal(t, "second", near.Doc.Summary)
	assert.Empty(t, near.Doc.Description, "the original stays")
	assert.Equal(t, map[int]any{404: "base", 410: "base"}, base)
	assert.Equal(t, tenon.Doc{}, tenon.Get("/x", health, tenon.Doc{}, tenon.Doc{}).Doc)
}

// TestRoute_alone holds that a route by itself is changed as a table is.
func TestRoute_alone(t *testing.T) {
	t.Parallel()
	route := tenon.On("GET", "/x", echo)
	changed := route.Prefix("/v1").With(trace("a"), trace("b")).Tag("one", "one").Options(tenon.Named("x"), tenon.Doc{Tags: []string{"two"}})
	assert.Equal(t, "GET /x", route.Name)
	assert.Equal(t, "GET /v1/x", changed.String())
	assert.Equal(t, "x", changed.Name)
	assert.Equal(t, []string{"two", "one"}, changed.Doc.Tags)
	assert.Equal(t, []string{"a", "b"}, send(changed.Handler(), "GET", "/x").Header()["X-Trace"])
	for _, tc := range []struct {
		route tenon.Route
		want  string
	}{
		{tenon.Get("/x", health).Options(tenon.Named("table")), "table"},
		{tenon.Get("/x", health, tenon.Named("own")).Options(tenon.Named("table")), "own"},
		{tenon.Get("/x", health).Options(tenon.Named("near")).Options(tenon.Named("far")), "near"},
		{tenon.Get("/x", health, tenon.Named("first"), tenon.Named("last")), "last"},
	} {
		assert.Equal(t, tc.want, tc.route.Name)
		assert.False(t, tc.route.Describe().HasFoundName)
	}
}

// opKey and the others are shared by server and client.
type opIn struct {
	ID  int    `path:"id"`
	Tag string `query:"tag,optional"`
}

var getOp = tenon.Op[opIn, policyIn]{Method: "GET", Pattern: "/ops/{id}"}

func (shelf) Op(_ context.Context, in opIn) (policyIn, error) {
	if in.ID == 0 {
		return policyIn{}, errors.New("none")
	}
	return policyIn{in.ID}, nil
}

func TestOp(t *testing.T) {
	t.Parallel()
	routes := append(tenon.Routes{tenon.Get("/pages/{id}", page)}, getOp.Route(shelf{}.Op, tenon.Doc{Summary: "s"}, bind.Strict())).Prefix("/v1").With(trace("a"))
	require.NoError(t, routes.Check())
	assert.Equal(t, "shelf.Op", routes[1].Name)
	assert.Equal(t, "s", routes[1].Doc.Summary)
	address, err := tenon.URL(routes, getOp, opIn{ID: 7, Tag: "x"})
	require.NoError(t, err)
	assert.Equal(t, "/v1/ops/7?tag=x", address)
	mux := http.NewServeMux()
	routes.Mount(mux)
	assert.JSONEq(t, `{"a":7}`, send(mux, "GET", address).Body.String())
	_, err = tenon.URL(routes, tenon.Op[opIn, string]{Method: "GET", Pattern: "/ops/{id}"}, opIn{ID: 7})
	require.EqualError(t, err, "tenon: URL: there is no route of the Op GET /ops/{id}: add the result of its method Route to the routes")
	_, err = tenon.URL(tenon.Routes{{}, tenon.On("GET", "/ops/{id}", echo)}, getOp, opIn{ID: 7})
	require.EqualError(t, err, "tenon: URL: there is no route of the Op GET /ops/{id}: add the result of its method Route to the routes")

	named := getOp
	named.Name, named.Options = "Ops.Get", []tenon.Option{tenon.Doc{Tags: []string{"ops"}}, respond.Formats(respond.XML(), respond.JSON())}
	route := named.Route(shelf{}.Op, tenon.Doc{Tags: []string{"own"}})
	require.NoError(t, tenon.Routes{route}.Check())
	assert.Equal(t, "Ops.Get", route.Name)
	assert.False(t, route.Describe().HasFoundName)
	assert.Equal(t, []string{"ops", "own"}, route.Doc.Tags)
	assert.Equal(t, []string{"application/xml", "application/json"}, route.Describe().Handler.Output().MediaTypes)
}

// TestOption_nil holds that no declaration panics over a nil, and that a nil kind is a
// fault.
func TestOption_nil(t *testing.T) {
	t.Parallel()
	route := tenon.Get("/x", nothing, nil, (*tenon.Doc)(nil), (*bind.Option)(nil), tenon.Options((*respond.Option)(nil)))
	require.NoError(t, tenon.Routes{route}.Check())
	err := tenon.Routes{tenon.Get("/x", nothing, tenon.Fails(nil, (*respond.ProblemType[tenon.None])(nil)))}.Check()
	require.Error(t, err)
	assert.Equal(t, 2, strings.Count(err.Error(), "has Fails of nil: give it a respond.ProblemType"))
}

// TestOp_faults holds what is wrong with the route of an Op, and only there.
func TestOp_faults(t *testing.T) {
	t.Parallel()
	formats := bind.Formats(bind.Format{Type: "text/x", Decode: func(io.Reader, any) error { return nil }})
	const where = ", which changes what is sent: write it in the Options of the Op"
	for name, tc := range map[string]struct {
		route tenon.Route
		want  []string
	}{
		"options of Route": {getOp.Route(shelf{}.Op, formats, respond.Formats(respond.XML()), saying("x"), bind.Strict()), []string{
			"has bind.Formats" + where, "has respond.Formats" + where, "has respond.Shorthand" + where,
		}},
		"in a bundle":         {getOp.Route(shelf{}.Op, tenon.Options(formats)), []string{"has bind.Formats" + where}},
		"options of a table":  {getOp.Route(shelf{}.Op).Options(respond.Formats(respond.XML()), bind.MaxBody(9)), []string{"has respond.Formats" + where}},
		"wildcards in Prefix": {getOp.Route(shelf{}.Op).Prefix("/{tenant}"), []string{"has the prefix /{tenant}, whose wildcards a client cannot fill: write them in the Pattern of the Op", "has the wildcard {tenant}"}},
		"nothing in it":       {tenon.Op[opIn, string]{}.Route(nil), []string{"has no method: write one, such as GET", "has a nil function", "has no pattern: write one, such as /users/{id}"}},
	} {
		err := tenon.Routes{tc.route}.Check()
		for _, want := range tc.want {
			require.ErrorContains(t, err, want, name)
		}
		assert.Len(t, strings.Split(err.Error(), "\n\t"), len(tc.want)+1, name)
	}
	for name, route := range map[string]tenon.Route{
		"a prefix without wildcards": getOp.Route(shelf{}.Op, bind.MaxBody(9), respond.AllowNotAcceptable()).Prefix("/v1"),
		"a table without formats":    getOp.Route(shelf{}.Op).Options(bind.Strict(), refusing(409)),
		"a route of no Op":           tenon.Get("/x", nothing, formats, respond.Formats(respond.XML())).Prefix("/v1"),
	} {
		require.NoError(t, tenon.Routes{route}.Check(), name)
	}
}
