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

// A Guard authenticates the requests to its routes. It refuses requests without valid
// credentials, hands the value of Check to the functions, and adds the security scheme to the
// document. One declaration does all of this, so that code and document cannot differ.
//
//	session := openapi.Guard[User]{Name: "session", Scheme: openapi.CookieKey("sid"), Check: userOf}
//	routes = append(public, session.Protect(private)...)
//
// A function behind the guard gets the value in a field of its In with the tag
// `value:"session"`. Other handlers and middleware behind it call From. A Guard is a value: a
// copy with other Scopes and another Check is a guard of the same scheme. Many goroutines may
// use a Guard at once if Check allows that.
type Guard[T any] struct {
	// Name is the name of the value and of the scheme in the document: letters, digits,
	// dots, hyphens and underscores. Guards with the same name have the same scheme.
	Name string
	// Scheme says which credentials a request needs.
	Scheme SecurityScheme
	// Scopes are the permissions that a request needs, in the terms of the scheme. Check
	// checks them.
	Scopes []string
	// Errors are the statuses of the errors of Check, for the document. None means 401, and
	// 403 too if there are Scopes.
	Errors []int
	// Optional admits requests without credentials. The field of In is then a pointer or a
	// [bind.Opt]; without Optional it is neither. Credentials that a request does have must
	// still be valid.
	Optional bool
	// Check returns who sends the request. It is called once for each request, before
	// anything is bound. [respond.Error] answers its error:
	//
	//   - If there are no credentials, return [ErrNoCredentials]: a 401.
	//   - If the credentials are not valid, return an error with status 401, such as a
	//     [respond.Problem].
	//   - A plain error, such as that of a database, is a 500.
	//
	// A 401 without a WWW-Authenticate field gets the challenge of the scheme, if that is
	// [Basic] or [Bearer].
	Check func(r *http.Request) (T, error)
	// Or are other ways in, such as a session cookie beside a token. If a request has no
	// credentials for Check, each of these checks it in turn, and the first that finds
	// credentials decides. The value has the name of this guard; the others name their
	// schemes. Their Optional is not used.
	Or []Guard[T]
}

// ErrNoCredentials is the error that the Check of a [Guard] returns for a request without
// credentials. It is answered with 401. An Optional guard admits the request instead.
var ErrNoCredentials = errors.New("openapi: the request has no credentials")

// Protect returns the routes behind the check of g, with its scheme in the document. If a
// route has several guards, a request has to pass all of them. The guard that was added last
// is the outermost. An option [bind.Value] with the same name, nearer to the route, replaces
// the value but not the check. A guard without a Name or a Check is a fault of its routes,
// which then cannot be served.
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
	ways := g.ways()
	described := guard{isOptional: g.Optional}
	for i, x := range ways {
		if x.Name == "" && i > 0 {
			opts = append(opts, option.Fault(strings.TrimSpace("has a Guard "+g.Name)+" with a Guard without a Name in Or: give it one, such as token"))
		}
		if x.Check == nil {
			opts = append(opts, option.Fault(strings.TrimSpace("has a Guard "+x.Name)+" without a Check: write a function that returns who sends a request"))
		}
		described.ways = append(described.ways, way{x.Name, x.Scheme, slices.Clone(x.Scopes), slices.Clone(x.Errors)})
	}
	guarded := routes.With(func(next http.Handler) http.Handler { return g.middleware(ways, next) }).Options(opts...)
	for i := range guarded {
		guarded[i].Meta = append(slices.Clip(guarded[i].Meta), described)
	}
	return guarded
}

// ways returns g and the guards of Or, in the order in which they check.
func (g Guard[T]) ways() []Guard[T] {
	all := []Guard[T]{g}
	for _, x := range g.Or {
		all = append(all, x.ways()...)
	}
	return all
}

// From returns the value that Check returned for the request of ctx. It returns false on
// routes without the guard, and if an Optional guard admitted a request without credentials.
// If several guards have the same name and T, the innermost counts.
func (g Guard[T]) From(ctx context.Context) (T, bool) {
	v, _ := ctx.Value(guardKey[T]{g.Name}).(*T)
	if v == nil {
		return *new(T), false
	}
	return *v, true
}

// A guardKey is the key of the value of a guard in a context.
type guardKey[T any] struct{ name string }

// check returns the value of the first way that finds credentials, or its error and the
// challenges of a 401.
func check[T any](ways []Guard[T], r *http.Request) (v T, challenges []string, err error) {
	for _, x := range ways {
		var challenge []string
		if c := x.Scheme.challenge(x.Name); c != "" {
			challenge = []string{c}
		}
		v, err = x.Check(r)
		if err = failure.WithoutNils(err); !errors.Is(err, ErrNoCredentials) {
			return v, challenge, err
		}
		challenges = append(challenges, challenge...)
	}
	return v, challenges, err
}

func (g Guard[T]) middleware(ways []Guard[T], next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, challenges, err := check(ways, r)
		found := &v
		switch isNobody := errors.Is(err, ErrNoCredentials); {
		case isNobody && g.Optional:
			if _, isOuter := g.From(r.Context()); !isOuter {
				next.ServeHTTP(w, r)
				return
			}
			// An outer guard of the same name has found a value. It does not count here.
			found, err = nil, nil
		case isNobody:
			err = respond.NewProblem(http.StatusUnauthorized, "").WithCause(err)
		}
		if err != nil {
			refuse(w, r, challenges, err)
			return
		}
		inner := r.WithContext(context.WithValue(r.Context(), guardKey[T]{g.Name}, found))
		rw.RecordCopy(w, inner)
		defer rw.BringBack(r, inner)
		next.ServeHTTP(w, inner)
	})
}

// refuse answers err, and adds the challenges to a 401 (RFC 9110, section 11.6.1). It adds it
// when the header is sent: MapErrors and error handlers may choose another status.
func refuse(w http.ResponseWriter, r *http.Request, challenges []string, err error) {
	if len(challenges) == 0 {
		respond.Error(w, r, err)
		return
	}
	own := rw.Wrap(w)
	defer own.Unhook(own.Hook(r, func(w *rw.Writer, _ *http.Request, status int) bool {
		if status == http.StatusUnauthorized && len(w.Header()["Www-Authenticate"]) == 0 {
			w.Header()["Www-Authenticate"] = challenges
		}
		return true
	}))
	respond.Error(own, r, err)
}

// challenge returns the WWW-Authenticate field of a 401, or "" for a scheme other than Basic
// and Bearer. Browsers show the realm.
func (s SecurityScheme) challenge(realm string) string {
	realm = ` realm="` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(realm) + `"`
	switch {
	case s.Type != "http":
		return ""
	case strings.EqualFold(s.Scheme, "basic"):
		return "Basic" + realm + `, charset="UTF-8"`
	case strings.EqualFold(s.Scheme, "bearer"):
		return "Bearer" + realm
	}
	return ""
}

// A guard has the parts of a Guard that the document needs. It is in the Meta of a route.
type guard struct {
	ways       []way
	isOptional bool
}

// A way has those of one of the guards that a request may satisfy.
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

// faults returns the faults of the scheme and the statuses, as words that follow the name of
// the guard.
func (x way) faults() (faults []string) {
	if words := x.scheme.fault(); words != "" {
		faults = append(faults, "has a Scheme "+words)
	}
	for _, status := range x.errors {
		if status < 400 || status > 599 {
			faults = append(faults, fmt.Sprintf("has the status %d in Errors: use one of 400 to 599", status))
		}
	}
	return faults
}

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

// secure adds what the guards of a route require: one of the ways of each or, where a guard is
// optional, none of it.
func (b *builder) secure(op *operation, r *tenon.Route) {
	guards := guardsOf(r)
	choices := []requirement{nil}
	for _, g := range guards {
		var with []requirement
		for _, x := range g.ways {
			b.scheme(r, x)
			for _, choice := range choices {
				asked := slices.Clone(choice)
				scopes, _ := asked.Get(x.name)
				scopes = slices.Clone(scopes)
				for _, scope := range x.scopes {
					if !slices.Contains(scopes, scope) {
						scopes = append(scopes, scope)
					}
				}
				asked.Set(x.name, scopes)
				with = append(with, asked)
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

// scheme adds the security scheme of a guard.
func (b *builder) scheme(r *tenon.Route, g way) {
	known, ok := b.guards[g.name]
	switch {
	case !ok && !schema.IsComponentName(g.name):
		b.fault("%s: the guard %q has a Name that OpenAPI does not allow: use letters, digits, dots, hyphens and underscores", label(r), g.name)
	case !ok:
		for _, words := range g.faults() {
			b.fault("%s: the guard %s %s", label(r), g.name, words)
		}
		b.guards[g.name] = g
		b.model.Components.SecuritySchemes = append(b.model.Components.SecuritySchemes, schema.Member[SecurityScheme]{Name: g.name, Value: g.scheme})
	case !reflect.DeepEqual(known.scheme, g.scheme):
		b.fault("%s: the guard %s has another Scheme on an earlier route: use one Scheme, or another Name", label(r), g.name)
	}
}
