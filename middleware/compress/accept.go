package compress

import (
	"net/http"

	"github.com/tenonkit/tenon/internal/header"
)

// negotiate returns the coding that the client wants most, or nil if that is
// none of them. mustCode reports that the client refuses to go without one.
func (c *config) negotiate(lines []string) (best *coding, mustCode bool) {
	if len(lines) == 0 {
		return nil, false
	}
	var highest wish
	for _, offered := range c.codings {
		if wish := wishFor(lines, offered.name); wish.weight > 0 && wish.exceeds(highest) {
			best, highest = offered, wish
		}
	}
	identity, _ := header.CodingWeights(lines, "identity")
	if identity > highest.weight {
		return nil, false
	}
	return best, best != nil && header.CodingWeight(lines, "identity") == 0
}

// A wish is how much a client wants a coding. The rank decides between equal
// weights: a coding that the client names, then gzip, the one that whoever sends
// "*" is most likely to have, then the others.
type wish struct{ weight, rank int }

const (
	others = iota
	gzips
	named
)

func wishFor(lines []string, coding string) wish {
	byName, byStar := header.CodingWeights(lines, coding)
	switch {
	case byName >= 0:
		return wish{byName, named}
	case coding == "gzip":
		return wish{byStar, gzips}
	}
	return wish{byStar, others}
}

func (w wish) exceeds(other wish) bool {
	return w.weight > other.weight || w.weight == other.weight && w.rank > other.rank
}

// noTransform reports whether Cache-Control forbids to transform the content
// (RFC 9111, sections 5.2.1.6 and 5.2.2.6).
func noTransform(h http.Header) bool { return header.HasMember(h["Cache-Control"], "no-transform") }
