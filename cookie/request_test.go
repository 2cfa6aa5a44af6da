package cookie_test

import (
	"fmt"
	"net/http"
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
	junk := func(n int) string { return strings.Repeat("session=junk; ", n) }
	for form, c := range authentic(keysOf(t, 1), "session") {
		one, two := "session="+rawOf(t, c, "one"), "session="+rawOf(t, c, "two")
		for _, tc := range []struct {
			name  string
			lines []string
			want  string // "" is ErrInvalid
		}{
			{"alone", []string{one}, "one"},
			{"first genuine", []string{one + "; " + two}, "one"},
			{"second genuine", []string{"session=junk; " + two + "; " + one}, "two"},
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
