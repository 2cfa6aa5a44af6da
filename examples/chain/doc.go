// Command chain puts a service behind the chain that package middleware documents. Other
// libraries fill the places that the package leaves to them: otelhttp for tracing,
// rs/cors for CORS, http.CrossOriginProtection against forged requests, and httprate for
// a rate limit. The chain is in chain.go.
//
//	$ go run ./examples/chain
//
// An answer has the fields of each. For a client that accepts it, the answer is
// compressed and has a tag of its own.
//
//	$ curl -s -o /dev/null -D - http://127.0.0.1:8080/articles/7 | grep -Ev '^X-(Request|Ratelimit)'
//	HTTP/1.1 200 OK
//	Content-Length: 2635
//	Content-Type: application/json
//	Etag: "WttVAr1exQDtaAF4KUBk7w"
//	Referrer-Policy: strict-origin-when-cross-origin
//	Vary: Origin, Accept-Encoding
//	X-Content-Type-Options: nosniff
//	X-Frame-Options: DENY
//
//	$ curl -s -o /dev/null -D - http://127.0.0.1:8080/articles/7 -H 'Accept-Encoding: gzip' | grep -E '^(HTTP|Content-E|Etag)'
//	HTTP/1.1 200 OK
//	Content-Encoding: gzip
//	Etag: "WttVAr1exQDtaAF4KUBk7w-gzip"
//
//	$ curl -s -o /dev/null -D - http://127.0.0.1:8080/articles/7 -H 'If-None-Match: "WttVAr1exQDtaAF4KUBk7w-gzip"' \
//	    -H 'Accept-Encoding: gzip' | grep -E '^(HTTP|Etag)'
//	HTTP/1.1 304 Not Modified
//	Etag: "WttVAr1exQDtaAF4KUBk7w-gzip"
//
// Every failure has the same form: a handler that panics, one that takes too long, and
// the refusals of the router and of the other libraries.
//
//	$ curl -s http://127.0.0.1:8080/crash
//	{"type":"about:blank","title":"Internal Server Error","status":500}
//
//	$ curl -s http://127.0.0.1:8080/slow
//	{"type":"about:blank","title":"Service Unavailable","status":503}
//
//	$ curl -s http://127.0.0.1:8080/nowhere
//	{"type":"about:blank","title":"Not Found","status":404}
//
//	$ head -c 2000000 /dev/zero | curl -s http://127.0.0.1:8080/articles -H 'Content-Type: application/json' --data-binary @-
//	{"type":"about:blank","title":"Request Entity Too Large","status":413,"detail":"the body is larger than 1048576 bytes"}
//
//	$ curl -s http://127.0.0.1:8080/articles -H 'Origin: https://evil.example' -H 'Sec-Fetch-Site: cross-site' --json '{}'
//	{"type":"about:blank","title":"Forbidden","status":403,"detail":"The request comes from another site."}
//
// The pages of the allowed site may send requests.
//
//	$ curl -s -o /dev/null -D - -X OPTIONS http://127.0.0.1:8080/articles -H 'Origin: https://app.example.com' \
//	    -H 'Access-Control-Request-Method: POST' -H 'Access-Control-Request-Headers: content-type' | grep -E '^(HTTP|Access)'
//	HTTP/1.1 204 No Content
//	Access-Control-Allow-Headers: content-type
//	Access-Control-Allow-Methods: POST
//	Access-Control-Allow-Origin: https://app.example.com
//
// The log of the server has one record for each of these, with the request ID. The record
// of the panic has the stack.
package main
