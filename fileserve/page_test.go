package fileserve_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

// TestFile_page serves files as the pages of failures.
func TestFile_page(t *testing.T) {
	t.Parallel()
	long := string(letters(200_000))
	dir := writeTree(t, map[string]string{"404.html": "<h1>nothing here</h1>", "long.html": long})
	mux := http.NewServeMux()
	for path, file := range map[string]string{"/": "404.html", "/long": "long.html", "/gone": "missing.html"} {
		mux.Handle(path, respond.Func(func(*http.Request) (any, error) {
			return respond.Status(404, fileserve.File{Path: dir + "/" + file, CacheControl: "no-cache"}), nil
		}))
	}
	kittest.ServeBehind(t, mux, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for path, want := range map[string]string{"/nothing": "<h1>nothing here</h1>", "/long": long} {
			for _, method := range []string{"GET", "HEAD", "POST", "DELETE", "OPTIONS"} {
				for _, field := range []http.Header{
					nil,
					{"Range": {"bytes=0-3"}},
					{"Range": {"bytes=0-3,10-12"}},
					{"Range": {"bytes=999999-"}},
					{"If-None-Match": {"*"}},
					{"If-Match": {`"other"`}},
					{"If-Modified-Since": {exactly}},
				} {
					got := s.Do(t, method, path, nil, field)
					assert.Equal(t, 404, got.StatusCode, "%s %s %v", method, path, field)
					assert.Equal(t, "text/html; charset=utf-8", got.Header.Get("Content-Type"))
					assert.Equal(t, "no-cache", got.Header.Get("Cache-Control"))
					assert.Empty(t, got.Header.Get("Allow"))
					assert.Empty(t, got.Header.Get("Etag"))
					assert.Empty(t, got.Header.Get("Last-Modified"))
					if method != "HEAD" {
						assert.Equal(t, want, got.Text)
					}
				}
			}
		}
		missing := s.Get(t, "/gone")
		assert.Equal(t, 404, missing.StatusCode)
		assert.Equal(t, "application/problem+json", missing.Header.Get("Content-Type"), "a page that is not there")
		assert.Empty(t, s.Log())
	})
}
