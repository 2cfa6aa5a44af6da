package mcp_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
)

// TestArguments_readOnly holds that a member which is read only is no argument, so that it
// clashes with none, and that an agent which sends back what it got is not refused.
func TestArguments_readOnly(t *testing.T) {
	t.Parallel()
	type item struct {
		ID    int    `json:"id" readOnly:"true"`
		Stamp string `json:"stamp" readOnly:"true"`
		Title string `json:"title"`
	}
	type change struct {
		ID   int  `path:"id"`
		Body item `body:"json"`
	}
	routes := tenon.Routes{
		tenon.Put("/items/{id}", echo[change], tenon.Named("put")),
		tenon.Put("/strict/{id}", echo[change], tenon.Named("strict"), bind.Strict()),
	}
	session := toolsOf(t, routes)
	tools := listed(t, session)
	for _, name := range []string{"put", "strict"} {
		assert.Contains(t, inJSON(t, tools[name].InputSchema), `"required":["id","title"]`)
		assert.NotContains(t, inJSON(t, tools[name].InputSchema), `"stamp"`)
		assert.JSONEq(t, `{"ID":7,"Body":{"id":0,"stamp":"","title":"a"}}`, textOf(t, call(t, session, name, `{"id":7,"stamp":"x","title":"a"}`)))
	}
}
