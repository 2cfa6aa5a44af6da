package kittest

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// nginxConf has no more than nginx needs to run without root and without
// touching a directory of the system.
const nginxConf = `daemon off;
master_process off;
pid %[1]s/nginx.pid;
error_log stderr crit;
events { worker_connections 64; }
http {
	access_log off;
	client_body_temp_path %[1]s/body;
	proxy_temp_path %[1]s/proxy;
	fastcgi_temp_path %[1]s/fastcgi;
	uwsgi_temp_path %[1]s/uwsgi;
	scgi_temp_path %[1]s/scgi;
	proxy_cache_path %[1]s/cache keys_zone=cache:1m;
	server {
		listen %[2]s;
%[3]s
	}
}
`

// Nginx runs nginx until the test ends and returns its URL, without a final
// slash. The directives are those of its one server block, such as
//
//	location / { proxy_pass http://127.0.0.1:8080; proxy_cache cache; }
//
// A cache of that name is there. Without nginx the test is skipped, as by [Need].
func Nginx(t *testing.T, directives string) (url string) {
	t.Helper()
	program := "/usr/sbin/nginx" // which is not in the path of every user
	if _, err := os.Stat(program); err != nil {
		program = Need(t, "nginx")
	}
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := listener.Addr().String()
	_ = listener.Close()
	dir := t.TempDir()
	conf := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, nginxConf, dir, address, directives), 0o600); err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), program, "-p", dir, "-c", conf)
	var stderr bytes.Buffer
	command.Stderr = &stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
		if t.Failed() {
			t.Logf("nginx: %s", stderr.Bytes())
		}
	})
	dialer := net.Dialer{Timeout: time.Second}
	for range 250 {
		conn, err := dialer.DialContext(t.Context(), "tcp", address)
		if err == nil {
			_ = conn.Close()
			return "http://" + address
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatal("nginx does not listen")
	return ""
}
