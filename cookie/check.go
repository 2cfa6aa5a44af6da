package cookie

import (
	"errors"
	"fmt"
	"net/http"
	"net/textproto"
	"strings"
	"time"

	"github.com/tenonkit/tenon/internal/rw"
)

// Set sets c as it is. It replaces a cookie of the same name, path, domain and
// partitioning that this response already sets. The error has the faults of [Check], or
// says that the response has started, as in [Cookie.Set]. After an error nothing is set.
func Set(w http.ResponseWriter, c *http.Cookie) error {
	if err := Check(c); err != nil {
		return err
	}
	return put(w, identityOf(c), c.String())
}

// Delete makes the browser drop the cookie with the name, path, domain and partitioning
// of c. It replaces a Set of it in this response. The other attributes are sent too,
// because the prefix of the name may need them; Value, MaxAge and Expires of c are
// ignored. The errors are those of [Set].
func Delete(w http.ResponseWriter, c *http.Cookie) error {
	if c == nil {
		return Check(nil)
	}
	return Set(w, deletion(c))
}

// deletion returns the cookie that deletes c, with MaxAge and Expires: some clients know only
// Expires.
func deletion(c *http.Cookie) *http.Cookie {
	gone := *c //nolint:gosec // G124: the attributes are those of the cookie to delete
	gone.Value, gone.Quoted, gone.MaxAge, gone.Expires = "", false, -1, time.Unix(0, 0).UTC()
	return &gone
}

const (
	// Browsers accept maxSize bytes of name and value together, and maxAttribute bytes of an
	// attribute (RFC 6265bis, section 5.6).
	maxSize      = 4096
	maxAttribute = 1024
	// maxLifetime is how long they keep a cookie (RFC 6265bis, section 5.5).
	maxLifetime = 400 * 24 * time.Hour
)

// Check returns all the rules that c breaks, joined. A browser would ignore such a cookie
// or change it, or net/http would write another one. The rules are those of
// [http.Cookie.Valid] and of RFC 6265bis:
//
//   - SameSite is one of the four modes of net/http. SameSite=None and Partitioned need
//     Secure.
//   - A name that begins with __Secure-, __Host-, __Http- or __Host-Http-, in any case of
//     letters, needs the attributes of its prefix.
//   - Path begins with a slash.
//   - Name and value have at most 4096 bytes, with the quotes that net/http may add. More is
//     [ErrTooLarge]. Path and Domain have at most 1024 bytes each.
//   - MaxAge and Expires are at most 400 days from now.
//   - Unparsed is empty, because net/http does not write it.
func Check(c *http.Cookie) error {
	if err := c.Valid(); err != nil {
		if c == nil {
			return fmt.Errorf("cookie: %w", err)
		}
		// Valid stops at its first fault.
		return errors.Join(append([]error{fmt.Errorf("cookie: %w", err)}, faults(c)...)...)
	}
	return errors.Join(faults(c)...)
}

// faults returns the broken rules that [http.Cookie.Valid] does not check.
func faults(c *http.Cookie) []error {
	var found []error
	refuse := func(when bool, format string, args ...any) {
		if when {
			found = append(found, fmt.Errorf("cookie: "+format, args...))
		}
	}
	refuse(c.SameSite < 0 || c.SameSite > http.SameSiteNoneMode, "SameSite %d is not a mode of net/http: use http.SameSiteLaxMode or another one", c.SameSite)
	refuse(c.SameSite == http.SameSiteNoneMode && !c.Secure, "SameSite=None needs Secure")
	refuse(c.Path != "" && c.Path[0] != '/', "the path %.100q does not begin with a slash", c.Path)
	refuse(len(c.Path) > maxAttribute, "the path is longer than %d bytes", maxAttribute)
	refuse(len(c.Domain) > maxAttribute, "the domain is longer than %d bytes", maxAttribute)
	refuse(int64(c.MaxAge) > int64(maxLifetime/time.Second), "the maximum age is over 400 days")
	refuse(!c.Expires.IsZero() && time.Until(c.Expires) > maxLifetime, "it expires in more than 400 days")
	refuse(len(c.Unparsed) > 0, "Unparsed has attributes, which net/http does not write: leave it empty")
	size := len(c.Name) + len(c.Value)
	if c.Quoted || strings.ContainsAny(c.Value, " ,") {
		size += len(`""`) // which net/http puts around it
	}
	if size > maxSize {
		found = append(found, ErrTooLarge)
	}

	p := prefixOf(c.Name)
	refuse(p.secure && !c.Secure, "the prefix of the name needs Secure")
	refuse(p.host && (c.Domain != "" || c.Path != "/"), "the prefix of the name needs Path=/ and no Domain")
	refuse(p.http && !c.HttpOnly, "the prefix of the name needs HttpOnly")
	return found
}

// A prefix holds the attributes that the prefix of a name needs.
type prefix struct{ secure, host, http bool }

func prefixOf(name string) prefix {
	name = strings.ToLower(name)
	switch {
	case strings.HasPrefix(name, "__host-http-"):
		return prefix{secure: true, host: true, http: true}
	case strings.HasPrefix(name, "__host-"):
		return prefix{secure: true, host: true}
	case strings.HasPrefix(name, "__http-"):
		return prefix{secure: true, http: true}
	}
	return prefix{secure: strings.HasPrefix(name, "__secure-")}
}

// An identity is what distinguishes cookies in a browser (RFC 6265bis, section 5.7, and
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

// put sets line and removes lines that set the cookie of id. It makes a new slice,
// because others may share the one in the header.
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
