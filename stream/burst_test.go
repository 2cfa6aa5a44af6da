package stream_test

import (
	"io"
	"iter"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/stream"
)

func times[T any](n int, v T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for range n {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// TestBurst_allocs holds that a thousand items more cost no allocation, or one
// each where they are encoded.
func TestBurst_allocs(t *testing.T) {
	kittest.Measures(t)
	const n = 1000
	chunk := []byte("0123456789abcdef0123456789abcdef")
	for _, tc := range []struct {
		name    string
		serve   func(w http.ResponseWriter, r *http.Request, n int)
		perItem float64
	}{
		{"bytes", func(w http.ResponseWriter, r *http.Request, n int) {
			stream.Bytes{Seq: times(n, chunk)}.ServeHTTP(w, r)
		}, 0},
		{"text", func(w http.ResponseWriter, r *http.Request, n int) {
			stream.Text{Seq: times(n, string(chunk))}.ServeHTTP(w, r)
		}, 0},
		{"each item of bytes", func(w http.ResponseWriter, r *http.Request, n int) {
			stream.Bytes{Seq: times(n, chunk), Options: stream.Options{Flush: stream.EachItem}}.ServeHTTP(w, r)
		}, 0},
		{"each item of text", func(w http.ResponseWriter, r *http.Request, n int) {
			stream.Text{Seq: times(n, string(chunk)), Options: stream.Options{Flush: stream.EachItem}}.ServeHTTP(w, r)
		}, 0},
		{"body", func(w http.ResponseWriter, r *http.Request, n int) {
			stream.Body{Reader: io.LimitReader(endless{}, int64(n*len(chunk)))}.ServeHTTP(w, r)
		}, 0},
		{"events", func(w http.ResponseWriter, r *http.Request, n int) {
			stream.SSE[stream.Event]{Seq: times(n, stream.Event{ID: "1", Data: "text"})}.ServeHTTP(w, r)
		}, 0},
		{"ndjson", func(w http.ResponseWriter, r *http.Request, n int) {
			stream.NDJSON[row]{Seq: times(n, rows[0])}.ServeHTTP(w, r)
		}, 1},
		{"sse", func(w http.ResponseWriter, r *http.Request, n int) {
			stream.SSE[row]{Seq: times(n, rows[0])}.ServeHTTP(w, r)
		}, 1},
		{"array", func(w http.ResponseWriter, r *http.Request, n int) {
			stream.Array[row]{Seq: times(n, rows[0])}.ServeHTTP(w, r)
		}, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := newRequest("")
			var w flushSink
			count := func(items int) float64 {
				return testing.AllocsPerRun(20, func() { w.Reset(); tc.serve(&w, r, items) })
			}
			limit := tc.perItem + 0.05 // the flusher starts a few times more or less
			perItem := kittest.Least(limit, func() float64 { return (count(n+10) - count(10)) / n })
			assert.LessOrEqual(t, perItem, limit)
			t.Logf("%v allocations per item", perItem)
		})
	}
}

type flushSink struct{ kittest.Sink }

func (*flushSink) FlushError() error { return nil }

// TestBurst_writes holds that a burst of small items takes at most 1 % of the
// system calls of a flush per item, and that the policy EachItem is one.
func TestBurst_writes(t *testing.T) {
	kittest.Measures(t)
	t.Parallel()
	const n = 100_000
	for name, tc := range map[string]struct {
		policy    stream.Policy
		low, high float64
	}{
		"on demand": {stream.OnDemand, 0.0001, 0.01},
		"each item": {stream.EachItem, 1, 1.01},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := stream.Bytes{Seq: times(n, []byte(strings.Repeat("x", 32))), Options: stream.Options{Flush: tc.policy}}
			server := httptest.NewUnstartedServer(h)
			counted := &countedListener{Listener: server.Listener}
			server.Listener = counted
			server.Start()
			defer server.Close()
			writes := kittest.Least(tc.high, func() float64 {
				before := counted.writes.Load()
				response, err := http.Get(server.URL)
				require.NoError(t, err)
				size, err := io.Copy(io.Discard, response.Body)
				require.NoError(t, err)
				require.NoError(t, response.Body.Close())
				assert.EqualValues(t, 32*n, size)
				return float64(counted.writes.Load()-before) / n
			})
			t.Logf("%v writes per item", writes)
			assert.GreaterOrEqual(t, writes, tc.low)
			assert.LessOrEqual(t, writes, tc.high)
		})
	}
}

type countedListener struct {
	net.Listener

	writes atomic.Int64
}

func (l *countedListener) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	return countedConn{conn, &l.writes}, err
}

type countedConn struct {
	net.Conn

	writes *atomic.Int64
}

func (c countedConn) Write(p []byte) (int, error) {
	c.writes.Add(1)
	return c.Conn.Write(p)
}

// TestBurst_content holds that items of any size arrive whole and in order, on
// one thread as well.
func TestBurst_content(t *testing.T) {
	var want strings.Builder
	sizes := []int{0, 1, 31, 4096, 65535, 65536, 65537, 200_000, 1}
	pieces := make([]string, 0, 40*len(sizes))
	for i := range 40 {
		for _, size := range sizes {
			piece := strings.Repeat(string(rune('a'+i%26)), size)
			pieces = append(pieces, piece)
			want.WriteString(piece)
		}
	}
	check := func(t *testing.T) {
		t.Helper()
		for _, policy := range []stream.Policy{stream.OnDemand, stream.EachItem} {
			h := stream.Text{Seq: of(pieces...), Options: stream.Options{Flush: policy}}
			kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				assert.Equal(t, want.String(), s.Get(t, "/").Text)
			})
		}
	}
	t.Run("all threads", check)
	t.Run("one thread", func(t *testing.T) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
		check(t)
	})
}

// TestBurst_reuse holds that the bytes of an item are the producer's again as
// soon as yield has returned.
func TestBurst_reuse(t *testing.T) {
	t.Parallel()
	const n = 20_000
	h := stream.Bytes{Seq: func(yield func([]byte, error) bool) {
		buf := make([]byte, 8)
		for i := range n {
			for j := range buf {
				buf[j] = byte('a' + i%26)
			}
			if !yield(buf, nil) {
				return
			}
			clear(buf)
		}
	}}
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		var want strings.Builder
		for i := range n {
			want.WriteString(strings.Repeat(string(rune('a'+i%26)), 8))
		}
		assert.Equal(t, want.String(), s.Get(t, "/").Text)
	})
}
