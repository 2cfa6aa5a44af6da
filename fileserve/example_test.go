package fileserve_test

import (
	"context"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing/fstest"
	"time"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/fileserve"
)

// reports stands for a directory or an embed.FS.
var reports = fstest.MapFS{
	"2025.pdf":              {Data: []byte("%PDF-1.7 ..."), ModTime: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)},
	"index.html":            {Data: []byte("<div id=app></div>")},
	"assets/app.9f3b.js":    {Data: []byte("run()")},
	"assets/app.9f3b.js.gz": {Data: []byte("\x1f\x8b...")},
}

// show prints an answer without its body.
func show(h http.Handler, target string, fields ...string) {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	for _, field := range fields {
		name, value, _ := strings.Cut(field, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	fmt.Println(w.Code)
	for _, name := range []string{"Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Length", "Content-Range", "Content-Type", "Location", "Vary"} {
		if value := w.Header().Get(name); value != "" {
			fmt.Println(name+":", value)
		}
	}
}

// reportIn is what the handler of a report reads.
type reportIn struct {
	Year string `path:"year" pattern:"^[0-9]{4}$"`
}

func Example() {
	mux := http.NewServeMux()
	report := tenon.Handle(func(_ context.Context, in reportIn) (fileserve.File, error) {
		return fileserve.File{FS: reports, Path: in.Year + ".pdf", Name: "Report.pdf"}, nil
	})
	mux.Handle("GET /reports/{year}", report)

	dir := filepath.Join("testdata", "site")
	files, err := fileserve.Open(dir, fileserve.Options{Browse: true})
	if err != nil {
		log.Fatal(err)
	}
	mux.Handle("/files/", http.StripPrefix("/files", files))

	for _, path := range []string{"/reports/2025", "/files/assets/app.js", "/files/none"} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		fmt.Println(w.Code, w.Header().Get("Content-Type"))
	}
	if err := files.Close(); err != nil {
		log.Fatal(err)
	}
	// Output:
	// 200 application/pdf
	// 200 text/javascript; charset=utf-8
	// 404 application/problem+json
}

// A handler returns the file that it wants to be sent.
func ExampleFile() {
	type in struct {
		Year string `path:"year" pattern:"^[0-9]{4}$"`
	}
	report := tenon.Handle(func(_ context.Context, in in) (fileserve.File, error) {
		return fileserve.File{FS: reports, Path: in.Year + ".pdf", Name: "Rapport annuel " + in.Year + " – clés.pdf"}, nil
	})
	mux := http.NewServeMux()
	mux.Handle("GET /reports/{year}", report)

	show(mux, "/reports/2025", "Range: bytes=0-3")
	show(mux, "/reports/1999")
	// Output:
	// 206
	// Content-Disposition: attachment; filename="Rapport annuel 2025 _ cl_s.pdf"; filename*=UTF-8''Rapport%20annuel%202025%20%E2%80%93%20cl%C3%A9s.pdf
	// Content-Length: 4
	// Content-Range: bytes 0-3/12
	// Content-Type: application/pdf
	// 404
	// Content-Type: application/problem+json
}

// Bytes that are made for the request, or come out of a database.
func ExampleContent() {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fileserve.Content{
			Name:         "table.csv",
			CacheControl: "private, no-cache",
			ETag:         `"7"`,
			Reader:       strings.NewReader("year,sum\n2025,12\n"),
		}.ServeHTTP(w, r)
	})
	show(h, "/")
	show(h, "/", `If-None-Match: "7"`)
	// Output:
	// 200
	// Cache-Control: private, no-cache
	// Content-Disposition: attachment; filename="table.csv"
	// Content-Length: 17
	// Content-Type: text/csv; charset=utf-8
	// 304
	// Cache-Control: private, no-cache
}

// The files of a single-page application: those whose names change with their
// content are cached for ever, and paths that only the application knows get its
// page.
func ExampleNew() {
	site, err := fileserve.New(reports, fileserve.Options{
		Fallback:      "index.html",
		Precompressed: []string{"br", "gzip"},
		CacheControl: func(name string) string {
			if strings.HasPrefix(name, "assets/") {
				return "public, max-age=31536000, immutable"
			}
			return "no-cache"
		},
	})
	if err != nil {
		panic(err)
	}
	show(site, "/users/7")
	show(site, "/assets/app.9f3b.js", "Accept-Encoding: gzip, deflate, br")
	show(site, "/assets/missing.js")
	// Output:
	// 200
	// Cache-Control: no-cache
	// Content-Length: 18
	// Content-Type: text/html; charset=utf-8
	// Vary: Accept-Encoding
	// 200
	// Cache-Control: public, max-age=31536000, immutable
	// Content-Encoding: gzip
	// Content-Length: 5
	// Content-Type: text/javascript; charset=utf-8
	// Vary: Accept-Encoding
	// 404
	// Content-Type: application/problem+json
}

// A directory of the disk, below a prefix. No name and no link leads out of it.
func ExampleOpen() {
	files, err := fileserve.Open("testdata/site", fileserve.Options{Browse: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer files.Close()
	mux := http.NewServeMux()
	mux.Handle("/files/", http.StripPrefix("/files", files))

	show(mux, "/files/assets")
	show(mux, "/files/assets/app.js")
	show(mux, "/files/.hidden/x")
	// Output:
	// 302
	// Location: ./assets/
	// 200
	// Content-Length: 24
	// Content-Type: text/javascript; charset=utf-8
	// 404
	// Content-Type: application/problem+json
}
