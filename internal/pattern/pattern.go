// Package pattern parses the patterns of [net/http.ServeMux], so that they can be written in a
// document or in the syntax of another router. Whether a pattern is valid, ServeMux itself
// decides.
package pattern

import (
	"net/url"
	"strings"
)

// A Kind is what a segment matches.
type Kind uint8

// The kinds of segments.
const (
	Literal  Kind = iota // its text
	Wildcard             // {name}: one segment
	Rest                 // {name...}, or a final slash, which has no name: the rest of the path
	End                  // {$}: a final slash and nothing after it
)

// A Segment is the part of a pattern between two slashes. Two segments are equal if they match the
// same and have the same name.
type Segment struct {
	Kind Kind
	// Text is the unescaped text of a literal, or the name of a wildcard.
	Text string
}

// Fixed returns the text of a literal, and "" for other segments.
func (s Segment) Fixed() string {
	if s.Kind != Literal {
		return ""
	}
	return s.Text
}

// Escaped returns the text of a literal as clients send it in a path.
func (s Segment) Escaped() string {
	if strings.Contains(s.Text, "/") {
		return url.PathEscape(s.Text)
	}
	return (&url.URL{Path: s.Text}).EscapedPath()
}

// Split cuts a pattern without a method before its path. If it has no slash, the whole pattern is
// the path.
func Split(pattern string) (host, path string) {
	if slash := strings.IndexByte(pattern, '/'); slash > 0 {
		return pattern[:slash], pattern[slash:]
	}
	return "", pattern
}

// Parse returns the segments of the path of a valid pattern. There is at least one: "/" is a Rest
// without a name.
func Parse(pattern string) []Segment {
	_, path := Split(pattern)
	var segments []Segment
	for text := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		segments = append(segments, segment(text))
	}
	return segments
}

func segment(text string) Segment {
	inner, ok := strings.CutPrefix(text, "{")
	inner = strings.TrimSuffix(inner, "}")
	name, more := strings.CutSuffix(inner, "...")
	switch {
	case text == "":
		return Segment{Kind: Rest}
	case ok && inner == "$":
		return Segment{Kind: End}
	case ok && more:
		return Segment{Rest, name}
	case ok:
		return Segment{Wildcard, name}
	}
	if plain, err := url.PathUnescape(text); err == nil {
		text = plain
	}
	return Segment{Literal, text}
}

// Names returns the names of the wildcards, in order.
func Names(segments []Segment) []string {
	var names []string
	for _, s := range segments {
		if s.Kind != Literal && s.Text != "" {
			names = append(names, s.Text)
		}
	}
	return names
}

// Shape returns a text that is the same for all patterns that match the same paths, whatever the
// names of their wildcards are.
func Shape(segments []Segment) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteByte('/')
		switch s.Kind {
		case Wildcard:
			b.WriteString("{}")
		case Rest:
			b.WriteString("{...}")
		case End:
			b.WriteString("{$}")
		case Literal:
			b.WriteString(url.PathEscape(s.Text))
		}
	}
	return b.String()
}
