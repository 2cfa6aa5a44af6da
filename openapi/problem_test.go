package openapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/respond"
)

type (
	// shortage is a problem with members of its own.
	shortage struct {
		respond.Problem
		part

		Missing int64    `doc:"How many" json:"missing" minimum:"1"`
		Title   string   // of the book: Problem has a field of this name
		Hints   []string `json:"hints,omitempty"`
	}
	part struct {
		Part *string `json:"part"`
	}
	refusal struct {
		*respond.Problem
	}
	failing struct{ error }
	whole   int64
)

func TestNew_problems(t *testing.T) {
	t.Parallel()
	const (
		plain    = `{"$ref":"#/components/schemas/Problem"}`
		shortRef = `{"$ref":"#/components/schemas/shortage"}`
		either   = `{"anyOf":[` + shortRef + `,` + plain + `]}`
	)
	for _, tc := range []struct {
		name   string
		route  tenon.Route
		status string
		want   string
	}{
		{"a problem", withResponses(map[int]any{404: respond.Problem{}}), "404", plain},
		{"a pointer", withResponses(map[int]any{404: respond.NewProblem(404, "")}), "404", plain},
		{"one in a wrapper", withResponses(map[int]any{404: respond.Status(404, respond.NewProblem(404, ""))}), "404", plain},
		{"another type", withResponses(map[int]any{409: shortage{}}), "409", shortRef},
		{"a pointer to it", withResponses(map[int]any{409: &shortage{}}), "409", shortRef},
		{"nothing of its own", withResponses(map[int]any{409: refusal{}}), "409", `{"$ref":"#/components/schemas/refusal"}`},
		{"another error", withResponses(map[int]any{502: failing{errors.New("no")}}), "502", plain},
		{"without a name", withResponses(map[int]any{409: struct {
			respond.Problem
			N int64 `json:"n"`
		}{}}), "409", `{"allOf":[` + plain + `,{"type":"object","properties":{"n":{"type":"integer","format":"int64"}},"required":["n"]}]}`},
		{"what bind refuses too", tenon.Get("/x/{id}", answer[one, string], tenon.Named("x"), tenon.Doc{Responses: map[int]any{400: shortage{}}}), "400", either},
		{"what Errors has too", tenon.Get("/x", answer[tenon.None, string], tenon.Named("x"), tenon.Doc{Errors: []int{409}, Responses: map[int]any{409: shortage{}}}), "409", either},
		{"an Out", tenon.Get("/x", answer[tenon.None, *shortage], tenon.Named("x")), "default", either},
		{"an Out beside a success", tenon.Get("/x", answer[tenon.None, *respond.Problem], tenon.Named("x"), tenon.Doc{Responses: map[int]any{200: author{}}}), "default", plain},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			doc := newDocument(t, tenon.Routes{tc.route})
			content := operations(t, doc)["x"]["responses"].(map[string]any)[tc.status].(map[string]any)["content"].(map[string]any)
			require.Len(t, content, 1)
			text, err := json.Marshal(content["application/problem+json"].(map[string]any)["schema"])
			require.NoError(t, err)
			assert.JSONEq(t, tc.want, string(text))
			assert.Contains(t, componentNames(t, doc), "Problem")
		})
	}
	doc := newDocument(t, tenon.Routes{withResponses(map[int]any{409: shortage{}})})
	text, err := json.Marshal(parsed(t, doc)["components"].(map[string]any)["schemas"].(map[string]any)["shortage"])
	require.NoError(t, err)
	assert.JSONEq(t, `{"allOf":[`+plain+`,{"type":"object","properties":{
		"part":{"type":["string","null"]},
		"missing":{"type":"integer","format":"int64","minimum":1,"description":"How many"},
		"Title":{"type":"string"},
		"hints":{"type":"array","items":{"type":"string"}}
	},"required":["part","missing","Title"]}]}`, string(text))
}

// withResponses is a plain route of these answers.
func withResponses(responses map[int]any) tenon.Route {
	return tenon.On("GET", "/x", http.NotFoundHandler(), tenon.Named("x"), tenon.Doc{Responses: responses})
}

// What a problem with members sends is what the document says.
func TestVerify_problems(t *testing.T) {
	t.Parallel()
	short := shortage{Problem: respond.Problem{Status: 409, Detail: "sold out"}, Missing: 3, Title: "Glue"}
	declared := tenon.Doc{Responses: map[int]any{409: shortage{}}}
	routes := tenon.Routes{
		tenon.Get("/error", func(context.Context, tenon.None) (string, error) { return "", &short }, declared),
		tenon.Get("/value", func(context.Context, tenon.None) (shortage, error) { return short, nil }, declared),
		tenon.Get("/wrong", func(context.Context, tenon.None) (*shortage, error) {
			return &shortage{Problem: respond.Problem{Status: 409}}, nil
		}, declared),
	}
	mux := http.NewServeMux()
	routes.Mount(mux)
	reports := make(chan string, 10)
	kittest.Serve(t, openapi.Verify(newDocument(t, routes), func(err error) { reports <- err.Error() })(mux), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, path := range []string{"/error", "/value"} {
			got := s.Get(t, path)
			assert.Equal(t, 409, got.StatusCode)
			assert.JSONEq(t, `{"type":"about:blank","title":"Conflict","status":409,"detail":"sold out","Title":"Glue","missing":3,"part":null}`, got.Text)
		}
		assert.Empty(t, reports)
		s.Get(t, "/wrong")
		assert.Equal(t, "openapi: GET /wrong: the body of status 409 breaks its schema: #/missing: breaks minimum 1", <-reports)
	})
}

// A body that is declared twice has one schema, and alternatives are different.
func TestNew_oneSchema(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		route tenon.Route
		want  string
	}{
		{"one type", tenon.Get("/x", answer[tenon.None, respond.OK[author]], tenon.Named("x"), tenon.Doc{Responses: map[int]any{200: author{}}}), `{"$ref":"#/components/schemas/author"}`},
		{"a pointer", tenon.Get("/x", answer[tenon.None, *author], tenon.Named("x"), tenon.Doc{Responses: map[int]any{200: respond.OK[*author]{}}}), `{"$ref":"#/components/schemas/author"}`},
		{"one schema of two types", tenon.Get("/x", answer[tenon.None, []int64], tenon.Named("x"), tenon.Doc{Responses: map[int]any{200: []whole{}}}), `{"type":"array","items":{"type":"integer","format":"int64"}}`},
		{"two types", tenon.Get("/x", answer[tenon.None, author], tenon.Named("x"), tenon.Doc{Responses: map[int]any{200: tree{}}}), `{"anyOf":[{"$ref":"#/components/schemas/tree"},{"$ref":"#/components/schemas/author"}]}`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			responses := operations(t, newDocument(t, tenon.Routes{tc.route}))["x"]["responses"].(map[string]any)
			text, err := json.Marshal(responses["200"].(map[string]any)["content"].(map[string]any)["application/json"].(map[string]any)["schema"])
			require.NoError(t, err)
			assert.JSONEq(t, tc.want, string(text))
		})
	}
}
