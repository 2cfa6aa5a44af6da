package cookie_test

import (
	"fmt"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/cookie"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

// Get reads what Set has escaped; the tag of package bind reads what was sent.
func TestCookie_escapes(t *testing.T) {
	t.Parallel()
	theme := cookie.Plain[string]("theme")
	r := requestOf("theme=" + rawOf(t, theme, "dark blue"))
	got, err := theme.Get(r)
	require.NoError(t, err)
	assert.Equal(t, "dark blue", got)
	in, err := bind.Request[struct {
		Theme string `cookie:"theme"`
	}](r)
	require.NoError(t, err)
	assert.Equal(t, "dark%20blue", in.Theme)
}

// The forms that tags give to times come back.
func TestCookie_timeForms(t *testing.T) {
	t.Parallel()
	type visit struct {
		Day  time.Time  `json:"day" format:"date"`
		Seen *time.Time `json:"seen" format:"unix"`
	}
	want := visit{time.Date(2026, time.January, 2, 0, 0, 0, 0, time.UTC), new(time.Unix(5, 0).UTC())}
	c := cookie.Plain[visit]("visit")
	raw := rawOf(t, c, want)
	assert.Contains(t, raw, "2026-01-02%22")
	got, err := c.Get(requestOf("visit=" + raw))
	require.NoError(t, err)
	assert.Equal(t, want, got)
}

func TestCookie_duplicates(t *testing.T) {
	t.Parallel()
	synctest.Test(t, testDuplicates) // in which all cookies are of one second
}

func testDuplicates(t *testing.T) {
	t.Helper()
	junk := func(n int) string { return strings.Repeat("session=junk; ", n) }
	for form, c := range authentic(keysOf(t, 1), "session") {
		one, two := "session="+rawOf(t, c, "one"), "session="+rawOf(t, c, "two")
		for _, tc := range []struct {
			name  string
			lines []string
			want  string // "" is ErrInvalid
		}{
			{"alone", []string{one}, "one"},
			{"first of one second", []string{one + "; " + two}, "one"},
			{"first genuine of one second", []string{"session=junk; " + two + "; " + one}, "two"},
			{"several fields", []string{"session=junk", two, one}, "two"},
			{"eighth", []string{junk(7) + one}, "one"},
			{"ninth", []string{junk(8) + one}, ""},
			{"ninth in another field", []string{junk(4), junk(4), one}, ""},
			{"behind other names", []string{strings.Repeat("x=y; session2=z; ", 100) + one}, "one"},
			{"behind what is no cookie", []string{"; ;;=; =x; session ; \x00=\xff; a b c; \"; " + one + ";"}, "one"},
			{"odd space", []string{"  session =" + strings.TrimPrefix(one, "session=") + "  ;"}, "one"},
			{"behind a long one", []string{"session=" + strings.Repeat("A", 1<<20) + ";" + one}, "one"},
			{"3000 cookies", []string{strings.Repeat("x=y;", 2999) + one}, "one"},
		} {
			got, err := c.Get(requestOf(tc.lines...))
			if tc.want == "" {
				require.ErrorIs(t, err, cookie.ErrInvalid, "%s: %s", form, tc.name)
				continue
			}
			require.NoError(t, err, "%s: %s", form, tc.name)
			assert.Equal(t, tc.want, got)
		}
		for _, lines := range [][]string{{strings.Repeat("x=y;", 3000) + one}, {strings.Repeat("x=y;", 1500), strings.Repeat("x=y;", 1500) + one}} {
			r := requestOf(lines...)
			_, err := c.Get(r)
			require.ErrorIs(t, err, http.ErrNoCookie)
			require.NotErrorIs(t, err, cookie.ErrInvalid)
			require.Empty(t, r.Cookies(), "as net/http does")
		}
	}
}

// TestCookie_duplicateErrors prefers a genuine value to an expired one, and
// that to an invalid one.
func TestCookie_duplicateErrors(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		for _, c := range authentic(keysOf(t, 1), "session", cookie.MaxAge(time.Hour)) {
			older := "session=" + rawOf(t, c, "old")
			time.Sleep(time.Minute)
			old := "session=" + rawOf(t, c, "old")
			expires := time.Now().Add(time.Hour).UTC()
			time.Sleep(time.Hour)
			fresh := "session=" + rawOf(t, c, "new")
			got, err := c.Get(requestOf("session=junk; " + old + "; " + fresh))
			require.NoError(t, err)
			assert.Equal(t, "new", got)
			for _, line := range []string{"session=junk; " + old, old + "; session=junk", old + ";" + older} {
				_, meta, err := c.Read(requestOf(line))
				require.ErrorIs(t, err, cookie.ErrExpired)
				assert.Equal(t, expires, meta.Expires)
			}
		}
	})
}

// TestCookie_newest holds that of several genuine cookies the one counts that was
// issued last, wherever it stands.
func TestCookie_newest(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(300 * time.Millisecond)
		before, keys := keysOf(t, 1), keysOf(t, 2, 1)
		old := authentic(before, "session")
		short := authentic(keys, "session", cookie.MaxAge(time.Minute))
		for form, c := range authentic(keys, "session") {
			pair := func(c stringCookie, v string) string { return "session=" + rawOf(t, c, v) + "; " }
			first := pair(old[form], "first")
			time.Sleep(time.Second)
			second, same := pair(c, "second"), pair(c, "same second")
			time.Sleep(time.Second)
			third := pair(short[form], "third")
			junk := "session=junk; "
			for _, tc := range []struct{ line, want string }{
				{first + second, "second"},
				{second + first, "second"},
				{first + second + third, "third"},
				{third + first + second, "third"},
				{junk + first + junk + third + junk + second, "third"},
				{second + same, "second"},
				{same + second, "same second"},
				{first + same + second, "same second"},
				{strings.Repeat(first, 7) + third, "third"},
				{strings.Repeat(first, 8) + third, "first"},
			} {
				got, meta, err := c.Read(requestOf(tc.line))
				require.NoError(t, err)
				assert.Equal(t, tc.want, got, form)
				assert.Equal(t, tc.want == "first", meta.OldKey, "Meta is that of the value")
			}
			time.Sleep(time.Minute)
			got, err := c.Get(requestOf(third + first + second))
			require.NoError(t, err, "as if the browser had dropped the one whose time is over")
			assert.Equal(t, "second", got)
		}

		numbers := cookie.Signed[int](keys, "n")
		older := "n=" + rawOf(t, numbers, 7)
		time.Sleep(time.Second)
		newer := "n=" + rawOf(t, cookie.Signed[string](keys, "n"), "no number")
		got, err := numbers.Get(requestOf(newer + "; " + older))
		require.NoError(t, err, "what does not fit the type is not genuine")
		assert.Equal(t, 7, got)
	})
	theme := cookie.Plain[int]("theme")
	for line, want := range map[string]int{"theme=1; theme=2": 1, "theme=x; theme=2; theme=1": 2} {
		got, err := theme.Get(requestOf(line))
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
}

// TestCookie_otherPath shows what a change of Path does: browsers send the cookie
// of the longer path first.
func TestCookie_otherPath(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		keys := keysOf(t, 1)
		site := &url.URL{Scheme: "https", Host: "example.com", Path: "/app/"}
		jar, err := cookiejar.New(nil)
		require.NoError(t, err)
		set := func(fn func(w http.ResponseWriter) error) {
			w := httptest.NewRecorder()
			require.NoError(t, fn(w))
			jar.SetCookies(site, w.Result().Cookies())
		}
		request := func() *http.Request {
			r := httptest.NewRequest(http.MethodGet, site.String(), nil)
			for _, c := range jar.Cookies(site) {
				r.AddCookie(c)
			}
			return r
		}
		old := cookie.Sealed[string](keys, "session", cookie.Path("/app"))
		c := cookie.Sealed[string](keys, "session")
		set(func(w http.ResponseWriter) error { return old.Set(w, "Ada") })
		time.Sleep(time.Hour)
		set(func(w http.ResponseWriter) error { return c.Set(w, "Grace") })
		got, err := c.Get(request())
		require.NoError(t, err)
		assert.Equal(t, "Grace", got, "a login is not undone")
		set(func(w http.ResponseWriter) error { return c.Delete(w) })
		got, err = c.Get(request())
		require.NoError(t, err)
		assert.Equal(t, "Ada", got, "a logout is: the name has to change")
	})
}

// TestCookie_overHTTP sets and reads behind every neighbor.
func TestCookie_overHTTP(t *testing.T) {
	t.Parallel()
	c := cookie.Sealed[user](keysOf(t, 1), "__Host-user")
	flash := cookie.Signed[string](keysOf(t, 1), "flash")
	mux := http.NewServeMux()
	mux.HandleFunc("/set", func(w http.ResponseWriter, r *http.Request) {
		if err := c.Set(w, user{ID: 7, Name: "Ada"}); err != nil {
			respond.Error(w, r, err)
		}
		if err := flash.Set(w, "hello"); err != nil {
			respond.Error(w, r, err)
		}
	})
	mux.Handle("/get", respond.Func(func(r *http.Request) (any, error) { return c.Get(r) }))
	kittest.ServeBehind(t, mux, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		set := s.Get(t, "/set")
		require.Len(t, set.Cookies(), 2)
		var pairs []string
		for _, sent := range set.Cookies() {
			assert.True(t, sent.HttpOnly && sent.Secure && sent.SameSite == http.SameSiteLaxMode && sent.Path == "/")
			pairs = append(pairs, sent.Name+"="+sent.Value)
		}
		got := s.Do(t, http.MethodGet, "/get", nil, http.Header{"Cookie": {strings.Join(pairs, "; ")}})
		assert.JSONEq(t, `{"id":7,"name":"Ada","tags":[]}`, got.Text)

		// A handler that passes the errors on blames the client, not itself.
		for _, header := range []http.Header{nil, {"Cookie": {"__Host-user=forged"}}} {
			refused := s.Do(t, http.MethodGet, "/get", nil, header)
			assert.Equal(t, http.StatusBadRequest, refused.StatusCode)
			assert.NotContains(t, refused.Text, "cookie")
		}
	})
}

// TestCookie_concurrently is for the race detector.
func TestCookie_concurrently(t *testing.T) {
	t.Parallel()
	var group sync.WaitGroup
	for _, c := range authentic(keysOf(t, 2, 1), "session") {
		for i := range 8 {
			group.Go(func() {
				for j := range 50 {
					text := fmt.Sprint(i, j)
					got, err := c.Get(requestOf("session=junk; session=" + rawOf(t, c, text)))
					assert.Equal(t, text, got, err)
				}
			})
		}
	}
	group.Wait()
}
