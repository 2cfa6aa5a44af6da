package main

import (
	"errors"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/client"
	"github.com/tenonkit/tenon/examples/client/api"
	"github.com/tenonkit/tenon/internal/kittest"
)

func TestMain(m *testing.M) { kittest.Main(m, main) }

func TestTranscript(t *testing.T) {
	kittest.Replay(t, kittest.Transcript(t, "doc.go"))
}

// The whole way to the stock, without a network.
func TestStock(t *testing.T) {
	c, err := client.New("http://stock", options(client.Transport(newStock())))
	require.NoError(t, err)
	for range 9 { // some of which are answered 503 at first
		item, err := client.Call(t.Context(), c, api.Get, api.Key{SKU: "dowels"})
		require.NoError(t, err)
		assert.Equal(t, 12, item.Left)
	}
	_, err = client.Call(t.Context(), client.InProcess(newStock(), client.Options{}), api.Get, api.Key{SKU: "dowels"})
	failure, ok := errors.AsType[*client.Error](err)
	require.True(t, ok, err)
	assert.Equal(t, http.StatusUnauthorized, failure.Status)
	assert.Equal(t, "Bearer", failure.Header.Get("WWW-Authenticate"))
}
