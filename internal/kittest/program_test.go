package kittest_test

import (
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
)

func TestNeed(t *testing.T) {
	t.Setenv("TENON_PROGRAMS", "")
	assert.NotEmpty(t, kittest.Need(t, "go"))
	skipped := false
	t.Run("missing", func(t *testing.T) {
		defer func() { skipped = t.Skipped() }()
		kittest.Need(t, "no-such-program")
	})
	assert.True(t, skipped)
}

func TestChromium(t *testing.T) {
	t.Parallel()
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		_, _ = io.WriteString(w, `<script>fetch("/report", {method: "POST", body: "sum " + (20 + 22)})</script>`)
	})
	_, reports := kittest.Browse(t, mux, "/")
	assert.Equal(t, "sum 42", kittest.Await(t, reports, "the page reported nothing"))
}

func TestStrace(t *testing.T) {
	const name = "tenon-strace-test"
	trace, ok := kittest.Strace(t, "unlinkat", func() {
		path := filepath.Join(t.TempDir(), name)
		require.NoError(t, os.WriteFile(path, nil, 0o600))
		require.NoError(t, os.Remove(path))
	})
	if ok {
		assert.Contains(t, trace, "/"+name+`"`)
		assert.NotContains(t, trace, "openat(")
	}
}

// TestFreeAddress holds that an address is one for programs, and nobody else's.
func TestFreeAddress(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for range 50 {
		address := kittest.FreeAddress(t)
		assert.False(t, seen[address], address)
		seen[address] = true
		listener, err := net.Listen("tcp", address)
		require.NoError(t, err)
		require.NoError(t, listener.Close())
		_, err = net.ListenPacket("udp", address)
		require.Error(t, err, "another test may claim it")
	}
}
