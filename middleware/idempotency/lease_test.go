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
	"github.com/stretchr/testify/require"

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

// A failing store fails from the nth call on.
type failing struct {
	idempotency.Store

	mu   sync.Mutex
	from int
}

func (s *failing) next() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.from--; s.from < 0 {
		return errors.New("the secret name of the store")
	}
	return nil
}

func (s *failing) Get(ctx context.Context, key string) ([]byte, uint64, error) {
	if err := s.next(); err != nil {
		return nil, 0, err
	}
	return s.Store.Get(ctx, key)
}

func (s *failing) Put(ctx context.Context, key string, record []byte, revision uint64, keep time.Duration) (uint64, error) {
	if err := s.next(); err != nil {
		return 0, err
	}
	return s.Store.Put(ctx, key, record, revision, keep)
}

func (s *failing) Delete(ctx context.Context, key string, revision uint64) error {
	if err := s.next(); err != nil {
		return err
	}
	return s.Store.Delete(ctx, key, revision)
}

// TestStore_fails refuses a request of which nobody knows whether it has run, and gives
// the answer of one that has.
func TestStore_fails(t *testing.T) {
	t.Parallel()
	// Calls of a retry are Put, which conflicts, and Get; of a first request Put, and Put
	// or Delete.
	for name, tc := range map[string]struct {
		from, status, runs int
		do                 http.HandlerFunc
		prepare            bool
		log                string
	}{
		"claim":   {0, http.StatusServiceUnavailable, 0, creates, false, "the secret name"},
		"get":     {1, http.StatusServiceUnavailable, 0, creates, true, "the secret name"},
		"keep":    {1, http.StatusCreated, 1, creates, false, "was not kept"},
		"release": {1, http.StatusNotFound, 1, answers(http.StatusNotFound), false, "was not released"},
		"none":    {2, http.StatusCreated, 1, creates, false, ""},
	} {
		shared := idempotency.NewMemory(0)
		s := &service{do: tc.do}
		if tc.prepare {
			send(t.Context(), idempotency.New(shared, everybody)(s), http.MethodPost, "/", "a", keyed(key))
			s.ran()
		}
		var log bytes.Buffer
		h := accessLog(&log)(idempotency.New(&failing{Store: shared, from: tc.from}, everybody)(s))
		w := send(t.Context(), h, http.MethodPost, "/", "a", keyed(key))
		assert.Equal(t, tc.status, w.Code, name)
		assert.Equal(t, tc.runs, s.ran(), name)
		assert.NotContains(t, w.Body.String(), "secret")
		if w.Code == http.StatusServiceUnavailable {
			assert.Equal(t, "1", w.Header().Get("Retry-After"))
			assert.Contains(t, detailOf(t, w.Body.String()), "send it again later")
		}
		if tc.log == "" {
			assert.NotContains(t, log.String(), "error")
		} else {
			assert.Contains(t, log.String(), tc.log, name)
		}
	}
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

// TestClaim_contended gives up where others are faster every time.
func TestClaim_contended(t *testing.T) {
	t.Parallel()
	s := &service{do: creates}
	h := idempotency.New(contended{idempotency.NewMemory(0)}, everybody)(s)
	w := send(t.Context(), h, http.MethodPost, "/", "a", keyed(key))
	assert.Equal(t, http.StatusConflict, w.Code)
	assert.Equal(t, "1", w.Header().Get("Retry-After"))
	assert.Zero(t, s.ran())
}

// contended is a store that answers Get from before.
type contended struct{ idempotency.Store }

func (contended) Put(context.Context, string, []byte, uint64, time.Duration) (uint64, error) {
	return 0, idempotency.ErrConflict
}

// broken is a store that has something else under every key.
type broken struct {
	contended

	record []byte
}

func (s broken) Get(context.Context, string) ([]byte, uint64, error) { return s.record, 1, nil }

// recorder is a store that shows what is put.
type recorder struct {
	idempotency.Store

	records [][]byte
}

func (s *recorder) Put(ctx context.Context, key string, record []byte, revision uint64, keep time.Duration) (uint64, error) {
	s.records = append(s.records, record)
	return s.Store.Put(ctx, key, record, revision, keep)
}

// recordsOf returns records of all states.
func recordsOf(tb testing.TB) [][]byte {
	tb.Helper()
	store := &recorder{Store: idempotency.NewMemory(0)}
	for i, do := range []http.HandlerFunc{creates, answers(http.StatusNoContent), func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write(make([]byte, 1000))
	}} {
		h := idempotency.New(store, everybody, idempotency.MaxAnswer(100))(do)
		send(context.Background(), h, http.MethodPost, "/", "a", keyed(strings.Repeat("k", i+1)))
	}
	return store.records
}

// FuzzRecord has a store that holds something else: it is refused, or one of the answers
// that there are.
func FuzzRecord(f *testing.F) {
	for _, record := range recordsOf(f) {
		f.Add(record)
		f.Add(record[:len(record)/2])
	}
	f.Fuzz(func(t *testing.T, record []byte) {
		s := &service{do: creates}
		h := idempotency.New(broken{record: record}, everybody)(s)
		w := send(t.Context(), accessLog(io.Discard)(h), http.MethodPost, "/", "a", keyed(key))
		require.Zero(t, s.runs)
		switch w.Code {
		case http.StatusConflict, http.StatusUnprocessableEntity, http.StatusServiceUnavailable:
		default:
			require.Equal(t, "true", w.Header().Get("Idempotency-Replayed"))
			require.Less(t, w.Code, 400)
			require.GreaterOrEqual(t, w.Code, 200)
		}
	})
}

// TestRecord_cut refuses each record that has lost its end, or is of another version.
func TestRecord_cut(t *testing.T) {
	t.Parallel()
	code := func(record []byte) int {
		h := idempotency.New(broken{record: record}, everybody)(answers(http.StatusOK))
		return send(t.Context(), accessLog(io.Discard)(h), http.MethodPost, "/", "a", keyed(key)).Code
	}
	records := recordsOf(t)
	for _, record := range records {
		require.NotEqual(t, http.StatusServiceUnavailable, code(record))
		body := 0
		if code(record) == http.StatusCreated {
			body = len("a")
		}
		for n := range len(record) - body {
			require.Equal(t, http.StatusServiceUnavailable, code(record[:n]), "%d of %d bytes", n, len(record))
		}
		other := bytes.Clone(record)
		other[0]++
		require.Equal(t, http.StatusServiceUnavailable, code(other))
	}
}
