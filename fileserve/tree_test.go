//go:build unix

package fileserve_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/internal/kittest"
)

// inTime fails the test if the request hangs.
func inTime(t *testing.T, h http.Handler, target string) *httptest.ResponseRecorder {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), kittest.Patience)
	defer cancel()
	done := make(chan *httptest.ResponseRecorder, 1)
	go func() { done <- get(h, target) }()
	select {
	case w := <-done:
		return w
	case <-ctx.Done():
		t.Fatal("the request hangs")
		return nil
	}
}

// rooted are the ways to serve a directory that no link leads out of.
func rooted(t *testing.T, dir string) map[string]http.Handler {
	t.Helper()
	root, err := os.OpenRoot(dir)
	require.NoError(t, err)
	t.Cleanup(func() { _ = root.Close() })
	options := fileserve.Options{Browse: true, Index: []string{}}
	immutable := options
	immutable.Immutable = true
	return map[string]http.Handler{
		"Open":      openDir(t, dir, options),
		"Immutable": openDir(t, dir, immutable),
		"New":       newDir(t, root.FS(), options),
		"File": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fileserve.File{Path: r.URL.Path[1:], FS: root.FS()}.ServeHTTP(w, r)
		}),
	}
}

func TestSymlinks(t *testing.T) {
	t.Parallel()
	outside := writeTree(t, map[string]string{"secret.txt": "secret", "d/secret.txt": "secret"})
	dir := writeTree(t, map[string]string{"a/real.txt": "real", "real.txt": "real", ".hidden": "hidden"})
	for link, target := range map[string]string{
		"in.txt": "a/real.txt", "a/up.txt": "../real.txt", "in": "a", "a/twice.txt": "../in.txt",
		"out.txt": "../" + filepath.Base(outside) + "/secret.txt", "absolute.txt": filepath.Join(outside, "secret.txt"),
		"out": outside, "a/out": "../../" + filepath.Base(outside), "passwd": "/etc/passwd", "parent": "..",
		"loop": "loop", "ping": "pong", "pong": "ping", "dangling": "nowhere", "self": ".",
	} {
		require.NoError(t, os.Symlink(target, filepath.Join(dir, link)))
	}
	for name, h := range rooted(t, dir) {
		for _, path := range []string{"/in.txt", "/a/up.txt", "/in/real.txt", "/a/twice.txt", "/self/self/real.txt"} {
			w := get(h, path)
			assert.Equal(t, 200, w.Code, "%s %s", name, path)
			assert.Equal(t, "real", w.Body.String())
		}
		for _, path := range []string{
			"/out.txt", "/absolute.txt", "/out/secret.txt", "/out/d/secret.txt", "/a/out/secret.txt", "/passwd",
			"/parent/" + filepath.Base(outside) + "/secret.txt", "/loop", "/ping", "/loop/x", "/dangling",
		} {
			w := get(h, path)
			assert.Equal(t, 404, w.Code, "%s %s", name, path)
			assert.NotContains(t, w.Body.String(), "secret")
		}
	}
	listing := get(openDir(t, dir, fileserve.Options{Browse: true}), "/").Body.String()
	for _, shown := range []string{"./in.txt", "./in/", "./real.txt", "./a/", "./self/"} {
		assert.Contains(t, listing, `"`+shown+`"`)
	}
	for _, left := range []string{"out", "absolute", "passwd", "parent", "loop", "ping", "dangling", "hidden"} {
		assert.NotContains(t, listing, `"./`+left)
	}
}

// TestSymlinks_siblings holds that a link beside a file is followed no further than
// any other.
func TestSymlinks_siblings(t *testing.T) {
	t.Parallel()
	outside := writeTree(t, map[string]string{"secret.gz": "secret", "index.html": "secret"})
	dir := writeTree(t, map[string]string{"app.js": "run()"})
	require.NoError(t, os.Symlink(filepath.Join(outside, "secret.gz"), filepath.Join(dir, "app.js.gz")))
	require.NoError(t, os.Symlink(filepath.Join(outside, "index.html"), filepath.Join(dir, "index.html")))
	d := openDir(t, dir, fileserve.Options{Precompressed: []string{"gzip"}, Fallback: "index.html"})
	w := get(d, "/app.js", "Accept-Encoding: gzip")
	assert.Equal(t, "run()", w.Body.String())
	assert.Empty(t, w.Header().Get("Content-Encoding"))
	assert.Equal(t, 404, get(d, "/").Code)
	assert.Equal(t, 404, get(d, "/users").Code)
}

func TestIrregular(t *testing.T) {
	t.Parallel()
	dir := writeTree(t, map[string]string{"a.txt": "a", "page/x": ""})
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "fifo"), 0o600))
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "a.txt.gz"), 0o600))
	require.NoError(t, syscall.Mkfifo(filepath.Join(dir, "page/index.html"), 0o600))
	handlers := rooted(t, dir)
	handlers["DirFS"] = newDir(t, os.DirFS(dir), fileserve.Options{})
	handlers["OS"] = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fileserve.File{Path: filepath.Join(dir, r.URL.Path)}.ServeHTTP(w, r)
	})
	handlers["precompressed"] = openDir(t, dir, fileserve.Options{Precompressed: []string{"gzip"}})
	for name, h := range handlers {
		assert.Equal(t, 404, inTime(t, h, "/fifo").Code, name)
		assert.Equal(t, 404, inTime(t, h, "/page/index.html").Code, name)
		assert.Equal(t, "a", inTime(t, h, "/a.txt").Body.String(), name)
	}
	assert.Equal(t, 404, inTime(t, openDir(t, dir, fileserve.Options{}), "/page/").Code)
	w := get(handlers["precompressed"], "/a.txt", "Accept-Encoding: gzip")
	assert.Equal(t, "a", w.Body.String())
	assert.NotContains(t, inTime(t, handlers["Open"], "/").Body.String(), "fifo")
}

func TestIrregular_devices(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/zero"); err != nil {
		t.Skip("this system has no /dev/zero")
	}
	handlers := map[string]http.Handler{
		"Open": openDir(t, "/dev", fileserve.Options{}),
		"FS":   newDir(t, os.DirFS("/dev"), fileserve.Options{}),
		"File": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			fileserve.File{Path: filepath.Join("/dev", r.URL.Path)}.ServeHTTP(w, r)
		}),
	}
	for name, h := range handlers {
		for _, path := range []string{"/zero", "/null", "/tty", "/random"} {
			assert.Equal(t, 404, inTime(t, h, path).Code, "%s %s", name, path)
		}
	}
}

func TestPermission(t *testing.T) {
	t.Parallel()
	if os.Geteuid() == 0 {
		t.Skip("root may read everything")
	}
	dir := writeTree(t, map[string]string{"a.txt": "a"})
	require.NoError(t, os.Chmod(filepath.Join(dir, "a.txt"), 0))
	assert.Equal(t, 403, get(openDir(t, dir, fileserve.Options{}), "/a.txt").Code)
}
