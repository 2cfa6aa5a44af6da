// Command pages renders html/template through a Shorthand of package respond. Failures
// have two forms: a page for the site, and an object for its API.
//
//	$ go run ./examples/pages
//
// A page, and one with a template that fails half-way: nothing of it is sent.
//
//	$ curl -i -s http://127.0.0.1:8080/
//	HTTP/1.1 200 OK
//	Content-Type: text/html; charset=utf-8
//	X-Content-Type-Options: nosniff
//	Content-Length: 61
//
//	<!doctype html>
//	<title>Home</title>
//	<p>Hello, &lt;world&gt;!
//
//	$ curl -i -s http://127.0.0.1:8080/broken
//	HTTP/1.1 500 Internal Server Error
//	Content-Type: text/html; charset=utf-8
//	X-Content-Type-Options: nosniff
//	Content-Length: 92
//
//	<!doctype html>
//	<title>Internal Server Error</title>
//	<h1>500 Internal Server Error</h1>
//	<p>
//
// Failures of the handlers and of the router, as pages.
//
//	$ curl -i -s http://127.0.0.1:8080/missing
//	HTTP/1.1 404 Not Found
//	Content-Type: text/html; charset=utf-8
//	X-Content-Type-Options: nosniff
//	Content-Length: 89
//
//	<!doctype html>
//	<title>Not Found</title>
//	<h1>404 Not Found</h1>
//	<p>there is no such page
//
//	$ curl -s http://127.0.0.1:8080/nowhere
//	<!doctype html>
//	<title>Not Found</title>
//	<h1>404 Not Found</h1>
//	<p>
//
// The same failures below /api/, where the inner error handler counts. The text of an
// unknown error stays on the server.
//
//	$ curl -i -s http://127.0.0.1:8080/api/missing
//	HTTP/1.1 404 Not Found
//	Content-Type: application/json
//	X-Content-Type-Options: nosniff
//	Content-Length: 71
//
//	{"error":"404 Not Found","status":404,"detail":"there is no such page"}
//
//	$ curl -s http://127.0.0.1:8080/api/pages/x
//	{"error":"400 Bad Request","status":400,"detail":{"pk":"must be an integer"}}
//
//	$ curl -s http://127.0.0.1:8080/api/failing
//	{"error":"500 Internal Server Error","status":500}
//
//	$ curl -i -s -X POST http://127.0.0.1:8080/api/missing
//	HTTP/1.1 405 Method Not Allowed
//	Allow: GET, HEAD, OPTIONS
//	Content-Type: application/json
//	X-Content-Type-Options: nosniff
//	Content-Length: 47
//
//	{"error":"405 Method Not Allowed","status":405}
package main
