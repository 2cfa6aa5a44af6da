package fileserve_test

import (
	"embed"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/fileserve"
)

//go:embed all:testdata/site
var embedded embed.FS

func TestETag(t *testing.T) {
	t.Parallel()
	dir := writeTree(t, map[string]string{"a.txt": "one", "b.txt": "one"})
	path := filepath.Join(dir, "a.txt")
	d := openDir(t, dir, fileserve.Options{})
	tagAt := func(at time.Time, text string) string {
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		require.NoError(t, os.Chtimes(path, at, at))
		header := get(d, "/a.txt").Header()
		if tag := header.Get("Etag"); tag != "" {
			assert.Equal(t, 304, get(d, "/a.txt", "If-None-Match: "+tag).Code)
			return tag
		}
		assert.Empty(t, header.Get("Last-Modified"))
		return ""
	}
	first := tagAt(modified, "one")
	assert.Regexp(t, `^"[0-9a-f.-]+"$`, first)
	assert.Equal(t, first, get(d, "/b.txt").Header().Get("Etag"), "the same wherever the file is copied to")
	assert.NotEqual(t, first, tagAt(modified, "three"), "size")
	assert.NotEqual(t, first, tagAt(modified.Add(time.Nanosecond), "one"), "time")
	for _, at := range []time.Time{time.Unix(0, 0), time.Unix(1, 0), time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC)} {
		assert.Empty(t, tagAt(at, "one"), "%v says nothing", at)
	}
	assert.Regexp(t, `^W/"`, tagAt(time.Now().Add(time.Hour), "one"), "a clock that is ahead")
	assert.Empty(t, get(d, "/a.txt").Header().Get("Last-Modified"), "RFC 9110, section 8.8.2.1")
}

// TestETag_settles holds that an entity tag changes once, from weak to strong, as
// soon as no other modification can bear its time.
func TestETag_settles(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fraction, ahead, weakFor time.Duration
	}{
		"a fraction":           {123_456_789, 0, 50 * time.Millisecond},
		"hundreds of ns":       {100, 0, 50 * time.Millisecond},
		"whole seconds":        {0, 0, 2 * time.Second},
		"ahead, a fraction":    {1, time.Hour, time.Hour + 50*time.Millisecond},
		"ahead, whole seconds": {0, time.Hour, time.Hour + 2*time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(tc.fraction)
				file := &fstest.MapFile{Data: []byte("one"), ModTime: time.Now().Add(tc.ahead)}
				d := fileserve.FS(fstest.MapFS{"a.txt": file}, fileserve.Options{})
				tag := func() string { return get(d, "/a.txt").Header().Get("Etag") }
				weak := tag()
				assert.Regexp(t, `^W/"[^"]+"$`, weak)
				time.Sleep(tc.weakFor - time.Nanosecond)
				assert.Equal(t, weak, tag())
				time.Sleep(time.Nanosecond)
				strong := tag()
				assert.Regexp(t, `^"[^"]+"$`, strong)
				assert.NotContains(t, weak, strong, "not equal by weak comparison either")
				for _, later := range []time.Duration{time.Second, time.Second, time.Hour, 1000 * time.Hour} {
					time.Sleep(later)
					assert.Equal(t, strong, tag())
				}
			})
		})
	}
}

func TestETag_content(t *testing.T) {
	t.Parallel()
	site, err := fs.Sub(embedded, "testdata/site")
	require.NoError(t, err)
	d := fileserve.FS(site, fileserve.Options{Precompressed: []string{"gzip"}})
	w := get(d, "/assets/app.js")
	assert.Equal(t, "console.log(\"embedded\")\n", w.Body.String())
	assert.Regexp(t, `^"[\w-]{22}"$`, w.Header().Get("Etag"))
	assert.Empty(t, w.Header().Get("Last-Modified"))
	coded := get(d, "/assets/app.js", "Accept-Encoding: gzip")
	assert.Equal(t, "gzip", coded.Header().Get("Content-Encoding"))
	assert.NotEqual(t, w.Header().Get("Etag"), coded.Header().Get("Etag"))
	assert.Equal(t, 206, get(d, "/assets/app.js", "Range: bytes=0-3", "If-Range: "+w.Header().Get("Etag")).Code)
	assert.Equal(t, "<h1>embedded</h1>\n", get(d, "/").Body.String())
	assert.Equal(t, 404, get(d, "/.hidden/x").Code)
	assert.Equal(t, 404, get(d, "/missing").Code)

	whole := fileserve.FS(embedded, fileserve.Options{})
	assert.Equal(t, w.Header().Get("Etag"), get(whole, "/testdata/site/assets/app.js").Header().Get("Etag"))
	dir := openDir(t, "testdata/site", fileserve.Options{Immutable: true})
	assert.Equal(t, w.Header().Get("Etag"), get(dir, "/assets/app.js").Header().Get("Etag"), "the same content")
	assert.Regexp(t, `^"[\w-]{22}"$`, get(dir, "/").Header().Get("Etag"))
}

// TestETag_later holds that a file which was not there at the start is served as
// one that may change.
func TestETag_later(t *testing.T) {
	t.Parallel()
	dir := writeTree(t, map[string]string{"a.txt": "a"})
	d := openDir(t, dir, fileserve.Options{Immutable: true})
	path := filepath.Join(dir, "b.txt")
	require.NoError(t, os.WriteFile(path, []byte("later"), 0o600))
	assert.Equal(t, "later", get(d, "/b.txt").Body.String())
	require.NoError(t, os.Remove(filepath.Join(dir, "a.txt")))
	assert.Equal(t, 404, get(d, "/a.txt").Code)

	plain := fileserve.FS(fstest.MapFS{"a.txt": {Data: []byte("a")}}, fileserve.Options{})
	assert.Empty(t, get(plain, "/a.txt").Header().Get("Etag"), "no time, and it may change")
}
