package mcp_test

import (
	"testing"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/mcp"
)

// TestHints holds the hints of each method, and what replaces them.
func TestHints(t *testing.T) {
	t.Parallel()
	handle := echo[tenon.None]
	routes := tenon.Routes{
		tenon.Get("/x", handle, tenon.Named("get")),
		tenon.Post("/x", handle, tenon.Named("post")),
		tenon.Put("/x", handle, tenon.Named("put")),
		tenon.Patch("/x", handle, tenon.Named("patch")),
		tenon.Delete("/x", handle, tenon.Named("delete")),
	}
	search := mcp.Hints{ReadOnly: new(true), OpenWorld: new(true)}.On(tenon.Routes{tenon.Post("/search", handle, tenon.Named("search"))})
	adds := mcp.Hints{Destructive: new(false)}.On(mcp.Hints{Destructive: new(true), Idempotent: new(true)}.On(tenon.Routes{tenon.Post("/add", handle, tenon.Named("add"))}))
	routes = append(append(routes, search...), adds...)
	tools := listed(t, toolsOf(t, routes))
	for name, want := range map[string]string{
		"get":    `{"readOnlyHint":true,"idempotentHint":true}`,
		"post":   `{"readOnlyHint":false,"destructiveHint":true,"idempotentHint":false}`,
		"put":    `{"readOnlyHint":false,"destructiveHint":true,"idempotentHint":true}`,
		"patch":  `{"readOnlyHint":false,"destructiveHint":true,"idempotentHint":false}`,
		"delete": `{"readOnlyHint":false,"destructiveHint":true,"idempotentHint":true}`,
		"search": `{"readOnlyHint":true,"idempotentHint":false,"openWorldHint":true}`,
		"add":    `{"readOnlyHint":false,"destructiveHint":false,"idempotentHint":true}`,
	} {
		assertSchema(t, want, tools[name].Annotations)
	}
}
