package mcp_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon"
)

// TestArguments_object holds that each member of an object in a query is sent as its own
// field is read.
func TestArguments_object(t *testing.T) {
	t.Parallel()
	type area struct {
		Codes []string `query:"codes,csv"`
		Names []string `query:"names"`
		Sizes []int    `query:"sizes"`
		Floor *int     `query:"floor"`
	}
	type in struct {
		Area   area           `query:"area,deep"`
		Counts map[string]int `query:"counts,deep"`
	}
	session := toolsOf(t, tenon.Routes{tenon.Get("/areas", func(_ context.Context, in in) (in, error) { return in, nil }, tenon.Named("areas"))})
	for _, c := range []struct{ name, arguments, want string }{
		{
			"only one list has commas", `{"area":{"codes":["a","b,c"],"names":["d","e,f"]}}`,
			`{"Area":{"Codes":["a","b,c"],"Names":["d","e,f"],"Sizes":[],"Floor":null},"Counts":{}}`,
		},
		{
			"integers with a fraction of zero", `{"area":{"sizes":[1.0,2e1],"floor":3.0},"counts":{"a":4.0}}`,
			`{"Area":{"Codes":[],"Names":[],"Sizes":[1,20],"Floor":3},"Counts":{"a":4}}`,
		},
		{
			"null", `{"area":{"names":["d"],"floor":null},"counts":{"a":null}}`,
			`{"Area":{"Codes":[],"Names":["d"],"Sizes":[],"Floor":null},"Counts":{}}`,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			assert.JSONEq(t, c.want, textOf(t, call(t, session, "areas", c.arguments)))
		})
	}
	for _, c := range []struct{ name, arguments, want string }{
		{"an unknown member", `{"area":{"name":"d"}}`, `"name":"area","code":"unknown","detail":"has the member name, which is not known"`},
		{"a list for one value", `{"area":{"floor":[1,2]}}`, `"name":"area","code":"type","detail":"must be a single value"`},
		{"a list in a map", `{"counts":{"a":[1,2]}}`, `"name":"counts","code":"type","detail":"must be a single value"`},
		{"no object", `{"area":"d"}`, `"name":"area","code":"type","detail":"must be an object"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			result := call(t, session, "areas", c.arguments)
			assert.True(t, result.IsError)
			assert.Contains(t, textOf(t, result), c.want)
		})
	}
}
