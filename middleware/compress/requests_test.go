package compress_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware/compress"
	"github.com/tenonkit/tenon/respond"
)

// encoded returns text in a coding, of which "" is none.
func encoded(tb testing.TB, coding, text string) string {
	tb.Helper()
	var buf bytes.Buffer
	var enc io.WriteCloser
	switch coding {
	case "":
		return text
	case "gzip":
		named := gzip.NewWriter(&buf)
		named.Name, named.Comment, named.Extra = "name", "comment", []byte("extra")
		enc = named
	case "zstd":
		var err error
		enc, err = zstd.NewWriter(&buf, zstd.WithZeroFrames(true))
		require.NoError(tb, err)
	}
	_, err := io.WriteString(enc, text)
	require.NoError(tb, err)
	require.NoError(tb, enc.Close())
	return buf.String()
}

const requestLimit = 1000

// A requestCase is a body with its Content-Encoding, and what the handler reads or
// the client gets in its place.
type requestCase struct {
	name, coding, body string
	status             int
	want               string
}

const (
	notCoded = "the body must be in one of the codings zstd and gzip, or in none"
	notGzip  = "the body is not valid gzip"
	notZstd  = "the body is not valid zstd"
	tooMuch  = "Request Entity Too Large"
	// A frame of one byte has a descriptor, a window and the like between these.
	frameStart, rawBlock = "\x28\xb5\x2f\xfd", "\x09\x00\x00a"
	skippable            = "\x50\x2a\x4d\x18\x03\x00\x00\x00abc"
)

func requestCases(tb testing.TB) []requestCase {
	tb.Helper()
	full := strings.Repeat("0123456789", requestLimit/10)
	cases := []requestCase{
		{"identity", "identity", "plain", 200, "plain"},
		{"no name", " , ", "plain", 200, "plain"},
		{"x-gzip", "x-gzip", encoded(tb, "gzip", "text"), 200, "text"},
		{"case of letters", "ZStd", encoded(tb, "zstd", "text"), 200, "text"},
		{"empty elements", ", gzip ,", encoded(tb, "gzip", "text"), 200, "text"},
		{"members", "gzip", encoded(tb, "gzip", "a") + encoded(tb, "gzip", "") + encoded(tb, "gzip", "b"), 200, "ab"},
		{"frames", "zstd", encoded(tb, "zstd", "a") + skippable + encoded(tb, "zstd", "b"), 200, "ab"},
		{"skippable", "zstd", skippable, 200, ""},
		{"widest window", "zstd", frameStart + "\x00\x68" + rawBlock, 200, "a"},

		{"br", "br", "text", 415, notCoded},
		{"deflate", "deflate", "text", 415, notCoded},
		{"twice", "gzip, gzip", "text", 415, notCoded},
		{"two", "identity, gzip", "text", 415, notCoded},
		{"no token", `"gzip"`, "text", 415, notCoded},

		{"plain as gzip", "gzip", "text", 400, notGzip},
		{"plain as zstd", "zstd", "text", 400, notZstd},
		{"zstd as gzip", "gzip", encoded(tb, "zstd", "text"), 400, notGzip},
		{"more after gzip", "gzip", encoded(tb, "gzip", "text") + "more", 400, notGzip},
		{"more after zstd", "zstd", encoded(tb, "zstd", "text") + "more", 400, notZstd},
		{"window over 8 MiB", "zstd", frameStart + "\x00\x69" + rawBlock, 400, notZstd},
		{"segment over 8 MiB", "zstd", frameStart + "\xa0\x01\x00\x80\x00" + rawBlock, 400, notZstd},
		{"dictionary", "zstd", frameStart + "\x01\x68\x07" + rawBlock, 400, notZstd},
		{"nothing for long", "gzip", strings.Repeat(encoded(tb, "gzip", ""), 4000), 413, tooMuch},
		{"skippable for long", "zstd", strings.Repeat(skippable, 8000), 413, tooMuch},
	}
	for _, coding := range []string{"", "gzip", "zstd"} {
		cases = append(cases,
			requestCase{"empty " + coding, coding, encoded(tb, coding, ""), 200, ""},
			requestCase{"no body " + coding, coding, "", 200, ""},
			requestCase{"one byte " + coding, coding, encoded(tb, coding, "a"), 200, "a"},
			requestCase{"full " + coding, coding, encoded(tb, coding, full), 200, full},
			requestCase{"too much " + coding, coding, encoded(tb, coding, full+"x"), 413, tooMuch},
			requestCase{"bomb " + coding, coding, encoded(tb, coding, strings.Repeat("\x00", 10<<20)), 413, tooMuch},
		)
	}
	return cases
}

// requestEcho answers with the body as it reads it, in two ways.
func requestEcho() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /read", respond.Func(func(r *http.Request) (any, error) {
		text, err := io.ReadAll(r.Body)
		return string(text), err
	}))
	mux.Handle("POST /bind", bind.Func(func(w http.ResponseWriter, _ *http.Request, in struct {
		Body *[]byte `body:"bytes"`
	},
	) {
		if in.Body != nil {
			_, _ = w.Write(*in.Body)
		}
	}))
	return compress.Requests(requestLimit)(mux)
}

// TestRequests holds the table over both protocols, for bodies whose length is
// known and for those in chunks, and for a handler that reads by itself and one
// that has package bind read.
func TestRequests(t *testing.T) {
	cases := requestCases(t)
	kittest.ServeBehind(t, requestEcho(), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, tc := range cases {
			for _, path := range []string{"/read", "/bind"} {
				known := strings.NewReader(tc.body)
				for i, body := range []io.Reader{known, io.MultiReader(strings.NewReader(tc.body))} {
					h := http.Header{}
					if tc.coding != "" {
						h.Set("Content-Encoding", tc.coding)
					}
					name := fmt.Sprint(tc.name, path, i)
					got := s.Do(t, http.MethodPost, path, body, h)
					assert.Equal(t, tc.status, got.StatusCode, "%s: %s", name, got.Text)
					if tc.status == 200 {
						assert.Equal(t, tc.want, got.Text, name)
					} else {
						assert.Contains(t, got.Text, tc.want, name)
					}
					if tc.status == 415 {
						assert.Equal(t, "zstd, gzip", got.Header.Get("Accept-Encoding"), name)
					}
				}
			}
		}
		assert.Empty(t, s.Log())
	})
}

// readRequest sends a body through requests, and returns what the handler gets.
func readRequest(requests func(http.Handler) http.Handler, coding string, body io.Reader) (text string, err error) {
	r := httptest.NewRequest(http.MethodPost, "/", body)
	r.Header.Set("Content-Encoding", coding)
	requests(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		var read []byte
		read, err = io.ReadAll(r.Body)
		text = string(read)
	})).ServeHTTP(httptest.NewRecorder(), r)
	return text, err
}

// TestRequests_broken holds that a body which was cut, anywhere, or changed is never
// taken for a whole one.
func TestRequests_broken(t *testing.T) {
	t.Parallel()
	requests := compress.Requests(requestLimit)
	plain := strings.Repeat("mortise and tenon, ", 20)
	for _, coding := range []string{"gzip", "zstd"} {
		whole := encoded(t, coding, plain)
		for cut := 1; cut < 2*len(whole); cut++ {
			if cut == len(whole) {
				continue
			}
			_, err := readRequest(requests, coding, strings.NewReader((whole + whole)[:cut]))
			var says interface{ StatusCode() int }
			require.ErrorAs(t, err, &says, "%s cut at %d", coding, cut)
			require.Equal(t, http.StatusBadRequest, says.StatusCode())
			require.ErrorContains(t, err, "compress: the body is not "+coding+": ")
		}
		for i := range whole {
			changed := []byte(whole)
			changed[i] ^= 0x55
			if text, err := readRequest(requests, coding, bytes.NewReader(changed)); err == nil {
				require.Equal(t, plain, text, "%s changed at %d", coding, i)
			}
		}
	}
}

// TestRequests_connection holds that what goes wrong below stays what it is: also
// where the coded body has its end already.
func TestRequests_connection(t *testing.T) {
	t.Parallel()
	requests := compress.Requests(requestLimit)
	lost := errors.New("lost")
	for _, coding := range []string{"gzip", "zstd"} {
		whole := encoded(t, coding, "text")
		for _, fault := range []error{lost, io.ErrUnexpectedEOF, &http.MaxBytesError{Limit: 7}} {
			for _, sent := range []string{"", whole[:3], whole[:len(whole)-1], whole} {
				_, err := readRequest(requests, coding, kittest.BrokenReader(sent, fault))
				assert.Equal(t, fault, err, "%s after %d bytes", coding, len(sent))
			}
		}
	}
}

// TestRequests_bomb holds how little of a bomb is read.
func TestRequests_bomb(t *testing.T) {
	t.Parallel()
	requests := compress.Requests(requestLimit)
	for _, coding := range []string{"gzip", "zstd"} {
		zeros := encoded(t, coding, strings.Repeat("\x00", 1<<20))
		sent := strings.NewReader(strings.Repeat(zeros, 1000)) // a gigabyte
		size := sent.Len()
		text, err := readRequest(requests, coding, struct{ io.Reader }{sent})
		tooLarge, ok := errors.AsType[*http.MaxBytesError](err)
		require.True(t, ok, "%v", err)
		assert.Equal(t, int64(requestLimit), tooLarge.Limit)
		assert.Len(t, text, requestLimit)
		assert.Less(t, size-sent.Len(), 64<<10)
	}
}

// TestRequests_request holds what the handler and those outside see of the request.
func TestRequests_request(t *testing.T) {
	t.Parallel()
	var kept io.ReadCloser
	mux := http.NewServeMux()
	mux.HandleFunc("POST /{name}", func(_ http.ResponseWriter, r *http.Request) {
		assert.Equal(t, http.Header{"Content-Type": {"text/plain"}}, r.Header)
		assert.Equal(t, int64(-1), r.ContentLength)
		_, err := io.ReadFull(r.Body, make([]byte, 2))
		assert.NoError(t, err)
		kept = r.Body
	})
	h := compress.Requests(requestLimit)(mux)
	for _, coding := range []string{"gzip", "zstd"} {
		body := encoded(t, coding, "text")
		r := httptest.NewRequest(http.MethodPost, "/x", strings.NewReader(body))
		sent := http.Header{"Content-Type": {"text/plain"}, "Content-Encoding": {coding}, "Content-Length": {strconv.Itoa(len(body))}}
		r.Header = sent.Clone()
		h.ServeHTTP(httptest.NewRecorder(), r)
		assert.Equal(t, sent, r.Header)
		assert.Equal(t, int64(len(body)), r.ContentLength)
		assert.Equal(t, "POST /{name}", r.Pattern)
		n, err := kept.Read(make([]byte, 10))
		assert.Zero(t, n)
		require.ErrorIs(t, err, http.ErrBodyReadAfterClose, "the decoder is another body's by now")
	}
}

// TestRequests_close holds that closing the body closes the one below.
func TestRequests_close(t *testing.T) {
	t.Parallel()
	below := kittest.BrokenReader("text", errors.New("lost"))
	r := httptest.NewRequest(http.MethodPost, "/", below)
	r.Header.Set("Content-Encoding", "gzip")
	compress.Requests(requestLimit)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		assert.NoError(t, r.Body.Close())
		_, err := r.Body.Read(make([]byte, 1))
		assert.ErrorIs(t, err, http.ErrBodyReadAfterClose)
	})).ServeHTTP(httptest.NewRecorder(), r)
	assert.True(t, below.Closed())
}

// TestRequests_shared holds that bodies which are read at once, whole or not, or by a
// goroutine that outlives the handler, never see the decoder of another.
func TestRequests_shared(t *testing.T) {
	t.Parallel()
	var readers, clients sync.WaitGroup
	h := compress.Requests(1 << 20)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/outlives" {
			body := r.Body
			readers.Go(func() { _, _ = io.Copy(io.Discard, body) })
			return
		}
		_, _ = io.Copy(w, r.Body)
	}))
	for i := range 8 {
		clients.Go(func() {
			for j := range 20 {
				coding := []string{"gzip", "zstd"}[j%2]
				text := strings.Repeat(fmt.Sprint(i, j, " "), 1000)
				path := []string{"/", "/", "/outlives"}[j%3]
				r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(encoded(t, coding, text)))
				r.Header.Set("Content-Encoding", coding)
				w := httptest.NewRecorder()
				h.ServeHTTP(w, r)
				if path == "/" {
					assert.Equal(t, text, w.Body.String())
				}
			}
		})
	}
	clients.Wait()
	readers.Wait()
}

func TestRequests_faults(t *testing.T) {
	t.Parallel()
	assert.PanicsWithValue(t, "compress: Requests: the limit -1 is negative: give a number of bytes, 0 or more", func() { compress.Requests(-1) })
	for _, tc := range []struct {
		limit  int64
		body   string
		status int
	}{{0, "", 200}, {0, "a", 413}, {1<<63 - 1, "a", 200}, {1 << 62, "a", 200}} {
		for _, coding := range []string{"", "gzip"} {
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(encoded(t, coding, tc.body)))
			r.Header.Set("Content-Encoding", coding)
			w := httptest.NewRecorder()
			compress.Requests(tc.limit)(respond.Func(func(r *http.Request) (any, error) {
				_, err := io.ReadAll(r.Body)
				return "", err
			})).ServeHTTP(w, r)
			assert.Equal(t, tc.status, w.Code, "%d bytes of %d in %q", len(tc.body), tc.limit, coding)
		}
	}
}

func TestRequests_allocs(t *testing.T) {
	h := compress.Requests(requestLimit)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
	}))
	var sink kittest.Sink
	get := httptest.NewRequest(http.MethodGet, "/", nil)
	kittest.Allocs(t, 0, func() { h.ServeHTTP(&sink, get) })
	for coding, budget := range map[string]float64{"": 2, "gzip": 14, "zstd": 7} {
		body := strings.NewReader(encoded(t, coding, "text"))
		post := httptest.NewRequest(http.MethodPost, "/", body)
		post.Header.Set("Content-Encoding", coding)
		kittest.Allocs(t, budget, func() {
			_, _ = body.Seek(0, io.SeekStart)
			h.ServeHTTP(&sink, post)
		})
	}
}

// FuzzRequests holds that a handler gets what the standard decoders find in a body, or
// an error that says who is to blame, and never more than the limit.
func FuzzRequests(f *testing.F) {
	for _, tc := range requestCases(f) {
		f.Add(tc.coding, []byte(tc.body[:min(len(tc.body), 1<<10)]))
	}
	requests := compress.Requests(requestLimit)
	f.Fuzz(func(t *testing.T, coding string, body []byte) {
		text, err := readRequest(requests, coding, bytes.NewReader(body))
		require.LessOrEqual(t, len(text), requestLimit)
		if err == nil {
			if (coding == "gzip" || coding == "zstd") && len(body) > 0 {
				want, fault := decode(coding, string(body))
				require.NoError(t, fault)
				require.Equal(t, want, text)
			}
			return
		}
		var says interface{ StatusCode() int }
		_, tooLarge := errors.AsType[*http.MaxBytesError](err)
		require.True(t, tooLarge || errors.As(err, &says) && says.StatusCode() == http.StatusBadRequest, "%v", err)
	})
}
