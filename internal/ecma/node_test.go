package ecma_test

import (
	"bufio"
	"encoding/json"
	"io"
	"math/rand/v2"
	"os/exec"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/ecma"
	"github.com/tenonkit/tenon/internal/kittest"
)

// A node is a process that tells of each question, a line of JSON with a pattern
// and texts, which of the texts match, or why the pattern is none.
type node struct {
	mu  sync.Mutex
	in  *json.Encoder
	out *bufio.Reader
}

const script = `
const lines = require("readline").createInterface({input: process.stdin});
lines.on("line", line => {
	const {pattern, texts} = JSON.parse(line);
	let answer;
	try {
		const re = new RegExp(pattern, "u");
		answer = {matches: texts.map(text => re.test(text))};
	} catch (e) {
		answer = {error: String(e)};
	}
	process.stdout.write(JSON.stringify(answer) + "\n");
});`

// startNode starts a node that ends with the test, which is skipped without one.
func startNode(t *testing.T) *node {
	t.Helper()
	return run(t, kittest.Need(t, "node"))
}

// findNode returns a node, nil where it is not installed.
func findNode(f *testing.F) *node {
	f.Helper()
	path, err := exec.LookPath("node")
	if err != nil {
		return nil
	}
	return run(f, path)
}

func run(tb testing.TB, path string) *node {
	tb.Helper()
	command := exec.CommandContext(tb.Context(), path, "-e", script)
	in, err := command.StdinPipe()
	require.NoError(tb, err)
	out, err := command.StdoutPipe()
	require.NoError(tb, err)
	require.NoError(tb, command.Start())
	tb.Cleanup(func() {
		_ = in.Close()
		_, _ = io.Copy(io.Discard, out)
		_ = command.Wait()
	})
	encoder := json.NewEncoder(in)
	encoder.SetEscapeHTML(false)
	return &node{in: encoder, out: bufio.NewReader(out)}
}

// agree asks whether written, which stands for pattern, matches the texts that re
// does.
func (n *node) agree(t *testing.T, pattern, written string, re *regexp.Regexp, texts []string) {
	t.Helper()
	n.mu.Lock()
	defer n.mu.Unlock()
	require.NoError(t, n.in.Encode(map[string]any{"pattern": written, "texts": texts}))
	line, err := n.out.ReadBytes('\n')
	require.NoError(t, err)
	var answer struct {
		Matches []bool `json:"matches"`
		Error   string `json:"error"`
	}
	require.NoError(t, json.Unmarshal(line, &answer))
	require.Empty(t, answer.Error, "%q is written as %q", pattern, written)
	for i, text := range texts {
		// V8 finds a \B in the middle of a surrogate pair, where ECMA-262 does not look
		// (AdvanceStringIndex).
		if strings.Contains(written, `\B`) && strings.ContainsFunc(text, isSupplementary) {
			continue
		}
		assert.Equal(t, re.MatchString(text), answer.Matches[i], "%q, written as %q, on %q", pattern, written, text)
	}
}

func isSupplementary(r rune) bool { return r > 0xffff }

func agree(t *testing.T, n *node, random *rand.Rand, pattern string) {
	t.Helper()
	written, err := ecma.Pattern(pattern)
	require.NoError(t, err)
	re := regexp.MustCompile(pattern)
	n.agree(t, pattern, written, re, samples(random, pattern))
}

// letters are characters on which the languages differ, or could.
const letters = "abcxyzABKSk019_-.,:/@^$()[]{}|\\ \t\n\v\f\r\u0085\u00a0\u2028\u2029\ufeffßẞſK\u0130ıéΩωя中ไ😀𐐀\u0301\x00\x07"

// samples returns short texts: some that the pattern matches, the same with a change, and
// some at random.
func samples(random *rand.Rand, pattern string) []string {
	all := []rune(letters + strings.ToValidUTF8(pattern, ""))
	pick := func() string { return string(all[random.IntN(len(all))]) }
	tree, _ := syntax.Parse(pattern, syntax.Perl)
	texts := []string{"", "\n", "a", "\u2028"}
	for range 12 {
		var b strings.Builder
		derive(&b, random, tree)
		text := []rune(b.String())
		if len(text) > 12 {
			text = text[:12]
		}
		i := random.IntN(len(text) + 1)
		texts = append(texts, string(text), string(text[:i])+pick()+string(text[i:]), string(text[:i])+pick(), pick()+pick()+pick(), pick())
	}
	return slices.DeleteFunc(texts, func(text string) bool {
		// The Unicode versions of the two may differ on what is not assigned.
		return strings.ContainsFunc(text, func(r rune) bool {
			return !unicode.In(r, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Z, unicode.Cc, unicode.Cf)
		})
	})
}

// derive writes a text that the expression may match.
func derive(b *strings.Builder, random *rand.Rand, re *syntax.Regexp) {
	if b.Len() > 40 {
		return
	}
	repeat := func(least, most int) {
		for range least + random.IntN(max(most-least, 0)+1) {
			derive(b, random, re.Sub[0])
		}
	}
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			if re.Flags&syntax.FoldCase != 0 && random.IntN(2) == 0 {
				r = unicode.SimpleFold(r)
			}
			b.WriteRune(r)
		}
	case syntax.OpCharClass:
		if len(re.Rune) > 0 {
			i := random.IntN(len(re.Rune)/2) * 2
			b.WriteRune(re.Rune[i] + random.Int32N(re.Rune[i+1]-re.Rune[i]+1))
		}
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		all := []rune(letters)
		b.WriteRune(all[random.IntN(len(all))])
	case syntax.OpBeginLine, syntax.OpEndLine:
		b.WriteString([]string{"", "\n", "\r"}[random.IntN(3)])
	case syntax.OpCapture:
		derive(b, random, re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			derive(b, random, sub)
		}
	case syntax.OpAlternate:
		derive(b, random, re.Sub[random.IntN(len(re.Sub))])
	case syntax.OpStar:
		repeat(0, 2)
	case syntax.OpPlus:
		repeat(1, 3)
	case syntax.OpQuest:
		repeat(0, 1)
	case syntax.OpRepeat:
		repeat(re.Min, max(re.Max, re.Min+1))
	}
}

// randomPattern returns an expression, of which most are valid.
func randomPattern(random *rand.Rand, depth int) string {
	pick := func(all ...string) string { return all[random.IntN(len(all))] }
	if depth == 0 {
		return pick("a", "b", "K", "ß", "é", "中", "😀", "-", "@", "/", ",", "{", "}", "]", `\.`, `\-`, `\@`, `\\`, `\{`, ".", "^", "$", `\b`, `\B`, `\A`, `\z`,
			`\d`, `\W`, `\s`, `\S`, `\pL`, `\PN`, `\p{Han}`, `\x41`, `\x{3c9}`, `\07`, `\t`, `\a`, `\Qa+\E`, "\n", "\u2028",
			randomClass(random), randomClass(random), "")
	}
	inner := func() string { return randomPattern(random, random.IntN(depth)) }
	switch random.IntN(9) {
	case 0, 1, 2:
		return inner() + inner()
	case 3:
		return inner() + "|" + inner()
	case 4:
		return pick("(", "(?:", "(?i:", "(?s:", "(?m:", "(?U:", "(?is-m:", "(?<n"+pick("a", "b", "c", "d")+">") + inner() + ")"
	case 5:
		return inner() + pick("*", "+", "?", "*?", "+?", "??", "{2}", "{0,2}", "{1,}", "{,2}", "{01}")
	case 6:
		return pick("(?i)", "(?s)", "(?m)") + inner()
	}
	return inner()
}

// randomClass returns a class, of which most are valid.
func randomClass(random *rand.Rand) string {
	var b strings.Builder
	b.WriteString([]string{"[", "[", "[^"}[random.IntN(3)])
	parts := []string{
		"a", "k", "z", "A-Z", "0-9", "a-f", "]", "[", "^", "-", "-", ".", "$", `\]`, `\-`, `\\`, `\^`, `\w`, `\D`, `\s`, `\S`, `\pL`, `\PL`, `\p{Greek}`,
		"[:alpha:]", "[:^space:]", "é", "α-ω", "😀", `\x{100}-\x{FFFF}`, `\x00-\x1f`, `\n`, "\u2028", "{", "|", "(", "&&", "--",
	}
	for range 1 + random.IntN(4) {
		b.WriteString(parts[random.IntN(len(parts))])
	}
	b.WriteByte(']')
	return b.String()
}
