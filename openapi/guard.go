package openapi

import (
	"net/http"
	"reflect"
	"slices"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/schema"
)

// A Guard lets some requests through to its routes and refuses the others, and
// a document says so: the middleware and its security scheme are one value, so
// that a route cannot have one without the other.
//
//	session := openapi.Guard{Name: "session", Scheme: openapi.CookieKey("sid"), Middleware: checkSession}
//	routes = append(public, session.Protect(private)...)
//
// A Guard is a value: a copy with other Scopes and another Middleware is a guard
// of the same scheme.
type Guard struct {
	// Name is that of the scheme in the document: letters, digits, dots, hyphens
	// and underscores. Guards of one name have one scheme.
	Name string
	// Scheme says what a request has to bring.
	Scheme SecurityScheme
	// Scopes are what the request has to be allowed, in the words of the
	// scheme.
	Scopes []string
	// Middleware refuses requests, with [respond.Error] for the answers to be
	// those of the document.
	Middleware func(http.Handler) http.Handler
	// Errors are the statuses that it refuses with; none means 401, and 403 too
	// if there are Scopes.
	Errors []int
}

// Protect returns the routes behind the middleware of g, documented as such. A
// route behind several guards has to meet all of them; the one that was added
// last is the outermost. Protect panics if g has no name or no middleware.
func (g Guard) Protect(routes tenon.Routes) tenon.Routes {
	if g.Name == "" || g.Middleware == nil {
		panic("openapi: a Guard needs Name and Middleware")
	}
	guarded := routes.With(g.Middleware)
	for i := range guarded {
		guarded[i].Meta = append(slices.Clip(guarded[i].Meta), g)
	}
	return guarded
}

func (g Guard) statuses() []int {
	switch {
	case len(g.Errors) > 0:
		return g.Errors
	case len(g.Scopes) > 0:
		return []int{http.StatusUnauthorized, http.StatusForbidden}
	}
	return []int{http.StatusUnauthorized}
}

// A SecurityScheme says how a request shows who sends it. [Basic],
// [Bearer], [HeaderKey] and [CookieKey] make the common ones.
type SecurityScheme struct {
	// Type is http, apiKey, oauth2, openIdConnect or mutualTLS.
	Type string `json:"type"`
	// Description is in CommonMark.
	Description string `json:"description,omitempty"`
	// Name and In are those of the header field, query parameter or cookie of
	// an apiKey.
	Name string `json:"name,omitempty"`
	In   string `json:"in,omitempty"`
	// Scheme is the authentication scheme of http (RFC 9110, section 11.1).
	Scheme string `json:"scheme,omitempty"`
	// BearerFormat is a hint, such as JWT.
	BearerFormat string `json:"bearerFormat,omitempty"`
	// Flows are those of oauth2.
	Flows *OAuthFlows `json:"flows,omitempty"`
	// OpenIDConnectURL is where the discovery document is.
	OpenIDConnectURL string `json:"openIdConnectUrl,omitempty"`
}

// OAuthFlows are the ways to a token of OAuth 2.0; nil ones are not offered.
type OAuthFlows struct {
	Implicit          *OAuthFlow `json:"implicit,omitempty"`
	Password          *OAuthFlow `json:"password,omitempty"`
	ClientCredentials *OAuthFlow `json:"clientCredentials,omitempty"`
	AuthorizationCode *OAuthFlow `json:"authorizationCode,omitempty"`
}

// An OAuthFlow is one of [OAuthFlows]. Which URLs it needs depends on the flow.
type OAuthFlow struct {
	AuthorizationURL string `json:"authorizationUrl,omitempty"`
	TokenURL         string `json:"tokenUrl,omitempty"`
	RefreshURL       string `json:"refreshUrl,omitempty"`
	// Scopes are the scopes with a description of each.
	Scopes map[string]string `json:"scopes"`
}

// Basic is the scheme of RFC 7617: a user and a password.
func Basic() SecurityScheme { return SecurityScheme{Type: "http", Scheme: "basic"} }

// Bearer is the scheme of RFC 6750: a token. The format is a hint, such as JWT,
// and may be empty.
func Bearer(format string) SecurityScheme {
	return SecurityScheme{Type: "http", Scheme: "bearer", BearerFormat: format}
}

// CookieKey is a secret in the cookie of a name, such as a session.
func CookieKey(name string) SecurityScheme {
	return SecurityScheme{Type: "apiKey", In: "cookie", Name: name}
}

// HeaderKey is a secret in the header field of a name, such as X-API-Key.
func HeaderKey(name string) SecurityScheme {
	return SecurityScheme{Type: "apiKey", In: "header", Name: name}
}

// guardsOf returns the guards of a route.
func guardsOf(r *tenon.Route) []Guard {
	var guards []Guard
	for _, meta := range r.Meta {
		if g, ok := meta.(Guard); ok {
			guards = append(guards, g)
		}
	}
	return guards
}

// secure adds what the guards of a route ask for.
func (b *builder) secure(op *operation, r *tenon.Route) {
	var all requirement
	for _, g := range guardsOf(r) {
		known, ok := b.guards[g.Name]
		switch {
		case !ok && !schema.IsComponentName(g.Name):
			b.fault("%s: the guard %q needs a name of letters, digits, dots, hyphens and underscores", label(r), g.Name)
		case !ok:
			b.guards[g.Name] = g
			b.model.Components.SecuritySchemes = append(b.model.Components.SecuritySchemes, schema.Member[SecurityScheme]{Name: g.Name, Value: g.Scheme})
		case !reflect.DeepEqual(known.Scheme, g.Scheme):
			b.fault("%s: the guard %s has another scheme on another route", label(r), g.Name)
		}
		scopes, _ := all.Get(g.Name)
		all.Set(g.Name, append(slices.Clip(scopes), g.Scopes...))
	}
	if len(all) > 0 {
		op.Security = []requirement{all}
	}
}
