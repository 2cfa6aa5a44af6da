package jetstream_test

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	js "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/jetstream"
	"github.com/tenonkit/tenon/jetstream/embedded"
)

// fill appends numbers from first on, and returns their ids.
func fill(t *testing.T, l feed.Log[int], topic string, first, n int) (ids []string) {
	t.Helper()
	for i := range n {
		id, err := l.Append(t.Context(), topic, first+i)
		require.NoError(t, err)
		ids = append(ids, id)
	}
	return ids
}

// follow returns what comes after that id until the last one is there, and the error
// that ends it.
func follow(t *testing.T, l feed.Log[int], topic, after string, last int) (got []int, err error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), kittest.Patience)
	defer cancel()
	for e, err := range l.Follow(ctx, topic, after) {
		if err != nil {
			return got, err
		}
		if got = append(got, e.Value); e.Value == last {
			return got, nil
		}
	}
	return got, ctx.Err()
}

// TestNewLog_keep has another process change how much is kept. What is gone is told, by
// the log of either process, though the stream could keep it now. Another topic has the
// oldest entry of all.
func TestNewLog_keep(t *testing.T) {
	t.Parallel()
	for name, keeps := range map[string][2]int{"more": {4, 100}, "fewer": {100, 4}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := connect(t, serve(t))
			old := newLog[int](t, conn, jetstream.Options{Stream: "keep", Keep: keeps[0]})
			fill(t, old, "quiet", 0, 1)
			ids := fill(t, old, "a", 0, 10)
			l := newLog[int](t, conn, jetstream.Options{Stream: "keep", Keep: keeps[1]})
			for _, l := range []feed.Log[int]{old, l} {
				_, err := follow(t, l, "a", ids[2], 9)
				require.ErrorIs(t, err, feed.ErrReset)
				got, err := follow(t, l, "a", ids[5], 9)
				require.NoError(t, err)
				assert.Equal(t, []int{6, 7, 8, 9}, got)
			}
			more := fill(t, l, "a", 10, 3)
			got, err := follow(t, l, "a", more[0], 12)
			require.NoError(t, err)
			assert.Equal(t, []int{11, 12}, got)
			_, err = follow(t, l, "a", ids[2], 12)
			require.ErrorIs(t, err, feed.ErrReset)
		})
	}
}

// TestNewLog_taken has somebody take entries out of the stream, which the stream refuses,
// also one that was made without that.
func TestNewLog_taken(t *testing.T) {
	t.Parallel()
	conn := connect(t, serve(t))
	_, err := conn.CreateStream(t.Context(), js.StreamConfig{Name: "taken", Subjects: []string{"taken.entry.*"}})
	require.NoError(t, err)
	l := newLog[int](t, conn, jetstream.Options{Stream: "taken"})
	zero, err := l.Last(t.Context(), "a")
	require.NoError(t, err)
	fill(t, l, "a", 0, 5)
	s, err := conn.Stream(t.Context(), "taken")
	require.NoError(t, err)
	require.Error(t, s.Purge(t.Context()))
	require.Error(t, s.Purge(t.Context(), js.WithPurgeSubject("taken.entry.a"), js.WithPurgeKeep(1)))
	require.Error(t, s.DeleteMsg(t.Context(), 3))
	got, err := follow(t, l, "a", zero, 4)
	require.NoError(t, err)
	assert.Equal(t, []int{0, 1, 2, 3, 4}, got)
}

// TestAppend_anew returns ids of the stream that there is, also where another one had the
// name before.
func TestAppend_anew(t *testing.T) {
	t.Parallel()
	conn := connect(t, serve(t))
	o := jetstream.Options{Stream: "again"}
	l := newLog[int](t, conn, o)
	fill(t, l, "a", 0, 5)
	require.NoError(t, conn.DeleteStream(t.Context(), "again"))
	newLog[int](t, conn, o)
	ids := fill(t, l, "a", 0, 3)
	got, err := follow(t, l, "a", ids[0], 2)
	require.NoError(t, err)
	assert.Equal(t, []int{1, 2}, got)
}

// TestFollow_lostEnd has a server lose its newest entries, as one does that is restored
// from a copy: readers that had them are told, and miss nothing of what takes their place.
func TestFollow_lostEnd(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "files")
	s, o, conn := startAgain(t, dir)
	stream, err := js.New(conn)
	require.NoError(t, err)
	l := newLog[int](t, stream, jetstream.Options{Stream: "lost"})
	early := fill(t, l, "a", 0, 3)
	s.Close()
	backup := filepath.Join(t.TempDir(), "copy")
	require.NoError(t, os.CopyFS(backup, os.DirFS(dir)))
	s, err = embedded.Start(dir, o)
	require.NoError(t, err)
	late := fill(t, l, "a", 3, 7)
	ended := make(chan error, 1)
	go func() {
		_, err := follow(t, l, "a", late[6], -1)
		ended <- err
	}()
	got, err := follow(t, l, "a", early[0], 9)
	require.NoError(t, err)
	assert.Len(t, got, 9)
	s.Close()
	s, err = embedded.Start(backup, o)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	require.ErrorIs(t, <-ended, feed.ErrReset)
	_, err = follow(t, l, "a", late[6], -1)
	require.ErrorIs(t, err, feed.ErrReset)
	got, err = follow(t, l, "a", early[0], 2)
	require.NoError(t, err)
	assert.Equal(t, []int{1, 2}, got)
}
