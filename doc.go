// Package tenon fits typed Go functions into net/http. A handler is a function
//
//	func(ctx context.Context, in In) (Out, error)
//
// and [Handle] makes an [http.Handler] of it: package bind reads In from the
// path, query, header, cookies and body of the request, the function runs, and
// package respond turns what it returns into the response. Both ends are
// compiled once, when Handle is called, which is also when a declaration that
// cannot work panics.
//
// The result mounts on any router, goes into any middleware, and runs beside
// handlers that are written by hand.
//
//	step      rule
//	bind      what In declares and the request breaks answers 400, 413 or 415
//	function  runs only with an In that satisfies its declaration
//	error     answered by respond.Error; text of unknown errors is not sent
//	value     answered by its type: text, JSON, bytes, a redirect, a file
package tenon
