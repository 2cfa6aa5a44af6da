//go:build linux

package fileserve_test

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/internal/kittest"
)

// later runs fn an hour from now, when the files of the test are settled.
func later(t *testing.T, fn func(t *testing.T)) {
	t.Helper()
	now := time.Now()
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(time.Until(now.Add(time.Hour)))
		fn(t)
	})
}

// keeping are the ways to serve a directory that keep files.
func keeping(t *testing.T, dir string) map[string]http.Handler {
	t.Helper()
	root, err := os.OpenRoot(dir)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, root.Close()) })
	return map[string]http.Handler{
		"Open":    openDir(t, dir, fileserve.Options{}),
		"root.FS": newDir(t, root.FS(), fileserve.Options{}),
		"DirFS":   newDir(t, os.DirFS(dir), fileserve.Options{}),
	}
}

// TestCache_answers holds that a kept file is answered for as any other.
func TestCache_answers(t *testing.T) {
	t.Parallel()
	text := string(letters(9000))
	dir := writeTree(t, map[string]string{"index.html": text, "app.js": text, "app.js.gz": "gzipped", "empty.txt": ""})
	later(t, func(t *testing.T) {
		t.Helper()
		options := fileserve.Options{Precompressed: []string{"gzip"}}
		d := openDir(t, dir, options)
		options.MemoryLimit = -1
		plain := openDir(t, dir, options)
		tag := get(plain, "/app.js").Header().Get("Etag")
		for _, tc := range [][]string{
			{"GET /"},
			{"GET /index.html"},
			{"HEAD /app.js"},
			{"GET /app.js"},
			{"GET /empty.txt"},
			{"GET /app.js/"},
			{"POST /app.js"},
			{"GET /app.js", "Accept-Encoding: gzip"},
			{"GET /app.js.gz"},
			{"GET /app.js.gz", "Accept-Encoding: gzip"},
			{"GET /app.js", "Accept-Encoding: gzip", "Range: bytes=3-"},
			{"GET /app.js", "If-None-Match: " + tag},
			{"GET /app.js", `If-Match: "other"`},
			{"GET /app.js", "Range: bytes=8000-8999"},
			{"GET /app.js", "Range: bytes=9000-"},
			{"GET /app.js", "Range: bytes=-5", "If-Range: " + tag},
			{"GET /app.js", "If-Modified-Since: " + modified.Format(http.TimeFormat)},
		} {
			method, path, _ := strings.Cut(tc[0], " ")
			want := do(plain, method, path, tc[1:]...)
			for range 4 {
				got := do(d, method, path, tc[1:]...)
				require.Equal(t, want.Code, got.Code, tc)
				require.Equal(t, want.Header(), got.Header(), tc)
				require.Equal(t, want.Body.String(), got.Body.String(), tc)
			}
		}
		for range 4 {
			w := get(d, "/app.js", "Range: bytes=8990-,5-9")
			require.Equal(t, 206, w.Code)
			require.Contains(t, w.Body.String(), "\r\n\r\n"+text[8990:]+"\r\n--")
			require.Contains(t, w.Body.String(), "\r\n\r\n"+text[5:10]+"\r\n--")
		}
	})
}

// TestCache_opens counts how often a file is opened: to be served, and when it is
// asked for again, to be kept. One that has just changed is opened each time.
func TestCache_opens(t *testing.T) {
	trace, ok := kittest.Strace(t, "openat", func() {
		dir := writeTree(t, map[string]string{"kept.txt": "kept", "fresh.txt": "fresh", "immutable.txt": "immutable"})
		fresh := openDir(t, dir, fileserve.Options{})
		later(t, func(t *testing.T) {
			t.Helper()
			kept := openDir(t, dir, fileserve.Options{})
			immutable := openDir(t, dir, fileserve.Options{Immutable: true})
			for range 9 {
				require.Equal(t, "kept", get(kept, "/kept.txt").Body.String())
				require.Equal(t, "immutable", get(immutable, "/immutable.txt").Body.String())
			}
		})
		for range 9 {
			require.Equal(t, "fresh", get(fresh, "/fresh.txt").Body.String())
		}
	})
	if ok {
		opens := func(name string) int { return strings.Count(trace, `"`+name+`", O_RDONLY|O_NONBLOCK`) }
		// The index of Immutable opens each once more.
		assert.Equal(t, 2+1, opens("kept.txt"), trace)
		assert.Equal(t, 9+1, opens("fresh.txt"), trace)
		assert.Equal(t, 2+1, opens("immutable.txt"), trace)
	}
}

// opening counts how often a file system of somebody else is asked for a file.
type opening struct {
	fs.StatFS

	n *int
}

func (x opening) Open(name string) (fs.File, error) {
	*x.n++
	return x.StatFS.Open(name)
}

// TestCache_others holds that nothing is kept of a file system that may have a say
// in every open, nor after Close.
func TestCache_others(t *testing.T) {
	t.Parallel()
	dir := writeTree(t, map[string]string{"a.txt": "a"})
	later(t, func(t *testing.T) {
		t.Helper()
		system, ok := os.DirFS(dir).(fs.StatFS)
		require.True(t, ok)
		opens := 0
		d := newDir(t, opening{system, &opens}, fileserve.Options{})
		opens = 0
		for range 5 {
			require.Equal(t, "a", get(d, "/a.txt").Body.String())
		}
		assert.Equal(t, 5, opens)

		d, err := fileserve.Open(dir, fileserve.Options{})
		require.NoError(t, err)
		for range 5 {
			require.Equal(t, "a", get(d, "/a.txt").Body.String())
		}
		require.NoError(t, d.Close())
		assert.Equal(t, 500, get(d, "/a.txt").Code)
	})
}

// TestCache_memory asks for far more than may be kept: many files, and many names
// of one file.
func TestCache_memory(t *testing.T) {
	const limit = 512 << 10
	files := map[string]string{}
	for i := range 256 {
		files[fmt.Sprintf("%d.txt", i)] = strings.Repeat("x", 16<<10)
	}
	dir := writeTree(t, files)
	require.NoError(t, os.Symlink(".", dir+"/s"))
	require.NoError(t, os.Symlink(".", dir+"/t"))
	later(t, func(t *testing.T) {
		t.Helper()
		d := openDir(t, dir, fileserve.Options{MemoryLimit: limit})
		var w kittest.Sink
		ask := func(path string) {
			r := httptest.NewRequest(http.MethodGet, path, nil)
			for range 3 {
				w.Reset()
				d.ServeHTTP(&w, r)
				require.Equal(t, 200, w.Status)
			}
		}
		ask("/0.txt")
		before := heap()
		for i := range 256 {
			ask(fmt.Sprintf("/%d.txt", i))
		}
		assert.Less(t, kittest.Least(before+2*limit-1, heap), before+2*limit, "files")
		for i := range 256 {
			links := strings.NewReplacer("0", "s/", "1", "t/").Replace(fmt.Sprintf("%08b", i))
			ask("/" + links[:14] + "1.txt")
		}
		assert.Less(t, kittest.Least(before+2*limit-1, heap), before+2*limit, "names")
		runtime.KeepAlive(d)
	})
}

// heap returns how much memory is in use.
func heap() int64 {
	var stats runtime.MemStats
	runtime.GC()
	runtime.GC() // what a sync.Pool holds goes with the second
	runtime.ReadMemStats(&stats)
	return int64(stats.HeapAlloc)
}

// TestCache_concurrent replaces a file while it is asked for: whoever asks after a
// change gets it.
func TestCache_concurrent(t *testing.T) {
	t.Parallel()
	dir := writeTree(t, map[string]string{"a.txt": "1000"})
	later(t, func(t *testing.T) {
		t.Helper()
		d := openDir(t, dir, fileserve.Options{MemoryLimit: 4096})
		var readers sync.WaitGroup
		defer readers.Wait()
		done := make(chan struct{})
		defer close(done)
		for range 2 {
			readers.Go(func() {
				for last := "1000"; ; {
					got := get(d, "/a.txt").Body.String()
					if len(got) != 4 || got < last {
						t.Errorf("%q after %q", got, last)
						return
					}
					last = got
					select {
					case <-done:
						return
					default:
					}
				}
			})
		}
		for i := range 60 {
			text := strconv.Itoa(1001 + i)
			// An inode may come back at once, within a tick of a coarse clock.
			write(t, dir+"/next", text, modified.Add(time.Duration(i)))
			require.NoError(t, os.Rename(dir+"/next", dir+"/a.txt"))
			for range 3 {
				assert.Equal(t, text, get(d, "/a.txt").Body.String())
			}
		}
	})
}

// TestCache_allocs holds what a kept file takes.
func TestCache_allocs(t *testing.T) {
	dir := writeTree(t, map[string]string{"a.txt": "a"})
	later(t, func(t *testing.T) {
		t.Helper()
		for name, h := range keeping(t, dir) {
			r := httptest.NewRequest(http.MethodGet, "/a.txt", nil)
			var w kittest.Sink
			t.Log(name)
			kittest.Allocs(t, 6, func() { w.Reset(); h.ServeHTTP(&w, r) })
		}
	})
}
