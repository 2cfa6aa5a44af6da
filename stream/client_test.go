package stream_test

import (
	"bufio"
	"context"
	_ "embed"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/stream"
)

// asked yields a number each time the client has shown that it has the one
// before.
func asked(ctx context.Context, seen <-chan int, n int) func(yield func(int, error) bool) {
	return func(yield func(int, error) bool) {
		for i := range n {
			if !yield(i, nil) {
				return
			}
			select {
			case <-seen:
			case <-ctx.Done():
				return
			}
		}
	}
}

// TestCurl holds that curl -N prints each item before the next one is made.
func TestCurl(t *testing.T) {
	t.Parallel()
	curl := kittest.Need(t, "curl")
	seen := make(chan int)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		stream.NDJSON[int]{Seq: asked(r.Context(), seen, 5)}.ServeHTTP(w, r)
	}))
	defer server.Close()
	ctx, cancel := context.WithTimeout(t.Context(), kittest.Patience)
	defer cancel()
	command := exec.CommandContext(ctx, curl, "-sN", server.URL)
	command.Env = kittest.Direct()
	stdout, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	lines := bufio.NewScanner(stdout)
	for i := range 5 {
		require.True(t, lines.Scan())
		assert.Equal(t, strconv.Itoa(i), lines.Text())
		seen <- i
	}
	require.NoError(t, command.Wait(), "a complete response")
}

// TestReverseProxy holds that each item passes a proxy before the next one is
// made, and that the proxy's client leaving ends the sequence.
func TestReverseProxy(t *testing.T) {
	seen := make(chan int)
	ended := make(chan error, 1)
	options := stream.Options{OnEnd: func(err error) { ended <- err }}
	for name, h := range map[string]func(r *http.Request) http.Handler{
		"sse": func(r *http.Request) http.Handler {
			return stream.SSE[int]{Seq: asked(r.Context(), seen, 1000), Options: options}
		},
		"ndjson": func(r *http.Request) http.Handler {
			return stream.NDJSON[int]{Seq: asked(r.Context(), seen, 1000), Options: options}
		},
	} {
		t.Run(name, func(t *testing.T) {
			kittest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h(r).ServeHTTP(w, r) }),
				func(t *testing.T, s *kittest.Server) {
					t.Helper()
					target, err := url.Parse(s.URL)
					require.NoError(t, err)
					proxy := httputil.NewSingleHostReverseProxy(target)
					proxy.Transport = s.Client.Transport
					front := httptest.NewServer(proxy)
					defer front.Close()
					ctx, cancel := context.WithCancel(t.Context())
					defer cancel()
					request, err := http.NewRequestWithContext(ctx, http.MethodGet, front.URL, nil)
					require.NoError(t, err)
					response, err := front.Client().Do(request)
					require.NoError(t, err)
					lines := bufio.NewScanner(response.Body)
					for i := range 5 {
						for lines.Scan() && lines.Text() != strconv.Itoa(i) && lines.Text() != fmt.Sprintf("data: %d", i) {
							require.Contains(t, []string{"", ":"}, lines.Text())
						}
						if i < 4 {
							seen <- i
						}
					}
					cancel()
					require.Error(t, <-ended)
					_ = response.Body.Close()
				})
		})
	}
}

// TestReverseProxy_truncated holds that a proxy passes a truncated response on
// as one.
func TestReverseProxy_truncated(t *testing.T) {
	t.Parallel()
	kittest.Serve(t, stream.Array[int]{Seq: broken(errDown, 1)}, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		target, err := url.Parse(s.URL)
		require.NoError(t, err)
		proxy := httputil.NewSingleHostReverseProxy(target)
		proxy.Transport = s.Client.Transport
		front := httptest.NewServer(proxy)
		defer front.Close()
		response, err := http.Get(front.URL)
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		require.Error(t, err)
		assert.Equal(t, "[1", string(body))
		_ = response.Body.Close()
	})
}

//go:embed testdata/eventsource.html
var eventSourcePage []byte

// TestEventSource holds that Chromium's EventSource connects again with the last
// event ID when a stream breaks off, gets what it has missed, shows what was
// sent, and stays away after a 204.
func TestEventSource(t *testing.T) {
	t.Parallel()
	kittest.Need(t, "chromium")
	const last = 6
	connections := make(chan string, 10)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(eventSourcePage) })
	mux.HandleFunc("GET /events", func(w http.ResponseWriter, r *http.Request) {
		id, _ := stream.LastEventID(r)
		connections <- id
		next, _ := strconv.Atoi(id)
		if next++; next > last {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		stream.SSE[stream.Event]{Seq: func(yield func(stream.Event, error) bool) {
			for i := next; i <= last; i++ {
				event := stream.Event{ID: strconv.Itoa(i), Type: "tick", Data: " line " + id + "\n", Retry: 50 * time.Millisecond}
				if !yield(event, nil) {
					return
				}
				if i == 2 { // the connection breaks
					yield(stream.Event{}, errDown)
					return
				}
				if i == 4 { // a clean end
					return
				}
			}
		}}.ServeHTTP(w, r)
	})
	_, report := kittest.Browse(t, mux, "/")
	got := kittest.Await(t, report, "the page has not reported")
	assert.Equal(t, "open 1: line \\n 2: line \\n error open 3: line 2\\n 4: line 2\\n error open 5: line 4\\n 6: line 4\\n error closed", got)
	for _, want := range []string{"", "2", "4", "6"} {
		assert.Equal(t, want, <-connections)
	}
}
