package cookie

import (
	"net/http"
	"time"
)

// An Option changes the attributes of a declared cookie. The zero Option changes
// nothing.
type Option struct{ apply func(*config) }

type config struct {
	name, path, domain                    string
	maxAge                                time.Duration
	sameSite                              http.SameSite
	scriptReadable, insecure, partitioned bool
	context                               string
}

func newConfig(name string, opts []Option) *config {
	c := &config{name: name, path: "/", sameSite: http.SameSiteLaxMode}
	for _, opt := range opts {
		if opt.apply != nil {
			opt.apply(c)
		}
	}
	return c
}

// attributes returns the cookie without a value. A maximum age that is too long
// has been reported, and must not overflow.
func (c *config) attributes() *http.Cookie {
	return &http.Cookie{ //nolint:gosec // G124: Secure, HttpOnly and SameSite are what the options say, and on by default
		Name: c.name, Path: c.path, Domain: c.domain, MaxAge: int(min(c.maxAge, maxLifetime) / time.Second),
		Secure: !c.insecure, HttpOnly: !c.scriptReadable, SameSite: c.sameSite, Partitioned: c.partitioned,
	}
}

// MaxAge keeps the cookie for d, in whole seconds and at most 400 days, which is
// what browsers keep. The value of a signed or sealed cookie expires at the same
// time. Without MaxAge, or with zero, the browser drops the cookie when its
// session ends, and the value expires after 30 days.
func MaxAge(d time.Duration) Option {
	return Option{func(c *config) { c.maxAge = d }}
}

// Path limits the cookie to path and what is below it, "/" by default. To change
// it, change the name of the cookie too: browsers keep the old one beside the new,
// and [Cookie.Delete] does not reach it.
func Path(path string) Option {
	return Option{func(c *config) { c.path = path }}
}

// Domain sends the cookie to domain and the hosts below it. By default it goes
// to the host that set it and to no other. To change it, change the name too, as
// for [Path].
func Domain(domain string) Option {
	return Option{func(c *config) { c.domain = domain }}
}

// SameSite says which requests from other sites carry the cookie, by default
// [http.SameSiteLaxMode]: none but links. [http.SameSiteNoneMode] needs Secure;
// [http.SameSiteDefaultMode] leaves the choice to the browser.
func SameSite(mode http.SameSite) Option {
	return Option{func(c *config) { c.sameSite = mode }}
}

// ScriptReadable lets the scripts of a page read the cookie: it leaves out
// HttpOnly.
func ScriptReadable() Option {
	return Option{func(c *config) { c.scriptReadable = true }}
}

// Insecure sends the cookie over plain HTTP too: it leaves out Secure. It is for
// development. Chromium takes Secure cookies from the loopback address without
// it, Safari does not.
func Insecure() Option {
	return Option{func(c *config) { c.insecure = true }}
}

// Partitioned keeps a jar of the cookie for each site that embeds this one
// (CHIPS).
func Partitioned() Option {
	return Option{func(c *config) { c.partitioned = true }}
}

// Context makes values of one context invalid in every other, such as "staging"
// in production, where both have the same keys. It is empty by default, at most
// 65,535 bytes long, and not for [Plain].
func Context(context string) Option {
	return Option{func(c *config) { c.context = context }}
}
