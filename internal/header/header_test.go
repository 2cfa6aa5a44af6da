package header_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/internal/kittest"
)

func TestIsToken(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"a", "X-A_b.1", "!#$%&'*+-.^_`|~"} {
		assert.True(t, header.IsToken(s), "%q", s)
	}
	for _, s := range []string{"", "a b", "a:", "a\"", "a/b", "ü", "a\x00", "a\x7f", "(a)", "a,b", "a=b"} {
		assert.False(t, header.IsToken(s), "%q", s)
	}
}

func TestIsValue(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"", "a b", "a\tb", "ü", "\xff"} {
		assert.True(t, header.IsValue(s), "%q", s)
	}
	for _, s := range []string{"\r", "a\nb", "\x00", "\x7f", "\x1f"} {
		assert.False(t, header.IsValue(s), "%q", s)
	}
}

func TestCut(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		in, before, after string
		found             bool
	}{
		{"", "", "", false},
		{"a", "a", "", false},
		{"a,b,c", "a", "b,c", true},
		{`"a,b",c`, `"a,b"`, "c", true},
		{`"a\",b",c`, `"a\",b"`, "c", true},
		{`"a\\",c`, `"a\\"`, "c", true},
		{`"a,c`, `"a,c`, "", false},
		{`"a\`, `"a\`, "", false},
		{`a\,c`, `a\`, "c", true},
	} {
		before, after, found := header.Cut(tc.in, ',')
		assert.Equal(t, tc.before, before, "%q", tc.in)
		assert.Equal(t, tc.after, after, "%q", tc.in)
		assert.Equal(t, tc.found, found, "%q", tc.in)
	}
}

func TestHasMember(t *testing.T) {
	t.Parallel()
	assert.True(t, header.HasMember([]string{"Origin, accept"}, "Accept"))
	assert.True(t, header.HasMember([]string{"Origin", " Accept\t"}, "Accept"))
	assert.False(t, header.HasMember([]string{"Accept-Encoding", `"a, Accept, b"`, ""}, "Accept"))
	assert.False(t, header.HasMember(nil, "Accept"))
}

func TestParseMediaType(t *testing.T) {
	t.Parallel()
	for _, s := range []string{"a/b", "A/B; c=d", "text/html;charset=utf-8", `a/b;c="d e"`} {
		_, ok := header.ParseMediaType(s)
		assert.True(t, ok, s)
	}
	for _, s := range []string{"", "a", "a/", "/b", "a/*", "*/*", "a/b;c", "a/b, c/d", "a b/c"} {
		_, ok := header.ParseMediaType(s)
		assert.False(t, ok, s)
	}
	for a, b := range map[string]string{"a/b": "A/B", "a/b;c=D;e=f": `a/b; e=F; C="d"`} {
		assert.True(t, parse(t, a).Equal(parse(t, b)), a)
	}
	for a, b := range map[string]string{"a/b": "a/c", "a/x": "b/x", "a/b;c=d": "a/b", "a/b;c=d;": "a/b;c=e", "a/b;f=d": "a/b;c=d"} {
		assert.False(t, parse(t, a).Equal(parse(t, b)), a)
	}
}

func parse(tb testing.TB, s string) header.MediaType {
	tb.Helper()
	m, ok := header.ParseMediaType(s)
	require.True(tb, ok, s)
	return m
}

type quality struct {
	accept, media string
	weight        int
	valid         bool
}

func qualities() []quality {
	return []quality{
		{"", "a/b", -1, false},
		{"a/b", "a/b", 1000, true},
		{"a/b;q=0", "a/b", 0, true},
		{"a/b;q=0.7", "a/b", 700, true},
		{"a/b;q=0.07", "a/b", 70, true},
		{"a/b;q=0.007", "a/b", 7, true},
		{"a/b;q=0.0007", "a/b", -1, false},
		{"a/b;q=1.000", "a/b", 1000, true},
		{"a/b;q=1.001", "a/b", -1, false},
		{"a/b;q=2", "a/b", -1, false},
		{"a/b;q=-1", "a/b", -1, false},
		{"a/b;q=\"1\"", "a/b", -1, false},
		{"a/b;q=0.1, a/b;q=0.9", "a/b", 900, true},
		{"*/*;q=0.1, a/*;q=0.2, a/b;q=0.3, a/b;c=d;q=0.4", "a/b;c=d", 400, true},
		{"*/*;q=0.1, a/*;q=0.2, a/b;q=0.3, a/b;c=d;q=0.4", "a/b;c=e", 300, true},
		{"*/*;q=0.1, a/*;q=0.2, a/b;q=0.3, a/b;c=d;q=0.4", "a/c", 200, true},
		{"*/*;q=0.1, a/*;q=0.2, a/b;q=0.3, a/b;c=d;q=0.4", "b/c", 100, true},
		{`a/b;c="D\ e"`, `a/b;c="d e"`, 1000, true},
		{`a/b;c="d`, "a/b;c=d", -1, false},
		{`a/b;c="d"e`, "a/b;c=d", -1, false},
		{`a/b;c="d\"`, "a/b;c=d", -1, false},
		{`a/b;c=`, "a/b;c=d", -1, false},
		{`a/b;c=""`, `a/b;c=""`, 1000, true},
		{`a/b;c="de"`, `a/b;c=d`, -1, true},
		{`a/b;c="d"`, `a/b;c=de`, -1, true},
		{"a/b ;c=d ; q=0.5", "a/b;c=d", 500, true},
		{"a /b", "a/b", -1, false},
		{"c/d, text", "a/b", -1, true},
	}
}

func TestQuality(t *testing.T) {
	t.Parallel()
	for _, tc := range qualities() {
		weight, valid := header.Quality(strings.SplitAfter(tc.accept, ", "), parse(t, tc.media))
		assert.Equal(t, tc.weight, weight, "%s for %s", tc.accept, tc.media)
		assert.Equal(t, tc.valid, valid, "%s for %s", tc.accept, tc.media)
	}
}

func TestQuality_allocs(t *testing.T) {
	media := parse(t, "a/b;c=d")
	for _, tc := range qualities() {
		t.Run(tc.accept, func(t *testing.T) {
			lines := []string{tc.accept}
			kittest.Allocs(t, 0, func() { header.Quality(lines, media) })
		})
	}
}

// FuzzQuality holds what is true of every Accept field; package respond
// compares the choice itself with a reference.
func FuzzQuality(f *testing.F) {
	for _, tc := range qualities() {
		f.Add(tc.accept)
	}
	plain, full := parse(f, "a/b"), parse(f, "a/b;c=d")
	f.Fuzz(func(t *testing.T, accept string) {
		weight, valid := header.Quality([]string{accept}, plain)
		assert.True(t, -1 <= weight && weight <= 1000)
		assert.True(t, valid || weight == -1)
		if strings.Count(accept, `"`) > 0 {
			return
		}
		split, _ := header.Quality(strings.Split(accept, ","), plain)
		assert.Equal(t, weight, split, "several lines are one list")
		upper, _ := header.Quality([]string{strings.ToUpper(accept)}, plain)
		if !strings.ContainsFunc(accept, func(r rune) bool { return r > 0x7f }) {
			assert.Equal(t, weight, upper, "the case of letters does not count")
		}
		other, _ := header.Quality([]string{accept, "x/y;q=0.5"}, plain)
		assert.Equal(t, weight, other, "another type changes nothing")
		if strings.Contains(accept, ";") {
			return
		}
		named, _ := header.Quality([]string{accept, "a/b;c=d;q=0.123"}, full)
		assert.Equal(t, 123, named, "the most precise range decides")
	})
}
