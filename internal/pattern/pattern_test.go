package pattern_test

import (
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/pattern"
)

// patternCase is a pattern and what it says.
type patternCase struct {
	pattern, host, shape string
	segments             []pattern.Segment
	names                []string
}

func patternCases() []patternCase {
	literal := func(s string) pattern.Segment { return pattern.Segment{Kind: pattern.Literal, Text: s} }
	wildcard := func(s string) pattern.Segment { return pattern.Segment{Kind: pattern.Wildcard, Text: s} }
	rest := func(s string) pattern.Segment { return pattern.Segment{Kind: pattern.Rest, Text: s} }
	end := pattern.Segment{Kind: pattern.End}
	return []patternCase{
		{"/", "", "/{...}", []pattern.Segment{rest("")}, nil},
		{"/{$}", "", "/{$}", []pattern.Segment{end}, nil},
		{"/a", "", "/a", []pattern.Segment{literal("a")}, nil},
		{"/a/", "", "/a/{...}", []pattern.Segment{literal("a"), rest("")}, nil},
		{"/a/{$}", "", "/a/{$}", []pattern.Segment{literal("a"), end}, nil},
		{"/a/{id}", "", "/a/{}", []pattern.Segment{literal("a"), wildcard("id")}, []string{"id"}},
		{"/{a}/b/{c...}", "", "/{}/b/{...}", []pattern.Segment{wildcard("a"), literal("b"), rest("c")}, []string{"a", "c"}},
		{"example.com/{id}", "example.com", "/{}", []pattern.Segment{wildcard("id")}, []string{"id"}},
		{"example.com/", "example.com", "/{...}", []pattern.Segment{rest("")}, nil},
		{"/caf%C3%A9", "", "/caf%C3%A9", []pattern.Segment{literal("café")}, nil},
		{"/café", "", "/caf%C3%A9", []pattern.Segment{literal("café")}, nil},
		{"/a%2Fb", "", "/a%2Fb", []pattern.Segment{literal("a/b")}, nil},
		{"/%7Bx%7D", "", "/%7Bx%7D", []pattern.Segment{literal("{x}")}, nil},
	}
}

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tc := range patternCases() {
		host, path := pattern.Split(tc.pattern)
		assert.Equal(t, tc.host, host)
		assert.Equal(t, tc.pattern, host+path)
		segments := pattern.Parse(tc.pattern)
		assert.Equal(t, tc.segments, segments, tc.pattern)
		assert.Equal(t, tc.names, pattern.Names(segments), tc.pattern)
		assert.Equal(t, tc.shape, pattern.Shape(segments), tc.pattern)
	}
}

// What a pattern is parsed into is what ServeMux matches, shown by a path made of
// the segments; ServeMux sees a conflict between two patterns of one shape.
func TestParse_serveMux(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(3, 4))
	pieces := []string{"a", "b.c", "%C3%A9", "a%2Fb", "{x}", "{y}", "@:!", "a;b,c"}
	for range 300 {
		var b strings.Builder
		used := map[string]bool{}
		for range 1 + r.IntN(3) {
			piece := pieces[r.IntN(len(pieces))]
			if !used[piece] {
				b.WriteString("/" + piece)
			}
			used[piece] = piece[0] == '{'
		}
		b.WriteString([]string{"", "/", "/{$}", "/{z...}"}[r.IntN(4)])
		text := b.String()
		mux := http.NewServeMux()
		mux.Handle(text, http.NotFoundHandler())

		segments := pattern.Parse(text)
		var path, twin strings.Builder
		for i, s := range segments {
			switch s.Kind {
			case pattern.Literal:
				path.WriteString("/" + s.Escaped())
				twin.WriteString("/" + s.Escaped())
				assert.Equal(t, s.Text, s.Fixed())
			case pattern.Wildcard:
				path.WriteString("/v")
				twin.WriteString("/{w" + string(rune('a'+i)) + "}")
				assert.Empty(t, s.Fixed())
			case pattern.Rest:
				path.WriteString("/v/w")
				twin.WriteString("/")
			case pattern.End:
				path.WriteString("/")
				twin.WriteString("/{$}")
			}
		}
		_, matched := mux.Handler(httptest.NewRequest(http.MethodGet, path.String(), http.NoBody))
		assert.Equal(t, text, matched, path.String())
		assert.Equal(t, pattern.Shape(segments), pattern.Shape(pattern.Parse(twin.String())))
		assert.Panics(t, func() { mux.Handle(twin.String(), http.NotFoundHandler()) }, "%s and %s", text, twin.String())
	}
}
