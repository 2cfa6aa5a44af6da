package jetstream_test

import (
	"context"
	"testing"
	"time"

	js "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/jetstream"
)

// TestFollow_leaves holds that readers which leave while they catch up leave nothing at
// the server.
func TestFollow_leaves(t *testing.T) {
	t.Parallel()
	conn := connect(t, serve(t))
	l, err := jetstream.NewLog[int](t.Context(), conn, jetstream.Options{Stream: "left"})
	require.NoError(t, err)
	before, err := l.Last(t.Context(), "a")
	require.NoError(t, err)
	for n := range 20 {
		_, err := l.Append(t.Context(), "a", n)
		require.NoError(t, err)
	}
	dropped := watchConsumers(t, conn, "left")
	for n := range 100 {
		ctx, leave := context.WithTimeout(t.Context(), time.Duration(n)*50*time.Microsecond)
		for _, err := range l.Follow(ctx, "a", before) {
			require.NoError(t, err)
		}
		leave()
	}
	dropped()
}

// watchConsumers returns what holds that a reader has dropped each consumer that it has made
// since: the server drops it too, after some seconds.
func watchConsumers(t *testing.T, conn js.JetStream, stream string) (dropped func()) {
	t.Helper()
	made, err := conn.Conn().SubscribeSync("$JS.API.CONSUMER.CREATE." + stream + ".>")
	require.NoError(t, err)
	deleted, err := conn.Conn().SubscribeSync("$JS.API.CONSUMER.DELETE." + stream + ".*")
	require.NoError(t, err)
	return func() {
		t.Helper()
		require.NoError(t, conn.Conn().Flush()) // What was sent before has come back.
		n, _, err := made.Pending()
		require.NoError(t, err)
		drops, _, err := deleted.Pending()
		require.NoError(t, err)
		assert.Positive(t, n)
		assert.Equal(t, n, drops)
		s, err := conn.Stream(t.Context(), stream)
		require.NoError(t, err)
		assert.Eventually(t, func() bool {
			info, err := s.Info(t.Context())
			return assert.NoError(t, err) && info.State.Consumers == 0
		}, kittest.Patience, time.Millisecond)
	}
}
