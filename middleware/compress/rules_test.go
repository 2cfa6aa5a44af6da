package compress_test

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
)

// A rule is an exchange, and the fields of the answer that it is about: "" is a
// field that is not there.
type rule struct {
	name    string
	handler http.HandlerFunc
	method  string // GET, if empty
	request http.Header
	status  int
	want    map[string]string
	body    string
	opts    []compress.Option
}

const (
	ae   = "Accept-Encoding"
	ce   = "Content-Encoding"
	ct   = "Content-Type"
	cl   = "Content-Length"
	html = "text/html; charset=utf-8"
)

var (
	modified = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	date     = modified.Format(http.TimeFormat)
	gz       = request(ae, "gzip")
)

// file is what net/http makes of a file with an entity tag.
func file(name, body, tag string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if tag != "" {
			w.Header().Set("ETag", tag)
		}
		http.ServeContent(w, r, name, modified, strings.NewReader(body))
	}
}

func rules() []rule {
	parts := [][]rule{typeRules(), sizeRules(), tagRules(), rangeRules(), bodyRules(), fieldRules()}
	var all []rule
	for _, part := range parts {
		all = append(all, part...)
	}
	return all
}

func typeRules() []rule {
	return []rule{
		{name: "text", handler: send(200, text, ct, html), request: gz, status: 200, want: map[string]string{ce: "gzip", "Vary": ae}, body: text},
		{name: "type in capitals", handler: send(200, text, ct, "TEXT/HTML"), request: gz, status: 200, want: map[string]string{ce: "gzip"}, body: text},
		{name: "+json", handler: send(200, text, ct, "application/problem+json"), request: gz, status: 200, want: map[string]string{ce: "gzip"}, body: text},
		{name: "+xml", handler: send(200, text, ct, "image/svg+xml; charset=utf-8"), request: gz, status: 200, want: map[string]string{ce: "gzip"}, body: text},
		{name: "image", handler: send(200, text, ct, "image/png"), request: gz, status: 200, want: map[string]string{ce: "", "Vary": ""}, body: text},
		{name: "no type, text", handler: send(200, text), request: gz, status: 200, want: map[string]string{ce: "gzip", ct: "text/plain; charset=utf-8"}, body: text},
		{name: "no type, image", handler: send(200, png), request: gz, status: 200, want: map[string]string{ce: "", ct: "image/png"}, body: png},
		{name: "type refused", handler: untyped, request: gz, status: 200, want: map[string]string{ce: "", ct: "", "Vary": ""}, body: text},
		{name: "not a type", handler: send(200, text, ct, "text"), request: gz, status: 200, want: map[string]string{ce: ""}, body: text},
		{name: "event stream", handler: send(200, text, ct, "text/event-stream"), request: gz, status: 200, want: map[string]string{ce: "", "Vary": ""}, body: text},
		{
			name: "event stream, asked for", handler: send(200, text, ct, "text/event-stream"), request: gz, status: 200, want: map[string]string{ce: "gzip"}, body: text,
			opts: []compress.Option{compress.Types("text/*", "text/event-stream")},
		},
		{
			name: "types replaced", handler: send(200, text, ct, html), request: gz, status: 200, want: map[string]string{ce: "", "Vary": ""}, body: text,
			opts: []compress.Option{compress.Types("application/json", "+yaml")},
		},
		{
			name: "suffix", handler: send(200, text, ct, "application/openapi+yaml;version=3.1"), request: gz, status: 200, want: map[string]string{ce: "gzip"}, body: text,
			opts: []compress.Option{compress.Types("application/json", "+YAML")},
		},
	}
}

// untyped keeps net/http from finding a type.
func untyped(w http.ResponseWriter, _ *http.Request) {
	w.Header()[ct] = nil
	_, _ = io.WriteString(w, text)
}

func sizeRules() []rule {
	short := text[:1023]
	return []rule{
		{name: "2 bytes", handler: send(200, "ok", ct, html), request: gz, status: 200, want: map[string]string{ce: "", "Vary": ae, cl: "2"}, body: "ok"},
		{name: "below the minimum", handler: send(200, short, ct, html), request: gz, status: 200, want: map[string]string{ce: "", "Vary": ae, cl: "1023"}, body: short},
		{name: "at the minimum", handler: send(200, text[:1024], ct, html), request: gz, status: 200, want: map[string]string{ce: "gzip"}, body: text[:1024]},
		{name: "length below the minimum", handler: send(201, short, ct, html, cl, "1023"), request: gz, status: 201, want: map[string]string{ce: "", "Vary": ae, cl: "1023"}, body: short},
		{name: "length at the minimum", handler: send(201, text[:1024], ct, html, cl, "1024"), request: gz, status: 201, want: map[string]string{ce: "gzip"}, body: text[:1024]},
		{name: "length without a type", handler: send(201, text[:1024], cl, "1024"), request: gz, status: 201, want: map[string]string{ce: "gzip"}, body: text[:1024]},
		{name: "identity refused", handler: send(200, "ok", ct, html), request: request(ae, "gzip, identity;q=0"), status: 200, want: map[string]string{ce: "gzip"}, body: "ok"},
		{name: "identity refused, empty", handler: send(200, "", ct, html), request: request(ae, "gzip, *;q=0"), status: 200, want: map[string]string{ce: "", cl: "0"}, body: ""},
		{name: "minimum 0", handler: send(200, "ok"), request: gz, status: 200, want: map[string]string{ce: "gzip"}, body: "ok", opts: []compress.Option{compress.MinSize(0)}},
		{name: "minimum 0, length", handler: send(200, "ok", cl, "2"), request: gz, status: 200, want: map[string]string{ce: "gzip"}, body: "ok", opts: []compress.Option{compress.MinSize(0)}},
		{name: "minimum 4000", handler: send(200, text, ct, html), request: gz, status: 200, want: map[string]string{ce: "", "Vary": ae}, body: text, opts: []compress.Option{compress.MinSize(4000)}},
		{name: "no status and no body", handler: send(200, ""), request: gz, status: 200, want: map[string]string{ce: "", cl: "0"}},
	}
}

func tagRules() []rule {
	page := file("a.html", text, `"abc"`)
	coded := map[string]string{ce: "gzip", "ETag": `"abc-gzip"`, "Vary": ae, "Accept-Ranges": ""}
	same := map[string]string{ce: "", "ETag": `"abc-gzip"`, "Vary": ae, ct: ""}
	return []rule{
		{name: "strong tag", handler: page, request: gz, status: 200, want: coded, body: text},
		{name: "strong tag, plain", handler: page, status: 200, want: map[string]string{ce: "", "ETag": `"abc"`, "Vary": ae, "Accept-Ranges": "bytes"}, body: text},
		{name: "weak tag", handler: file("a.html", text, `W/"abc"`), request: gz, status: 200, want: map[string]string{ce: "gzip", "ETag": `W/"abc"`}, body: text},
		{name: "no tag", handler: send(200, text, ct, html, "ETag", "abc"), request: gz, status: 200, want: map[string]string{ce: "gzip", "ETag": "abc"}, body: text},
		{name: "If-None-Match", handler: page, request: request(ae, "gzip", "If-None-Match", `"abc-gzip"`), status: 304, want: same},
		{name: "If-None-Match, list", handler: page, request: request(ae, "gzip", "If-None-Match", `"x", "abc-gzip"`, "If-None-Match", `W/"y"`), status: 304, want: same},
		{name: "If-None-Match, made weak", handler: page, request: request(ae, "gzip", "If-None-Match", `W/"abc-gzip"`), status: 304, want: same},
		{name: "If-None-Match, plain tag", handler: page, request: request(ae, "gzip", "If-None-Match", `"abc"`), status: 304, want: map[string]string{"ETag": `"abc"`, "Vary": ""}},
		{name: "If-None-Match, image", handler: file("a.png", text, `"abc"`), request: request(ae, "gzip", "If-None-Match", `"abc"`), status: 304, want: map[string]string{"ETag": `"abc"`, "Vary": ""}},
		{name: "If-None-Match, image, plain", handler: file("a.png", text, `"abc"`), request: request("If-None-Match", `"abc"`), status: 304, want: map[string]string{"ETag": `"abc"`, "Vary": ""}},
		{name: "If-None-Match, told of a text", handler: tagged(send(200, text, ct, html, "ETag", `"abc"`)), request: request(ae, "gzip", "If-None-Match", `"abc"`), status: 304, want: map[string]string{"ETag": `"abc"`, "Vary": ae}},
		{name: "If-None-Match, told of a text, plain", handler: tagged(send(200, text, ct, html, "ETag", `"abc"`)), request: request("If-None-Match", `"abc"`), status: 304, want: map[string]string{"ETag": `"abc"`, "Vary": ae}},
		{name: "If-None-Match, told of no type", handler: tagged(send(200, text, "ETag", `"abc"`)), request: request("If-None-Match", `"abc"`), status: 304, want: map[string]string{"ETag": `"abc"`, "Vary": ae}},
		{name: "If-None-Match, told of an image", handler: tagged(send(200, text, ct, "image/png", "ETag", `"abc"`)), request: request(ae, "gzip", "If-None-Match", `"abc"`), status: 304, want: map[string]string{"ETag": `"abc"`, "Vary": ""}},
		{name: "If-None-Match, file", handler: served("rules_test.go", html), request: request(ae, "gzip", "If-None-Match", "*"), status: 304, want: map[string]string{"Vary": ae}},
		{name: "If-None-Match, file of an image", handler: served("rules_test.go", "image/png"), request: request(ae, "gzip", "If-None-Match", "*"), status: 304, want: map[string]string{"Vary": ""}},
		{name: "If-None-Match, weak tag", handler: file("a.html", text, `W/"abc"`), request: request(ae, "gzip", "If-None-Match", `W/"abc"`), status: 304, want: map[string]string{"ETag": `W/"abc"`, "Vary": ""}},
		{name: "If-None-Match, changed", handler: page, request: request(ae, "gzip", "If-None-Match", `"abd-gzip"`), status: 200, want: coded, body: text},
		{name: "If-None-Match, other codings", handler: page, request: request(ae, "zstd, gzip", "If-None-Match", `"abc-gzip", "abc-zstd"`), status: 304, want: map[string]string{"ETag": `"abc-zstd"`}},
		{name: "If-None-Match, second choice", handler: page, request: request(ae, "zstd, gzip", "If-None-Match", `"abc-gzip"`), status: 304, want: same},
		{name: "If-None-Match, coding not accepted", handler: page, request: request("If-None-Match", `"abc-gzip"`), status: 200, want: map[string]string{ce: "", "ETag": `"abc"`}, body: text},
		{name: "If-None-Match, unknown coding", handler: page, request: request(ae, "gzip, br", "If-None-Match", `"abc-br"`), status: 200, want: coded, body: text},
		{name: "If-None-Match of HEAD", method: "HEAD", handler: page, request: request(ae, "gzip", "If-None-Match", `"abc-gzip"`), status: 304, want: same},
		{name: "a tag of its own", handler: ownTag, request: request(ae, "gzip", "If-None-Match", `"own-gzip"`), status: 304, want: map[string]string{"ETag": `"own-gzip"`}},
		{name: "If-Match", method: "PUT", handler: page, request: request(ae, "gzip", "If-Match", `"abc-gzip"`), status: 200, want: coded, body: text},
		{name: "If-Match without the coding", method: "PUT", handler: page, request: request("If-Match", `"abc-gzip"`), status: 200, want: map[string]string{"ETag": `"abc"`}, body: text},
		{name: "If-Match, changed", method: "PUT", handler: page, request: request(ae, "gzip", "If-Match", `"abd-gzip"`), status: 412, want: map[string]string{ce: ""}},
	}
}

// tagged answers conditions on the tag of h.
func tagged(h http.HandlerFunc) http.HandlerFunc { return middleware.ETag()(h).ServeHTTP }

// served is a file of the given type.
func served(path, media string) http.HandlerFunc {
	return fileserve.File{Path: path, ContentType: media}.ServeHTTP
}

// ownTag has a tag that ends as those of a coding do, and reads the list.
func ownTag(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("ETag", `"own-gzip"`)
	if slices.Contains(strings.Split(r.Header.Get("If-None-Match"), ", "), `"own-gzip"`) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	_, _ = io.WriteString(w, text)
}

func rangeRules() []rule {
	page := file("a.html", text, `"abc"`)
	part := map[string]string{ce: "", "Content-Range": "bytes 0-9/3700", "ETag": `"abc"`, "Vary": ae}
	return []rule{
		{name: "206", handler: page, request: request(ae, "gzip", "Range", "bytes=0-9"), status: 206, want: part, body: text[:10]},
		{name: "206 of 3000 bytes", handler: page, request: request(ae, "gzip", "Range", "bytes=0-2999"), status: 206, want: map[string]string{ce: "", "Vary": ae}, body: text[:3000]},
		{name: "206 of an image", handler: file("a.png", text, ""), request: request(ae, "gzip", "Range", "bytes=0-9"), status: 206, want: map[string]string{ce: "", "Vary": ""}, body: text[:10]},
		{name: "206 of parts", handler: send(206, text, ct, "multipart/byteranges; boundary=x"), request: gz, status: 206, want: map[string]string{ce: "", "Vary": ae}, body: text},
		{name: "416", handler: page, request: request(ae, "gzip", "Range", "bytes=9999-"), status: 416, want: map[string]string{ce: "", "Content-Range": "bytes */3700"}, body: "invalid range: failed to overlap\n"},
		{name: "416 of 3700 bytes", handler: send(416, text, ct, html, "Content-Range", "bytes */1"), request: gz, status: 416, want: map[string]string{ce: ""}, body: text},
		{name: "Content-Range", handler: send(200, text, ct, html, "Content-Range", "bytes 0-9/10"), request: gz, status: 200, want: map[string]string{ce: ""}, body: text},
		{name: "If-Range", handler: page, request: request(ae, "gzip", "Range", "bytes=0-9", "If-Range", `"abc"`), status: 206, want: part, body: text[:10]},
		{name: "If-Range, coded tag", handler: page, request: request(ae, "gzip", "Range", "bytes=0-9", "If-Range", `"abc-gzip"`), status: 200, want: map[string]string{ce: "gzip"}, body: text},
		{name: "If-Range, date", handler: page, request: request(ae, "gzip", "Range", "bytes=0-9", "If-Range", date), status: 200, want: map[string]string{ce: "gzip"}, body: text},
		{name: "If-Range, date, plain", handler: page, request: request(ae, "identity", "Range", "bytes=0-9", "If-Range", date), status: 206, want: part, body: text[:10]},
	}
}

func bodyRules() []rule {
	get := map[string]string{ce: "gzip", cl: "", ct: html, "Vary": ae, "ETag": `"abc-gzip"`, "Accept-Ranges": ""}
	fields := []string{ct, html, "ETag", `"abc"`, "Accept-Ranges", "bytes"}
	return []rule{
		{name: "HEAD", method: "HEAD", handler: send(200, text, fields...), request: gz, status: 200, want: get},
		{name: "HEAD with a length", method: "HEAD", handler: send(200, "", append(fields, cl, "3700")...), request: gz, status: 200, want: get},
		{name: "HEAD with a length and a status", method: "HEAD", handler: send(404, "", append(fields, cl, "3700")...), request: gz, status: 404, want: get},
		{name: "HEAD with nothing", method: "HEAD", handler: send(200, "", fields...), request: gz, status: 200, want: get},
		{name: "HEAD of a short body", method: "HEAD", handler: send(200, "ok", ct, html), request: gz, status: 200, want: map[string]string{ce: "", cl: "2", "Vary": ae}},
		{name: "HEAD of a short length", method: "HEAD", handler: send(200, "", ct, html, cl, "2"), request: gz, status: 200, want: map[string]string{ce: "", cl: "2", "Vary": ae}},
		{name: "HEAD of an image", method: "HEAD", handler: send(200, png, cl, "3708"), request: gz, status: 200, want: map[string]string{ce: "", cl: "3708"}},
		{name: "HEAD of a file", method: "HEAD", handler: file("a.html", text, `"abc"`), request: gz, status: 200, want: get},
		{name: "HEAD, plain", method: "HEAD", handler: file("a.html", text, `"abc"`), status: 200, want: map[string]string{ce: "", cl: "3700", "Vary": ae, "ETag": `"abc"`}},
		{name: "204", handler: send(204, "", ct, html), request: gz, status: 204, want: map[string]string{ce: "", "Vary": ""}},
		{name: "205", handler: send(205, "", ct, html), request: gz, status: 205, want: map[string]string{ce: "", "Vary": ""}},
		{name: "304 with a type", handler: send(304, "", "ETag", `"abc"`, ct, "text/html"), request: gz, status: 304, want: map[string]string{ce: "", "Vary": ae}},
		{name: "304 of an image", handler: send(304, "", "ETag", `"abc"`, ct, "image/png"), request: gz, status: 304, want: map[string]string{ce: "", "Vary": ""}},
		{name: "redirect", handler: http.RedirectHandler("/b", http.StatusFound).ServeHTTP, request: gz, status: 302, want: map[string]string{ce: "", "Vary": ae, ct: html}, body: "<a href=\"/b\">Found</a>.\n\n"},
		{name: "redirect without a body", handler: send(303, "", "Location", "/b"), request: gz, status: 303, want: map[string]string{ce: "", cl: "0"}},
		{name: "HEAD of a redirect", method: "HEAD", handler: http.RedirectHandler("/b", http.StatusFound).ServeHTTP, request: gz, status: 302, want: map[string]string{ce: "", "Vary": ae}},
		{name: "failure", handler: send(500, text, ct, "application/problem+json"), request: gz, status: 500, want: map[string]string{ce: "gzip"}, body: text},
		{name: "http.Error", handler: answersError, request: gz, status: 400, want: map[string]string{ce: "gzip"}, body: text + "\n"},
		{name: "POST", method: "POST", handler: send(201, text, ct, html), request: gz, status: 201, want: map[string]string{ce: "gzip"}, body: text},
	}
}

// answersError comes to http.Error, which drops the fields of the body it replaces.
func answersError(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set(cl, "12")
	http.Error(w, text, http.StatusBadRequest)
}

func fieldRules() []rule {
	twoLines := send(200, text, ct, html, "Vary", "Accept", "Vary", "Origin")
	none := map[string]string{ce: "", "Vary": ""}
	return []rule{
		{name: "encoded", handler: send(200, text, ct, html, ce, "br"), request: gz, status: 200, want: map[string]string{ce: "br", "Vary": ae}, body: text},
		{name: "encoded, no coding asked for", handler: send(200, text, ct, html, ce, "br"), status: 200, want: map[string]string{ce: "br", "Vary": ae}, body: text},
		{name: "encoded image", handler: send(200, text, ct, "image/png", ce, "br"), request: gz, status: 200, want: map[string]string{ce: "br", "Vary": ae}, body: text},
		{name: "encoded, no-transform", handler: send(200, text, ct, html, ce, "br", "Cache-Control", "no-transform"), request: gz, status: 200, want: map[string]string{ce: "br", "Vary": ae}, body: text},
		{name: "encoded, Vary", handler: send(200, text, ct, html, ce, "br", "Vary", ae), request: gz, status: 200, want: map[string]string{ce: "br", "Vary": ae}, body: text},
		{name: "no-transform", handler: send(200, text, ct, html, "Cache-Control", "public, No-Transform"), request: gz, status: 200, want: none, body: text},
		{name: "no-transform asked for", handler: send(200, text, ct, html), request: request(ae, "gzip", "Cache-Control", "no-cache", "Cache-Control", "no-transform"), status: 200, want: map[string]string{ce: "", "Vary": ae}, body: text},
		{name: "digest", handler: send(200, text, ct, html, "Repr-Digest", "sha-256=:AA==:"), request: gz, status: 200, want: map[string]string{ce: "", "Vary": ae}, body: text},
		{name: "Vary", handler: send(200, text, ct, html, "Vary", "Accept"), request: gz, status: 200, want: map[string]string{"Vary": "Accept, " + ae}, body: text},
		{name: "Vary in two lines", handler: twoLines, request: gz, status: 200, want: map[string]string{"Vary": "Accept, Origin, " + ae}, body: text},
		{name: "Vary in two lines, plain", handler: twoLines, status: 200, want: map[string]string{"Vary": "Accept, Origin, " + ae}, body: text},
		{name: "Vary, there already", handler: send(200, text, ct, html, "Vary", "Origin, accept-encoding"), request: gz, status: 200, want: map[string]string{"Vary": "Origin, accept-encoding"}, body: text},
		{name: "Vary on everything", handler: send(200, text, ct, html, "Vary", "*"), request: gz, status: 200, want: map[string]string{"Vary": "*"}, body: text},
		{name: "Vary, nothing sent", handler: send(200, "", ct, html), status: 200, want: map[string]string{"Vary": ae}},
		{name: "twice", handler: compress.New()(file("a.html", text, `"abc"`)).ServeHTTP, request: gz, status: 200, want: map[string]string{ce: "gzip", "Vary": ae, "ETag": `"abc-gzip"`}, body: text},
		{name: "twice, 304", handler: compress.New()(file("a.html", text, `"abc"`)).ServeHTTP, request: request(ae, "gzip", "If-None-Match", `"abc-gzip"`), status: 304, want: map[string]string{"Vary": ae, "ETag": `"abc-gzip"`}},
	}
}

func TestNew_rules(t *testing.T) {
	t.Parallel()
	for _, tc := range rules() {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if tc.method == "" {
				tc.method = http.MethodGet
			}
			kittest.ServeBehind(t, compress.New(tc.opts...)(tc.handler), func(t *testing.T, s *kittest.Server) {
				t.Helper()
				got := s.Do(t, tc.method, "/", nil, tc.request)
				assert.Equal(t, tc.status, got.StatusCode)
				for name, want := range tc.want {
					assert.Equal(t, want, strings.Join(got.Header[http.CanonicalHeaderKey(name)], "|"), name)
				}
				if tc.method == http.MethodHead {
					assert.Empty(t, got.Text)
				} else {
					assert.Equal(t, tc.body, decoded(t, got))
				}
				assert.Empty(t, s.Log())
			})
		})
	}
}

// TestNew_head holds that HEAD tells of every rule what GET does, apart from a
// length that only the codec finds.
func TestNew_head(t *testing.T) {
	t.Parallel()
	for _, tc := range rules() {
		// Whether GET writes nothing at all cannot be known.
		if tc.method != "" || tc.body == "" && tc.status == http.StatusOK {
			continue
		}
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			kittest.Serve(t, compress.New(tc.opts...)(tc.handler), func(t *testing.T, s *kittest.Server) {
				t.Helper()
				get, head := s.Do(t, http.MethodGet, "/", nil, tc.request), s.Do(t, http.MethodHead, "/", nil, tc.request)
				if get.Header.Get(ce) == "gzip" {
					assert.Empty(t, head.Header[cl])
				}
				for _, h := range []http.Header{get.Header, head.Header} {
					h.Del(cl)
					h.Del("Date")
				}
				assert.Equal(t, get.StatusCode, head.StatusCode)
				assert.Equal(t, get.Header, head.Header)
			})
		})
	}
}
