package openapi_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/respond"
)

type account struct{ Name string }

// errBadToken says by itself how it is to be answered.
var errBadToken = respond.NewProblem(http.StatusUnauthorized, "bad token")

// checkAccount reads the header field User, and counts its calls.
func checkAccount(calls *int) func(r *http.Request) (account, error) {
	return func(r *http.Request) (account, error) {
		*calls++
		switch name := r.Header.Get("User"); name {
		case "":
			return account{}, fmt.Errorf("reading the header: %w", openapi.ErrNoCredentials)
		case "bad":
			return account{}, errBadToken
		case "own":
			return account{}, errBadToken.WithHeader("WWW-Authenticate", "Own")
		case "forbidden":
			return account{}, respond.NewProblem(http.StatusForbidden, "")
		case "broken":
			return account{}, errors.New("the database is away")
		case "login":
			return account{}, respond.SeeOther("/login")
		case "typed nil":
			return account{name}, (*bind.Error)(nil)
		default:
			return account{name}, nil
		}
	}
}

// TestGuard holds who is let through with which value, and how the others are answered.
func TestGuard(t *testing.T) {
	calls := 0
	key := openapi.Guard[account]{Name: "user", Scheme: openapi.Bearer("JWT"), Check: checkAccount(&calls)}
	optional := key
	optional.Optional = true
	basic, cookie := key, key
	basic.Name, basic.Scheme = `us"er`, openapi.Basic()
	cookie.Scheme = openapi.CookieKey("sid")
	type required struct {
		ID   int     `query:"id"`
		User account `value:"user"`
	}
	type maybe struct {
		ID   int               `query:"id"`
		User bind.Opt[account] `value:"user"`
		Also *account          `value:"user"`
	}
	must := func(guard openapi.Guard[account]) tenon.Routes {
		return guard.Protect(tenon.Routes{tenon.Get("/", func(ctx context.Context, in required) (string, error) {
			from, ok := guard.From(ctx)
			return fmt.Sprint(in.User.Name, from.Name, ok), nil
		})})
	}
	may := optional.Protect(tenon.Routes{tenon.Get("/", func(ctx context.Context, in maybe) (string, error) {
		from, ok := optional.From(ctx)
		return fmt.Sprint(in.User.Or(account{"nobody"}).Name, in.Also != nil, from.Name, ok), nil
	})})
	realm := `Bearer realm="user"`
	for _, tc := range []struct {
		name, user, query   string
		routes              tenon.Routes
		status              int
		challenge, contains string
	}{
		{"good", "ada", "id=1", must(key), 200, "", "adaadatrue"},
		{"nobody", "", "id=1", must(key), 401, realm, `"status":401`},
		{"nobody comes before a bad query", "", "id=x", must(key), 401, realm, ""},
		{"a bad query behind the guard", "ada", "id=x", must(key), 400, "", `"name":"id"`},
		{"bad", "bad", "id=1", must(key), 401, realm, "bad token"},
		{"a challenge of its own", "own", "id=1", must(key), 401, "Own", "bad token"},
		{"forbidden", "forbidden", "id=1", must(key), 403, "", ""},
		{"a plain error", "broken", "id=1", must(key), 500, "", `"status":500`},
		{"a redirect", "login", "id=1", must(key), 303, "", ""},
		{"a typed nil", "typed nil", "id=1", must(key), 200, "", "typed nil"},
		{"optional, good", "ada", "id=1", may, 200, "", "adatrue"},
		{"optional, nobody", "", "id=1", may, 200, "", "nobodyfalse"},
		{"optional, bad", "bad", "id=1", may, 401, realm, "bad token"},
		{"optional, broken", "broken", "id=1", may, 500, "", ""},
		{"cookie", "", "id=1", must(cookie), 401, `APIKey realm="user"`, ""},
		{"basic", "", "id=1", basic.Protect(tenon.Routes{tenon.Get("/", answer[tenon.None, string])}), 401, `Basic realm="us\"er", charset="UTF-8"`, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			calls = 0
			kittest.ServeBehind(t, tc.routes[0].Handler(), func(t *testing.T, s *kittest.Server) {
				t.Helper()
				before := calls
				header := http.Header{}
				if tc.user != "" {
					header.Set("User", tc.user)
				}
				got := s.Do(t, http.MethodGet, "/?"+tc.query, nil, header)
				assert.Equal(t, tc.status, got.StatusCode)
				assert.Equal(t, tc.challenge, got.Header.Get("WWW-Authenticate"))
				assert.LessOrEqual(t, len(got.Header.Values("WWW-Authenticate")), 1)
				assert.Contains(t, got.Text, tc.contains)
				assert.NotContains(t, got.Text, "database")
				assert.Equal(t, before+1, calls, "checked once")
			})
		})
	}
}

// The challenge of each scheme (RFC 9110, section 11.6.1).
func TestGuard_challenge(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		scheme openapi.SecurityScheme
		want   string
	}{
		{openapi.Basic(), `Basic realm="a\\b", charset="UTF-8"`},
		{openapi.Bearer("JWT"), `Bearer realm="a\\b"`},
		{openapi.SecurityScheme{Type: "http", Scheme: "BEARER"}, `Bearer realm="a\\b"`},
		{openapi.SecurityScheme{Type: "oauth2", Flows: &openapi.OAuthFlows{}}, `Bearer realm="a\\b"`},
		{openapi.SecurityScheme{Type: "openIdConnect", OpenIDConnectURL: "https://example.com"}, `Bearer realm="a\\b"`},
		{openapi.HeaderKey("X-Key"), `APIKey realm="a\\b"`},
		{openapi.CookieKey("sid"), `APIKey realm="a\\b"`},
		{openapi.SecurityScheme{Type: "apiKey", In: "query", Name: "key"}, `APIKey realm="a\\b"`},
		{openapi.SecurityScheme{Type: "http", Scheme: "digest"}, ""},
		{openapi.SecurityScheme{Type: "mutualTLS"}, ""},
	} {
		guard := openapi.Guard[account]{Name: `a\b`, Scheme: tc.scheme, Check: func(*http.Request) (account, error) {
			return account{}, openapi.ErrNoCredentials
		}}
		routes := guard.Protect(tenon.Routes{tenon.Get("/", answer[tenon.None, string])})
		w := httptest.NewRecorder()
		routes[0].Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
		assert.Equal(t, http.StatusUnauthorized, w.Code)
		assert.Equal(t, tc.want, w.Header().Get("WWW-Authenticate"), "%+v", tc.scheme)
	}
}

// A 401 that an error is mapped to has the challenge as well, whatever the form.
func TestGuard_formOfErrors(t *testing.T) {
	t.Parallel()
	calls := 0
	guard := openapi.Guard[account]{Name: "user", Scheme: openapi.Basic(), Check: checkAccount(&calls)}
	routes := guard.Protect(tenon.Routes{tenon.Get("/", answer[tenon.None, string])})
	h := respond.UseErrorHandler(func(w http.ResponseWriter, _ *http.Request, err error) {
		require.ErrorIs(t, err, openapi.ErrNoCredentials)
		w.WriteHeader(http.StatusUnauthorized)
	})(routes[0].Handler())
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	assert.Equal(t, `Basic realm="user", charset="UTF-8"`, w.Header().Get("WWW-Authenticate"))
}

// Two guards: each has its value, and the route's own Value counts in place of one.
func TestGuard_several(t *testing.T) {
	t.Parallel()
	calls := 0
	user := openapi.Guard[account]{Name: "user", Scheme: openapi.Basic(), Check: checkAccount(&calls)}
	tenant := openapi.Guard[any]{Name: "tenant", Scheme: openapi.HeaderKey("X-Tenant"), Check: func(*http.Request) (any, error) { return nil, nil }}
	type in struct {
		User   account `value:"user"`
		Tenant any     `value:"tenant"`
	}
	tell := func(ctx context.Context, in in) (string, error) {
		_, ok := tenant.From(ctx)
		return fmt.Sprint(in.User.Name, in.Tenant, ok), nil
	}
	root := bind.Value("user", func(*http.Request) (account, error) { return account{"root"}, nil })
	routes := tenant.Protect(user.Protect(tenon.Routes{tenon.Get("/guarded", tell, tenon.Named("a")), tenon.Get("/own", tell, root, tenon.Named("b"))}))
	for path, want := range map[string]string{"/guarded": "ada<nil> true", "/own": "root<nil> true"} {
		mux := http.NewServeMux()
		routes.Mount(mux)
		r := httptest.NewRequest(http.MethodGet, path, nil)
		r.Header.Set("User", "ada")
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		assert.Equal(t, want, w.Body.String())
	}
}

// Whom an outer guard lets through, an inner one of the same name has not found.
func TestGuard_optionalWithinAnother(t *testing.T) {
	t.Parallel()
	calls := 0
	user := openapi.Guard[account]{Name: "user", Scheme: openapi.Bearer(""), Check: checkAccount(&calls)}
	admin := user
	admin.Scopes, admin.Optional = []string{"admin"}, true
	admin.Check = func(r *http.Request) (account, error) {
		if name := r.Header.Get("Admin"); name != "" {
			return account{name}, nil
		}
		return account{}, openapi.ErrNoCredentials
	}
	type in struct {
		Admin *account `value:"user"`
	}
	routes := user.Protect(admin.Protect(tenon.Routes{tenon.Get("/", func(ctx context.Context, in in) (string, error) {
		from, ok := admin.From(ctx)
		return fmt.Sprintf("%v %q %v", in.Admin != nil, from.Name, ok), nil
	})}))
	for name, want := range map[string]string{"": `false "" false`, "root": `true "root" true`} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("User", "ada")
		r.Header.Set("Admin", name)
		w := httptest.NewRecorder()
		routes[0].Handler().ServeHTTP(w, r)
		assert.Equal(t, want, w.Body.String())
	}
}

// What a caller does with the slices of a guard changes no document.
func TestGuard_keepsItsSlices(t *testing.T) {
	t.Parallel()
	scopes, statuses := []string{"read"}, []int{401}
	guard := openapi.Guard[string]{Name: "g", Scheme: openapi.Basic(), Scopes: scopes, Errors: statuses, Check: anybody}
	routes := guard.Protect(guard.Protect(tenon.Routes{tenon.Get("/", answer[tenon.None, string])}))
	scopes[0], statuses[0] = "write", 403
	doc, err := openapi.New(info(), routes)
	require.NoError(t, err)
	assert.Contains(t, string(doc.JSON()), `"security":[{"g":["read"]}]`, "twice the same guard asks for the same")
	assert.Contains(t, string(doc.JSON()), `"401":`)
	assert.NotContains(t, string(doc.JSON()), `"403":`)
}

// A field that cannot hold what the guard says, or could hold what it never says.
func TestGuard_faultyFields(t *testing.T) {
	t.Parallel()
	calls := 0
	key := openapi.Guard[account]{Name: "user", Scheme: openapi.Basic(), Check: checkAccount(&calls)}
	optional := key
	optional.Optional = true
	pointer := openapi.Guard[*account]{Name: "user", Scheme: openapi.Basic(), Check: func(*http.Request) (*account, error) { return &account{"ada"}, nil }}
	optionalPointer := pointer
	optionalPointer.Optional = true
	type plain struct {
		U account `value:"user"`
	}
	type opt struct {
		U bind.Opt[account] `value:"user"`
	}
	type behind struct {
		U *account `value:"user"`
	}
	for _, tc := range []struct {
		protect func(tenon.Routes) tenon.Routes
		route   tenon.Route
		want    string
	}{
		{key.Protect, tenon.Get("/", answer[plain, string]), ""},
		{key.Protect, tenon.Get("/", answer[opt, string]), `opt.U has value:"user", which is never absent: use openapi_test.account, or make the guard Optional`},
		{key.Protect, tenon.Get("/", answer[behind, string]), "behind.U has value"},
		{optional.Protect, tenon.Get("/", answer[plain, string]), `plain.U has value:"user", which may be absent: use *openapi_test.account or bind.Opt[openapi_test.account]`},
		{optional.Protect, tenon.Get("/", answer[opt, string]), ""},
		{optional.Protect, tenon.Get("/", answer[behind, string]), ""},
		{pointer.Protect, tenon.Get("/", answer[behind, string]), ""},
		{pointer.Protect, tenon.Get("/", answer[plain, string]), "but the value has the type *openapi_test.account: use *openapi_test.account"},
		{optionalPointer.Protect, tenon.Get("/", answer[behind, string]), ""},
		{func(rs tenon.Routes) tenon.Routes { return rs }, tenon.Get("/", answer[plain, string]), "which no option provides"},
	} {
		err := tc.protect(tenon.Routes{tc.route}).Check()
		if tc.want == "" {
			require.NoError(t, err)
			continue
		}
		assert.ErrorContains(t, err, tc.want)
	}
}

// told reads itself, and says what it reads.
type told struct{ Size int }

func (*told) UnmarshalRequest(*http.Request) error { return nil }

func (*told) RequestParameters() any {
	return struct {
		Size   int    `query:"size" default:"20" maximum:"100"`
		Tenant string `path:"tenant"`
		ID     int    `query:"id"`
	}{}
}

type uploaded struct {
	ID   int `query:"id" minimum:"1"`
	Told *told
	User account `value:"user"`
	Meta struct {
		Tags []string `json:"tags" maxItems:"3"`
	} `form:"meta,json"`
	Names []string `form:"names,json,optional"`
}

// The document has what a type says it reads and the JSON of forms, and no values.
func TestNew_values(t *testing.T) {
	t.Parallel()
	calls := 0
	first := openapi.Guard[account]{Name: "user", Scheme: openapi.Basic(), Check: checkAccount(&calls), Scopes: []string{"a"}}
	second := openapi.Guard[string]{Name: "key", Scheme: openapi.HeaderKey("X-Key"), Optional: true, Check: anybody}
	routes := second.Protect(first.Protect(tenon.Routes{tenon.Post("/{tenant}", answer[uploaded, string], tenon.Named("upload"))}))
	doc, err := openapi.New(info(), routes)
	require.NoError(t, err)
	var got struct {
		Paths map[string]map[string]struct {
			Parameters  []struct{ Name, In string }
			RequestBody struct {
				Content map[string]struct {
					Schema struct {
						Properties map[string]map[string]any
						Required   []string
					}
					Encoding map[string]struct{ ContentType string }
				}
			}
			Security  []map[string][]string
			Responses map[string]any
		}
	}
	require.NoError(t, json.Unmarshal(doc.JSON(), &got))
	op := got.Paths["/{tenant}"]["post"]
	assert.Equal(t, []struct{ Name, In string }{{"id", "query"}, {"tenant", "path"}, {"size", "query"}}, op.Parameters)
	assert.Equal(t, []map[string][]string{{"user": {"a"}, "key": {}}, {"user": {"a"}}}, op.Security)
	for _, mediaType := range []string{"application/x-www-form-urlencoded", "multipart/form-data"} {
		form := op.RequestBody.Content[mediaType]
		assert.Equal(t, []string{"meta"}, form.Schema.Required)
		assert.Equal(t, "application/json", form.Encoding["meta"].ContentType)
		assert.Equal(t, "application/json", form.Encoding["names"].ContentType)
		assert.Equal(t, "object", form.Schema.Properties["meta"]["type"])
		assert.Len(t, form.Schema.Properties, 2)
	}
	assert.Contains(t, op.Responses, "401")
	assert.Contains(t, op.Responses, "403")
}
