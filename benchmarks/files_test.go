//go:build unix

package benchmarks_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/internal/kittest"
)

// fileSizes are the files of the benchmarks, by their names.
var fileSizes = []struct {
	name string
	size int
}{
	{"2KB.txt", 2 << 10},
	{"10KB.txt", 10 << 10},
	{"100KB.txt", 100 << 10},
	{"8MB.txt", 8 << 20},
}

// fileTree is a directory that holds the files.
func fileTree(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	for _, file := range fileSizes {
		text := strings.Repeat("All work and no glue makes a good joint.\n", file.size/41+1)[:file.size]
		path := filepath.Join(dir, file.name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			b.Fatal(err)
		}
		yesterday := time.Now().Add(-24 * time.Hour)
		if err := os.Chtimes(path, yesterday, yesterday); err != nil {
			b.Fatal(err)
		}
	}
	time.Sleep(2 * time.Second) // until then tenon opens them for each request, as new ones
	return dir
}

// fileServers serve the same directory.
func fileServers(b *testing.B, dir string) map[string]http.Handler {
	b.Helper()
	served, err := fileserve.Open(dir, fileserve.Options{})
	if err != nil {
		b.Fatal(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _, _ = served.Close(), root.Close() })
	return map[string]http.Handler{
		"tenon":        served,
		"FileServer":   http.FileServer(http.Dir(dir)),
		"FileServerFS": http.FileServerFS(root.FS()),
	}
}

// BenchmarkFiles measures whole exchanges over loopback connections that are
// kept, eight of them at once, next to the two handlers of net/http: of a
// directory, and of the same kind of root as that of tenon. The client's part is
// in all of them. Of the 8 MB it is the larger one, and larger by sendfile(2) than by
// copies, for tenon and for FileServer alike: without a network between, the client
// reads the pages of the file itself, and not a buffer that the server has just
// had in its hands. What the server saves by it shows where that is another process
// only.
func BenchmarkFiles(b *testing.B) {
	servers := fileServers(b, fileTree(b))
	for _, file := range fileSizes {
		for _, by := range []string{"tenon", "FileServer", "FileServerFS"} {
			b.Run("file="+file.name+"/by="+by, func(b *testing.B) {
				benchmarkExchange(b, servers[by], "GET /"+file.name+" HTTP/1.1\r\nHost: a\r\n\r\n", file.size)
			})
		}
	}
}

// benchmarkExchange sends the same request again and again over each connection.
func benchmarkExchange(b *testing.B, h http.Handler, request string, size int) {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	defer func() { _ = server.Close() }()
	b.SetParallelism(4)
	b.ReportAllocs()
	start := cpuTime(b)
	b.RunParallel(func(pb *testing.PB) {
		conn, err := new(net.Dialer).DialContext(context.Background(), "tcp", listener.Addr().String())
		if err != nil {
			b.Error(err)
			return
		}
		defer func() { _ = conn.Close() }()
		buf := make([]byte, 256<<10)
		for pb.Next() {
			if err := exchange(conn, buf, request, size); err != nil {
				b.Error(err)
				return
			}
		}
	})
	// What the neighbors of a busy machine take does not count here.
	b.ReportMetric(float64(cpuTime(b)-start)/float64(b.N), "cpu-ns/op")
}

// cpuTime returns how long the process has been at work, in nanoseconds.
func cpuTime(b *testing.B) int64 {
	b.Helper()
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return usage.Utime.Nano() + usage.Stime.Nano()
}

// exchange sends a request and reads the answer, whose body has to have that size.
// A client of net/http would cost more than the servers.
func exchange(conn net.Conn, buf []byte, request string, size int) error {
	if _, err := io.WriteString(conn, request); err != nil {
		return err
	}
	n, err := conn.Read(buf)
	if err != nil {
		return err
	}
	head, _, ok := bytes.Cut(buf[:n], []byte("\r\n\r\n"))
	if !ok || !bytes.HasPrefix(head, []byte("HTTP/1.1 200 OK\r\n")) || !bytes.Contains(head, strconv.AppendInt([]byte("Content-Length: "), int64(size), 10)) {
		return fmt.Errorf("unexpected answer %q", head)
	}
	for left := len(head) + len("\r\n\r\n") + size - n; left > 0; left -= n {
		if n, err = conn.Read(buf); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkFilesRange measures the handler alone, for a range that makes sense
// and for 469 KB of ranges that do not, next to a request without one.
func BenchmarkFilesRange(b *testing.B) {
	servers := fileServers(b, fileTree(b))
	hostile := "bytes=0-0" + strings.Repeat(",0-0", 469_000/4)
	for _, by := range []string{"tenon", "FileServer"} {
		for _, kind := range []struct{ name, field string }{{"none", ""}, {"one", "bytes=100-199"}, {"hostile", hostile}} {
			b.Run("range="+kind.name+"/by="+by, func(b *testing.B) {
				r := get("/10KB.txt")
				if kind.field != "" {
					r.Header.Set("Range", kind.field)
				}
				var w kittest.Sink
				b.ReportAllocs()
				for b.Loop() {
					w.Reset()
					servers[by].ServeHTTP(&w, r)
				}
				if w.Status != http.StatusOK && w.Status != http.StatusPartialContent {
					b.Fatal(w.Status)
				}
			})
		}
	}
}
