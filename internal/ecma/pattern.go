// Package ecma translates Go's regular expressions into those of ECMA-262, which JSON Schema
// uses (JSON Schema 2020-12, core, section 6.4).
package ecma

import (
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode"
)

// Pattern returns an expression of ECMA-262 with the flag u that matches the same texts as
// pattern in package regexp. An expression with the same meaning in both languages is returned
// unchanged. The error is that of [regexp.Compile].
//
// The code points of a property such as \p{L} depend on the Unicode version of the reader.
func Pattern(pattern string) (string, error) {
	re, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return "", err
	}
	if portable.MatchString(pattern) {
		return pattern, nil
	}
	w := writer{names: map[string]bool{}}
	w.expr(re, alternation)
	return w.String(), nil
}

// portable matches expressions that mean the same in both languages, if Go can parse them. It
// excludes the dot and \s, which differ, a literal brace or bracket, and a hyphen inside a
// class that makes no range.
var portable = regexp.MustCompile(`^(?s:` + one + quantifier + `?|\((?:\?:)?|\||` + assertion + `)*$`)

// The parts of portable.
const (
	syntaxChar = `^$\\.*+?()[\]{}|/`
	escape     = `\\[dDwWtnrfv` + syntaxChar + `]`
	single     = `(?:[^\\\][^-]|\\[tnrfv\-` + syntaxChar + `])`
	item       = `(?:\\[dDwW]|` + single + `(?:-` + single + `)?)`
	class      = `\[\^?(?:-` + item + `*-?|` + item + `+-?)\]`
	one        = `(?:[^` + syntaxChar + `]|/|` + escape + `|` + class + `|\))`
	count      = `\{(?:0|[1-9][0-9]*)(?:,(?:0|[1-9][0-9]*)?)?\}`
	quantifier = `(?:(?:[*+?]|` + count + `)\??)`
	assertion  = `[\^$]|\\[bB]`
)

// The levels of precedence, which say what needs a group.
type level uint8

const (
	alternation level = iota
	sequence          // what can stand beside others
	atom              // what a quantifier can follow
)

func levelOf(re *syntax.Regexp) level {
	switch re.Op {
	case syntax.OpAlternate:
		return alternation
	case syntax.OpLiteral:
		if len(re.Rune) == 1 {
			return atom
		}
	case syntax.OpNoMatch, syntax.OpEmptyMatch, syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL, syntax.OpCapture:
		return atom
	}
	return sequence
}

// A writer writes the tree of an expression in ECMA-262. It writes the effect of Go's flags
// out.
type writer struct {
	strings.Builder

	names map[string]bool // of groups
}

// expr writes re, in a group if its precedence is below level.
func (w *writer) expr(re *syntax.Regexp, least level) {
	if levelOf(re) < least {
		w.WriteString("(?:")
		defer w.WriteString(")")
	}
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			w.literal(r, re.Flags&syntax.FoldCase != 0)
		}
	case syntax.OpCharClass:
		w.class(re.Rune)
	case syntax.OpCapture:
		w.group(re)
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			w.expr(sub, sequence)
		}
	case syntax.OpAlternate:
		for i, sub := range re.Sub {
			if i > 0 {
				w.WriteByte('|')
			}
			w.expr(sub, sequence)
		}
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		w.expr(re.Sub[0], atom)
		w.quantifier(re)
	default:
		w.WriteString(fixed(re.Op))
	}
}

// fixed returns the text of an operator without parts.
func fixed(op syntax.Op) string {
	return map[syntax.Op]string{
		syntax.OpNoMatch:        nothing,
		syntax.OpEmptyMatch:     "(?:)",
		syntax.OpAnyCharNotNL:   `[^\n]`,
		syntax.OpAnyChar:        anything,
		syntax.OpBeginLine:      `(?<![^\n])`,
		syntax.OpEndLine:        `(?![^\n])`,
		syntax.OpBeginText:      `^`,
		syntax.OpEndText:        `$`,
		syntax.OpWordBoundary:   `\b`,
		syntax.OpNoWordBoundary: `\B`,
	}[op]
}

// group writes a group. ECMA-262 has no names that begin with a digit or come
// twice, and no name changes what matches.
func (w *writer) group(re *syntax.Regexp) {
	w.WriteByte('(')
	if re.Name != "" && !w.names[re.Name] && (re.Name[0] < '0' || re.Name[0] > '9') {
		w.WriteString("?<" + re.Name + ">")
		w.names[re.Name] = true
	}
	w.expr(re.Sub[0], alternation)
	w.WriteByte(')')
}

func (w *writer) quantifier(re *syntax.Regexp) {
	switch {
	case re.Op == syntax.OpStar:
		w.WriteByte('*')
	case re.Op == syntax.OpPlus:
		w.WriteByte('+')
	case re.Op == syntax.OpQuest:
		w.WriteByte('?')
	case re.Max == re.Min:
		fmt.Fprintf(&w.Builder, "{%d}", re.Min)
	case re.Max < 0:
		fmt.Fprintf(&w.Builder, "{%d,}", re.Min)
	default:
		fmt.Fprintf(&w.Builder, "{%d,%d}", re.Min, re.Max)
	}
	if re.Flags&syntax.NonGreedy != 0 {
		w.WriteByte('?')
	}
}

// literal writes one character, or all characters that differ from it only in case.
func (w *writer) literal(r rune, folds bool) {
	ranges := []rune{r, r}
	if folds {
		for other := unicode.SimpleFold(r); other != r; other = unicode.SimpleFold(other) {
			ranges = append(ranges, other, other)
		}
	}
	if len(ranges) == 2 {
		w.char(r, `^$\.*+?()[]{}|`)
		return
	}
	slices.Sort(ranges)
	w.class(ranges)
}

// char writes one character. It escapes a special character with a backslash, and writes an
// invisible one by its number.
func (w *writer) char(r rune, special string) {
	const (
		named = "\t\n\v\f\r"
		twins = "\u2126\u212a\u212b" // the signs of Ohm, Kelvin and Ångström look like letters
	)
	switch i := strings.IndexRune(named, r); {
	case i >= 0:
		w.WriteString(`\` + "tnvfr"[i:i+1])
	case strings.ContainsRune(special, r):
		w.WriteString(`\` + string(r))
	case unicode.IsPrint(r) && !unicode.Is(unicode.M, r) && !strings.ContainsRune(twins, r):
		w.WriteRune(r)
	case r <= 0xFF:
		fmt.Fprintf(&w.Builder, `\x%02x`, r)
	case r <= 0xFFFF && !unicode.Is(unicode.Cs, r):
		fmt.Fprintf(&w.Builder, `\u%04x`, r)
	default: // two surrogates in the other form would be one character
		fmt.Fprintf(&w.Builder, `\u{%x}`, r)
	}
}
