// Package middleware has middleware for net/http. Each constructor returns a
// func([http.Handler]) [http.Handler], which fits alice, the method Use of chi and any other
// chain.
//
//	chain := alice.New(
//		middleware.RequestID(),
//		middleware.AccessLog(logger),
//		middleware.Recover(),
//		middleware.Secure(),
//		middleware.Timeout(10*time.Second),
//		middleware.BodyLimit(1<<20),
//		middleware.RouterErrors(),
//	)
//	h := chain.Then(mux)
//
// A bad argument or option panics when the middleware is built. The panic names all
// faults at once. Middleware is safe for concurrent use.
//
//	Recover        answers a panic with 500, or breaks the response off
//	RequestID      gives every request 128 random bits, in context, response and log
//	AccessLog      writes one slog record for every request
//	Timeout        ends the context after a time and answers 503; streams are exempt
//	BodyLimit      answers 413, before reading if Content-Length is there
//	ETag           makes entity tags from the body and answers 304 and 412
//	Headers        sets fixed header fields
//	Secure         sets the header fields that make browsers careful
//	NoStore        sets Cache-Control: no-store
//	TrailingSlash  redirects to the form of a path that the router knows
//	BasicAuth      asks for user and password (RFC 7617)
//	RouterErrors   gives a router's own 404 and 405 the form of other failures
//
// Two others are packages of their own: compression in
// github.com/tenonkit/tenon/middleware/compress, because it imports codecs, and the
// Idempotency-Key in github.com/tenonkit/tenon/middleware/idempotency.
//
// # The response writer
//
// The middleware keeps every ability of the writer of net/http, alone and in a chain, on
// HTTP/1 and HTTP/2: sendfile(2) by [io.ReaderFrom], flushing with its error, hijacking,
// deadlines, full duplex, informational responses, trailers and WriteString. They work by
// the methods of the writer and by [http.ResponseController]. The writer always has the
// method Flush. The error of [http.ResponseController.Flush] tells whether flushing
// works.
//
// All middleware of a chain shares one writer, which is one allocation for a request.
// ETag and compress add a layer of their own for the bodies that they change.
//
// # The order of a chain
//
// The first of a chain is the outermost. Each has its place for a reason:
//
//	RequestID     first: every record and every response has the ID
//	AccessLog     sees everything that is sent, also the status that Recover answers
//	ErrorBody     inside AccessLog, which sees what is sent, and outside Recover, so that its 500 and
//	              every refusal further in have the form of the service; the same holds for
//	              UseErrorHandler and MapErrors, all three of package respond
//	Recover       around everything that may panic; inside AccessLog, which then logs the 500
//	Secure        before anything that answers: failures have its fields too
//	CORS, CSRF    before there is work: a preflight ends here, and so does a forged request
//	rate limit    inside CORS: the page that asked can read the 429
//	Timeout       measures the handler, and not the refusals above
//	BodyLimit     inside Timeout: waiting for a body counts
//	Requests      of compress; inside BodyLimit, which counts the bytes as they are sent
//	compress      after the middleware above, whose answers are too short to compress
//	ETag          inside compress, which changes the tags of what it encodes
//	idempotency   inside compress, and inside the authentication
//	RouterErrors  next to the router, which clears or sets http.Request.Pattern
//	handler       the router, a File, a Handle
//
// The innermost ErrorBody or UseErrorHandler around a failure decides its form. Before
// that, every MapErrors around the failure is asked, the innermost first, wherever the
// other two stand.
//
// Middleware for some routes goes around those routes: BasicAuth, NoStore, another
// BodyLimit, another Timeout. TrailingSlash goes next to the router, inside RouterErrors.
//
// These come from others: tracing (otelhttp, outermost), CORS (rs/cors), CSRF
// ([http.CrossOriginProtection]), a rate limit (go-chi/httprate), and the address of a
// client behind a proxy (ClientIPFrom of chi, outside AccessLog). examples/chain is a
// program with all of them.
//
// # What middleware further out sees
//
// A router sets [http.Request.Pattern] on the request that it gets. Every middleware of
// this package sees the pattern in its own request, even if middleware between copies the
// request. The same holds for the form that a handler has parsed.
//
// Middleware of others that copies the request hides both. AccessLog outside such
// middleware still sees the pattern if RouterErrors is next to the router, or if tenon
// has mounted the routes on chi.
package middleware
