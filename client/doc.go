// Package client calls the routes of a service with the types that serve them, over a
// network or in the same process.
//
//	// A package that both sides import:
//	var Greet = tenon.Op[GreetIn, Greeting]{Method: "GET", Pattern: "/greet/{name}"}
//
//	// The service:
//	mux := http.NewServeMux()
//	tenon.Routes{Greet.Route(greet)}.Mount(mux)
//
//	// A test of the service. Over a network, use client.New("https://example.com", client.Options{}).
//	c := client.InProcess(mux, client.Options{})
//	greeting, err := client.Call(ctx, c, Greet, GreetIn{Name: "Ada", Times: 2})
//
// A program with a client does not link the handlers of the service.
//
// # What is sent
//
// In is written as package bind reads it, so the handler gets an equal value. There are
// three exceptions: a time loses what its format has no place for, a nil slice or map may
// arrive as an empty one, and readOnly members do not arrive.
//
//	path, query, header, cookie    as text; left out if absence means the same value
//	form                           urlencoded, or multipart/form-data if a field takes files
//	bind.File                      streamed: see bind.NewFile
//	body:"json", body:"json,form"  JSON, with the media type of the contentType tag
//	body:"text", "bytes"           unchanged
//	body:"stream"                  the bytes of the reader; an io.Closer is always closed: also if
//	                               nothing is sent, or if ctx ends during the call
//	MarshalRequest                 a type with this method writes itself, such as
//	                               precondition.Headers
//	value, bind.Raw, *http.Request nothing
//
// If package bind would refuse In, nothing is sent and the error names the field.
// [Options.SendInvalid] sends it nevertheless. These values cannot be sent at all, and
// are always an error:
//
//	path      an empty segment, "." and ".."
//	numbers   NaN and the infinities
//	times     a year that does not have four digits
//	header    CR, LF, NUL; a space or tab at either end; in a list a comma outside quotation
//	          marks; a field that the transport writes, such as Content-Length
//	cookie    a semicolon, quotation mark, backslash, control character, or byte outside ASCII
//	Opt       null outside JSON; in JSON an absent one without omitzero
//	absence   a nil or an omitted member that would be read as a default
//	file      a zero File; a name that is a path or has a control character
//	body      an empty one, if the In requires a body; bind.Parts
//
// # What is read
//
// Out is read by the rules of package respond. The status must be the one of the type:
// 200 for a plain value, 201 for Created, any 2xx for Response, 204 for None. Redirects
// are not followed.
//
//	Response, OK, Created, ...     status, header and cookies of the outer wrapper, then Body by the
//	                               other rows; Set-Cookie is in Cookies and not in Header
//	OneOf                          the first field that may have the status; a type with a fixed status
//	                               comes before one with any
//	None                           nothing
//	Redirect                       the Location and the status, without Local
//	a nil pointer                  204
//	string, HTML, []byte           the body
//	io.ReadCloser, io.Reader       the body as it arrives; the caller closes it
//	a stream                       use Stream
//	everything else                JSON
//	any, http.Handler, fileserve.File, other readers    use Raw
//
// A client reads and writes JSON even if the Op has other formats. Unknown members are
// ignored. [Options.MaxBody] limits what is read into memory.
//
// # Failures
//
// If the answer is not an Out, the error is an [*Error] with the problem details of the
// service. If the call fails on the way, the error unwraps to the reason. A handler that
// returns either of them answers 502. So the words, fields and statuses of another server
// do not reach a client by accident.
package client
