// Package drift holds packages bind and openapi and the addresses of routes
// against each other: what a document says that a route takes is what bind
// accepts, and an address is bound to what it was made of. It has only tests. The
// document is read by [github.com/tenonkit/tenon/internal/kittest.Schema], which
// shares no code with package openapi.
//
// The types of TestDrift are chosen, those of TestProperty are random. More of the
// latter, or one that has failed:
//
//	DRIFT_TYPES=10000 go test ./internal/drift -run Property
//	DRIFT_SEED=4711 DRIFT_TYPES=1 go test ./internal/drift -run Property_requests
package drift
