package idempotency_test

import (
	"crypto/rand"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/conformance"
	"github.com/tenonkit/tenon/middleware/idempotency"
)

func TestMemory_conformance(t *testing.T) {
	t.Parallel()
	conformance.RunStore(t, func(*testing.T) (one, two idempotency.Store) {
		m := idempotency.NewMemory(0)
		return m, m
	})
}

const (
	recordSize = 1000
	entrySize  = recordSize + 512 // as NewMemory counts
)

// fill puts n records of the same size and returns their keys.
func fill(t *testing.T, m *idempotency.Memory, n int, keep time.Duration) (keys []string) {
	t.Helper()
	for range n {
		key := rand.Text()
		_, err := m.Put(t.Context(), key, make([]byte, recordSize), 0, keep)
		require.NoError(t, err)
		keys = append(keys, key)
	}
	return keys
}

// held returns how many of the keys have a record.
func held(t *testing.T, m *idempotency.Memory, keys []string) (n int) {
	t.Helper()
	for _, key := range keys {
		_, revision, err := m.Get(t.Context(), key)
		require.NoError(t, err)
		if revision != 0 {
			n++
		}
	}
	return n
}

// TestMemory_bound forgets the oldest records where there is no room, but none that is
// younger than a minute.
func TestMemory_bound(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := idempotency.NewMemory(10 * entrySize)
		first := fill(t, m, 5, time.Hour)
		time.Sleep(30 * time.Second)
		second := fill(t, m, 5, time.Hour)
		_, err := m.Put(t.Context(), "one too many", make([]byte, recordSize), 0, time.Hour)
		require.ErrorContains(t, err, "full")
		require.NotErrorIs(t, err, idempotency.ErrConflict)

		time.Sleep(30 * time.Second)
		third := fill(t, m, 2, time.Hour)
		assert.Equal(t, 0, held(t, m, first[:2]), "the oldest")
		assert.Equal(t, 3, held(t, m, first[2:]))
		assert.Equal(t, 5, held(t, m, second))

		// A record that is written anew is young again, and needs room for its growth alone.
		_, revision, err := m.Get(t.Context(), first[2])
		require.NoError(t, err)
		_, err = m.Put(t.Context(), first[2], make([]byte, recordSize), revision, time.Hour)
		require.NoError(t, err)
		_, err = m.Put(t.Context(), "larger than two", make([]byte, 2*recordSize+300), 0, time.Hour)
		require.NoError(t, err)
		assert.Equal(t, 1, held(t, m, first))
		assert.Equal(t, 5, held(t, m, second))
		assert.Equal(t, 2, held(t, m, third))
		time.Sleep(time.Minute)
		_, err = m.Put(t.Context(), "larger than all", make([]byte, 11*entrySize), 0, time.Hour)
		require.ErrorContains(t, err, "larger than the memory store")
		assert.Equal(t, 5, held(t, m, second), "nothing is given up in vain")
	})
}

// TestMemory_growth gives up others for a record that grows, and not the record itself.
func TestMemory_growth(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := idempotency.NewMemory(3 * entrySize)
		keys := fill(t, m, 3, time.Hour)
		time.Sleep(time.Minute)
		_, revision, err := m.Get(t.Context(), keys[0])
		require.NoError(t, err)
		_, err = m.Put(t.Context(), keys[0], make([]byte, recordSize+entrySize), revision, time.Hour)
		require.NoError(t, err)
		assert.Equal(t, 1, held(t, m, keys[:1]))
		assert.Equal(t, 0, held(t, m, keys[1:2]))
		assert.Equal(t, 1, held(t, m, keys[2:]))
	})
}

// TestMemory_expiry has room again once the time of records is over.
func TestMemory_expiry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := idempotency.NewMemory(10 * entrySize)
		for range 10 {
			fill(t, m, 10, 10*time.Second)
			time.Sleep(10 * time.Second)
		}
		keys := fill(t, m, 1, time.Second)
		_, revision, err := m.Get(t.Context(), keys[0])
		require.NoError(t, err)
		time.Sleep(time.Second)
		_, err = m.Put(t.Context(), keys[0], nil, revision, time.Second)
		require.ErrorIs(t, err, idempotency.ErrConflict, "it is gone")
		require.ErrorIs(t, m.Delete(t.Context(), keys[0], revision), idempotency.ErrConflict)
		fill(t, m, 10, time.Second)
	})
}

// TestMemory_full refuses a request that could not be told from its retry.
func TestMemory_full(t *testing.T) {
	t.Parallel()
	s := &service{do: creates}
	h := accessLog(io.Discard)(idempotency.New(idempotency.NewMemory(1), everybody)(s))
	assert.Equal(t, http.StatusServiceUnavailable, send(t.Context(), h, http.MethodPost, "/", "a", keyed(key)).Code)
	assert.Zero(t, s.ran())
}
