// Command upload shows a progress bar for an upload. The handler takes bind.Parts and
// reads the files as they arrive, so a file of any size passes through a few kilobytes of
// memory.
//
//	$ go run ./examples/upload
//
// The page asks for the progress while it sends. The same with curl:
//
//	$ head -c 100000 /dev/zero | curl -s http://127.0.0.1:8080/uploads/one -F 'file=@-;filename=zeros.bin'
//	[{"name":"zeros.bin","size":100000}]
//
//	$ curl -s http://127.0.0.1:8080/uploads/one | cut -d, -f1,3
//	{"received":100000,"done":true}
//
// An id that was used before is a conflict. A body that is not a form is refused before
// it is read.
//
//	$ curl -s http://127.0.0.1:8080/uploads/one -F 'file=@-;filename=again.bin' </dev/null
//	{"type":"about:blank","title":"Conflict","status":409,"detail":"there is an upload of this id"}
//
//	$ curl -i -s http://127.0.0.1:8080/uploads/two --json '{}'
//	HTTP/1.1 415 Unsupported Media Type
//	Accept: multipart/form-data
//	Content-Type: application/problem+json
//	X-Content-Type-Options: nosniff
//	Content-Length: 136
//
//	{"type":"about:blank","title":"Unsupported Media Type","status":415,"detail":"the Content-Type of the body must be multipart/form-data"}
//
//	$ curl -s http://127.0.0.1:8080/uploads/Three
//	{"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"path","name":"id","code":"pattern","limit":"^[0-9a-z-]+$","detail":"must match the pattern ^[0-9a-z-]+$"}]}
package main
