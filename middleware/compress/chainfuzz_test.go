package compress_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/header"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
)

// A document is what a fuzzed chain serves.
type document struct {
	body  string
	media string
	tag   string // empty: ETag computes one, from a handler that writes for HEAD too
}

func newDocument(kind, size uint16) document {
	body := strings.Repeat(text, 1+int(size%5000)/len(text))[:size%5000]
	return document{
		body:  body,
		media: []string{"a.html", "a.png", "a.json", ""}[kind%4],
		tag:   []string{`"abc"`, `W/"abc"`, "", `"abc-gzip"`}[kind/4%4],
	}
}

func (d document) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if d.tag != "" {
		file(d.media, d.body, d.tag)(w, r)
		return
	}
	media := map[string]string{"a.html": html, "a.png": "image/png", "a.json": "application/json"}[d.media]
	send(http.StatusOK, d.body, ct, media)(w, r)
}

// FuzzChain puts compress, ETag and a handler with ranges behind one another. What
// it holds are the promises of HTTP to a client that keeps what it has got.
func FuzzChain(f *testing.F) {
	f.Add("gzip", "bytes=0-9", uint16(0), uint16(3700), uint16(10))
	f.Add("zstd, gzip;q=0.5", "bytes=-5,0-1", uint16(4), uint16(100), uint16(0))
	f.Add("", "bytes=100-", uint16(8), uint16(2000), uint16(1999))
	f.Add("*;q=0.1", "lines=1", uint16(13), uint16(4999), uint16(5))
	f.Add("gzip, identity;q=0", "bytes=9999-", uint16(3), uint16(1), uint16(1))
	f.Add("*", "0", uint16(40), uint16(5000), uint16(21))
	f.Add("0", "0", uint16(59), uint16(254), uint16(81)) // an empty Content-Type and a computed tag
	chained := func(d document) http.Handler { return compress.New()(middleware.ETag()(d)) }
	f.Fuzz(func(t *testing.T, accept, ranges string, kind, size, cut uint16) {
		d := newDocument(kind, size)
		h := chained(d)
		ask := func(method string, fields ...string) *http.Response {
			r := httptest.NewRequest(method, "/", nil)
			r.Header = request(append(fields, ae, accept)...)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			return w.Result()
		}
		whole := ask(http.MethodGet)
		require.Equal(t, http.StatusOK, whole.StatusCode)
		raw := content(t, whole)
		assert.Equal(t, d.body, plain(t, whole, raw))
		if d.tag != "" || d.body != "" { // that GET writes nothing at all cannot be known
			sameHead(t, whole, ask(http.MethodHead))
		}

		part := ask(http.MethodGet, "Range", ranges)
		isPart(t, d, part, content(t, part))
		if d.tag != "" { // with a computed one HEAD is not asked for ranges
			sameHead(t, part, ask(http.MethodHead, "Range", ranges))
		}

		tag := whole.Header.Get("Etag")
		if tag == "" {
			return
		}
		again := ask(http.MethodGet, "If-None-Match", tag)
		assert.Equal(t, http.StatusNotModified, again.StatusCode)
		assert.Equal(t, tag, again.Header.Get("Etag"))
		assert.Empty(t, content(t, again))
		if header.HasMember(again.Header["Vary"], ae) {
			assert.True(t, header.HasMember(whole.Header["Vary"], ae), "a 304 does not bring a Vary")
		}
		sameHead(t, again, ask(http.MethodHead, "If-None-Match", tag))
		if strings.HasPrefix(tag, `"`) {
			assert.Equal(t, http.StatusOK, ask(http.MethodGet, "If-Match", tag).StatusCode)
		}
		continues(t, d, raw, ask, tag, int(cut))
	})
}

// content is the body as it was sent.
func content(t *testing.T, got *http.Response) string {
	t.Helper()
	body, err := io.ReadAll(got.Body)
	require.NoError(t, err)
	return string(body)
}

// plain is the body as the client sees it.
func plain(t *testing.T, got *http.Response, raw string) string {
	t.Helper()
	coding := got.Header.Get(ce)
	if coding != "" {
		assert.True(t, header.HasMember(got.Header["Vary"], ae), "the coding depends on it")
	}
	body, err := decode(coding, raw)
	require.NoError(t, err)
	return body
}

// sameHead holds that HEAD tells what GET does, apart from a length that only the
// codec finds.
func sameHead(t *testing.T, get, head *http.Response) {
	t.Helper()
	assert.Equal(t, get.StatusCode, head.StatusCode)
	for _, h := range []http.Header{get.Header, head.Header} {
		if get.Header.Get(ce) != "" {
			h.Del(cl)
		}
		if media, _, _ := strings.Cut(h.Get(ct), ";"); media == "multipart/byteranges" {
			h.Set(ct, media) // the boundary is random
		}
	}
	assert.Equal(t, get.Header, head.Header)
}

// isPart holds that a part is one of the plain body, and that its place is right.
func isPart(t *testing.T, d document, got *http.Response, raw string) {
	t.Helper()
	switch got.StatusCode {
	case http.StatusOK:
		assert.Equal(t, d.body, plain(t, got, raw))
		return
	case http.StatusRequestedRangeNotSatisfiable:
		return
	}
	require.Equal(t, http.StatusPartialContent, got.StatusCode)
	assert.Empty(t, got.Header[ce])
	if place := got.Header.Get("Content-Range"); place != "" {
		start, end, total := spanOf(t, place)
		assert.Equal(t, len(d.body), total)
		assert.Equal(t, d.body[start:end+1], raw)
	}
}

// spanOf reads a Content-Range.
func spanOf(t *testing.T, place string) (start, end, total int) {
	t.Helper()
	_, err := fmt.Sscanf(place, "bytes %d-%d/%d", &start, &end, &total)
	require.NoError(t, err, place)
	return start, end, total
}

// continues holds that a client which has the beginning of a body, and asks for the
// rest of it, never puts parts of two bodies together.
func continues(t *testing.T, d document, raw string, ask func(string, ...string) *http.Response, tag string, cut int) {
	t.Helper()
	if len(raw) == 0 {
		return
	}
	cut %= len(raw)
	from := "bytes=" + strconv.Itoa(cut) + "-"
	for _, condition := range [][]string{{"If-Range", tag}, {"If-Match", tag}, {"If-Range", date}, {"If-Unmodified-Since", date}} {
		got := ask(http.MethodGet, append(condition, "Range", from)...)
		rest := content(t, got)
		switch got.StatusCode {
		case http.StatusOK:
			assert.Equal(t, d.body, plain(t, got, rest))
		case http.StatusPartialContent:
			assert.Equal(t, raw, raw[:cut]+rest, "%s", condition)
		default:
			assert.Contains(t, []int{http.StatusPreconditionFailed, http.StatusRequestedRangeNotSatisfiable}, got.StatusCode, "%s", condition)
		}
	}
}
