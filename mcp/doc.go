// Package mcp offers routes as tools of the Model Context Protocol, so that agents call
// what is typed, documented and guarded already.
//
//	routes.Mount(mux)
//	service := middleware.AccessLog(log)(mux)
//
//	tools, err := mcp.New(mcp.Info{Name: "articles", Version: "1.0.0"}, service, tenon.Routes{list, get, create})
//	if err != nil {
//		return err // everything that keeps the routes from being tools
//	}
//	mux.Handle("/mcp", tools)
//
// Exactly the routes that are passed are tools. A call is a request to service, inside the
// process: the whole chain, so that nothing around the router is bypassed.
//
// # What a tool is
//
//	name           the operation id of the document: that of tenon.Named letter for letter,
//	               ArticlesGet for a function
//	title          the summary; the description is both texts of the Doc
//	arguments      one flat object: path values, query parameters, header fields, and the
//	               members of the body or the fields of the form, by their names on the wire.
//	               Two of one name are a fault, which names both
//	body           the one argument for a body that is no object: an array, a text
//	output schema  that of Out, where every success is JSON
//	hints          by the method, and by [Hints]
//
// Schemas are those of package openapi.
//
// # What an argument is sent as
//
//	array in a query, a header   repeated, with commas, or as a list: as the route reads it
//	object in a query            name[key]=value, of a parameter with the option deep
//	1.0 or 1e2 for an integer    1 and 100
//	null for a parameter         nothing
//	member of a body             as it is. Of a JSON body all that is no parameter is a member,
//	                             so that Strict, read-only members and maps are as over HTTP
//	member of a merge patch      left alone without an argument, and removed by null
//	any other unknown argument   refused: it would be lost
//	"." or ".." in a path        refused, and so is an empty segment
//
// # What is never an argument
//
// Cookies, values (value:"session"), fields that bind themselves, files, and the header
// fields Authorization, Cookie, Host, Origin, Forwarded, X-Forwarded-* and those that say
// how a message is sent. A route that requires one is a fault, and so is one behind a guard
// which asks for anything but Authorization. A value is for the service to find.
//
// Of the caller's request Authorization goes along, with its Host, and the address and the
// TLS of its connection. Cookies never do, nor does any other field, nor a value of the context.
//
// # What a result is
//
//	an object                     structured content, and the same as text
//	any other JSON value          {"result": value}
//	a value that may be missing   {"result": value}, or null in its place
//	application/x-ndjson          {"items": [...], "truncated": false}: up to [MaxAnswer], where
//	                              truncated is true and the context of the handler ends
//	plain text, HTML              text
//	an image, a sound             content of this kind; other bytes are an embedded resource
//	no body, a redirect           the status and the Location, which is not followed
//	a failure                     an error, whose text is the problem as it was sent, with the
//	                              same field errors as over HTTP
//	an answer over MaxAnswer      an error, and so is one that breaks off
//	text/event-stream             no tool: the route is a fault
//
// Where a stream can be sent as lines, a tool asks for lines. A handler whose types are not
// known, as one of tenon.On mostly is, is a fault.
//
// # Transport
//
// It is streamable HTTP without sessions, so that any process answers any call, and an
// answer is JSON. The context of a handler ends when the client gives its HTTP request up,
// as the protocol has it since the version 2026-07-28; the message notifications/cancelled
// of older versions needs a session and ends nothing by itself. A page of another origin is
// answered 403 ([TrustOrigins]), and so is a Host of elsewhere on a loopback address.
// Whoever may list the tools is for middleware around the handler to say.
package mcp
