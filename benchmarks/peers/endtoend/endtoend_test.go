package endtoend

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/benchmarks/peers/systems"
)

// TestCheck holds that all systems in Go pass the check before measuring, over a
// connection, and that a service of another system does not.
func TestCheck(t *testing.T) {
	files := t.TempDir()
	require.NoError(t, systems.WriteFiles(files))
	for _, name := range systems.Served() {
		t.Run(name, func(t *testing.T) {
			assert.NoError(t, check(t.Context(), serve(t, name, files), name))
		})
	}
	t.Run("without files", func(t *testing.T) {
		assert.ErrorContains(t, check(t.Context(), serve(t, "tenon", ""), "tenon"), "file-2KB: status 404")
	})
	t.Run("with forms alone", func(t *testing.T) {
		assert.ErrorContains(t, check(t.Context(), serve(t, "gorilla/schema", files), "tenon"), "text: status 404")
	})
}

func serve(t *testing.T, name, files string) (url string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error)
	go func() { ended <- systems.Serve(ctx, name, files, listener) }()
	t.Cleanup(func() {
		cancel()
		assert.NoError(t, <-ended)
	})
	return "http://" + listener.Addr().String()
}

func TestRead(t *testing.T) {
	const found = "Running 2s test @ http://127.0.0.1:1/\n  174 requests in 2.10s, 5.56MB read\nRequests/sec:  45678.90\nTransfer/sec:      5.56MB\n"
	for _, c := range []struct {
		name, out, err string
		rate           float64
		n              int
	}{
		{"a rate", found, "", 45678.9, 174},
		{"errors of connections", "  Socket errors: connect 0, read 3, write 0, timeout 0\n" + found, "Socket errors", 0, 0},
		{"answers that are no success", "  Non-2xx or 3xx responses: 12\n" + found, "Non-2xx", 0, 0},
		{"no answer", "  0 requests in 2.10s\nRequests/sec:      0.00\n", "measure longer", 0, 0},
		{"nothing", "", "", 0, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			rate, n, err := read(c.out)
			assert.InDelta(t, c.rate, rate, 0)
			assert.Equal(t, c.n, n)
			if c.rate == 0 {
				assert.ErrorContains(t, err, c.err)
			}
		})
	}
}

func TestAllowed(t *testing.T) {
	for list, want := range map[string][]string{"0-1": {"0", "1"}, "0,2": {"0", "2"}, "2-3,8-15": {"2", "15"}, "7": nil} {
		found := allowed.FindStringSubmatch("Threads:\t1\nCpus_allowed_list:\t" + list + "\nMems_allowed_list:\t0\n")
		if want == nil {
			assert.Nil(t, found)
		} else {
			require.NotNil(t, found, list)
			assert.Equal(t, want, found[1:], list)
		}
	}
}

func TestServer_processor(t *testing.T) {
	self := &server{pid: os.Getpid()}
	before, err := self.processor()
	if errors.Is(err, fs.ErrNotExist) {
		t.Skip("there is no /proc")
	}
	require.NoError(t, err)
	x := 0
	for after := before; after < before+5*tick; after, err = self.processor() {
		require.NoError(t, err)
		for i := range 1_000_000 {
			x ^= i
		}
	}
	runtime.KeepAlive(x)
	_, err = (&server{pid: -1}).processor()
	assert.Error(t, err)
}
