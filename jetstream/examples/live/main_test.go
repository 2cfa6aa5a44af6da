package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/nats-io/nats.go"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/jetstream/embedded"
	"github.com/tenonkit/tenon/stream"
)

func TestMain(m *testing.M) { kittest.Main(m, main) }

func TestTranscript(t *testing.T) {
	t.Parallel()
	kittest.Replay(t, kittest.Transcript(t, "doc.go"), "-dir", t.TempDir(), "-nats-port", "-1")
}

// TestReplicas has a client send its comments to one replica and the other by turns, each
// of them to both, while a page moves from one to the other.
func TestReplicas(t *testing.T) {
	t.Parallel()
	server, err := embedded.Start(t.TempDir(), embedded.Options{Port: -1})
	require.NoError(t, err)
	t.Cleanup(server.Close)
	var urls []string
	for range 2 {
		conn, err := nats.Connect(server.URL())
		require.NoError(t, err)
		t.Cleanup(conn.Close)
		handler, err := newHandler(t.Context(), conn)
		require.NoError(t, err)
		replica := httptest.NewServer(handler)
		t.Cleanup(replica.Close)
		t.Cleanup(replica.CloseClientConnections)
		urls = append(urls, replica.URL)
	}
	last := ""
	for n, text := range []string{"one", "two", "three", "four"} {
		for i := range 2 {
			response := do(t, http.MethodPost, urls[(n+i)%2]+"/comments", `{"text":"`+text+`"}`, http.Header{"Content-Type": {"application/json"}, "Idempotency-Key": {text}})
			assert.Equal(t, http.StatusOK, response.StatusCode)
			assert.Equal(t, i == 1, response.Header.Get("Idempotency-Replayed") == "true")
		}
		header := http.Header{}
		if last != "" {
			header.Set("Last-Event-ID", last)
		}
		for event, err := range stream.Events(do(t, http.MethodGet, urls[n%2]+"/events", "", header).Body) {
			require.NoError(t, err)
			assert.JSONEq(t, `{"text":"`+text+`"}`, event.Data)
			last = event.ID
			break
		}
	}
}

func do(t *testing.T, method, url, body string, header http.Header) *http.Response {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	r.Header = header
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}
