//go:build unix

package benchmarks_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
)

// idleServer names, in the environment of a child process, who serves there.
const idleServer = "TENON_IDLE_SERVER"

// idleSpare are the descriptors that a process needs beside those of connections.
const idleSpare = 500

// idle is what a server holds while nobody asks for anything.
type idle struct {
	Goroutines float64
	// Memory is the live heap and the stacks, in bytes.
	Memory float64
}

// TestIdle_server is no test of its own: TestIdle runs it in a child process, so
// that the connections of the client do not count.
func TestIdle_server(t *testing.T) {
	handlers := map[string]http.Handler{"tenon": tenon.Handle(sixTyped), "hand": http.HandlerFunc(sixByHand)}
	h, ok := handlers[os.Getenv(idleServer)]
	if !ok {
		t.Skip("runs in a child process of TestIdle")
	}
	mux := http.NewServeMux()
	mux.Handle("GET /articles/{id}", h)
	mux.HandleFunc("GET /idle", func(w http.ResponseWriter, _ *http.Request) {
		debug.FreeOSMemory() // twice through the collector: pools are empty then
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		jsonByHand(w, http.StatusOK, "application/json", idle{float64(runtime.NumGoroutine()), float64(m.HeapAlloc + m.StackInuse)})
	})
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	// One address has fewer ports for its clients than the most connections.
	for range idleAddresses {
		listener, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		fmt.Println(listener.Addr())
		go func() { _ = server.Serve(listener) }()
	}
	_, _ = io.Copy(io.Discard, os.Stdin) // until the parent ends
	_ = server.Close()
}

const idleAddresses = 2

// TestIdle holds that a connection that waits for its next request costs what it
// costs with net/http alone, after tenon has served one on it.
func TestIdle(t *testing.T) {
	if testing.Short() {
		t.Skip("opens many connections")
	}
	kittest.Measures(t)
	connections := kittest.Rounds(10_000)
	if !mayOpen(t, connections) {
		t.Skip("a process may not open so many files")
	}
	const limit = 0.02
	more := kittest.Least(limit, func() float64 {
		hand, tenon := idleOf(t, "hand", connections), idleOf(t, "tenon", connections)
		t.Logf("a connection by hand: %+v; with tenon: %+v", hand, tenon)
		assert.InDelta(t, hand.Goroutines, tenon.Goroutines, 0.1)
		return tenon.Memory/hand.Memory - 1
	})
	assert.LessOrEqual(t, more, limit)
}

// BenchmarkIdle reports the memory of a connection that waits, among 1,000 of them,
// 10,000, and 30,000 where a process may open as many files.
func BenchmarkIdle(b *testing.B) {
	for _, n := range []int{1_000, 10_000, 30_000} {
		if !mayOpen(b, n) {
			b.Logf("a process may not open %d files", n+idleSpare)
			continue
		}
		for _, name := range []string{"tenon", "hand"} {
			b.Run(fmt.Sprintf("connections=%d/by=%s", n, name), func(b *testing.B) {
				var one idle
				for b.Loop() {
					one = idleOf(b, name, n)
				}
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(one.Memory, "B/connection")
				b.ReportMetric(one.Goroutines, "goroutines/connection")
			})
		}
	}
}

func mayOpen(tb testing.TB, connections int) bool {
	tb.Helper()
	var files syscall.Rlimit
	require.NoError(tb, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files))
	return files.Cur >= uint64(connections+idleSpare)
}

// idleOf opens the connections to a server in a child process, has one request
// answered on each, and returns what the server holds for one of them.
func idleOf(tb testing.TB, name string, connections int) idle {
	tb.Helper()
	child := exec.CommandContext(tb.Context(), os.Args[0], "-test.run=^TestIdle_server$")
	child.Env = append(os.Environ(), idleServer+"="+name)
	stdin, err := child.StdinPipe()
	require.NoError(tb, err)
	stdout, err := child.StdoutPipe()
	require.NoError(tb, err)
	require.NoError(tb, child.Start())
	defer func() {
		_ = stdin.Close()
		_ = child.Wait()
	}()
	var addresses [idleAddresses]string
	lines := bufio.NewReader(stdout)
	for i := range addresses {
		line, err := lines.ReadString('\n')
		require.NoError(tb, err)
		addresses[i] = strings.TrimSpace(line)
	}
	before := idleAt(tb, addresses[0])
	conns := make([]net.Conn, connections)
	defer func() {
		for _, conn := range conns {
			if conn != nil {
				_ = conn.Close()
			}
		}
	}()
	errs := make(chan error, 32)
	var dialing sync.WaitGroup
	for first := range cap(errs) {
		dialing.Go(func() {
			for i := first; i < len(conns); i += cap(errs) {
				conn, err := keepAlive(addresses[i/cap(errs)%idleAddresses])
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
		require.NoError(tb, err)
	}
	after := idleAt(tb, addresses[0])
	n := float64(connections)
	return idle{Goroutines: (after.Goroutines - before.Goroutines) / n, Memory: (after.Memory - before.Memory) / n}
}

// idleAt asks what the server holds, over a connection that is kept.
func idleAt(tb testing.TB, addr string) idle {
	tb.Helper()
	response, err := http.Get("http://" + addr + "/idle")
	require.NoError(tb, err)
	defer response.Body.Close()
	var held idle
	require.NoError(tb, json.NewDecoder(response.Body).Decode(&held))
	_, err = io.Copy(io.Discard, response.Body)
	require.NoError(tb, err)
	return held
}

// keepAlive returns a connection on which a request has been answered.
func keepAlive(addr string) (net.Conn, error) {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return nil, err
	}
	_, err = io.WriteString(conn, "GET /articles/42?limit=10&tag=wood&full=true HTTP/1.1\r\nHost: a\r\nX-Token: d0c5f3\r\nCookie: session=31d4\r\n\r\n")
	if err != nil {
		return conn, err
	}
	response, err := http.ReadResponse(bufio.NewReaderSize(conn, 512), nil)
	if err != nil {
		return conn, err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d", response.StatusCode)
	}
	return conn, err
}
