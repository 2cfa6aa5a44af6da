package compress

import (
	"net/http"

	"github.com/tenonkit/tenon/internal/header"
)

// unnamed is the weight of a coding that the client does not speak of.
const unnamed = -1

// negotiate returns the coding that the client wants most, or nil if that is
// none of them. mustCode reports that the client refuses to go without one.
func (c *config) negotiate(lines []string) (best *coding, mustCode bool) {
	if len(lines) == 0 {
		return nil, false
	}
	var room [8]int
	named := room[:0]
	for range c.codings {
		named = append(named, unnamed)
	}
	identity, star := unnamed, unnamed
	for name, weight := range header.Codings(lines) {
		switch i := c.index(name); {
		case i >= 0:
			named[i] = max(named[i], weight)
		case name == header.AnyCoding:
			star = max(star, weight)
		case header.IsCoding(name, "identity"):
			identity = max(identity, weight)
		}
	}
	var highest wish
	for i, offered := range c.codings {
		if wish := wishFor(offered, named[i], star); wish.weight > 0 && wish.exceeds(highest) {
			best, highest = offered, wish
		}
	}
	if identity > highest.weight {
		return nil, false
	}
	return best, best != nil && (identity == 0 || identity == unnamed && star == 0)
}

// index returns the place of a coding that is offered, or -1.
func (c *config) index(name string) int {
	for i, offered := range c.codings {
		if header.IsCoding(name, offered.name) {
			return i
		}
	}
	return -1
}

// A wish is how much a client wants a coding. The rank decides between equal
// weights: a coding that the client names, then gzip, the one that whoever sends
// "*" is most likely to have, then the others.
type wish struct{ weight, rank int }

const (
	others = iota
	gzips
	byName
)

func wishFor(offered *coding, named, star int) wish {
	switch {
	case named != unnamed:
		return wish{named, byName}
	case offered.name == "gzip":
		return wish{star, gzips}
	}
	return wish{star, others}
}

func (w wish) exceeds(other wish) bool {
	return w.weight > other.weight || w.weight == other.weight && w.rank > other.rank
}

// noTransform reports whether Cache-Control forbids to transform the content
// (RFC 9111, sections 5.2.1.6 and 5.2.2.6).
func noTransform(h http.Header) bool { return header.HasMember(h["Cache-Control"], "no-transform") }
