package stream_test

import (
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/stream"
)

// TestWriteTimeout_sockets holds over HTTP/1.1 and HTTP/2 that a client which
// stops reading is cut off with the same error, whoever writes at that time, and
// sees that the response is truncated.
func TestWriteTimeout_sockets(t *testing.T) {
	t.Parallel()
	for name, policy := range map[string]stream.Policy{"on demand": stream.OnDemand, "each item": stream.EachItem} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ended := make(chan error, 1)
			options := &stream.Options{Flush: policy, WriteTimeout: 50 * time.Millisecond, OnEnd: func(err error) { ended <- err }}
			h := stream.Text{Seq: times(1<<20, strings.Repeat("x", 8192)), Options: options}
			kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.URL, nil)
				require.NoError(t, err)
				response, err := s.Client.Do(request)
				require.NoError(t, err)
				err = <-ended
				require.ErrorIs(t, err, os.ErrDeadlineExceeded)
				require.ErrorContains(t, err, "the client took nothing for 50ms")
				_, err = io.Copy(io.Discard, response.Body)
				require.Error(t, err)
				_ = response.Body.Close()
			})
		})
	}
}

// TestBody_again holds that a reader which was closed with the first response
// does not make the second one empty, but a failure.
func TestBody_again(t *testing.T) {
	t.Parallel()
	file, err := os.Open("doc.go")
	require.NoError(t, err)
	h := stream.Body{Reader: file}
	kittest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r) }),
		func(t *testing.T, s *kittest.Server) {
			t.Helper()
			got := s.Get(t, "/")
			if got.StatusCode == http.StatusOK {
				assert.Contains(t, got.Text, "package stream")
				got = s.Get(t, "/")
			}
			assert.Equal(t, http.StatusInternalServerError, got.StatusCode)
		})
}
