//go:build unix

package benchmarks_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/stream"
)

const (
	// feedConnections is the environment variable with the number of connections,
	// which is small without it.
	feedConnections = "TENON_FEED_CONNECTIONS"
	// feedServer marks the child process that serves them.
	feedServer = "TENON_FEED_SERVER"
)

// news is what the benchmarks publish: about 100 bytes of JSON.
type news struct {
	Number int       `json:"number"`
	Wood   string    `json:"wood"`
	Text   string    `json:"text"`
	At     time.Time `json:"at"`
}

func (news) EventType() string { return "news" }

func newsAbout(n int) news {
	return news{n, "oak", "A board is planed, and the next one waits.", time.Unix(1_700_000_000, 0).UTC()}
}

// feedUsage is what a server has used so far.
type feedUsage struct {
	Goroutines int
	Heap       int           // live, in bytes
	Stack      int           // in bytes
	CPU        time.Duration // of the process
	Append     time.Duration // of the last publication
}

func usage(collect bool) feedUsage {
	if collect {
		for range 4 { // Each collection halves a stack of which less than a quarter is used.
			debug.FreeOSMemory()
		}
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	var r syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	cpu := time.Duration(r.Utime.Nano() + r.Stime.Nano())
	return feedUsage{runtime.NumGoroutine(), int(m.HeapAlloc), int(m.StackInuse), cpu, 0}
}

// TestFeed_server is no test of its own: it is the child process of the others, so
// that the connections of the clients do not count.
func TestFeed_server(t *testing.T) {
	if os.Getenv(feedServer) == "" {
		t.Skip("runs in a child process of TestFeed_idle and BenchmarkFeed")
	}
	log := feed.NewMemory[news](feed.Options{Keep: 4096})
	quiet := make(chan *stream.Event)
	zero, err := log.Last(t.Context(), "0")
	require.NoError(t, err)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /feed/{topic}", func(w http.ResponseWriter, r *http.Request) {
		feed.SSE[news]{Log: log, Topic: r.PathValue("topic")}.ServeHTTP(w, r)
	})
	mux.HandleFunc("GET /feed-after/{topic}", func(w http.ResponseWriter, r *http.Request) {
		feed.SSE[news]{Log: log, Topic: r.PathValue("topic"), After: zero}.ServeHTTP(w, r)
	})
	mux.HandleFunc("GET /stream-silent/{topic}", func(w http.ResponseWriter, r *http.Request) {
		stream.SSE[*stream.Event]{Seq: stream.Chan(r.Context(), quiet)}.ServeHTTP(w, r)
	})
	mux.HandleFunc("GET /stream-begun/{topic}", func(w http.ResponseWriter, r *http.Request) {
		stream.SSE[*stream.Event]{Seq: begun(r.Context(), quiet)}.ServeHTTP(w, r)
	})
	mux.HandleFunc("GET /usage", func(w http.ResponseWriter, r *http.Request) {
		jsonByHand(w, http.StatusOK, "application/json", usage(r.URL.Query().Has("collect")))
	})
	mux.HandleFunc("GET /publish", func(w http.ResponseWriter, r *http.Request) {
		query := r.URL.Query()
		number, _ := strconv.Atoi(query.Get("number"))
		topics, _ := strconv.Atoi(query.Get("topics"))
		start := time.Now()
		for n := range number {
			for topic := range topics {
				_, _ = log.Append(r.Context(), strconv.Itoa(topic), newsAbout(n))
			}
		}
		took := usage(false)
		took.Append = time.Since(start)
		jsonByHand(w, http.StatusOK, "application/json", took)
	})
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	fmt.Println(listener.Addr())
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin) // until the parent ends
		_ = server.Close()
	}()
	_ = server.Serve(listener)
}

// begun yields an id, as a stream of a log does, and then what comes from the channel.
func begun(ctx context.Context, events <-chan *stream.Event) iter.Seq2[*stream.Event, error] {
	return func(yield func(*stream.Event, error) bool) {
		if yield(&stream.Event{ID: "0"}, nil) {
			stream.Chan(ctx, events)(yield)
		}
	}
}

// feedClients are connections to a server in a child process.
type feedClients struct {
	tb    testing.TB
	addr  string
	conns []net.Conn
}

// startFeed starts the server in a child process, which ends with the test.
func startFeed(tb testing.TB) *feedClients {
	tb.Helper()
	child := exec.CommandContext(tb.Context(), os.Args[0], "-test.run=^TestFeed_server$")
	child.Env = append(os.Environ(), feedServer+"=1")
	stdin, err := child.StdinPipe()
	require.NoError(tb, err)
	stdout, err := child.StdoutPipe()
	require.NoError(tb, err)
	require.NoError(tb, child.Start())
	tb.Cleanup(func() {
		_ = stdin.Close()
		_ = child.Wait()
	})
	addr, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(tb, err)
	return &feedClients{tb: tb, addr: addr[:len(addr)-1]}
}

// connections returns how many of them to open. Without descriptors for that many
// the test is skipped.
func connections(tb testing.TB, small int) int {
	tb.Helper()
	n := small
	if text := os.Getenv(feedConnections); text != "" {
		var err error
		n, err = strconv.Atoi(text)
		require.NoError(tb, err)
	}
	var files syscall.Rlimit
	require.NoError(tb, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files))
	if files.Cur < uint64(n)+500 {
		tb.Skipf("a process may open %d files", files.Cur)
	}
	return n
}

// open opens n streams, spread over the topics, and returns when each has begun.
func (c *feedClients) open(path string, n, topics int) {
	c.tb.Helper()
	conns := make([]net.Conn, n)
	c.tb.Cleanup(func() {
		for _, conn := range conns {
			if conn != nil {
				_ = conn.Close()
			}
		}
	})
	errs := make(chan error, 32)
	var dialing sync.WaitGroup
	for first := range cap(errs) {
		dialing.Go(func() {
			for i := first; i < n; i += cap(errs) {
				conn, err := openFeed(c.addr, path+"/"+strconv.Itoa(i%topics))
				conns[i] = conn
				if err != nil {
					errs <- err
					return
				}
			}
		})
	}
	dialing.Wait()
	close(errs)
	for err := range errs {
		require.NoError(c.tb, err)
	}
	c.conns = append(c.conns, conns...)
}

// openFeed returns a connection on which a stream has begun.
func openFeed(addr, path string) (net.Conn, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	if _, err = io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: a\r\nAccept: text/event-stream\r\n\r\n"); err != nil {
		return conn, err
	}
	var seen []byte
	buf := make([]byte, 1024)
	for end := []byte(":\n\n"); ; {
		n, err := conn.Read(buf)
		if err != nil {
			return conn, err
		}
		if seen = append(seen, buf[:n]...); bytes.Contains(seen, end) {
			return conn, nil
		}
	}
}

// ask gets what the server has used.
func (c *feedClients) ask(path string, query url.Values) feedUsage {
	c.tb.Helper()
	response, err := http.Get("http://" + c.addr + path + "?" + query.Encode())
	require.NoError(c.tb, err)
	defer response.Body.Close()
	var used feedUsage
	require.NoError(c.tb, json.NewDecoder(response.Body).Decode(&used))
	return used
}

// settled is ask for the memory, once every stream waits.
func (c *feedClients) settled() feedUsage {
	time.Sleep(200 * time.Millisecond) // the grace of a stream is 100 ms
	return c.ask("/usage", url.Values{"collect": {""}})
}

// TestFeed_idle holds that a connection that waits for an event of a log costs at
// most 1 KiB more than one of package stream alone, and no goroutine more: one that
// has sent nothing yet, and one that has sent an id.
func TestFeed_idle(t *testing.T) {
	if testing.Short() {
		t.Skip("opens many connections")
	}
	kittest.Measures(t)
	n := connections(t, 500)
	const limit = 1 << 10
	for _, pair := range [][2]string{{"/stream-silent", "/feed-after"}, {"/stream-begun", "/feed"}} {
		more := kittest.Least(limit, func() int {
			var by [2]feedUsage
			for i, path := range pair {
				t.Run(path, func(t *testing.T) { // whose end closes the connections
					by[i] = idleFeed(t, path, n)
					t.Logf("heap %d + stack %d bytes for each of %d, %d goroutines", by[i].Heap, by[i].Stack, n, by[i].Goroutines)
				})
			}
			// Some may be at a sign of life.
			assert.InDelta(t, by[0].Goroutines, by[1].Goroutines, float64(n)/10)
			return by[1].Heap + by[1].Stack - by[0].Heap - by[0].Stack
		})
		assert.LessOrEqual(t, more, limit, "bytes, %s", pair)
	}
}

// idleFeed returns what n connections cost, the memory for each of them.
func idleFeed(t *testing.T, path string, n int) feedUsage {
	t.Helper()
	c := startFeed(t)
	c.open(path, 10, 10) // so that what is made once does not count
	before := c.settled()
	c.open(path, n, 10)
	after := c.settled()
	return feedUsage{
		Goroutines: after.Goroutines - before.Goroutines,
		Heap:       (after.Heap - before.Heap) / n, Stack: (after.Stack - before.Stack) / n,
	}
}

// BenchmarkFeed measures one publisher to many connections: the time of the server's
// process and the time on the clock for each event that a connection gets, and the
// time of an Append while all of them wait or write.
func BenchmarkFeed(b *testing.B) {
	n := connections(b, 200)
	for _, topics := range []int{1, 10} {
		b.Run(fmt.Sprintf("connections=%d/topics=%d", n, topics), func(b *testing.B) {
			c := startFeed(b)
			c.open("/feed", n, topics)
			var reading sync.WaitGroup
			events := make(chan int, n)
			for _, conn := range c.conns {
				reading.Go(func() { countEvents(conn, events) })
			}
			c.settled()
			before := c.ask("/usage", nil)
			var took time.Duration
			for b.Loop() {
				took += c.ask("/publish", url.Values{"number": {"10"}, "topics": {strconv.Itoa(topics)}}).Append
				for left := 10 * n; left > 0; {
					left -= <-events
				}
			}
			delivered := float64(b.N * 10 * n)
			b.ReportMetric(float64((c.ask("/usage", nil).CPU-before.CPU).Nanoseconds())/delivered, "cpu-ns/event")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/delivered, "ns/event")
			b.ReportMetric(float64(took.Nanoseconds())/float64(b.N*10*topics), "ns/append")
			b.ReportMetric(0, "ns/op")
			for _, conn := range c.conns {
				_ = conn.Close()
			}
			reading.Wait()
		})
	}
}

// countEvents tells how many events have come, until the connection is closed.
func countEvents(conn net.Conn, events chan<- int) {
	buf := make([]byte, 4096)
	for {
		n, err := conn.Read(buf)
		if err != nil {
			return
		}
		if count := bytes.Count(buf[:n], []byte("event: ")); count > 0 {
			events <- count
		}
	}
}

// BenchmarkFeed_append measures publishing where nobody reads, by one goroutine and
// by as many as there are processors.
func BenchmarkFeed_append(b *testing.B) {
	for _, topics := range []int{1, 10} {
		names := make([]string, topics)
		for i := range names {
			names[i] = strconv.Itoa(i)
		}
		b.Run(fmt.Sprintf("topics=%d", topics), func(b *testing.B) {
			log := feed.NewMemory[news](feed.Options{})
			b.ReportAllocs()
			for n := 0; b.Loop(); n++ {
				_, _ = log.Append(context.Background(), names[n%topics], newsAbout(n))
			}
		})
		b.Run(fmt.Sprintf("topics=%d/parallel", topics), func(b *testing.B) {
			log := feed.NewMemory[news](feed.Options{})
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for n := 0; pb.Next(); n++ {
					_, _ = log.Append(context.Background(), names[n%topics], newsAbout(n))
				}
			})
		})
	}
}
