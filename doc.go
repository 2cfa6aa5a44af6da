// Package tenon turns typed Go functions into handlers and routes for net/http.
//
//	type BookIn struct {
//		ID int `path:"id" minimum:"1"`
//	}
//	getBook := func(_ context.Context, in BookIn) (Book, error) {
//		return Book{ID: in.ID, Title: "Joinery"}, nil
//	}
//
//	mux := http.NewServeMux()
//	tenon.Routes{
//		tenon.Get("/books/{id}", getBook),
//	}.Mount(mux)
//
// Package bind reads In from the path, query, header, cookies and body of the request.
// Package respond writes the result. [Handle] makes the same handler as a plain
// [http.Handler], for any router and any middleware.
//
//	step      rule
//	bind      a request that does not fit In is answered 400, 413 or 415
//	function  runs only with an In that satisfies its declaration
//	error     respond.Error answers it; the text of an unknown error is not sent
//	value     its type decides the response: text, JSON, bytes, a redirect, a file
//
// The types and options are compiled once, at start-up. If they cannot work, Handle and
// [Routes.Mount] panic, and [Routes.Check] returns an error. Each reports all faults at
// once.
//
// # Routes
//
// A [Route] is a method, a pattern of [http.ServeMux] and a handler. It is data: making
// one never panics.
//
//	Get, Post, Put, Patch, Delete  a route of a typed function
//	On                             a route of any http.Handler
//	Resource                       the routes of a value that has methods Get, Post, ...
//	Op.Route                       a route that package client calls by its types
//
// [Routes] is a table of them. These methods return a changed copy of the table; a single
// Route has them too:
//
//	Prefix   puts a path before each pattern
//	With     puts middleware around each route
//	Tag      adds tags to each route
//	Options  gives each route options that its own override
//
// These use the table:
//
//	Check   reports all faults of the table in one error
//	Mount   registers the routes on an http.ServeMux or a router of chi
//	Lookup  finds a route by its name
//	URL     writes the address of a route
//
// [View] and [Methods] need no routes. They answer all methods of one path, on any
// router.
//
// # Options
//
// Every option of packages bind and respond is an [Option]:
//
//	tenon.Post("/books", create, bind.MaxBody(10_000), tenon.Doc{Summary: "New book"})
//
// If two options differ, the one nearer to the function wins. From the nearest to the
// farthest:
//
//	1  the options of Get, On, Resource or Op.Route
//	2  the Options of the Op
//	3  Route.Options and Routes.Options: an earlier call before a later one
//
// Within one list the later option wins. Formats and Docs add up instead, the farthest
// first; if two of them differ, the nearer wins. The order of the calls of Options and With
// makes no difference. An option that cannot work is a fault, reported with all others.
//
// # Limits
//
// Routes do not answer OPTIONS by themselves: middleware RouterErrors does, or one for
// CORS. chi treats some paths differently than [http.ServeMux]: see [Routes.Mount]. View and
// Resource call typed methods by reflection, which costs a few allocations for each request.
package tenon
