package cookie

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
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
	purpose                               string
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

// attributes returns the cookie without a value. It cuts a maximum age that is too long,
// which is a fault already, so that it does not overflow.
func (c *config) attributes() *http.Cookie {
	return &http.Cookie{ //nolint:gosec // G124: Secure, HttpOnly and SameSite are what the options say, and on by default
		Name: c.name, Path: c.path, Domain: c.domain, MaxAge: int(min(c.maxAge, maxLifetime) / time.Second),
		Secure: !c.insecure, HttpOnly: !c.scriptReadable, SameSite: c.sameSite, Partitioned: c.partitioned,
	}
}

// MaxAge keeps the cookie for d: whole seconds, and at most 400 days, the limit of
// browsers. The value of a signed or sealed cookie expires at the same time. Without
// MaxAge, or with zero, the browser drops the cookie when its session ends, and the value
// expires after 30 days.
func MaxAge(d time.Duration) Option {
	return Option{func(c *config) { c.maxAge = d }}
}

// Path limits the cookie to path and the paths below it. The default is "/". If you
// change the path, change the name of the cookie too: browsers keep the old cookie beside
// the new one, and [Cookie.Delete] does not delete it.
func Path(path string) Option {
	return Option{func(c *config) { c.path = path }}
}

// Domain sends the cookie to domain and the hosts below it. By default only the host that
// set the cookie gets it. If you change the domain, change the name too, as for [Path].
func Domain(domain string) Option {
	return Option{func(c *config) { c.domain = domain }}
}

// SameSite says which requests from other sites carry the cookie. The default is
// [http.SameSiteLaxMode]: only links to the site. [http.SameSiteNoneMode] needs Secure.
// [http.SameSiteDefaultMode] leaves the choice to the browser.
func SameSite(mode http.SameSite) Option {
	return Option{func(c *config) { c.sameSite = mode }}
}

// ScriptReadable leaves out HttpOnly, so that scripts of a page can read the cookie.
func ScriptReadable() Option {
	return Option{func(c *config) { c.scriptReadable = true }}
}

// Insecure leaves out Secure, so that the cookie is sent over plain HTTP too. It is for
// development. Chromium accepts Secure cookies from the loopback address; Safari needs
// Insecure.
func Insecure() Option {
	return Option{func(c *config) { c.insecure = true }}
}

// Partitioned gives each site that embeds this one a separate cookie (CHIPS).
func Partitioned() Option {
	return Option{func(c *config) { c.partitioned = true }}
}

// Purpose makes values of other purposes invalid. With the purposes "staging" and
// "production", a cookie of one is invalid in the other, even if both have the same keys.
// The default is empty. A purpose has at most 65,535 bytes and is a fault for [Plain].
func Purpose(purpose string) Option {
	return Option{func(c *config) { c.purpose = purpose }}
}

// declare panics with every fault of the declaration.
func declare[T any](kind, name string, opts []Option, makeForm func(c *config, binary bool) (form, error)) *Cookie[T] {
	c := newConfig(name, opts)
	p, fault := payloadOf[T]()
	found := append([]error{fault}, c.faults()...)
	f, fault := makeForm(c, p.binary)
	found = append(found, fault)
	if fault := errors.Join(found...); fault != nil {
		texts := strings.ReplaceAll(strings.ReplaceAll(fault.Error(), "cookie: ", ""), "\n", "; ")
		panic(fmt.Sprintf("cookie: %s cookie %q: %s", kind, name, texts))
	}

	lifetime := c.maxAge
	if lifetime == 0 {
		lifetime = browserSession
	}
	attributes, start := c.attributes(), name+"="
	return &Cookie[T]{
		attributes: *attributes,
		identity:   identityOf(attributes),
		start:      start,
		end:        strings.TrimPrefix(attributes.String(), start),
		gone:       deletion(attributes).String(),
		lifetime:   int64(lifetime / time.Second),
		payload:    p,
		form:       f,
	}
}

// faults returns what is wrong with the attributes and the options.
func (c *config) faults() []error {
	var found []error
	if c.sameSite == 0 {
		found = append(found, errors.New("SameSite 0 is not a mode of net/http: use http.SameSiteLaxMode or another one"))
	}
	if c.maxAge < 0 || c.maxAge > maxLifetime || c.maxAge%time.Second != 0 {
		found = append(found, fmt.Errorf("the maximum age %v is not a number of seconds from 0 to 400 days", c.maxAge))
	}
	if len(c.purpose) > 1<<16-1 {
		found = append(found, errors.New("the purpose is longer than 65535 bytes"))
	}
	return append(found, Check(c.attributes()))
}
