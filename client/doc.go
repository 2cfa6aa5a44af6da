// Package client calls the routes of a service by the types that serve them, over a
// network or in the same process.
//
// A [tenon.Op] is declared once, in a package that the service and its clients import:
//
//	package api
//
//	var GetArticle = tenon.Op[ArticleKey, Article]{Method: "GET", Pattern: "/articles/{id}"}
//
// The service makes a route of it with api.GetArticle.Route(store.Get), and a client calls
// it:
//
//	c, err := client.New("https://example.com", client.Options{})
//	article, err := client.Call(ctx, c, api.GetArticle, api.ArticleKey{ID: 7})
//
// Nothing of the handlers is linked into the client. A test of the service is the same
// call, by a client of [InProcess], without a server:
//
//	c := client.InProcess(service.Handler(), client.Options{})
//
// # What is sent
//
// In is written as package bind reads it, so that the handler gets an equal value. A time
// loses what its format has no place for, a nil slice or map may arrive as an empty one, and
// members that the service alone fills do not arrive.
//
//	path, query, header, cookie    their texts; what an absent parameter would be bound to
//	                               anyway is left out
//	form                           urlencoded, or multipart/form-data where a field takes files
//	bind.File                      streamed: see [bind.NewFile]
//	body:"json", body:"json,form"  JSON, with the media type of a contentType tag
//	body:"text", "bytes"           as it is
//	body:"stream"                  what the reader has; an io.Closer is closed, also where
//	                               nothing is sent, and where ctx ends while it is read
//	MarshalRequest                 a field whose type has the method writes itself, such as
//	                               precondition.Headers
//	value, bind.Raw, *http.Request nothing
//
// What package bind would refuse is an error that names the field, and nothing is sent,
// unless [Options.SendInvalid] asks for it. So is what no request can carry, whatever the
// options say:
//
//	path      an empty segment, "." and ".."
//	numbers   NaN and the infinities
//	times     a year without four digits
//	header    CR, LF and NUL, a space or tab at an end; in a list a comma outside of quotation
//	          marks; a field that the transport writes, such as Content-Length
//	cookie    a semicolon, a quotation mark, a backslash, a control, a byte outside of ASCII
//	Opt       null outside of JSON; in JSON an absent one without omitzero
//	absence   a nil, or a member that is left out, which would be read as a default
//	file      a zero File; a name that is a path or has a control character
//	body      one without content, where the In has to have one; bind.Parts
//
// # What is read
//
// Out is read by the rules of package respond. Redirects are not followed, and the status is
// the one that the type has: 200 for a plain value, 201 for a Created, any 2xx for a
// Response, 204 for None.
//
//	Response, OK, Created, ...     status, header and cookies, the outer wrapper's alone, then
//	                               the row of Body; Set-Cookie is in Cookies and not in Header
//	OneOf                          the field of the status; of several the one whose type says it
//	None                           nothing
//	Redirect                       the Location and the status, not the Local
//	a nil pointer                  204
//	string, HTML, []byte           the body
//	io.ReadCloser, io.Reader       the body as it arrives, for the caller to close
//	a stream                       by [Stream]
//	everything else                JSON
//	any, http.Handler, fileserve.File, other readers    by [Raw]
//
// A client speaks JSON also where the Op has other formats. Unknown members are ignored.
// What is read into memory is bounded by [Options.MaxBody].
//
// # Failures
//
// An answer that is no Out is an [*Error], with the problem details of the service. A
// failure on the way unwraps to its reason. Both answer 502 when a handler returns them, so
// that nothing of another server's words, fields and statuses gets to a client by accident.
package client
