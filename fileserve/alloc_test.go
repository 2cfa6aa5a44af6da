package fileserve_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/internal/kittest"
)

// The budgets are those of the handler. Most of them is what [os.Root] takes to
// open a file and [os.File] to tell its size.
func TestDir_allocs(t *testing.T) {
	dir := writeTree(t, map[string]string{
		"a.txt": "a", "long.txt": strings.Repeat("x", 100_000), "a.txt.gz": "a", "d/e/a.txt": "a",
	})
	plain := openDir(t, dir, fileserve.Options{MemoryLimit: -1})
	immutable := openDir(t, dir, fileserve.Options{Immutable: true, Precompressed: []string{"br", "gzip"}, MemoryLimit: -1})
	hostile := "bytes=0-0" + strings.Repeat(",0-0", 469_000/4)
	tag := get(plain, "/a.txt").Header().Get("Etag")
	for _, tc := range []struct {
		name   string
		budget float64
		h      http.Handler
		path   string
		lines  []string
	}{
		{"file", 9, plain, "/a.txt", nil},
		{"depth 3", 13, plain, "/d/e/a.txt", nil},
		{"long file", 12, plain, "/long.txt", nil},
		{"one range", 14, plain, "/long.txt", []string{"Range: bytes=0-49999"}},
		{"parts", 17, plain, "/long.txt", []string{"Range: bytes=0-0,1000-2000,-10"}},
		{"hostile ranges", 12, plain, "/long.txt", []string{"Range: " + hostile}},
		{"not modified", 9, plain, "/a.txt", []string{"If-None-Match: " + tag}},
		{"immutable", 8, immutable, "/a.txt", nil},
		{"immutable sibling", 10, immutable, "/a.txt", []string{"Accept-Encoding: gzip, deflate, br, zstd"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := httptest.NewRequest(http.MethodGet, tc.path, nil)
			for _, line := range tc.lines {
				name, value, _ := strings.Cut(line, ": ")
				r.Header.Set(name, value)
			}
			var sink kittest.Sink
			kittest.Allocs(t, tc.budget, func() {
				sink.Reset()
				tc.h.ServeHTTP(&sink, r)
			})
		})
	}
}

// TestDir_fewerAllocs holds that no request takes more memory than the handlers of
// net/http take for it.
func TestDir_fewerAllocs(t *testing.T) {
	kittest.Measures(t)
	dir := writeTree(t, map[string]string{"2KB.txt": strings.Repeat("x", 2048), "100KB.txt": strings.Repeat("x", 102_400)})
	root, err := os.OpenRoot(dir)
	require.NoError(t, err)
	defer root.Close()
	handlers := []http.Handler{openDir(t, dir, fileserve.Options{}), http.FileServer(http.Dir(dir)), http.FileServerFS(root.FS())}
	for _, path := range []string{"/2KB.txt", "/100KB.txt"} {
		for _, field := range []string{"", "bytes=5-", "bytes=0-9,1000-1009"} {
			var allocs []float64
			for _, h := range handlers {
				r := httptest.NewRequest(http.MethodGet, path, nil)
				r.Header.Set("Range", field)
				if field == "" {
					r.Header.Del("Range")
				}
				var sink kittest.Sink
				allocs = append(allocs, testing.AllocsPerRun(200, func() {
					sink.Reset()
					h.ServeHTTP(&sink, r)
				}))
			}
			assert.Less(t, allocs[0], allocs[1], "%s %q, beside FileServer", path, field)
			assert.Less(t, allocs[0], allocs[2], "%s %q, beside FileServerFS", path, field)
		}
	}
}

func TestFile_allocs(t *testing.T) {
	path := filepath.Join(writeTree(t, map[string]string{"a.txt": "a"}), "a.txt")
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	var sink kittest.Sink
	kittest.Allocs(t, 7, func() {
		sink.Reset()
		fileserve.File{Path: path, Name: "a.txt"}.ServeHTTP(&sink, r)
	})
}
