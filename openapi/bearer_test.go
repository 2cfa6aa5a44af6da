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
	"github.com/tenonkit/tenon/respond"
)

func TestBearerToken(t *testing.T) {
	t.Parallel()
	const malformed = `401 Unauthorized: the bearer token is malformed`
	for _, tc := range []struct {
		fields      []string
		token, want string
	}{
		{nil, "", "openapi: the request has no credentials"},
		{[]string{""}, "", "openapi: the request has no credentials"},
		{[]string{"Basic YWRhOmI="}, "", "openapi: the request has no credentials"},
		{[]string{"BearerX abc"}, "", "openapi: the request has no credentials"},
		{[]string{"Bearer abc"}, "abc", ""},
		{[]string{"bEARER   aZ09-._~+/=="}, "aZ09-._~+/==", ""},
		{[]string{"Bearer abc "}, "abc", ""},
		{[]string{"Bearer"}, "", malformed},
		{[]string{"Bearer "}, "", malformed},
		{[]string{"Bearer =="}, "", malformed},
		{[]string{"Bearer a=b"}, "", malformed},
		{[]string{"Bearer a b"}, "", malformed},
		{[]string{"Bearer a, Bearer b"}, "", malformed},
		{[]string{`Bearer "a"`}, "", malformed},
		{[]string{"Bearer ä"}, "", malformed},
		{[]string{"Bearer \u212a"}, "", malformed},
		{[]string{"Bearer @"}, "", malformed},
		{[]string{"Bearer abc", "Bearer abc"}, "", "401 Unauthorized: Authorization is sent more than once"},
		{[]string{"Basic abc", "Bearer abc"}, "", "401 Unauthorized: Authorization is sent more than once"},
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header["Authorization"] = tc.fields
		token, err := openapi.BearerToken(r)
		assert.Equal(t, tc.token, token, tc.fields)
		if tc.want == "" {
			require.NoError(t, err)
			continue
		}
		require.EqualError(t, err, tc.want, tc.fields)
		w := httptest.NewRecorder()
		respond.Error(w, r, err)
		assert.Equal(t, http.StatusUnauthorized, w.Code, tc.fields)
	}
}

// Who brings a token that cannot be one is not nobody.
func TestBearerToken_optional(t *testing.T) {
	t.Parallel()
	guard := openapi.Guard[string]{Name: "user", Scheme: openapi.Bearer(""), Optional: true, Check: openapi.BearerToken}
	h := guard.Protect(tenon.Routes{tenon.Get("/", func(_ context.Context, in struct {
		User *string `value:"user"`
	},
	) (string, error) {
		if in.User == nil {
			return "nobody", nil
		}
		return *in.User, nil
	})})[0].Handler()
	for credentials, want := range map[string]string{
		"": "200 nobody", "Basic YTpi": "200 nobody", "bearer ada": "200 ada",
		"Bearer a b": `401 {"type":"about:blank","title":"Unauthorized","status":401,"detail":"the bearer token is malformed"}`,
	} {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		if credentials != "" {
			r.Header.Set("Authorization", credentials)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		assert.Equal(t, want, fmt.Sprint(w.Code, " ", w.Body), credentials)
	}
}
