package middleware

import "net/http"

// NoStore sets Cache-Control: no-store on every response, before the handler runs. No
// cache then stores the response, shared or private (RFC 9111, section 5.2.2.5). A
// handler that sets or adds a Cache-Control replaces it. Failures keep it.
func NoStore() func(http.Handler) http.Handler {
	return Headers(http.Header{"Cache-Control": {"no-store"}})
}
