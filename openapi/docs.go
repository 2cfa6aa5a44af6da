package openapi

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	html "html/template"
	"net/http"
	"net/url"
	"strings"
)

var (
	//go:embed docs/page.html
	docsPage string
	//go:embed docs/style.css
	docsStyle string
	//go:embed docs/script.js
	docsScript string
)

// Docs returns a handler of GET and HEAD requests that answers with a page about
// doc for people: its operations and schemas, with examples, and a form for each
// operation that sends a request to the API and shows the real answer. The page is
// one HTML file with its style and script inside; it loads nothing, and its
// Content-Security-Policy lets it talk to the servers of doc alone. It is made
// once, and serves many goroutines at once. Docs panics if doc is nil.
//
// A relative server is relative to the page here, so that page and document belong
// into one directory. A request from the page is one of the browser's: to another origin it needs that
// server's leave (CORS), and its cookies are those the browser has.
func Docs(doc *Document) http.Handler {
	if doc == nil {
		panic("openapi: Docs of nil")
	}
	source := html.Must(html.New("page").Parse(docsPage))
	var out bytes.Buffer
	if err := source.Execute(&out, newPageView(doc)); err != nil {
		panic("openapi: " + err.Error())
	}
	docs := newPage("text/html; charset=utf-8", out.Bytes())
	policy := docsPolicy(doc.model.Servers)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "no-referrer")
		docs.ServeHTTP(w, r)
	})
}

// docsPolicy allows the style and the script of the page, and requests to the
// servers.
func docsPolicy(servers []Server) string {
	connect := []string{"'self'"}
	for _, server := range servers {
		if u, err := url.Parse(server.URL); err == nil && u.Host != "" {
			connect = append(connect, strings.TrimPrefix(u.Scheme+"://"+u.Host, "://"))
		}
	}
	return "default-src 'none'; style-src " + sourceHash(docsStyle) + "; script-src " + sourceHash(docsScript) +
		"; connect-src " + strings.Join(connect, " ") + "; img-src data: blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
}

// sourceHash names an inline element by its content (CSP Level 3, section 2.3.1).
func sourceHash(content string) string {
	sum := sha256.Sum256([]byte(content))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
