// Package pattern reads the patterns of [net/http.ServeMux], which routes have,
// documents write down and other routers are told in their own syntax. It is the
// one parser of them; whether a pattern is well formed is ServeMux's to say.
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
	Rest                 // {name...}, or a final slash, which has no name: all that is left
	End                  // {$}: a final slash and nothing after it
)

// A Segment is the part of a pattern between two slashes. Segments are equal where
// they match alike and give the same name.
type Segment struct {
	Kind Kind
	// Text is that of a literal, unescaped, or the name of a wildcard.
	Text string
}

// Fixed returns the text of a literal, and nothing for what takes any.
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

// Split cuts a pattern, which has no method, before the first slash of its path.
// Without a path the host is empty, and the path is the whole.
func Split(pattern string) (host, path string) {
	if slash := strings.IndexByte(pattern, '/'); slash > 0 {
		return pattern[:slash], pattern[slash:]
	}
	return "", pattern
}

// Parse returns the segments of a pattern that [net/http.ServeMux] takes, without
// its host. There is at least one: that of "/" is a Rest without a name.
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

// Names returns the names that segments give to parts of the path, in their order.
func Names(segments []Segment) []string {
	var names []string
	for _, s := range segments {
		if s.Kind != Literal && s.Text != "" {
			names = append(names, s.Text)
		}
	}
	return names
}

// Shape returns a text that is the same for segments which match the same paths,
// whatever names they give.
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
