package middleware

import (
	"net/http"
	"net/textproto"
)

// A SecureOption changes what [Secure] sets. Options are read once. The zero
// SecureOption changes nothing.
type SecureOption struct{ apply func(*secureConfig) }

type secureConfig struct {
	fields http.Header
	viaTLS func(*http.Request) bool
	faults faults
}

// SecureHeader gives one of the fields of [Secure] another value, or adds a
// field, such as Content-Security-Policy or Permissions-Policy. An empty value
// leaves the field out.
func SecureHeader(name, value string) SecureOption {
	return SecureOption{func(c *secureConfig) {
		name = textproto.CanonicalMIMEHeaderKey(name)
		if value == "" {
			delete(c.fields, name)
			return
		}
		c.fields[name] = []string{value}
	}}
}

// SecureTLS replaces the test of whether a request came over TLS, which decides
// about Strict-Transport-Security and the Cross-Origin fields that belong to a
// secure context: by default it is whether r.TLS is set. Behind a proxy that ends
// TLS, viaTLS reads what that proxy tells, for instance in X-Forwarded-Proto; the
// proxy has to remove what the client claims. Many requests call viaTLS at once.
// A nil function is a fault.
func SecureTLS(viaTLS func(*http.Request) bool) SecureOption {
	return SecureOption{func(c *secureConfig) {
		if viaTLS == nil {
			c.faults.add("SecureTLS of a nil function: give it one that tells whether the client uses TLS")
		}
		c.viaTLS = viaTLS
	}}
}

// overTLS are the fields that browsers obey in a secure context alone. Elsewhere
// they must ignore them, or complain.
var overTLS = []string{ //nolint:gochecknoglobals // a constant that Go cannot declare as such
	"Strict-Transport-Security",
	"Cross-Origin-Opener-Policy", "Cross-Origin-Opener-Policy-Report-Only",
	"Cross-Origin-Embedder-Policy", "Cross-Origin-Embedder-Policy-Report-Only",
}

// Secure sets fields that make browsers refuse what a site seldom needs. They
// are set before the handler runs, which may replace or delete them; where a proxy
// adds to one of them what the server behind it has sent, that alone is sent.
//
//	X-Content-Type-Options: nosniff                    a body is only what its Content-Type says
//	X-Frame-Options: DENY                              no other page shows this one in a frame
//	Referrer-Policy: strict-origin-when-cross-origin   other sites learn the origin, not the URL
//	Cross-Origin-Opener-Policy: same-origin            no window of another site has a handle on this one;
//	                                                   sent over TLS alone, since browsers ignore it elsewhere
//	Strict-Transport-Security: max-age=31536000        a year of nothing but TLS for this host; sent
//	                                                   over TLS alone (RFC 6797, section 7.2)
//
// A Cross-Origin-Embedder-Policy that [SecureHeader] adds is sent over TLS alone too.
//
// [SecureHeader] changes one of them: a site whose sign-in opens a window of
// another origin needs Cross-Origin-Opener-Policy: same-origin-allow-popups, and
// one that is shown in frames another X-Frame-Options. Where a response has a
// Content-Security-Policy with frame-ancestors, browsers go by that one. Secure
// sends no Content-Security-Policy by itself, because only the site knows where
// its scripts come from, and neither includeSubDomains nor preload, because they
// bind hosts that this server may not know of.
//
// Secure panics, with all the faults at once, for what [Headers] panics for and if
// an option is at fault.
func Secure(opts ...SecureOption) func(http.Handler) http.Handler {
	c := &secureConfig{
		fields: http.Header{
			"X-Content-Type-Options":     {"nosniff"},
			"X-Frame-Options":            {"DENY"},
			"Referrer-Policy":            {"strict-origin-when-cross-origin"},
			"Cross-Origin-Opener-Policy": {"same-origin"},
			"Strict-Transport-Security":  {"max-age=31536000"},
		},
		viaTLS: func(r *http.Request) bool { return r.TLS != nil },
	}
	for _, opt := range opts {
		if opt.apply != nil {
			opt.apply(c)
		}
	}
	secret, faults := compileFields(c.fields)
	faults = append(faults, c.faults...)
	faults.refuse("Secure")
	for _, name := range overTLS {
		delete(c.fields, name)
	}
	open, _ := compileFields(c.fields)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if c.viaTLS(r) {
				secret.serve(next, w, r)
			} else {
				open.serve(next, w, r)
			}
		})
	}
}
