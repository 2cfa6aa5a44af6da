package compress_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware/compress"
)

// The client of another project decodes what we send, and keeps it by its tag.
func TestNew_curl(t *testing.T) {
	curl := kittest.Need(t, "curl")
	codings := make(chan string, 1)
	mw := compress.New(compress.Coding("deflate", deflate))
	outer := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mw(file("a.txt", text, `"abc"`)).ServeHTTP(w, r)
		codings <- w.Header().Get(ce)
	})
	server := httptest.NewServer(outer)
	defer server.Close()
	run := func(args ...string) string {
		command := exec.CommandContext(t.Context(), curl, append(args, "-s", "-S", server.URL)...)
		command.Env = kittest.Direct()
		out, err := command.CombinedOutput()
		require.NoError(t, err, "%s", out)
		return string(out)
	}
	version, err := exec.CommandContext(t.Context(), curl, "--version").Output()
	require.NoError(t, err)

	offers := []string{"gzip", "deflate"}
	if strings.Contains(string(version), "zstd") {
		offers = append(offers, "zstd")
	}
	for _, coding := range offers {
		assert.Equal(t, text, run("--compressed", "-H", "Accept-Encoding: "+coding))
		assert.Equal(t, coding, <-codings)
	}
	assert.Equal(t, text, run("--compressed"))
	assert.Equal(t, "deflate", <-codings)
	assert.Equal(t, text, run())
	assert.Empty(t, <-codings)
	assert.Equal(t, text[100:200], run("--compressed", "-r", "100-199"))
	assert.Empty(t, <-codings)

	tag := filepath.Join(t.TempDir(), "tag")
	assert.Equal(t, text, run("--compressed", "--etag-save", tag))
	assert.Equal(t, "deflate", <-codings)
	assert.Empty(t, run("--compressed", "--etag-compare", tag), "304")
	assert.Empty(t, <-codings)
}

// A browser decodes what we send, in every coding that it asks for, and gets the
// first of a stream before the rest.
func TestNew_chromium(t *testing.T) {
	found, streamed := make(chan string, 1), make(chan struct{})
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", send(200, script, ct, html))
	mux.HandleFunc("/text", file("a.txt", text, `"abc"`))
	mux.HandleFunc("/stream", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(ct, "application/x-ndjson")
		_, _ = io.WriteString(w, "1\n")
		assert.NoError(t, http.NewResponseController(w).Flush())
		select {
		case <-streamed:
		case <-r.Context().Done():
		}
		_, _ = io.WriteString(w, "2\n")
	})
	mux.HandleFunc("/first", func(http.ResponseWriter, *http.Request) { close(streamed) })
	mux.HandleFunc("POST /found", func(_ http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		found <- string(body)
	})
	// Chromium asks for br and zstd only over TLS, or from the local host.
	server := httptest.NewServer(compress.New()(mux))
	defer server.Close()
	kittest.Chromium(t, server.URL)
	got := kittest.Await(t, found, "the page did not report")
	assert.JSONEq(t, `{"length":3700,"coding":"zstd","tag":"\"abc-zstd\"","again":3700,"stream":"1\n2\n"}`, got)
}

const script = `<!doctype html><script type="module">
const found = {};
try {
  const first = await fetch("/text");
  found.length = (await first.text()).length;
  found.coding = first.headers.get("Content-Encoding");
  found.tag = first.headers.get("ETag");
  const again = await fetch("/text", {cache: "no-cache"});
  found.again = (await again.text()).length;
  const stream = (await fetch("/stream")).body.pipeThrough(new TextDecoderStream()).getReader();
  found.stream = (await stream.read()).value;
  await fetch("/first");
  found.stream += (await stream.read()).value;
} catch (error) { found.error = String(error); }
fetch("/found", {method: "POST", body: JSON.stringify(found)});
</script>`

// A body that is not compressed still goes from the file to the connection
// inside of the kernel, be its type known or found.
func TestNew_sendfile(t *testing.T) {
	const size = 8 << 20
	path := filepath.Join(t.TempDir(), "file")
	trace, ok := kittest.Strace(t, "sendfile", func() {
		require.NoError(t, os.WriteFile(path, append([]byte("\x89PNG\x0D\x0A\x1A\x0A"), make([]byte, size-8)...), 0o600))
		h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			f, err := os.Open(path)
			if !assert.NoError(t, err) {
				return
			}
			defer f.Close()
			w.Header().Set(cl, "8388608")
			if r.URL.Path == "/known" {
				w.Header().Set(ct, "image/png")
			}
			n, err := io.Copy(w, f)
			assert.NoError(t, err)
			assert.EqualValues(t, size, n)
		})
		server := httptest.NewServer(compress.New()(h))
		defer server.Close()
		for _, path := range []string{"/known", "/found"} {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil)
			require.NoError(t, err)
			r.Header.Set(ae, "gzip, zstd")
			got, err := http.DefaultClient.Do(r)
			require.NoError(t, err)
			n, err := io.Copy(io.Discard, got.Body)
			require.NoError(t, err)
			require.NoError(t, got.Body.Close())
			assert.EqualValues(t, size, n)
			assert.Equal(t, "image/png", got.Header.Get(ct))
		}
	})
	if ok {
		assert.GreaterOrEqual(t, sent(t, trace), int64(2*(size-4096)), "bytes by sendfile")
	}
}

// sent adds up what the calls of sendfile in a trace returned.
func sent(t *testing.T, trace string) (total int64) {
	t.Helper()
	for line := range strings.Lines(trace) {
		if !strings.Contains(line, "sendfile") {
			continue
		}
		// A call that would have blocked returns -1 and the name of an error.
		result := line[strings.LastIndex(line, "= ")+1:]
		if n, err := strconv.ParseInt(strings.TrimSpace(result), 10, 64); err == nil {
			total += n
		}
	}
	return total
}
