package jetstream_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	js "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/jetstream"
	"github.com/tenonkit/tenon/jetstream/embedded"
)

const roleKey = "TENON_JETSTREAM_ROLE"

// TestMain runs this binary as one process of the cluster if the environment says so.
func TestMain(m *testing.M) {
	var err error
	switch os.Getenv(roleKey) {
	case "server":
		err = runServer(os.Args[1:])
	case "replica":
		err = runReplica(os.Args[1:])
	case "payments":
		err = runPayments(os.Args[1:])
	default:
		os.Exit(m.Run())
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, os.Getenv(roleKey), err)
		os.Exit(1)
	}
}

// ready tells the test, and waits until it ends.
func ready() {
	_, _ = io.WriteString(os.Stdout, "ready\n")
	_, _ = io.Copy(io.Discard, os.Stdin)
}

// runServer is a nats-server: its name, directory, port, port of the cluster, and routes.
func runServer(args []string) error {
	s, err := embedded.Start(args[1], embedded.Options{
		Name: args[0], Port: portOf("nats://x:" + args[2]),
		Cluster: "tenon", ClusterPort: portOf("nats://x:" + args[3]), Routes: args[4:],
	})
	if err != nil {
		return err
	}
	ready()
	s.Close()
	return nil
}

// openNews returns the log as one process sees it.
func openNews(ctx context.Context, addresses, keep string) (*nats.Conn, feed.Log[news], error) {
	conn, err := nats.Connect(addresses, nats.MaxReconnects(-1), nats.ReconnectWait(100*time.Millisecond), nats.RetryOnFailedConnect(true))
	if err != nil {
		return nil, nil, err
	}
	entries, err := strconv.Atoi(keep)
	if err != nil {
		return nil, nil, err
	}
	stream, err := js.New(conn)
	if err != nil {
		return nil, nil, err
	}
	l, err := jetstream.NewLog[news](ctx, stream, jetstream.Options{Stream: "news", Keep: entries, Replicas: replicas})
	return conn, l, err
}

// runReplica is the service: its address, those of the servers, and how many entries
// are kept.
func runReplica(args []string) error {
	_, l, err := openNews(context.Background(), args[1], args[2])
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", args[0])
	if err != nil {
		return err
	}
	service := &http.Server{ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		feed.SSE[news]{Log: l, Topic: "all", After: r.URL.Query().Get("after")}.ServeHTTP(w, r)
	})}
	go service.Serve(listener)
	ready()
	return nil
}

// A process is one that can be killed and started again.
type process struct {
	role string
	args []string
	cmd  *exec.Cmd
	in   io.Closer
	out  *bufio.Reader
}

func (p *process) launch() error {
	p.cmd = exec.Command(os.Args[0], p.args...)
	p.cmd.Env = append(os.Environ(), roleKey+"="+p.role)
	p.cmd.Stderr = os.Stderr
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return err
	}
	p.in, p.out = in, bufio.NewReader(out)
	return p.cmd.Start()
}

func (p *process) wait() error {
	_, err := p.out.ReadString('\n')
	return err
}

func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	_ = p.cmd.Wait()
	_ = p.in.Close()
}

// run starts processes side by side; they end with the test.
func run(t *testing.T, all ...*process) {
	t.Helper()
	for _, p := range all {
		require.NoError(t, p.launch())
		t.Cleanup(p.kill)
	}
	for _, p := range all {
		require.NoError(t, p.wait())
	}
}

// freePorts returns ports that are free until the test ends, also while a process is away.
func freePorts(t *testing.T, n int) []string {
	t.Helper()
	ports := make([]string, n)
	for i := range ports {
		var err error
		_, ports[i], err = net.SplitHostPort(kittest.FreeAddress(t))
		require.NoError(t, err)
	}
	return ports
}
