package main

import (
	"context"
	_ "embed"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/stream"
)

func TestTranscript(t *testing.T) {
	kittest.Replay(t, ".", kittest.Transcript(t, "doc.go"))
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

// TestEvents_resume drops the connection and goes on without a gap.
func TestEvents_resume(t *testing.T) {
	workshop := NewWorkshop()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go workshop.Work(ctx, time.Millisecond)
	server := httptest.NewServer(newHandler(workshop))
	defer server.Close()
	defer server.CloseClientConnections()
	last := 0
	for range 5 {
		var broken error
		for event, err := range stream.Events(open(t, server.URL, strconv.Itoa(last)).Body) {
			if err != nil {
				broken = err
				break
			}
			last++
			require.Equal(t, strconv.Itoa(last), event.ID)
			if last%10 == 0 {
				workshop.Drop()
			}
		}
		require.ErrorIs(t, broken, io.ErrUnexpectedEOF)
	}
	assert.GreaterOrEqual(t, last, 50)
}

// TestEvents_forgotten holds what a client gets that was away for too long, or
// claims an ID of the future.
func TestEvents_forgotten(t *testing.T) {
	workshop := NewWorkshop()
	for range remembered + 5 {
		workshop.tell("count", Count{})
	}
	for _, last := range []string{"", "0", "3", "-7", "9999", "x"} {
		for event := range workshop.After(t.Context(), last) {
			assert.Equal(t, "6", event.ID, last)
			break
		}
	}
	for event := range workshop.After(t.Context(), "300") {
		assert.Equal(t, "301", event.ID)
		break
	}
}

// TestTable_memory holds that a row costs no memory, however many there are.
func TestTable_memory(t *testing.T) {
	if kittest.RaceEnabled {
		t.Skip("the race detector allocates by itself")
	}
	h := newHandler(NewWorkshop())
	allocated := func(rows string) uint64 {
		var sink kittest.Sink
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		h.ServeHTTP(&sink, httptest.NewRequest(http.MethodGet, "/table?rows="+rows, nil))
		runtime.ReadMemStats(&after)
		assert.Greater(t, sink.Bytes, 1000)
		return after.TotalAlloc - before.TotalAlloc
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
	workshop := NewWorkshop()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	go workshop.Work(ctx, 50*time.Millisecond)
	report := make(chan string, 1)
	mux := http.NewServeMux()
	mux.Handle("/", newHandler(workshop))
	mux.HandleFunc("GET /check", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(check) })
	mux.HandleFunc("POST /report", func(_ http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		report <- string(text)
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	defer server.CloseClientConnections()
	kittest.Chromium(t, server.URL+"/check")
	select {
	case got := <-report:
		assert.Equal(t, "ok", got)
	case <-time.After(60 * time.Second):
		t.Fatal("the page has not reported")
	}
}
