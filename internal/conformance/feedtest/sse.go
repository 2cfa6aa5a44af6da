package feedtest

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/stream"
)

// A client reads an event stream as a browser does: it knows the last id that it
// was sent.
type client struct {
	t    *testing.T
	s    *kittest.Server
	last string
}

// connect reads events until take reports false.
func (c *client) connect(ctx context.Context, take func(stream.Event) bool) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.s.URL, nil)
	require.NoError(c.t, err)
	if c.last != "" {
		request.Header.Set("Last-Event-ID", c.last)
	}
	response, err := c.s.Client.Do(request)
	require.NoError(c.t, err)
	defer response.Body.Close()
	require.Equal(c.t, http.StatusOK, response.StatusCode)
	for event, err := range stream.Events(response.Body) {
		require.NoError(c.t, err)
		c.last = event.ID
		if !take(event) {
			return
		}
	}
	require.Fail(c.t, "the stream has ended")
}

func serve(t *testing.T, open Opener, keep int, fn func(l tester, c *client)) {
	t.Helper()
	for _, behind := range []string{"alone", "behind another log"} {
		t.Run(behind, func(t *testing.T) {
			var l tester
			h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				log := l.Log
				if behind != "alone" {
					log = l // SSE knows the logs of its own package.
				}
				feed.SSE[Value]{Log: log, Topic: "a", After: r.URL.Query().Get("after")}.ServeHTTP(w, r)
			})
			kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				l = start(t, open, keep)
				fn(l, &client{t: t, s: s})
			})
		})
	}
}

// sseResumes breaks the connection off after every few events, while more of them
// come.
func sseResumes(t *testing.T, open Opener) {
	t.Helper()
	const all = 200
	serve(t, open, all, func(l tester, c *client) {
		c.last = l.last("a")
		more := make(chan struct{}, all) // what was read lets twice as much be written
		more <- struct{}{}
		var appending sync.WaitGroup // a client may have an event before Append returns
		defer appending.Wait()
		defer close(more)
		appending.Go(func() {
			for n := range all {
				if n%2 == 0 {
					<-more
				}
				_, err := l.Append(l.ctx, "a", Value{N: n, Kind: "news", Text: "two\nlines"})
				assert.NoError(c.t, err)
			}
		})
		for want := 0; want < all; {
			until := min(want+1+want%17, all)
			c.connect(l.ctx, func(event stream.Event) bool {
				var v Value
				require.NoError(c.t, encode.Unmarshal([]byte(event.Data), &v))
				require.Equal(c.t, Value{N: want, Kind: "news", Text: "two\nlines"}, v)
				require.Equal(c.t, "news", event.Type)
				more <- struct{}{}
				want++
				return want < until
			})
		}
	})
}

func sseResets(t *testing.T, open Opener) {
	t.Helper()
	serve(t, open, 4, func(l tester, c *client) {
		old := l.fill(0, 10)
		for _, c.last = range []string{old[0], "of-another-life", "x"} {
			last := l.last("a")
			n := 0
			c.connect(l.ctx, func(event stream.Event) bool {
				if n++; n == 1 {
					assert.Equal(c.t, stream.Event{ID: last, Type: "reset", Data: "{}"}, event)
					last = l.append("a", Value{N: 77})
					return true
				}
				assert.Equal(c.t, stream.Event{ID: last, Data: `{"n":77}`}, event)
				return false
			})
		}
		c.last = old[9]
		c.connect(l.ctx, func(event stream.Event) bool {
			assert.JSONEq(c.t, `{"n":77}`, event.Data)
			return false
		})
	})
}

// sseBegins has a client break off before it has seen an event.
func sseBegins(t *testing.T, open Opener) {
	t.Helper()
	serve(t, open, 10, func(l tester, c *client) {
		l.fill(0, 3)
		ctx, cancel := context.WithTimeout(l.ctx, limit)
		defer cancel()
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.s.URL, nil)
		require.NoError(c.t, err)
		response, err := c.s.Client.Do(request)
		require.NoError(c.t, err)
		want := ":\n\nid: " + l.last("a") + "\n\n"
		got := make([]byte, len(want))
		for n := 0; n < len(got); {
			read, err := response.Body.Read(got[n:])
			require.NoError(c.t, err)
			n += read
		}
		assert.Equal(c.t, want, string(got))
		_ = response.Body.Close()
		c.last = l.last("a")
		l.append("a", Value{N: 3})
		c.connect(l.ctx, func(event stream.Event) bool {
			assert.JSONEq(c.t, `{"n":3}`, event.Data)
			return false
		})
	})
}
