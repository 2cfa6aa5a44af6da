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
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
)

const (
	idleConnections = 10_000
	// idleServer names, in the environment of a child process, who serves there.
	idleServer = "TENON_IDLE_SERVER"
)

// idle is what a server holds while nobody asks for anything.
type idle struct {
	Goroutines int
	// Memory is the live heap and the stacks, in bytes.
	Memory uint64
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
		jsonByHand(w, http.StatusOK, "application/json", idle{runtime.NumGoroutine(), m.HeapAlloc + m.StackInuse})
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

// TestIdle holds that a connection that waits for its next request costs what it
// costs with net/http alone, after tenon has served one on it.
func TestIdle(t *testing.T) {
	if testing.Short() {
		t.Skip("opens 10,000 connections")
	}
	var files syscall.Rlimit
	require.NoError(t, syscall.Getrlimit(syscall.RLIMIT_NOFILE, &files))
	if files.Cur < idleConnections+500 {
		t.Skipf("a process may open %d files", files.Cur)
	}
	by := map[string]idle{}
	for _, name := range []string{"hand", "tenon"} {
		by[name] = idleWith(t, name)
		t.Logf("%s: %+v", name, by[name])
	}
	assert.Equal(t, by["hand"].Goroutines, by["tenon"].Goroutines)
	assert.InEpsilon(t, by["hand"].Memory, by["tenon"].Memory, 0.02)
}

// idleWith opens the connections to a server in a child process, has one request
// answered on each, and asks what the server holds then.
func idleWith(t *testing.T, name string) idle {
	t.Helper()
	child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestIdle_server$")
	child.Env = append(os.Environ(), idleServer+"="+name)
	stdin, err := child.StdinPipe()
	require.NoError(t, err)
	stdout, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	defer func() {
		_ = stdin.Close()
		_ = child.Wait()
	}()
	addr, err := bufio.NewReader(stdout).ReadString('\n')
	require.NoError(t, err)
	addr = addr[:len(addr)-1]

	conns := make([]net.Conn, idleConnections)
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
				conn, err := keepAlive(addr)
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
		require.NoError(t, err)
	}
	response, err := http.Get("http://" + addr + "/idle")
	require.NoError(t, err)
	defer response.Body.Close()
	var held idle
	require.NoError(t, json.NewDecoder(response.Body).Decode(&held))
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
