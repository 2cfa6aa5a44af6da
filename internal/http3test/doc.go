// Package http3test runs the conformance table of the middleware over HTTP/3. It is
// a module of its own for the sake of its dependency.
package http3test
