package bind_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/internal/kittest"
)

type partsIn struct {
	ID    int        `query:"id,optional"`
	Parts bind.Parts `body:"multipart"`
}

// String reads every part but those named skip to its end.
func (in partsIn) String() string {
	var text []string
	for part, err := range in.Parts {
		if err != nil {
			return strings.Join(append(text, faults(err)), "|")
		}
		content := []byte("-")
		if part.Name != "skip" {
			if content, err = io.ReadAll(part); err != nil {
				return strings.Join(append(text, "reading: "+faults(err)), "|")
			}
		}
		if len(content) > 20 {
			content = fmt.Append(nil, len(content), " bytes")
		}
		text = append(text, fmt.Sprintf("%s %s (%s): %s", part.Name, part.FileName, part.ContentType, content))
	}
	return strings.Join(text, "|")
}

func partsCases() []uploadCase {
	a, b := part("name=a", "", "A"), file("b", "../b.png", image, strings.Repeat("b", 10_000))
	skip := file("skip", "s", "", strings.Repeat("s", 20_000))
	return []uploadCase{
		{"in order", a + b + a + end, "a  (): A|b b.png (image/png): 10000 bytes|a  (): A"},
		{"skipped", skip + a + skip + end, "skip s (): -|a  (): A|skip s (): -"},
		{"none", end, ""},
		{"empty", "", `400 body "": required`},
		{"cut off in a part", a + b[:500], `a  (): A|reading: 400 body "": syntax`},
		{"cut off in a skipped part", a + skip[:500], `a  (): A|skip s (): -|400 body "": syntax`},
		{"cut off in a header", a + b[:40], `a  (): A|400 body "": syntax`},
		{"unreadable name", a + part(`name="b`, "", "B") + a + end, `a  (): A|400 body "": headers`},
		{"unreadable name behind a skipped part", skip + part("name=a; filename=a b", "", "B") + end, `skip s (): -|400 body "": headers`},
		{"no disposition", a + "--" + boundary + "\r\n\r\nx\r\n" + a + end, `a  (): A|400 body "": headers`},
		{"no name", part("filename=x.txt", "", "x") + a + end, `400 body "": headers`},
		{"nothing but form-data", "--" + boundary + "\r\nContent-Disposition: form-data\r\n\r\nx\r\n" + end, `400 body "": headers`},
		{"an empty name", part(`name=""`, "", "x") + end, `400 body "": headers`},
		{"a name that cannot be decoded", part("name*=utf-8''%zz", "", "x") + end, `400 body "": headers`},
		{"a file name that cannot be decoded", part("name=a; FileName*=utf-8''%zz", "", "x") + end, `400 body "": headers`},
		{"a file name that can be", part("name=a; filename*=utf-8''%c3%bc", "", "x") + end, "a ü (): x"},
		{"a name that looks so", part(`name="a\"; filename*=b"`, "", "x") + end, "a\"; filename*=b  (): x"},
		{"too large", a + b + strings.Repeat(b, 5), "a  (): A" + strings.Repeat("|b b.png (image/png): 10000 bytes", 4) + "|reading: 413"},
		{"too large behind the end", a + end + strings.Repeat("x", 50_000), "a  (): A|413"},
		{"too many", strings.Repeat(part("name=skip", "", ""), 1001) + end, strings.Repeat("skip  (): -|", 1000) + `400 body "": parts`},
	}
}

func TestParts(t *testing.T) {
	h := answers(partsIn.String, bind.MaxBody(50_000))
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, tc := range partsCases() {
			t.Run(tc.name, func(t *testing.T) {
				if len(tc.body) <= 50_000 && tc.name != "too many" {
					got := s.Do(t, http.MethodPost, "/", strings.NewReader(tc.body), typed(multi))
					assert.Equal(t, tc.want, got.Text)
				}
				if tc.name == "too many" {
					return
				}
				got := s.Do(t, http.MethodPost, "/", struct{ *strings.Reader }{strings.NewReader(tc.body)}, typed(multi))
				assert.Equal(t, tc.want, got.Text, "chunked")
			})
		}
		got := s.Do(t, http.MethodPost, "/", strings.NewReader("{}"), typed("application/json"))
		assert.Equal(t, "415", got.Text)
	})
	large := answers(partsIn.String)
	kittest.Serve(t, large, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, tc := range partsCases() {
			if tc.name == "too many" {
				got := s.Do(t, http.MethodPost, "/", strings.NewReader(tc.body), typed(multi))
				assert.Equal(t, tc.want, got.Text)
			}
		}
	})
}

// A second range goes on where the first one stopped.
func TestParts_twice(t *testing.T) {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(part("name=a", "", "A")+part("name=b", "", "B")+part("name=c", "", "C")[:50]))
	r.Header = typed(multi)
	in, err := bind.Request[partsIn](r)
	require.NoError(t, err)
	var first *bind.Part
	for part := range in.Parts {
		first = part
		break
	}
	require.Equal(t, "a", first.Name)
	assert.Equal(t, `b  (): B|400 body "": syntax`, in.String())
	assert.Equal(t, `400 body "": syntax`, in.String(), "the error stays")
	content, err := io.ReadAll(first)
	assert.Empty(t, content, "a part that was passed over has ended")
	assert.NoError(t, err)
}

func TestParts_optional(t *testing.T) {
	type in struct {
		Parts *bind.Parts `body:"multipart"`
	}
	for body, want := range map[string]bool{"": false, part("name=a", "", "A") + end: true} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header = typed(multi)
		got, err := bind.Request[in](r)
		require.NoError(t, err)
		assert.Equal(t, want, got.Parts != nil)
	}
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(""))
	r.Header, r.ContentLength = typed(multi), -1
	got, err := bind.Request[in](r)
	require.NoError(t, err)
	assert.Empty(t, partsIn{Parts: *got.Parts}.String())
}

func TestParts_onBodyError(t *testing.T) {
	chosen := errors.New("chosen")
	binder := bind.For[partsIn](bind.MaxBody(10_000), bind.OnBodyError(func(error, []byte) error { return chosen }))
	for _, tc := range [][2]string{
		{"x", "chosen"},
		{part("name=a", "", "A") + part("name=b", "", "B")[:40], "a  (): A|chosen"},
		{file("a", "", "", strings.Repeat("x", 10_000)), "reading: 413"},
	} {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(tc[0]))
		r.Header, r.ContentLength = typed(multi), -1
		in, err := binder.Bind(r)
		require.NoError(t, err)
		assert.Equal(t, tc[1], in.String())
	}
}

func TestParts_clientLeaves(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r := httptest.NewRequest(http.MethodPost, "/", kittest.BrokenReader(part("name=a", "", "A"), errors.New("secret"))).WithContext(ctx)
	r.Header, r.ContentLength = typed(multi), -1
	in, err := bind.Request[partsIn](r)
	require.NoError(t, err)
	cancel()
	for _, err := range in.Parts {
		if err != nil {
			require.ErrorIs(t, err, context.Canceled)
			assert.NotContains(t, err.Error(), "secret")
			return
		}
	}
	t.Error("no error")
}

// A flood is a multipart body with one file of many bytes, made as it is read.
type flood struct {
	io.Reader
}

func newFlood(size int64) flood {
	start, _, _ := strings.Cut(file("file", "f", "", "content"), "content")
	return flood{io.MultiReader(strings.NewReader(start), io.LimitReader(chatter{}, size), strings.NewReader("\r\n"+end))}
}

// chatter yields text with line ends, which the search for the boundary has to
// stop at.
type chatter struct{}

func (chatter) Read(p []byte) (int, error) {
	const line = "a line of text that is nothing but a line of text\r\n"
	n := 0
	for n < len(p) {
		n += copy(p[n:], line)
	}
	return n, nil
}

// An upload of 1 GiB passes through a heap of 8 MiB. The server and its client
// are in it, with all their garbage.
func TestParts_heap(t *testing.T) {
	kittest.Measures(t)
	size := int64(1) << 30
	if testing.Short() {
		size = 64 << 20
	}
	var peak uint64
	h := bind.Func(func(w http.ResponseWriter, _ *http.Request, in partsIn) {
		var total int64
		for part, err := range in.Parts {
			if err != nil {
				t.Error(err)
				return
			}
			for {
				n, err := io.CopyN(io.Discard, part, 8<<20)
				total += n
				peak = max(peak, heap())
				if errors.Is(err, io.EOF) {
					break
				}
				if err != nil {
					t.Error(err)
					return
				}
			}
		}
		_, _ = fmt.Fprint(w, total)
	}, bind.MaxBody(2<<30))
	server := httptest.NewServer(h)
	defer server.Close()
	const limit = 8 << 20
	most := kittest.Least(limit, func() uint64 {
		peak = 0
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.URL, newFlood(size))
		require.NoError(t, err)
		r.Header = typed(multi)
		runtime.GC()
		response, err := server.Client().Do(r)
		require.NoError(t, err)
		defer response.Body.Close()
		got, err := io.ReadAll(response.Body)
		require.NoError(t, err)
		assert.Equal(t, strconv.FormatInt(size, 10), string(got))
		return peak
	})
	assert.LessOrEqual(t, most, uint64(limit))
	t.Logf("heap at most %d KiB", most>>10)
}

// A file that does not fit in memory does not get there.
func TestFile_heap(t *testing.T) {
	type in struct {
		File bind.File `form:"file"`
	}
	temporary(t)
	const size = 64 << 20
	binder := bind.For[in](bind.MaxBody(size + 1000))
	r := httptest.NewRequest(http.MethodPost, "/", newFlood(size))
	r.Header, r.ContentLength = typed(multi), -1
	var got in
	var err error
	used := kittest.TotalAlloc(func() { got, err = binder.Bind(r) })
	require.NoError(t, err)
	assert.Equal(t, int64(size), got.File.Size)
	assert.Less(t, used, uint64(8<<20))
}

func heap() uint64 {
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
