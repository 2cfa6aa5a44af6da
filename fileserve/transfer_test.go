package fileserve_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/internal/kittest"
)

// pipes is a listener of connections in memory, whose time is that of the bubble.
type pipes chan net.Conn

func (p pipes) Accept() (net.Conn, error) {
	conn, ok := <-p
	if !ok {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (p pipes) Close() error   { return nil }
func (p pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "unix"} }

// slowly runs fn with a connection to a server of body, within fake time.
func slowly(t *testing.T, writeTimeout, perStep time.Duration, body []byte, fn func(t *testing.T, conn net.Conn, reader *bufio.Reader)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		mux := http.NewServeMux()
		mux.HandleFunc("/file", func(w http.ResponseWriter, r *http.Request) {
			fileserve.Content{Reader: bytes.NewReader(body), WriteTimeout: perStep}.ServeHTTP(w, r)
		})
		mux.HandleFunc("/small", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "small") })
		server := &http.Server{Handler: mux, WriteTimeout: writeTimeout}
		listener := make(pipes, 1)
		go func() { _ = server.Serve(listener) }()
		client, conn := net.Pipe()
		listener <- conn
		fn(t, client, bufio.NewReaderSize(client, 4096))
		_ = client.Close()
		close(listener)
		_ = server.Shutdown(context.Background())
		synctest.Wait()
	})
}

// ask sends a request and reads the header of the answer.
func ask(t *testing.T, conn net.Conn, reader *bufio.Reader, path string) *http.Response {
	t.Helper()
	_, err := io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: a\r\n\r\n")
	require.NoError(t, err)
	response, err := http.ReadResponse(reader, nil)
	require.NoError(t, err)
	return response
}

// readSlowly reads the body in steps of 32 KiB with a pause before each.
func readSlowly(body io.Reader, pause time.Duration) (n int64, err error) {
	for {
		time.Sleep(pause)
		read, err := io.CopyN(io.Discard, body, 32<<10)
		n += read
		if errors.Is(err, io.EOF) {
			return n, nil
		}
		if err != nil {
			return n, err
		}
	}
}

func TestWriteTimeout_slowDownload(t *testing.T) {
	t.Parallel()
	body := letters(1 << 20)
	for _, writeTimeout := range []time.Duration{0, 10 * time.Second} {
		slowly(t, writeTimeout, 0, body, func(t *testing.T, conn net.Conn, reader *bufio.Reader) {
			t.Helper()
			start := time.Now()
			n, err := readSlowly(ask(t, conn, reader, "/file").Body, 5*time.Second)
			require.NoError(t, err)
			assert.EqualValues(t, len(body), n)
			assert.Greater(t, time.Since(start), 10*writeTimeout)

			// The deadline of the download is not that of what follows.
			time.Sleep(time.Hour)
			text, err := io.ReadAll(ask(t, conn, reader, "/small").Body)
			require.NoError(t, err)
			assert.Equal(t, "small", string(text))
		})
	}
}

func TestWriteTimeout_stalledClient(t *testing.T) {
	t.Parallel()
	body := letters(1 << 20)
	for name, tc := range map[string]struct {
		writeTimeout, timeout, pause time.Duration
		cut                          bool
	}{
		"default":                    {0, 0, time.Minute, true},
		"default, quick enough":      {0, 0, 29 * time.Second, false},
		"own":                        {0, 2 * time.Minute, time.Minute, false},
		"own, over that of server":   {5 * time.Second, 2 * time.Minute, time.Minute, false},
		"none":                       {0, -1, time.Hour, false},
		"none, but that of server":   {20 * time.Second, -1, 5 * time.Second, true},
		"short":                      {0, time.Second, 2 * time.Second, true},
		"short, over that of server": {time.Hour, time.Second, 2 * time.Second, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			slowly(t, tc.writeTimeout, tc.timeout, body, func(t *testing.T, conn net.Conn, reader *bufio.Reader) {
				t.Helper()
				n, err := readSlowly(ask(t, conn, reader, "/file").Body, tc.pause)
				if tc.cut {
					require.Error(t, err)
					assert.Less(t, n, int64(len(body)))
					return
				}
				require.NoError(t, err)
				assert.EqualValues(t, len(body), n)
			})
		})
	}
}

// TestShrink cuts a file while it is sent. It is larger than what the buffers of
// both ends of a connection hold.
func TestShrink(t *testing.T) {
	const size = 256 << 20
	previous := slog.Default()
	slog.SetDefault(slog.New(slog.DiscardHandler)) // the test is not parallel
	defer slog.SetDefault(previous)
	dir := t.TempDir()
	path := filepath.Join(dir, "shrinks.bin")
	kittest.ServeBehind(t, openDir(t, dir, fileserve.Options{}), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		for _, field := range []string{"", "bytes=1000-", "bytes=0-1000000,2000000-"} {
			require.NoError(t, os.WriteFile(path, nil, 0o600))
			require.NoError(t, os.Truncate(path, size))
			r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL+"/shrinks.bin", nil)
			require.NoError(t, err)
			if field != "" {
				r.Header.Set("Range", field)
			}
			response, err := s.Client.Do(r)
			require.NoError(t, err)
			first, err := io.CopyN(io.Discard, response.Body, 100_000)
			require.NoError(t, err)
			require.NoError(t, os.Truncate(path, 3_000_000))
			rest, err := io.Copy(io.Discard, response.Body)
			require.Error(t, err, field)
			assert.Less(t, first+rest, response.ContentLength)
			_ = response.Body.Close()
		}
		assert.Empty(t, s.Log(), "the log of the server is for panics")
	})
}
