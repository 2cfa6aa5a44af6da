// Package compress compresses the bodies of responses, and decodes those of
// requests.
//
//	chain := alice.New(middleware.Recover(), compress.Requests(1<<20), compress.New())
//
// # Requests
//
// [Requests] gives the handler a plain body, of at most so many bytes:
//
//	Content-Encoding                         the handler runs, and reads
//	zstd, gzip, x-gzip                       the decoded body, without Content-Encoding and Content-Length
//	none, identity                           the body as it was sent
//	another one, or several                  no: 415 with Accept-Encoding
//	any, without a body                      nothing
//
//	a body                                   Read returns
//	over the limit when it is decoded        *http.MaxBytesError; with a Content-Length that tells,
//	                                             413 before the handler
//	that is cut, changed or not in its       an error whose StatusCode is 400
//	    coding
//	with a zstd window over 8 MiB, or a      an error whose StatusCode is 400
//	    dictionary
//
// # Responses
//
// [New] compresses the bodies of responses. The client's Accept-Encoding decides among zstd and gzip, and codings such as
// br that are added by [Coding]: by weight, over all lines of the field; then a
// coding that is named before one that only "*" covers, which is gzip where
// possible; then the last added first, and zstd before gzip. A client that
// weighs identity highest gets it.
//
//	response                                          is compressed
//	a type of DefaultTypes or Types, of MinSize       yes
//	without Content-Type                              if net/http finds such a type in it
//	shorter than MinSize                              no; yes if it is flushed, or the client refuses identity
//	empty                                             no
//	HEAD                                              has the fields of GET, no codec runs
//	204, 205, 206, 304, 416, Content-Range            no
//	with Content-Encoding, or a digest of the content no
//	Cache-Control: no-transform, there or in request  no
//	text/event-stream                                 only if Types names it
//	101, or a connection that is hijacked             no; an Upgrade that is only offered changes nothing
//	CONNECT                                           no, and the handler sees the writer as it is
//
// A compressed response has Content-Encoding, which is set when it starts and
// not before, and neither Content-Length nor Accept-Ranges. Every response that
// another Accept-Encoding might have changed has Vary: Accept-Encoding, those to
// HEAD, those with 206 and those that the handler has encoded by itself too. A 304
// has it if its 200 is known to have it: from its Content-Type, from middleware
// ETag or package fileserve where they answer, or because the client has the tag of
// a compressed body. Otherwise it has none, since a cache keeps the Vary that it has
// and would take a new one for the truth.
//
// # Validators
//
// A strong entity tag gets the coding as a suffix, "abc-gzip", because the bytes
// are others; a weak one stays. In If-Match and If-None-Match the handler sees the
// tags without their suffixes in front of the tags as they came, in the same line:
// the fields are lists (RFC 9110, section 13.1), and the handler may have tags of
// its own that end like that. A 304 has the tag with the suffix again. A proxy may
// have made the tag in If-None-Match a weak one.
//
// A range is one of the plain body, under its own tag. If-Range with a tag of a
// compressed body does not match that. Where If-Match names a compressed body, or
// If-Range or If-Unmodified-Since a date, which could mean either body of a client
// that takes a coding, Range is ignored, so that two bodies are never mixed.
//
// # Streams and failures
//
// The beginning of a body is held back until it has the minimum size, and Flush
// ends that at once. Of a reader without Content-Type 512 bytes are looked at.
// What is not compressed passes in one piece, so that net/http reaches
// sendfile(2).
//
// A panic while the body is held back leaves nothing of the response. Later, and
// where a reader fails in the middle of a body or the body falls short of its
// Content-Length, the compressed body does not get its end, and the connection is
// aborted by [http.ErrAbortHandler], so that the client sees the failure.
//
// # Secrets
//
// The length of a compressed body tells about its content. An attacker who can
// make a browser send requests, whose text comes back in the response, and who
// sees the length of the response under TLS, finds out a secret in it, such as a
// CSRF token, character by character (BREACH). Keep responses that carry a secret
// beside text from the request uncompressed by Cache-Control: no-transform, or
// mask the secret anew for every response. This package adds no random length: it
// makes the attack slower and does not end it.
package compress
