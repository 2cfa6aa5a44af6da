package benchmarks_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/feed"
)

// narrowFirst gives the first connection it accepts a small buffer, so that a client
// that reads nothing stalls its writer soon.
type narrowFirst struct {
	net.Listener

	once *sync.Once
}

func (l narrowFirst) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	if tcp, ok := conn.(*net.TCPConn); ok {
		l.once.Do(func() { _ = tcp.SetWriteBuffer(4 << 10) })
	}
	return conn, err
}

// BenchmarkFeed_stalled measures how long an event is on its way from Append to the
// clients that read, with and without one that has stalled: the median and the
// 99th percentile. The two take turns, and the order changes from pair to pair. The
// ratio is the median over the pairs, because a slow moment of the machine is most of
// what the worst ones show.
func BenchmarkFeed_stalled(b *testing.B) {
	const pairs, clients = 9, 50
	var median, p99 [2][]float64 // without and with
	var ratios []float64
	for b.Loop() {
		for pair := range pairs {
			for turn := range 2 {
				with := (pair + turn) % 2
				took := deliver(b, clients, with == 1)
				slices.Sort(took)
				median[with] = append(median[with], float64(took[len(took)/2].Nanoseconds())/1000)
				p99[with] = append(p99[with], float64(took[len(took)*99/100].Nanoseconds())/1000)
			}
			ratios = append(ratios, p99[1][len(p99[1])-1]/p99[0][len(p99[0])-1])
			b.Logf("p99 %.0f us without, %.0f us with", p99[0][len(p99[0])-1], p99[1][len(p99[1])-1])
		}
	}
	for with, who := range []string{"none", "one"} {
		b.ReportMetric(middle(median[with]), "us-median-stalled="+who)
		b.ReportMetric(middle(p99[with]), "us-p99-stalled="+who)
	}
	b.ReportMetric(middle(ratios), "p99-ratio")
	b.ReportMetric(0, "ns/op")
}

func middle(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/2]
}

// deliver publishes events at a steady pace, and returns how long each took to each
// client that reads. A client that does not read has to be told to reset in the
// end, or it has not stalled.
func deliver(b *testing.B, clients int, stalled bool) []time.Duration {
	b.Helper()
	const events, keep = 300, 100
	log := feed.NewMemory[string](feed.Options{Keep: keep})
	server := httptest.NewUnstartedServer(feed.SSE[string]{Log: log})
	if stalled {
		server.Listener = narrowFirst{server.Listener, new(sync.Once)}
	}
	server.Start()
	defer server.Close()
	defer server.CloseClientConnections()
	dial := func() net.Conn {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		require.NoError(b, err)
		_, err = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: a\r\n\r\n")
		require.NoError(b, err)
		return conn
	}
	var idle net.Conn
	if stalled {
		idle = dial()
		require.NoError(b, idle.(*net.TCPConn).SetReadBuffer(4<<10))
		defer idle.Close()
	}
	var reading, began sync.WaitGroup
	began.Add(clients)
	took := make([][]time.Duration, clients)
	for i := range took {
		conn := dial()
		defer conn.Close()
		reading.Go(func() { took[i] = latencies(conn, events, began.Done) })
	}
	began.Wait()
	pad := strings.Repeat("x", 4<<10)
	for range events {
		_, err := log.Append(context.Background(), "", time.Now().Format(stampLayout)+pad)
		require.NoError(b, err)
		time.Sleep(time.Millisecond)
	}
	reading.Wait()
	if stalled {
		requireReset(b, idle)
	}
	return slices.Concat(took...)
}

// latencies reads as many events and returns how old each was.
func latencies(conn net.Conn, events int, began func()) []time.Duration {
	var took []time.Duration
	var seen []byte
	buf := make([]byte, 16<<10)
	for started := false; len(took) < events; {
		n, err := conn.Read(buf)
		if err != nil {
			return took
		}
		now := time.Now()
		if seen = append(seen, buf[:n]...); bytes.Contains(seen, []byte("event: reset\n")) {
			return took // the machine has stood still
		}
		if !started && bytes.Contains(seen, []byte("\nid: ")) {
			started = true
			began()
		}
		for {
			_, rest, found := bytes.Cut(seen, []byte(`data: "`))
			end := bytes.IndexByte(rest, '\n')
			if !found || end < 0 {
				break
			}
			sent, err := time.ParseInLocation(stampLayout, string(rest[:len(stampLayout)]), time.Local)
			if err != nil {
				return took
			}
			took = append(took, now.Sub(sent.AddDate(now.Year(), int(now.Month())-1, now.Day()-1)))
			seen = rest[end:]
		}
	}
	return took
}

func requireReset(b *testing.B, conn net.Conn) {
	b.Helper()
	require.NoError(b, conn.SetReadDeadline(time.Now().Add(10*time.Second)))
	var seen []byte
	buf := make([]byte, 64<<10)
	for !bytes.Contains(seen, []byte("event: reset\n")) {
		n, err := conn.Read(buf)
		require.NoError(b, err, "%d bytes, and no reset", len(seen))
		seen = append(seen, buf[:n]...)
	}
}
