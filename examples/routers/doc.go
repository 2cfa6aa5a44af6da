// Command routers mounts one table of routes on six routers. Routes.Mount knows
// http.ServeMux and chi. For gorilla/mux, httprouter, echo and gin there is one file
// each, which is all that a program needs for its router.
//
//	$ cd examples/routers && go run . -router gorilla
//
// Each file does the same: it translates the patterns, copies the unescaped values of the
// wildcards to the request, and sets its Pattern. The routes then answer the same on all
// six.
//
//	$ curl -i -s http://127.0.0.1:8080/articles/caf%C3%A9
//	HTTP/1.1 200 OK
//	Content-Type: application/json
//	X-Content-Type-Options: nosniff
//	Content-Length: 14
//
//	{"id":"café"}
//
//	$ curl -I -s http://127.0.0.1:8080/articles/7
//	HTTP/1.1 200 OK
//	Content-Length: 10
//	Content-Type: application/json
//	X-Content-Type-Options: nosniff
//
//	$ curl -i -s -X DELETE http://127.0.0.1:8080/articles/7
//	HTTP/1.1 204 No Content
//
//	$ curl -s http://127.0.0.1:8080/articles/far-too-long
//	{"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"path","name":"id","code":"maxLength","limit":"9","detail":"must have at most 9 characters"}]}
//
//	$ curl -s http://127.0.0.1:8080/files/img/a%20b.png
//	img/a b.png
//
//	$ curl -s http://127.0.0.1:8080/pattern
//	GET /pattern
//
// What a router answers by itself has these statuses, and text and header of its own. The
// comment of each function says what its router cannot do, such as %2F in a segment.
// Patterns with a host work only on http.ServeMux.
//
//	$ curl -s -o /dev/null -w '%{http_code}' http://127.0.0.1:8080/nowhere
//	404
//
//	$ curl -s -o /dev/null -w '%{http_code}' -X PUT http://127.0.0.1:8080/articles/7
//	405
package main
