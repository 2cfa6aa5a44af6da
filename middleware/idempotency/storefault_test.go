package idempotency_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/middleware/idempotency"
)

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

// A silent store does what it is told, and says with the nth call that it has not: as one
// does whose answer is lost, or that then has tried again by itself.
type silent struct {
	idempotency.Store

	mu    sync.Mutex
	calls int
	at    int
	err   error
}

func (s *silent) says(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.calls++; s.calls == s.at && err == nil {
		return s.err
	}
	return err
}

func (s *silent) Put(ctx context.Context, key string, record []byte, revision uint64, keep time.Duration) (uint64, error) {
	next, err := s.Store.Put(ctx, key, record, revision, keep)
	if err = s.says(err); err != nil {
		return 0, err
	}
	return next, nil
}

func (s *silent) Delete(ctx context.Context, key string, revision uint64) error {
	return s.says(s.Store.Delete(ctx, key, revision))
}

// TestStore_silent runs a request once whatever answer of the store is lost. Calls are
// the claim, renewals after 10 and 20 seconds, and the end.
func TestStore_silent(t *testing.T) {
	t.Parallel()
	lost := errors.New("no answer")
	for _, tc := range []struct {
		at     int
		err    error
		status int
	}{
		{1, idempotency.ErrConflict, http.StatusCreated},
		{2, idempotency.ErrConflict, http.StatusCreated},
		{2, lost, http.StatusCreated},
		{3, lost, http.StatusCreated},
		{4, idempotency.ErrConflict, http.StatusCreated},
		{2, lost, http.StatusNotFound},
		{3, idempotency.ErrConflict, http.StatusNotFound},
		{4, idempotency.ErrConflict, http.StatusNotFound},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &service{do: func(w http.ResponseWriter, _ *http.Request) {
				time.Sleep(25 * time.Second)
				w.WriteHeader(tc.status)
			}}
			store := &silent{Store: idempotency.NewMemory(0), at: tc.at, err: tc.err}
			var log bytes.Buffer
			h := accessLog(&log)(idempotency.New(store, everybody)(s))
			assert.Equal(t, tc.status, (<-start(t, h)).Code, "%+v", tc)
			assert.NotContains(t, log.String(), `"error"`, "%+v", tc)
			again := send(t.Context(), h, http.MethodPost, "/", "a", keyed(key))
			assert.Equal(t, tc.status, again.Code, "%+v", tc)
			if tc.status < 300 {
				assert.Equal(t, "true", again.Header().Get("Idempotency-Replayed"), "%+v", tc)
				assert.Equal(t, 1, s.ran())
			} else {
				assert.Equal(t, 2, s.ran(), "the key is free at once: %+v", tc)
			}
		})
	}
}

// narrow is a store that refuses long records.
type narrow struct{ idempotency.Store }

func (s narrow) Put(ctx context.Context, key string, record []byte, revision uint64, keep time.Duration) (uint64, error) {
	if len(record) > 500 {
		return 0, errors.New("too long")
	}
	return s.Store.Put(ctx, key, record, revision, keep)
}

// TestStore_narrow leaves a mark of what is too long for the store: the retry would fail
// in the same way, and so would run each time.
func TestStore_narrow(t *testing.T) {
	t.Parallel()
	s := &service{do: creates}
	var log bytes.Buffer
	h := accessLog(&log)(idempotency.New(narrow{idempotency.NewMemory(0)}, everybody)(s))
	body := strings.Repeat("x", 1000)
	assert.Equal(t, http.StatusCreated, send(t.Context(), h, http.MethodPost, "/", body, keyed(key)).Code)
	assert.Contains(t, log.String(), "too long")
	again := send(t.Context(), h, http.MethodPost, "/", body, keyed(key))
	assert.Equal(t, http.StatusConflict, again.Code)
	assert.Contains(t, detailOf(t, again.Body.String()), "was not kept")
	assert.Equal(t, http.StatusUnprocessableEntity, send(t.Context(), h, http.MethodPost, "/", "other", keyed(key)).Code)
	assert.Equal(t, 1, s.ran())
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
