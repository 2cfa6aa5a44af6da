// Package kittest holds what the tests of this module share: a handler behind
// real HTTP/1.1 and HTTP/2 servers, middleware that treats its neighbors
// badly, a body that breaks half-way, and allocation budgets.
package kittest
