package jetstream_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	js "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/jetstream"
)

func newLog[T any](t *testing.T, conn js.JetStream, o jetstream.Options) feed.Log[T] {
	t.Helper()
	l, err := jetstream.NewLog[T](t.Context(), conn, o)
	require.NoError(t, err)
	return l
}

// TestFollow_slow has a reader stand still while more comes than is held for it. It
// gets all, and leaves neither a subscription nor a consumer behind.
func TestFollow_slow(t *testing.T) {
	t.Parallel()
	const all = 3000
	conn := connect(t, serve(t))
	l := newLog[int](t, conn, jetstream.Options{Stream: "slow", Keep: all})
	zero, err := l.Last(t.Context(), "a")
	require.NoError(t, err)
	dropped := watchConsumers(t, conn, "slow")
	before := conn.Conn().NumSubscriptions()
	want := 0
	_, err = l.Append(t.Context(), "a", 0)
	require.NoError(t, err)
	for e, err := range l.Follow(t.Context(), "a", zero) {
		require.NoError(t, err)
		require.Equal(t, want, e.Value)
		if want++; want == all {
			break
		}
		for n := 1; want == 1 && n < all; n++ {
			_, err := l.Append(t.Context(), "a", n)
			require.NoError(t, err)
		}
	}
	assert.Equal(t, all, want)
	assertSubscriptions(t, conn, before)
	dropped()
}

// assertSubscriptions waits for the subscription of a fetch to go, which ends a moment after
// its messages.
func assertSubscriptions(t *testing.T, conn js.JetStream, most int) {
	t.Helper()
	assert.Eventually(t, func() bool { return conn.Conn().NumSubscriptions() <= most }, kittest.Patience, time.Millisecond)
}

// TestFollow_aged has entries expire: an old id is too old, and a reader that has waited
// since loses nothing.
func TestFollow_aged(t *testing.T) {
	t.Parallel()
	conn := connect(t, serve(t))
	l := newLog[int](t, conn, jetstream.Options{Stream: "aged", MaxAge: 10 * time.Second})
	zero, err := l.Last(t.Context(), "a")
	require.NoError(t, err)
	id, err := l.Append(t.Context(), "a", 0)
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), kittest.Patience)
	defer cancel()
	expired := make(chan struct{})
	go func() {
		defer close(expired)
		s, err := conn.Stream(ctx, "aged")
		if !assert.NoError(t, err) {
			return
		}
		for ctx.Err() == nil {
			info, err := s.Info(ctx)
			if !assert.NoError(t, err) || info.State.Msgs == 0 {
				break
			}
			time.Sleep(100 * time.Millisecond)
		}
		for n := range 3 {
			_, err := l.Append(ctx, "a", n+1)
			assert.NoError(t, err)
		}
	}()
	want := 0
	for e, err := range l.Follow(ctx, "a", zero) {
		require.NoError(t, err)
		require.Equal(t, want, e.Value)
		if want++; want == 4 {
			break
		}
	}
	<-expired
	assert.Equal(t, 4, want)
	for _, err := range l.Follow(ctx, "a", zero) {
		require.ErrorIs(t, err, feed.ErrReset)
	}
	for e, err := range l.Follow(ctx, "a", id) {
		require.NoError(t, err, "nothing after it is gone")
		assert.Equal(t, 1, e.Value)
		break
	}
}

// TestFollow_faults are what waiting does not mend.
func TestFollow_faults(t *testing.T) {
	t.Parallel()
	s := serve(t)
	conn := connect(t, s)
	words := newLog[string](t, conn, jetstream.Options{Stream: "words"})
	zero, err := words.Last(t.Context(), "a")
	require.NoError(t, err)
	_, err = words.Append(t.Context(), "a", "text")
	require.NoError(t, err)
	numbers := newLog[int](t, conn, jetstream.Options{Stream: "words"})
	for _, err := range numbers.Follow(t.Context(), "a", zero) {
		require.ErrorContains(t, err, "is not of this type")
	}

	long := strings.Repeat("x", 1025)
	_, err = words.Append(t.Context(), long, "")
	require.ErrorContains(t, err, "1024 bytes")
	_, err = words.Last(t.Context(), long)
	require.ErrorContains(t, err, "1024 bytes")
	for _, err := range words.Follow(t.Context(), long, "") {
		require.ErrorContains(t, err, "1024 bytes")
	}
	_, err = words.Append(t.Context(), "a", strings.Repeat("x", 2<<20))
	require.ErrorContains(t, err, "maximum payload")

	conn.Conn().Close()
	_, err = words.Append(t.Context(), "a", "late")
	require.Error(t, err)
	_, err = words.Last(t.Context(), "a")
	require.Error(t, err)
	for _, err := range words.Follow(t.Context(), "a", zero) {
		require.Error(t, err)
	}
}

// TestFollow_consumers has somebody delete the consumers of readers that catch up.
func TestFollow_consumers(t *testing.T) {
	t.Parallel()
	const all, readers, most = 1500, 8, 20
	conn := connect(t, serve(t))
	l := newLog[int](t, conn, jetstream.Options{Stream: "consumers", Keep: all})
	zero, err := l.Last(t.Context(), "a")
	require.NoError(t, err)
	fill(t, l, "a", 0, all)
	s, err := conn.Stream(t.Context(), "consumers")
	require.NoError(t, err)
	ended := make(chan struct{})
	var deleted atomic.Int64
	var deleting sync.WaitGroup
	deleting.Go(func() {
		for deleted.Load() < most {
			select {
			case <-ended:
				return
			case <-time.After(time.Millisecond):
			}
			for name := range s.ConsumerNames(t.Context()).Name() {
				if s.DeleteConsumer(t.Context(), name) == nil {
					deleted.Add(1)
				}
			}
		}
	})
	for deleted.Load() == 0 && !t.Failed() { // A consumer is there for a moment, and may be missed.
		var reading sync.WaitGroup
		for range readers {
			reading.Go(func() {
				got, err := follow(t, l, "a", zero, all-1)
				assert.Equal(t, all, len(got), err) //nolint:testifylint // the numbers are many
				assert.True(t, slices.IsSorted(got))
			})
		}
		reading.Wait()
	}
	close(ended)
	deleting.Wait()
}

// TestFollow_idle has many readers of a topic ask for news together.
func TestFollow_idle(t *testing.T) {
	t.Parallel()
	const readers = 200
	conn := connect(t, serve(t))
	l := newLog[int](t, conn, jetstream.Options{Stream: "idle"})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var reading sync.WaitGroup
	var began atomic.Int64
	for range readers {
		reading.Go(func() {
			isFirst := true
			for range l.Follow(ctx, "a", "") {
				if isFirst {
					began.Add(1)
				}
				isFirst = false
			}
		})
	}
	for n := 0; began.Load() < readers; n++ {
		fill(t, l, "a", n, 1)
		time.Sleep(10 * time.Millisecond)
	}
	// Some may still catch up, and are idle then.
	assert.Eventually(t, func() bool {
		before := conn.Conn().Stats().OutMsgs
		time.Sleep(5 * time.Second)
		return conn.Conn().Stats().OutMsgs-before < 20
	}, kittest.Patience, time.Millisecond)
	cancel()
	reading.Wait()
	assertSubscriptions(t, conn, 1) // that of the requests
}
