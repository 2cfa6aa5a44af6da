package format_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/format"
)

func TestNamed(t *testing.T) {
	t.Parallel()
	for name, texts := range map[string]struct{ good, bad []string }{
		"date-time":       {[]string{"2026-01-02T15:04:05Z", "2026-01-02T15:04:05.5+02:00", "2026-01-02t15:04:05z", "2026-01-02T15:04:05z", "2026-01-02t15:04:05-07:00"}, []string{"", "2026-01-02", "2026-01-02T5:04:05Z", "2026-01-02 15:04:05Z", "2026-01-02T15:04:05", "2026-01-02T15:04:05+24:00"}},
		"date":            {[]string{"2026-01-02"}, []string{"2026-02-30", "2026-1-2", ""}},
		"time":            {[]string{"15:04:05Z", "15:04:05.25+01:00", "15:04:05z"}, []string{"15:04:05", "25:00:00Z", "15:04"}},
		"date-time-local": {[]string{"2026-01-02T15:04:05", "2026-01-02T15:04"}, []string{"2026-01-02T15:04:05Z", "2026-01-02", "2026-02-30T15:04", "2026-01-02T15", "2026-01-02 15:04", "2026-01-02T24:00"}},
		"email": {
			[]string{"a@example.com", "te~st@example.com", `"joe bloggs"@example.com`, `"joe@bloggs"@example.com`, "joe@[127.0.0.1]", "joe@[IPv6:::1]", "joe@[ipv6:::1]", "a@localhost", `"a\"b"@example.com`, `"\\"@example.com`, "a!#$%&'*+-/=?^_`{|}~b@example.com"},
			[]string{
				"a", "A <a@example.com>", "", "joe@invalid=domain.com", "joe@", "@example.com", "joe@-a.com", "joe@a_b.com", "joe@a..b", "joe@[127.0.0.300]", "joe@[::1]", "joe@[IPv6]", "joe@[IPv6:::1", "joe@[127.0.0.1",
				"te..st@example.com", ".test@example.com", "a@b@example.com", "(c)joe@example.com", " a@example.com", "a@example.com ", "joe@ex\u00e4mple.com", "j\u00f6@example.com", "<a@example.com>", `"@example.com`,
				`""@example.com`, `"a"b@example.com`, `a"b"@example.com`, `"a\"@example.com`, "\"a\tb\"@example.com", "\"a\\\x7f\"@example.com", "a b@example.com", "a.@example.com",
			},
		},
		"hostname": {[]string{"a", "a-b.example"}, []string{"", "-a", "a..b", "a_b"}},
		"ipv4":     {[]string{"192.0.2.1"}, []string{"192.0.2", "::1"}},
		"ipv6":     {[]string{"::1"}, []string{"192.0.2.1", "fe80::1%eth0"}},
		"uri": {
			[]string{"https://example.com/a?b#c", "urn:x:y", "mailto:a@b", "http://u:p@h:80/", "http://[::1]:80/%20?a=%41", "a:", "file:///a"},
			[]string{"/a", "https://example.com/ä", "", "//example.com", "http://a@b@host", "http://h/[a]", "http://h/a#b#c", "http://h/?%zz", "http://h/#%4", "http://[::g]/", "http://[::1/", "http://[fe80::1%25e]/", "http://h:80:80/", "http://h:x/", "http://u[@h/", "http://h/a\\b"},
		},
		"uri-reference": {[]string{"", "/a", "a", "//host/a", "//u@host", "?a=/?", "#a/?", "a/b:c//d", "//h", "//h:80?a"}, []string{"a//[", "a b", "%zz", "//a@b@host", "a?[", "a#b#c", "1:a", "[", "//h/]"}},
		"uuid":          {[]string{"8d0eb9ac-7d2d-4b5c-9c1a-3a2d1f4f9b11"}, []string{"8d0eb9ac7d2d4b5c9c1a3a2d1f4f9b11", "gd0eb9ac-7d2d-4b5c-9c1a-3a2d1f4f9b11"}},
		"json-pointer":  {[]string{"", "/a/~0~1"}, []string{"a", "/~2", "/~"}},
	} {
		holds, ok := format.Named(name)
		require.True(t, ok, name)
		for _, text := range texts.good {
			assert.True(t, holds(text), "%s %q", name, text)
		}
		for _, text := range texts.bad {
			assert.False(t, holds(text), "%s %q", name, text)
		}
	}
	_, ok := format.Named("regex")
	assert.False(t, ok)
}

func TestFits(t *testing.T) {
	t.Parallel()
	text, number := reflect.TypeFor[string](), reflect.TypeFor[int64]()
	for _, name := range []string{"password", "byte", "binary", "char", "html", "idn-email", "iri", "duration", "http-date", "time-local", "decimal", "int64", "email", "date-time-local"} {
		require.NoError(t, format.Fits(name, text), name)
	}
	for _, name := range []string{"int32", "int64", "float", "double", "uint8", "decimal", "decimal128", "double-int"} {
		require.NoError(t, format.Fits(name, number), name)
		_, checked := format.Named(name)
		assert.False(t, checked, name)
	}
	require.ErrorContains(t, format.Fits("password", number), "does not apply to its type: use decimal, decimal128, double")
	require.ErrorContains(t, format.Fits("double", text), "does not apply to its type: use base64url, binary, byte, char")
	require.ErrorContains(t, format.Fits("zip", text), "is not a known format: use base64url, binary, byte, char")
	require.ErrorContains(t, format.Fits("regex", text), "is not a known format")
	require.ErrorContains(t, format.Fits("zip", number), "is not a known format: use decimal, decimal128, double")
}
