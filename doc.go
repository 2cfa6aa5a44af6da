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
// [Resource] several of a value with a method for each request method, and an [Op],
// which clients know too, the one that it names. A Route is data: it panics nowhere,
// and its handler is made when it is asked for. [Routes] have the patterns of
// [http.ServeMux]; their methods change a copy, build addresses, and register them
// on a router:
//
//	Prefix, With, Tag   put a path, middleware, a tag on all of them; a single Route has these too
//	Options             puts options beneath those of each; a single Route has it too
//	Check               reports all the faults of the table in one error
//	Mount               registers them on an http.ServeMux or a router of chi
//	Lookup, URL         find a route by name, and write its address
//
// Without routes, [View] serves the methods of such a value, and [Methods] a
// handler for each request method, at one path of any router.
//
// # Options
//
// Every option of packages bind and respond is an [Option] as it is:
//
//	tenon.Post("/articles", create, bind.MaxBody(10_000), tenon.Doc{Summary: "New article"})
//
// Where two options differ, the one nearer to the function counts:
//
//	nearest   options of Get, On, Resource or Op.Route
//	          Options of the Op
//	          Route.Options, Routes.Options: of two calls the earlier one
//	farthest  the last call of Routes.Options
//	in a list the later one
//
// Formats and Docs add up instead, the farthest first, and within them the nearer
// counts. The order of Options and With makes no difference. An option that cannot work
// is a fault of the declaration, reported with all others.
package tenon
