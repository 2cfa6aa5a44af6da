package tenon

import (
	"net/url"
	"strings"
)

// A segmentKind is what a segment of a pattern matches.
type segmentKind uint8

const (
	literal  segmentKind = iota // its text
	wildcard                    // {name}: one segment
	rest                        // {name...}, or a final slash, which has no name: all that is left
	end                         // {$}: a final slash and nothing after it
)

// A segment is the part of a pattern between two slashes.
type segment struct {
	kind segmentKind
	text string // of a literal, unescaped; the name of a wildcard
}

// fixed returns the text of a literal, and nothing for what takes any.
func (s segment) fixed() string {
	if s.kind != literal {
		return ""
	}
	return s.text
}

// segmentsOf reads the path of a pattern that [http.ServeMux] takes.
func segmentsOf(path string) []segment {
	var segments []segment
	for text := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		segments = append(segments, segmentOf(text))
	}
	return segments
}

func segmentOf(text string) segment {
	inner, ok := strings.CutPrefix(text, "{")
	inner = strings.TrimSuffix(inner, "}")
	name, more := strings.CutSuffix(inner, "...")
	switch {
	case text == "":
		return segment{kind: rest}
	case ok && inner == "$":
		return segment{kind: end}
	case ok && more:
		return segment{rest, name}
	case ok:
		return segment{wildcard, name}
	}
	if plain, err := url.PathUnescape(text); err == nil {
		text = plain
	}
	return segment{literal, text}
}

// wildcardNames returns the names that a pattern gives to parts of the path.
func wildcardNames(segments []segment) []string {
	var names []string
	for _, s := range segments {
		if s.kind != literal && s.text != "" {
			names = append(names, s.text)
		}
	}
	return names
}

// shape is the same for patterns that match the same paths.
func shape(segments []segment) string {
	var b strings.Builder
	for _, s := range segments {
		b.WriteByte('/')
		switch s.kind {
		case wildcard:
			b.WriteString("{}")
		case rest:
			b.WriteString("{...}")
		case end:
			b.WriteString("{$}")
		case literal:
			b.WriteString(url.PathEscape(s.text))
		}
	}
	return b.String()
}
