package main

import (
	"context"
	_ "embed"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/stream"
)

func TestMain(m *testing.M) { kittest.Main(m, main) }

func TestTranscript(t *testing.T) {
	kittest.Replay(t, kittest.Transcript(t, "doc.go"))
}

func open(t *testing.T, url, last string) *http.Response {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/events", nil)
	require.NoError(t, err)
	if last != "" {
		request.Header.Set("Last-Event-ID", last)
	}
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	t.Cleanup(func() { _ = response.Body.Close() })
	return response
}

func newWorkshop(t *testing.T) *Workshop {
	t.Helper()
	workshop, err := NewWorkshop(t.Context())
	require.NoError(t, err)
	return workshop
}

// work lets the workshop work until the test ends.
func work(t *testing.T, workshop *Workshop, pause time.Duration) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- workshop.Work(ctx, pause) }()
	t.Cleanup(func() {
		cancel()
		assert.ErrorIs(t, <-ended, context.Canceled)
	})
}

// TestEvents_resume drops the connection and goes on without a gap.
func TestEvents_resume(t *testing.T) {
	workshop := newWorkshop(t)
	work(t, workshop, time.Millisecond)
	server := httptest.NewServer(newHandler(workshop))
	defer server.Close()
	defer server.CloseClientConnections()
	last, seen := "", 0
	for range 5 {
		for event, err := range stream.Events(open(t, server.URL, last).Body) {
			require.NoError(t, err)
			last = event.ID
			board := seen/3 + 1
			require.Equal(t, [...]string{"count", "log", "progress"}[seen%3], event.Type)
			require.Equal(t, [...]string{
				fmt.Sprintf(`{"boards":%d}`, board), fmt.Sprintf(`{"text":"Board %d is planed."}`, board),
				fmt.Sprintf(`{"done":%d,"total":40}`, (board-1)%40+1),
			}[seen%3], event.Data)
			if seen++; seen%10 == 0 {
				workshop.Drop()
			}
		}
	}
	assert.GreaterOrEqual(t, seen, 50)
}

// TestEvents_forgotten holds what a client gets that was away for too long, or comes
// with an ID of another life.
func TestEvents_forgotten(t *testing.T) {
	workshop := newWorkshop(t)
	for range remembered + 5 {
		_, err := workshop.log.Append(t.Context(), topic, Count{})
		require.NoError(t, err)
	}
	server := httptest.NewServer(newHandler(workshop))
	defer server.Close()
	defer server.CloseClientConnections()
	newest, err := workshop.log.Last(t.Context(), topic)
	require.NoError(t, err)
	for _, last := range []string{"", workshop.start, "x-1", newest + "0"} {
		for event := range stream.Events(open(t, server.URL, last).Body) {
			assert.Equal(t, stream.Event{ID: newest, Type: "reset", Data: "{}"}, event, last)
			break
		}
	}
}

// TestTable_memory holds that a row costs no memory, however many there are.
func TestTable_memory(t *testing.T) {
	kittest.Measures(t)
	h := newHandler(newWorkshop(t))
	allocated := func(rows string) uint64 {
		var sink kittest.Sink
		used := kittest.TotalAlloc(func() { h.ServeHTTP(&sink, httptest.NewRequest(http.MethodGet, "/table?rows="+rows, nil)) })
		assert.Greater(t, sink.Bytes, 1000)
		return used
	}
	allocated("1000")
	assert.Less(t, allocated("500000"), uint64(1<<20), "bytes for about 20 MB of rows")
}

//go:embed testdata/check.html
var check []byte

// TestPage lets Chromium use the page: the drop of the connection must neither
// lose a line of the log nor repeat one.
func TestPage(t *testing.T) {
	kittest.Need(t, "chromium")
	workshop := newWorkshop(t)
	work(t, workshop, 50*time.Millisecond)
	mux := http.NewServeMux()
	mux.Handle("/", newHandler(workshop))
	mux.HandleFunc("GET /check", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(check) })
	_, report := kittest.Browse(t, mux, "/check")
	assert.Equal(t, "ok", kittest.Await(t, report, "the page has not reported"))
}
