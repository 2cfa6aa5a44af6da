package jetstream_test

import (
	"context"
	"testing"
	"time"

	js "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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
	for n := range 100 {
		ctx, leave := context.WithTimeout(t.Context(), time.Duration(n)*50*time.Microsecond)
		for _, err := range l.Follow(ctx, "a", before) {
			require.NoError(t, err)
		}
		leave()
	}
	s, err := conn.Stream(t.Context(), "left")
	require.NoError(t, err)
	assert.Zero(t, consumers(t, s))
}

func consumers(t *testing.T, s js.Stream) int {
	t.Helper()
	info, err := s.Info(t.Context())
	require.NoError(t, err)
	return info.State.Consumers
}
