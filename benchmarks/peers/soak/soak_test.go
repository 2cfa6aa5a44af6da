package main

import (
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestDeeds does each of them twice, and asks what the service holds then.
func TestDeeds(t *testing.T) {
	h, err := service(t.TempDir())
	require.NoError(t, err)
	server := httptest.NewUnstartedServer(h)
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.Start()
	defer server.Close()
	c := newClient(strings.TrimPrefix(server.URL, "http://"))
	defer c.transport.CloseIdleConnections()
	for _, d := range deeds() {
		t.Run(d.name, func(t *testing.T) {
			for range 2 {
				assert.NoError(t, d.do(c, t.Context()))
			}
		})
	}
	t.Run("a wrong answer", func(t *testing.T) {
		assert.ErrorContains(t, ask(http.StatusOK, "GET", "/nothing", nil, "")(c, t.Context()), "status 404, want 200")
	})
	control := httptest.NewServer(http.HandlerFunc(measureHeld))
	defer control.Close()
	now, err := holds(t.Context(), strings.TrimPrefix(control.URL, "http://"))
	require.NoError(t, err)
	assert.Positive(t, now.Heap)
	assert.GreaterOrEqual(t, now.Goroutines, 3.0)
	assert.GreaterOrEqual(t, now.Descriptors, 3.0)
}

// TestJudge has lines that stay, rise and fall over an hour.
func TestJudge(t *testing.T) {
	line := func(heap, goroutines, descriptors float64) []sample {
		var samples []sample
		for i := range 11 {
			x := float64(i) / 10
			noise := float64(i%2) * 1e5
			samples = append(samples, sample{time.Duration(x * float64(time.Hour)), held{1e6 + noise + x*heap, 9 + x*goroutines, 20 + x*descriptors}})
		}
		return samples
	}
	for _, c := range []struct {
		name    string
		samples []sample
		err     string
	}{
		{"nothing is gathered", line(0, 0, 0), ""},
		{"what falls is no fault", line(-1e6, -9, -9), ""},
		{"below the limits", line(400<<10, 1, 1), ""},
		{"heap", line(600<<10, 0, 0), "the service gathers: heap, KiB"},
		{"the others", line(0, 3, 4), "the service gathers: goroutines; descriptors"},
		{"no line", line(0, 0, 0)[:1], "run longer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, err := judge(c.samples)
			if c.err == "" {
				require.NoError(t, err)
				assert.Contains(t, text, "11 samples over 1h0m0s")
			} else {
				assert.ErrorContains(t, err, c.err)
			}
		})
	}
	text, err := judge(line(100<<10, 1, 0))
	require.NoError(t, err)
	assert.Regexp(t, `(?m)^goroutines +9 +10 +\+1\.0 +\+1\.00 +2$`, text)
}
