package bind_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
)

type cookieIn struct {
	Session string   `cookie:"session,optional"`
	Visits  *int     `cookie:"" minimum:"1"`
	Theme   word     `cookie:"theme" default:"light" enum:"light,dark"`
	Seen    []string `cookie:"seen" maxItems:"2"`
}

type cookieCase struct {
	name  string
	lines []string
	want  cookieIn
	errs  []string
}

func cookieCases() []cookieCase {
	one := func(session string) cookieIn { return cookieIn{Session: session, Theme: "light"} }
	return []cookieCase{
		{"none", nil, one(""), nil},
		{"one", []string{"session=abc"}, one("abc"), nil},
		{"among others", []string{"a=b; session=abc; sessions=x; xsession=y; Session=z"}, one("abc"), nil},
		{"several lines", []string{"a=b", "session=abc", "session=def"}, one("abc"), nil},
		{"the first of a name", []string{"session=1; session=2"}, one("1"), nil},
		{"space around", []string{"  session = abc  ;visits=2"}, cookieIn{Session: " abc", Visits: point(2), Theme: "light"}, nil},
		{"quotes are taken off", []string{`session="a b,c"`}, one("a b,c"), nil},
		{"one quote is no value", []string{`session="; session=x`}, one("x"), nil},
		{"quotes inside are no value", []string{`session=a"b; session=x`}, one("x"), nil},
		{"bytes that no value has", []string{"session=ü; session=a\\b; session=ok"}, one("ok"), nil},
		{"equals signs are data", []string{"session=a=b="}, one("a=b="), nil},
		{"escapes are data", []string{"session=a%20b+c"}, one("a%20b+c"), nil},
		{"no equals sign", []string{"session"}, one(""), nil},
		{"empty", []string{"session=; visits="}, one(""), nil},
		{"the first that is not absent", []string{"visits=; visits=2; visits=x"}, cookieIn{Visits: point(2), Theme: "light"}, nil},
		{"a list takes all of a name", []string{"seen=a; seen=b"}, cookieIn{Theme: "light", Seen: []string{"a", "b"}}, nil},
		{"a list of too many", []string{"seen=a; seen=b", "seen=c; seen=d"}, cookieIn{}, []string{"seen maxItems"}},
		{"checked", []string{"visits=0; theme=pink"}, cookieIn{}, []string{"visits minimum", "theme enum"}},
		{"3000", []string{strings.Repeat("a=b;", 2999) + "session=x"}, one("x"), nil},
		{"3001", []string{strings.Repeat("a=b;", 2999) + "session=x", ""}, cookieIn{}, []string{" cookies"}},
		{"3001 separators", []string{strings.Repeat(";", 3000)}, cookieIn{}, []string{" cookies"}},
	}
}

func TestBind_cookie(t *testing.T) {
	t.Parallel()
	b := bind.For[cookieIn]()
	for _, tc := range cookieCases() {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := b.Bind(headerRequest("Cookie", tc.lines))
			if tc.errs != nil {
				assert.Equal(t, tc.errs, faultsOf(t, err))
				return
			}
			require.NoError(t, err)
			assert.Equal(t, tc.want, got)
		})
	}
}

func TestBind_cookieRequired(t *testing.T) {
	t.Parallel()
	type in struct {
		Session string `cookie:"session"`
	}
	_, err := bind.Request[in](headerRequest("Cookie", []string{"a=b"}))
	assert.Equal(t, []string{"session required"}, faultsOf(t, err))
}

func TestBind_cookieAllocs(t *testing.T) {
	type in struct {
		Session string        `cookie:"session"`
		Visits  bind.Opt[int] `cookie:"visits"`
		Debug   bool          `cookie:"debug" default:"true"`
		Ratio   float64       `cookie:"ratio,optional"`
	}
	b := bind.For[in]()
	r := headerRequest("Cookie", []string{"a=b; session=abc; visits=5", `other="x"; ratio=0.5`})
	got, err := b.Bind(r)
	require.NoError(t, err)
	require.Equal(t, in{"abc", bind.Some(5), true, 0.5}, got)
	kittest.Allocs(t, 0, func() { _, _ = b.Bind(r) })
}

// FuzzCookie compares with what net/http reads.
func FuzzCookie(f *testing.F) {
	for _, tc := range cookieCases() {
		f.Add(strings.Join(tc.lines, "\n"))
	}
	type in struct {
		A       *string  `cookie:"a"`
		Session *string  `cookie:"session"`
		All     []string `cookie:"seen"`
		Count   *int     `cookie:"n"`
	}
	f.Fuzz(func(t *testing.T, text string) {
		r := headerRequest("Cookie", strings.Split(text, "\n"))
		got, err := bind.Request[in](r)
		if err != nil {
			count := strings.Count(text, ";") + strings.Count(text, "\n") + 1
			for _, fault := range faultsOf(t, err) {
				if fault == " cookies" {
					assert.Greater(t, count, 3000)
				} else {
					assert.Contains(t, []string{"n type", "n range"}, fault)
				}
			}
			return
		}
		for name, field := range map[string]*string{"a": got.A, "session": got.Session} {
			c, err := r.Cookie(name)
			if field == nil {
				require.ErrorIs(t, err, http.ErrNoCookie, "%q", name)
				continue
			}
			require.NoError(t, err)
			assert.Equal(t, c.Value, *field, "%q", name)
		}
		var all []string
		for _, c := range r.CookiesNamed("seen") {
			all = append(all, c.Value)
		}
		assert.Equal(t, all, got.All)
	})
}
