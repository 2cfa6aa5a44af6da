// Command client is two services: a shop, which people ask, and a stock, which the shop
// asks by package client. Both import the package api, which has the types and operations
// of the stock. The way to the stock is an http.Client with two RoundTrippers: one adds a
// token, and one repeats a GET that was answered 503.
//
//	$ go run ./examples/client
//
// The shop passes on what the stock answers.
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
// A failure of the stock that the shop knows becomes one of its own, with what the stock
// tells about it.
//
//	$ curl http://127.0.0.1:8080/orders --json '{"sku":"dowels","amount":50}'
//	{"type":"about:blank","title":"Conflict","status":409,"detail":"there are only 7 left"}
//
//	$ curl http://127.0.0.1:8080/shelf/nails
//	{"type":"about:blank","title":"Not Found","status":404,"detail":"we do not sell nails"}
//
// Any other is a 502, and nobody reads the words of another service.
//
//	$ curl -i http://127.0.0.1:8080/shelf/glue
//	HTTP/1.1 502 Bad Gateway
//	Content-Type: application/problem+json
//	X-Content-Type-Options: nosniff
//	Content-Length: 57
//
//	{"type":"about:blank","title":"Bad Gateway","status":502}
package main
