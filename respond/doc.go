// Package respond turns Go values and errors into HTTP responses.
//
// [Write] answers with a value, [Error] with an error; [Func] is a handler that
// returns either. [For] decides for one static type at start-up what Write
// decides for each value, and [New] and [For] take options.
//
// # Values
//
// The first row that fits decides. Methods may belong to the type or to a
// pointer to it, and a pointer to one of these types is sent as what it points
// to.
//
//	nil: an interface, pointer or function   204, no body
//	Response, OK, Created, Accepted,         their status, header fields and
//	    NoContent                                cookies, then the row of Body
//	the type of a Shorthand                  its function
//	a struct that embeds OneOf               the row of its one field that is set
//	http.Handler, such as Redirect           serves itself; header fields of
//	                                             wrappers are set first, and their
//	                                             status takes the place of a 200
//	error                                    Error answers; wrappers do not apply
//	None                                     204, no body
//	HTML, and HTML of html/template          text/html; charset=utf-8
//	RawMessage of encoding/json              application/json, byte for byte
//	a type that marshals itself to JSON      application/json, or another of the
//	    or to text                               Formats
//	string and types of its kind             text/plain; charset=utf-8
//	[]byte and types of its kind             application/octet-stream, byte for
//	                                             byte
//	io.Reader, io.WriterTo                   application/octet-stream; closed if
//	                                             it is an io.Closer
//	everything else                          application/json, or another of the
//	                                             Formats
//
// The status is 200 unless a wrapper names another. Text is never taken for
// HTML, whatever it looks like and whatever the client accepts. A Body that is
// nil or None has the status of its wrapper and no body.
//
// A value may carry more about its response, which wrappers override:
//
//	StatusCode() int           the status; zero says nothing
//	Headers() http.Header      header fields to add
//	ContentType() string       the media type
//
// # Responses
//
// A value is encoded completely before the first header field is set, so what
// cannot be encoded is a 500 and nothing else. The body is one write. The
// Content-Type that a wrapper names, or else the one that is set on the
// response, wins over the table. Every body carries X-Content-Type-Options:
// nosniff. HEAD gets the header of GET at every size. The statuses 204, 205 and
// 304 have no body and no fields that describe one (RFC 9110, section 15).
//
// A status outside 200..599, a header field that holds a control character and
// an invalid cookie are a 500.
//
// A member with the tag writeOnly:"true" is never sent: not in JSON, be it in an element, in
// an interface, in an item of a stream or in an extension of a problem. The other Formats
// get a copy of the value in which it is zero. On an embedded struct the tag is about all of
// its fields. A type that writes itself, by MarshalJSON or MarshalText, cannot have such
// fields: that is a fault at start-up, and where the type stands in an interface a 500.
// What serves itself, and a Shorthand, write what they write.
//
// # Readers
//
// A reader has a Content-Length if it has a method Len() int, or has Seek and
// either Size() int64 or, like a regular [os.File], Stat; otherwise if it ends
// within 4 KiB. One that fails before anything is sent is a 500, later the
// connection is broken off, so that the client sees a truncated response.
//
// # Failures
//
// [Error] has the rules. Only what an author wrote for clients, a [Problem], is
// ever sent: the text of an error goes to the log. A client that left is no
// failure; a request that the server has ended is a 503. Below one point of a chain
//
//	MapErrors         says what errors of other packages mean
//	ErrorBody         gives failures a form that is declared, so that the document has it
//	UseErrorHandler   lets a function answer them
//
// [NotFound] and its siblings make the common problems, and a [ProblemType] those of
// a kind that clients know by its URI.
//
// Requests do not make this package panic, with one exception that is meant for
// net/http: a response that fails after it has started is broken off by a panic
// with [http.ErrAbortHandler]. For HTTP/1.0 the connection is reset before.
package respond
