package fileserve_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/fileserve"
)

func TestPrecompressed(t *testing.T) {
	t.Parallel()
	dir := writeTree(t, map[string]string{
		"app.js": "plain text", "app.js.zst": "as zstd", "app.js.br": "as br", "app.js.gz": "as gzip",
		"one.css": "plain", "one.css.gz": "gzipped", "bare.txt": "bare", "orphan.txt.gz": "orphan", "d.txt": "d", "d.txt.gz/x": "",
		"index.html": "home", "index.html.br": "home as br",
	})
	codings := []string{"zstd", "br", "gzip"}
	dirs := []*fileserve.Dir{
		openDir(t, dir, fileserve.Options{Precompressed: codings}),
		openDir(t, dir, fileserve.Options{Precompressed: codings, Immutable: true}),
	}
	for _, tc := range []struct{ path, accept, coding, body string }{
		{"/app.js", "", "", "plain text"},
		{"/app.js", "gzip", "gzip", "as gzip"},
		{"/app.js", "x-gzip", "gzip", "as gzip"},
		{"/app.js", "gzip, deflate, br, zstd", "zstd", "as zstd"},
		{"/app.js", "gzip, deflate, br", "br", "as br"},
		{"/app.js", "gzip, br;q=0.5", "gzip", "as gzip"},
		{"/app.js", "*", "zstd", "as zstd"},
		{"/app.js", "*, zstd;q=0", "br", "as br"},
		{"/app.js", "zstd;q=0, br;q=0, gzip;q=0", "", "plain text"},
		{"/app.js", "identity", "", "plain text"},
		{"/app.js", "gzip;q=0.5, identity", "", "plain text"},
		{"/app.js", "gzip;q=0.5, identity;q=0.5", "gzip", "as gzip"},
		{"/app.js", "deflate", "", "plain text"},
		{"/one.css", "gzip, br, zstd", "gzip", "gzipped"},
		{"/bare.txt", "gzip, br, zstd", "", "bare"},
		{"/bare.txt", "identity;q=0", "", "bare"},
		{"/d.txt", "gzip", "", "d"},
		{"/", "br", "br", "home as br"},
		{"/app.js.gz", "gzip", "", "as gzip"},
	} {
		for _, d := range dirs {
			w := get(d, tc.path, "Accept-Encoding: "+tc.accept)
			assert.Equal(t, 200, w.Code)
			assert.Equal(t, tc.body, w.Body.String(), "%s for %q", tc.path, tc.accept)
			assert.Equal(t, tc.coding, w.Header().Get("Content-Encoding"))
			assert.Equal(t, "Accept-Encoding", w.Header().Get("Vary"))
			assert.Len(t, tc.body, w.Body.Len())
			assert.NotEmpty(t, w.Header().Get("Content-Length"))
		}
	}
	for _, d := range dirs {
		assert.Equal(t, 404, get(d, "/orphan.txt", "Accept-Encoding: gzip").Code)
		assert.Equal(t, "application/gzip", get(d, "/app.js.gz").Header().Get("Content-Type"))
		checkSiblingTags(t, d)
	}
}

// checkSiblingTags holds that each coding has a tag of its own, on 304 too, and
// ranges of its own bytes.
func checkSiblingTags(t *testing.T, d *fileserve.Dir) {
	t.Helper()
	seen := map[string]string{}
	for _, accept := range []string{"identity", "zstd", "br", "gzip"} {
		w := get(d, "/app.js", "Accept-Encoding: "+accept)
		tag := w.Header().Get("Etag")
		assert.Regexp(t, `^"[^"]+"$`, tag)
		assert.NotContains(t, seen, tag)
		seen[tag] = accept
		assert.Equal(t, "text/javascript; charset=utf-8", w.Header().Get("Content-Type"))
	}
	for tag, accept := range seen {
		w := get(d, "/app.js", "Accept-Encoding: "+accept, "If-None-Match: "+tag)
		assert.Equal(t, 304, w.Code)
		assert.Equal(t, "Accept-Encoding", w.Header().Get("Vary"))
		assert.Equal(t, tag, w.Header().Get("Etag"))
		assert.Empty(t, w.Header().Get("Content-Encoding"))
	}
	w := get(d, "/app.js", "Accept-Encoding: gzip", "Range: bytes=3-")
	assert.Equal(t, 206, w.Code)
	assert.Equal(t, "gzip", w.Header().Get("Content-Encoding"))
	assert.Equal(t, "bytes 3-6/7", w.Header().Get("Content-Range"))
	assert.Equal(t, "gzip", w.Body.String())
}
