package ecma_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/ecma"
	"github.com/tenonkit/tenon/internal/kittest"
)

// patterns are expressions of Go with what ECMA-262 has for them.
var patterns = []struct{ in, want string }{
	// What both read alike stays as it is written.
	{`^[a-z]+$`, `^[a-z]+$`},
	{`^\(?\d{3}\)?[- ]?\d{4}$`, `^\(?\d{3}\)?[- ]?\d{4}$`},
	{`^(draft|done|deleted)$`, `^(draft|done|deleted)$`},
	{`[(?a]`, `[(?a]`},
	{`C:\\Apps`, `C:\\Apps`},
	{`\\z`, `\\z`},
	{`(?:a|b)*?c{2}d{2,}e{0,3}?`, `(?:a|b)*?c{2}d{2,}e{0,3}?`},
	{`[^\w\-.]`, `[^\w\-.]`},
	{`[\d-]|[-\d]|[-]|[^-]`, `[\d-]|[-\d]|[-]|[^-]`},
	{`\bgo\B\/\t\n\v\f\r`, `\bgo\B\/\t\n\v\f\r`},
	{"\u2028|\U0001F389{2}/", "\u2028|\U0001F389{2}/"},
	{``, ``},
	{`(|a)()*(^)*`, `(|a)()*(^)*`},

	// Groups and flags.
	{`(?<y>\d{4})`, `(?<y>[0-9]{4})`},
	{`(?P<year>\d{4})-(?P<1>x)`, `(?<year>[0-9]{4})-(x)`},
	{`(?i)id-\d`, `[Ii][Dd]-[0-9]`},
	{`(?i)k[a-c]ß`, `[Kk\u212a][A-Ca-c][ßẞ]`},
	{`(?i:a)b`, `[Aa]b`},
	{`(?U)a+b+?`, `a+?b+`},
	{`(?s)a.`, `a[\s\S]`},
	{`(?m)^a$`, `(?<![^\n])a(?![^\n])`},
	{`(?m)^*$?`, `(?:(?<![^\n]))*(?:(?![^\n]))?`},
	{`^*\b+`, `(?:^)*(?:\b)+`},
	{`\Aa\z`, `^a$`},
	{`\Q(a.b)*\E+`, `\(a\.b\)\*+`},
	{`(?<n>.(?<n>b))`, `(?<n>[^\n](b))`},
	{`(?:ab.){3,}`, `(?:ab[^\n]){3,}`},
	{`(?:.|ab)?`, `(?:[^\n]|ab)?`},

	// Classes.
	{`^.+$`, `^[^\n]+$`},
	{`\s`, `[\t\n\f\r ]`},
	{`^\S+@\S+$`, `^[^\t\n\f\r ]+@[^\t\n\f\r ]+$`},
	{`[^[:space:]]`, `[^\t-\r ]`},
	{`[_[:alnum:]]`, `[0-9A-Z_a-z]`},
	{`[[:^digit:]x]`, `[^0-9]`},
	{`[]a]`, `[\]a]`},
	{`[^]a]`, `[^\]a]`},
	{`[^]a[b]`, `[^\[\]ab]`},
	{`[[a]`, `[\[a]`},
	{`[a^]`, `[\^a]`},
	{`[\w-.]`, `[\-.0-9A-Z_a-z]`},
	{`[a-c-e]`, `[\-a-ce]`},
	{`[^\x00-\x{10FFFF}]`, `[^\s\S]`},
	{`[\x00-\x{10FFFF}]`, `[\s\S]`},

	// Properties of Unicode.
	{`\pL`, `\p{L}`},
	{`\PL`, `\P{L}`},
	{`\p{^L}`, `\P{L}`},
	{`\p{Letter}`, `\p{L}`},
	{`\p{Han}`, `\p{Script=Han}`},
	{`\P{Thai}`, `\P{Script=Thai}`},
	{`^[\p{L} '-]+$`, `^[\p{L} '\-]+$`},
	{`[^\p{L}\p{N}_]`, `[^\p{L}\p{N}_]`},
	{`(?i)\pL`, `[\p{L}\u0345]`},
	{`[\x{100}-\x{FFFF}a]`, "[a\u0100-\\uffff]"},

	// Escapes that one of them lacks, and what needs one.
	{`\x{4e00}`, "\u4e00"},
	{`\@\-\_\ \'`, `@-_ '`},
	{`\07\x07\a\x{7f}`, `\x07\x07\x07\x7f`},
	{`{`, `\{`},
	{`a{,3}`, `a\{,3\}`},
	{`a{1`, `a\{1`},
	{`a{01}`, `a\{01\}`},
	{`}]`, `\}\]`},
	{`\x{D800}\x{DC00}`, `\u{d800}\u{dc00}`},
	{`\x{200b}e\x{301}`, `\u200be\u0301`},
	{`\x{E0001}`, `\u{e0001}`},
}

func TestPattern(t *testing.T) {
	t.Parallel()
	for _, tc := range patterns {
		got, err := ecma.Pattern(tc.in)
		require.NoError(t, err, tc.in)
		assert.Equal(t, tc.want, got, tc.in)
	}
	for _, bad := range []string{`(`, `[z-a]`, `\8`, `a**`, `(?=a)`, `a{1001}`, "\xff", `\p{Klingon}`} {
		_, want := regexp.Compile(bad)
		_, err := ecma.Pattern(bad)
		require.Error(t, want, bad)
		assert.EqualError(t, err, want.Error())
	}
}

// What is written matches the same texts, says the engine of node.
func TestPattern_node(t *testing.T) {
	t.Parallel()
	n := startNode(t)
	random := rand.New(rand.NewPCG(1, 2))
	for _, tc := range patterns {
		agree(t, n, random, tc.in)
	}
}

// The same of patterns that nobody has thought of.
func TestPattern_random(t *testing.T) {
	t.Parallel()
	n := startNode(t)
	random := rand.New(rand.NewPCG(3, 4))
	valid, all := 0, kittest.Rounds(4000)
	for range all {
		pattern := randomPattern(random, 3)
		if _, err := regexp.Compile(pattern); err == nil {
			valid++
			agree(t, n, random, pattern)
		}
	}
	assert.Greater(t, valid, all*5/8)
}

// What is a property in the tables of Go is the same in ECMA-262.
func TestPattern_properties(t *testing.T) {
	t.Parallel()
	n := startNode(t)
	random := rand.New(rand.NewPCG(5, 6))
	for _, tables := range []map[string]*unicode.RangeTable{unicode.Categories, unicode.Scripts} {
		for _, name := range slices.Sorted(maps.Keys(tables)) {
			// The tables have names that the parser does not know.
			agree(t, n, random, "["+rangesOf(tables[name])+"]")
			agree(t, n, random, "[^"+rangesOf(tables[name])+"!]")
		}
	}
	written, err := ecma.Pattern("[" + rangesOf(unicode.Tai_Le) + "]")
	require.NoError(t, err)
	assert.Equal(t, `\p{Script=Tai_Le}`, written)
}

// rangesOf returns a table as the inside of a class.
func rangesOf(table *unicode.RangeTable) string {
	var b strings.Builder
	add := func(first, last, stride rune) {
		for r := first; r <= last; r += stride {
			end := r
			if stride == 1 {
				end = last
			}
			fmt.Fprintf(&b, `\x{%x}-\x{%x}`, r, end)
			if end == last {
				break
			}
		}
	}
	for _, x := range table.R16 {
		add(rune(x.Lo), rune(x.Hi), rune(x.Stride))
	}
	for _, x := range table.R32 {
		add(rune(x.Lo), rune(x.Hi), rune(x.Stride))
	}
	return b.String()
}

// FuzzPattern holds that what is written matches the same texts: by the engine of
// node where it is installed, and by Go, which can read most of it.
func FuzzPattern(f *testing.F) {
	for _, tc := range patterns {
		f.Add(tc.in, "a\n", uint64(1))
	}
	n := findNode(f)
	f.Fuzz(func(t *testing.T, pattern, text string, seed uint64) {
		re, err := regexp.Compile(pattern)
		got, failed := ecma.Pattern(pattern)
		require.Equal(t, err == nil, failed == nil, "%q: %v", pattern, failed)
		// A long one may keep a backtracking engine busy for ever.
		if err != nil || len(pattern) > 40 || len(text) > 12 || !utf8.ValidString(text) {
			return
		}
		texts := append(samples(rand.New(rand.NewPCG(seed, 0)), pattern), text)
		back, err := regexp.Compile(readableByGo(got))
		require.NoError(t, err, "%q is written as %q", pattern, got)
		for _, text := range texts {
			assert.Equal(t, re.MatchString(text), back.MatchString(text), "%q, written as %q, on %q", pattern, got, text)
		}
		if n != nil {
			n.agree(t, pattern, got, re, texts)
		}
	})
}

// readableByGo spells what only ECMA-262 has as Go does.
func readableByGo(pattern string) string {
	pattern = regexp.MustCompile(`\\u([0-9a-f]{4})`).ReplaceAllString(pattern, `\x{$1}`)
	return strings.NewReplacer(`\\`, `\\`, `\u{`, `\x{`, `(?<![^\n])`, `(?m:^)`, `(?![^\n])`, `(?m:$)`, `{Script=`, `{`).Replace(pattern)
}
