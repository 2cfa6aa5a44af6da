//go:build race

package kittest

// RaceEnabled reports whether the tests run under the race detector.
const RaceEnabled = true
