package feed_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/respond"
)

type note struct {
	respond.OneOf

	Written *struct {
		ID     int    `json:"id"`
		Secret string `json:"secret" writeOnly:"true"`
	}
	Erased *int
}

// elsewhere is a log that is no Memory, as one behind a broker.
type elsewhere struct{ feed.Log[note] }

// The name of the field that is set is the type of the event, and a log keeps the whole.
func TestSSE_oneOf(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		memory := feed.NewMemory[note](feed.Options{})
		written := note{Written: &struct {
			ID     int    `json:"id"`
			Secret string `json:"secret" writeOnly:"true"`
		}{7, "kept"}}
		first, err := memory.Append(t.Context(), "a", note{Erased: new(1)})
		require.NoError(t, err)
		_, err = memory.Append(t.Context(), "a", written)
		require.NoError(t, err)
		_, err = memory.Append(t.Context(), "a", note{})
		require.ErrorContains(t, err, "has 0 fields set")
		for _, log := range []feed.Log[note]{memory, elsewhere{memory}} {
			ctx, cancel := context.WithCancel(t.Context())
			r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
			w := httptest.NewRecorder()
			go feed.SSE[note]{Log: log, Topic: "a", After: first}.ServeHTTP(w, r)
			synctest.Wait()
			cancel()
			synctest.Wait()
			assert.Contains(t, w.Body.String(), "event: Written\ndata: {\"id\":7}\n\n")
		}
		for e, err := range memory.Follow(t.Context(), "a", first) {
			require.NoError(t, err)
			assert.Equal(t, written, e.Value)
			break
		}
	})
}
