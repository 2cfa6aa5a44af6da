package jetstream_test

import (
	"net/http"
	"testing"
	"time"

	js "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
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

// TestNewStore_payload has an answer that is too long for the server: the request runs
// once, and its retry is refused.
func TestNewStore_payload(t *testing.T) {
	t.Parallel()
	runs := 0
	store := open(t, connect(t, serve(t)), 48*time.Hour)
	h := idempotency.New(store, func(*http.Request) string { return "ada" }, idempotency.MaxAnswer(4<<20))(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		runs++
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write(make([]byte, 2<<20))
	}))
	w := pay(t.Context(), h)
	assert.Equal(t, http.StatusCreated, w.Code)
	assert.Equal(t, 2<<20, w.Body.Len())
	assert.Equal(t, http.StatusConflict, pay(t.Context(), h).Code)
	assert.Equal(t, 1, runs)
}
