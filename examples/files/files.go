package main

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"os"
	"strings"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/fileserve"
)

//go:embed site
var site embed.FS

// newHandler serves the application, the reports and the directory to browse.
func newHandler(dir string) (http.Handler, error) {
	files, err := fileserve.Open(dir, fileserve.Options{Browse: true})
	if err != nil {
		return nil, err
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, err
	}
	page, err := fs.Sub(site, "site")
	if err != nil {
		return nil, err
	}
	application, err := newApplication(page)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.Handle("/", application)
	mux.Handle("/browse/", http.StripPrefix("/browse", files))
	mux.Handle("GET /reports/{year}", tenon.Handle(Reports{root.FS()}.Get))
	return mux, nil
}

// newApplication serves a single-page application: its page for every path that is
// no file, its assets for ever, because a changed one has another name.
func newApplication(page fs.FS) (http.Handler, error) {
	return fileserve.New(page, fileserve.Options{
		Fallback:      "index.html",
		Precompressed: []string{"gzip"},
		CacheControl: func(name string) string {
			if strings.HasPrefix(name, "assets/") {
				return "public, max-age=31536000, immutable"
			}
			return "no-cache"
		},
	})
}

// Reports are files that are saved under other names than they are stored under.
type Reports struct{ dir fs.FS }

// ReportIn names a report. Whatever the path holds, dir keeps it inside.
type ReportIn struct {
	Year string `path:"year"`
}

// Get answers with the report of a year.
func (s Reports) Get(_ context.Context, in ReportIn) (fileserve.File, error) {
	return fileserve.File{
		FS:           s.dir,
		Path:         "report-" + in.Year + ".csv",
		Name:         "Bretter " + in.Year + " – Übersicht.csv",
		CacheControl: "private, no-cache",
	}, nil
}
