package format_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/format"
)

func TestNamed(t *testing.T) {
	t.Parallel()
	for name, texts := range map[string]struct{ good, bad []string }{
		"date-time":     {[]string{"2026-01-02T15:04:05Z", "2026-01-02T15:04:05.5+02:00"}, []string{"", "2026-01-02", "2026-01-02T5:04:05Z", "2026-01-02T15:04:05+24:00"}},
		"date":          {[]string{"2026-01-02"}, []string{"2026-02-30", "2026-1-2", ""}},
		"time":          {[]string{"15:04:05Z", "15:04:05.25+01:00"}, []string{"15:04:05", "25:00:00Z"}},
		"email":         {[]string{"a@example.com"}, []string{"a", "A <a@example.com>", ""}},
		"hostname":      {[]string{"a", "a-b.example"}, []string{"", "-a", "a..b", "a_b"}},
		"ipv4":          {[]string{"192.0.2.1"}, []string{"192.0.2", "::1"}},
		"ipv6":          {[]string{"::1"}, []string{"192.0.2.1", "fe80::1%eth0"}},
		"uri":           {[]string{"https://example.com/a?b#c"}, []string{"/a", "https://example.com/ä", ""}},
		"uri-reference": {[]string{"", "/a", "a"}, []string{"a b", "%zz"}},
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

func TestLayout(t *testing.T) {
	t.Parallel()
	_, err := format.Layout(time.TimeOnly)("15:04:05")
	require.NoError(t, err)
	_, err = format.Layout(time.TimeOnly)("15:04:05.5")
	require.Error(t, err)
}
