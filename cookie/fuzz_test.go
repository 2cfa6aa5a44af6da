package cookie_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/tenonkit/tenon/cookie"
)

// FuzzCookie_Get reads any Cookie field as every kind of cookie: what is not
// one of the three errors is a value that was set, in its one spelling. Each
// process of the fuzzer seals the seeds anew, so they are known by their text.
func FuzzCookie_Get(f *testing.F) {
	keys := keysOf(f, 2, 1)
	declared := authentic(keys, "v")
	structs := cookie.Sealed[user](keys, "v")
	for _, c := range declared {
		for _, text := range texts {
			raw := rawOf(f, c, text)
			f.Add("v=" + raw)
			f.Add("v=junk; v=" + raw + "; x=y")
			f.Add("v=\"" + raw + "\"")
		}
	}
	f.Add("v=%41; v; =; \x00")
	open := cookie.Plain[string]("v")
	bytes := cookie.Plain[[]byte]("v")
	f.Fuzz(func(t *testing.T, line string) {
		r := requestOf(line)
		for form, c := range declared {
			got, err := c.Get(r)
			if err != nil {
				known(t, err)
				continue
			}
			if !slices.Contains(texts, got) || !slices.ContainsFunc(r.CookiesNamed("v"), isCanonical) {
				t.Fatalf("%s: %q was never set, but is %q", form, line, got)
			}
		}
		if _, err := structs.Get(r); err != nil {
			known(t, err)
		}
		if _, err := bytes.Get(r); err != nil {
			known(t, err)
		}
		text, err := open.Get(r)
		if err != nil {
			known(t, err)
			return
		}
		w := httptest.NewRecorder()
		if err := open.Set(w, text); err != nil {
			if !errors.Is(err, cookie.ErrTooLarge) {
				t.Fatal(err)
			}
			return
		}
		if again, err := open.Get(requestOf(w.Header().Get("Set-Cookie"))); err != nil || again != text {
			t.Fatalf("%q came back as %q, %v", text, again, err)
		}
	})
}

func known(t *testing.T, err error) {
	t.Helper()
	if !errors.Is(err, http.ErrNoCookie) && !errors.Is(err, cookie.ErrInvalid) && !errors.Is(err, cookie.ErrExpired) {
		t.Fatal(err)
	}
}

// isCanonical decodes with less care than the package, and encodes again.
func isCanonical(c *http.Cookie) bool {
	parts := strings.Split(c.Value, ".")
	for i, part := range parts {
		raw, err := base64.RawURLEncoding.DecodeString(part)
		if err != nil {
			return false
		}
		parts[i] = base64.RawURLEncoding.EncodeToString(raw)
	}
	return !c.Quoted && strings.Join(parts, ".") == c.Value
}

// FuzzSet puts a cookie behind any Set-Cookie line, which stays unless net/http
// too reads it as that cookie.
func FuzzSet(f *testing.F) {
	for _, line := range []string{"a=b", "a=b; Path=/; Secure", " a = b ; path=/", "a=b;;Domain=x; Domain", "a; Path=/", "=;=;"} {
		f.Add(line)
	}
	f.Fuzz(func(t *testing.T, line string) {
		w := httptest.NewRecorder()
		w.Header()["Set-Cookie"] = []string{line}
		if err := cookie.Set(w, &http.Cookie{Name: "a", Value: "new", Path: "/"}); err != nil {
			t.Fatal(err)
		}
		lines := w.Header()["Set-Cookie"]
		if lines[len(lines)-1] != "a=new; Path=/" {
			t.Fatal(lines)
		}
		before, err := http.ParseSetCookie(line)
		if err != nil {
			return
		}
		// net/http leaves the space that browsers take off (RFC 6265, section 5.2).
		same := before.Name == "a" && strings.Trim(before.Path, " \t") == "/" && before.Domain == "" && !before.Partitioned
		if kept := len(lines) == 2; kept == same {
			t.Fatalf("%q kept: %v", line, kept)
		}
	})
}
