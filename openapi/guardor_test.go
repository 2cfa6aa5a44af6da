package openapi_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/openapi"
)

// checkField returns a Check that takes what a header field says, and nobody without it.
func checkField(name string) func(r *http.Request) (account, error) {
	return func(r *http.Request) (account, error) {
		switch v := r.Header.Get(name); v {
		case "":
			return account{}, openapi.ErrNoCredentials
		case "bad":
			return account{}, errBadToken
		default:
			return account{name + " " + v}, nil
		}
	}
}

// The first way that finds credentials decides, and a refusal names every scheme.
func TestGuard_Or(t *testing.T) {
	t.Parallel()
	token := openapi.Guard[account]{
		Name: "token", Scheme: openapi.Bearer(""), Scopes: []string{"write"}, Check: checkField("Token"),
		Or: []openapi.Guard[account]{{
			Name: "password", Scheme: openapi.Basic(), Check: checkField("Password"),
			Or: []openapi.Guard[account]{{Name: "session", Scheme: openapi.CookieKey("sid"), Errors: []int{418}, Check: checkField("Session")}},
		}},
	}
	optional := token
	optional.Optional = true
	must := token.Protect(tenon.Routes{tenon.Post("/must", func(_ context.Context, in struct {
		User account `value:"token"`
	},
	) (string, error) {
		return in.User.Name, nil
	})})
	may := optional.Protect(tenon.Routes{tenon.Post("/may", func(_ context.Context, in struct {
		User *account `value:"token"`
	},
	) (string, error) {
		if in.User == nil {
			return "nobody", nil
		}
		return in.User.Name, nil
	})})
	const bearer, basic, apiKey = `Bearer realm="token"`, `Basic realm="password", charset="UTF-8"`, `APIKey realm="session"`
	for _, tc := range []struct {
		path       string
		fields     []string
		status     int
		contains   string
		challenges []string
	}{
		{"/must", []string{"Token", "a"}, 200, "Token a", nil},
		{"/must", []string{"Password", "a"}, 200, "Password a", nil},
		{"/must", []string{"Session", "a"}, 200, "Session a", nil},
		{"/must", []string{"Session", "a", "Token", "b"}, 200, "Token b", nil},
		{"/must", []string{"Session", "a", "Token", "bad"}, 401, "bad token", []string{bearer}},
		{"/must", []string{"Session", "a", "Password", "bad"}, 401, "bad token", []string{basic}},
		{"/must", []string{"Session", "bad"}, 401, "bad token", []string{apiKey}},
		{"/must", nil, 401, "", []string{bearer, basic, apiKey}},
		{"/may", nil, 200, "nobody", nil},
		{"/may", []string{"Password", "a"}, 200, "Password a", nil},
		{"/may", []string{"Password", "bad"}, 401, "bad token", []string{basic}},
	} {
		t.Run(fmt.Sprint(tc.path, tc.fields), func(t *testing.T) {
			t.Parallel()
			mux := http.NewServeMux()
			must.Mount(mux)
			may.Mount(mux)
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, tc.path, nil)
			for i := 0; i < len(tc.fields); i += 2 {
				r.Header.Set(tc.fields[i], tc.fields[i+1])
			}
			w := httptest.NewRecorder()
			mux.ServeHTTP(w, r)
			assert.Equal(t, tc.status, w.Code)
			assert.Equal(t, tc.challenges, w.Header().Values("WWW-Authenticate"))
			assert.Contains(t, w.Body.String(), tc.contains)
		})
	}

	twice := token.Protect(token.Protect(tenon.Routes{tenon.Post("/twice", answer[tenon.None, string])}))
	doc, err := openapi.New(info(), append(append(must, may...), twice...))
	require.NoError(t, err)
	text := string(doc.JSON())
	assert.Contains(t, text, `"security":[{"token":["write"]},{"password":[]},{"session":[]}]`)
	assert.Contains(t, text, `"security":[{"token":["write"]},{"password":[]},{"session":[]},{}]`)
	assert.Contains(t, text, `"security":[{"token":["write"]},{"password":[],"token":["write"]}`)
	for _, status := range []string{"401", "403", "418"} {
		assert.Contains(t, text, `"`+status+`":`)
	}
}

// What is wrong with a guard of Or is a fault of the routes, as of any guard.
func TestGuard_OrFaults(t *testing.T) {
	t.Parallel()
	or := openapi.Guard[account]{Name: "a", Scheme: openapi.Basic(), Check: checkField("A"), Or: []openapi.Guard[account]{{Scheme: openapi.Basic()}, {Name: "c"}}}
	routes := or.Protect(tenon.Routes{tenon.Get("/", answer[tenon.None, string])})
	err := routes.Check()
	require.ErrorContains(t, err, "has a Guard a with a Guard without a Name in Or: give it one, such as token")
	require.ErrorContains(t, err, "has a Guard c without a Check")
	or.Or = []openapi.Guard[account]{{Name: "c", Check: checkField("C")}}
	err = or.Protect(tenon.Routes{tenon.Get("/", answer[tenon.None, string])}).Check()
	require.ErrorContains(t, err, "has a Guard c with a Scheme without a Type")
}
