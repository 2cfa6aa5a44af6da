package fileserve_test

import (
	"embed"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
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
				d := newDir(t, fstest.MapFS{"a.txt": file}, fileserve.Options{})
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
	d := newDir(t, site, fileserve.Options{Precompressed: []string{"gzip"}})
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

	whole := newDir(t, embedded, fileserve.Options{})
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

	plain := newDir(t, fstest.MapFS{"a.txt": {Data: []byte("a")}}, fileserve.Options{})
	assert.Empty(t, get(plain, "/a.txt").Header().Get("Etag"), "no time, and it may change")
}

var modified = time.Date(2024, 5, 17, 10, 30, 0, 123, time.UTC)

const (
	tag     = `"v1"`
	exactly = "Fri, 17 May 2024 10:30:00 GMT"
	before  = "Fri, 17 May 2024 10:29:59 GMT"
	after   = "Fri, 17 May 2024 10:30:01 GMT"
)

// conditional answers a request with the header fields, which are given as
// "Name: value" lines.
func conditional(method, etag string, at time.Time, lines ...string) *http.Response {
	r := httptest.NewRequest(method, "/", nil)
	for _, line := range lines {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Add(name, value)
	}
	w := httptest.NewRecorder()
	fileserve.Content{ETag: etag, ModTime: at, Reader: strings.NewReader("0123456789")}.ServeHTTP(w, r)
	return w.Result()
}

func TestPreconditions(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		lines []string
		want  int
	}{
		{"none", nil, 200},
		{"If-Match", []string{`If-Match: "v1"`}, 200},
		{"If-Match list", []string{`If-Match: "v0", "v1"`}, 200},
		{"If-Match lines", []string{`If-Match: "v0"`, `If-Match: "v1"`}, 200},
		{"If-Match any", []string{`If-Match: *`}, 200},
		{"If-Match another", []string{`If-Match: "v2"`}, 412},
		{"If-Match weak", []string{`If-Match: W/"v1"`}, 412},
		{"If-Match empty", []string{`If-Match: `}, 412},
		{"If-Unmodified-Since", []string{"If-Unmodified-Since: " + exactly}, 200},
		{"If-Unmodified-Since later", []string{"If-Unmodified-Since: " + after}, 200},
		{"If-Unmodified-Since before", []string{"If-Unmodified-Since: " + before}, 412},
		{"If-Unmodified-Since is no date", []string{"If-Unmodified-Since: yesterday"}, 200},
		{"If-Unmodified-Since twice", []string{"If-Unmodified-Since: " + before, "If-Unmodified-Since: " + before}, 200},
		{"If-Match goes first", []string{`If-Match: "v1"`, "If-Unmodified-Since: " + before}, 200},

		{"If-None-Match", []string{`If-None-Match: "v1"`}, 304},
		{"If-None-Match weak", []string{`If-None-Match: W/"v1"`}, 304},
		{"If-None-Match list", []string{`If-None-Match: "a,b", "v1"`}, 304},
		{"If-None-Match lines", []string{`If-None-Match: "v0"`, `If-None-Match: "v1"`}, 304},
		{"If-None-Match any", []string{`If-None-Match: *`}, 304},
		{"If-None-Match another", []string{`If-None-Match: "v2"`}, 200},
		{"If-None-Match unquoted", []string{`If-None-Match: v1`}, 200},
		{"If-Modified-Since", []string{"If-Modified-Since: " + exactly}, 304},
		{"If-Modified-Since later", []string{"If-Modified-Since: " + after}, 304},
		{"If-Modified-Since before", []string{"If-Modified-Since: " + before}, 200},
		{"If-Modified-Since RFC 850", []string{"If-Modified-Since: Friday, 17-May-24 10:30:00 GMT"}, 304},
		{"If-Modified-Since asctime", []string{"If-Modified-Since: Fri May 17 10:30:00 2024"}, 304},
		{"If-Modified-Since of another zone", []string{"If-Modified-Since: Friday, 17-May-24 10:30:00 PST"}, 200},
		{"If-Modified-Since is no date", []string{"If-Modified-Since: 0"}, 200},
		{"If-Modified-Since twice", []string{"If-Modified-Since: " + after, "If-Modified-Since: " + after}, 200},
		{"If-None-Match goes first", []string{`If-None-Match: "v2"`, "If-Modified-Since: " + after}, 200},
		{"If-Match before If-None-Match", []string{`If-Match: "v2"`, `If-None-Match: "v1"`}, 412},
		{"both hold", []string{`If-Match: "v1"`, `If-None-Match: "v1"`}, 304},

		{"Range", []string{"Range: bytes=0-1"}, 206},
		{"Range twice", []string{"Range: bytes=0-1", "Range: bytes=0-1"}, 200},
		{"If-Range tag", []string{"Range: bytes=0-1", `If-Range: "v1"`}, 206},
		{"If-Range another tag", []string{"Range: bytes=0-1", `If-Range: "v2"`}, 200},
		{"If-Range weak tag", []string{"Range: bytes=0-1", `If-Range: W/"v1"`}, 200},
		{"If-Range list", []string{"Range: bytes=0-1", `If-Range: "v1", "v2"`}, 200},
		{"If-Range any", []string{"Range: bytes=0-1", `If-Range: *`}, 200},
		{"If-Range twice", []string{"Range: bytes=0-1", `If-Range: "v1"`, `If-Range: "v1"`}, 200},
		{"If-Range date", []string{"Range: bytes=0-1", "If-Range: " + exactly}, 206},
		{"If-Range date of RFC 850", []string{"Range: bytes=0-1", "If-Range: Friday, 17-May-24 10:30:00 GMT"}, 206},
		{"If-Range later", []string{"Range: bytes=0-1", "If-Range: " + after}, 200},
		{"If-Range before", []string{"Range: bytes=0-1", "If-Range: " + before}, 200},
		{"If-Range holds, no range", []string{"Range: bytes=10-", `If-Range: "v1"`}, 416},
		{"If-Range fails, no range", []string{"Range: bytes=10-", `If-Range: "v2"`}, 200},
		{"If-Range without Range", []string{`If-Range: "v2"`}, 200},
		{"304 before 416", []string{"Range: bytes=10-", `If-None-Match: "v1"`}, 304},
		{"412 before 416", []string{"Range: bytes=10-", `If-Match: "v2"`}, 412},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			response := conditional(http.MethodGet, tag, modified, tc.lines...)
			assert.Equal(t, tc.want, response.StatusCode)

			want := tc.want
			if want == 206 || want == 416 {
				want = 200 // RFC 9110, section 14.2: only GET has ranges
			}
			assert.Equal(t, want, conditional(http.MethodHead, tag, modified, tc.lines...).StatusCode, "HEAD")
		})
	}
}

func TestPreconditions_withoutValidators(t *testing.T) {
	t.Parallel()
	for _, at := range []time.Time{
		{},
		time.Unix(0, 0), time.Unix(1, 0), time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Date(1980, 1, 2, 12, 0, 0, 0, time.UTC), time.Now().Add(time.Hour),
	} {
		for line, want := range map[string]int{
			"X-None: ":                       200,
			`If-Match: ""`:                   412,
			"If-Match: *":                    200,
			"If-None-Match: *":               304,
			`If-None-Match: "v1"`:            200,
			"If-Modified-Since: " + after:    200,
			"If-Unmodified-Since: " + before: 200,
		} {
			response := conditional(http.MethodGet, "", at, line)
			assert.Equal(t, want, response.StatusCode, "%s at %v", line, at)
			assert.Empty(t, response.Header.Get("Last-Modified"))
			assert.Empty(t, response.Header.Get("Etag"))
		}
		assert.Equal(t, 200, conditional(http.MethodGet, "", at, "Range: bytes=0-1", "If-Range: "+exactly).StatusCode)
	}
}

// TestPreconditions_fresh holds that a time that another change may still bear is
// no strong validator.
func TestPreconditions_fresh(t *testing.T) {
	t.Parallel()
	at := time.Now()
	date := at.UTC().Format(http.TimeFormat)
	assert.Equal(t, 200, conditional(http.MethodGet, "", at, "Range: bytes=0-1", "If-Range: "+date).StatusCode)
	assert.Equal(t, 304, conditional(http.MethodGet, "", at, "If-Modified-Since: "+date).StatusCode)
}

func TestNotModified(t *testing.T) {
	t.Parallel()
	response := conditional(http.MethodGet, tag, modified, `If-None-Match: "v1"`)
	assert.Equal(t, http.Header{"Etag": {tag}}, response.Header)
	response = conditional(http.MethodGet, "", modified, "If-Modified-Since: "+exactly)
	assert.Equal(t, http.Header{"Last-Modified": {exactly}}, response.Header)
}
