package openapi

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/option"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/internal/schema"
	"github.com/tenonkit/tenon/respond"
)

// A Guard lets the requests to its routes through that show who sends them, hands on who
// that is, and says so in a document: check, value and security scheme are one
// declaration, so that a route cannot have one without the others.
//
//	session := openapi.Guard[User]{Name: "session", Scheme: openapi.CookieKey("sid"), Check: userOf}
//	routes = append(public, session.Protect(private)...)
//
// A function behind it has the value in a field of its In, `value:"session"`, and
// everything behind it by From. A Guard is a value: a copy with other Scopes and another
// Check is a guard of the same scheme. It serves many goroutines if Check does.
type Guard[T any] struct {
	// Name is that of the value, and of the scheme in the document: letters, digits,
	// dots, hyphens and underscores. Guards of one name have one scheme.
	Name string
	// Scheme says what a request has to bring.
	Scheme SecurityScheme
	// Scopes are what the request has to be allowed, in the words of the
	// scheme.
	Scopes []string
	// Errors are the statuses that Check refuses with; none means 401, and 403 too
	// if there are Scopes.
	Errors []int
	// Optional lets requests through that bring nothing. The field is then a pointer or
	// a [bind.Opt], and without Optional it is neither. What a request does bring has to
	// be good all the same.
	Optional bool
	// Check returns who sends a request. It is called once for each, before anything of
	// the request is bound. Its error is answered by [respond.Error]: [ErrNoCredentials]
	// as a 401, and another error as what it says. So bad credentials are an error that
	// says 401, such as a [respond.Problem], and a plain error, of a database that is
	// away, is a 500. A 401 without a WWW-Authenticate, which a client has to have (RFC
	// 9110, section 15.5.2), gets the one of the scheme: Basic or Bearer, the latter also
	// for oauth2 and openIdConnect, and APIKey for an apiKey, which no registered
	// scheme is for. It has the Name as its realm. Another scheme of the Type http needs
	// parameters that Check knows, and mutualTLS has none.
	Check func(r *http.Request) (T, error)
}

// ErrNoCredentials is the error of a Check for a request that brings no credentials: a
// 401, unless the guard is Optional.
var ErrNoCredentials error = noCredentialsError{}

type noCredentialsError struct{}

func (noCredentialsError) Error() string { return "openapi: the request has no credentials" }

// StatusCode is for who returns the error where there is no guard.
func (noCredentialsError) StatusCode() int { return http.StatusUnauthorized }

// BearerToken returns the token of a request, for a Check of the scheme [Bearer]: what
// follows the word Bearer, in any case, in the field Authorization (RFC 6750, section
// 2.1). The error is [ErrNoCredentials] where there is no such field, or one of another
// scheme. Several of these fields, no token, or a byte that no token has, are a 401: who
// sends that to an Optional guard is not nobody. Whether the token is genuine is for
// Check to find out; compare a fixed one by
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

// Protect returns the routes behind the check of g, documented as such. A route behind
// several guards has to meet all of them; the one that was added last is the outermost.
// An option [bind.Value] of the name that is nearer to a route replaces the value, and not
// the check. A guard without a Name or a Check is a fault of its
// routes, which cannot be served.
func (g Guard[T]) Protect(routes tenon.Routes) tenon.Routes {
	var opts []tenon.Option
	if g.Name == "" {
		opts = append(opts, option.Fault("has a Guard without a Name: give it one, such as session"))
	} else {
		opts = append(opts, bind.GuardValue(g.Name, g.Optional, func(r *http.Request) (T, error) {
			v, ok := g.From(r.Context())
			if !ok {
				return v, bind.ErrAbsent
			}
			return v, nil
		}))
	}
	if g.Check == nil {
		opts = append(opts, option.Fault(strings.TrimSpace("has a Guard "+g.Name)+" without a Check: give it the function that says who sends a request"))
	}
	scopes, statuses := slices.Clone(g.Scopes), slices.Clone(g.Errors)
	guarded := routes.With(g.middleware).Options(opts...)
	for i := range guarded {
		guarded[i].Meta = append(slices.Clip(guarded[i].Meta), guard{g.Name, g.Scheme, scopes, statuses, g.Optional})
	}
	return guarded
}

// From returns what Check has returned for the request of ctx, and whether it has: not
// where the request brought nothing to an Optional guard, nor on other routes. Of several
// guards of one name and T it is the innermost that counts.
func (g Guard[T]) From(ctx context.Context) (T, bool) {
	v, _ := ctx.Value(guardKey[T]{g.Name}).(*T)
	if v == nil {
		return *new(T), false
	}
	return *v, true
}

// A guardKey is the key of the value of a guard in a context.
type guardKey[T any] struct{ name string }

func (g Guard[T]) middleware(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, err := g.Check(r)
		err = failure.WithoutNils(err)
		found := &v
		switch isNobody := errors.Is(err, ErrNoCredentials); {
		case isNobody && g.Optional:
			if _, isOuter := g.From(r.Context()); !isOuter {
				next.ServeHTTP(w, r)
				return
			}
			// Whom a guard of this name further out has found, this one has not.
			found, err = nil, nil
		case isNobody:
			err = respond.NewProblem(http.StatusUnauthorized, "").WithCause(err)
		}
		if err != nil {
			refuse(w, r, g.Scheme.challenge(g.Name), err)
			return
		}
		inner := r.WithContext(context.WithValue(r.Context(), guardKey[T]{g.Name}, found))
		rw.RecordCopy(w, inner)
		defer rw.BringBack(r, inner)
		next.ServeHTTP(w, inner)
	})
}

// refuse answers err. What the answer is, those decide who map and render errors, so that
// a 401 is known when its header is sent (RFC 9110, section 11.6.1).
func refuse(w http.ResponseWriter, r *http.Request, challenge string, err error) {
	if challenge == "" {
		respond.Error(w, r, err)
		return
	}
	own := rw.Wrap(w)
	defer own.Unhook(own.Hook(r, func(w *rw.Writer, _ *http.Request, status int) bool {
		if status == http.StatusUnauthorized && len(w.Header()["Www-Authenticate"]) == 0 {
			w.Header().Set("WWW-Authenticate", challenge)
		}
		return true
	}))
	respond.Error(own, r, err)
}

// challenge returns the WWW-Authenticate of a 401, which a browser shows with the realm:
// "" for a scheme whose challenge only its check knows.
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

// A guard is what a document says about a Guard. It is in the Meta of a route.
type guard struct {
	name       string
	scheme     SecurityScheme
	scopes     []string
	errors     []int
	isOptional bool
}

func (g guard) statuses() []int {
	switch {
	case len(g.errors) > 0:
		return g.errors
	case len(g.scopes) > 0:
		return []int{http.StatusUnauthorized, http.StatusForbidden}
	}
	return []int{http.StatusUnauthorized}
}

// faults returns what is wrong with the scheme and the statuses, in words that follow the
// name of the guard.
func (g guard) faults() (faults []string) {
	if words := g.scheme.fault(); words != "" {
		faults = append(faults, "has a Scheme "+words)
	}
	for _, status := range g.errors {
		if status < 400 || status > 599 {
			faults = append(faults, fmt.Sprintf("has the status %d in Errors: an error has one of 400 to 599", status))
		}
	}
	return faults
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

// fault returns what a document cannot have of s (OpenAPI 3.1, Security Scheme Object), or
// nothing.
func (s SecurityScheme) fault() string {
	switch {
	case s.Type == "":
		return "without a Type: use Bearer, Basic, HeaderKey or CookieKey, or give it a Type"
	case s.Type == "apiKey" && (s.Name == "" || !slices.Contains([]string{"header", "query", "cookie"}, s.In)):
		return "of the Type apiKey, which needs a Name and an In, one of header, query and cookie"
	case s.Type == "http" && s.Scheme == "":
		return "of the Type http, which needs a Scheme, such as bearer"
	case s.Type == "oauth2" && s.Flows == nil:
		return "of the Type oauth2, which needs Flows"
	case s.Type == "openIdConnect" && s.OpenIDConnectURL == "":
		return "of the Type openIdConnect, which needs an OpenIDConnectURL"
	case !slices.Contains([]string{"apiKey", "http", "oauth2", "openIdConnect", "mutualTLS"}, s.Type):
		return fmt.Sprintf("of the Type %q: use http, apiKey, oauth2, openIdConnect or mutualTLS", s.Type)
	}
	return ""
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
func guardsOf(r *tenon.Route) []guard {
	var guards []guard
	for _, meta := range r.Meta {
		if g, ok := meta.(guard); ok {
			guards = append(guards, g)
		}
	}
	return guards
}

// secure adds what the guards of a route ask for: all of them together and, where some are
// optional, every choice without these.
func (b *builder) secure(op *operation, r *tenon.Route) {
	guards := guardsOf(r)
	choices := []requirement{nil}
	for _, g := range guards {
		b.scheme(r, g)
		with := make([]requirement, 0, 2*len(choices))
		for _, choice := range choices {
			asked := slices.Clone(choice)
			scopes, _ := asked.Get(g.name)
			scopes = slices.Clone(scopes)
			for _, scope := range g.scopes {
				if !slices.Contains(scopes, scope) {
					scopes = append(scopes, scope)
				}
			}
			asked.Set(g.name, scopes)
			with = append(with, asked)
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

// scheme adds the security scheme of a guard.
func (b *builder) scheme(r *tenon.Route, g guard) {
	known, ok := b.guards[g.name]
	switch {
	case !ok && !schema.IsComponentName(g.name):
		b.fault("%s: the guard %q needs a name of letters, digits, dots, hyphens and underscores", label(r), g.name)
	case !ok:
		for _, words := range g.faults() {
			b.fault("%s: the guard %s %s", label(r), g.name, words)
		}
		b.guards[g.name] = g
		b.model.Components.SecuritySchemes = append(b.model.Components.SecuritySchemes, schema.Member[SecurityScheme]{Name: g.name, Value: g.scheme})
	case !reflect.DeepEqual(known.scheme, g.scheme):
		b.fault("%s: the guard %s has another scheme on another route", label(r), g.name)
	}
}
