package middleware

import "net/http"

// NoStore sets Cache-Control: no-store on every response before the handler
// runs: no cache, shared or private, keeps it (RFC 9111, section 5.2.2.5). A
// handler that sets or adds a Cache-Control of its own has its way; failures keep
// it.
func NoStore() func(http.Handler) http.Handler {
	return Headers(http.Header{"Cache-Control": {"no-store"}})
}
