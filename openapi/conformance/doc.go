// Package conformance holds the documents of package openapi against tools that
// others have written: OpenAPI validators and linters, and generators of clients.
// A JSON Schema validator is held against the one by which package internal/drift
// compares documents with package bind. It has only tests, in a module of its own,
// so that the tools are no dependency of tenon.
//
// The tests of linters, of TypeScript and of the official schema need
// `npm ci --ignore-scripts` in this directory, and say so where it has not been
// run.
package conformance
