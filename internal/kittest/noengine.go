//go:build !tenon_engine

package kittest

// Engine reports whether the JSON engine reads and writes in place of the packages decode
// and encode, and allocates as it does.
const Engine = false
