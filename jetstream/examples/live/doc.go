// Command live is one of several replicas of a service for comments. Its pages show the
// comments of all replicas. A comment is stored once, even if its client sends it several
// times. The first replica also runs the NATS server, with its files in a directory. The
// others need its address.
//
//	$ go run ./examples/live -dir /tmp/nats
//
//	$ go run ./examples/live -addr 127.0.0.1:8081 -nats nats://127.0.0.1:4222
//
// A comment has a key, which the client makes up.
//
//	$ curl -s http://127.0.0.1:8080/comments --json '{"text":"A fine joint."}' -H 'Idempotency-Key: 8e03978e'
//	{"text":"A fine joint."}
//
// If no answer came, the client sends the same request again, to any replica. It is the
// same comment.
//
//	$ curl -si http://127.0.0.1:8080/comments --json '{"text":"A fine joint."}' -H 'Idempotency-Key: 8e03978e' | grep Replayed
//	Idempotency-Replayed: true
//
//	$ curl -s http://127.0.0.1:8080/comments --json '{"text":"Which glue?"}' -H 'Idempotency-Key: b5a1'
//	{"text":"Which glue?"}
//
// A page gets the comments since its replica was started, each of them once.
//
//	$ curl -sN -m 2 http://127.0.0.1:8080/events | sed 's/^id: [a-z0-9]*/id: epoch/'
//	:
//
//	id: epoch-1
//	data: {"text":"A fine joint."}
//
//	id: epoch-2
//	data: {"text":"Which glue?"}
//
// A page that reconnects sends its last ID and continues after it, at any replica.
//
//	$ last=$(curl -sN -m 2 http://127.0.0.1:8080/events | sed -n '/^id: /{s///p;q}'); \
//	  curl -sN -m 2 http://127.0.0.1:8080/events -H "Last-Event-ID: $last" | sed 's/^id: [a-z0-9]*/id: epoch/'
//	:
//
//	id: epoch-2
//	data: {"text":"Which glue?"}
package main
