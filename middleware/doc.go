// Package middleware holds middleware for net/http, each a constructor that
// returns a func([http.Handler]) [http.Handler], so that it fits any chain.
package middleware
