// Errors is a service whose failures have a form that its clients already know:
// {"errors":{"field":["..."]}}. The form is declared once, in contract.go, for the chain
// and for the document. The handlers do not know it.
//
//	$ go run . &
//	2026/10/05 09:30:00 INFO listening url=http://127.0.0.1:8080
//
//	$ curl -s http://127.0.0.1:8080/orders -H 'Authorization: Bearer ada' --json '{"item":"Glue","count":2}'
//	{"id":3,"item":"Glue","count":2}
//
// A request that does not fit is a 422 with all its faults. A body that is not JSON is a
// 400.
//
//	$ curl -i -s 'http://127.0.0.1:8080/orders?notify=nobody' -H 'Authorization: Bearer ada' --json '{"item":"","count":0}'
//	HTTP/1.1 422 Unprocessable Entity
//	Content-Type: application/json
//	X-Content-Type-Options: nosniff
//	Content-Length: 120
//
//	{"errors":{"count":["must be at least 1"],"item":["must have at least 1 character"],"notify":["must be a valid email"]}}
//
//	$ curl -s -w ' %{http_code}\n' http://127.0.0.1:8080/orders -H 'Authorization: Bearer ada' --json '{"item":'
//	{"errors":{"item":["is not valid JSON: it ends at byte offset 8"]}} 400
//
// A 401 keeps its challenge. It is sent before the body is read.
//
//	$ curl -i -s http://127.0.0.1:8080/orders --json '{"item":""}'
//	HTTP/1.1 401 Unauthorized
//	Content-Type: application/json
//	Www-Authenticate: Bearer realm="orders"
//	X-Content-Type-Options: nosniff
//	Content-Length: 41
//
//	{"errors":{"base":["a token is needed"]}}
//
// The handlers do not know sql.ErrNoRows: mapErrors translates it in one place.
//
//	$ curl -s -w ' %{http_code}\n' http://127.0.0.1:8080/orders/99 -H 'Authorization: Bearer ada'
//	{"errors":{"base":["there is no such order"]}} 404
//
// A panic, a path without a route and a method that is not allowed have the same form.
//
//	$ curl -s -w ' %{http_code}\n' 'http://127.0.0.1:8080/orders/1/share?people=0' -H 'Authorization: Bearer ada'
//	{"errors":{"base":["Internal Server Error"]}} 500
//
//	$ curl -s -w ' %{http_code}\n' http://127.0.0.1:8080/nowhere
//	{"errors":{"base":["Not Found"]}} 404
//
//	$ curl -s -w ' %{http_code}\n' -X DELETE http://127.0.0.1:8080/orders/1
//	{"errors":{"base":["Method Not Allowed"]}} 405
//
// The document has these failures for each route.
//
//	$ curl -s http://127.0.0.1:8080/openapi.json | grep -o problem | wc -l
//	0
//
//	$ curl -s http://127.0.0.1:8080/openapi.json | sed 's/.*"Contract":\(.*\),"Draft".*/\1/'
//	{"type":"object","properties":{"errors":{"type":"object","additionalProperties":{"type":"array","items":{"type":"string"}}}},"required":["errors"]}
package main
