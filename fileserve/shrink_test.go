package fileserve_test

import (
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/internal/kittest"
)

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
