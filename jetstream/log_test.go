package jetstream_test

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	js "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/internal/conformance/feedtest"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/jetstream"
	"github.com/tenonkit/tenon/jetstream/embedded"
)

// serve returns a server that ends with the test.
func serve(t *testing.T) *embedded.Server {
	t.Helper()
	s, err := embedded.Start(t.TempDir(), embedded.Options{})
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

// connect returns a connection to s that ends with the test.
func connect(t *testing.T, s *embedded.Server) js.JetStream {
	t.Helper()
	conn, err := s.Connect(nats.MaxReconnects(-1))
	require.NoError(t, err)
	t.Cleanup(conn.Close)
	stream, err := js.New(conn)
	require.NoError(t, err)
	return stream
}

func TestNewLog_conformance(t *testing.T) {
	t.Parallel()
	s := serve(t)
	conn := connect(t, s)
	feedtest.Log(t, func(t *testing.T, keep int) feed.Log[feedtest.Value] {
		t.Helper()
		name := "log-" + nats.NewInbox()[len("_INBOX."):]
		l, err := jetstream.NewLog[feedtest.Value](t.Context(), conn, jetstream.Options{Stream: name, Keep: keep})
		require.NoError(t, err)
		return l
	})
}

func TestNewLog_options(t *testing.T) {
	t.Parallel()
	conn := connect(t, serve(t))
	_, err := jetstream.NewLog[int](t.Context(), conn, jetstream.Options{Stream: "a.b", Keep: -1, MaxAge: time.Second, Replicas: -1})
	for _, name := range []string{"Stream", "Keep", "MaxAge", "Replicas"} {
		require.ErrorContains(t, err, "Options."+name)
	}
	_, err = jetstream.NewLog[int](t.Context(), conn, jetstream.Options{})
	require.ErrorContains(t, err, "Options.Stream")
	_, err = jetstream.NewLog[int](t.Context(), conn, jetstream.Options{Stream: "three", Replicas: 3})
	require.Error(t, err, "there is one server")
}

// TestNewLog_topics has each byte in a topic, and the longest ones. Readers that wait
// and readers that come later get its entry, and no other.
func TestNewLog_topics(t *testing.T) {
	t.Parallel()
	conn := connect(t, serve(t))
	l := newLog[int](t, conn, jetstream.Options{Stream: "topics"})
	topics := []string{"", "YQ", "=YQ", "=", "entry", "live", "a.b", "topics.entry.a", strings.Repeat("x", 1024), strings.Repeat("\xff", 1024)}
	for c := range 256 {
		topics = append(topics, string([]byte{'a', byte(c), 'b'}))
	}
	slices.Sort(topics)
	topics = slices.Compact(topics)
	zeros := make([]string, len(topics))
	var waiting sync.WaitGroup
	for n, topic := range topics {
		var err error
		zeros[n], err = l.Last(t.Context(), topic)
		require.NoError(t, err)
		if n%8 == 0 {
			waiting.Go(func() {
				got, err := follow(t, l, topic, zeros[n], n)
				assert.Equal(t, []int{n}, got, "%q: %v", topic, err)
			})
		}
	}
	for n, topic := range topics {
		fill(t, l, topic, n, 1)
	}
	for n, topic := range topics {
		got, err := follow(t, l, topic, zeros[n], n)
		require.NoError(t, err)
		assert.Equal(t, []int{n}, got, "%q", topic)
	}
	waiting.Wait()
}

// TestNewLog_anew has a reader and an old id of a stream that was deleted and made
// again.
func TestNewLog_anew(t *testing.T) {
	t.Parallel()
	conn := connect(t, serve(t))
	o := jetstream.Options{Stream: "anew"}
	old, err := jetstream.NewLog[int](t.Context(), conn, o)
	require.NoError(t, err)
	id, err := old.Append(t.Context(), "a", 1)
	require.NoError(t, err)
	ended := make(chan error)
	go func() {
		for _, err := range old.Follow(t.Context(), "a", id) {
			ended <- err
			return
		}
	}()
	require.NoError(t, conn.DeleteStream(t.Context(), "anew"))
	_, err = old.Append(t.Context(), "a", 2)
	require.ErrorIs(t, err, js.ErrStreamNotFound)
	l, err := jetstream.NewLog[int](t.Context(), conn, o)
	require.NoError(t, err)
	again, err := l.Append(t.Context(), "a", 3)
	require.NoError(t, err)
	assert.NotEqual(t, id, again)
	for _, err := range l.Follow(t.Context(), "a", id) {
		require.ErrorIs(t, err, feed.ErrReset)
	}
	err = kittest.Await(t, ended, "the reader waits for a stream that is no more")
	assert.Error(t, err) // of the one kind or the other
}

// TestNewLog_restart follows and appends over the end of a server, and its start with
// the same files.
func TestNewLog_restart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	s, o, conn := startAgain(t, dir)
	stream, err := js.New(conn)
	require.NoError(t, err)
	l, err := jetstream.NewLog[int](t.Context(), stream, jetstream.Options{Stream: "restart"})
	require.NoError(t, err)
	zero, err := l.Last(t.Context(), "a")
	require.NoError(t, err)
	const all = 100
	half := make(chan struct{})
	appended := make(chan error, 1)
	go func() {
		defer close(appended)
		for n := range all {
			if n == all/2 {
				close(half)
			}
			if _, err := l.Append(t.Context(), "a", n); err != nil {
				appended <- err
				return
			}
		}
	}()
	go func() {
		<-half
		s.Close()
		again, err := embedded.Start(dir, o)
		if assert.NoError(t, err) {
			t.Cleanup(again.Close)
		}
	}()
	want := 0
	for e, err := range l.Follow(t.Context(), "a", zero) {
		require.NoError(t, err)
		require.Equal(t, want, e.Value)
		if want++; want == all {
			break
		}
	}
	require.NoError(t, <-appended)
}

// startAgain starts a server with its files in dir, and connects to it. It is started
// again at the same address with the options o.
func startAgain(t *testing.T, dir string) (s *embedded.Server, o embedded.Options, conn *nats.Conn) {
	t.Helper()
	o = embedded.Options{Port: portOf("nats://" + kittest.FreeAddress(t))}
	s, err := embedded.Start(dir, o)
	require.NoError(t, err)
	conn, err = nats.Connect(s.URL(), nats.MaxReconnects(-1), nats.ReconnectWait(50*time.Millisecond))
	require.NoError(t, err)
	t.Cleanup(conn.Close)
	return s, o, conn
}

func portOf(address string) int {
	u, err := url.Parse(address)
	if err != nil {
		return -1
	}
	port, _ := strconv.Atoi(u.Port())
	return port
}
