// Package idempotency is middleware that runs a request with an Idempotency-Key once.
package idempotency
