package compress_test

import (
	"bytes"
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

// perform does to w what script says: a byte for what to do, and one for how
// much. It returns a copy of what was written.
func perform(w http.ResponseWriter, script []byte) (written []byte) {
	next := 0
	take := func(n int) []byte {
		p := make([]byte, n)
		for i := range p {
			p[i] = text[next%len(text)]
			next++
		}
		written = append(written, p...)
		return p
	}
	for len(script) >= 2 {
		op, size := script[0]%10, int(script[1])*int(script[1])/16
		script = script[2:]
		switch op {
		case 0:
			_, _ = w.Write(take(size % 16))
		case 1:
			_, _ = w.Write(take(size))
		case 2:
			_, _ = io.WriteString(w, string(take(size))) //nolint:staticcheck // WriteString is what is tried
		case 3:
			_, _ = io.Copy(w, plainReader{bytes.NewReader(take(size))})
		case 4:
			_, _ = io.Copy(w, bytes.NewReader(take(size)))
		case 5:
			_ = http.NewResponseController(w).Flush()
		case 6:
			w.WriteHeader([]int{200, 201, 404}[size%3])
		case 7:
			w.Header().Set(ct, []string{html, "image/png", "text/event-stream"}[size%3])
		case 8:
			_, _ = io.Copy(w, plainReader{strings.NewReader("")})
		case 9:
			_, _ = w.Write(nil)
		}
	}
	return written
}

// FuzzNew holds that whatever a handler does to its writer, the client gets the
// status and the bytes of the same handler without compress.
func FuzzNew(f *testing.F) {
	f.Add("gzip", []byte{0, 10, 1, 200})
	f.Add("zstd", []byte{7, 0, 6, 1, 2, 100, 5, 0, 3, 255})
	f.Add("*", []byte{3, 130, 5, 0, 4, 130, 0, 1})
	f.Add("gzip;q=0.5, identity", []byte{6, 2, 1, 255, 1, 255})
	f.Add("zstd, identity;q=0", []byte{5, 0, 5, 0})
	f.Add("deflate", []byte{7, 1, 1, 128, 0, 3})
	f.Add("gzip", []byte{8, 0, 6, 9, 0, 10})
	f.Add("gzip", []byte{8, 0, 7, 5, 3, 100, 6, 9})
	f.Add("zstd", []byte{9, 0, 8, 0, 6, 9, 1, 200})
	mw := compress.New(compress.Coding("deflate", deflate))
	f.Fuzz(func(t *testing.T, accept string, script []byte) {
		script = script[:min(len(script), 64)]
		var written []byte
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { written = perform(w, script) })
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set(ae, accept)

		want, got := httptest.NewRecorder(), httptest.NewRecorder()
		h.ServeHTTP(want, r)
		mw(h).ServeHTTP(got, r)
		body, err := decode(got.Header().Get(ce), got.Body.String())
		require.NoError(t, err)
		assert.Equal(t, want.Code, got.Code)
		if got.Code != http.StatusNoContent {
			assert.Equal(t, string(written), body)
		}

		// The answer to HEAD does not come from an encoder.
		r = r.Clone(r.Context())
		r.Method = http.MethodHead
		head := httptest.NewRecorder()
		mw(h).ServeHTTP(head, r)
		assert.Equal(t, got.Code, head.Code)
		if len(written) > 0 {
			assert.Equal(t, got.Header(), head.Header())
		}
		if head.Header().Get(ce) != "" {
			assert.Empty(t, head.Body.String())
		}
	})
}

// FuzzNew_tags holds that a tag that was sent once comes back as a 304, and
// that nothing in the fields of a request breaks the answer.
func FuzzNew_tags(f *testing.F) {
	for _, tc := range rules() {
		f.Add(strings.Join(tc.request[ae], ","), strings.Join(tc.request["If-None-Match"], ","), "abc")
	}
	f.Fuzz(func(t *testing.T, accept, noneMatch, opaque string) {
		if strings.ContainsFunc(opaque, func(c rune) bool { return c <= ' ' || c == '"' || c >= 0x7f }) {
			return
		}
		h := compress.New()(file("a.html", text, `"`+opaque+`"`))
		exchange := func(noneMatch string) *httptest.ResponseRecorder {
			r := httptest.NewRequest(http.MethodGet, "/", nil)
			r.Header.Set(ae, accept)
			r.Header.Set("If-None-Match", noneMatch)
			w := httptest.NewRecorder()
			h.ServeHTTP(w, r)
			return w
		}
		exchange(noneMatch)
		first := exchange("")
		require.Equal(t, http.StatusOK, first.Code)
		tag := first.Header().Get("ETag")
		again := exchange(tag)
		assert.Equal(t, http.StatusNotModified, again.Code)
		assert.Equal(t, tag, again.Header().Get("ETag"))
	})
}

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
