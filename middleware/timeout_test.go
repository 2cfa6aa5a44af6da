package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/respond"
)

const unavailable = `{"type":"about:blank","title":"Service Unavailable","status":503}`

func TestTimeout_answers(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		serve  http.HandlerFunc
		status int
		text   string
	}{
		"in time":   {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "text") }, 200, "text"},
		"returns":   {func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }, 503, unavailable},
		"passes on": {func(w http.ResponseWriter, r *http.Request) { respond.Error(w, r, waited(r.Context())) }, 503, unavailable},
		"opaque": {func(w http.ResponseWriter, r *http.Request) {
			<-r.Context().Done()
			respond.Error(w, r, errors.New("pq: canceling statement due to user request"))
		}, 503, unavailable},
		"answers":     {func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done(); w.WriteHeader(502) }, 502, ""},
		"ignores":     {func(w http.ResponseWriter, _ *http.Request) { sleep(time.Hour); _, _ = io.WriteString(w, "late") }, 200, "late"},
		"bare, other": {func(w http.ResponseWriter, r *http.Request) { respond.Error(w, r, context.DeadlineExceeded) }, 504, ""},
		"own problem": {func(w http.ResponseWriter, r *http.Request) {
			respond.Error(w, r, respond.NewProblem(502, "").WithCause(waited(r.Context())))
		}, 502, ""},
		"derived": {func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithCancel(r.Context())
			defer cancel()
			respond.Error(w, r, waited(ctx))
		}, 503, unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				for _, d := range []time.Duration{time.Minute, time.Second} {
					w := httptest.NewRecorder()
					h := middleware.Timeout(d)(middleware.Timeout(time.Minute)(tc.serve))
					h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
					assert.Equal(t, tc.status, w.Code)
					if tc.text != "" {
						assert.Equal(t, tc.text, w.Body.String())
					}
				}
			})
		})
	}
}

// waited returns how ctx ended.
func waited(ctx context.Context) error {
	<-ctx.Done()
	return fmt.Errorf("store: %w", ctx.Err())
}

// sleep is for the time of synctest.
func sleep(d time.Duration) { <-time.After(d) }

type contextKey struct{}

func TestTimeout_context(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		ctx = context.WithValue(ctx, contextKey{}, "value")
		start := time.Now()
		var kept context.Context
		h := func(_ http.ResponseWriter, r *http.Request) {
			kept = r.Context() //nolint:fatcontext // to see its end from outside
			deadline, ok := kept.Deadline()
			assert.True(t, ok)
			assert.Equal(t, time.Minute, deadline.Sub(start))
			assert.NoError(t, kept.Err())
			child, end := context.WithCancel(kept)
			end()
			assert.ErrorIs(t, child.Err(), context.Canceled)
			assert.NoError(t, kept.Err(), "the end of a child is its own")
			stopped := context.AfterFunc(kept, func() { t.Error("stopped") })
			assert.True(t, stopped())
			assert.False(t, stopped())
			<-kept.Done()
			assert.Equal(t, time.Minute, time.Since(start))
			assert.Equal(t, context.DeadlineExceeded, kept.Err())
			assert.Equal(t, context.DeadlineExceeded, context.Cause(kept))
			below, cancel := context.WithCancel(kept)
			defer cancel()
			assert.ErrorIs(t, below.Err(), context.DeadlineExceeded)
			assert.Equal(t, context.DeadlineExceeded, context.Cause(below))
			assert.Equal(t, "value", below.Value(contextKey{}))
			assert.False(t, context.AfterFunc(kept, func() {})())
		}
		middleware.Timeout(time.Minute)(http.HandlerFunc(h)).
			ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx))

		// Once the handler has returned the context is over, as net/http ends its own.
		told := make(chan struct{})
		middleware.Timeout(2*time.Hour)(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			kept = r.Context() //nolint:fatcontext // to see its end from outside
			deadline, _ := kept.Deadline()
			assert.Equal(t, time.Hour, deadline.Sub(start), "that of the context around it")
			context.AfterFunc(kept, func() { close(told) })
		})).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx))
		<-kept.Done()
		require.ErrorIs(t, kept.Err(), context.Canceled)
		<-told
	})
}

// The end of the client is passed on, and is not ours.
func TestTimeout_clientLeaves(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, leave := context.WithCancel(t.Context())
		w := httptest.NewRecorder()
		middleware.Timeout(time.Minute)(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			leave()
			respond.Error(w, r, waited(r.Context()))
			assert.ErrorIs(t, r.Context().Err(), context.Canceled)
		})).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx))
		assert.Equal(t, http.StatusServiceUnavailable, w.Code)
		assert.NotContains(t, w.Body.String(), "time")
	})
}

// A stream opts out by what a stream does.
func TestTimeout_optOut(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]func(*http.ResponseController) error{
		"flush":          func(c *http.ResponseController) error { return c.Flush() },
		"write deadline": func(c *http.ResponseController) error { return ignoreUnsupported(c.SetWriteDeadline(time.Time{})) },
		"read deadline":  func(c *http.ResponseController) error { return ignoreUnsupported(c.SetReadDeadline(time.Time{})) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				h := middleware.Timeout(time.Second)(middleware.Timeout(time.Minute)(http.HandlerFunc(
					func(w http.ResponseWriter, r *http.Request) {
						assert.NoError(t, opt(http.NewResponseController(w)))
						sleep(time.Hour)
						assert.NoError(t, r.Context().Err())
						_, limited := r.Context().Deadline()
						assert.False(t, limited)
						_, _ = io.WriteString(w, "on and on")
					})))
				w := httptest.NewRecorder()
				h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
				assert.Equal(t, 200, w.Code)
				assert.Equal(t, "on and on", w.Body.String())
			})
		})
	}
}

func ignoreUnsupported(err error) error {
	if errors.Is(err, http.ErrNotSupported) {
		return nil
	}
	return err
}

// Over connections: a body that does not come is not waited for, a client that
// does not read is cut off, and the connection serves on after a late answer.
func TestTimeout_connection(t *testing.T) {
	t.Parallel()
	const d = time.Second // the time that an answer has, too
	cut := make(chan struct{}, 2)
	mux := http.NewServeMux()
	mux.HandleFunc("/read", func(w http.ResponseWriter, r *http.Request) {
		_, err := io.ReadAll(r.Body)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		_, err = r.Body.Read(make([]byte, 1))
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		respond.Error(w, r, err)
	})
	mux.HandleFunc("/write", func(w http.ResponseWriter, _ *http.Request) {
		for {
			if _, err := w.Write(make([]byte, 1<<20)); err != nil {
				cut <- struct{}{}
				panic(http.ErrAbortHandler)
			}
		}
	})
	mux.HandleFunc("/late", func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "begun, ")
		<-r.Context().Done()
		_, _ = io.WriteString(w, "late")
	})
	all := http.NewServeMux()
	all.Handle("/", middleware.Timeout(d)(mux))
	all.HandleFunc("/again", func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		assert.NoError(t, err)
		_, _ = w.Write(text)
	})
	kittest.Serve(t, all, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		body, _ := io.Pipe()
		time.AfterFunc(kittest.Patience, func() { _ = body.Close() })
		got := s.Do(t, http.MethodPost, "/read", body, nil)
		assert.Equal(t, 503, got.StatusCode)
		assert.JSONEq(t, unavailable, got.Text)

		slow, err := s.Client.Get(s.URL + "/write")
		require.NoError(t, err)
		wait(t, cut, "the handler was not cut off")
		_, err = io.Copy(io.Discard, slow.Body)
		require.Error(t, err)
		require.NoError(t, slow.Body.Close())

		assert.Equal(t, "begun, late", s.Get(t, "/late").Text)
		assert.Equal(t, "echo", s.Do(t, http.MethodPost, "/again", strings.NewReader("echo"), nil).Text)
	})
}

func TestTimeout_declaration(t *testing.T) {
	t.Parallel()
	assert.PanicsWithValue(t, "middleware: Timeout: the duration is not positive: pass one such as 10*time.Second", func() { middleware.Timeout(0) })
}

func ExampleTimeout() {
	slow := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done() // a query that takes the context would return now
	})
	w := httptest.NewRecorder()
	middleware.Timeout(time.Millisecond)(slow).ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	fmt.Println(w.Code, w.Body)
	// Output: 503 {"type":"about:blank","title":"Service Unavailable","status":503}
}
