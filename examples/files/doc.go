// Command files serves files in three ways: the embedded files of a single-page
// application, reports that are saved under a name of their own, and a directory listing.
//
//	$ cd examples/files && go run .
//
// Every path without a file gets the page of the application. Browsers ask for it again
// each time.
//
//	$ curl -i -s http://127.0.0.1:8080/about
//	HTTP/1.1 200 OK
//	Accept-Ranges: bytes
//	Cache-Control: no-cache
//	Content-Length: 210
//	Content-Type: text/html; charset=utf-8
//	Etag: "Z4hgH06bBHXsPNIEmBt3Yw"
//	Vary: Accept-Encoding
//	X-Content-Type-Options: nosniff
//
//	<!doctype html>
//	<html lang="en">
//	<meta charset="utf-8">
//	<title>Files</title>
//	<link rel="stylesheet" href="/assets/app.3f9a.css">
//	<main id="app"></main>
//	<script type="module" src="/assets/app.3f9a.js"></script>
//
//	$ curl -i -s http://127.0.0.1:8080/about -H 'If-None-Match: "Z4hgH06bBHXsPNIEmBt3Yw"'
//	HTTP/1.1 304 Not Modified
//	Cache-Control: no-cache
//	Etag: "Z4hgH06bBHXsPNIEmBt3Yw"
//	Vary: Accept-Encoding
//
// The name of an asset contains a hash of its content, so it is cached for ever. A
// compressed copy is beside it.
//
//	$ curl -I -s http://127.0.0.1:8080/assets/app.3f9a.js -H 'Accept-Encoding: gzip, br'
//	HTTP/1.1 200 OK
//	Accept-Ranges: bytes
//	Cache-Control: public, max-age=31536000, immutable
//	Content-Encoding: gzip
//	Content-Length: 488
//	Content-Type: text/javascript; charset=utf-8
//	Etag: "2hhTKzd8n7G0xz1tE_eM2g"
//	Vary: Accept-Encoding
//	X-Content-Type-Options: nosniff
//
//	$ curl -s http://127.0.0.1:8080/assets/gone.js
//	{"type":"about:blank","title":"Not Found","status":404}
//
// A report is a download with a name in any language. It can be resumed.
//
//	$ curl -i -s http://127.0.0.1:8080/reports/2025 -r 12-20 | grep -v -e Etag -e Last-Modified
//	HTTP/1.1 206 Partial Content
//	Accept-Ranges: bytes
//	Cache-Control: private, no-cache
//	Content-Disposition: attachment; filename="Bretter 2025 _ _bersicht.csv"; filename*=UTF-8''Bretter%202025%20%E2%80%93%20%C3%9Cbersicht.csv
//	Content-Length: 9
//	Content-Range: bytes 12-20/30
//	Content-Type: text/csv; charset=utf-8
//	X-Content-Type-Options: nosniff
//
//	2024,310
//
//	$ curl -s -o /dev/null -D - http://127.0.0.1:8080/reports/2025 -r 30- | grep -e HTTP -e Content-Range
//	HTTP/1.1 416 Requested Range Not Satisfiable
//	Content-Range: bytes */30
//
//	$ curl -s http://127.0.0.1:8080/reports/..%2f..%2fmain
//	{"type":"about:blank","title":"Not Found","status":404}
//
// The directory listing can be sorted.
//
//	$ curl -s 'http://127.0.0.1:8080/browse/?sort=size&order=desc' | grep -o 'href="./[^"]*"'
//	href="./notes/"
//	href="./report-2025.csv"
//	href="./README.txt"
//
//	$ curl -i -s http://127.0.0.1:8080/browse/notes | head -2
//	HTTP/1.1 302 Found
//	Location: ./notes/
//
//	$ curl -s http://127.0.0.1:8080/browse/notes/joints.txt
//	Cut the tenon first, then the mortise.
//
//	$ curl -i -s -X DELETE http://127.0.0.1:8080/browse/notes/joints.txt | head -2
//	HTTP/1.1 405 Method Not Allowed
//	Allow: GET, HEAD, OPTIONS
package main
