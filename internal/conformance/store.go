package conformance

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/middleware/idempotency"
)

// RunStore holds a store to what [idempotency.Store] says, and to what the middleware
// makes of it. open returns a store that is empty, as two processes see it; the keys of
// each row are its own.
func RunStore(t *testing.T, open func(t *testing.T) (one, two idempotency.Store)) {
	t.Helper()
	one, two := open(t)
	s := &stores{one: one, two: two}
	for name, run := range map[string]func(t *testing.T){
		"put and get":              s.putAndGet,
		"put of another revision":  s.putConflicts,
		"delete":                   s.deletes,
		"revisions are not reused": s.revisions,
		"records of any bytes":     s.anyBytes,
		"keys are apart":           s.keysApart,
		"first of many":            s.firstOfMany,
		"compare and swap":         s.swaps,
		"a request runs once":      s.runsOnce,
		"an answer is kept":        s.replays,
		"a failure is not kept":    s.releases,
	} {
		t.Run(name, run)
	}
}

type stores struct{ one, two idempotency.Store }

// keep is longer than any test takes.
const keep = time.Hour

// newKey returns a key that nobody has used, as the middleware makes it.
func newKey() string {
	sum := sha256.Sum256([]byte(rand.Text()))
	return hex.EncodeToString(sum[:])
}

// put puts a record that has to be the next.
func put(t *testing.T, s idempotency.Store, key, record string, revision uint64) uint64 {
	t.Helper()
	next, err := s.Put(t.Context(), key, []byte(record), revision, keep)
	require.NoError(t, err)
	require.NotZero(t, next)
	require.NotEqual(t, revision, next)
	return next
}

// has holds that a key has a record of a revision, which is 0 for none.
func has(t *testing.T, s idempotency.Store, key, record string, revision uint64) {
	t.Helper()
	got, found, err := s.Get(t.Context(), key)
	require.NoError(t, err)
	assert.Equal(t, revision, found)
	assert.Equal(t, record, string(got))
}

func (s *stores) putAndGet(t *testing.T) {
	t.Helper()
	key := newKey()
	has(t, s.one, key, "", 0)
	first := put(t, s.one, key, "a", 0)
	has(t, s.one, key, "a", first)
	has(t, s.two, key, "a", first)
	second := put(t, s.two, key, "b", first)
	has(t, s.one, key, "b", second)
}

func (s *stores) putConflicts(t *testing.T) {
	t.Helper()
	key := newKey()
	first := put(t, s.one, key, "a", 0)
	second := put(t, s.two, key, "b", first)
	for _, wrong := range []uint64{0, first, second + 1000} {
		_, err := s.one.Put(t.Context(), key, []byte("c"), wrong, keep)
		require.ErrorIs(t, err, idempotency.ErrConflict, wrong)
	}
	_, err := s.one.Put(t.Context(), newKey(), []byte("c"), second, keep)
	require.ErrorIs(t, err, idempotency.ErrConflict, "there is no record")
	has(t, s.one, key, "b", second)
}

func (s *stores) deletes(t *testing.T) {
	t.Helper()
	key := newKey()
	require.ErrorIs(t, s.one.Delete(t.Context(), key, 1), idempotency.ErrConflict, "there is no record")
	first := put(t, s.one, key, "a", 0)
	second := put(t, s.one, key, "b", first)
	require.ErrorIs(t, s.two.Delete(t.Context(), key, first), idempotency.ErrConflict)
	has(t, s.one, key, "b", second)
	require.NoError(t, s.two.Delete(t.Context(), key, second))
	has(t, s.one, key, "", 0)
	require.ErrorIs(t, s.one.Delete(t.Context(), key, second), idempotency.ErrConflict)
}

// revisions tells a record from one that was deleted and has come back.
func (s *stores) revisions(t *testing.T) {
	t.Helper()
	key := newKey()
	first := put(t, s.one, key, "a", 0)
	require.NoError(t, s.one.Delete(t.Context(), key, first))
	second := put(t, s.two, key, "a", 0)
	require.NotEqual(t, first, second)
	_, err := s.one.Put(t.Context(), key, []byte("b"), first, keep)
	require.ErrorIs(t, err, idempotency.ErrConflict)
	require.ErrorIs(t, s.one.Delete(t.Context(), key, first), idempotency.ErrConflict)
	has(t, s.one, key, "a", second)
}

func (s *stores) anyBytes(t *testing.T) {
	t.Helper()
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	for _, record := range [][]byte{{0}, all, bytes.Repeat(all, 300<<10/len(all))} {
		key := newKey()
		put(t, s.one, key, string(record), 0)
		got, _, err := s.two.Get(t.Context(), key)
		require.NoError(t, err)
		require.True(t, bytes.Equal(record, got), "%d bytes", len(record))
	}
}

func (s *stores) keysApart(t *testing.T) {
	t.Helper()
	a, b := newKey(), newKey()
	ofA := put(t, s.one, a, "a", 0)
	ofB := put(t, s.one, b, "b", 0)
	require.NoError(t, s.one.Delete(t.Context(), a, ofA))
	has(t, s.two, b, "b", ofB)
}

// rounds and callers are how often how many try the same at once.
const (
	rounds  = 100
	callers = 10
)

// atOnce calls f for each caller.
func atOnce(f func(i int)) {
	var all sync.WaitGroup
	start := make(chan struct{})
	for i := range callers {
		all.Go(func() {
			<-start
			f(i)
		})
	}
	close(start)
	all.Wait()
}

// of returns one store and the other by turns.
func (s *stores) of(i int) idempotency.Store {
	if i%2 == 0 {
		return s.one
	}
	return s.two
}

func (s *stores) firstOfMany(t *testing.T) {
	t.Helper()
	for range rounds {
		key := newKey()
		var won atomic.Int64
		atOnce(func(i int) {
			_, err := s.of(i).Put(t.Context(), key, []byte{byte(i)}, 0, keep)
			if err == nil {
				won.Add(1)
				return
			}
			assert.ErrorIs(t, err, idempotency.ErrConflict)
		})
		require.EqualValues(t, 1, won.Load())
	}
}

// swaps counts in a record, which loses nothing.
func (s *stores) swaps(t *testing.T) {
	t.Helper()
	key := newKey()
	put(t, s.one, key, "0", 0)
	atOnce(func(i int) {
		of := s.of(i)
		for done := 0; done < 10; {
			text, revision, err := of.Get(t.Context(), key)
			n, fault := strconv.Atoi(string(text))
			if err = errors.Join(err, fault); err != nil {
				t.Error(err)
				return
			}
			switch _, err := of.Put(t.Context(), key, strconv.AppendInt(nil, int64(n+1), 10), revision, keep); {
			case err == nil:
				done++
			case !assert.ErrorIs(t, err, idempotency.ErrConflict):
				return
			}
		}
	})
	text, _, err := s.two.Get(t.Context(), key)
	require.NoError(t, err)
	assert.Equal(t, strconv.Itoa(10*callers), string(text))
}

// replicas returns h behind the middleware in each of two processes.
func (s *stores) replicas(h http.HandlerFunc) [2]http.Handler {
	everybody := func(*http.Request) string { return "everybody" }
	return [2]http.Handler{idempotency.New(s.one, everybody)(h), idempotency.New(s.two, everybody)(h)}
}

// post sends a request with a key to h.
func post(ctx context.Context, h http.Handler, key string) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/orders", strings.NewReader(`{"item":1}`))
	r.Header.Set("Idempotency-Key", key)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// runsOnce sends a request many times at once to both processes. One of them runs, and
// the others are told to wait or are given its answer.
func (s *stores) runsOnce(t *testing.T) {
	t.Helper()
	var runs atomic.Int64
	replicas := s.replicas(func(w http.ResponseWriter, r *http.Request) {
		runs.Add(1)
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write([]byte("order of " + idempotency.KeyFrom(r.Context())))
	})
	for range rounds {
		runs.Store(0)
		key := rand.Text()
		var created atomic.Int64
		atOnce(func(i int) {
			w := post(t.Context(), replicas[i%2], key)
			if w.Code == http.StatusConflict {
				assert.NotEmpty(t, w.Header()["Retry-After"])
				return
			}
			created.Add(1)
			assert.Equal(t, http.StatusCreated, w.Code)
			assert.Equal(t, "order of "+key, w.Body.String())
		})
		require.EqualValues(t, 1, runs.Load())
		require.GreaterOrEqual(t, created.Load(), int64(1))
	}
}

func (s *stores) replays(t *testing.T) {
	t.Helper()
	key, runs := rand.Text(), 0
	replicas := s.replicas(func(w http.ResponseWriter, _ *http.Request) {
		runs++
		w.Header()["X-Own"] = []string{"one", "tw\xf6"}
		w.WriteHeader(http.StatusAccepted)
		_, _ = w.Write([]byte{0, 255})
	})
	first := post(t.Context(), replicas[0], key)
	assert.Empty(t, first.Header()["Idempotency-Replayed"])
	for _, h := range replicas {
		again := post(t.Context(), h, key)
		assert.Equal(t, []string{"true"}, again.Header()["Idempotency-Replayed"])
		again.Header().Del("Idempotency-Replayed")
		assert.Equal(t, first.Code, again.Code)
		assert.Equal(t, first.Header(), again.Header())
		assert.Equal(t, first.Body, again.Body)
	}
	assert.Equal(t, 1, runs)
}

func (s *stores) releases(t *testing.T) {
	t.Helper()
	key, runs := rand.Text(), 0
	replicas := s.replicas(func(w http.ResponseWriter, _ *http.Request) {
		runs++
		w.WriteHeader(http.StatusServiceUnavailable)
	})
	for _, h := range replicas {
		assert.Equal(t, http.StatusServiceUnavailable, post(t.Context(), h, key).Code)
	}
	assert.Equal(t, 2, runs)
}
