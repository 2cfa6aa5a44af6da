package respond_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

func TestRedirect(t *testing.T) {
	t.Parallel()
	local := func(url string) respond.Redirect { return respond.Redirect{URL: url, Local: true} }
	cases := []struct {
		name     string
		redirect respond.Redirect
		status   int
		location string
	}{
		{"zero code", respond.Redirect{URL: "/a"}, 302, "/a"},
		{"found", respond.Found("/a"), 302, "/a"},
		{"see other", respond.SeeOther("/a"), 303, "/a"},
		{"moved permanently", respond.MovedPermanently("/a"), 301, "/a"},
		{"temporary", respond.TemporaryRedirect("/a"), 307, "/a"},
		{"permanent", respond.PermanentRedirect("/a"), 308, "/a"},
		{"absolute", respond.Found("https://example.com/a?b=c#d"), 302, "https://example.com/a?b=c#d"},
		{"relative stays relative", respond.Found("../a?b"), 302, "../a?b"},
		{"bytes that no URL holds", respond.Found("/a b/ü?q=\"<>"), 302, "/a%20b/%C3%BC?q=%22%3C%3E"},
		{"encoded stays encoded", respond.Found("/a%20b%2Fc"), 302, "/a%20b%2Fc"},
		{"not modified", respond.Redirect{URL: "/a", Code: 304}, 500, ""},
		{"success", respond.Redirect{URL: "/a", Code: 200}, 500, ""},
		{"out of range", respond.Redirect{URL: "/a", Code: 1000}, 500, ""},
		{"no URL", respond.Redirect{}, 500, ""},
		{"newline", respond.Found("/a\r\nSet-Cookie: b=c"), 500, ""},
		{"newline in the fragment", respond.Found("/a#\r\nX: y"), 500, ""},
		{"tab", respond.Found("/\t/a"), 500, ""},
		{"malformed", respond.Found("http://[::1"), 500, ""},
		{"local path", local("/a?b=//c#d"), 302, "/a?b=//c#d"},
		{"local relative", local("a/b"), 302, "a/b"},
		{"local query", local("?page=2"), 302, "?page=2"},
		{"local with a space in front", local(" //evil.example"), 302, "%20//evil.example"},
		{"local, absolute", local("https://evil.example/"), 400, ""},
		{"local, same scheme", local("https:evil.example"), 400, ""},
		{"local, script", local("javascript:alert(1)"), 400, ""},
		{"local, two slashes", local("//evil.example"), 400, ""},
		{"local, three slashes", local("///evil.example"), 400, ""},
		{"local, backslash", local(`/\evil.example`), 400, ""},
		{"local, backslashes", local(`\\evil.example`), 400, ""},
		{"local, tab", local("/\t/evil.example"), 400, ""},
		{"local, newline", local("/\n/evil.example"), 400, ""},
		{"local, empty", local(""), 400, ""},
		{"local, malformed", local("%zz"), 400, ""},
	}
	all := site{}
	for _, tc := range cases {
		all["handler "+tc.name] = tc.redirect
		all["value "+tc.name] = respond.Func(func(*http.Request) (any, error) { return tc.redirect, nil })
		all["error "+tc.name] = respond.Func(func(*http.Request) (any, error) {
			return nil, fmt.Errorf("wrapped: %w", tc.redirect)
		})
	}
	kittest.ServeBehind(t, all, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, tc := range cases {
			for _, as := range []string{"handler ", "value ", "error "} {
				for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost} {
					got := s.Do(t, method, at(as+tc.name), nil, nil)
					assert.Equal(t, tc.status, got.StatusCode, tc.name)
					assert.Equal(t, tc.location, got.Header.Get("Location"), tc.name)
					assert.Empty(t, got.Header.Get("Set-Cookie"), tc.name)
					if tc.status < 400 {
						assert.Empty(t, got.Text, tc.name)
						assert.NotContains(t, got.Header, "Content-Type", tc.name)
					} else {
						assert.Equal(t, asProblem, got.Header.Get("Content-Type"), tc.name)
						assert.NotContains(t, got.Text, "evil", tc.name)
					}
				}
			}
		}
		assert.Empty(t, s.Log())
	})
}

func TestRedirect_error(t *testing.T) {
	t.Parallel()
	require.EqualError(t, respond.SeeOther("/a\n"), `respond: redirect with 303 to "/a\n"`)
	require.EqualError(t, respond.Redirect{URL: "/a"}, `respond: redirect with 302 to "/a"`)
}

// leaves reads a target as the URL standard of the browsers does where that
// matters: it strips, removes tabs and newlines and takes a backslash for a slash.
func leaves(target string) bool {
	target = strings.TrimFunc(target, func(r rune) bool { return r <= ' ' })
	target = strings.NewReplacer("\t", "", "\n", "", "\r", "", `\`, "/").Replace(target)
	return strings.HasPrefix(target, "//") || regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`).MatchString(target)
}

func FuzzRedirect_local(f *testing.F) {
	for _, seed := range []string{
		"/", "/a?b#c", "//evil.example", "///evil.example", `/\evil.example`, "/\t/evil.example", " //evil.example", "http:evil", "a:b",
		"1a:b", "/%2F/evil.example", "?//evil", "#//evil", "./..//evil", "\u00a0//evil", "／／evil.example", "@evil.example", "/\r\nX: y",
		"//user@evil.example", "////", ".//evil", "%09//evil", "/..//evil.example", "\xff//evil",
	} {
		f.Add(seed)
	}
	base, err := url.Parse("https://site.example/a/b")
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, target string) {
		w, _ := record(t, respond.Redirect{URL: target, Local: true}.ServeHTTP)
		location := w.Header().Get("Location")
		if w.Code == 400 {
			assert.Empty(t, location)
			return
		}
		require.Equal(t, 302, w.Code)
		require.NotEmpty(t, location)
		assert.False(t, leaves(location), "%q", location)
		for i := range len(location) {
			assert.True(t, location[i] > ' ' && location[i] < 0x7f, "%q", location)
		}
		u, err := base.Parse(location)
		require.NoError(t, err)
		assert.Equal(t, "https", u.Scheme)
		assert.Equal(t, "site.example", u.Host)
	})
}
