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

// Purpose makes values of one purpose invalid for every other, such as "staging"
// in production, where both have the same keys. It is empty by default, at most
// 65,535 bytes long, and not for [Plain].
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
		found = append(found, errors.New("SameSite 0 is none of net/http's modes"))
	}
	if c.maxAge < 0 || c.maxAge > maxLifetime || c.maxAge%time.Second != 0 {
		found = append(found, fmt.Errorf("the maximum age %v is not a number of seconds from 0 to 400 days", c.maxAge))
	}
	if len(c.purpose) > 1<<16-1 {
		found = append(found, errors.New("the purpose is longer than 65535 bytes"))
	}
	return append(found, Check(c.attributes()))
}
