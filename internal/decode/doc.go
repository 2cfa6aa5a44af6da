// Package decode reads values as their declarations ask: it compiles the rules of a
// [shape.Site] into checks, once at start-up. It knows nothing about requests.
package decode
