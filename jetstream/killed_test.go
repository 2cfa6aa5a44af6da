package jetstream_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/nats-io/nats.go"
	js "github.com/nats-io/nats.go/jetstream"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/jetstream"
	"github.com/tenonkit/tenon/jetstream/embedded"
	"github.com/tenonkit/tenon/middleware/idempotency"
)

// once returns a service that takes payments, as one process sees it.
func once(store idempotency.Store, do http.HandlerFunc) http.Handler {
	return idempotency.New(store, func(*http.Request) string { return "ada" })(do)
}

func pay(ctx context.Context, h http.Handler) *httptest.ResponseRecorder {
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "/payments", strings.NewReader("5 to eve"))
	r.Header.Set("Idempotency-Key", "8e03978e")
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func created(w http.ResponseWriter, _ *http.Request) {
	w.WriteHeader(http.StatusCreated)
	_, _ = w.Write([]byte("paid"))
}

// runPayments is a process that takes one payment and says so before its answer is kept,
// or after that. Then it stands still: the address of the server, and when it says so.
func runPayments(args []string) error {
	conn, err := nats.Connect(args[0])
	if err != nil {
		return err
	}
	stream, err := js.New(conn)
	if err != nil {
		return err
	}
	kv, err := stream.KeyValue(context.Background(), "requests")
	if err != nil {
		return err
	}
	store, err := jetstream.NewStore(context.Background(), kv)
	if err != nil {
		return err
	}
	w := pay(context.Background(), once(store, func(w http.ResponseWriter, r *http.Request) {
		created(w, r)
		if args[1] == "ran" {
			ready()
			os.Exit(1)
		}
	}))
	if w.Code != http.StatusCreated {
		return fmt.Errorf("%d: %s", w.Code, w.Body)
	}
	ready()
	return nil
}

// beside is a store that is called by a goroutine beside the caller's bubble, in which
// there is no network.
type beside struct {
	ctx   context.Context // of the test
	of    idempotency.Store
	calls chan func()
	done  chan struct{}
}

func newBeside(t *testing.T, of idempotency.Store) *beside {
	t.Helper()
	s := &beside{t.Context(), of, make(chan func()), make(chan struct{})}
	t.Cleanup(func() { close(s.calls) })
	go func() {
		for call := range s.calls {
			call()
			s.done <- struct{}{}
		}
	}()
	return s
}

func (s *beside) call(f func()) {
	s.calls <- f
	<-s.done
}

func (s *beside) Get(_ context.Context, key string) (record []byte, revision uint64, err error) {
	s.call(func() { record, revision, err = s.of.Get(s.ctx, key) })
	return record, revision, err
}

func (s *beside) Put(_ context.Context, key string, record []byte, revision uint64, keep time.Duration) (next uint64, err error) {
	s.call(func() { next, err = s.of.Put(s.ctx, key, record, revision, keep) })
	return next, err
}

func (s *beside) Delete(_ context.Context, key string, revision uint64) (err error) {
	s.call(func() { err = s.of.Delete(s.ctx, key, revision) })
	return err
}

// TestNewStore_killed kills a process after its request has run. If that was before the
// answer was kept, the key is locked for as long as the lease, and then the request runs
// again; if it was after that, it never does. The process that stays has a clock of its
// own, which goes on at once.
func TestNewStore_killed(t *testing.T) {
	t.Parallel()
	for said, tc := range map[string]struct {
		atOnce, runs int
	}{
		"ran":  {http.StatusConflict, 1},
		"kept": {http.StatusCreated, 0},
	} {
		t.Run(said, func(t *testing.T) {
			t.Parallel()
			s, err := embedded.Start(t.TempDir(), embedded.Options{Port: -1})
			require.NoError(t, err)
			t.Cleanup(s.Close)
			store := newBeside(t, open(t, connect(t, s), 48*time.Hour))
			killed := &process{role: "payments", args: []string{s.URL(), said}}
			began := time.Now().Round(0) // a bubble begins in the year 2000
			run(t, killed)
			killed.kill()
			ended := time.Now().Round(0)
			synctest.Test(t, func(t *testing.T) {
				time.Sleep(time.Until(began)) // before the process has taken the lease
				runs := 0
				h := once(store, func(w http.ResponseWriter, r *http.Request) {
					runs++
					created(w, r)
				})
				w := pay(t.Context(), h)
				assert.Equal(t, tc.atOnce, w.Code)
				assert.Equal(t, tc.atOnce == http.StatusConflict, w.Header().Get("Retry-After") == "1")
				time.Sleep(29 * time.Second)
				assert.Equal(t, tc.atOnce, pay(t.Context(), h).Code)
				assert.Zero(t, runs)

				time.Sleep(time.Until(ended.Add(30 * time.Second)))
				w = pay(t.Context(), h)
				assert.Equal(t, http.StatusCreated, w.Code)
				assert.Equal(t, tc.runs == 0, w.Header().Get("Idempotency-Replayed") == "true")
				assert.Equal(t, "true", pay(t.Context(), h).Header().Get("Idempotency-Replayed"))
				assert.Equal(t, tc.runs, runs)
			})
		})
	}
}
