package main

import (
	"bytes"
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
)

// TestRun holds that a request has its span and its measurements, under the pattern of its
// route.
func TestRun(t *testing.T) {
	t.Parallel()
	addr, database := kittest.FreeAddress(t), filepath.Join(t.TempDir(), "test.db")
	ctx, stop := context.WithCancel(t.Context())
	var out bytes.Buffer
	ended := make(chan error, 1)
	go func() { ended <- run(ctx, addr, database, &out) }()
	require.Eventually(t, func() bool {
		response, err := http.Get("http://" + addr + "/api/articles/x")
		if err != nil {
			return false
		}
		defer response.Body.Close()
		return response.StatusCode == http.StatusNotFound
	}, kittest.Patience, 20*time.Millisecond)
	stop()
	require.NoError(t, <-ended)
	assert.Contains(t, out.String(), `"Name":"GET /api/articles/{slug}"`)
	assert.Contains(t, out.String(), `"Name":"http.server.request.duration"`)
	assert.Equal(t, 1, strings.Count(out.String(), `"Name":"GET /api/articles/{slug}"`))
}
