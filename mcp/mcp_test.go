package mcp_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/mcp"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/precondition"
)

type tenant struct{ name string }

func (x *tenant) UnmarshalRequest(r *http.Request) error {
	x.name = r.URL.Query().Get("tenant")
	return nil
}

type optionalTenant struct{ tenant }

func (*optionalTenant) RequestParameters() any {
	return struct {
		Tenant string `query:"tenant,optional"`
	}{}
}

func (x *optionalTenant) UnmarshalRequest(r *http.Request) error { return x.tenant.UnmarshalRequest(r) }

type requiredTenant struct{ tenant }

func (*requiredTenant) RequestParameters() any {
	return struct {
		Tenant string `query:"tenant"`
	}{}
}

func (x *requiredTenant) UnmarshalRequest(r *http.Request) error { return x.tenant.UnmarshalRequest(r) }

func nothing[In any](context.Context, In) (tenon.None, error) { return tenon.None{}, nil }

// TestNew_withheld holds what is never an argument: it is left out, and where a route
// requires it, that is a fault.
func TestNew_withheld(t *testing.T) {
	t.Parallel()
	type optional struct {
		Session   string `cookie:"sid,optional"`
		Auth      string `header:"Authorization,optional"`
		Cookie    string `header:"Cookie,optional"`
		Host      string `header:"Host,optional"`
		Origin    string `header:"Origin,optional"`
		Forwarded string `header:"Forwarded,optional"`
		For       string `header:"X-Forwarded-For,optional"`
		Proto     string `header:"x-forwarded-proto,optional"`
		Accept    string `header:"Accept,optional"`
		Value     string `value:"v"`
		Tenant    optionalTenant
		If        precondition.Headers
		Other     string `header:"X-Other,optional"`
	}
	value := bind.Value("v", func(*http.Request) (string, error) { return "", nil })
	tools := listed(t, toolsOf(t, tenon.Routes{tenon.Put("/x", nothing[optional], tenon.Named("x"), value)}))
	assertSchema(t, `{"type":"object","properties":{"X-Other":{"type":"string"}},"additionalProperties":false}`, tools["x"].InputSchema)

	for field, words := range map[string]string{
		"cookie sid": faultOf(t, tenon.Routes{tenon.Put("/x", nothing[struct {
			V string `cookie:"sid"`
		}])}),
		"header field Authorization": faultOf(t, tenon.Routes{tenon.Put("/x", nothing[struct {
			V string `header:"Authorization"`
		}])}),
		"header field Cookie": faultOf(t, tenon.Routes{tenon.Put("/x", nothing[struct {
			V string `header:"Cookie"`
		}])}),
		"header field Host": faultOf(t, tenon.Routes{tenon.Put("/x", nothing[struct {
			V string `header:"Host"`
		}])}),
		"header field Origin": faultOf(t, tenon.Routes{tenon.Put("/x", nothing[struct {
			V string `header:"Origin"`
		}])}),
		"header field Forwarded": faultOf(t, tenon.Routes{tenon.Put("/x", nothing[struct {
			V string `header:"Forwarded"`
		}])}),
		"header field X-Forwarded-Host": faultOf(t, tenon.Routes{tenon.Put("/x", nothing[struct {
			V string `header:"X-Forwarded-Host"`
		}])}),
		"query parameter tenant": faultOf(t, tenon.Routes{tenon.Put("/x", nothing[struct{ V requiredTenant }])}),
	} {
		assert.Contains(t, words, "requires the "+field+", which")
		assert.Contains(t, words, "make it optional, or leave the route out")
	}
	assert.Contains(t, faultOf(t, tenon.Routes{tenon.Put("/x", nothing[struct{ If precondition.Required }])}), "requires a precondition")
}

// TestNew_guards holds that a guard which no call can pass is a fault.
func TestNew_guards(t *testing.T) {
	t.Parallel()
	guard := func(name string, scheme openapi.SecurityScheme, isOptional bool) openapi.Guard[string] {
		return openapi.Guard[string]{Name: name, Scheme: scheme, Optional: isOptional, Check: func(*http.Request) (string, error) { return "", nil }}
	}
	routes := tenon.Routes{tenon.Get("/x", echo[tenon.None], tenon.Named("x"))}
	for _, test := range []struct {
		guard openapi.Guard[string]
		words string
	}{
		{guard("session", openapi.CookieKey("sid"), false), "is behind the guard session, which asks for the cookie sid, but a call carries only the header field Authorization: use a guard that reads it, or leave the route out"},
		{guard("key", openapi.HeaderKey("X-API-Key"), false), "is behind the guard key, which asks for the header X-API-Key"},
		{guard("session", openapi.CookieKey("sid"), true), ""},
		{guard("token", openapi.HeaderKey("authorization"), false), ""},
		{guard("basic", openapi.Basic(), false), ""},
	} {
		_, err := mcp.New(info, http.NotFoundHandler(), test.guard.Protect(routes))
		if test.words == "" {
			require.NoError(t, err)
			continue
		}
		require.ErrorContains(t, err, test.words)
	}
}

// TestNew_names holds where the names of tools come from.
func TestNew_names(t *testing.T) {
	t.Parallel()
	type key struct {
		ID int `path:"id"`
	}
	routes := tenon.Routes{
		tenon.Get("/articles/{id}", echo[key], tenon.Named("articles.get")),
		tenon.Get("/closure/{id}", func(_ context.Context, in key) (key, error) { return in, nil }),
		tenon.Get("/see", seeRequest),
	}
	tools := listed(t, toolsOf(t, routes))
	for _, name := range []string{"articles.get", "getClosureId", "seeRequest"} {
		assert.Contains(t, tools, name)
	}
	twice := tenon.Routes{tenon.Get("/see", seeRequest), tenon.Get("/sees", seeRequest, tenon.Named("seeRequest"))}
	_, err := mcp.New(info, http.NotFoundHandler(), twice)
	require.ErrorContains(t, err, "seeRequest")
	byDots := tenon.Routes{tenon.Get("/a.b", func(context.Context, tenon.None) (tenon.None, error) { return tenon.None{}, nil }), tenon.Get("/x", echo[tenon.None], tenon.Named("getAB"))}
	assert.Contains(t, faultOf(t, byDots), fmt.Sprintf("GET /x (getAB) has the name getAB, which %s has too: give one of them another by tenon.Named", "GET /a.b"))
}
