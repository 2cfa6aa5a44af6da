package fileserve_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/internal/kittest"
)

// A requestLog notes what ranges were asked for, and how they were answered.
type requestLog struct {
	mu    sync.Mutex
	asked []string
	lines []string
}

func (l *requestLog) wrap(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		l.mu.Lock()
		l.asked = append(l.asked, r.Header.Get("Range"))
		l.mu.Unlock()
		next.ServeHTTP(w, r)
		l.mu.Lock()
		defer l.mu.Unlock()
		l.lines = append(l.lines, r.Header.Get("Range")+" -> "+w.Header().Get("Content-Range"))
	})
}

func (l *requestLog) all() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return append([]string(nil), l.lines...)
}

func asItIs(next http.Handler) http.Handler { return next }

// untilMany holds each answer back after its first part until so many requests have come:
// the first of them may be answered before the client sends another.
func untilMany(n int64) func(http.Handler) http.Handler {
	var came atomic.Int64
	many := make(chan struct{})
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if came.Add(1) == n {
				close(many)
			}
			next.ServeHTTP(&heldWriter{w, r.Context(), many, 0}, r)
		})
	}
}

// A heldWriter writes more than its first part when it may.
type heldWriter struct {
	http.ResponseWriter

	ctx  context.Context // of the request
	may  <-chan struct{}
	sent int
}

func (w *heldWriter) Write(p []byte) (n int, err error) {
	const part = 64 << 10
	if len(p) > part {
		n, err = w.Write(p[:part])
		if err != nil {
			return n, err
		}
		rest, err := w.Write(p[part:])
		return n + rest, err
	}
	if w.sent > 0 {
		select {
		case <-w.may:
		case <-w.ctx.Done():
		case <-time.After(kittest.Patience):
		}
	}
	n, err = w.ResponseWriter.Write(p)
	w.sent += n
	return n, err
}

// download lets a program fetch a file of which it has the first part already.
func download(t *testing.T, around func(http.Handler) http.Handler, has int, program string, args ...string) *requestLog {
	t.Helper()
	path := kittest.Need(t, program)
	body := letters(6 << 20)
	var requests requestLog
	dir := writeTree(t, map[string]string{"big.bin": string(body)})
	server := httptest.NewServer(requests.wrap(around(openDir(t, dir, fileserve.Options{}))))
	t.Cleanup(server.Close)
	dir = t.TempDir()
	if has > 0 {
		require.NoError(t, os.WriteFile(filepath.Join(dir, "big.bin"), body[:has], 0o600))
	}
	command := exec.CommandContext(t.Context(), path, append(args, server.URL+"/big.bin")...)
	command.Dir, command.Env = dir, kittest.Direct()
	output, err := command.CombinedOutput()
	require.NoError(t, err, string(output))
	server.Close() // which waits for the handlers, and so for their lines
	got, err := os.ReadFile(filepath.Join(dir, "big.bin"))
	require.NoError(t, err)
	require.True(t, bytes.Equal(body, got), "the file is another")
	return &requests
}

func TestCurl_resumes(t *testing.T) {
	t.Parallel()
	requests := download(t, asItIs, 2_000_000, "curl", "-sS", "-C", "-", "-O")
	assert.Equal(t, []string{"bytes=2000000- -> bytes 2000000-6291455/6291456"}, requests.all())
}

// TestCurl_complete holds that a client which has everything gets a 416 that says
// so, and not all of it again.
func TestCurl_complete(t *testing.T) {
	t.Parallel()
	requests := download(t, asItIs, 6<<20, "curl", "-sS", "-C", "-", "-O")
	assert.Equal(t, []string{"bytes=6291456- -> bytes */6291456"}, requests.all())
}

func TestWget_resumes(t *testing.T) {
	t.Parallel()
	requests := download(t, asItIs, 2_000_000, "wget", "-q", "-c")
	assert.Equal(t, []string{"bytes=2000000- -> bytes 2000000-6291455/6291456"}, requests.all())
}

func TestAria2_eightConnections(t *testing.T) {
	t.Parallel()
	requests := download(t, untilMany(3), 0, "aria2c", "-q", "--no-conf", "-x8", "-s8", "-k1M", "--file-allocation=none")
	ranges := map[string]bool{}
	for _, line := range requests.all() {
		ranges[line] = true
	}
	// A connection that is fast takes several pieces by one request.
	assert.Greater(t, len(ranges), 2, "it asks for pieces: %v", requests.all())
}

// wave is a WAV file of that many seconds, 8 bits at 44,100 Hz: a format that
// needs no encoder.
func wave(seconds int) []byte {
	const rate = 44_100
	size := uint32(seconds * rate)
	var b bytes.Buffer
	b.WriteString("RIFF")
	_ = binary.Write(&b, binary.LittleEndian, size+36)
	b.WriteString("WAVEfmt ")
	for _, field := range []any{uint32(16), uint16(1), uint16(1), uint32(rate), uint32(rate), uint16(1), uint16(8)} {
		_ = binary.Write(&b, binary.LittleEndian, field)
	}
	b.WriteString("data")
	_ = binary.Write(&b, binary.LittleEndian, size)
	wave := append(bytes.Repeat([]byte{128}, 100), bytes.Repeat([]byte{168}, 100)...)
	b.Write(bytes.Repeat(wave, int(size)/len(wave)+1)[:size])
	return b.Bytes()
}

const player = `<!doctype html><video id="v" src="/media/tone.wav" preload="metadata" muted></video><script>
const v = document.getElementById("v"), report = text => fetch("/report", {method: "POST", body: text});
v.onerror = () => report("error " + v.error.message);
v.onloadedmetadata = () => {
  v.currentTime = v.duration - 5;
  v.onseeked = () => report(v.currentTime > v.duration - 6 && v.readyState >= 2 ? "seeked" : "stands at " + v.currentTime);
};
</script>`

// TestChromium_seeks plays the end of a file that the browser has not loaded.
func TestChromium_seeks(t *testing.T) {
	t.Parallel()
	kittest.Need(t, "chromium")
	var requests requestLog
	media := openDir(t, writeTree(t, map[string]string{"tone.wav": string(wave(1200))}), fileserve.Options{})
	mux := http.NewServeMux()
	mux.Handle("GET /media/", requests.wrap(http.StripPrefix("/media/", media)))
	mux.Handle("GET /{$}", http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, player)
	}))
	_, reports := kittest.Browse(t, mux, "/")
	select {
	case report := <-reports:
		assert.Equal(t, "seeked", report)
		requests.mu.Lock()
		defer requests.mu.Unlock()
		assert.True(t, slices.ContainsFunc(requests.asked, func(field string) bool {
			var start int
			_, err := fmt.Sscanf(field, "bytes=%d-", &start)
			return err == nil && start > 1000*44_100
		}), "it asks for the end: %v", requests.asked)
	case <-time.After(kittest.Patience):
		t.Fatalf("the page reported nothing; requests: %v", requests.all())
	}
}
