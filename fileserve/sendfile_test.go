//go:build linux

package fileserve_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
	"github.com/tenonkit/tenon/respond"
)

const traced = 1_000_000

// sendfiles returns how many bytes sendfile(2) has sent, and in how many runs of
// calls that no write to the connection interrupts. The runtime writes too, to wake
// itself up.
func sendfiles(trace string) (bytes, runs int) {
	began := regexp.MustCompile(`(sendfile|write)\((\d+),`)
	ended := regexp.MustCompile(`sendfile(?:\(| resumed>).*= (\d+)$`)
	last, conn := "", ""
	if found := regexp.MustCompile(`sendfile\((\d+),`).FindStringSubmatch(trace); found != nil {
		conn = found[1]
	}
	for line := range strings.Lines(trace) {
		line = strings.TrimSuffix(line, "\n")
		if found := began.FindStringSubmatch(line); found != nil && found[2] == conn {
			if found[1] == "sendfile" && last != "sendfile" {
				runs++
			}
			last = found[1]
		}
		if found := ended.FindStringSubmatch(line); found != nil {
			n, _ := strconv.Atoi(found[1])
			bytes += n
		}
	}
	return bytes, runs
}

// exchange serves one request with a header field over a connection and reads the
// answer.
func exchange(t *testing.T, h http.Handler, name, value string) {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/big.bin", nil)
	require.NoError(t, err)
	r.Header.Set("Accept-Encoding", "identity")
	r.Header.Set(name, value)
	response, err := server.Client().Do(r)
	require.NoError(t, err)
	n, err := io.Copy(io.Discard, response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, response.ContentLength, n)
}

// traceExchange is one exchange under strace: at least that many bytes have to
// go by sendfile(2), in that many pieces.
func traceExchange(t *testing.T, field string, wrap func(http.Handler) http.Handler, least, pieces int) {
	t.Helper()
	trace, ok := kittest.Strace(t, "sendfile,write", func() {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(dir+"/big.bin", make([]byte, traced), 0o600))
		exchange(t, wrap(openDir(t, dir, fileserve.Options{})), "Range", field)
	})
	if !ok {
		return
	}
	bytes, runs := sendfiles(trace)
	// net/http puts the first 512 bytes of a body behind the header.
	assert.GreaterOrEqual(t, bytes, least-512, trace)
	assert.LessOrEqual(t, bytes, least)
	assert.Equal(t, pieces, runs, trace)
}

func bare(h http.Handler) http.Handler { return h }

// chain is what middleware and a typed handler put around a file.
func chain(h http.Handler) http.Handler {
	file := h
	h = respond.Func(func(*http.Request) (any, error) { return file, nil })
	for _, wrap := range []func(http.Handler) http.Handler{
		compress.New(), middleware.ETag(), middleware.BodyLimit(1 << 20), middleware.Secure(), middleware.NoStore(),
		middleware.Recover(), middleware.AccessLog(slog.New(slog.DiscardHandler)), middleware.RequestID(),
		respond.UseErrorHandler(respond.Error),
	} {
		h = wrap(h)
	}
	return h
}

func TestSendfile_whole(t *testing.T) { traceExchange(t, "", bare, traced, 1) }

func TestSendfile_range(t *testing.T) { traceExchange(t, "bytes=1000-700999", bare, 700_000, 1) }

func TestSendfile_parts(t *testing.T) {
	traceExchange(t, "bytes=0-99999,300000-399999,600000-799999", bare, 400_000, 3)
}

func TestSendfile_chainWhole(t *testing.T) { traceExchange(t, "", chain, traced, 1) }

func TestSendfile_chainParts(t *testing.T) {
	traceExchange(t, "bytes=0-99999,300000-399999,600000-799999", chain, 400_000, 3)
}

func TestSendfile_page(t *testing.T) {
	page := func(h http.Handler) http.Handler {
		return respond.Func(func(*http.Request) (any, error) { return respond.Status(404, h), nil })
	}
	traceExchange(t, "bytes=0-9", page, traced, 1)
}

func TestSendfile_compressedSibling(t *testing.T) {
	trace, ok := kittest.Strace(t, "sendfile,write", func() {
		dir := t.TempDir()
		require.NoError(t, os.WriteFile(dir+"/big.bin", []byte("plain"), 0o600))
		require.NoError(t, os.WriteFile(dir+"/big.bin.gz", make([]byte, traced), 0o600))
		exchange(t, openDir(t, dir, fileserve.Options{Precompressed: []string{"gzip"}}), "Accept-Encoding", "gzip")
	})
	if ok {
		bytes, _ := sendfiles(trace)
		assert.GreaterOrEqual(t, bytes, traced-512)
	}
}
