// Package respond turns Go values and errors into HTTP responses. A handler returns what it
// has found or what went wrong; the package chooses status, header fields and body.
//
//	mux.Handle("GET /articles/{id}", respond.Func(func(r *http.Request) (any, error) {
//		article, ok := articles[r.PathValue("id")]
//		if !ok {
//			return nil, respond.NotFound("there is no such article")
//		}
//		return respond.OK[Article]{Body: article}.WithETag(`"7"`), nil
//	}))
//
// [Write] sends a value, [Error] answers with an error, and a [Func] is a handler that returns
// either. [New] and [For] take options. For decides at start-up how the values of one type
// are sent; Write decides for each value.
//
// # Values
//
// The type of a value decides how it is sent, by the first row that fits. Methods may belong
// to the type or to a pointer to it. A pointer is sent as the value that it points to.
//
//	value                                 response
//	nil interface, pointer or function    204, no body
//	Response, OK, Created, Accepted,      status, header fields and cookies of the wrapper,
//	    NoContent                             then the row of its Body
//	the type of a Shorthand               what its function writes
//	a struct that embeds OneOf            the row of the one field that is set
//	http.Handler, such as Redirect        what it serves; header fields of wrappers are set
//	                                          before, and their status replaces a 200
//	error                                 Error answers; wrappers have no effect
//	None                                  204, no body
//	HTML, HTML of html/template           text/html; charset=utf-8
//	RawMessage of encoding/json           application/json, unchanged
//	a type with methods for JSON or text  application/json, or another of the Formats
//	string, types of its kind             text/plain; charset=utf-8
//	[]byte, types of its kind             application/octet-stream, unchanged
//	io.Reader, io.WriterTo                application/octet-stream; an io.Closer is closed
//	everything else                       application/json, or another of the Formats
//
// The status is 200 unless a wrapper sets another. Text is never sent as HTML. If a Body is
// nil or None, the response has the status of the wrapper and no body.
//
// A value may have methods that describe its response. Wrappers override them:
//
//	StatusCode() int           the status; zero means 200
//	Headers() http.Header      header fields to add
//	ContentType() string       the media type
//
// # Responses
//
//   - A value is encoded before anything is sent. If that fails, the answer is a 500.
//   - The body is one write.
//   - The Content-Type of a wrapper, or else one that is already set on the response,
//     overrides the table.
//   - Every body has the header field X-Content-Type-Options: nosniff.
//   - HEAD gets the header of GET, whatever the size of the body.
//   - The statuses 204, 205 and 304 have no body, and no header fields that describe one
//     (RFC 9110, section 15).
//   - A status outside 200..599, a header field with a control character and an invalid
//     cookie are a 500.
//
// A member with the tag writeOnly:"true" is never sent, at any depth: not in JSON, in an item
// of a stream or in an extension of a problem. Other Formats get a copy of the value in which
// the member is zero. The tag on an embedded struct counts for all of its fields. A type with
// a method MarshalJSON or MarshalText cannot have such a member: that is a fault at start-up,
// or a 500 if the value comes in an interface. The tag has no effect on handlers and
// Shorthands, which write themselves.
//
// # Readers
//
// The response to a reader has a Content-Length in these cases:
//
//   - The reader has a method Len() int.
//   - It has the methods Seek and Size() int64.
//   - It has the methods Seek and Stat of a regular file, such as an [os.File].
//   - It ends within 4 KiB.
//
// A reader that fails before anything is sent is a 500. If it fails later, the connection is
// aborted, so that the client sees a truncated response.
//
// # Failures
//
// [Error] has the rules. A client sees only what an author wrote for it, as a [Problem]. The
// text of any other error goes to the log. [NotFound] and similar functions make the common
// problems. A [ProblemType] is a kind of problem that clients recognize by its URI.
//
// Middleware changes how the failures of the handlers behind it are answered:
//
//	MapErrors         replaces errors of other packages
//	ErrorBody         sends failures in a form of yours, which the document has too
//	UseErrorHandler   calls a function of yours, which answers failures
//
// # Limits
//
// No request makes this package panic, except in one case: if a response fails after it has
// started, the package panics with [http.ErrAbortHandler], so that net/http aborts the
// connection. For HTTP/1.0 it resets the connection first.
package respond
