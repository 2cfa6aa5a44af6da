package jetstream_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
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
)

// news is the event of the cluster test.
type news struct {
	By int `json:"by"`
	N  int `json:"n"`
}

const (
	replicas   = 3
	publishers = 2
)

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
	if testing.Short() {
		t.Skip("runs six processes for half a minute")
	}
	clients, events := size(t)
	c := newCluster(t, events)
	ctx, cancel := context.WithTimeout(t.Context(), 6*time.Minute+time.Duration(clients*events)*50*time.Microsecond)
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
	// The events come for as long as processes take to go and to come back, the last ones
	// when they are back.
	back := make(chan struct{})
	pace := 15 * time.Second * publishers / time.Duration(events)
	var appended atomic.Int64
	var slowest atomic.Int64
	var published sync.WaitGroup
	for by := range publishers {
		published.Go(func() {
			for n := range events / publishers {
				if n == events/publishers-1 {
					select {
					case <-back:
					case <-ctx.Done():
					}
				}
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
	close(back)
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
	for ctx.Err() == nil { // there may be an election
		one, cancel := context.WithTimeout(ctx, 5*time.Second)
		s, err := manager.Stream(one, "news")
		cancel()
		if err == nil && s.CachedInfo().Cluster.Leader != "" {
			return s.CachedInfo().Cluster.Leader
		}
		time.Sleep(100 * time.Millisecond)
	}
	return ""
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
