// Command payments makes a payment once, even if the client sends it several times.
//
//	$ go run ./examples/payments
//
// A payment needs a key, which the client makes up.
//
//	$ curl -s http://127.0.0.1:8080/payments -u ada:secret --json '{"to":"eve","cents":500}'
//	{"type":"about:blank","title":"Bad Request","status":400,"detail":"the header field Idempotency-Key is required: send a new text for every operation, such as a UUID, and the same text with a retry"}
//
//	$ curl -i -s http://127.0.0.1:8080/payments -u ada:secret --json '{"to":"eve","cents":500}' -H 'Idempotency-Key: "8e03978e"'
//	HTTP/1.1 201 Created
//	Content-Length: 35
//	Content-Type: application/json
//	Location: /payments/1
//	Vary: Accept-Encoding
//	X-Content-Type-Options: nosniff
//
//	{"number":1,"to":"eve","cents":500}
//
// If no answer came, the client sends the same request again and gets the same payment.
// The key may be written without quotation marks.
//
//	$ curl -i -s http://127.0.0.1:8080/payments -u ada:secret --json '{"to":"eve","cents":500}' -H 'Idempotency-Key: 8e03978e'
//	HTTP/1.1 201 Created
//	Content-Length: 35
//	Content-Type: application/json
//	Idempotency-Replayed: true
//	Location: /payments/1
//	Vary: Accept-Encoding
//	X-Content-Type-Options: nosniff
//
//	{"number":1,"to":"eve","cents":500}
//
// Another payment needs another key.
//
//	$ curl -s http://127.0.0.1:8080/payments -u ada:secret --json '{"to":"eve","cents":700}' -H 'Idempotency-Key: "8e03978e"'
//	{"type":"about:blank","title":"Unprocessable Entity","status":422,"detail":"this Idempotency-Key belongs to a request with another body: send a new key with a new request"}
//
// Another user has other keys.
//
//	$ curl -s http://127.0.0.1:8080/payments -u bob:secret --json '{"to":"eve","cents":500}' -H 'Idempotency-Key: "8e03978e"'
//	{"number":2,"to":"eve","cents":500}
//
// A request that was refused may be corrected under the same key.
//
//	$ curl -s http://127.0.0.1:8080/payments -u ada:secret --json '{"to":"eve","cents":0}' -H 'Idempotency-Key: "b5a1"'
//	{"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"body","pointer":"#/cents","code":"minimum","limit":"1","detail":"must be at least 1"}]}
//
//	$ curl -s http://127.0.0.1:8080/payments -u ada:secret --json '{"to":"eve","cents":1}' -H 'Idempotency-Key: "b5a1"'
//	{"number":3,"to":"eve","cents":1}
//
// The document has the header field too.
//
//	$ curl -s http://127.0.0.1:8080/openapi.json | grep -o '"name":"Idempotency-Key","in":"header"'
//	"name":"Idempotency-Key","in":"header"
package main
