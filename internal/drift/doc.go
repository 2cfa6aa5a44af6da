// Package drift holds packages bind and openapi and the addresses of routes
// against each other: what a document says that a route takes is what bind accepts,
// and an address is bound to what it was made of. It has only tests.
package drift
