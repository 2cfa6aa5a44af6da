// Command session logs a user in with a sealed cookie, shows a message with a signed one,
// changes the keys during the session, and logs the user out.
//
//	$ go run ./examples/session
//
// A login answers with two cookies: the message for the next page, and the session, which
// only the server can read. sed hides the random parts.
//
//	$ rm -f /tmp/tenon-session.jar; curl -i -s http://127.0.0.1:8080/login -d user=ada -c /tmp/tenon-session.jar | sed 's/\(=[A-Za-z0-9]\{4\}\)[A-Za-z0-9_.-]*/\1.../'
//	HTTP/1.1 303 See Other
//	Location: /
//	Set-Cookie: __Host-flash=V2Vs...; Path=/; HttpOnly; Secure; SameSite=Lax
//	Set-Cookie: __Host-session=AQAA...; Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Lax
//	Content-Length: 0
//
// The message is shown once.
//
//	$ curl -s http://127.0.0.1:8080/ -b /tmp/tenon-session.jar -c /tmp/tenon-session.jar
//	{"user":"ada","message":"Welcome, ada."}
//
//	$ curl -s http://127.0.0.1:8080/ -b /tmp/tenon-session.jar -c /tmp/tenon-session.jar
//	{"user":"ada"}
//
// After a change of keys the session is still valid. It is sealed with the new key, so it
// survives a second change. A copy of the old cookie does not.
//
//	$ cp /tmp/tenon-session.jar /tmp/tenon-session.old; curl -s -w '%{http_code}\n' -X POST http://127.0.0.1:8080/rotate
//	204
//
//	$ curl -i -s http://127.0.0.1:8080/ -b /tmp/tenon-session.jar -c /tmp/tenon-session.jar | sed 's/\(=[A-Za-z0-9]\{4\}\)[A-Za-z0-9_.-]*/\1.../'
//	HTTP/1.1 200 OK
//	Content-Type: application/json
//	Set-Cookie: __Host-session=AQAA...; Path=/; Max-Age=43200; HttpOnly; Secure; SameSite=Lax
//	X-Content-Type-Options: nosniff
//	Content-Length: 14
//
//	{"user":"ada"}
//
//	$ curl -s -w '%{http_code}\n' -X POST http://127.0.0.1:8080/rotate
//	204
//
//	$ curl -s http://127.0.0.1:8080/ -b /tmp/tenon-session.jar -c /tmp/tenon-session.jar
//	{"user":"ada"}
//
//	$ curl -s http://127.0.0.1:8080/ -b /tmp/tenon-session.old
//	{}
//
// A logout deletes the cookie with the attributes that it was set with. A forged cookie
// has no user.
//
//	$ curl -i -s -X POST http://127.0.0.1:8080/logout -b /tmp/tenon-session.jar -c /tmp/tenon-session.jar | grep Set-Cookie:.*session
//	Set-Cookie: __Host-session=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; HttpOnly; Secure; SameSite=Lax
//
//	$ curl -s http://127.0.0.1:8080/ -b /tmp/tenon-session.jar; rm /tmp/tenon-session.jar /tmp/tenon-session.old
//	{"message":"Good-bye."}
//
//	$ curl -s http://127.0.0.1:8080/ -b __Host-session=AQAAUSlGb3JnZWQ
//	{}
//
// A page of another site cannot log its visitors in.
//
//	$ curl -s -w '%{http_code}\n' http://127.0.0.1:8080/login -d user=eve -H 'Sec-Fetch-Site: cross-site'
//	cross-origin request detected from Sec-Fetch-Site header
//	403
package main
