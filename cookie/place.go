package cookie

import (
	"net/http"
	"net/textproto"
	"strings"

	"github.com/tenonkit/tenon/internal/rw"
)

// An identity is what a browser tells cookies apart by (RFC 6265bis, section 5.7, and
// CHIPS).
type identity struct {
	name, path, domain string
	partitioned        bool
}

func identityOf(c *http.Cookie) identity {
	return identity{c.Name, c.Path, canonicalDomain(c.Domain), c.Partitioned}
}

func canonicalDomain(domain string) string {
	return strings.ToLower(strings.TrimPrefix(domain, "."))
}

// isSetBy reports whether a Set-Cookie line sets the cookie.
func (id identity) isSetBy(line string) bool {
	pair, attributes, _ := strings.Cut(line, ";")
	// Without an equals sign it is a value without a name.
	name, _, named := strings.Cut(pair, "=")
	if !named || textproto.TrimString(name) != id.name {
		return false
	}
	other := identity{name: id.name}
	for attributes != "" {
		var attribute string
		attribute, attributes, _ = strings.Cut(attributes, ";")
		name, value, _ := strings.Cut(attribute, "=")
		name, value = textproto.TrimString(name), textproto.TrimString(value)
		switch {
		case strings.EqualFold(name, "Path"):
			other.path = value
		case strings.EqualFold(name, "Domain"):
			other.domain = canonicalDomain(value)
		case strings.EqualFold(name, "Partitioned"):
			other.partitioned = true
		}
	}
	return other == id
}

// put sets line in the place of any that sets the cookie of id. The slice is new:
// the one in the header may be somebody else's too.
func put(w http.ResponseWriter, id identity, line string) error {
	if rw.Started(w) {
		return errStarted
	}
	h := w.Header()
	before := h["Set-Cookie"]
	lines := make([]string, 0, len(before)+1)
	for _, other := range before {
		if !id.isSetBy(other) {
			lines = append(lines, other)
		}
	}
	h["Set-Cookie"] = append(lines, line)
	return nil
}
