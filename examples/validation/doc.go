// Command validation runs go-playground/validator after tenon's own constraints:
//
//	$ cd examples/validation && go run .
//
// The validator runs only if everything in tenon's tags holds.
//
//	$ curl -s http://127.0.0.1:8080/bookings --json '{"from":"2026-12-01","guests":2,"beds":2,"card":"4242424242424242"}'
//	{"from":"2026-12-01","guests":2,"beds":2,"card":""}
//
//	$ curl -s http://127.0.0.1:8080/bookings --json '{"from":"tomorrow","guests":0,"beds":2,"card":"1"}'
//	{"type":"about:blank","title":"Bad Request","status":400,"detail":"2 fields are invalid","errors":[{"in":"body","pointer":"#/from","code":"format","limit":"date","detail":"must be a valid date"},{"in":"body","pointer":"#/guests","code":"minimum","limit":"1","detail":"must be at least 1"}]}
//
//	$ curl -s http://127.0.0.1:8080/bookings --json '{"from":"2026-12-01","guests":2,"beds":1,"card":"1"}'
//	{"type":"about:blank","title":"Bad Request","status":400,"detail":"2 fields are invalid","errors":[{"in":"body","pointer":"#/beds","code":"gtefield","limit":"Guests","detail":"does not satisfy gtefield guests"},{"in":"body","pointer":"#/card","code":"credit_card","detail":"does not satisfy credit_card"}]}
package main
