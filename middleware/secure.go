package middleware

import (
	"net/http"
	"net/textproto"
)

// A SecureOption changes what [Secure] sets. The zero SecureOption changes nothing.
type SecureOption struct{ apply func(*secureConfig) }

type secureConfig struct {
	fields http.Header
	viaTLS func(*http.Request) bool
	faults faults
}

// SecureHeader gives a field of [Secure] another value, or adds a field, such as
// Content-Security-Policy or Permissions-Policy. An empty value leaves the field out.
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

// SecureTLS sets the function that reports whether a request came over TLS. It decides
// about Strict-Transport-Security and the Cross-Origin fields. The default is that r.TLS
// is set. Behind a proxy that ends TLS, viaTLS reads what the proxy says, for instance in
// X-Forwarded-Proto. The proxy must remove that field from what the client sends. viaTLS
// must be safe for concurrent use. A nil function is a fault.
func SecureTLS(viaTLS func(*http.Request) bool) SecureOption {
	return SecureOption{func(c *secureConfig) {
		if viaTLS == nil {
			c.faults.add("SecureTLS has a nil function: pass one that reports whether the client uses TLS")
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

// Secure sets header fields that make browsers refuse what a site seldom needs. They are
// set before the handler runs, which may replace or delete them. If a proxy adds a value
// of the server behind it, only that value is sent.
//
//	X-Content-Type-Options: nosniff                    a body is only what its Content-Type says
//	X-Frame-Options: DENY                              no other page shows this one in a frame
//	Referrer-Policy: strict-origin-when-cross-origin   other sites learn the origin, not the URL
//	Cross-Origin-Opener-Policy: same-origin            no window of another site has a handle on this one;
//	                                                   sent only over TLS, because browsers ignore it elsewhere
//	Strict-Transport-Security: max-age=31536000        a year of nothing but TLS for this host; sent only
//	                                                   over TLS (RFC 6797, section 7.2)
//
// [SecureHeader] changes a field. A site that signs in with a window of another origin
// needs Cross-Origin-Opener-Policy: same-origin-allow-popups. A site that is shown in frames
// needs another X-Frame-Options, or a Content-Security-Policy with frame-ancestors, which
// browsers prefer. A Cross-Origin-Embedder-Policy is sent only over TLS too.
//
// Secure sends no Content-Security-Policy by itself, because only the site knows where
// its scripts come from. It sends neither includeSubDomains nor preload, because they
// bind hosts that this server may not know.
//
// Secure panics for the faults of [Headers] and of its options, and names all at once.
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
