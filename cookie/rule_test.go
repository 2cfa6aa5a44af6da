package cookie_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/cookie"
)

const day = 24 * time.Hour

// rules are raw cookies with what Check has against them.
var rules = []struct {
	name   string
	cookie *http.Cookie
	want   string // "" is nothing
}{
	{"bare", &http.Cookie{Name: "a"}, ""},
	{"everything", &http.Cookie{
		Name: "a", Value: "b", Path: "/x", Domain: "example.com", MaxAge: 60, Expires: time.Now().Add(399 * day),
		Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode, Partitioned: true,
	}, ""},
	{"quoted by net/http", &http.Cookie{Name: "a", Value: "b c, d"}, ""},
	{"nil", nil, "nil Cookie"},
	{"no name", &http.Cookie{}, "invalid Cookie.Name"},
	{"name", &http.Cookie{Name: "a b"}, "invalid Cookie.Name"},
	{"value", &http.Cookie{Name: "a", Value: "é"}, "invalid byte"},
	{"value with a semicolon", &http.Cookie{Name: "a", Value: "b; Domain=c"}, "invalid byte"},
	{"value with a quote", &http.Cookie{Name: "a", Value: `b"`}, "invalid byte"},
	{"domain", &http.Cookie{Name: "a", Domain: "exa mple.com"}, "invalid Cookie.Domain"},
	{"path", &http.Cookie{Name: "a", Path: "/a;b"}, "invalid byte"},
	{"relative path", &http.Cookie{Name: "a", Path: "a"}, `the path "a" does not begin with a slash`},
	{"partitioned", &http.Cookie{Name: "a", Partitioned: true}, "partitioned cookies must be set with Secure"},
	{"none", &http.Cookie{Name: "a", SameSite: http.SameSiteNoneMode}, "SameSite=None needs Secure"},
	{"mode 5", &http.Cookie{Name: "a", SameSite: 5}, "SameSite 5 is not a mode of net/http"},
	{"mode -1", &http.Cookie{Name: "a", SameSite: -1}, "SameSite -1 is not a mode of net/http"},
	{"4096", &http.Cookie{Name: "a", Value: strings.Repeat("b", 4095)}, ""},
	{"4097", &http.Cookie{Name: "ab", Value: strings.Repeat("b", 4095)}, "name and value are longer than 4096 bytes"},
	{"4096 in quotes", &http.Cookie{Name: "a", Value: strings.Repeat("b ", 2046) + "b"}, ""},
	{"4097 with the quotes", &http.Cookie{Name: "a", Value: strings.Repeat("b", 4094), Quoted: true}, "name and value are longer than 4096 bytes"},
	{"4097 with the quotes of a space", &http.Cookie{Name: "a", Value: strings.Repeat("b ", 2047)}, "name and value are longer than 4096 bytes"},
	{"path 1024", &http.Cookie{Name: "a", Path: "/" + strings.Repeat("b", 1023)}, ""},
	{"path 1025", &http.Cookie{Name: "a", Path: "/" + strings.Repeat("b", 1024)}, "the path is longer than 1024 bytes"},
	{"400 days", &http.Cookie{Name: "a", MaxAge: 34_560_000}, ""},
	{"a second more", &http.Cookie{Name: "a", MaxAge: 34_560_001}, "the maximum age is over 400 days"},
	{"deletion", &http.Cookie{Name: "a", MaxAge: -1, Expires: time.Unix(0, 0)}, ""},
	{"expires late", &http.Cookie{Name: "a", Expires: time.Now().Add(401 * day)}, "it expires in more than 400 days"},
	{"expires early", &http.Cookie{Name: "a", Expires: time.Date(1600, 1, 1, 0, 0, 0, 0, time.UTC)}, "invalid Cookie.Expires"},
	{"unparsed", &http.Cookie{Name: "a", Unparsed: []string{"Priority=High"}}, "Unparsed has attributes, which net/http does not write: leave it empty"},

	{"secure", &http.Cookie{Name: "__Secure-a", Secure: true}, ""},
	{"not secure", &http.Cookie{Name: "__Secure-a"}, "the prefix of the name needs Secure"},
	{"not secure, other case", &http.Cookie{Name: "__sEcUrE-a"}, "the prefix of the name needs Secure"},
	{"host", &http.Cookie{Name: "__Host-a", Secure: true, Path: "/"}, ""},
	{"host without secure", &http.Cookie{Name: "__HOST-a", Path: "/"}, "the prefix of the name needs Secure"},
	{"host without path", &http.Cookie{Name: "__Host-a", Secure: true}, "the prefix of the name needs Path=/ and no Domain"},
	{"host below", &http.Cookie{Name: "__Host-a", Secure: true, Path: "/a"}, "the prefix of the name needs Path=/ and no Domain"},
	{"host of a domain", &http.Cookie{Name: "__host-a", Secure: true, Path: "/", Domain: "example.com"}, "the prefix of the name needs Path=/ and no Domain"},
	{"http", &http.Cookie{Name: "__Http-a", Secure: true, HttpOnly: true}, ""},
	{"http for scripts", &http.Cookie{Name: "__Http-a", Secure: true}, "the prefix of the name needs HttpOnly"},
	{"host-http", &http.Cookie{Name: "__Host-Http-a", Secure: true, Path: "/", HttpOnly: true}, ""},
	{"host-http for scripts", &http.Cookie{Name: "__Host-Http-a", Secure: true, Path: "/"}, "the prefix of the name needs HttpOnly"},
	{"no prefix", &http.Cookie{Name: "x__Host-a"}, ""},
}

// TestCheck also holds that what passes is written and read back as it was.
func TestCheck(t *testing.T) {
	t.Parallel()
	for _, tc := range rules {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			err := cookie.Check(tc.cookie)
			assert.Equal(t, err, cookie.Set(w, tc.cookie))
			if tc.want != "" {
				require.ErrorContains(t, err, tc.want)
				require.ErrorContains(t, err, "cookie: ")
				assert.Empty(t, w.Header())
				return
			}
			require.NoError(t, err)
			got, err := http.ParseSetCookie(w.Header().Get("Set-Cookie"))
			require.NoError(t, err)
			want := *tc.cookie
			if !want.Expires.IsZero() {
				want.Expires = want.Expires.UTC().Truncate(time.Second)
			}
			got.Raw, got.RawExpires, got.Quoted = "", "", false
			assert.Equal(t, &want, got)
		})
	}
}

func TestCheck_allFaults(t *testing.T) {
	t.Parallel()
	err := cookie.Check(&http.Cookie{
		Name: "__Host-a b", Value: strings.Repeat("é", 2100), Path: "x", SameSite: http.SameSiteNoneMode, MaxAge: 1 << 30,
	})
	require.ErrorIs(t, err, cookie.ErrTooLarge)
	for _, text := range []string{
		"Cookie.Name", "does not begin with a slash", "SameSite=None needs Secure", "400 days",
		"prefix of the name needs Secure", "prefix of the name needs Path=/",
	} {
		assert.ErrorContains(t, err, text)
	}
}
