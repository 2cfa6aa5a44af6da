package openapi

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/failure"
	"github.com/tenonkit/tenon/internal/option"
	"github.com/tenonkit/tenon/internal/rw"
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
	//   - If there are no credentials, return [ErrNoCredentials] or an error that wraps it: a
	//     401.
	//   - If the credentials are not valid, return an error with status 401, such as a
	//     [respond.Problem].
	//   - A plain error, such as that of a database, is a 500.
	//
	// A 401 without a WWW-Authenticate field (RFC 9110, section 15.5.2) gets the challenge of
	// the scheme, with the Name as its realm: Basic; Bearer, also for oauth2 and
	// openIdConnect; APIKey for an apiKey, for which no scheme is registered. Other schemes of
	// the Type http need parameters that only Check knows, and mutualTLS has no challenge.
	Check func(r *http.Request) (T, error)
	// Or are other ways in, such as a session cookie beside a token. If a request has no
	// credentials for Check, each of these checks it in turn, and the first that finds
	// credentials decides. The value has the name of this guard; the others name their
	// schemes. Their Optional is not used.
	Or []Guard[T]
}

// ErrNoCredentials is the error that the Check of a [Guard] returns for a request without
// credentials. It is answered with 401. An Optional guard admits the request instead. An error
// that wraps it counts as the same, also one of [errors.Join]. Do not join it with an error that
// should be a 500, such as that of a database.
var ErrNoCredentials error = noCredentialsError{}

type noCredentialsError struct{}

func (noCredentialsError) Error() string { return "openapi: the request has no credentials" }

// StatusCode is for a handler that returns the error without a guard.
func (noCredentialsError) StatusCode() int { return http.StatusUnauthorized }

// Protect returns the routes behind the check of g, with its scheme in the document. If a
// route has several guards, a request has to pass all of them. The guard that was added last
// is the outermost. An option [bind.Value] with the same name, nearer to the route, replaces
// the value but not the check.
//
// A guard without a Name or a Check, with a Scheme that is not valid, or with another Scheme
// than a guard of the same name is a fault of its routes, which then cannot be served.
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
		opts = append(opts, option.Agreement{
			Key: "openapi.Guard " + x.Name, Value: x.Scheme,
			Otherwise: "has a Guard " + x.Name + " with two different Schemes: use one Scheme, or another Name",
		})
		one := way{x.Name, x.Scheme, slices.Clone(x.Scopes), slices.Clone(x.Errors)}
		for _, words := range one.faults() {
			opts = append(opts, option.Fault(words))
		}
		described.ways = append(described.ways, one)
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

// check returns the value of the first way that finds credentials. An error comes with the ways
// that have refused the request: one of them, or all if none has found credentials.
func check[T any](ways []Guard[T], r *http.Request) (v T, of []Guard[T], err error) {
	for i := range ways {
		v, err = ways[i].Check(r)
		if err = failure.WithoutNils(err); !errors.Is(err, ErrNoCredentials) {
			return v, ways[i : i+1], err
		}
	}
	return v, ways, err
}

// challenges returns the challenges of the schemes of the ways.
func challenges[T any](ways []Guard[T]) (all []string) {
	for _, x := range ways {
		if c := x.Scheme.challenge(x.Name); c != "" {
			all = append(all, c)
		}
	}
	return all
}

func (g Guard[T]) middleware(ways []Guard[T], next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		v, of, err := check(ways, r)
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
			refuse(w, r, challenges(of), err)
			return
		}
		inner := r.WithContext(context.WithValue(r.Context(), guardKey[T]{g.Name}, found))
		rw.RecordCopy(w, inner)
		defer rw.BringBack(r, inner)
		next.ServeHTTP(w, inner)
	})
}

// refuse answers err, and adds the challenges to a 401 (RFC 9110, section 11.6.1). It adds
// them when the header is sent: MapErrors and error handlers may choose another status.
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
