package fileserve_test

import (
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/internal/kittest"
)

// writeTree writes files into a directory of the test, all with the same time.
func writeTree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range slices.Sorted(maps.Keys(files)) {
		path := filepath.Join(dir, name)
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(files[name]), 0o600))
		require.NoError(t, os.Chtimes(path, modified, modified))
	}
	return dir
}

func openDir(t *testing.T, dir string, options fileserve.Options) *fileserve.Dir {
	t.Helper()
	d, err := fileserve.Open(dir, options)
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, d.Close()) })
	return d
}

func newDir(tb testing.TB, fsys fs.FS, options fileserve.Options) *fileserve.Dir {
	tb.Helper()
	d, err := fileserve.New(fsys, options)
	require.NoError(tb, err)
	return d
}

func get(h http.Handler, target string, lines ...string) *httptest.ResponseRecorder {
	return do(h, http.MethodGet, target, lines...)
}

// do answers a request whose target is taken as it is.
func do(h http.Handler, method, target string, lines ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

var site = map[string]string{
	"index.html":               "<h1>home</h1>",
	"app.js":                   "run()",
	"README":                   "read me",
	"docs/index.html":          "<h1>docs</h1>",
	"docs/guide.txt":           "guide",
	"assets/logo.svg":          "<svg/>",
	"q?d/index.html":           "question",
	"p%41d/index.html":         "percent",
	"c:d/index.html":           "colon",
	"s p/index.html":           "space",
	".git/config":              "secret",
	".env":                     "secret",
	"docs/.draft.txt":          "secret",
	".well-known/security.txt": "Contact: us",
	".well-known/.hidden":      "secret",
	"odd/index.html/x":         "an index that is a directory",
}

func TestDir(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		path, want string // the body, or the Location after a status
		status     int
	}{
		{"/", "<h1>home</h1>", 200},
		{"/index.html", "<h1>home</h1>", 200},
		{"/app.js", "run()", 200},
		{"/README", "read me", 200},
		{"/docs/", "<h1>docs</h1>", 200},
		{"/docs", "./docs/", 302},
		{"/docs?a=b&c=%2F", "./docs/?a=b&c=%2F", 302},
		{"/q%3Fd", "./q%3Fd/", 302},
		{"/q%3Fd/", "question", 200},
		{"/p%2541d", "./p%2541d/", 302},
		{"/p%2541d/", "percent", 200},
		{"/c:d", "./c:d/", 302},
		{"/c:d/", "colon", 200},
		{"/s%20p", "./s%20p/", 302},
		{"/s%20p/", "space", 200},
		{"/.well-known/security.txt", "Contact: us", 200},

		{"/missing", "", 404},
		{"/missing/", "", 404},
		{"/app.js/", "", 404},
		{"/app.js/x", "", 404},
		{"/assets", "", 404},
		{"/assets/", "", 404},
		{"/odd", "", 404},
		{"/odd/", "", 404},
		{"/docs//guide.txt", "", 404},
		{"//app.js", "", 404},
		{"/./app.js", "", 404},
		{"/.", "", 404},
		{"/..", "", 404},
		{"/docs/../app.js", "", 404},
		{"/docs/..", "", 404},
		{"/docs/%2e%2e/app.js", "", 404},
		{"/../../../../etc/passwd", "", 404},
		{"/..%2f..%2f..%2fetc%2fpasswd", "", 404},
		{`/..\..\etc\passwd`, "", 404},
		{"/%5c%5chost", "", 404},
		{"/a%00b", "", 404},
		{"/a%0d%0ab", "", 404},
		{"/" + strings.Repeat("x", 300), "", 404},
		{"/" + strings.Repeat("x/", 3000) + "x", "", 404},
		{"/.git/config", "", 404},
		{"/.git", "", 404},
		{"/.env", "", 404},
		{"/docs/.draft.txt", "", 404},
		{"/.well-known/.hidden", "", 404},
		{"/docs/.well-known/x", "", 404},
	} {
		t.Run(tc.path[:min(len(tc.path), 40)], func(t *testing.T) {
			t.Parallel()
			check := func(t *testing.T, h http.Handler) {
				t.Helper()
				w := get(h, tc.path)
				require.Equal(t, tc.status, w.Code, w.Body)
				switch tc.status {
				case 200:
					assert.Equal(t, tc.want, w.Body.String())
				case 302:
					assert.Equal(t, tc.want, w.Header().Get("Location"))
				default:
					assert.Equal(t, "application/problem+json", w.Header().Get("Content-Type"))
				}
			}
			dir := writeTree(t, site)
			check(t, openDir(t, dir, fileserve.Options{}))
			check(t, openDir(t, dir, fileserve.Options{Immutable: true}))
			check(t, newDir(t, os.DirFS(dir), fileserve.Options{}))
			root, err := os.OpenRoot(dir)
			require.NoError(t, err)
			defer root.Close()
			check(t, newDir(t, root.FS(), fileserve.Options{}))
		})
	}
}

func TestDir_prefix(t *testing.T) {
	t.Parallel()
	d := newDir(t, fstest.MapFS{"index.html": {Data: []byte("home")}, "docs/index.html": {Data: []byte("docs")}}, fileserve.Options{})
	for _, prefix := range []string{"/static", "/static/"} {
		h := http.StripPrefix(prefix, d)
		assert.Equal(t, "home", get(h, "/static/").Body.String())
		assert.Equal(t, "docs", get(h, "/static/docs/").Body.String())
		assert.Equal(t, "./docs/", get(h, "/static/docs").Header().Get("Location"))
	}
	w := get(http.StripPrefix("/static", d), "/static?x=1")
	assert.Equal(t, 302, w.Code)
	assert.Equal(t, "./static/?x=1", w.Header().Get("Location"))
}

// TestDir_escapedSlash holds that the redirect leads where the client resolves it
// to, for whom a %2F separates nothing.
func TestDir_escapedSlash(t *testing.T) {
	t.Parallel()
	d := newDir(t, fstest.MapFS{"docs/deep/index.html": {Data: []byte("deep")}}, fileserve.Options{})
	for path, h := range map[string]http.Handler{"/docs%2Fdeep": d, "/static/docs%2Fdeep": http.StripPrefix("/static", d)} {
		w := get(h, path)
		assert.Equal(t, 302, w.Code)
		assert.Equal(t, "./docs%2Fdeep/", w.Header().Get("Location"))
	}
	assert.Equal(t, "deep", get(d, "/docs%2Fdeep/").Body.String())
}

// TestDir_escapedSlashAtEnd follows the links of a page as a browser does.
func TestDir_escapedSlashAtEnd(t *testing.T) {
	t.Parallel()
	files := fstest.MapFS{"page/a/index.html": {Data: []byte("page")}, "list/a/b.txt": {Data: []byte("b")}, "c:d/e.txt": {Data: []byte("e")}}
	d := newDir(t, files, fileserve.Options{Browse: true})
	for _, prefix := range []string{"", "/static"} {
		for path, want := range map[string]string{
			"/list%2f": "/list/", "/list%2F": "/list/", "/list%2F?sort=size": "/list/?sort=size",
			"/list%2fa%2f": "/list/a/", "/list/a%2f": "/list/a/", "/list%2fa/": "/list/a/",
			"/page%2Fa%2F": "/page/a/", "/page/a%2F": "/page/a/", "/c:d%2f": "/c:d/", "/c%3Ad%2f": "/c%3Ad/",
		} {
			h := http.StripPrefix(prefix, d)
			w := get(h, prefix+path)
			require.Equal(t, 302, w.Code, path)
			base, err := url.Parse("http://host" + prefix + path)
			require.NoError(t, err)
			target, err := base.Parse(w.Header().Get("Location"))
			require.NoError(t, err)
			assert.Equal(t, "http://host"+prefix+want, target.String(), path)
			assert.Equal(t, 200, get(h, target.RequestURI()).Code)
		}
		for _, path := range []string{"/missing%2f", "/list%2fa%2fb.txt%2f", "/list%2f%2f", "/%2f", "/%2flist%2f", "%2flist/", "%2f"} {
			if path[0] == '/' || prefix != "" {
				assert.Equal(t, 404, get(http.StripPrefix(prefix, d), prefix+path).Code, prefix+path)
			}
		}
		assert.Equal(t, "b", get(http.StripPrefix(prefix, d), prefix+"/list%2fa%2Fb.txt").Body.String(), "a file has no links to lead astray")
	}
}

func TestDir_protocols(t *testing.T) {
	t.Parallel()
	long := string(letters(200_000))
	d := openDir(t, writeTree(t, map[string]string{"small.txt": "small", "long.txt": long, "empty.txt": ""}), fileserve.Options{})
	kittest.ServeBehind(t, d, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		assert.Equal(t, "small", s.Get(t, "/small.txt").Text)
		assert.Equal(t, long, s.Get(t, "/long.txt").Text)
		for path, length := range map[string]int64{"/small.txt": 5, "/long.txt": 200_000, "/empty.txt": 0} {
			full, head := s.Get(t, path), s.Do(t, http.MethodHead, path, nil, nil)
			assert.Equal(t, length, full.ContentLength)
			full.Header.Del("Date")
			head.Header.Del("Date")
			assert.Equal(t, full.Header, head.Header)
			again := s.Do(t, http.MethodGet, path, nil, http.Header{"If-None-Match": {full.Header.Get("Etag")}})
			assert.Equal(t, 304, again.StatusCode)
			assert.Empty(t, again.Text)
		}
		part := s.Do(t, http.MethodGet, "/long.txt", nil, http.Header{"Range": {"bytes=1000-150999"}})
		assert.Equal(t, 206, part.StatusCode)
		assert.Equal(t, long[1000:151_000], part.Text)
		parts := s.Do(t, http.MethodGet, "/long.txt", nil, http.Header{"Range": {"bytes=100000-180000,5-9"}})
		assert.Equal(t, 206, parts.StatusCode)
		assert.Contains(t, parts.Text, "\r\n\r\n"+long[100_000:180_001]+"\r\n--")
		assert.Equal(t, int64(len(parts.Text)), parts.ContentLength)
		beyond := s.Do(t, http.MethodGet, "/long.txt", nil, http.Header{"Range": {"bytes=200000-"}})
		assert.Equal(t, 416, beyond.StatusCode)
		assert.Equal(t, "bytes */200000", beyond.Header.Get("Content-Range"))
		assert.Equal(t, 404, s.Get(t, "/missing").StatusCode)
		assert.Empty(t, s.Log())
	})
}

func TestDir_methods(t *testing.T) {
	t.Parallel()
	dir := writeTree(t, map[string]string{"a.txt": "a"})
	for name, h := range map[string]http.Handler{
		"dir":  openDir(t, dir, fileserve.Options{}),
		"file": fileserve.File{Path: filepath.Join(dir, "a.txt")},
	} {
		for _, method := range []string{"POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"} {
			w := do(h, method, "/a.txt")
			assert.Equal(t, 405, w.Code, name)
			assert.Equal(t, "GET, HEAD, OPTIONS", w.Header().Get("Allow"))
		}
		w := do(h, http.MethodOptions, "/a.txt")
		assert.Equal(t, 204, w.Code)
		assert.Equal(t, "GET, HEAD, OPTIONS", w.Header().Get("Allow"))
	}
}

func TestDir_fallback(t *testing.T) {
	t.Parallel()
	d := openDir(t, writeTree(t, site), fileserve.Options{Fallback: "index.html", Index: []string{}})
	for path, want := range map[string]int{
		"/": 200, "/users": 200, "/users/7": 200, "/users/7/": 200, "/assets": 200, "/assets/": 200, "/app.js": 200,
		"/missing.js": 404, "/assets/missing.png": 404, "/.git": 404, "/.git/config": 404, "/a//b": 404,
	} {
		assert.Equal(t, want, get(d, path).Code, path)
	}
	assert.Equal(t, site["index.html"], get(d, "/users/7").Body.String())
	assert.Equal(t, "text/html; charset=utf-8", get(d, "/users/7").Header().Get("Content-Type"))

	d = openDir(t, writeTree(t, site), fileserve.Options{Fallback: "missing.html"})
	assert.Equal(t, 404, get(d, "/users").Code)
	d = openDir(t, writeTree(t, site), fileserve.Options{Fallback: "assets"})
	assert.Equal(t, 404, get(d, "/users").Code)
}

func TestDir_options(t *testing.T) {
	t.Parallel()
	types := map[string]string{".GLB": "model/gltf-binary", ".js": "text/x"}
	index := []string{"start.htm", "index.html"}
	d := openDir(t, writeTree(t, map[string]string{
		"start.htm": "start", "docs/index.html": "docs", "a.glb": "x", "a.js": "x", "a.PNG": "x", "a.unknown-type": "x", ".x": "dot", "none": "x",
	}), fileserve.Options{
		Index: index, Hidden: true, ContentTypes: types,
		CacheControl: func(name string) string {
			return map[string]string{"start.htm": "no-cache", "a.js": "max-age=60"}[name]
		},
	})
	index[0], types[".js"] = "changed", "text/changed"
	assert.Equal(t, "start", get(d, "/").Body.String())
	assert.Equal(t, "no-cache", get(d, "/").Header().Get("Cache-Control"))
	assert.Equal(t, "docs", get(d, "/docs/").Body.String())
	assert.Equal(t, "dot", get(d, "/.x").Body.String())
	for path, want := range map[string]string{
		"/a.glb": "model/gltf-binary", "/a.js": "text/x", "/a.PNG": "image/png", "/a.unknown-type": "application/octet-stream", "/none": "application/octet-stream",
	} {
		assert.Equal(t, want, get(d, path).Header().Get("Content-Type"), path)
		assert.Equal(t, "nosniff", get(d, path).Header().Get("X-Content-Type-Options"), path)
	}
	assert.Equal(t, "max-age=60", get(d, "/a.js").Header().Get("Cache-Control"))
	assert.Empty(t, get(d, "/a.glb").Header()["Cache-Control"])
}

func TestOptions_faults(t *testing.T) {
	t.Parallel()
	bad := fileserve.Options{
		Index: []string{"a/b", "", ".."}, Fallback: "/index.html", Precompressed: []string{"gzip", "deflate", "gzip"},
		ContentTypes: map[string]string{"js": "text/javascript", ".x": "no type"},
	}
	missing := filepath.Join(t.TempDir(), "missing")
	for name, open := range map[string]func(fileserve.Options) (*fileserve.Dir, error){
		"Open": func(o fileserve.Options) (*fileserve.Dir, error) { return fileserve.Open(missing, o) },
		"New":  func(o fileserve.Options) (*fileserve.Dir, error) { return fileserve.New(os.DirFS(missing), o) },
	} {
		_, err := open(bad)
		require.ErrorIs(t, err, os.ErrNotExist, name)
		lines := strings.Split(err.Error(), "\n")
		require.Len(t, lines, 9, "all of them: %v", err)
		for _, line := range lines[:8] {
			assert.True(t, strings.HasPrefix(line, "fileserve: Options."), line)
		}
		_, err = open(fileserve.Options{})
		require.ErrorIs(t, err, os.ErrNotExist, name)
		assert.NotContains(t, err.Error(), "Options.", name)
	}
	_, err := fileserve.New((*fstest.MapFS)(nil), fileserve.Options{})
	require.ErrorContains(t, err, "New has a nil fs.FS")
	_, err = fileserve.New(nil, bad)
	require.ErrorContains(t, err, "New has a nil fs.FS")
	require.ErrorContains(t, err, "Options.Fallback")
	d, err := fileserve.Open(t.TempDir(), bad)
	assert.Nil(t, d)
	require.ErrorContains(t, err, "Options.Index")
}

func TestDir_Close(t *testing.T) {
	t.Parallel()
	d, err := fileserve.Open(writeTree(t, site), fileserve.Options{})
	require.NoError(t, err)
	require.NoError(t, d.Close())
	assert.Equal(t, 500, get(d, "/app.js").Code)
	assert.NoError(t, newDir(t, fstest.MapFS{}, fileserve.Options{}).Close())
}

func TestDir_headers(t *testing.T) {
	t.Parallel()
	dir := writeTree(t, site)
	for _, h := range []http.Handler{
		openDir(t, dir, fileserve.Options{Precompressed: []string{"gzip"}, Browse: true}),
		openDir(t, dir, fileserve.Options{Immutable: true}),
		fileserve.File{Path: filepath.Join(dir, "app.js"), Name: "app.js"},
	} {
		for _, field := range []string{"", "bytes=0-1", "bytes=9-"} {
			kittest.CheckHeaders(t, h, func() *http.Request {
				r := httptest.NewRequest(http.MethodGet, "/app.js", nil)
				r.Header["Range"] = []string{field}
				return r
			})
		}
	}
}
