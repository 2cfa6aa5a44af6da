package compress_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
