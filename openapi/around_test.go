package openapi_test

import (
	"context"
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/idempotency"
)

// TestNew_middleware documents what middleware of a route asks for and answers, wherever
// it stands among others, and nothing of it where it does nothing.
func TestNew_middleware(t *testing.T) {
	t.Parallel()
	type keyed struct {
		Key string `header:"idempotency-key"`
	}
	everybody := func(*http.Request) string { return "everybody" }
	empty := func(context.Context, tenon.None) (string, error) { return "", nil }
	routes := tenon.Routes{
		tenon.Post("/a", empty), tenon.Patch("/a", empty), tenon.Get("/a", empty), tenon.Put("/a", empty),
		tenon.Post("/bound", func(context.Context, keyed) (string, error) { return "", nil }),
	}
	routes = routes.With(middleware.NoStore(), idempotency.New(idempotency.NewMemory(0), everybody), middleware.BodyLimit(10))
	required := tenon.Routes{tenon.Post("/required", empty)}.With(idempotency.New(idempotency.NewMemory(0), everybody, idempotency.Require()))
	without := tenon.Routes{tenon.Post("/without", empty)}

	type parameter struct {
		Name, In, Description string
		Required              bool
		Schema                map[string]any
	}
	var doc struct {
		Paths map[string]map[string]struct {
			Parameters []parameter
			Responses  map[string]struct{ Content map[string]any }
		}
	}
	text := newDocument(t, append(append(routes, required...), without...)).JSON()
	require.NoError(t, json.Unmarshal(text, &doc))
	for path, methods := range map[string]map[string]bool{
		"/a":        {"post": true, "patch": true, "get": false, "put": false},
		"/required": {"post": true},
		"/without":  {"post": false},
	} {
		for method, has := range methods {
			op := doc.Paths[path][method]
			for _, status := range []string{"400", "409", "422"} {
				response, ok := op.Responses[status]
				assert.Equal(t, has, ok, "%s %s: %s", method, path, status)
				if has {
					assert.Contains(t, response.Content, "application/problem+json")
				}
			}
			if !has {
				assert.Empty(t, op.Parameters)
				continue
			}
			require.Len(t, op.Parameters, 1)
			p := op.Parameters[0]
			assert.Equal(t, parameter{"Idempotency-Key", "header", p.Description, path == "/required", map[string]any{"type": "string"}}, p)
			assert.Contains(t, p.Description, "UUID")
		}
	}
	bound := doc.Paths["/bound"]["post"].Parameters
	require.Len(t, bound, 1, "the route has it already")
	assert.True(t, bound[0].Required)
}
