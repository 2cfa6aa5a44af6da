//go:build !tenon_engine

package kittest

// AlwaysEngine reports whether the tests run with the build tag tenon_engine.
const AlwaysEngine = false
