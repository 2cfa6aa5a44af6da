package mcp_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/mcp"
	"github.com/tenonkit/tenon/middleware/idempotency"
	"github.com/tenonkit/tenon/openapi"
)

type filter struct {
	Name string   `query:"name,optional"`
	Tags []string `query:"tags"`
}

type everything struct {
	ID     int               `doc:"The number."  path:"id"`
	Q      string            `default:"all"      query:"q"`
	Tags   []string          `query:"tag"`
	IDs    []int             `query:"ids,csv"`
	Flag   bool              `query:"flag,optional"`
	Filter filter            `query:"filter,deep"`
	Extra  map[string]string `query:"extra,deep"`
	Trace  string            `header:"X-Trace,optional"`
	Labels []string          `header:"X-Labels"`
	Body   struct {
		Title string   `json:"title" maxLength:"5"`
		Parts []string `json:"parts,omitempty"`
	} `body:"json"`
}

// seen is what a function was called with.
type seen struct {
	ID     int
	Q      string
	Tags   []string
	IDs    []int
	Flag   bool
	Filter filter
	Extra  map[string]string
	Trace  string
	Labels []string
	Title  string
	Parts  []string
}

func see(_ context.Context, in everything) (seen, error) {
	return seen{in.ID, in.Q, in.Tags, in.IDs, in.Flag, in.Filter, in.Extra, in.Trace, in.Labels, in.Body.Title, in.Body.Parts}, nil
}

func TestArguments_schema(t *testing.T) {
	t.Parallel()
	tools := listed(t, toolsOf(t, tenon.Routes{tenon.Post("/things/{id}", see, tenon.Named("see"), tenon.Doc{Summary: "See a thing", Description: "Looks at it."})}))
	require.Contains(t, tools, "see")
	assert.Equal(t, "See a thing", tools["see"].Title)
	assert.Equal(t, "See a thing\n\nLooks at it.", tools["see"].Description)
	assertSchema(t, `{"type":"object","properties":{
		"id":{"type":"integer","format":"int64","description":"The number."},
		"q":{"type":"string","default":"all"},
		"tag":{"type":"array","items":{"type":"string"}},
		"ids":{"type":"array","items":{"type":"integer","format":"int64"}},
		"flag":{"type":"boolean"},
		"filter":{"type":"object","properties":{"name":{"type":"string"},"tags":{"type":"array","items":{"type":"string"}}},"additionalProperties":false},
		"extra":{"type":"object","additionalProperties":{"type":"string"}},
		"X-Trace":{"type":"string"},
		"X-Labels":{"type":"array","items":{"type":"string"}},
		"title":{"type":"string","maxLength":5},
		"parts":{"type":["array","null"],"items":{"type":"string"}}
	},"required":["id","title"]}`, tools["see"].InputSchema)
}

func TestArguments_sent(t *testing.T) {
	t.Parallel()
	session := toolsOf(t, tenon.Routes{tenon.Post("/things/{id}", see, tenon.Named("see"))})
	got := call(t, session, "see", `{
		"id":7.0,"q":"a&b=c d","tag":["x,y","z"],"ids":[1,2e0],"flag":true,
		"filter":{"name":"n","tags":["s","t"]},"extra":{"k":"v","other":"<&>"},
		"X-Trace":"abc","X-Labels":["plain"," é ","\"with, comma\""],
		"title":"é","parts":["\u0000"]}`)
	assert.False(t, got.IsError, textOf(t, got))
	assert.JSONEq(t, `{"ID":7,"Q":"a&b=c d","Tags":["x,y","z"],"IDs":[1,2],"Flag":true,
		"Filter":{"Name":"n","Tags":["s","t"]},"Extra":{"k":"v","other":"<&>"},
		"Trace":"abc","Labels":["plain","é","\"with, comma\""],"Title":"é","Parts":["\u0000"]}`, inJSON(t, got.StructuredContent))
	assert.JSONEq(t, inJSON(t, got.StructuredContent), textOf(t, got))

	got = call(t, session, "see", `{"id":"7","title":"","tag":"one","q":null,"parts":null}`)
	assert.JSONEq(t, `{"ID":7,"Q":"all","Tags":["one"],"IDs":[],"Flag":false,"Filter":{"Name":"","Tags":[]},"Extra":{},
		"Trace":"","Labels":[],"Title":"","Parts":[]}`, inJSON(t, got.StructuredContent))
}

// TestArguments_faults holds that a tool says what the service says over HTTP.
func TestArguments_faults(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{
		tenon.Post("/things/{id}", see, tenon.Named("see")),
		tenon.Post("/strict/{id}", see, tenon.Named("strict"), bind.Strict()),
		tenon.Post("/unprocessable/{id}", see, tenon.Named("unprocessable"), bind.InvalidStatus(422)),
	}
	session := toolsOf(t, routes)
	service := serviceOf(routes)
	for _, test := range []struct{ tool, arguments, target, body string }{
		{"see", `{"id":"x","ids":["a"],"title":"too long"}`, "/things/x?ids=a", `{"title":"too long"}`},
		{"see", `{"id":1}`, "/things/1", `{}`},
		{"see", `{"id":1.5,"title":7,"parts":[1,null]}`, "/things/1.5", `{"title":7,"parts":[1,null]}`},
		{"see", `{"id":99999999999999999999,"title":"a"}`, "/things/99999999999999999999", `{"title":"a"}`},
		{"see", `{"id":1,"flag":"maybe","title":{}}`, "/things/1?flag=maybe", `{"title":{}}`},
		{"strict", `{"id":1,"title":"a","titel":"b"}`, "/strict/1", `{"title":"a","titel":"b"}`},
		{"unprocessable", `{"id":1,"title":"too long"}`, "/unprocessable/1", `{"title":"too long"}`},
	} {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, test.target, strings.NewReader(test.body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		service.ServeHTTP(w, r)
		require.GreaterOrEqual(t, w.Code, 400, test.arguments)

		got := call(t, session, test.tool, test.arguments)
		assert.True(t, got.IsError, test.arguments)
		assert.Nil(t, got.StructuredContent, "clients hold it against the schema of success")
		assert.JSONEq(t, w.Body.String(), textOf(t, got), test.arguments)
	}
}

// TestArguments_unsendable holds what no request can say.
func TestArguments_unsendable(t *testing.T) {
	t.Parallel()
	type key struct {
		Name string `path:"name"`
	}
	type rest struct {
		Path string `path:"path"`
	}
	session := toolsOf(t, tenon.Routes{
		tenon.Post("/things/{id}", see, tenon.Named("see")),
		tenon.Get("/names/{name}", echo[key], tenon.Named("name")),
		tenon.Get("/files/{path...}", echo[rest], tenon.Named("rest")),
	})
	for _, test := range []struct{ tool, arguments, want string }{
		{"name", `{}`, `{"in":"path","name":"name","code":"required","detail":"is required"}`},
		{"name", `{"name":""}`, `{"in":"path","name":"name","code":"required","detail":"is required"}`},
		{"name", `{"name":".."}`, `{"in":"path","name":"name","code":"invalid","detail":"must not be \".\" or \"..\""}`},
		{"name", `{"name":["a"]}`, `{"in":"path","name":"name","code":"type","detail":"must be a single value"}`},
		{"name", `{"name":{}}`, `{"in":"path","name":"name","code":"type","detail":"must be text, a number or a boolean"}`},
		{"name", `{"name":"a","nam":"b"}`, `{"in":"arguments","name":"nam","code":"unknown","detail":"is not known"}`},
		{"rest", `{"path":"a/../b"}`, `{"in":"path","name":"path","code":"invalid","detail":"must not be \".\" or \"..\""}`},
		{"rest", `{"path":"a//b"}`, `{"in":"path","name":"path","code":"required","detail":"is required"}`},
		{"see", `{"id":1,"title":"a","X-Trace":"a\r\nHost: b"}`, `{"in":"header","name":"X-Trace","code":"invalid","detail":"must not have line breaks or other control characters"}`},
		{"see", `{"id":1,"title":"a","tag":[["a"]]}`, `{"in":"query","name":"tag","code":"type","detail":"must be text, a number or a boolean"}`},
		{"see", `{"id":1,"title":"a","filter":"a"}`, `{"in":"query","name":"filter","code":"type","detail":"must be an object"}`},
		{"see", `{"id":1,"title":"a","extra":{"k[]":1}}`, `{"in":"query","name":"extra","code":"invalid","detail":"must not have names that are empty or have a bracket"}`},
		{"see", `{"id":1,"title":"a","X-Labels":["a,b"]}`, `{"in":"header","name":"X-Labels","code":"invalid","detail":"must not have values that are empty or have a comma"}`},
		{"see", `{"id":1,"title":"a","X-Labels":["\"a"]}`, `{"in":"header","name":"X-Labels","code":"invalid","detail":"must not have values that are empty or have a comma"}`},
		{"see", `{"id":1,"title":"a","X-Labels":[""]}`, `{"in":"header","name":"X-Labels","code":"invalid","detail":"must not have values that are empty or have a comma"}`},
		{"see", `[]`, `{"in":"arguments","code":"syntax","detail":"must be a JSON object"}`},
		{"see", `{"id":1,"title":"a","title":"b"}`, `{"in":"arguments","code":"duplicate","detail":"has a name twice"}`},
	} {
		got := call(t, session, test.tool, test.arguments)
		assert.True(t, got.IsError, test.arguments)
		assert.JSONEq(t, `{"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[`+test.want+`]}`, textOf(t, got), test.arguments)
	}
	for arguments, want := range map[string]string{
		`{"name":"a/b c?d#é%2F"}`: `{"Name":"a/b c?d#é%2F"}`,
		`{"name":5}`:              `{"Name":"5"}`,
	} {
		assert.JSONEq(t, want, textOf(t, call(t, session, "name", arguments)))
	}
	for arguments, want := range map[string]string{
		`{"path":"a/b c/d?e"}`: `{"Path":"a/b c/d?e"}`,
		`{"path":"dir/"}`:      `{"Path":"dir/"}`,
		`{"path":""}`:          `{"Path":""}`,
	} {
		assert.JSONEq(t, want, textOf(t, call(t, session, "rest", arguments)))
	}
}

// TestArguments_bodies holds how the other kinds of body are sent.
func TestArguments_bodies(t *testing.T) {
	t.Parallel()
	type text struct {
		Body string `body:"text"`
	}
	type list struct {
		Body []int `body:"json"`
	}
	type optional struct {
		Body *struct {
			A int `json:"a"`
		} `body:"json"`
	}
	type form struct {
		Title string         `form:"title"`
		Tags  []string       `form:"tag"`
		CSV   []string       `form:"csv,csv"`
		Meta  map[string]int `form:"meta,json"`
		Photo *bind.File     `form:"photo"`
	}
	type either struct {
		Body struct {
			Title string `form:"title" json:"title"`
		} `body:"form,json"`
	}
	type open struct {
		Q    string         `query:"q,optional"`
		Body map[string]int `body:"json"`
	}
	type vendor struct {
		Body struct {
			A int `json:"a"`
		} `body:"json" contentType:"application/vnd.thing+json"`
	}
	formed := func(_ context.Context, in form) ([]any, error) {
		return []any{in.Title, in.Tags, in.CSV, in.Meta, in.Photo != nil}, nil
	}
	session := toolsOf(t, tenon.Routes{
		tenon.Post("/text", echo[text], tenon.Named("text")),
		tenon.Post("/list", echo[list], tenon.Named("list")),
		tenon.Post("/optional", echo[optional], tenon.Named("optional")),
		tenon.Post("/form", formed, tenon.Named("form")),
		tenon.Post("/either", echo[either], tenon.Named("either")),
		tenon.Post("/open", echo[open], tenon.Named("open")),
		tenon.Post("/vendor", echo[vendor], tenon.Named("vendor")),
		tenon.Post("/nothing", echo[tenon.None], tenon.Named("nothing")),
	})
	for _, test := range []struct{ tool, arguments, want string }{
		{"text", `{"body":"a\nb"}`, `{"Body":"a\nb"}`},
		{"list", `{"body":[1,2]}`, `{"Body":[1,2]}`},
		{"optional", `{}`, `{"Body":null}`},
		{"optional", `{"a":1}`, `{"Body":{"a":1}}`},
		{"form", `{"title":"a&b","tag":["x","y"],"csv":["1,2","3"],"meta":{"n":1}}`, `{"result":["a&b",["x","y"],["1,2","3"],{"n":1},false]}`},
		{"either", `{"title":"a"}`, `{"Body":{"title":"a"}}`},
		{"open", `{"q":"q","a":1,"b":2}`, `{"Q":"q","Body":{"a":1,"b":2}}`},
		{"vendor", `{"a":1}`, `{"Body":{"a":1}}`},
		{"nothing", `{}`, `204 No Content`},
		{"nothing", `null`, `204 No Content`},
	} {
		got := call(t, session, test.tool, test.arguments)
		require.False(t, got.IsError, "%s: %s", test.tool, textOf(t, got))
		if strings.HasPrefix(test.want, "{") {
			assert.JSONEq(t, test.want, textOf(t, got), test.tool)
			continue
		}
		assert.Equal(t, test.want, textOf(t, got))
	}
	tools := listed(t, session)
	assertSchema(t, `{"type":"object","properties":{"body":{"type":["array","null"],"items":{"type":"integer","format":"int64"}}},"required":["body"],"additionalProperties":false}`, tools["list"].InputSchema)
	assertSchema(t, `{"type":"object","properties":{"a":{"type":"integer","format":"int64"}}}`, tools["optional"].InputSchema)
	assertSchema(t, `{"type":"object","additionalProperties":false}`, tools["nothing"].InputSchema)
	assertSchema(t, `{"type":"object","properties":{"q":{"type":"string"}},"additionalProperties":{"type":"integer","format":"int64"}}`, tools["open"].InputSchema)
}

type node struct {
	Name string `json:"name"`
	Next *node  `json:"next"`
}

// TestArguments_recursive holds that a schema has all that it refers to.
func TestArguments_recursive(t *testing.T) {
	t.Parallel()
	tools := listed(t, toolsOf(t, tenon.Routes{tenon.Post("/nodes", echo[node], tenon.Named("nodes"))}))
	assert.Contains(t, inJSON(t, tools["nodes"].InputSchema), `"$ref":"#/$defs/`)
	assert.NotContains(t, inJSON(t, tools["nodes"].InputSchema), "components")
	got := call(t, toolsOf(t, tenon.Routes{tenon.Post("/nodes", echo[node], tenon.Named("nodes"))}), "nodes", `{"name":"a","next":{"name":"b","next":null}}`)
	assert.JSONEq(t, `{"name":"a","next":{"name":"b","next":null}}`, inJSON(t, got.StructuredContent))
}

type money struct{ cents int }

func (m *money) UnmarshalText(text []byte) (err error) {
	m.cents, err = strconv.Atoi(strings.TrimSuffix(string(text), "ct"))
	return err
}

// TestOpenAPI holds that tools are described with the options of the document.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	type price struct {
		Price money `query:"price"`
	}
	show := func(_ context.Context, in price) (int, error) { return in.Price.cents, nil }
	session := toolsOf(t, tenon.Routes{tenon.Get("/price", show, tenon.Named("price"))}, mcp.OpenAPI(openapi.Schema[money](`{"type":"string","pattern":"^[0-9]+ct$"}`)))
	assertSchema(t, `{"type":"object","properties":{"price":{"type":"string","pattern":"^[0-9]+ct$"}},"required":["price"],"additionalProperties":false}`, listed(t, session)["price"].InputSchema)
	assert.JSONEq(t, `{"result":5}`, textOf(t, call(t, session, "price", `{"price":"5ct"}`)))
}

// TestArguments_middleware holds that what middleware reads is an argument too.
func TestArguments_middleware(t *testing.T) {
	t.Parallel()
	type order struct {
		Thing string `json:"thing"`
	}
	once := idempotency.New(idempotency.NewMemory(1<<20), func(*http.Request) string { return "all" }, idempotency.Require())
	count := 0
	buy := func(_ context.Context, in order) (order, error) {
		count++
		return order{in.Thing + strconv.Itoa(count)}, nil
	}
	session := toolsOf(t, tenon.Routes{tenon.Post("/orders", buy, tenon.Named("buy"))}.With(once))
	assert.Contains(t, inJSON(t, listed(t, session)["buy"].InputSchema), `"required":["Idempotency-Key","thing"]`)
	for range 2 {
		assert.JSONEq(t, `{"thing":"hat1"}`, textOf(t, call(t, session, "buy", `{"thing":"hat","Idempotency-Key":"k"}`)))
	}
	assert.True(t, call(t, session, "buy", `{"thing":"hat"}`).IsError)
}

// TestNew_clashes holds that arguments of one name are told, with both.
func TestNew_clashes(t *testing.T) {
	t.Parallel()
	type clash struct {
		ID   int    `path:"id"`
		Body string `query:"title"`
		JSON struct {
			ID    int    `json:"id"`
			Title string `json:"title"`
		} `body:"json"`
	}
	type whole struct {
		Q    string `query:"body"`
		Body []int  `body:"json"`
	}
	fault := faultOf(t, tenon.Routes{
		tenon.Put("/things/{id}", echo[clash], tenon.Named("clash")),
		tenon.Put("/things", echo[whole], tenon.Named("whole")),
	})
	for _, want := range []string{
		"PUT /things/{id} (clash) has the argument id twice, as the path value id and as the member of the body id: give one of them another name",
		"PUT /things/{id} (clash) has the argument title twice, as the query parameter title and as the member of the body title",
		"PUT /things (whole) has the argument body twice, as the query parameter body and as the body",
	} {
		assert.Contains(t, fault, want)
	}
}

// TestNew_unsendable holds that what no argument can hold is told.
func TestNew_unsendable(t *testing.T) {
	t.Parallel()
	type upload struct {
		Photo bind.File `form:"photo"`
	}
	type parts struct {
		Parts bind.Parts `body:"multipart"`
	}
	type raw struct {
		Body io.Reader `body:"stream"`
	}
	fault := faultOf(t, tenon.Routes{
		tenon.Post("/upload", func(context.Context, upload) (tenon.None, error) { return tenon.None{}, nil }, tenon.Named("upload")),
		tenon.Post("/parts", func(context.Context, parts) (tenon.None, error) { return tenon.None{}, nil }, tenon.Named("parts")),
		tenon.Post("/raw", func(context.Context, raw) (tenon.None, error) { return tenon.None{}, nil }, tenon.Named("raw")),
		tenon.On(http.MethodGet, "/plain", http.NotFoundHandler(), tenon.Named("plain")),
		tenon.Get("/name", echo[tenon.None], tenon.Named("no name")),
	})
	for _, want := range []string{
		"(upload) requires the form field photo, which is a file that no argument can hold: make it optional, or leave the route out",
		"(parts) requires a body of the kind multipart, which no argument can hold",
		"(raw) requires a body of the kind stream, which no argument can hold",
		"GET /plain (plain) is a plain handler with unknown arguments: make the route of a typed function",
		`GET /name (no name) has the name "no name", which a tool cannot have`,
	} {
		assert.Contains(t, fault, want)
	}
	_, err := mcp.New(mcp.Info{}, nil, nil, mcp.MaxAnswer(0), mcp.TrustOrigins("nowhere"))
	require.Error(t, err)
	for _, want := range []string{"Info has no Name or no Version", "the service is nil", "MaxAnswer is 0", `TrustOrigins("nowhere")`} {
		require.ErrorContains(t, err, want)
	}
	wrong := faultOf(t, tenon.Routes{{Method: "get", Pattern: "/x"}}, mcp.MaxAnswer(-1))
	assert.Contains(t, wrong, "write GET")
	assert.Contains(t, wrong, "MaxAnswer is -1")
}
