package openapi

import (
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/schema"
	"github.com/tenonkit/tenon/respond"
)

// A SecurityScheme says which credentials a request has, and where (OpenAPI 3.1, Security
// Scheme Object). [Basic], [Bearer], [HeaderKey] and [CookieKey] make the common ones.
type SecurityScheme struct {
	// Type is http, apiKey, oauth2, openIdConnect or mutualTLS.
	Type string `json:"type"`
	// Description is in CommonMark.
	Description string `json:"description,omitempty"`
	// Name and In are for an apiKey: the name of the header field, query parameter or
	// cookie, and one of header, query and cookie.
	Name string `json:"name,omitempty"`
	In   string `json:"in,omitempty"`
	// Scheme is for the Type http: the authentication scheme, such as bearer (RFC 9110,
	// section 11.1).
	Scheme string `json:"scheme,omitempty"`
	// BearerFormat is a hint for people, such as JWT.
	BearerFormat string `json:"bearerFormat,omitempty"`
	// Flows are for the Type oauth2.
	Flows *OAuthFlows `json:"flows,omitempty"`
	// OpenIDConnectURL is for the Type openIdConnect: the URL of the discovery document.
	OpenIDConnectURL string `json:"openIdConnectUrl,omitempty"`
}

// fault returns why s is not valid (OpenAPI 3.1, Security Scheme Object), or "".
func (s SecurityScheme) fault() string {
	switch {
	case s.Type == "":
		return "without a Type: use Bearer, Basic, HeaderKey or CookieKey, or set the Type"
	case s.Type == "apiKey" && (s.Name == "" || !slices.Contains([]string{"header", "query", "cookie"}, s.In)):
		return "of the Type apiKey: set Name, and set In to header, query or cookie"
	case s.Type == "http" && s.Scheme == "":
		return "of the Type http: set Scheme, such as bearer"
	case s.Type == "oauth2" && s.Flows == nil:
		return "of the Type oauth2: set Flows"
	case s.Type == "openIdConnect" && s.OpenIDConnectURL == "":
		return "of the Type openIdConnect: set OpenIDConnectURL"
	case !slices.Contains([]string{"apiKey", "http", "oauth2", "openIdConnect", "mutualTLS"}, s.Type):
		return fmt.Sprintf("of the Type %q: use http, apiKey, oauth2, openIdConnect or mutualTLS", s.Type)
	}
	return ""
}

// OAuthFlows are the OAuth 2.0 flows that the service has. Nil means that it does not have
// the flow.
type OAuthFlows struct {
	Implicit          *OAuthFlow `json:"implicit,omitempty"`
	Password          *OAuthFlow `json:"password,omitempty"`
	ClientCredentials *OAuthFlow `json:"clientCredentials,omitempty"`
	AuthorizationCode *OAuthFlow `json:"authorizationCode,omitempty"`
}

// An OAuthFlow is one of the [OAuthFlows]. The flow decides which URLs are required.
type OAuthFlow struct {
	AuthorizationURL string `json:"authorizationUrl,omitempty"`
	TokenURL         string `json:"tokenUrl,omitempty"`
	RefreshURL       string `json:"refreshUrl,omitempty"`
	// Scopes has a description for each scope.
	Scopes map[string]string `json:"scopes"`
}

// Basic returns the scheme of RFC 7617: a user name and a password.
func Basic() SecurityScheme { return SecurityScheme{Type: "http", Scheme: "basic"} }

// Bearer returns the scheme of RFC 6750: a token in the field Authorization. The format is a
// hint for people, such as JWT, and may be empty.
func Bearer(format string) SecurityScheme {
	return SecurityScheme{Type: "http", Scheme: "bearer", BearerFormat: format}
}

// CookieKey returns the scheme of a secret in a cookie, such as the ID of a session.
func CookieKey(name string) SecurityScheme {
	return SecurityScheme{Type: "apiKey", In: "cookie", Name: name}
}

// HeaderKey returns the scheme of a secret in a header field, such as X-API-Key.
func HeaderKey(name string) SecurityScheme {
	return SecurityScheme{Type: "apiKey", In: "header", Name: name}
}

// challenge returns the WWW-Authenticate field of a 401, or "" for a scheme whose challenge
// only Check knows. Browsers show the realm.
func (s SecurityScheme) challenge(realm string) string {
	realm = ` realm="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(realm) + `"`
	isHTTP := s.Type == "http"
	switch {
	case isHTTP && strings.EqualFold(s.Scheme, "basic"):
		return "Basic" + realm + `, charset="UTF-8"`
	case isHTTP && strings.EqualFold(s.Scheme, "bearer"), s.Type == "oauth2", s.Type == "openIdConnect":
		return "Bearer" + realm
	case s.Type == "apiKey":
		return "APIKey" + realm
	}
	return ""
}

// BearerToken returns the token of a request, for a Check of the scheme [Bearer]: the text
// behind the word Bearer, in any case, in the field Authorization (RFC 6750, section 2.1).
// The error is [ErrNoCredentials] if the field is missing or has another scheme. Several
// fields, a missing token, and a token with an invalid byte are a 401, from an Optional guard
// too. Check decides whether the token is genuine. Compare a fixed token by
// [github.com/tenonkit/tenon/middleware.SameSecret].
func BearerToken(r *http.Request) (string, error) {
	fields := r.Header["Authorization"]
	scheme, token := "", ""
	if len(fields) > 0 {
		scheme, token, _ = strings.Cut(fields[0], " ")
	}
	token = strings.Trim(token, " ")
	switch {
	case len(fields) > 1:
		return "", respond.Unauthorized("Bearer", "Authorization is sent more than once")
	case !strings.EqualFold(scheme, "bearer"):
		return "", ErrNoCredentials
	case !isToken68(token):
		return "", respond.Unauthorized(`Bearer error="invalid_token"`, "the bearer token is malformed")
	}
	return token, nil
}

// isToken68 reports whether s is the form that tokens have (RFC 9110, section 11.2).
func isToken68(s string) bool {
	s = strings.TrimRight(s, "=")
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		isLetter := 'a' <= r|0x20 && r|0x20 <= 'z'
		return !isLetter && (r < '0' || r > '9') && !strings.ContainsRune("-._~+/", r)
	})
}

// A guard has the parts of a Guard that the document needs. It is in the Meta of a route.
type guard struct {
	ways       []way
	isOptional bool
}

// A way has these parts of one of the guards of which a request has to pass one.
type way struct {
	name   string
	scheme SecurityScheme
	scopes []string
	errors []int
}

func (g guard) statuses() (all []int) {
	for _, x := range g.ways {
		switch {
		case len(x.errors) > 0:
			all = append(all, x.errors...)
		case len(x.scopes) > 0:
			all = append(all, http.StatusUnauthorized, http.StatusForbidden)
		default:
			all = append(all, http.StatusUnauthorized)
		}
	}
	return all
}

// faults returns what is wrong with the scheme and the statuses, as words that follow the
// route.
func (x way) faults() (faults []string) {
	of := strings.TrimSpace("has a Guard " + x.name)
	if words := x.scheme.fault(); words != "" {
		faults = append(faults, of+" with a Scheme "+words)
	}
	for _, status := range x.errors {
		if status < 400 || status > 599 {
			faults = append(faults, fmt.Sprintf("%s with the status %d in Errors: use one of 400 to 599", of, status))
		}
	}
	return faults
}

// guardsOf returns the guards of a route.
func guardsOf(r *tenon.Route) []guard {
	var guards []guard
	for _, meta := range r.Meta {
		if g, ok := meta.(guard); ok {
			guards = append(guards, g)
		}
	}
	return guards
}

// secure adds the requirements of the guards of a route: one of the ways of each guard. An
// optional guard also allows none.
func (b *builder) secure(op *operation, r *tenon.Route) {
	guards := guardsOf(r)
	choices := []requirement{nil}
	for _, g := range guards {
		var with []requirement
		for _, x := range g.ways {
			b.scheme(r, x)
			for _, choice := range choices {
				asked := x.beside(choice)
				if !slices.ContainsFunc(with, func(known requirement) bool { return reflect.DeepEqual(known, asked) }) {
					with = append(with, asked)
				}
			}
		}
		if g.isOptional {
			with = append(with, choices...)
		}
		choices = with
	}
	if len(guards) > 0 {
		op.Security = choices
	}
}

// beside returns the requirement of x and of others.
func (x way) beside(others requirement) requirement {
	all := slices.Clone(others)
	scopes, _ := all.Get(x.name)
	scopes = slices.Clone(scopes)
	for _, scope := range x.scopes {
		if !slices.Contains(scopes, scope) {
			scopes = append(scopes, scope)
		}
	}
	all.Set(x.name, scopes)
	return all
}

// scheme adds the security scheme of a guard, unless another guard has.
func (b *builder) scheme(r *tenon.Route, g way) {
	schemes := &b.model.Components.SecuritySchemes
	if _, ok := schemes.Get(g.name); ok {
		return
	}
	if !schema.IsComponentName(g.name) {
		b.fault("%s: the guard %q has a Name that OpenAPI does not allow: use letters, digits, dots, hyphens and underscores", label(r), g.name)
	}
	schemes.Set(g.name, g.scheme)
}
