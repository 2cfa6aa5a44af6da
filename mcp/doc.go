// Package mcp offers routes as tools of the Model Context Protocol. So agents call routes
// that are typed, documented and guarded already.
//
//	routes := tenon.Routes{
//		tenon.Get("/articles/{id}", getArticle, tenon.Doc{Summary: "Get an article"}),
//		tenon.Post("/articles", createArticle, tenon.Doc{Summary: "Write an article"}),
//		tenon.Delete("/articles/{id}", deleteArticle),
//	}
//	mux := http.NewServeMux()
//	routes.Mount(mux)
//
//	// The first two are tools. No agent deletes.
//	tools, err := mcp.New(mcp.Info{Name: "articles", Version: "1.0.0"}, mux, routes[:2])
//	if err != nil {
//		panic(err)
//	}
//	mux.Handle("/mcp", tools)
//
// Only the routes that you pass are tools. A call is a request to the service, inside the
// process. It passes the whole chain around the router, so pass the handler that clients
// reach over the network.
//
// # What a tool is
//
//	name           the operation id of the document: what tenon.Named says, unchanged, or
//	               ArticlesGet for a function
//	title          the summary; the description is both texts of the Doc
//	arguments      one flat object: path values, query parameters, header fields, and the
//	               members of the body or the fields of the form, by their names on the wire.
//	               Two with one name are a fault
//	body           one argument for a body that is not an object: an array, a text
//	output schema  the schema of Out, if every success is JSON
//	hints          by the method, and by Hints
//
// Package openapi makes the schemas.
//
// # How arguments are sent
//
//	array in a query or a header  repeated, with commas, or as a list: as the route reads it
//	object in a query             name[key]=value, for a parameter with the option deep
//	1.0 or 1e2 for an integer     1 and 100, also in an object
//	null for a parameter          nothing is sent; the same for a member of an object in a query
//	member of a body              unchanged. Every argument that is not a parameter is a member of a JSON
//	                              body, so Strict, readOnly members and maps work as over HTTP
//	member of a merge patch       without the argument it stays; null removes it
//	any other unknown argument    refused, because it would be lost
//	"." or ".." in a path         refused, and so is an empty segment
//
// # What is never an argument
//
// These are never arguments: cookies, values (value:"session"), fields that bind
// themselves, files, header fields about the message such as Content-Length, and the
// header fields Authorization, Cookie, Host, Origin, Forwarded and X-Forwarded-*. A route
// that requires one of them is a fault, except for a value, which the service finds. A
// route behind a guard that no request can pass by Authorization is a fault as well.
//
// A call carries these parts of the caller's request: Authorization, Host, and the
// address and TLS state of its connection. It carries no cookies, no other header fields
// and no values of the context.
//
// # What a result is
//
//	an object                     structured content, and the same as text
//	any other JSON value          {"result": value}
//	a value that may be missing   {"result": value}, or null in its place
//	application/x-ndjson          {"items": [...], "truncated": false}. After MaxAnswer bytes, truncated is
//	                              true and the context of the handler ends
//	plain text, HTML              text
//	an image, a sound             content of this kind; other bytes are an embedded resource
//	no body, a redirect           the status and the Location, which is not followed
//	a failure                     an error with the problem as text, with the same field errors as over HTTP
//	an answer over MaxAnswer      an error, and so is an answer that breaks off
//	text/event-stream             no tool: the route is a fault
//
// If a stream can be sent as lines, the tool asks for lines. A handler with unknown
// types, as most handlers of tenon.On, is a fault.
//
// # Transport
//
// The handler speaks streamable HTTP without sessions, and answers with JSON. So every
// process of a service answers every call. The context of a handler ends when the client
// gives up its HTTP request, as in the protocol version 2026-07-28. The message
// notifications/cancelled of older versions needs a session and has no effect.
//
// A request of more than 4 MiB is answered 413. Protocol versions before 2025-06-18 have
// batches of messages. At most 32 messages of a batch are served. The others get an
// error, and their tools do not run.
//
// A page of another origin is answered 403: see [TrustOrigins]. So is a foreign Host on a
// loopback address. To restrict who may list the tools, put middleware around the
// handler.
package mcp
