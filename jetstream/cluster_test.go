package jetstream_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/nats-io/nats.go"
	js "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/jetstream"
	"github.com/tenonkit/tenon/jetstream/embedded"
	"github.com/tenonkit/tenon/stream"
)

// news is the event of the cluster test.
type news struct {
	By int `json:"by"`
	N  int `json:"n"`
}

const (
	replicas   = 3
	publishers = 2
	roleKey    = "TENON_JETSTREAM_ROLE"
)

// TestMain runs this binary as one process of the cluster if the environment says so.
func TestMain(m *testing.M) {
	var err error
	switch os.Getenv(roleKey) {
	case "server":
		err = runServer(os.Args[1:])
	case "replica":
		err = runReplica(os.Args[1:])
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

// freePorts returns ports that nobody has at the moment.
func freePorts(t *testing.T, n int) []string {
	t.Helper()
	ports := make([]string, n)
	for i := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		require.NoError(t, err)
		defer l.Close()
		_, ports[i], err = net.SplitHostPort(l.Addr().String())
		require.NoError(t, err)
	}
	return ports
}

// A cluster is three servers and three replicas behind a proxy.
type cluster struct {
	servers, replicas []*process
	addresses         string
	proxy             *httptest.Server
}

func newCluster(t *testing.T, keep int) *cluster {
	t.Helper()
	c := &cluster{}
	ports := freePorts(t, 3*replicas)
	var routes, clients []string
	for i := range replicas {
		clients = append(clients, "nats://127.0.0.1:"+ports[i])
		routes = append(routes, "nats://127.0.0.1:"+ports[replicas+i])
	}
	c.addresses = strings.Join(clients, ",")
	dir := t.TempDir()
	var backends []*url.URL
	for i := range replicas {
		name := "s" + strconv.Itoa(i)
		c.servers = append(c.servers, &process{role: "server", args: append([]string{name, filepath.Join(dir, name), ports[i], ports[replicas+i]}, routes...)})
		address := "127.0.0.1:" + ports[2*replicas+i]
		c.replicas = append(c.replicas, &process{role: "replica", args: []string{address, c.addresses, strconv.Itoa(keep)}})
		backends = append(backends, &url.URL{Scheme: "http", Host: address})
	}
	run(t, c.servers...)
	run(t, c.replicas...)
	var turn atomic.Uint64
	c.proxy = httptest.NewServer(&httputil.ReverseProxy{
		Rewrite:      func(r *httputil.ProxyRequest) { r.SetURL(backends[turn.Add(1)%replicas]) },
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
		Transport:    &http.Transport{MaxIdleConnsPerHost: 10},
		ErrorLog:     slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // a stream that breaks off
	})
	t.Cleanup(c.proxy.Close)
	return c
}

// A page follows as a browser does: it connects again by itself, with the last id.
type page struct {
	url   string
	last  string
	next  [publishers]int
	total int
	again int // how often it connected
}

func (p *page) read(ctx context.Context, all int) error {
	for p.total < all {
		if ctx.Err() != nil {
			return fmt.Errorf("%d of %d events: %w", p.total, all, ctx.Err())
		}
		if err := p.connect(ctx, all); err != nil {
			return err
		}
		p.again++
		time.Sleep(50 * time.Millisecond) // as a browser waits
	}
	return nil
}

// connect returns an error only for an event that should not have come.
func (p *page) connect(ctx context.Context, all int) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url, nil)
	if err != nil {
		return err
	}
	if p.last != "" {
		r.Header.Set("Last-Event-ID", p.last)
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return nil
	}
	for event, err := range stream.Events(response.Body) {
		if err != nil {
			return nil
		}
		if event.ID != "" {
			p.last = event.ID
		}
		if err := p.take(event); err != nil {
			return err
		}
		if p.total == all {
			return nil
		}
	}
	return nil
}

func (p *page) take(event stream.Event) error {
	if event.Data == "" {
		return nil
	}
	var v news
	if err := encode.Unmarshal([]byte(event.Data), &v); err != nil || event.Type != "" {
		return errors.Join(fmt.Errorf("%+v after %d events", event, p.total), err)
	}
	if v.N != p.next[v.By] {
		return fmt.Errorf("event %d of publisher %d instead of %d, with the id %s, after %d connections", v.N, v.By, p.next[v.By], event.ID, p.again)
	}
	p.next[v.By]++
	p.total++
	return nil
}

// size reads how large the test is: "200,20000" are clients and events.
func size(t *testing.T) (clients, events int) {
	t.Helper()
	clients, events = 20, 2000
	if text := os.Getenv("TENON_JETSTREAM_SIZE"); text != "" {
		_, err := fmt.Sscanf(text, "%d,%d", &clients, &events)
		require.NoError(t, err, "TENON_JETSTREAM_SIZE is clients,events")
	}
	return clients, events
}

// TestNewLog_cluster has every client read every event once and in order, while a
// replica of the service is killed in mid-stream, and then the server that leads. Run it
// at full size with TENON_JETSTREAM_SIZE=200,20000.
func TestNewLog_cluster(t *testing.T) {
	clients, events := size(t)
	c := newCluster(t, events)
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute+time.Duration(clients*events)*50*time.Microsecond)
	defer cancel()
	conn, l, err := openNews(ctx, c.addresses, strconv.Itoa(events))
	require.NoError(t, err)
	defer conn.Close()
	zero, err := l.Last(ctx, "all")
	require.NoError(t, err)

	began := time.Now()
	var all sync.WaitGroup
	pages := make([]*page, clients)
	for i := range pages {
		pages[i] = &page{url: c.proxy.URL + "?after=" + zero}
		all.Go(func() { assert.NoError(t, pages[i].read(ctx, events)) })
	}
	// The events come for as long as processes take to go and to come back.
	pace := 15 * time.Second * publishers / time.Duration(events)
	var appended atomic.Int64
	var slowest atomic.Int64
	var published sync.WaitGroup
	for by := range publishers {
		published.Go(func() {
			for n := range events / publishers {
				start := time.Now()
				if _, err := l.Append(ctx, "all", news{By: by, N: n}); !assert.NoError(t, err) {
					cancel()
					return
				}
				took := time.Since(start)
				slowest.Store(max(slowest.Load(), int64(took)))
				appended.Add(1)
				time.Sleep(pace - took)
			}
		})
	}
	reach := func(n int) {
		for appended.Load() < int64(n) && ctx.Err() == nil {
			time.Sleep(time.Millisecond)
		}
	}
	reach(events / 4)
	restart(t, "replica", c.replicas[0], &appended)
	reach(events / 2)
	restart(t, "server", c.leading(ctx, t, conn), &appended)
	assert.Less(t, appended.Load(), int64(events), "it was in mid-stream")
	published.Wait()
	t.Logf("%d events appended after %v; the slowest Append took %v", appended.Load(), time.Since(began), time.Duration(slowest.Load()))
	all.Wait()
	again := 0
	for _, p := range pages {
		assert.Equal(t, events, p.total)
		again += p.again - 1
	}
	assert.Positive(t, again, "nobody has noticed")
	t.Logf("%d clients have %d events each, once and in order, after %v; they connected again %d times", clients, events, time.Since(began), again)
}

func leader(ctx context.Context, t *testing.T, conn *nats.Conn) string {
	t.Helper()
	manager, err := js.New(conn)
	require.NoError(t, err)
	s, err := manager.Stream(ctx, "news")
	require.NoError(t, err)
	return s.CachedInfo().Cluster.Leader
}

// leading returns the server whose end hurts most.
func (c *cluster) leading(ctx context.Context, t *testing.T, conn *nats.Conn) *process {
	t.Helper()
	name := leader(ctx, t, conn)
	for _, s := range c.servers {
		if s.args[0] == name {
			return s
		}
	}
	require.Fail(t, "no leader", name)
	return nil
}

// restart kills a process, and starts it again when the others have noticed.
func restart(t *testing.T, what string, p *process, appended *atomic.Int64) {
	t.Helper()
	at := appended.Load()
	p.kill()
	time.Sleep(time.Second)
	require.NoError(t, p.launch())
	require.NoError(t, p.wait())
	t.Logf("%s killed at event %d and ready again at event %d", what, at, appended.Load())
}
