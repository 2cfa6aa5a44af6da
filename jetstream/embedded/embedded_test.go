package embedded_test

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"

	"github.com/nats-io/nats.go"
	js "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/jetstream/embedded"
)

// bucket returns a bucket of s, and the end of the connection.
func bucket(t *testing.T, s *embedded.Server, options ...nats.Option) (js.KeyValue, func()) {
	t.Helper()
	conn, err := s.Connect(options...)
	require.NoError(t, err)
	stream, err := js.New(conn)
	require.NoError(t, err)
	kv, err := stream.CreateOrUpdateKeyValue(t.Context(), js.KeyValueConfig{Bucket: "b"})
	require.NoError(t, err)
	return kv, conn.Close
}

func TestStart_filesStay(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for n := range 3 {
		s, err := embedded.Start(dir, embedded.Options{})
		require.NoError(t, err)
		assert.Empty(t, s.URL())
		kv, end := bucket(t, s)
		if n > 0 {
			entry, err := kv.Get(t.Context(), "n")
			require.NoError(t, err)
			assert.Equal(t, []byte{byte(n - 1)}, entry.Value())
		}
		_, err = kv.Put(t.Context(), "n", []byte{byte(n)})
		require.NoError(t, err)
		end()
		s.Close()
		s.Close() // A second Close does nothing.
	}
}

func TestStart_url(t *testing.T) {
	t.Parallel()
	s, err := embedded.Start(t.TempDir(), embedded.Options{Port: -1})
	require.NoError(t, err)
	conn, err := nats.Connect(s.URL())
	require.NoError(t, err)
	_, end := bucket(t, s)
	end()
	gone := conn.StatusChanged(nats.RECONNECTING, nats.CLOSED)
	s.Close()
	<-gone
	conn.Close()
	_, err = s.Connect()
	require.Error(t, err)
}

// TestStart_options names all faults of the options at once, and waits for nothing.
func TestStart_options(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name    string
		dir     string
		options embedded.Options
		want    []string
	}{
		{"no directory", "", embedded.Options{}, []string{"dir is empty"}},
		{"a port that is none", "d", embedded.Options{Port: 65536, ClusterPort: -2}, []string{"Options.Port is 65536", "Options.ClusterPort is -2"}},
		{"a host that is another's", "d", embedded.Options{Host: "192.0.2.1", Port: -1}, []string{"192.0.2.1"}},
		{"routes alone", "d", embedded.Options{Routes: []string{"nats://127.0.0.1:1"}}, []string{"Options.Cluster is empty"}},
		{"a cluster alone", "d", embedded.Options{Cluster: "c"}, []string{"Options.Name is empty", "Options.ClusterPort is 0", "Options.Port is 0", "Options.Routes is empty"}},
		{"a cluster without clients", "d", embedded.Options{Cluster: "c", Name: "n", ClusterPort: -1}, []string{"Options.Port is 0"}},
		{"routes that are none", "d", embedded.Options{Cluster: "c", Routes: []string{"://", "10.0.0.2:6222"}}, []string{"Options.Routes", `"10.0.0.2:6222"`}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			dir := c.dir
			if dir != "" {
				dir = filepath.Join(t.TempDir(), dir)
			}
			_, err := embedded.Start(dir, c.options)
			require.Error(t, err)
			for _, want := range c.want {
				require.ErrorContains(t, err, want)
			}
			assert.NotContains(t, err.Error(), "is not ready after")
			assert.NoDirExists(t, filepath.Join(dir, "jetstream"))
		})
	}
}

// TestStart_cluster starts a server of a cluster before the others.
func TestStart_cluster(t *testing.T) {
	t.Parallel()
	s, err := embedded.Start(t.TempDir(), embedded.Options{
		Name: "n", Port: -1, Cluster: "c", ClusterPort: -1, Routes: []string{"nats://127.0.0.1:1"},
	})
	require.NoError(t, err)
	defer s.Close()
	assert.NotEmpty(t, s.URL())
}

// TestStart_twice refuses a second server in the directory, until the first has ended.
func TestStart_twice(t *testing.T) {
	t.Parallel()
	switch runtime.GOOS {
	case "darwin", "dragonfly", "freebsd", "linux", "netbsd", "openbsd":
	default:
		t.Skip("no locks")
	}
	dir := t.TempDir()
	for range 2 {
		s, err := embedded.Start(dir, embedded.Options{})
		require.NoError(t, err)
		_, err = embedded.Start(dir, embedded.Options{})
		require.ErrorContains(t, err, "another server may use")
		s.Close()
	}
}

func TestStart_faults(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err := embedded.Start(filepath.Join(file, "nats"), embedded.Options{})
	require.Error(t, err)

	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	_, port, err := net.SplitHostPort(taken.Addr().String())
	require.NoError(t, err)
	n, err := strconv.Atoi(port)
	require.NoError(t, err)
	_, err = embedded.Start(t.TempDir(), embedded.Options{Port: n})
	require.ErrorContains(t, err, "in use")
	assert.NotContains(t, err.Error(), "is not ready after")
}
