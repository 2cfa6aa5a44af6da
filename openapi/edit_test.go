package openapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/openapi"
)

// at returns what a path of names leads to in a document.
func at(t *testing.T, doc any, names ...string) any {
	t.Helper()
	for _, name := range names {
		object, ok := doc.(map[string]any)
		require.True(t, ok, "%s in %v", name, names)
		doc = object[name]
	}
	return doc
}

func TestEdit(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{reads[profile]("a"), writes[plate]("a"), writes[patterned]("b")}
	before := newDocument(t, routes)
	assert.JSONEq(t, string(before.JSON()), string(newDocument(t, routes, openapi.Edit(func(map[string]any) {})).JSON()))
	assert.Equal(t, string(before.JSON()), string(newDocument(t, routes, openapi.Edit(func(map[string]any) {})).JSON()), "the order stays")

	doc := newDocument(t, routes,
		openapi.Edit(func(doc map[string]any) {
			doc["x-first"] = []string{"a"}
			info := doc["info"].(map[string]any)
			info["title"] = "Edited"
			doc["webhooks"] = map[string]any{"made": map[string]any{"post": map[string]any{"responses": map[string]any{"204": map[string]any{"description": "Seen"}}}}}
		}),
		openapi.Edit(func(doc map[string]any) {
			assert.Equal(t, []string{"a"}, doc["x-first"], "they run in order")
			doc["x-second"] = map[string]int{"b": 1}
			delete(doc["paths"].(map[string]any), "/out/b")
			post := at(t, doc, "paths", "/in/a", "post").(map[string]any)
			post["callbacks"] = map[string]any{"done": map[string]any{"{$request.body#/url}": map[string]any{}}}
			level := at(t, doc, "components", "schemas", "patterned", "properties", "code").(map[string]any)
			assert.Equal(t, json.Number("3"), level["minLength"])
		}))
	whole := parsed(t, doc)
	assert.Equal(t, []any{"a"}, whole["x-first"])
	assert.Equal(t, "Edited", at(t, whole, "info", "title"))
	assert.NotNil(t, at(t, whole, "paths", "/in/a", "post", "callbacks", "done"))
	assert.Less(t, strings.Index(string(doc.JSON()), `"info"`), strings.Index(string(doc.JSON()), `"paths"`))

	page := httptest.NewRecorder()
	openapi.Docs(doc).ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/", nil))
	assert.Contains(t, page.Body.String(), "Edited")
	assert.NotContains(t, page.Body.String(), "/out/b")
	older, left := doc.Version30()
	assert.Contains(t, string(older.JSON()), `"x-second"`)
	assert.Contains(t, left, "#/webhooks: OpenAPI 3.0 has no webhooks here")
}

// Verify goes by the edited document, and still knows what a document cannot say.
func TestEdit_verify(t *testing.T) {
	t.Parallel()
	value := patterned{Name: "xx!", Code: "123"}
	route := tenon.Get("/x", func(context.Context, tenon.None) (patterned, error) { return value, nil })
	reports := func(edit func(doc map[string]any)) (faults []error) {
		doc := newDocument(t, tenon.Routes{route}, openapi.Edit(edit))
		openapi.Verify(doc, func(err error) { faults = append(faults, err) })(route.Handler()).
			ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/x", nil))
		return faults
	}
	assert.Empty(t, reports(func(map[string]any) {}))
	assert.Empty(t, reports(func(doc map[string]any) { delete(doc["paths"].(map[string]any), "/x") }))
	assert.Len(t, reports(func(doc map[string]any) {
		at(t, doc, "components", "schemas", "patterned", "properties", "code").(map[string]any)["maxLength"] = 2
	}), 1)
	assert.Len(t, reports(func(doc map[string]any) {
		delete(at(t, doc, "paths", "/x", "get", "responses").(map[string]any), "200")
	}), 1)
	assert.Empty(t, reports(func(doc map[string]any) { // references are followed
		responses := at(t, doc, "paths", "/x", "get", "responses").(map[string]any)
		at(t, doc, "components").(map[string]any)["responses"] = map[string]any{"found": responses["200"]}
		responses["200"] = map[string]any{"$ref": "#/components/responses/found"}
	}))
	route = tenon.Get("/x", func(context.Context, tenon.None) (patterned, error) { return patterned{Name: "a\n", Code: "123"}, nil })
	assert.Len(t, reports(func(map[string]any) {}), 1, "patterns are read as their tags have them")
}

// What an edit leaves out or adds does not break the page.
func TestEdit_docs(t *testing.T) {
	t.Parallel()
	doc := newDocument(t, tenon.Routes{reads[plate]("a"), tenon.Get("/x/{id}", answer[one, string], tenon.Named("x"))}, openapi.Edit(func(doc map[string]any) {
		get := at(t, doc, "paths", "/x/{id}", "get").(map[string]any)
		get["parameters"] = []any{
			map[string]any{"$ref": "#/components/parameters/id"},
			map[string]any{"name": "q", "in": "query", "content": map[string]any{"application/json": map[string]any{}}},
		}
		doc["components"].(map[string]any)["parameters"] = map[string]any{"id": map[string]any{"name": "id", "in": "path", "required": true, "schema": map[string]any{"type": "string"}}}
		item := at(t, doc, "paths", "/in/a").(map[string]any)
		item["parameters"] = []any{map[string]any{"name": "shared", "in": "header", "schema": true}}
		item["post"].(map[string]any)["responses"] = map[string]any{"200": map[string]any{"description": "x", "headers": map[string]any{"X": map[string]any{}}}}
		item["get"] = map[string]any{}
	}))
	page := httptest.NewRecorder()
	openapi.Docs(doc).ServeHTTP(page, httptest.NewRequest(http.MethodGet, "/", nil))
	assert.Contains(t, page.Body.String(), "shared")
}

func TestEdit_faults(t *testing.T) {
	t.Parallel()
	loop := map[string]any{}
	loop["x"] = loop
	for _, tc := range []struct {
		opt   openapi.Option
		words string
	}{
		{openapi.Edit(nil), "Edit has a nil function"},
		{openapi.Edit(func(map[string]any) { panic("no") }), "the function of Edit panics: no"},
		{openapi.Edit(func(doc map[string]any) { doc["x-c"] = make(chan int) }), "a value that JSON cannot encode"},
		{openapi.Edit(func(doc map[string]any) { doc["x-c"] = loop }), "contains itself"},
		{openapi.Edit(func(doc map[string]any) { doc["paths"] = 1 }), "has made the OpenAPI document invalid: the value at /paths is not valid"},
		{openapi.OperationID(nil), "OperationID has a nil function"},
		{openapi.OperationID(func(tenon.Route) string { panic("no") }), "the function of OperationID panics"},
		{openapi.OperationID(func(tenon.Route) string { return "same" }), "both have the operation id same"},
	} {
		_, err := openapi.New(info(), tenon.Routes{tenon.Get("/a", shop{}.ListThings), tenon.Get("/b", shop{}.Make)}, tc.opt)
		require.ErrorContains(t, err, tc.words)
	}
}

// A shop holds all handlers.
type shop struct{}

func (shop) ListThings(context.Context, tenon.None) (string, error) { return "", nil }
func (shop) Make(context.Context, tenon.None) (string, error)       { return "", nil }

func TestOperationID(t *testing.T) {
	t.Parallel()
	routes := tenon.Routes{
		tenon.Get("/things", shop{}.ListThings),
		tenon.Post("/things", shop{}.Make, tenon.Named("shop.make")),
		tenon.Get("/plain/{id}", func(context.Context, one) (string, error) { return "", nil }),
		tenon.Get("/other", answer[tenon.None, string], tenon.Doc{Summary: "Other"}),
	}
	ids := func(opts ...openapi.Option) map[string]any {
		all := map[string]any{}
		for id, op := range operations(t, newDocument(t, routes, opts...)) {
			all[id] = op["summary"]
		}
		return all
	}
	assert.Equal(t, map[string]any{
		"shopListThings": "Shop List Things", "shop.make": "Shop Make", "getPlainId": "GET /plain/{id}", "answer": "Other",
	}, ids())
	assert.Equal(t, map[string]any{
		"ListThings": "List Things", "shop.make": "Shop Make", "getPlainId": "GET /plain/{id}", "answer": "Other",
	}, ids(openapi.OperationID(openapi.MethodName)))
	assert.Equal(t, map[string]any{
		"GET-/things": "GET /things", "shop.make": "Shop Make", "GET-/plain/{id}": "GET /plain/{id}", "GET-/other": "Other",
	}, ids(openapi.OperationID(func(r tenon.Route) string { return r.Method + "-" + r.Pattern })))
}
