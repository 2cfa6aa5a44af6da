package cookie

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

const (
	// maxSize is how long browsers let name and value be together, and
	// maxAttribute the value of an attribute (RFC 6265bis, section 5.6).
	maxSize      = 4096
	maxAttribute = 1024
	// maxLifetime is how long they keep a cookie (RFC 6265bis, section 5.5).
	maxLifetime = 400 * 24 * time.Hour
)

// Check returns every rule that c breaks, joined, so that a browser would ignore
// the cookie or keep another than c, or net/http would write another. They are
// those of [http.Cookie.Valid] and of RFC 6265bis:
//
//   - SameSite is one of the four modes of net/http, and None needs Secure, as
//     Partitioned does
//   - the name prefixes __Secure-, __Host-, __Http- and __Host-Http-, in any case
//     of letters, have what they ask for
//   - Path begins with a slash
//   - name and value, with the quotes that net/http puts around some, have at
//     most 4096 bytes, which is [ErrTooLarge]; Path and Domain at most 1024
//   - MaxAge and Expires are at most 400 days from now
//   - Unparsed is empty, because net/http does not write it
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

// faults returns what [http.Cookie.Valid] lets pass.
func faults(c *http.Cookie) []error {
	var found []error
	refuse := func(when bool, format string, args ...any) {
		if when {
			found = append(found, fmt.Errorf("cookie: "+format, args...))
		}
	}
	refuse(c.SameSite < 0 || c.SameSite > http.SameSiteNoneMode, "SameSite %d is none of net/http's modes", c.SameSite)
	refuse(c.SameSite == http.SameSiteNoneMode && !c.Secure, "SameSite=None needs Secure")
	refuse(c.Path != "" && c.Path[0] != '/', "the path %.100q does not begin with a slash", c.Path)
	refuse(len(c.Path) > maxAttribute, "the path is longer than %d bytes", maxAttribute)
	refuse(len(c.Domain) > maxAttribute, "the domain is longer than %d bytes", maxAttribute)
	refuse(int64(c.MaxAge) > int64(maxLifetime/time.Second), "the maximum age is over 400 days")
	refuse(!c.Expires.IsZero() && time.Until(c.Expires) > maxLifetime, "it expires in more than 400 days")
	refuse(len(c.Unparsed) > 0, "unparsed attributes are not written")
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

// A prefix is what the beginning of a name asks for.
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
