package jetstream_test

import (
	"context"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	js "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/jetstream"
	"github.com/tenonkit/tenon/jetstream/embedded"
)

// TestAppend_away gives up before the server forgets what it was sent, and leaves nothing
// behind that the connection sends later.
func TestAppend_away(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, o, conn := startAgain(t, dir)
	stream, err := js.New(conn)
	require.NoError(t, err)
	l := newLog[int](t, stream, jetstream.Options{Stream: "away", MaxAge: 30 * time.Second})
	lasting := newLog[int](t, stream, jetstream.Options{Stream: "lasting"})
	zero, err := lasting.Last(t.Context(), "a")
	require.NoError(t, err)

	gone := conn.StatusChanged(nats.RECONNECTING)
	s.Close()
	<-gone
	began := time.Now()
	_, err = l.Append(t.Context(), "a", 1)
	require.Error(t, err)
	assert.Less(t, time.Since(began), 28*time.Second, "half of MaxAge, and not a minute")
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err = lasting.Append(ctx, "a", 1)
	require.ErrorIs(t, err, context.DeadlineExceeded)

	s, err = embedded.Start(dir, o)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	fill(t, lasting, "a", 2, 1)
	got, err := follow(t, lasting, "a", zero, 2)
	require.NoError(t, err)
	assert.Equal(t, []int{2}, got)
}

// TestNewStore_away is an error once the server has been away for five seconds.
func TestNewStore_away(t *testing.T) {
	t.Parallel()
	s := serve(t)
	store := open(t, connect(t, s), time.Hour)
	revision, err := store.Put(t.Context(), "a", []byte("a"), 0, time.Minute)
	require.NoError(t, err)
	s.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, _, err = store.Get(ctx, "a")
	require.Error(t, err)
	began := time.Now()
	_, err = store.Put(t.Context(), "a", []byte("b"), revision, time.Minute)
	require.ErrorContains(t, err, "bucket requests")
	assert.Less(t, time.Since(began), time.Minute)
}
