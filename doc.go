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
// The result goes into any router and any middleware, and runs beside handlers
// that are written by hand.
//
//	step      rule
//	bind      a request that breaks what In declares is answered 400, 413 or 415
//	function  runs only with an In that satisfies its declaration
//	error     is answered by respond.Error; the text of unknown errors is not sent
//	value     is answered by its type: text, JSON, bytes, a redirect, a file
//
// # Routes
//
// [Get] and its siblings make a [Route] of a function, [On] one of any handler,
// [Resource] several of a value with a method for each request method. [Routes]
// are plain data with the patterns of [http.ServeMux]; their methods change a
// copy, build addresses, and register them on a router:
//
//	Prefix, With, Tag   put a path, middleware, a tag on all of them
//	Check               reports all the faults of the table in one error
//	Mount               registers them on an http.ServeMux or a router of chi
//	Lookup, URL         find a route by name, and write its address
//
// Without routes, [View] serves the methods of such a value, and [Methods] a
// handler for each request method, at one path of any router.
package tenon
