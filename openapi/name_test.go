package openapi_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/openapi"
)

type (
	pair[A, B any] struct {
		A A `json:"a"`
		B B `json:"b"`
	}
	// Names that others would have, did words alone join them.
	authorList  struct{ X int }
	page_author struct{ X int } //nolint:revive // the underscore is the point
)

// A named has the name of a component and a route that answers with its type.
type named struct {
	want  string
	route func(pattern string) tenon.Route
}

func answersWith[T any](want string) named {
	return named{want, func(pattern string) tenon.Route {
		return tenon.Get(pattern, func(context.Context, tenon.None) (out T, err error) { return out, nil })
	}}
}

// Each type has the name that it has alone, whatever else is in the document.
func TestNew_namesOfArguments(t *testing.T) {
	t.Parallel()
	all := []named{
		answersWith[page[author]]("page_author"), answersWith[page[*author]]("page_authorOrNull"),
		answersWith[page[[]author]]("page_authorList"), answersWith[page[[]*author]]("page_authorOrNullList"),
		answersWith[page[*[]author]]("page_authorListOrNull"),
		answersWith[page[map[string]author]]("page_authorMap"), answersWith[page[map[int]author]]("page_authorMapByint"),
		answersWith[page[map[color]author]]("page_authorMapBycolor"), answersWith[page[map[[2]int8]author]]("page_authorMapByint8Array2"),
		answersWith[page[int]]("page_int"), answersWith[page[*int]]("page_intOrNull"), answersWith[page[**int]]("page_intOrNullOrNull"),
		answersWith[page[[2]int]]("page_intArray2"), answersWith[page[[3]int]]("page_intArray3"), answersWith[page[[3][2]int]]("page_intArray2Array3"),
		answersWith[page[any]]("page_any"), answersWith[page[[]byte]]("page_uint8List"),
		answersWith[page[bind.Opt[author]]]("page_Opt_author"),
		answersWith[page[page[author]]]("page_page_author"), answersWith[page[page[*author]]]("page_page_authorOrNull"),
		answersWith[pair[map[string]int, [2][]author]]("pair_intMap_authorListArray2"),
		answersWith[pair[pair[int, string], bool]]("pair_pair_int_string_bool"),
	}
	var routes tenon.Routes
	var want []string
	for i, n := range all {
		if n.want == "page_authorMapByint8Array2" {
			continue // no name of a member can be an array
		}
		route := n.route("/" + string(rune('a'+i)))
		assert.Contains(t, componentNames(t, newDocument(t, tenon.Routes{route})), n.want)
		routes, want = append(routes, route), append(want, n.want)
	}
	assert.Subset(t, componentNames(t, newDocument(t, routes)), want)
}

// What words alone would call the same is told apart, in any order.
func TestNew_namesThatClash(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		a, b named
	}{
		{answersWith[page[[]author]]("openapi_test.page_openapi_test.author-List"), answersWith[page[authorList]]("openapi_test.page_openapi_test.authorList")},
		{answersWith[page[author]]("openapi_test.page_openapi_test.author"), answersWith[page_author]("openapi_test.page_author")},
	} {
		one, two := tc.a.route("/a"), tc.b.route("/b")
		for _, routes := range []tenon.Routes{{one, two}, {two, one}} {
			names := componentNames(t, newDocument(t, routes))
			assert.Contains(t, names, tc.a.want)
			assert.Contains(t, names, tc.b.want)
		}
	}
}

// twins are routes that answer with types of one name, each of a function.
func twins() (first, second, list, both tenon.Route) {
	type twin struct{ A int }
	first = tenon.On("GET", "/first", http.NotFoundHandler(), tenon.Doc{Responses: map[int]any{200: twin{}}})
	second, other := func() (tenon.Route, any) {
		type twin struct{ B int }
		return tenon.On("GET", "/second", http.NotFoundHandler(), tenon.Named("second-one"), tenon.Doc{Responses: map[int]any{200: twin{}}}), page[twin]{}
	}()
	list = tenon.On("GET", "/list", http.NotFoundHandler(), tenon.Doc{Responses: map[int]any{200: page[twin]{}, 201: other}})
	both = tenon.On("GET", "/both", http.NotFoundHandler(), tenon.Doc{Responses: map[int]any{200: page[twin]{}}})
	return first, second, list, both
}

// Types that functions declare are told apart by the operations that have them.
func TestNew_namesOfLocalTypes(t *testing.T) {
	t.Parallel()
	first, second, list, both := twins()
	for _, routes := range []tenon.Routes{{first, second}, {second, first}} {
		assert.Equal(t, []string{"getFirst.twin", "second-one.twin"}, componentNames(t, newDocument(t, routes)))
	}
	// One operation that has both numbers them, unless another one has one of them.
	assert.Equal(t, []string{"getList.page_twin1", "getList.page_twin2", "getList.twin1", "getList.twin2"}, componentNames(t, newDocument(t, tenon.Routes{list})))
	for _, routes := range []tenon.Routes{{list, both}, {both, list}} {
		assert.Equal(t, []string{"getBoth.page_twin", "getBoth.twin", "getList.page_twin", "getList.twin"}, componentNames(t, newDocument(t, routes)))
	}
	assert.Equal(t, []string{"twin"}, componentNames(t, newDocument(t, tenon.Routes{first})))
}

// A name that was given is the operation id.
func TestNew_operationIDs(t *testing.T) {
	t.Parallel()
	assigned := tenon.Get("/assigned", answer[tenon.None, string])
	assigned.Name = "Assigned.Name"
	resource := tenon.Resource("/clocks", new(clocks))
	for _, tc := range []struct {
		route tenon.Route
		want  string
	}{
		{tenon.Post("/hello", answer[tenon.None, string], tenon.Named("hello-post")), "hello-post"},
		{tenon.Post("/hello", answer[tenon.None, string], tenon.Named("Hello.Post v1/ü")), "Hello.Post v1/ü"},
		{tenon.On("GET", "/hello", http.NotFoundHandler(), tenon.Named("say-hello")), "say-hello"},
		{assigned, "Assigned.Name"},
		{tenon.Get("/clock", clock{}.Read), "clockRead"},
		{tenon.Get("/clock", clock{}.Read, tenon.Named("clock.Read")), "clock.Read"},
		{tenon.Get("/clock/{id...}", func(context.Context, one) (string, error) { return "", nil }), "getClockId"},
		{tenon.On("DELETE", "/clock/", http.NotFoundHandler()), "deleteClock"},
		{resource[0], "clocksGet"},
	} {
		_, ok := operations(t, newDocument(t, tenon.Routes{tc.route}))[tc.want]
		assert.True(t, ok, tc.want)
	}
	prefixed := tenon.Routes{tenon.On("GET", "/a", http.NotFoundHandler()), tenon.Get("/b", clock{}.Read)}.Prefix("/v1")
	ids := operations(t, newDocument(t, prefixed))
	assert.Contains(t, ids, "getV1A")
	assert.Contains(t, ids, "clockRead")
}

type clocks struct{}

func (*clocks) Get(context.Context, tenon.None) (string, error) { return "", nil }

// operations returns the operations of a document by their ids.
func operations(t *testing.T, doc *openapi.Document) map[string]map[string]any {
	t.Helper()
	all := map[string]map[string]any{}
	for _, path := range parsed(t, doc)["paths"].(map[string]any) {
		for _, op := range path.(map[string]any) {
			op := op.(map[string]any)
			all[op["operationId"].(string)] = op
		}
	}
	return all
}
