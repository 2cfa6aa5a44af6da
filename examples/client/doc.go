// Command client is two services: a shop for people, and a stock that the shop calls with
// package client. Both import the package api, which has the types and operations of the
// stock. The http.Client of the shop has two RoundTrippers: one adds a token, and one
// repeats a GET that was answered 503.
//
//	$ go run ./examples/client
//
// The shop passes on the answer of the stock.
//
//	$ curl http://127.0.0.1:8080/shelf/dowels
//	{"sku":"dowels","left":12}
//
//	$ curl -i http://127.0.0.1:8080/orders --json '{"sku":"dowels","amount":5}'
//	HTTP/1.1 200 OK
//	Content-Type: application/json
//	X-Content-Type-Options: nosniff
//	Content-Length: 25
//
//	{"sku":"dowels","left":7}
//
// A stream is read as it arrives.
//
//	$ curl http://127.0.0.1:8080/shelf
//	dowels 7
//	pegs 3
//
// The shop knows one failure of the stock and answers with its own, with the details of
// the stock.
//
//	$ curl http://127.0.0.1:8080/orders --json '{"sku":"dowels","amount":50}'
//	{"type":"about:blank","title":"Conflict","status":409,"detail":"there are only 7 left"}
//
//	$ curl http://127.0.0.1:8080/shelf/nails
//	{"type":"about:blank","title":"Not Found","status":404,"detail":"we do not sell nails"}
//
// Any other failure is a 502 without the words of the other service.
//
//	$ curl -i http://127.0.0.1:8080/shelf/glue
//	HTTP/1.1 502 Bad Gateway
//	Content-Type: application/problem+json
//	X-Content-Type-Options: nosniff
//	Content-Length: 57
//
//	{"type":"about:blank","title":"Bad Gateway","status":502}
package main
