package idempotency_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/middleware/idempotency"
)

// A replica is one of several processes that share a store. Once it is dead, nothing of
// it reaches the store.
type replica struct {
	idempotency.Store

	mu   sync.Mutex
	dead error
	puts int
}

func (s *replica) die(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dead = err
}

func (s *replica) state() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.puts++
	return s.dead
}

func (s *replica) Put(ctx context.Context, key string, record []byte, revision uint64, keep time.Duration) (uint64, error) {
	if err := s.state(); err != nil {
		return 0, err
	}
	return s.Store.Put(ctx, key, record, revision, keep)
}

func (s *replica) Delete(ctx context.Context, key string, revision uint64) error {
	if err := s.state(); err != nil {
		return err
	}
	return s.Store.Delete(ctx, key, revision)
}

var errDead = errors.New("dead")

// takes answers after a time.
func takes(d time.Duration) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		time.Sleep(d)
		w.WriteHeader(http.StatusCreated)
		_, _ = w.Write(text)
	}
}

// start sends a request that takes its time.
func start(t *testing.T, h http.Handler) (done chan *httptest.ResponseRecorder) {
	t.Helper()
	done = make(chan *httptest.ResponseRecorder, 1)
	go func() { done <- send(t.Context(), h, http.MethodPost, "/", "a", keyed(key)) }()
	synctest.Wait()
	return done
}

// TestLease_renewed goes on for as long as the request runs, and costs one change of the
// store every ten seconds.
func TestLease_renewed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		store := &replica{Store: idempotency.NewMemory(0)}
		s := &service{do: takes(time.Hour)}
		h := idempotency.New(store, everybody)(s)
		done := start(t, h)
		for i := range 59 {
			time.Sleep(time.Minute)
			assert.Equal(t, http.StatusConflict, send(t.Context(), h, http.MethodPost, "/", "a", keyed(key)).Code)
			// The lease knows the hash by now.
			assert.Equal(t, http.StatusUnprocessableEntity, send(t.Context(), h, http.MethodPost, "/", "b", keyed(key)).Code, i)
		}
		assert.Equal(t, http.StatusCreated, (<-done).Code)
		assert.Equal(t, 1, s.ran())
		assert.Less(t, store.puts, 6*60+2*59+10)
		assert.Equal(t, http.StatusCreated, send(t.Context(), h, http.MethodPost, "/", "a", keyed(key)).Code)
		assert.Zero(t, s.ran())
	})
}

// TestLease_killed is a process that is killed between what its request has done and the
// record of that: after 30 seconds the request runs again. That is why the package says
// at-least-once.
func TestLease_killed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shared := idempotency.NewMemory(0)
		killed := &replica{Store: shared}
		s := &service{do: takes(time.Hour)}
		done := start(t, idempotency.New(killed, everybody)(s))
		time.Sleep(15 * time.Second) // after a renewal
		killed.die(errDead)
		s.do = creates
		other := idempotency.New(shared, everybody)(s)
		time.Sleep(24 * time.Second)
		assert.Equal(t, http.StatusConflict, send(t.Context(), other, http.MethodPost, "/", "a", keyed(key)).Code)
		time.Sleep(2 * time.Second)
		w := send(t.Context(), other, http.MethodPost, "/", "a", keyed(key))
		assert.Equal(t, http.StatusCreated, w.Code)
		assert.Empty(t, w.Header()["Idempotency-Replayed"])
		assert.Equal(t, 2, s.ran())
		<-done
	})
}

// TestLease_lost is a process that was stopped for so long that another has taken over.
// What that one keeps stays.
func TestLease_lost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shared := idempotency.NewMemory(0)
		stopped := &replica{Store: shared}
		first := &service{do: func(w http.ResponseWriter, r *http.Request) {
			takes(2*time.Minute)(w, r)
			_, _ = io.WriteString(w, " of the first")
		}}
		done := start(t, idempotency.New(stopped, everybody)(first))
		stopped.die(errDead)
		time.Sleep(31 * time.Second)
		second := &service{do: creates}
		other := idempotency.New(shared, everybody)(second)
		assert.Equal(t, http.StatusCreated, send(t.Context(), other, http.MethodPost, "/", "a", keyed(key)).Code)
		stopped.die(nil)
		assert.Equal(t, "a of the first", (<-done).Body.String())
		again := send(t.Context(), other, http.MethodPost, "/", "a", keyed(key))
		assert.Equal(t, "a", again.Body.String())
		assert.Equal(t, 1, second.ran())
	})
}

// TestLease_forgotten is a store that could not be reached for longer than a lease, while
// nobody asked for the key.
func TestLease_forgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		shared := idempotency.NewMemory(0)
		away := &replica{Store: shared}
		s := &service{do: takes(2 * time.Minute)}
		h := idempotency.New(away, everybody)(s)
		done := start(t, h)
		away.die(errDead)
		time.Sleep(31 * time.Second)
		away.die(nil)
		time.Sleep(5 * time.Second)
		assert.Equal(t, http.StatusConflict, send(t.Context(), h, http.MethodPost, "/", "a", keyed(key)).Code)
		assert.Equal(t, http.StatusCreated, (<-done).Code)
		assert.Equal(t, "true", send(t.Context(), h, http.MethodPost, "/", "a", keyed(key)).Header().Get("Idempotency-Replayed"))
		assert.Equal(t, 1, s.ran())
	})
}

// TestTTL forgets an answer a time after it was given.
func TestTTL(t *testing.T) {
	t.Parallel()
	for ttl, opts := range map[time.Duration][]idempotency.Option{
		24 * time.Hour: nil,
		time.Second:    {idempotency.TTL(time.Second)},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &service{do: takes(time.Minute)}
			h := idempotency.New(forever{idempotency.NewMemory(0)}, everybody, opts...)(s)
			for _, wait := range []time.Duration{0, ttl - time.Millisecond} {
				time.Sleep(wait)
				assert.Equal(t, http.StatusCreated, send(t.Context(), h, http.MethodPost, "/", "a", keyed(key)).Code)
				assert.Equal(t, 1-int(min(wait, 1)), s.ran())
			}
			time.Sleep(time.Millisecond)
			w := send(t.Context(), h, http.MethodPost, "/", "another", keyed(key))
			assert.Equal(t, http.StatusCreated, w.Code)
			assert.Empty(t, w.Header()["Idempotency-Replayed"])
			assert.Equal(t, 1, s.ran())
		})
	}
}

// forever is a store that forgets nothing by itself.
type forever struct{ idempotency.Store }

func (s forever) Put(ctx context.Context, key string, record []byte, revision uint64, _ time.Duration) (uint64, error) {
	return s.Store.Put(ctx, key, record, revision, 1<<62)
}

// TestLease_logs says that it could not be renewed. The default logger is that of the
// whole program.
func TestLease_logs(t *testing.T) {
	var log bytes.Buffer
	defer slog.SetDefault(slog.Default())
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	synctest.Test(t, func(t *testing.T) {
		store := &replica{Store: idempotency.NewMemory(0)}
		done := start(t, idempotency.New(store, everybody)(takes(20*time.Second)))
		store.die(errDead)
		<-done
	})
	assert.Contains(t, log.String(), "could not renew its lease")
	assert.Equal(t, 4, strings.Count(log.String(), "could not renew"), "after 10, 13, 16 and 19 seconds")
}
