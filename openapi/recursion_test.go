package openapi_test

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/respond"
)

// Types that lead back to themselves by other ways than a struct with a name.
type (
	ring        *ring
	ringA       *ringB
	ringB       *ringA
	ringOfOpts  *bind.Opt[ringOfOpts]
	ringOfOK    *respond.OK[ringOfOK]
	lists       *[]lists
	mapsOfMaps  map[string]*mapsOfMaps
	optLists    []bind.Opt[optLists]
	listsOfOpts *bind.Opt[[]listsOfOpts]
	mixed       *map[string][]mixed
	anonymous   []struct {
		Kids anonymous `json:"kids"`
	}
)

type (
	holder[T any] struct {
		V T `json:"v"`
	}
	withDefault[T any] struct {
		V T `default:"[]" example:"[]" json:"v"`
	}
	queryOf[T any] struct {
		V T `query:"v"`
	}
	textOf[T any] struct {
		V T `body:"text"`
	}
)

// documentOf returns the document of a table, or what keeps it from being made.
func documentOf(table func() tenon.Routes) (doc *openapi.Document, fault string) {
	defer func() {
		if cause := recover(); cause != nil {
			fault = fmt.Sprint(cause)
		}
	}()
	doc, err := openapi.New(info(), table())
	if err != nil {
		fault = err.Error()
	}
	return doc, fault
}

// A place is one where a document meets a type.
type place struct {
	name  string
	table func() tenon.Routes
}

func placesOf[T any]() []place {
	var zero T
	return []place{
		{"answer", func() tenon.Routes { return tenon.Routes{tenon.Get("/x", answer[tenon.None, T], tenon.Named("x"))} }},
		{"member", func() tenon.Routes {
			return tenon.Routes{tenon.Get("/x", answer[tenon.None, holder[T]], tenon.Named("x"))}
		}},
		{"wrapped", func() tenon.Routes {
			return tenon.Routes{tenon.Get("/x", answer[tenon.None, respond.OK[T]], tenon.Named("x"))}
		}},
		{"documented", func() tenon.Routes { return tenon.Routes{withResponses(map[int]any{200: zero, 201: &zero})} }},
		{"with a default", func() tenon.Routes { return tenon.Routes{withResponses(map[int]any{200: withDefault[T]{}})} }},
		{"body", func() tenon.Routes { return tenon.Routes{tenon.Post("/x", answer[T, string], tenon.Named("x"))} }},
		{"member of a body", func() tenon.Routes {
			return tenon.Routes{tenon.Post("/x", answer[holder[T], string], tenon.Named("x"))}
		}},
		{"query", func() tenon.Routes {
			return tenon.Routes{tenon.Get("/x", answer[queryOf[T], string], tenon.Named("x"))}
		}},
		{"text", func() tenon.Routes {
			return tenon.Routes{tenon.Post("/x", answer[textOf[T], string], tenon.Named("x"))}
		}},
	}
}

// A type that consists of pointers to itself is a fault, wherever it stands.
func TestNew_pointersToThemselves(t *testing.T) {
	t.Parallel()
	for name, places := range map[string][]place{
		"pointer": placesOf[ring](), "two pointers": placesOf[ringA](), "Opt": placesOf[ringOfOpts](),
	} {
		for _, p := range places {
			_, fault := documentOf(p.table)
			assert.Regexp(t, "only points to itself|cannot be read from text|not a string", fault, "%s: %s", name, p.name)
		}
	}
	for _, p := range placesOf[ringOfOK]()[:4] {
		if p.name == "member" {
			continue // there it is a struct like any other
		}
		_, fault := documentOf(p.table)
		assert.Contains(t, fault, "wraps only itself", p.name)
	}
	var loop ring
	loop = &loop
	_, fault := documentOf(func() tenon.Routes { return tenon.Routes{withResponses(map[int]any{200: loop})} })
	assert.Contains(t, fault, "only points to itself")
}

// One that holds itself is a component, which refers to itself.
func TestNew_recursion(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		places []place
		want   string // the component
	}{
		"lists":       {placesOf[lists](), `{"type":"array","items":{"anyOf":[{"$ref":"#/components/schemas/lists"},{"type":"null"}]}}`},
		"mapsOfMaps":  {placesOf[mapsOfMaps](), `{"type":"object","additionalProperties":{"anyOf":[{"$ref":"#/components/schemas/mapsOfMaps"},{"type":"null"}]}}`},
		"optLists":    {placesOf[optLists](), `{"type":"array","items":{"anyOf":[{"$ref":"#/components/schemas/optLists"},{"type":"null"}]}}`},
		"listsOfOpts": {placesOf[listsOfOpts](), `{"type":"array","items":{"anyOf":[{"$ref":"#/components/schemas/listsOfOpts"},{"type":"null"}]}}`},
		"mixed":       {placesOf[mixed](), `{"type":"object","additionalProperties":{"type":"array","items":{"anyOf":[{"$ref":"#/components/schemas/mixed"},{"type":"null"}]}}}`},
		"anonymous":   {placesOf[anonymous](), `{"type":"array","items":{"type":"object","required":["kids"],"properties":{"kids":{"$ref":"#/components/schemas/anonymous"}}}}`},
	} {
		for _, p := range tc.places {
			doc, fault := documentOf(p.table)
			switch p.name {
			case "query", "text":
				assert.NotEmpty(t, fault, "%s: %s", name, p.name)
				continue
			}
			require.Empty(t, fault, "%s: %s", name, p.name)
			if p.name == "answer" {
				text, err := json.Marshal(parsed(t, doc)["components"].(map[string]any)["schemas"].(map[string]any)[name])
				require.NoError(t, err)
				assert.JSONEq(t, tc.want, string(text), name)
			}
		}
	}
}

// endless states a schema that leads back to itself.
type endless struct{ A int }

func (endless) JSONSchema() string { return `{"anyOf":[{"$ref":"#/components/schemas/endless"}]}` }

// The page of a document that leads nowhere is shown all the same.
func TestDocs_endlessSchema(t *testing.T) {
	t.Parallel()
	doc := newDocument(t, tenon.Routes{tenon.Post("/x", answer[endless, endless], tenon.Named("two words"))})
	w := httptest.NewRecorder()
	openapi.Docs(doc).ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	assert.Equal(t, 200, w.Code)
	assert.Contains(t, w.Body.String(), `id="op-two-words"`)
}
