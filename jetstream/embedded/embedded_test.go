package embedded_test

import (
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

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

func TestStart_faults(t *testing.T) {
	t.Parallel()
	_, err := embedded.Start("", embedded.Options{})
	require.ErrorContains(t, err, "dir")
	_, err = embedded.Start(t.TempDir(), embedded.Options{Cluster: "c", Routes: []string{"://"}})
	require.ErrorContains(t, err, "Options.Routes")
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	_, err = embedded.Start(filepath.Join(file, "nats"), embedded.Options{})
	require.Error(t, err)

	taken, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer taken.Close()
	_, port, err := net.SplitHostPort(taken.Addr().String())
	require.NoError(t, err)
	n, err := strconv.Atoi(port)
	require.NoError(t, err)
	began := time.Now()
	_, err = embedded.Start(t.TempDir(), embedded.Options{Port: n})
	require.ErrorContains(t, err, "in use")
	assert.Less(t, time.Since(began), 20*time.Second)
}
