package kittest

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Need returns the path of a program that the test drives. Where it is not
// installed the test is skipped, and fails if TENON_PROGRAMS is "required", so
// that a run which is meant to be complete cannot leave it out in silence.
func Need(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err == nil {
		return path
	}
	message := program + " is not installed; the test drives it"
	if os.Getenv("TENON_PROGRAMS") == "required" {
		t.Fatal(message)
	}
	t.Skip(message)
	return ""
}

// Direct returns the environment of a program that asks servers on the loopback interface,
// past the proxy that this machine may have.
func Direct() []string {
	const loopback = "127.0.0.1,localhost"
	return append(os.Environ(), "no_proxy="+loopback, "NO_PROXY="+loopback)
}

// Chromium opens url in a headless Chromium with an empty profile, which ends
// with the test. The page has to tell the test's server what it found.
func Chromium(t *testing.T, url string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), Need(t, "chromium"),
		"--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic",
		"--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
		"--autoplay-policy=no-user-gesture-required", "--user-data-dir="+t.TempDir(), url)
	// Chromium is a tree of processes, which has to end as one.
	killAll := asGroup(command)
	command.Cancel = func() error { killAll(); return nil }
	command.WaitDelay = Patience // what still writes to the profile holds the pipe, too
	var stderr bytes.Buffer
	command.Stderr = &stderr
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Wait()
		if t.Failed() {
			t.Logf("chromium: %s", stderr.Bytes())
		}
	})
}

// Browse serves mux until the test ends, opens path of it in Chromium, as by [Chromium],
// and returns the URL of the server and what pages post to /report.
func Browse(t *testing.T, mux *http.ServeMux, path string) (url string, reports <-chan string) {
	t.Helper()
	posted := make(chan string, 100)
	mux.HandleFunc("POST /report", func(_ http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("a report: %v", err)
		}
		posted <- string(text)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
	})
	Chromium(t, server.URL+path)
	return server.URL, posted
}

// traced names the test that runs under strace, in its environment.
const traced = "TENON_TRACED"

// Strace runs the calling test once more in a process of its own under strace,
// where Strace calls fn and returns false. To the caller it returns what strace
// wrote of the system calls, a list as in "sendfile,write", and true. The sendfile64
// of systems with 32 bits is called sendfile there too. The calling test must not
// be a subtest.
func Strace(t *testing.T, calls string, fn func()) (trace string, ok bool) {
	t.Helper()
	if os.Getenv(traced) == t.Name() {
		fn()
		return "", false
	}
	strace := Need(t, "strace")
	calls = strings.ReplaceAll(calls, "sendfile", "sendfile,?sendfile64")
	output := filepath.Join(t.TempDir(), "trace")
	command := exec.CommandContext(t.Context(), strace, "-f", "-q", "-e", "trace="+calls, "-e", "signal=none", "-s", "256", "-o", output,
		os.Args[0], "-test.run=^"+t.Name()+"$", "-test.count=1", "-test.timeout=5m")
	command.Env = append(os.Environ(), traced+"="+t.Name())
	if out, err := command.CombinedOutput(); err != nil {
		t.Fatal(fmt.Errorf("%w\n%s", err, out))
	}
	text, err := os.ReadFile(output)
	if err != nil {
		t.Fatal(err)
	}
	return strings.ReplaceAll(string(text), "sendfile64", "sendfile"), true
}

// running tells the binary of the tests, in its environment, to be the program that it tests.
const running = "TENON_RUNNING"

// Main is TestMain of a main package. It makes its binary, which has the program linked in
// already, run that in place of the tests where [Program] starts it.
func Main(m *testing.M, program func()) {
	if os.Getenv(running) == "" {
		m.Run()
		return
	}
	if err := os.Unsetenv(running); err != nil {
		panic(err)
	}
	program()
}

// Program returns a command that runs the program of the calling package with args, and is
// killed when the test ends. The package has to call [Main].
func Program(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	binary, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.CommandContext(t.Context(), binary, args...)
	command.Env = append(os.Environ(), running+"=yes")
	return command
}

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
	address, dir := FreeAddress(t), t.TempDir()
	conf := filepath.Join(dir, "nginx.conf")
	if err := os.WriteFile(conf, fmt.Appendf(nil, nginxConf, dir, address, directives), 0o600); err != nil {
		t.Fatal(err)
	}
	listen(t, exec.CommandContext(t.Context(), program, "-p", dir, "-c", conf), address)
	return "http://" + address
}

// listen starts a program that ends with the test, and waits until it listens on address.
func listen(t *testing.T, command *exec.Cmd, address string) {
	t.Helper()
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() { _ = command.Wait(); close(ended) }()
	t.Cleanup(func() {
		_ = command.Process.Kill()
		<-ended
		if t.Failed() {
			t.Logf("%s: %s", filepath.Base(command.Path), output.Bytes())
		}
	})
	deadline, retry := time.After(Patience), time.NewTicker(10*time.Millisecond)
	defer retry.Stop()
	for {
		if conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", address); err == nil {
			_ = conn.Close()
			return
		}
		select {
		case <-retry.C:
		case <-ended:
			t.Fatalf("%s ended before it listened", command.Path)
		case <-deadline:
			t.Fatalf("%s does not listen", command.Path)
		}
	}
}

// FreeAddress returns an address of the loopback interface for a program that takes
// no listener, or one that is started again at the address it had. Its port is none
// that the system gives to whoever asks for any. Until the test ends no other test
// gets it, also in another process.
func FreeAddress(tb testing.TB) string {
	tb.Helper()
	const first, ports = 20_000, 12_000
	config := new(net.ListenConfig)
	for range 100 {
		address := net.JoinHostPort("127.0.0.1", strconv.Itoa(first+rand.IntN(ports)))
		listener, err := config.Listen(tb.Context(), "tcp", address)
		if err != nil {
			continue
		}
		_ = listener.Close()
		// The port of UDP is the claim to that of TCP.
		if claim, err := config.ListenPacket(tb.Context(), "udp", address); err == nil {
			tb.Cleanup(func() { _ = claim.Close() })
			return address
		}
	}
	tb.Fatal("no port is free")
	return ""
}
