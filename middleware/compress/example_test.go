package compress_test

import (
	"compress/gzip"
	"compress/zlib"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/justinas/alice"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
)

// page is a handler with something to compress.
var page = http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("ETag", `"v1"`)
	_, _ = io.WriteString(w, strings.Repeat("<p>Mortise and tenon</p>\n", 200))
})

// show prints what h answers to a client with the given Accept-Encoding.
func show(h http.Handler, accept string) {
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept-Encoding", accept)
	h.ServeHTTP(w, r)
	fmt.Printf("%s: coding %q, tag %s, less than 200 bytes: %t\n",
		accept, w.Header().Get("Content-Encoding"), w.Header().Get("ETag"), w.Body.Len() < 200)
}

func ExampleNew() {
	h := alice.New(compress.New()).Then(page)
	show(h, "gzip, deflate")
	show(h, "gzip, deflate, br, zstd")
	show(h, "zstd;q=0.5, gzip")
	show(h, "identity")
	// Output:
	// gzip, deflate: coding "gzip", tag "v1-gzip", less than 200 bytes: true
	// gzip, deflate, br, zstd: coding "zstd", tag "v1-zstd", less than 200 bytes: true
	// zstd;q=0.5, gzip: coding "gzip", tag "v1-gzip", less than 200 bytes: true
	// identity: coding "", tag "v1", less than 200 bytes: false
}

// One chain decodes what clients send and compresses what they get.
func Example_chain() {
	chain := alice.New(
		middleware.Recover(),
		compress.Requests(1<<20),
		compress.New(),
	)
	h := chain.Then(page)
	show(h, "gzip")
	// Output:
	// gzip: coding "gzip", tag "v1-gzip", less than 200 bytes: true
}

// The writers of compress/zlib and of github.com/andybalholm/brotli are
// encoders as they are.
func ExampleCoding() {
	h := compress.New(compress.Coding("deflate", func() compress.Encoder { return zlib.NewWriter(nil) }))(page)
	show(h, "gzip, deflate")
	// Output:
	// gzip, deflate: coding "deflate", tag "v1-deflate", less than 200 bytes: true
}

// Event streams are compressed if they are asked for. Their events still arrive
// as soon as they are flushed.
func ExampleTypes() {
	events := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = io.WriteString(w, strings.Repeat("data: tick\n\n", 200))
	})
	show(compress.New()(events), "gzip")
	show(compress.New(compress.Types(append(compress.DefaultTypes(), "text/event-stream")...))(events), "gzip")
	// Output:
	// gzip: coding "", tag , less than 200 bytes: false
	// gzip: coding "gzip", tag , less than 200 bytes: true
}

func ExampleMinSize() {
	short := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat("short ", 30))
	})
	show(compress.New()(short), "gzip")
	show(compress.New(compress.MinSize(100))(short), "gzip")
	// Output:
	// gzip: coding "", tag , less than 200 bytes: true
	// gzip: coding "gzip", tag , less than 200 bytes: true
}

func ExampleSmallest() {
	sizes := make([]int, 0, 2)
	for _, opts := range [][]compress.Option{nil, {compress.Smallest()}} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Accept-Encoding", "zstd")
		compress.New(opts...)(page).ServeHTTP(w, r)
		sizes = append(sizes, w.Body.Len())
	}
	fmt.Println("no larger:", sizes[1] <= sizes[0])
	// Output: no larger: true
}

// A response that carries a secret beside text from the request is better left
// as it is.
func Example_secret() {
	h := compress.New()(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store, no-transform")
		page.ServeHTTP(w, r)
	}))
	show(h, "gzip")
	// Output:
	// gzip: coding "", tag "v1", less than 200 bytes: false
}

// A client sends JSON in gzip, and the handler binds it like any other.
func ExampleRequests() {
	type In struct {
		Name string `json:"name" minLength:"1"`
	}
	greet := bind.Func(func(w http.ResponseWriter, _ *http.Request, in In) { fmt.Fprintf(w, "Hello, %s!", in.Name) })
	h := compress.Requests(1 << 20)(greet)
	send := func(coding, body string) {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Content-Encoding", coding)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		fmt.Println(w.Code, w.Header().Get("Accept-Encoding"), w.Body)
	}
	var zipped strings.Builder
	writer := gzip.NewWriter(&zipped)
	_, _ = io.WriteString(writer, `{"name":"Ada"}`)
	_ = writer.Close()
	send("gzip", zipped.String())
	send("br", zipped.String())
	// Output:
	// 200  Hello, Ada!
	// 415 zstd, gzip {"type":"about:blank","title":"Unsupported Media Type","status":415,"detail":"the body must be in one of the codings zstd and gzip, or in none"}
}
