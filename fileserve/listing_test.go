package fileserve_test

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"html"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/internal/kittest"
)

var rowLink = regexp.MustCompile(`<tr><td><a href="([^"]*)">`)

// links returns where the rows of a listing lead, in their order.
func links(t *testing.T, page string) []string {
	t.Helper()
	var found []string
	for _, match := range rowLink.FindAllStringSubmatch(page, -1) {
		found = append(found, html.UnescapeString(match[1]))
	}
	return found
}

func TestListing(t *testing.T) {
	t.Parallel()
	dir := writeTree(t, map[string]string{"b.txt": "12", "A.txt": "123", "c.txt": "1", "sub/x.txt": "", "Zub/y.txt": "", ".hidden": "", "none/.x": ""})
	require.NoError(t, os.Chtimes(filepath.Join(dir, "A.txt"), modified, modified.AddDate(1, 0, 0)))
	d := openDir(t, dir, fileserve.Options{Browse: true})
	w := get(d, "/")
	assert.Equal(t, 200, w.Code)
	assert.Equal(t, "text/html; charset=utf-8", w.Header().Get("Content-Type"))
	assert.Equal(t, "nosniff", w.Header().Get("X-Content-Type-Options"))
	assert.Equal(t, []string{"./none/", "./sub/", "./Zub/", "./A.txt", "./b.txt", "./c.txt"}, links(t, w.Body.String()))
	assert.Contains(t, w.Body.String(), `<data value="3">3 B</data></td><td><time datetime="2025-05-17T10:30:00Z">2025-05-17 10:30</time>`)
	for query, want := range map[string]string{
		"sort=name&order=desc": "./Zub/ ./sub/ ./none/ ./c.txt ./b.txt ./A.txt",
		"sort=size":            "./none/ ./sub/ ./Zub/ ./c.txt ./b.txt ./A.txt",
		"sort=size&order=desc": "./Zub/ ./sub/ ./none/ ./A.txt ./b.txt ./c.txt",
		"sort=<script>&order=": "./none/ ./sub/ ./Zub/ ./A.txt ./b.txt ./c.txt",
	} {
		page := get(d, "/?"+strings.NewReplacer("<", "%3C", ">", "%3E").Replace(query)).Body.String()
		assert.Equal(t, want, strings.Join(links(t, page), " "), query)
		assert.NotContains(t, page, "<script")
	}
	byTime := links(t, get(d, "/?sort=time").Body.String())
	assert.Equal(t, []string{"./b.txt", "./c.txt", "./A.txt"}, byTime[3:])

	head := do(d, "HEAD", "/")
	assert.Equal(t, w.Header(), head.Header())
	assert.Equal(t, "./sub/", get(d, "/sub").Header().Get("Location"))
	below := get(d, "/sub/").Body.String()
	assert.Equal(t, []string{"../", "./x.txt"}, links(t, below))
	assert.Contains(t, below, `<h1>Index of <a href="../">/</a><bdi>sub</bdi>/</h1>`)
	assert.Contains(t, get(d, "/none/").Body.String(), "This directory is empty.")
	assert.Equal(t, 404, get(d, "/missing/").Code)
	assert.Equal(t, 404, get(d, "/b.txt/").Code)
	assert.Equal(t, 404, get(openDir(t, dir, fileserve.Options{}), "/").Code, "off by default")
}

func TestListing_policy(t *testing.T) {
	t.Parallel()
	d := newDir(t, fstest.MapFS{"a.txt": {}}, fileserve.Options{Browse: true})
	w := get(d, "/")
	_, css, _ := strings.Cut(w.Body.String(), "<style>")
	css, _, ok := strings.Cut(css, "</style>")
	require.True(t, ok)
	sum := sha256.Sum256([]byte(css))
	assert.Contains(t, w.Header().Get("Content-Security-Policy"), "style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	assert.NotContains(t, w.Body.String(), "1970", "a time that says nothing is not shown")
}

// TestListing_names follows the link of every name that could be read as something
// else, as a browser resolves it.
func TestListing_names(t *testing.T) {
	t.Parallel()
	names := []string{
		"q?d", "p%41d", "c:d", "javascript:alert(1)", "s p", `"quoted"`, "'single'", "<b>", "&amp;", "a#b", "cr\rlf\n", "rtl\u202Etxt.exe",
		"\u200Fmark", "ünïcode", "back\\slash", "semi;colon", "plus+", "~tilde", "a=b&c", "...", "%", "%zz", "dot.",
	}
	files := map[string]string{}
	for _, name := range names {
		files["x/"+name] = "file " + name
		files["x/dir "+name+"/index.html"] = "index " + name
	}
	files["x/\xff.txt"] = "not UTF-8, which is no name in the sense of io/fs"
	d := openDir(t, writeTree(t, files), fileserve.Options{Browse: true, Hidden: true})
	assert.Equal(t, 404, get(d, "/x/%ff.txt").Code)
	page := get(d, "/x/").Body.String()
	assert.Len(t, links(t, page), 2*len(names)+1)
	assert.NotContains(t, page, "\u202E")
	assert.NotContains(t, page, "<b>")
	assert.NotContains(t, page, "\r")
	base, err := url.Parse("http://host/x/")
	require.NoError(t, err)
	got := map[string]bool{}
	for _, link := range links(t, page) {
		target, err := base.Parse(link)
		require.NoError(t, err, link)
		require.Equal(t, "host", target.Host, link)
		w := get(d, target.RequestURI())
		require.Equal(t, 200, w.Code, link)
		got[w.Body.String()] = true
	}
	for _, name := range names {
		assert.True(t, got["file "+name], "%q", name)
		assert.True(t, got["index "+name], "directory %q", name)
	}
	for _, name := range names {
		// The redirect to a directory leads there too.
		asked := &url.URL{Path: "/x/dir " + name}
		w := get(d, asked.EscapedPath())
		require.Equal(t, 302, w.Code, asked.EscapedPath())
		target, err := (&url.URL{Scheme: "http", Host: "host", Path: asked.Path}).Parse(w.Header().Get("Location"))
		require.NoError(t, err)
		assert.Equal(t, "http://host"+asked.EscapedPath()+"/", "http://"+target.Host+(&url.URL{Path: target.Path}).EscapedPath())
		assert.Equal(t, "index "+name, get(d, target.RequestURI()).Body.String())
	}
}

func TestListing_bounded(t *testing.T) {
	t.Parallel()
	many := fstest.MapFS{}
	for i := range 10_001 {
		many[fmt.Sprintf("%05d.txt", i)] = &fstest.MapFile{}
	}
	page := get(newDir(t, many, fileserve.Options{Browse: true}), "/").Body.String()
	assert.Len(t, links(t, page), 10_000)
	assert.Contains(t, page, "Only 10000 entries are listed.")
}

func TestListing_sizes(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for size, want := range map[int64]string{
		0: "0 B", 1023: "1023 B", 1024: "1.0 KiB", 1536: "1.5 KiB", 10 << 10: "10 KiB", 1<<20 - 1: "1.0 MiB",
		1 << 20: "1.0 MiB", 5 << 30: "5.0 GiB", 3 << 40: "3.0 TiB",
	} {
		path := filepath.Join(dir, "a")
		require.NoError(t, os.WriteFile(path, nil, 0o600))
		require.NoError(t, os.Truncate(path, size))
		page := get(openDir(t, dir, fileserve.Options{Browse: true}), "/").Body.String()
		assert.Contains(t, page, fmt.Sprintf(`<data value="%d">%s</data>`, size, want))
	}
}

// framed lets the page of the test look into a listing, which no page may.
func framed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		next.ServeHTTP(answer, r)
		maps.Copy(w.Header(), answer.Header())
		policy := answer.Header().Get("Content-Security-Policy")
		w.Header().Set("Content-Security-Policy", strings.Replace(policy, "frame-ancestors 'none'", "frame-ancestors 'self'", 1))
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	})
}

// TestListing_keyboard goes through a listing in Chromium as the keyboard does, by
// the focus from link to link, with the style that its policy lets in.
func TestListing_keyboard(t *testing.T) {
	t.Parallel()
	kittest.Need(t, "chromium")
	dir := writeTree(t, map[string]string{"b.txt": "12", "a:b.txt": "123", "<i>.txt": "1", "d é?/x.txt": "", "d é?/e/y.txt": ""})
	require.NoError(t, os.Chtimes(filepath.Join(dir, "b.txt"), modified, modified.Add(-time.Hour)))
	require.NoError(t, os.Chtimes(filepath.Join(dir, "a:b.txt"), modified, modified.Add(time.Hour)))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		http.ServeFile(w, r, "testdata/listing.html")
	})
	mux.Handle("GET /files/", framed(http.StripPrefix("/files", openDir(t, dir, fileserve.Options{Browse: true}))))
	_, reports := kittest.Browse(t, mux, "/")
	var got []string
	deadline := time.After(kittest.Patience)
	for len(got) == 0 || got[len(got)-1] != "end" && !strings.HasPrefix(got[len(got)-1], "error") {
		select {
		case report := <-reports:
			got = append(got, report)
		case <-deadline:
			t.Fatalf("the page has ended after %q", got)
		}
	}
	assert.Equal(t, []string{
		"stops: Name | Size | Modified (UTC) | d é?/ | <i>.txt | a:b.txt | b.txt",
		"width: 960px",
		"Size ascending: d é?/ | <i>.txt | b.txt | a:b.txt",
		"Size descending: d é?/ | a:b.txt | b.txt | <i>.txt",
		"Name ascending: d é?/ | <i>.txt | a:b.txt | b.txt",
		"Modified (UTC) ascending: d é?/ | b.txt | <i>.txt | a:b.txt",
		"at: /files/d%20%C3%A9%3F/ Index of /d é?/ | / | Name | Size | Modified (UTC) | ../ | e/ | x.txt",
		"at: /files/d%20%C3%A9%3F/e/ Index of /d é?/e/",
		"at: /files/",
		"end",
	}, got)
}
