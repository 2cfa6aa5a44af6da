// Command chain puts a service behind the chain that package middleware documents,
// with what that package leaves to other libraries at its place: tracing by
// otelhttp, CORS by rs/cors, protection against forged requests by
// http.CrossOriginProtection and a rate limit by httprate. The chain is in
// chain.go.
//
//	$ go run ./examples/chain
//
// An answer carries the fields of each, and is compressed for whoever takes that,
// with a tag of its own.
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
// A handler that panics and one that takes too long are answered as every other
// failure, and so is what the router and the other libraries refuse.
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
//	{"type":"about:blank","title":"Request Entity Too Large","status":413}
//
//	$ curl -s http://127.0.0.1:8080/articles -H 'Origin: https://evil.example' -H 'Sec-Fetch-Site: cross-site' --json '{}'
//	{"type":"about:blank","title":"Forbidden","status":403,"detail":"The request comes from another site."}
//
// The site that is allowed to may ask from its pages.
//
//	$ curl -s -o /dev/null -D - -X OPTIONS http://127.0.0.1:8080/articles -H 'Origin: https://app.example.com' \
//	    -H 'Access-Control-Request-Method: POST' -H 'Access-Control-Request-Headers: content-type' | grep -E '^(HTTP|Access)'
//	HTTP/1.1 204 No Content
//	Access-Control-Allow-Headers: content-type
//	Access-Control-Allow-Methods: POST
//	Access-Control-Allow-Origin: https://app.example.com
//
// The log of the server has one record for each of these, with the request ID, and
// with the stack of the panic.
package main
