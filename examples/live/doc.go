// Command live shows a page with a counter, a log and a progress bar. One event stream
// feeds all three. It also has a download of any size, which is made while it is sent.
//
//	$ go run ./examples/live
//
// Package feed keeps the last events and gives each an ID. A client that reconnects sends
// the last ID it has seen and gets the events it has missed. The button of the page
// breaks all connections to show that.
//
//	$ curl -sN http://127.0.0.1:8080/events | head -n 10 | sed 's/^id: [A-Z2-7]*/id: epoch/'
//	:
//
//	id: epoch-1
//	event: count
//	data: {"boards":1}
//
//	id: epoch-2
//	event: log
//	data: {"text":"Board 1 is planed."}
//
//	$ last=$(curl -sN http://127.0.0.1:8080/events | sed -n '/^id: /{s///p;q}'); \
//	  curl -sN -H "Last-Event-ID: $last" http://127.0.0.1:8080/events | head -n 5 | sed 's/^id: [A-Z2-7]*/id: epoch/'
//	:
//
//	id: epoch-2
//	event: log
//	data: {"text":"Board 1 is planed."}
//
// The epoch is a new one each time the program starts. A client with an ID of another
// epoch, or with one that is too old, is told to read the state again.
//
//	$ curl -sN -H 'Last-Event-ID: yesterday-7' http://127.0.0.1:8080/events | head -n 5 | sed 's/^id: .*/id: the newest/'
//	:
//
//	id: the newest
//	event: reset
//	data: {}
//
//	$ curl -s -i -X POST http://127.0.0.1:8080/drop
//	HTTP/1.1 204 No Content
//
// The table needs the same memory for a thousand rows and for a billion.
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
