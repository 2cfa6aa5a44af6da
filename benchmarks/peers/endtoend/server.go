package endtoend

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/tenonkit/tenon/benchmarks/peers/systems"
)

// A server is a program that runs.
type server struct {
	url  string
	pid  int
	stop func() // and wait until it has ended
}

// start runs a program on a core until ctx ends, and checks its answers.
func start(ctx context.Context, core string, p program, files string) (*server, error) {
	port, err := freePort(ctx)
	if err != nil {
		return nil, err
	}
	command := p.command(port, files)
	ctx, cancel := context.WithCancel(ctx)
	process := exec.CommandContext(ctx, "taskset", append([]string{"-c", core}, command...)...)
	var output bytes.Buffer
	process.Stdout, process.Stderr, process.WaitDelay = &output, &output, time.Second
	if err := process.Start(); err != nil {
		cancel()
		return nil, err
	}
	s := &server{"http://127.0.0.1:" + port, process.Process.Pid, func() { cancel(); _ = process.Wait() }}
	if err := errors.Join(await(ctx, "127.0.0.1:"+port), check(ctx, s.url, p.name)); err != nil {
		s.stop()
		return nil, fmt.Errorf("%w\n%s", err, output.Bytes())
	}
	return s, nil
}

// tick is the unit of the times in /proc, for whatever kernel.
const tick = 10 * time.Millisecond

// processor returns the processor time that the server has taken: its own, and that of
// the kernel for it.
func (s *server) processor() (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.pid))
	if err != nil {
		return 0, err
	}
	// The name in parentheses may hold spaces; utime and stime are fields 14 and 15.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	if len(fields) < 13 {
		return 0, fmt.Errorf("cannot read %q", stat)
	}
	user, err := strconv.Atoi(fields[11])
	if err != nil {
		return 0, err
	}
	kernel, err := strconv.Atoi(fields[12])
	return time.Duration(user+kernel) * tick, err
}

func freePort(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	return port, errors.Join(err, listener.Close())
}

// await returns when somebody takes connections at the address.
func await(ctx context.Context, addr string) error {
	ctx, cancel := context.WithTimeout(ctx, 20*time.Second)
	defer cancel()
	for {
		conn, err := new(net.Dialer).DialContext(ctx, "tcp", addr)
		if err == nil {
			return conn.Close()
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// check sends each workload twice over one connection, and what has to be refused, and
// returns what is wrong with the answers.
func check(ctx context.Context, url, name string) error {
	client := http.Client{Transport: &http.Transport{DisableCompression: true}, Timeout: 20 * time.Second}
	defer client.CloseIdleConnections()
	for _, w := range systems.Loaded() {
		if !serves(name, w) {
			continue
		}
		for range 2 {
			status, header, body, err := ask(ctx, &client, url, w)
			if err == nil {
				err = w.Check(systems.System{}, status, header, body)
			}
			if err != nil {
				return fmt.Errorf("%s: %w", w.Name, err)
			}
		}
	}
	for _, w := range systems.Refused() {
		status, _, body, err := ask(ctx, &client, url, w)
		client.CloseIdleConnections() // uapi refuses with 500, and breaks the connection off
		if err == nil && status < http.StatusBadRequest {
			err = fmt.Errorf("accepted with status %d: %.300s", status, body)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", w.Name, err)
		}
	}
	return nil
}

func ask(ctx context.Context, client *http.Client, url string, w systems.Workload) (status int, header http.Header, body []byte, err error) {
	r, err := http.NewRequestWithContext(ctx, w.Method, url+w.Target, strings.NewReader(w.Body))
	if err != nil {
		return 0, nil, nil, err
	}
	for name, value := range w.Header {
		r.Header.Set(name, value)
	}
	response, err := client.Do(r)
	if err != nil {
		return 0, nil, nil, err
	}
	defer func() { _ = response.Body.Close() }()
	body, err = io.ReadAll(response.Body)
	return response.StatusCode, response.Header, body, err
}
