// Package idempotency runs a POST or PATCH that has an Idempotency-Key once, and answers
// a retry with what was answered then
// (draft-ietf-httpapi-idempotency-key-header). It is at-least-once where the process is
// killed between what the handler has done and the record of its answer: the retry then
// runs again. A handler that must not do a thing twice stores the key with it, in a column
// that is unique:
//
//	once := idempotency.New(idempotency.NewMemory(0), userOf)
//	routes = routes.With(once)
//
//	func (s *Store) Pay(ctx context.Context, in Payment) (Receipt, error) {
//		// unique (user_id, idempotency_key): a second row is an error of the database,
//		// and the receipt of the first one is the answer
//		return s.insert(ctx, in, idempotency.KeyFrom(ctx))
//	}
//
// # Requests
//
// A key belongs to a scope, such as the user, and to the method and the target of the
// request as they were sent, without the host; a service of several hosts that share a
// store has the host in its scope. The body is compared byte for byte.
//
//	GET, HEAD, PUT, DELETE and other methods          pass
//	no Idempotency-Key                                passes; 400 with Require
//	two lines, a list, parameters, a bad escape,      400
//	    an empty key, one that is not printable ASCII
//	a key of more than 255 bytes                      400
//	scope returns ""                                  401
//	the first request of the key                      runs
//	the same again, when that is done                 its answer, with Idempotency-Replayed: true
//	another body, when that is done                   422
//	any, while the first one runs                     409 with Retry-After; 422 for another body once the hash
//	                                                      of the first one is in its lease
//	the same again, where the answer was not kept     409 without Retry-After: it does not run
//	the store cannot be reached                       503 before the handler runs, with Retry-After; logged
//
// The key is a string of RFC 9651, in quotation marks; the same text without them is the
// same key, where it has neither spaces nor any of " , ; \. Every refusal goes through
// [github.com/tenonkit/tenon/respond.Error] and says what the client can do. Within
// Routes.With the document of package openapi has the header field, 400, 409 and 422;
// around a router it does not.
//
// # Answers
//
// An answer is held back until the handler has returned, is kept, and is sent then. So
// whoever has it can have it again, and a handler that panics has sent nothing.
//
//	2xx and 3xx                                       kept for the time of TTL
//	4xx and 5xx                                       not kept: the same key may be sent again, with a
//	                                                      body that is corrected too
//	a panic, a body shorter than its length, a stream not kept: who breaks off may run again
//	    that its own failure has ended
//	a body of more than MaxAnswer bytes               sent as it comes; leaves a mark, so that a retry is 409
//	an answer that the store refuses, such as one     the same; logged
//	    that is too long for it
//	a stream: Flush or Hijack                         the same
//	a request body of which the handler leaves more   the same: a retry could not be told from
//	    than 1 MiB unread                                 another request
//	the client has left meanwhile                     kept as well
//
// What is kept are the status, the body and the header fields that the handler has set or
// deleted. Those that other middleware sets around it, such as CORS, are set anew for the
// retry. Set-Cookie, X-Request-Id and the fields of one connection (RFC 9110, section
// 7.6.1) are for the first client alone.
//
// What the handler leaves of its body is read before the header is written, up to 1 MiB,
// since net/http gives a body up once the answer begins. A client that waits for the
// answer before it sends the rest of its body waits in vain, unless the handler flushes.
//
// # Its place in the chain
//
// Inside of what finds out who sends a request and whether he may, so that a replay passes
// it first: with a guard of package openapi, session.Protect(routes.With(once)), and
// session.From in the scope. Inside of compress, so that what is kept has no coding and
// each client gets its own: a Content-Encoding that a handler sets by itself is kept with
// its body. Inside of AccessLog and Recover; a Recover further in works too.
//
// # Leases
//
// While a request runs, its process renews a lease of 30 seconds in the store, every ten
// seconds. A process that is killed leaves the key locked until the lease ends. The end is
// compared with the clock of the process that reads it, so the clocks of processes that
// share a store must not differ by ten seconds. A process that is stopped for longer than
// its lease may find that another one has run the request meanwhile: the answer that was
// kept first stays.
//
// The handler's context still ends when its client leaves, and what it answers then counts:
// a 2xx is kept, a failure is not.
package idempotency
