//go:build linux

package fileserve_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/fileserve"
)

// changedAt is what no program can set.
func changedAt(t *testing.T, path string) syscall.Timespec {
	t.Helper()
	var stat syscall.Stat_t
	require.NoError(t, syscall.Stat(path, &stat))
	return stat.Ctim
}

// rewrite does to a file what write does, until the clock of the file system has
// moved on, which may take some milliseconds.
func rewrite(t *testing.T, path string, write func()) {
	t.Helper()
	for before := changedAt(t, path); before == changedAt(t, path); {
		write()
	}
}

// write puts a text into a file, which is there or not, and sets its time.
func write(t *testing.T, path, text string, at time.Time) {
	t.Helper()
	require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
	require.NoError(t, os.Chtimes(path, at, at))
}

// cacheChanges are what can happen to a file and its directory d, and what is
// answered from then on. They leave size and time as they are, if they can.
var cacheChanges = []struct {
	name   string
	change func(t *testing.T, dir, file string)
	status int
	want   string
}{
	{"nothing", func(*testing.T, string, string) {}, 200, "old"},
	{"renamed over", func(t *testing.T, dir, file string) {
		t.Helper()
		write(t, dir+"/new", "new", modified)
		require.NoError(t, os.Rename(dir+"/new", file))
	}, 200, "new"},
	{"removed and made anew", func(t *testing.T, _, file string) {
		t.Helper()
		rewrite(t, file, func() { require.NoError(t, os.Remove(file)); write(t, file, "new", modified) })
	}, 200, "new"},
	{"rewritten in place", func(t *testing.T, _, file string) {
		t.Helper()
		rewrite(t, file, func() { write(t, file, "new", modified) })
	}, 200, "new"},
	{"rewritten in the same second", func(t *testing.T, _, file string) {
		t.Helper()
		write(t, file, "new", modified.Add(1))
	}, 200, "new"},
	{"grown", func(t *testing.T, _, file string) {
		t.Helper()
		write(t, file, "newer", modified)
	}, 200, "newer"},
	{"grown out of memory", func(t *testing.T, _, file string) {
		t.Helper()
		write(t, file, strings.Repeat("x", 100_000), modified)
	}, 200, strings.Repeat("x", 100_000)},
	{"emptied", func(t *testing.T, _, file string) { t.Helper(); write(t, file, "", modified) }, 200, ""},
	{"removed", func(t *testing.T, _, file string) { t.Helper(); require.NoError(t, os.Remove(file)) }, 404, ""},
	{"replaced by a directory", func(t *testing.T, _, file string) {
		t.Helper()
		require.NoError(t, os.Remove(file))
		require.NoError(t, os.Mkdir(file, 0o700))
	}, 404, ""},
	{"replaced by a FIFO", func(t *testing.T, _, file string) {
		t.Helper()
		require.NoError(t, os.Remove(file))
		require.NoError(t, syscall.Mkfifo(file, 0o600))
	}, 404, ""},
	{"replaced by a link", func(t *testing.T, dir, file string) {
		t.Helper()
		write(t, dir+"/other", "new", modified)
		require.NoError(t, os.Remove(file))
		require.NoError(t, os.Symlink("../other", file))
	}, 200, "new"},
	{"directory replaced", func(t *testing.T, dir, _ string) {
		t.Helper()
		require.NoError(t, os.Mkdir(dir+"/e", 0o700))
		write(t, dir+"/e/a.txt", "new", modified)
		require.NoError(t, os.Rename(dir+"/d", dir+"/f"))
		require.NoError(t, os.Rename(dir+"/e", dir+"/d"))
	}, 200, "new"},
	{"directory removed", func(t *testing.T, dir, _ string) { t.Helper(); require.NoError(t, os.RemoveAll(dir+"/d")) }, 404, ""},
}

// TestCache_changes holds that no answer is older than the request.
func TestCache_changes(t *testing.T) {
	t.Parallel()
	const path = "/d/a.txt"
	for _, tc := range cacheChanges {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			dir := writeTree(t, map[string]string{"d/a.txt": "old"})
			later(t, func(t *testing.T) {
				t.Helper()
				handlers := keeping(t, dir)
				for name, h := range handlers {
					for range 3 {
						require.Equal(t, "old", get(h, path).Body.String(), name)
					}
				}
				tc.change(t, dir, dir+path)
				for name, h := range handlers {
					for range 3 {
						w := get(h, path)
						require.Equal(t, tc.status, w.Code, name)
						if tc.status == 200 {
							require.Equal(t, tc.want, w.Body.String(), name)
						}
					}
				}
			})
		})
	}
}

// TestCache_links swaps links whose targets differ in nothing but the content.
func TestCache_links(t *testing.T) {
	t.Parallel()
	outside := writeTree(t, map[string]string{"a.txt": "out"})
	dir := writeTree(t, map[string]string{"one/a.txt": "one", "two/a.txt": "two"})
	swap := func(t *testing.T, target, link string) {
		t.Helper()
		require.NoError(t, os.Symlink(target, dir+"/next"))
		require.NoError(t, os.Rename(dir+"/next", filepath.Join(dir, link)))
	}
	later(t, func(t *testing.T) {
		t.Helper()
		d := openDir(t, dir, fileserve.Options{})
		for range 3 {
			for _, step := range []struct{ link, target, path string }{
				{"file", "one/a.txt", "/file"},
				{"file", "two/a.txt", "/file"},
				{"file", outside + "/a.txt", "/file"},
				{"dir", "one", "/dir/a.txt"},
				{"dir", "two", "/dir/a.txt"},
				{"dir", outside, "/dir/a.txt"},
			} {
				swap(t, step.target, step.link)
				for range 3 {
					w := get(d, step.path)
					if strings.HasPrefix(step.target, outside) {
						require.Equal(t, 404, w.Code, step)
						continue
					}
					require.Equal(t, step.target[:3], w.Body.String(), step)
				}
			}
		}
	})
}

// TestCache_permission takes the right to read a kept file away.
func TestCache_permission(t *testing.T) {
	t.Parallel()
	dir := writeTree(t, map[string]string{"a.txt": "a", "d/b.txt": "b"})
	for path, mode := range map[string]os.FileMode{"": 0o755, "d": 0o755, "a.txt": 0o644, "d/b.txt": 0o644} {
		require.NoError(t, os.Chmod(filepath.Join(dir, path), mode))
	}
	later(t, func(t *testing.T) {
		t.Helper()
		d := openDir(t, dir, fileserve.Options{})
		asNobody(t, func() {
			for range 3 {
				require.Equal(t, "a", get(d, "/a.txt").Body.String())
				require.Equal(t, "b", get(d, "/d/b.txt").Body.String())
			}
		})
		rewrite(t, dir+"/a.txt", func() { require.NoError(t, os.Chmod(dir+"/a.txt", 0)) })
		require.NoError(t, os.Chmod(dir+"/d", 0))
		asNobody(t, func() {
			require.Equal(t, 403, get(d, "/a.txt").Code)
			require.Equal(t, 403, get(d, "/d/b.txt").Code)
		})
		require.NoError(t, os.Chmod(dir+"/d", 0o700))
	})
}

// asNobody runs fn without the rights of root, if the test has them.
func asNobody(t *testing.T, fn func()) {
	t.Helper()
	if os.Geteuid() != 0 {
		fn()
		return
	}
	runtime.LockOSThread() // the identity is that of a thread
	defer runtime.UnlockOSThread()
	require.NoError(t, syscall.Setfsuid(65534))
	defer func() { require.NoError(t, syscall.Setfsuid(0)) }()
	fn()
}
