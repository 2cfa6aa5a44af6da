package fileserve_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/fileserve"
)

const zstdMagic = "\x28\xb5\x2f\xfd"

// zstdCases are the beginnings of files, and whether they are sent as zstd.
var zstdCases = []struct {
	name, file string
	sent       bool
}{
	{"1 KiB", zstdMagic + "\x00\x00", true},
	{"8 MiB", zstdMagic + "\x00\x68", true},
	{"9 MiB", zstdMagic + "\x00\x69", false},
	{"128 MiB", zstdMagic + "\x00\x88", false},
	{"the largest", zstdMagic + "\x00\xff", false},
	{"checksum and dictionary", zstdMagic + "\x07\x69dict", false},
	{"size beside a window", zstdMagic + "\xc0\x68\xff\xff\xff\xff\xff\x00\x00\x00", true},
	{"segment of 255 B", zstdMagic + "\x20\xff", true},
	{"segment of 64 KiB", zstdMagic + "\x60\xff\xff", true},
	{"segment of 8 MiB", zstdMagic + "\xa0\x00\x00\x80\x00", true},
	{"segment of a byte more", zstdMagic + "\xa0\x01\x00\x80\x00", false},
	{"segment of 2^63", zstdMagic + "\xe0\x00\x00\x00\x00\x00\x00\x00\x80", false},
	{"segment, dictionary of 1 B", zstdMagic + "\xa1\xff\x00\x00\x80\x00", true},
	{"segment, dictionary of 2 B", zstdMagic + "\xa2\xff\xff\x01\x00\x80\x00", false},
	{"segment, dictionary of 4 B", zstdMagic + "\xa3\xff\xff\xff\xff\x01\x00\x80\x00", false},
	{"behind skippable frames", "\x50\x2a\x4d\x18\x04\x00\x00\x00abcd\x5f\x2a\x4d\x18\x00\x00\x00\x00" + zstdMagic + "\x00\x88", false},
	{"skippable frames only", "\x50\x2a\x4d\x18\x04\x00\x00\x00abcd", true},
	{"a skippable frame that is cut", "\x50\x2a\x4d\x18\xff\xff\xff\xff", true},
	{"cut after the descriptor", zstdMagic + "\x00", true},
	{"cut in the size", zstdMagic + "\xe0\x00\x00", true},
	{"no zstd", "as zstd", true},
	{"empty", "", true},
}

// captureLog collects what is logged by default. The test must not be parallel.
func captureLog(t *testing.T) *bytes.Buffer {
	t.Helper()
	var log bytes.Buffer
	previous := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(previous) })
	return &log
}

func TestPrecompressed_zstdWindow(t *testing.T) {
	log := captureLog(t)
	files := map[string]string{}
	mapped := fstest.MapFS{}
	for i, tc := range zstdCases {
		for ext, text := range map[string]string{"": "plain", ".zst": tc.file, ".gz": "as gzip"} {
			name := fmt.Sprintf("%d.txt%s", i, ext)
			files[name], mapped[name] = text, &fstest.MapFile{Data: []byte(text)}
		}
	}
	dir := writeTree(t, files)
	options := fileserve.Options{Precompressed: []string{"zstd", "br", "gzip"}}
	immutable := options
	immutable.Immutable = true
	for kind, d := range map[string]*fileserve.Dir{
		"dir": openDir(t, dir, options), "immutable": openDir(t, dir, immutable), "fs": newDir(t, mapped, options),
		"not seekable": newDir(t, forward{mapped}, options),
	} {
		log.Reset()
		for i, tc := range zstdCases {
			for range 3 {
				w := get(d, fmt.Sprintf("/%d.txt", i), "Accept-Encoding: gzip, zstd")
				assert.Equal(t, 200, w.Code)
				assert.Equal(t, "Accept-Encoding", w.Header().Get("Vary"))
				if tc.sent {
					assert.Equal(t, "zstd", w.Header().Get("Content-Encoding"), "%s: %s", kind, tc.name)
					assert.Equal(t, tc.file, w.Body.String())
				} else {
					assert.Equal(t, "gzip", w.Header().Get("Content-Encoding"), "%s: %s", kind, tc.name)
					assert.Equal(t, "as gzip", w.Body.String())
				}
			}
			assert.Equal(t, 200, get(d, fmt.Sprintf("/%d.txt.zst", i)).Code, "by its own name it is a file as any other")
			logged := strings.Count(log.String(), fmt.Sprintf("file=%d.txt.zst ", i))
			if tc.sent {
				assert.Zero(t, logged, tc.name)
			} else {
				assert.Equal(t, 1, logged, "%s: %s", kind, tc.name)
			}
		}
	}
}

// forward hides that its files can go back.
type forward struct{ fstest.MapFS }

func (f forward) Open(name string) (fs.File, error) {
	file, err := f.MapFS.Open(name)
	if info, statErr := f.Stat(name); err != nil || statErr != nil || info.IsDir() {
		return file, err
	}
	return struct{ fs.File }{file}, nil
}

// TestPrecompressed_zstdVersions holds that another version of a file is looked at
// again, and logged again if it is as bad.
func TestPrecompressed_zstdVersions(t *testing.T) {
	log := captureLog(t)
	dir := writeTree(t, map[string]string{"a.txt": "plain"})
	d := openDir(t, dir, fileserve.Options{Precompressed: []string{"zstd"}})
	for i, tc := range []struct {
		file, coding string
		logged       int
	}{
		{zstdMagic + "\x00\x88", "", 1},
		{zstdMagic + "\x00\x68", "zstd", 1},
		{zstdMagic + "\x00\x69", "", 2},
		{zstdMagic + "\x00\x00more", "zstd", 2},
	} {
		path := filepath.Join(dir, "a.txt.zst")
		require.NoError(t, os.WriteFile(path, []byte(tc.file), 0o600))
		at := time.Now().Add(time.Duration(i) * time.Hour)
		require.NoError(t, os.Chtimes(path, at, at)) // the clock of the system may not have moved on
		var requests sync.WaitGroup
		for range 4 {
			requests.Go(func() {
				w := get(d, "/a.txt", "Accept-Encoding: zstd")
				assert.Equal(t, tc.coding, w.Header().Get("Content-Encoding"), i)
			})
		}
		requests.Wait()
		assert.Equal(t, tc.logged, strings.Count(log.String(), "file=a.txt.zst"), log.String())
	}
}

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
