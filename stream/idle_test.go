package stream_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/stream"
)

const (
	idleStreams = 5000
	idleBudget  = 28 << 10
	idleServer  = "TENON_IDLE_SERVER"
)

// TestSSE_idleMemory counts heap and stacks of a server with idle streams. The
// server is a process of its own, so that nothing of the client is counted.
func TestSSE_idleMemory(t *testing.T) {
	if os.Getenv(idleServer) != "" {
		serveIdle(t)
		return
	}
	kittest.Measures(t)
	for _, path := range []string{"/idle", "/after-events", "/typed"} {
		t.Run(path, func(t *testing.T) { measureIdle(t, path) })
	}
}

func measureIdle(t *testing.T, path string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestSSE_idleMemory$", "-test.count=1", "-test.timeout=60s")
	command.Env = append(os.Environ(), idleServer+"=1")
	command.Stderr = os.Stderr
	stdin, err := command.StdinPipe()
	require.NoError(t, err)
	stdout, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	t.Cleanup(func() { _ = command.Wait() })
	t.Cleanup(func() { _ = stdin.Close() })
	lines := bufio.NewScanner(stdout)
	require.True(t, lines.Scan())
	address := lines.Text()
	inUse := func() (heap, stack int) {
		_, err := io.WriteString(stdin, "\n")
		require.NoError(t, err)
		require.True(t, lines.Scan())
		_, err = fmt.Sscan(lines.Text(), &heap, &stack)
		require.NoError(t, err)
		return heap, stack
	}

	heapBefore, stackBefore := inUse()
	conns := make([]net.Conn, idleStreams)
	for i := range conns {
		conns[i] = openStream(t, address, path)
		defer conns[i].Close()
	}
	for _, conn := range conns {
		awaitIdle(t, conn, path)
	}
	heap, stack := inUse()
	heap, stack = (heap-heapBefore)/idleStreams, (stack-stackBefore)/idleStreams
	t.Logf("heap %d + stack %d = %d bytes per stream", heap, stack, heap+stack)
	assert.Less(t, heap+stack, idleBudget)
	assert.Greater(t, heap+stack, 10<<10, "net/http alone needs more")
}

// openStream asks for a stream.
func openStream(t *testing.T, address, path string) net.Conn {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	_, err = io.WriteString(conn, "GET "+path+" HTTP/1.1\r\nHost: a\r\nUser-Agent: test\r\nAccept: text/event-stream\r\n\r\n")
	require.NoError(t, err)
	return conn
}

// awaitIdle reads what is sent before the stream is idle.
func awaitIdle(t *testing.T, conn net.Conn, path string) {
	t.Helper()
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(kittest.Patience)))
	var seen strings.Builder
	buf := make([]byte, 1024)
	for !strings.Contains(seen.String(), "\n:\n\n") || path == "/after-events" && !strings.Contains(seen.String(), "data: 3") {
		n, err := conn.Read(buf)
		require.NoError(t, err, seen.String())
		seen.Write(buf[:n])
	}
}

// serveIdle prints its address, and for each line on its input the bytes of
// heap and stacks in use.
func serveIdle(t *testing.T) {
	t.Helper()
	events := make(chan int)
	mux := http.NewServeMux()
	mux.HandleFunc("/idle", func(w http.ResponseWriter, r *http.Request) {
		stream.SSE[int]{Seq: stream.Chan(r.Context(), events)}.ServeHTTP(w, r)
	})
	mux.HandleFunc("/after-events", func(w http.ResponseWriter, r *http.Request) {
		stream.SSE[int]{Seq: func(yield func(int, error) bool) {
			for i := range 4 {
				// The last ones are written by the goroutine of the handler.
				time.Sleep(time.Duration(i) * time.Millisecond)
				if !yield(i, nil) {
					return
				}
			}
			<-r.Context().Done()
		}}.ServeHTTP(w, r)
	})
	mux.Handle("/typed", tenon.Handle(func(ctx context.Context, _ tenon.None) (stream.SSE[int], error) {
		return stream.SSE[int]{Seq: stream.Chan(ctx, events)}, nil
	}))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := &http.Server{Handler: mux, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	fmt.Println(listener.Addr())
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		// Each collection halves a stack of which less than a quarter is used.
		for range 4 {
			runtime.GC()
		}
		var stats runtime.MemStats
		runtime.ReadMemStats(&stats)
		fmt.Println(stats.HeapAlloc, stats.StackInuse)
	}
	_ = server.Close()
}
