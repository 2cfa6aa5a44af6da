// Command live shows a page whose counter, log and progress bar are fed by one
// event stream, and a download of any size that is made while it is sent.
//
//	$ go run ./examples/live
//
// Each event has an ID. A client that connects again says which one it has seen
// last and gets those it has missed; the button of the page breaks all
// connections off to show that.
//
//	$ curl -sN http://127.0.0.1:8080/events | head -n 12
//	:
//
//	id: 1
//	event: count
//	retry: 500
//	data: {"boards":1}
//
//	id: 2
//	event: log
//	retry: 500
//	data: {"text":"Board 1 is planed."}
//
//	$ curl -sN -H 'Last-Event-ID: 2' http://127.0.0.1:8080/events | head -n 7
//	:
//
//	id: 3
//	event: progress
//	retry: 500
//	data: {"done":1,"total":40}
//
//	$ curl -s -i -X POST http://127.0.0.1:8080/drop
//	HTTP/1.1 204 No Content
//
// The table needs the same memory for a thousand rows as for a billion.
//
//	$ curl -s http://127.0.0.1:8080/table?rows=3
//	{"number":1,"wood":"oak","width":80}
//	{"number":2,"wood":"ash","width":80.5}
//	{"number":3,"wood":"elm","width":81}
//
//	$ curl -s http://127.0.0.1:8080/table?rows=1000000 | tail -n 1
//	{"number":1000000,"wood":"larch","width":80}
//
//	$ curl -s -I http://127.0.0.1:8080/table
//	HTTP/1.1 200 OK
//	Cache-Control: no-cache
//	Content-Disposition: attachment; filename=boards-1000.ndjson
//	Content-Type: application/x-ndjson
//	X-Accel-Buffering: no
//	X-Content-Type-Options: nosniff
//
//	$ curl -s http://127.0.0.1:8080/table?rows=-1
//	{"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"query","name":"rows","code":"minimum","limit":"0","detail":"must be at least 0"}]}
package main
