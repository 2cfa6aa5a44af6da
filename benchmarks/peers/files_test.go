//go:build unix

package peers_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/internal/kittest"
)

var servedFiles = []struct {
	name string
	size int
}{{"2KB.txt", 2 << 10}, {"100KB.txt", 100 << 10}, {"8MB.txt", 8 << 20}}

// nginxConf is what the documentation of nginx advises for static files, and no
// log, which the others do not write either.
const nginxConf = `worker_processes auto;
daemon off;
pid %[1]s/nginx.pid;
error_log stderr crit;
events { worker_connections 256; }
http {
	access_log off;
	sendfile on;
	tcp_nopush on;
	keepalive_requests 100000000;
	types { text/plain txt; }
	client_body_temp_path %[1]s/body;
	proxy_temp_path %[1]s/proxy;
	fastcgi_temp_path %[1]s/fastcgi;
	uwsgi_temp_path %[1]s/uwsgi;
	scgi_temp_path %[1]s/scgi;
	%[4]s
	server {
		listen %[2]s;
		root %[3]s;
	}
}
`

// BenchmarkFiles serves the same directory over the loopback interface, to eight
// connections at once. nginx is a reference, not a rival: it is a process of its
// own, without Go's net/http around it. Its cache of open files stats a file once a
// minute; tenon stats a small file for each request and opens a larger one.
func BenchmarkFiles(b *testing.B) {
	dir := writeServedFiles(b)
	served, err := fileserve.Open(dir, fileserve.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = served.Close() }()
	addresses := map[string]string{
		"tenon":                 serveFiles(b, served),
		"FileServer":            serveFiles(b, http.FileServer(http.Dir(dir))),
		"nginx":                 startNginx(b, dir, ""),
		"nginx-open_file_cache": startNginx(b, dir, "open_file_cache max=100;"),
	}
	for _, file := range servedFiles {
		for _, by := range []string{"tenon", "FileServer", "nginx", "nginx-open_file_cache"} {
			b.Run("file="+file.name+"/by="+by, func(b *testing.B) {
				if addresses[by] == "" {
					b.Skip("nginx is not installed")
				}
				benchmarkFile(b, addresses[by], file.name, file.size)
			})
		}
	}
}

func servedText(size int) []byte {
	return []byte(strings.Repeat("All work and no glue makes a good joint.\n", size/41+1)[:size])
}

func writeServedFiles(b *testing.B) string {
	b.Helper()
	dir := b.TempDir()
	// The workers of nginx are of another user when it is started by root.
	for parent := dir; len(parent) > len(os.TempDir()); parent = filepath.Dir(parent) {
		if err := os.Chmod(parent, 0o755); err != nil {
			b.Fatal(err)
		}
	}
	yesterday := time.Now().Add(-24 * time.Hour)
	for _, file := range servedFiles {
		path := filepath.Join(dir, file.name)
		if err := os.WriteFile(path, servedText(file.size), 0o644); err != nil {
			b.Fatal(err)
		}
		if err := os.Chtimes(path, yesterday, yesterday); err != nil {
			b.Fatal(err)
		}
	}
	time.Sleep(2 * time.Second) // until then tenon opens them for each request, as new ones
	return dir
}

func serveFiles(b *testing.B, h http.Handler) string {
	b.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	server := &http.Server{Handler: h, ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	b.Cleanup(func() { _ = server.Close() })
	return listener.Addr().String()
}

// startNginx runs nginx until the benchmark ends. It returns "" where there is
// none.
func startNginx(b *testing.B, root, directives string) string {
	b.Helper()
	program, err := exec.LookPath("nginx")
	if err != nil {
		return ""
	}
	address := kittest.FreeAddress(b)
	prefix := b.TempDir()
	conf := filepath.Join(prefix, "nginx.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, nginxConf, prefix, address, root, directives), 0o600); err != nil {
		b.Fatal(err)
	}
	var stderr bytes.Buffer
	command := exec.CommandContext(context.Background(), program, "-p", prefix, "-c", conf)
	command.Stderr = &stderr
	if err := command.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		_ = command.Process.Signal(os.Interrupt)
		_ = command.Wait()
	})
	for began := time.Now(); time.Since(began) < kittest.Patience; {
		conn, err := net.DialTimeout("tcp", address, time.Second)
		if err == nil {
			_ = conn.Close()
			return address
		}
		time.Sleep(20 * time.Millisecond)
	}
	b.Fatalf("nginx does not listen: %s", stderr.String())
	return ""
}

func benchmarkFile(b *testing.B, address, name string, size int) {
	b.Helper()
	checkFile(b, address, name, size)
	request := "GET /" + name + " HTTP/1.1\r\nHost: a\r\n\r\n"
	b.SetParallelism(4)
	b.SetBytes(int64(size))
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			b.Error(err)
			return
		}
		defer func() { _ = conn.Close() }()
		buf := make([]byte, 256<<10)
		for pb.Next() {
			if err := exchangeFile(conn, buf, request, size); err != nil {
				b.Error(err)
				return
			}
		}
	})
}

// checkFile holds that the answers are the same: all of the file, and a range of
// it.
func checkFile(b *testing.B, address, name string, size int) {
	b.Helper()
	for field, want := range map[string][]byte{"": servedText(size), "bytes=100-199": servedText(size)[100:200]} {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodGet, "http://"+address+"/"+name, nil)
		if err != nil {
			b.Fatal(err)
		}
		if field != "" {
			r.Header.Set("Range", field)
		}
		response, err := http.DefaultClient.Do(r)
		if err != nil {
			b.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || !bytes.Equal(body, want) {
			b.Fatalf("%s %q: %d bytes, %v", name, field, len(body), err)
		}
	}
}

// exchangeFile sends a request and reads the answer.
func exchangeFile(conn net.Conn, buf []byte, request string, size int) error {
	if _, err := io.WriteString(conn, request); err != nil {
		return err
	}
	n, err := conn.Read(buf)
	if err != nil {
		return err
	}
	head, _, ok := bytes.Cut(buf[:n], []byte("\r\n\r\n"))
	if !ok || !bytes.Contains(head, strconv.AppendInt([]byte("Content-Length: "), int64(size), 10)) {
		return fmt.Errorf("unexpected answer %q", head)
	}
	for left := len(head) + len("\r\n\r\n") + size - n; left > 0; left -= n {
		if n, err = conn.Read(buf); err != nil {
			return err
		}
	}
	return nil
}
