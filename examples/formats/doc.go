// Command formats adds CBOR to what a handler reads and writes, with a codec that tenon
// does not know:
//
//	$ cd examples/formats && go run .
//
// Accept chooses the format of the answer. The default is JSON.
//
//	$ curl -i -s http://127.0.0.1:8080/mirror --json '{"x":1,"y":2}'
//	HTTP/1.1 200 OK
//	Content-Type: application/json
//	Vary: Accept
//	X-Content-Type-Options: nosniff
//	Content-Length: 13
//
//	{"x":2,"y":1}
//
//	$ curl -s http://127.0.0.1:8080/mirror --json '{"x":1,"y":2}' -H 'Accept: application/xml'
//	<?xml version="1.0" encoding="UTF-8"?>
//	<Point><X>2</X><Y>1</Y></Point>
//
//	$ curl -s http://127.0.0.1:8080/mirror --json '{"x":1,"y":2}' -H 'Accept: application/xml;q=0.5, application/cbor' | od -An -tx1
//	 a2 61 78 02 61 79 01
//
// Content-Type names the format of the body. The constraints hold in each format.
//
//	$ printf '\242ax\001ay\002' | curl -s http://127.0.0.1:8080/mirror -H 'Content-Type: application/cbor' --data-binary @-
//	{"x":2,"y":1}
//
//	$ printf '\242ax\030\377ay\002' | curl -s http://127.0.0.1:8080/mirror -H 'Content-Type: application/cbor' --data-binary @-
//	{"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"body","pointer":"#/x","code":"maximum","limit":"100","detail":"must be at most 100"}]}
//
//	$ printf '\242ax' | curl -s http://127.0.0.1:8080/mirror -H 'Content-Type: application/cbor' --data-binary @-
//	{"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"body","code":"syntax","detail":"is not valid application/cbor"}]}
//
//	$ curl -i -s http://127.0.0.1:8080/mirror -H 'Content-Type: text/plain' -d 'x=1'
//	HTTP/1.1 415 Unsupported Media Type
//	Accept: application/json, application/cbor
//	Content-Type: application/problem+json
//	Vary: Accept
//	X-Content-Type-Options: nosniff
//	Content-Length: 153
//
//	{"type":"about:blank","title":"Unsupported Media Type","status":415,"detail":"the Content-Type of the body must be application/json or application/cbor"}
package main
