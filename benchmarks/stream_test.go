package benchmarks_test

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/tenonkit/tenon/stream"
)

// countedListener counts the write calls of the connections it accepts.
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

// streamServer serves h on the loopback interface.
func streamServer(b *testing.B, h http.Handler) (*httptest.Server, *countedListener) {
	b.Helper()
	server := httptest.NewUnstartedServer(h)
	listener := &countedListener{Listener: server.Listener}
	server.Listener = listener
	server.Start()
	b.Cleanup(server.Close)
	return server, listener
}

// streamWays are handlers of the same items by package stream and by hand,
// which writes and flushes each item.
func streamWays[T any](items func() iter.Seq[T], tenon func(iter.Seq2[T, error]) http.Handler, write func(w io.Writer, v T) error) map[string]http.Handler {
	return map[string]http.Handler{
		"tenon": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			tenon(stream.Values(items())).ServeHTTP(w, r)
		}),
		"hand": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			control := http.NewResponseController(w)
			w.Header().Set("Content-Type", "application/octet-stream")
			for v := range items() {
				if write(w, v) != nil || control.Flush() != nil || r.Context().Err() != nil {
					return
				}
			}
		}),
	}
}

func repeat[T any](n int, v T) func() iter.Seq[T] {
	return func() iter.Seq[T] {
		return func(yield func(T) bool) {
			for range n {
				if !yield(v) {
					return
				}
			}
		}
	}
}

const streamItems = 1_000_000

// BenchmarkStream measures a burst of a million items, from the sequence to a
// client on the loopback interface, next to a handler that flushes each item.
func BenchmarkStream(b *testing.B) {
	chunk := []byte("0123456789abcdef0123456789abcde\n")
	benchmarkBurst(b, "items=bytes", streamWays(repeat(streamItems, chunk),
		func(seq iter.Seq2[[]byte, error]) http.Handler { return stream.Bytes{Seq: seq} },
		func(w io.Writer, v []byte) error { _, err := w.Write(v); return err }))

	type row struct {
		ID   int    `json:"id"`
		Name string `json:"name"`
		Done bool   `json:"done"`
	}
	benchmarkBurst(b, "items=ndjson", streamWays(repeat(streamItems, row{42, "Mortise and tenon", true}),
		func(seq iter.Seq2[row, error]) http.Handler { return stream.NDJSON[row]{Seq: seq} },
		func(w io.Writer, v row) error { return json.NewEncoder(w).Encode(v) }))
	benchmarkBurst(b, "items=events", streamWays(repeat(streamItems, stream.Event{ID: "42", Data: "Mortise and tenon"}),
		func(seq iter.Seq2[stream.Event, error]) http.Handler { return stream.SSE[stream.Event]{Seq: seq} },
		func(w io.Writer, v stream.Event) error {
			_, err := fmt.Fprintf(w, "id: %s\ndata: %s\n\n", v.ID, v.Data)
			return err
		}))
}

func benchmarkBurst(b *testing.B, name string, ways map[string]http.Handler) {
	b.Helper()
	for _, by := range []string{"tenon", "hand"} {
		b.Run(name+"/by="+by, func(b *testing.B) {
			server, listener := streamServer(b, ways[by])
			for b.Loop() {
				response, err := http.Get(server.URL)
				if err != nil {
					b.Fatal(err)
				}
				n, err := io.Copy(io.Discard, response.Body)
				_ = response.Body.Close()
				if err != nil || n < streamItems {
					b.Fatal(n, err)
				}
				b.SetBytes(n)
			}
			items := float64(b.N) * streamItems
			b.ReportMetric(items/b.Elapsed().Seconds(), "items/s")
			b.ReportMetric(float64(listener.writes.Load())/items, "writes/item")
		})
	}
}

// BenchmarkStream_latency measures how long an item that comes alone is on its
// way to a client that waits for it: the median.
func BenchmarkStream_latency(b *testing.B) {
	for _, pause := range []time.Duration{200 * time.Microsecond, time.Millisecond, 5 * time.Millisecond} {
		stamps := func() iter.Seq[[]byte] {
			return func(yield func([]byte) bool) {
				for {
					time.Sleep(pause)
					if !yield([]byte(time.Now().Format(stampLayout))) {
						return
					}
				}
			}
		}
		ways := streamWays(stamps, func(seq iter.Seq2[[]byte, error]) http.Handler { return stream.Bytes{Seq: seq} },
			func(w io.Writer, v []byte) error { _, err := w.Write(v); return err })
		for _, by := range []string{"tenon", "hand"} {
			b.Run(fmt.Sprintf("pause=%v/by=%s", pause, by), func(b *testing.B) { benchmarkLatency(b, ways[by]) })
		}
	}
}

const stampLayout = "15:04:05.000000000"

func benchmarkLatency(b *testing.B, h http.Handler) {
	b.Helper()
	server, _ := streamServer(b, h)
	response, err := http.Get(server.URL)
	if err != nil {
		b.Fatal(err)
	}
	defer response.Body.Close()
	stamp := make([]byte, len(stampLayout))
	var took []time.Duration
	for b.Loop() {
		if _, err := io.ReadFull(response.Body, stamp); err != nil {
			b.Fatal(err)
		}
		now := time.Now()
		sent, err := time.ParseInLocation(stampLayout, string(stamp), time.Local)
		if err != nil {
			b.Fatal(err)
		}
		sent = sent.AddDate(now.Year(), int(now.Month())-1, now.Day()-1)
		took = append(took, now.Sub(sent))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1000, "us-median")
	b.ReportMetric(0, "ns/op")
}
