// Package idempotency runs a POST or PATCH with an Idempotency-Key once, and gives a
// retry the same answer (draft-ietf-httpapi-idempotency-key-header).
//
//	userOf := func(r *http.Request) string {
//		user, _ := middleware.BasicAuthUser(r.Context())
//		return user
//	}
//	pay := func(ctx context.Context, in Payment) (Receipt, error) {
//		user, _ := middleware.BasicAuthUser(ctx)
//		// User and key are a unique index: if the row exists, Insert returns its receipt.
//		return ledger.Insert(user, idempotency.KeyFrom(ctx), in), nil
//	}
//	once := idempotency.New(idempotency.NewMemory(0), userOf)
//	routes := tenon.Routes{tenon.Post("/payments", pay)}.With(login, once)
//
// There is one gap: if the process is killed between the work of the handler and the
// record of its answer, a retry runs the handler again. So a handler that must never do a
// thing twice stores the key with it, in a unique column.
//
// # Requests
//
// A key belongs to a scope, such as the user, and to the method and the target of the
// request as the client sent them, without the host. If several hosts share a store, put
// the host into the scope. Bodies are compared byte for byte.
//
//	GET, HEAD, PUT, DELETE and others  pass
//	no Idempotency-Key                 passes; 400 with Require
//	an invalid key                     400: two lines, a list, parameters, a bad escape, an empty key, a character
//	                                   that is not printable ASCII, more than 255 bytes
//	scope returns ""                   401
//	the first request with the key     runs
//	the same request, while it runs    409 with Retry-After
//	another body, while it runs        409 with Retry-After; 422 once the hash of the first body is in the lease
//	the same request, later            the first answer, with Idempotency-Replayed: true. If that was not kept: 409
//	                                   without Retry-After; the request does not run
//	another body, later                422
//	the store cannot be reached        503 with Retry-After, before the handler runs; logged
//
// The key is a string of RFC 9651, in quotation marks. The same text without quotation
// marks is the same key, if it has neither a space nor one of " , ; \. Every refusal is
// answered by [github.com/tenonkit/tenon/respond.Error] and tells the client what to do.
// Within Routes.With, the document of package openapi has the header field and the
// statuses 400, 409 and 422. Around a router it does not.
//
// # Answers
//
// An answer is held back until the handler has returned, then stored, then sent. So every
// client that has got an answer can get it again, and a handler that panics has sent
// nothing.
//
//	2xx and 3xx                        kept for the time of TTL
//	4xx and 5xx                        not kept: the same key may run again, also with another body
//	an answer that breaks off          not kept: the same key may run again. It breaks off by a panic, by a body
//	                                   shorter than its length, or by a stream that ends with a failure
//	a body of more than MaxAnswer      sent as it comes and not kept: a retry is answered 409
//	a stream: Flush or Hijack          not kept: a retry is answered 409
//	an answer that the store refuses   not kept: a retry is answered 409; logged. It may be too long for the store
//	a large unread request body        not kept: a retry is answered 409, because it could not be compared. The handler
//	                                   has left more than 1 MiB of the body
//	the client has left                kept as well
//
// The status, the body and the header fields that the handler has set or deleted are
// kept. Header fields that other middleware sets around it, such as CORS, are set anew
// for the retry. Set-Cookie, X-Request-Id, trailers and the fields of one connection (RFC
// 9110, section 7.6.1) are sent only to the first client.
//
// Up to 1 MiB of the request body that the handler has not read is read before the header
// is written, because net/http gives up the body once the answer begins. So a client must
// not wait for the answer before it sends the rest of its body, unless the handler
// flushes.
//
// # Its place in the chain
//
// Put it inside the authentication and the authorization, so that a replay passes them
// too. With a guard of package openapi, write session.Protect(routes.With(once)) and use
// session.From in the scope.
//
// Put it inside compress, so that the stored answer has no coding and each client gets
// its own. A Content-Encoding that the handler sets itself is stored with its body. Put
// it inside AccessLog and Recover; a Recover further in works too.
//
// # Leases
//
// While a request runs, its process renews a lease of 30 seconds in the store, every ten
// seconds. If the process is killed, the key stays locked until the lease ends. The end
// is compared with the clock of the process that reads it. So the clocks of processes
// that share a store must not differ by ten seconds. If a process stops for longer than
// its lease, another one may run the request. Then the answer that was kept first stays.
//
// The context of the handler ends if its client leaves. What the handler then answers
// counts: a 2xx is kept, a failure is not.
package idempotency
