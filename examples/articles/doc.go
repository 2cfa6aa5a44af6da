// Command articles is a service for articles, as typed functions on an http.ServeMux
// behind an alice chain. Three Python systems show their handlers with the same service:
//
//	$ go run ./examples/articles
//
// A page, plain text and bytes. A string is never taken for HTML.
//
//	$ curl -i http://127.0.0.1:8080/
//	HTTP/1.1 200 OK
//	Content-Type: text/html; charset=utf-8
//	X-Content-Type-Options: nosniff
//	Content-Length: 155
//
//	<!doctype html>
//	<title>Articles</title>
//	<body class="light">
//	<p><a href="/articles/1">Mortise and tenon</a>
//	<p><a href="/articles/2">Dovetails</a>
//	</body>
//
//	$ curl -i http://127.0.0.1:8080/robots.txt
//	HTTP/1.1 200 OK
//	Content-Type: text/plain; charset=utf-8
//	X-Content-Type-Options: nosniff
//	Content-Length: 24
//
//	User-agent: *
//	Disallow:
//
//	$ curl -s http://127.0.0.1:8080/pixel.gif | od -An -c | head -n 1
//	   G   I   F   8   9   a 001  \0 001  \0 200  \0  \0 377 377 377
//
// Lists, with a limit and repeated tags.
//
//	$ curl -i 'http://127.0.0.1:8080/articles?limit=1'
//	HTTP/1.1 200 OK
//	Content-Type: application/json
//	X-Content-Type-Options: nosniff
//	Content-Length: 100
//
//	[{"id":1,"title":"Mortise and tenon","body":"A joint that needs no glue.","tags":["joints","wood"]}]
//
//	$ curl 'http://127.0.0.1:8080/articles?tag=joints&tag=wood'
//	[{"id":1,"title":"Mortise and tenon","body":"A joint that needs no glue.","tags":["joints","wood"]}]
//
//	$ curl 'http://127.0.0.1:8080/articles?tag=metal'
//	[]
//
// One article: read, created, replaced, deleted.
//
//	$ curl http://127.0.0.1:8080/articles/1
//	{"id":1,"title":"Mortise and tenon","body":"A joint that needs no glue.","tags":["joints","wood"]}
//
//	$ curl -i http://127.0.0.1:8080/articles --json '{"title":"Glue","body":"When all else fails."}'
//	HTTP/1.1 201 Created
//	Content-Type: application/json
//	Etag: "1"
//	Location: /articles/3
//	X-Content-Type-Options: nosniff
//	Content-Length: 53
//
//	{"id":3,"title":"Glue","body":"When all else fails."}
//
//	$ curl -X PUT http://127.0.0.1:8080/articles/3 -H 'If-Match: "1"' --json '{"title":"Glue","body":"When all else fails.","tags":["glue"]}'
//	{"id":3,"title":"Glue","body":"When all else fails.","tags":["glue"]}
//
//	$ curl -i -X DELETE http://127.0.0.1:8080/articles/3
//	HTTP/1.1 204 No Content
//
// Two editors read one article. The first adds a tag to it.
//
//	$ curl -i http://127.0.0.1:8080/articles/1
//	HTTP/1.1 200 OK
//	Content-Type: application/json
//	Etag: "1"
//	X-Content-Type-Options: nosniff
//	Content-Length: 98
//
//	{"id":1,"title":"Mortise and tenon","body":"A joint that needs no glue.","tags":["joints","wood"]}
//
//	$ curl -i -X PUT http://127.0.0.1:8080/articles/1 -H 'If-Match: "1"' --json '{"title":"Mortise and tenon","body":"A joint that needs no glue.","tags":["joints","wood","frames"]}'
//	HTTP/1.1 200 OK
//	Content-Location: /articles/1
//	Content-Type: application/json
//	Etag: "2"
//	X-Content-Type-Options: nosniff
//	Content-Length: 107
//
//	{"id":1,"title":"Mortise and tenon","body":"A joint that needs no glue.","tags":["joints","wood","frames"]}
//
// The second editor has read the article before that, and corrects its title. The answer
// is 412. The editor reads again and makes the change to the new version, so the tag of
// the first editor is kept.
//
//	$ curl -i -X PUT http://127.0.0.1:8080/articles/1 -H 'If-Match: "1"' --json '{"title":"Mortise & tenon","body":"A joint that needs no glue.","tags":["joints","wood"]}'
//	HTTP/1.1 412 Precondition Failed
//	Content-Type: application/problem+json
//	X-Content-Type-Options: nosniff
//	Content-Length: 200
//
//	{"type":"about:blank","title":"Precondition Failed","status":412,"detail":"If-Match does not name the current version: read it again, make the change to what it is now, and send its ETag in If-Match"}
//
//	$ curl -i http://127.0.0.1:8080/articles/1 -H 'If-None-Match: "1"'
//	HTTP/1.1 200 OK
//	Content-Type: application/json
//	Etag: "2"
//	X-Content-Type-Options: nosniff
//	Content-Length: 107
//
//	{"id":1,"title":"Mortise and tenon","body":"A joint that needs no glue.","tags":["joints","wood","frames"]}
//
//	$ curl -i -X PUT http://127.0.0.1:8080/articles/1 -H 'If-Match: "2"' --json '{"title":"Mortise & tenon","body":"A joint that needs no glue.","tags":["joints","wood","frames"]}'
//	HTTP/1.1 200 OK
//	Content-Location: /articles/1
//	Content-Type: application/json
//	Etag: "3"
//	X-Content-Type-Options: nosniff
//	Content-Length: 105
//
//	{"id":1,"title":"Mortise & tenon","body":"A joint that needs no glue.","tags":["joints","wood","frames"]}
//
// PATCH takes only what changes (RFC 7396): a member that is not sent stays, and null
// removes one. The second editor gets 412 as before, but need not merge anything.
//
//	$ curl -i -X PATCH http://127.0.0.1:8080/articles/1 -H 'If-Match: "3"' -H 'Content-Type: application/merge-patch+json' -d '{"tags":["joints","wood"]}'
//	HTTP/1.1 200 OK
//	Content-Location: /articles/1
//	Content-Type: application/json
//	Etag: "4"
//	X-Content-Type-Options: nosniff
//	Content-Length: 96
//
//	{"id":1,"title":"Mortise & tenon","body":"A joint that needs no glue.","tags":["joints","wood"]}
//
//	$ curl -X PATCH http://127.0.0.1:8080/articles/1 -H 'If-Match: "3"' -H 'Content-Type: application/merge-patch+json' -d '{"title":"Mortise and tenon"}'
//	{"type":"about:blank","title":"Precondition Failed","status":412,"detail":"If-Match does not name the current version: read it again, make the change to what it is now, and send its ETag in If-Match"}
//
//	$ curl -i http://127.0.0.1:8080/articles/1 -H 'If-None-Match: "3"'
//	HTTP/1.1 200 OK
//	Content-Type: application/json
//	Etag: "4"
//	X-Content-Type-Options: nosniff
//	Content-Length: 96
//
//	{"id":1,"title":"Mortise & tenon","body":"A joint that needs no glue.","tags":["joints","wood"]}
//
//	$ curl -i -X PATCH http://127.0.0.1:8080/articles/1 -H 'If-Match: "4"' -H 'Content-Type: application/merge-patch+json' -d '{"title":"Mortise and tenon"}'
//	HTTP/1.1 200 OK
//	Content-Location: /articles/1
//	Content-Type: application/json
//	Etag: "5"
//	X-Content-Type-Options: nosniff
//	Content-Length: 98
//
//	{"id":1,"title":"Mortise and tenon","body":"A joint that needs no glue.","tags":["joints","wood"]}
//
// The patched article must satisfy the rules of an article. A 415 names the media type to
// send.
//
//	$ curl -X PATCH http://127.0.0.1:8080/articles/1 -H 'If-Match: "5"' -H 'Content-Type: application/merge-patch+json' -d '{"title":null,"tags":["Wood"]}'
//	{"type":"about:blank","title":"Bad Request","status":400,"detail":"2 fields are invalid","errors":[{"in":"body","pointer":"#/tags/0","code":"pattern","limit":"^[a-z]+$","detail":"must match the pattern ^[a-z]+$"},{"in":"body","pointer":"#/title","code":"required","detail":"is required"}]}
//
//	$ curl -i -X PATCH http://127.0.0.1:8080/articles/1 -H 'If-Match: "5"' --json '{"tags":[]}'
//	HTTP/1.1 415 Unsupported Media Type
//	Accept: application/merge-patch+json
//	Accept-Patch: application/merge-patch+json
//	Content-Type: application/problem+json
//	X-Content-Type-Options: nosniff
//	Content-Length: 145
//
//	{"type":"about:blank","title":"Unsupported Media Type","status":415,"detail":"the Content-Type of the body must be application/merge-patch+json"}
//
// A client that has the current version gets 304. A PUT or PATCH that does not name the
// version to change gets 428.
//
//	$ curl -i http://127.0.0.1:8080/articles/1 -H 'If-None-Match: "5"'
//	HTTP/1.1 304 Not Modified
//	Etag: "5"
//
//	$ curl -i -X PUT http://127.0.0.1:8080/articles/1 --json '{"title":"Mine","body":"And nothing else."}'
//	HTTP/1.1 428 Precondition Required
//	Content-Type: application/problem+json
//	X-Content-Type-Options: nosniff
//	Content-Length: 213
//
//	{"type":"about:blank","title":"Precondition Required","status":428,"detail":"the request has to name the version that it changes: read the resource and send its ETag in If-Match, or If-None-Match: * to create it"}
//
// A redirect, and a preference in a cookie.
//
//	$ curl -i http://127.0.0.1:8080/latest
//	HTTP/1.1 302 Found
//	Location: /articles/2
//	Content-Length: 0
//
//	$ curl -i -X PUT http://127.0.0.1:8080/preference --json '{"theme":"dark"}'
//	HTTP/1.1 204 No Content
//	Set-Cookie: theme=dark; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax
//
//	$ curl -s -b theme=dark http://127.0.0.1:8080/ | grep body
//	<body class="dark">
//	</body>
//
// HEAD answers with the header of GET.
//
//	$ curl -I http://127.0.0.1:8080/articles/1
//	HTTP/1.1 200 OK
//	Content-Length: 98
//	Content-Type: application/json
//	Etag: "5"
//	X-Content-Type-Options: nosniff
//
// A request that does not fit gets problem details with all its faults, and the name of
// each field.
//
//	$ curl -i http://127.0.0.1:8080/articles/99
//	HTTP/1.1 404 Not Found
//	Content-Type: application/problem+json
//	X-Content-Type-Options: nosniff
//	Content-Length: 89
//
//	{"type":"about:blank","title":"Not Found","status":404,"detail":"there is no article 99"}
//
//	$ curl -i http://127.0.0.1:8080/nowhere
//	HTTP/1.1 404 Not Found
//	Content-Type: application/problem+json
//	X-Content-Type-Options: nosniff
//	Content-Length: 55
//
//	{"type":"about:blank","title":"Not Found","status":404}
//
//	$ curl -i 'http://127.0.0.1:8080/articles?limit=abc'
//	HTTP/1.1 400 Bad Request
//	Content-Type: application/problem+json
//	X-Content-Type-Options: nosniff
//	Content-Length: 172
//
//	{"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"query","name":"limit","code":"type","detail":"must be an integer"}]}
//
//	$ curl 'http://127.0.0.1:8080/articles/0'
//	{"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"path","name":"id","code":"minimum","limit":"1","detail":"must be at least 1"}]}
//
//	$ curl http://127.0.0.1:8080/articles --json '{"title":"","tags":["Wood",7]}'
//	{"type":"about:blank","title":"Bad Request","status":400,"detail":"4 fields are invalid","errors":[{"in":"body","pointer":"#/title","code":"minLength","limit":"1","detail":"must have at least 1 character"},{"in":"body","pointer":"#/tags/0","code":"pattern","limit":"^[a-z]+$","detail":"must match the pattern ^[a-z]+$"},{"in":"body","pointer":"#/tags/1","code":"type","detail":"must be a string"},{"in":"body","pointer":"#/body","code":"required","detail":"is required"}]}
//
//	$ curl -i http://127.0.0.1:8080/articles --json '{"title":"Glue","body":'
//	HTTP/1.1 400 Bad Request
//	Content-Type: application/problem+json
//	X-Content-Type-Options: nosniff
//	Content-Length: 203
//
//	{"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"body","pointer":"#/body","code":"syntax","detail":"is not valid JSON: it ends at byte offset 23"}]}
//
//	$ curl -i http://127.0.0.1:8080/articles -d 'title=Glue'
//	HTTP/1.1 415 Unsupported Media Type
//	Accept: application/json
//	Content-Type: application/problem+json
//	X-Content-Type-Options: nosniff
//	Content-Length: 133
//
//	{"type":"about:blank","title":"Unsupported Media Type","status":415,"detail":"the Content-Type of the body must be application/json"}
//
//	$ head -c 2097152 /dev/zero | curl -i http://127.0.0.1:8080/articles -H 'Content-Type: application/json' --data-binary @-
//	HTTP/1.1 413 Request Entity Too Large
//	Content-Type: application/problem+json
//	X-Content-Type-Options: nosniff
//	Content-Length: 119
//	Connection: close
//
//	{"type":"about:blank","title":"Request Entity Too Large","status":413,"detail":"the body is larger than 1048576 bytes"}
//
//	$ curl -i -X PATCH http://127.0.0.1:8080/articles
//	HTTP/1.1 405 Method Not Allowed
//	Allow: GET, HEAD, OPTIONS, POST
//	Content-Type: application/problem+json
//	X-Content-Type-Options: nosniff
//	Content-Length: 64
//
//	{"type":"about:blank","title":"Method Not Allowed","status":405}
//
// The routes describe themselves in an OpenAPI 3.1 document.
//
//	$ curl -s http://127.0.0.1:8080/openapi.json | grep -o '"operationId":"[A-Za-z]*"'
//	"operationId":"ServiceHome"
//	"operationId":"ServiceList"
//	"operationId":"ServiceCreate"
//	"operationId":"ServiceGet"
//	"operationId":"ServiceReplace"
//	"operationId":"ServiceDelete"
//	"operationId":"ServiceChange"
//	"operationId":"ServiceLatest"
//	"operationId":"ServicePixel"
//	"operationId":"ServicePrefer"
//	"operationId":"ServiceRobots"
//
//	$ curl -s http://127.0.0.1:8080/openapi.json | sed 's/.*"Draft":\(.*\),"DraftPatch".*/\1/'
//	{"type":"object","properties":{"title":{"type":"string","minLength":1,"maxLength":80},"body":{"type":"string","maxLength":10000},"tags":{"type":["array","null"],"items":{"type":"string","pattern":"^[a-z]+$"},"maxItems":8,"uniqueItems":true}},"required":["title","body"]}
//
//	$ curl -s http://127.0.0.1:8080/openapi.json | sed 's/.*"DraftPatch":\(.*\),"Preference".*/\1/'
//	{"type":"object","properties":{"title":{"type":"string","minLength":1,"maxLength":80},"body":{"type":"string","maxLength":10000},"tags":{"type":["array","null"],"items":{"type":"string","pattern":"^[a-z]+$"},"maxItems":8,"uniqueItems":true}}}
//
// A page for browsers shows it at /docs.
//
//	$ curl -s http://127.0.0.1:8080/docs | grep -o '<title>.*</title>'
//	<title>Articles 1.0.0</title>
package main
