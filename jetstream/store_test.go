package jetstream_test

import (
	"testing"
	"time"

	js "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/conformance"
	"github.com/tenonkit/tenon/jetstream"
	"github.com/tenonkit/tenon/middleware/idempotency"
)

// open returns the store of a bucket, as a process with a connection of its own sees it.
func open(t *testing.T, conn js.JetStream, ttl time.Duration) idempotency.Store {
	t.Helper()
	kv, err := conn.CreateOrUpdateKeyValue(t.Context(), js.KeyValueConfig{Bucket: "requests", TTL: ttl})
	require.NoError(t, err)
	s, err := jetstream.NewStore(t.Context(), kv)
	require.NoError(t, err)
	return s
}

func TestNewStore_conformance(t *testing.T) {
	t.Parallel()
	conformance.RunStore(t, func(t *testing.T) (one, two idempotency.Store) {
		t.Helper()
		s := serve(t)
		return open(t, connect(t, s), 48*time.Hour), open(t, connect(t, s), 48*time.Hour)
	})
}

func TestNewStore_shortTTL(t *testing.T) {
	t.Parallel()
	s := open(t, connect(t, serve(t)), time.Minute)
	_, err := s.Put(t.Context(), "a", []byte("a"), 0, time.Minute)
	require.NoError(t, err)
	_, err = s.Put(t.Context(), "b", []byte("b"), 0, time.Minute+1)
	require.ErrorContains(t, err, "longer TTL")
}
