package header_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/header"
)

// TestCookieValue reads one part; where net/http takes it for a cookie of the
// name, the text is the same.
func TestCookieValue(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		part, raw string
		named, ok bool
	}{
		{"a=b", "b", true, true},
		{" \ta=b \t", "b", true, true},
		{"a=", "", true, true},
		{"a", "", true, true},
		{"a =b", "b", true, true},
		{"a= b", " b", true, true},
		{"a=b=c", "b=c", true, true},
		{`a="b"`, `"b"`, true, true},
		{`a="`, `"`, true, false},
		{`a=""`, `""`, true, true},
		{`a=b"c`, `b"c`, true, false},
		{`a=b\c`, `b\c`, true, false},
		{"a=é", "é", true, false},
		{"a=b\x00", "b\x00", true, false},
		{"a=b, c", "b, c", true, true},
		{"A=b", "", false, false},
		{"ab=c", "", false, false},
		{"a b", "", false, false},
		{"=a", "", false, false},
		{"", "", false, false},
	} {
		raw, named := header.CookieValue(tc.part, "a")
		assert.Equal(t, tc.named, named, tc.part)
		if !named {
			continue
		}
		assert.Equal(t, tc.raw, raw, tc.part)
		text, ok := header.CookieText(raw)
		assert.Equal(t, tc.ok, ok, tc.part)
		r := &http.Request{Header: http.Header{"Cookie": {tc.part}}}
		if found := r.CookiesNamed("a"); assert.Equal(t, ok, len(found) == 1, tc.part) && ok {
			assert.Equal(t, found[0].Value, text, tc.part)
		}
	}
}

func TestTooManyCookies(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		lines []string
		want  bool
	}{
		{nil, false},
		{[]string{strings.Repeat("a=b;", 2999) + "a=b"}, false},
		{[]string{strings.Repeat("a=b;", 3000) + "a=b"}, true},
		{[]string{strings.Repeat(";", 2999)}, false},
		{[]string{strings.Repeat(";", 3000)}, true},
		{make([]string, 3000), false},
		{make([]string, 3001), true},
		{[]string{strings.Repeat("a", 10_000)}, false},
	} {
		assert.Equal(t, tc.want, header.TooManyCookies(tc.lines))
		if tc.want {
			r := &http.Request{Header: http.Header{"Cookie": append(tc.lines, "z=1")}}
			assert.Empty(t, r.Cookies())
		}
	}
}
