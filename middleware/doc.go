// Package middleware holds middleware for net/http. Each constructor returns
// exactly a func([http.Handler]) [http.Handler], so that it fits alice, the method
// Use of chi and any other chain. It is built once, and many requests use it at
// once. A bad argument or option panics when it is built, with everything
// that is wrong at once.
//
//	Recover        a panic is a 500, or a response that is seen to be truncated
//	RequestID      128 random bits for every request, in context, response and log
//	AccessLog      one slog record for every request
//	Timeout        the context ends after a time; 503; streams opt out
//	BodyLimit      413, before reading where Content-Length tells
//	ETag           entity tags made from the body, 304 and 412
//	Headers        fixed header fields
//	Secure         the header fields that make browsers careful
//	NoStore        Cache-Control: no-store
//	TrailingSlash  redirects to the form of a path that the router knows
//	BasicAuth      user and password (RFC 7617)
//	RouterErrors   a router's own 404 and 405 in the form of other failures
//
// Compression is in package [github.com/tenonkit/tenon/middleware/compress], for
// the sake of those who do not import its codecs, and the Idempotency-Key in package
// [github.com/tenonkit/tenon/middleware/idempotency].
//
// # What the writer can do
//
// None of them takes an ability of net/http away: sendfile(2) by [io.ReaderFrom],
// flushing with its error, hijacking, deadlines, full duplex, informational
// responses, trailers and WriteString work behind each of them and behind all of
// them, on HTTP/1 and HTTP/2, by the methods of the writer or by
// [http.ResponseController]. They share one writer, which is one allocation for a
// request; ETag and compress put a layer of their own before it for the bodies
// that they change. Whether something can be flushed is what the error of
// [http.ResponseController.Flush] tells: the writer has the method in any case.
//
// # The order of a chain
//
// The first of a chain is the outermost. Beside each is why it has that place:
//
//	RequestID     first, so that every record and every response has the ID
//	AccessLog     sees all that is sent, with the status that Recover answers
//	ErrorBody     inside of AccessLog, which sees what is sent, and outside of Recover, so that
//	                  its 500 and every refusal further in have the form of the service; so are
//	                  UseErrorHandler and MapErrors, all three of package respond
//	Recover       around all that may panic, and inside of AccessLog, which then logs the 500
//	Secure        before anything that answers, so that failures have its fields too
//	CORS, CSRF    before there is work: a preflight ends here, and so does a forged request
//	rate limit    inside of CORS, so that the page that asked can read the 429
//	Timeout       counts the time of the handler, not that of the refusals above
//	BodyLimit     inside of Timeout: waiting for a body counts
//	Requests      of compress, inside of BodyLimit, which counts the bytes that are sent
//	compress      after those, which answer without a body worth compressing
//	ETag          inside of compress, which changes the tags of what it encodes
//	idempotency   inside of compress, and of what finds out who sends a request
//	RouterErrors  next to the router, which clears or sets http.Request.Pattern
//	handler       the router, a File, a Handle
//
// The innermost of ErrorBody and UseErrorHandler around a failure decides its form.
// Every MapErrors around it is asked first, the innermost first, wherever the other
// two stand.
//
// What is for some routes only goes inside, around those: BasicAuth, NoStore,
// another BodyLimit, another Timeout. TrailingSlash goes next to the router, inside
// of RouterErrors. Tracing (otelhttp) goes first of all. For CORS take rs/cors, for
// CSRF [http.CrossOriginProtection], for the address of the client behind a proxy
// the ClientIPFrom middleware of chi, outside of AccessLog, and for a rate limit
// go-chi/httprate; examples/chain is a program with all of them.
//
// # What is seen outside
//
// The pattern of the route, which a router sets on the request that it is given,
// is seen in the request of every middleware further out, though some of them hand
// a copy on; the same holds for the form that a handler has parsed. Middleware of
// others that copies the request hides both, but for AccessLog outside of it, if
// RouterErrors is next to the router or the routes are mounted on chi by tenon.
package middleware
