package middleware

import "net/http"

// Headers sets the fields of h on every response before the handler runs, so a
// handler that sets, deletes or adds to one of them has its way: no field is sent
// with the value from here and another behind it, as [net/http/httputil.ReverseProxy]
// would make it. What a middleware further out has set is replaced. Vary and
// Set-Cookie are different: every value of them is sent, whoever has set it. A
// failure that [github.com/tenonkit/tenon/respond.Error] answers keeps them, but
// for those that describe a body, such as Content-Language.
//
// h is copied. Names may be in any case of letters. Headers panics, with all the
// faults at once, for a name that is no token (RFC 9110, section 5.1) or is
// there twice, a name without a value, a value with control characters or with
// whitespace around it, and for the fields that frame the message: Connection,
// Content-Length, Trailer and Transfer-Encoding.
func Headers(h http.Header) func(http.Handler) http.Handler {
	f := mustFields("Headers", h)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { f.serve(next, w, r) })
	}
}
