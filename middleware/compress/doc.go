// Package compress compresses the bodies of responses, and decodes the bodies of requests.
//
//	chain := alice.New(
//		middleware.Recover(),
//		compress.Requests(1<<20), // decode request bodies of up to 1 MiB
//		compress.New(),           // compress response bodies with zstd or gzip
//	)
//	h := chain.Then(page)
//
// # Requests
//
// [Requests] gives the handler a plain body of at most limit bytes:
//
//	Content-Encoding            the handler reads
//	zstd, gzip, x-gzip          the decoded body, without Content-Encoding and Content-Length
//	none, identity              the body as it was sent
//	another one, or several     nothing: the answer is a 415 with Accept-Encoding
//	any, without a body         no body
//
//	a body                                    gives
//	larger than limit when decoded            a *http.MaxBytesError of Read; a 413 before the
//	                                          handler if Content-Length tells
//	cut, changed or not in its coding         an error of Read with the StatusCode 400
//	in zstd with a window over 8 MiB, or      an error of Read with the StatusCode 400
//	a dictionary
//
// # Responses
//
// [New] compresses with zstd, gzip or a coding that [Coding] adds, such as br.
// Accept-Encoding of the client decides, over all its lines: the coding with the highest
// weight is used, or none if identity has the highest. Between equal weights a named
// coding comes before one that only "*" covers, which is gzip if possible. Then the
// coding that was added last comes first, and zstd comes before gzip.
//
//	response                                             compressed
//	has a type of DefaultTypes or Types, and MinSize     yes
//	has no Content-Type                                  if net/http detects such a type
//	is shorter than MinSize                              only if it is flushed, or if the client
//	                                                     refuses identity
//	is empty                                             no
//	answers HEAD                                         no, but it has the header fields of GET
//	is 204, 205, 206, 304 or 416, or has Content-Range   no
//	has Content-Encoding, or a digest of the content     no
//	no-transform in its or the request's Cache-Control   no
//	is text/event-stream                                 only if Types names it
//	is 101, or its connection is hijacked                no; offering an Upgrade changes nothing
//	answers CONNECT                                      no; the handler gets the writer itself
//
// A compressed response has Content-Encoding and neither Content-Length nor Accept-Ranges.
// Content-Encoding is set when the response starts, not before.
//
// Every response that depends on Accept-Encoding has Vary: Accept-Encoding, also one to
// HEAD, a 206, and one that the handler has encoded itself. A 304 has Vary only if its
// 200 is known to have it: by its Content-Type, by middleware ETag or package fileserve,
// or because the client sent the tag of a compressed body. Otherwise a cache would take
// over a Vary that the 200 may not have.
//
// # Validators
//
// A strong entity tag of a compressed response gets the coding as a suffix, as in
// "abc-gzip". A weak tag stays. In If-Match and If-None-Match the handler sees each tag
// twice: without its suffix, and then as it was sent, because a tag of its own may end
// like that. Both fields are lists (RFC 9110, section 13.1). A 304 has the tag with its
// suffix again, also if a proxy has made it weak.
//
// A range is a range of the plain body, under the tag of that body, so If-Range with the
// tag of a compressed body does not match. Range is ignored if it could mix two bodies:
// if If-Match has the tag of a compressed body, or if If-Range or If-Unmodified-Since has
// a date and the client accepts a coding.
//
// # Streams and failures
//
// The beginning of a body is held back until it reaches the minimum size. Flush ends this
// at once. Of a reader without a Content-Type, 512 bytes are held back. A body that is
// not compressed passes in one piece, so net/http can use sendfile(2).
//
// If the handler panics while the body is held back, nothing has been sent. If it panics
// later, if a reader fails, or if the body is shorter than its Content-Length, the
// compressed body gets no end and the connection is aborted by [http.ErrAbortHandler]. So
// the client sees the failure.
//
// # Secrets
//
// The length of a compressed body reveals parts of its content (BREACH). An attacker can
// find a secret in a response, such as a CSRF token, character by character, if three
// things hold: the attacker makes a browser send requests, their text comes back beside
// the secret, and the attacker sees the length of the response, even under TLS. Send such
// a response with Cache-Control: no-transform, or mask the secret with new random bytes
// in every response. This package does not add a random length, which would only slow the
// attack down.
package compress
