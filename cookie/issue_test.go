package cookie_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/cookie"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

// declarations are the attributes that a cookie can have, by its name.
var declarations = map[string][]cookie.Option{
	"a":        nil,
	"__Host-a": {cookie.MaxAge(time.Hour)},
	"split":    {cookie.Partitioned(), cookie.SameSite(http.SameSiteNoneMode), cookie.MaxAge(400 * day)},
	"open":     {cookie.Insecure(), cookie.ScriptReadable(), cookie.SameSite(http.SameSiteDefaultMode)},
	"below":    {cookie.Path("/x"), cookie.Domain(".Example.com"), cookie.SameSite(http.SameSiteStrictMode)},
	"nowhere":  {cookie.Path("")},
}

// sentBy returns the only Set-Cookie field that set writes.
func sentBy(t *testing.T, set func(http.ResponseWriter) error) string {
	t.Helper()
	w := httptest.NewRecorder()
	require.NoError(t, set(w))
	require.Len(t, w.Header()["Set-Cookie"], 1)
	return w.Header()["Set-Cookie"][0]
}

// TestCookie_Issue holds the cookie of Issue to the field of Set, by every way
// of sending it. A sealed value is another one each time.
func TestCookie_Issue(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		keys := keysOf(t, 1)
		for name, opts := range declarations {
			forms := authentic(keys, name, opts...)
			forms["plain"] = cookie.Plain[string](name, opts...)
			for form, c := range forms {
				for _, text := range texts {
					issued, err := c.Issue(text)
					require.NoError(t, err)
					require.NoError(t, cookie.Check(issued))
					line := issued.String()
					assert.Equal(t, line, sentBy(t, func(w http.ResponseWriter) error { return cookie.Set(w, issued) }))
					assert.Equal(t, line, sentBy(t, func(w http.ResponseWriter) error { http.SetCookie(w, issued); return nil }))
					set := sentBy(t, func(w http.ResponseWriter) error { return c.Set(w, text) })
					if form == "sealed" {
						assert.NotEqual(t, set, line)
						_, set, _ = strings.Cut(set, ";")
						_, line, _ = strings.Cut(line, ";")
					}
					assert.Equal(t, set, line, form)
					got, err := c.Get(requestOf(name + "=" + issued.Value))
					require.NoError(t, err)
					assert.Equal(t, text, got)
				}
			}
		}
	})
}

func TestCookie_Issue_fails(t *testing.T) {
	t.Parallel()
	keys, cause := keysOf(t, 1), errors.New("no text")
	for form, c := range authentic(keys, "v") {
		issued, err := c.Issue(strings.Repeat("x", 4096))
		require.ErrorIs(t, err, cookie.ErrTooLarge, form)
		assert.Nil(t, issued)
	}
	c := cookie.Sealed[unwritable](keys, "v")
	issued, err := c.Issue(unwritable{cause})
	require.ErrorIs(t, err, cause)
	require.EqualError(t, err, `cookie: the value of "v": no text`)
	assert.Nil(t, issued)
}

// TestCookie_Expire holds the cookie of Expire to the field of Delete.
func TestCookie_Expire(t *testing.T) {
	t.Parallel()
	for name, opts := range declarations {
		c := cookie.Plain[string](name, opts...)
		line := c.Expire().String()
		assert.Equal(t, line, sentBy(t, c.Delete))
		assert.Equal(t, line, sentBy(t, func(w http.ResponseWriter) error { return cookie.Set(w, c.Expire()) }))
		assert.Equal(t, line, sentBy(t, func(w http.ResponseWriter) error {
			issued, err := c.Issue("x")
			require.NoError(t, err)
			return errors.Join(cookie.Set(w, issued), c.Delete(w))
		}))
	}
}

// TestCookie_Issue_owned changes what was returned, which is the caller's.
func TestCookie_Issue_owned(t *testing.T) {
	t.Parallel()
	c := cookie.Plain[string]("a")
	for _, returned := range []func() (*http.Cookie, error){
		func() (*http.Cookie, error) { return c.Issue("text") },
		func() (*http.Cookie, error) { return c.Expire(), nil },
	} {
		one, err := returned()
		require.NoError(t, err)
		want := *one
		*one = http.Cookie{Name: "other", Path: "/other"}
		two, err := returned()
		require.NoError(t, err)
		assert.Equal(t, want, *two)
		assert.Equal(t, "a=text; Path=/; HttpOnly; Secure; SameSite=Lax", sentBy(t, func(w http.ResponseWriter) error { return c.Set(w, "text") }))
	}
}

// TestCookie_Issue_wrapped returns cookies in wrappers of package respond, and with a
// problem.
func TestCookie_Issue_wrapped(t *testing.T) {
	t.Parallel()
	session := cookie.Sealed[user](keysOf(t, 1), "__Host-user")
	lang := cookie.Plain[string]("lang")
	issued, err := session.Issue(user{ID: 7, Name: "Ada", Tags: []string{}})
	require.NoError(t, err)
	both := []*http.Cookie{issued, lang.Expire()}
	mux := http.NewServeMux()
	mux.Handle("/status", tenon.Handle(func(context.Context, tenon.None) (respond.Response[string], error) {
		return respond.Status(http.StatusOK, "x").WithCookie(both[0]).WithCookie(both[1]), nil
	}))
	mux.Handle("/ok", tenon.Handle(func(context.Context, tenon.None) (respond.OK[string], error) {
		return respond.OK[string]{Body: "x", Cookies: both}, nil
	}))
	mux.Handle("/nothing", tenon.Handle(func(context.Context, tenon.None) (respond.NoContent, error) {
		return respond.NoContent{Cookies: both}, nil
	}))
	mux.Handle("/redirect", tenon.Handle(func(context.Context, tenon.None) (respond.Response[respond.Redirect], error) {
		return respond.Response[respond.Redirect]{Body: respond.SeeOther("/ok"), Cookies: both}, nil
	}))
	mux.Handle("/error", tenon.Handle(func(context.Context, tenon.None) (tenon.None, error) {
		return tenon.None{}, respond.NewProblem(http.StatusUnauthorized, "").
			WithHeader("Set-Cookie", both[0].String()).WithHeader("Set-Cookie", both[1].String())
	}))
	kittest.ServeBehind(t, mux, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for path, status := range map[string]int{"/status": 200, "/ok": 200, "/nothing": 204, "/redirect": 303, "/error": 401} {
			response := s.Get(t, path)
			assert.Equal(t, status, response.StatusCode, path)
			sent := response.Cookies()
			require.Len(t, sent, 2, path)
			got, err := session.Get(requestOf("__Host-user=" + sent[0].Value))
			require.NoError(t, err, path)
			assert.Equal(t, "Ada", got.Name)
			assert.Equal(t, lang.Expire().String(), sent[1].Raw)
		}
	})
}
