package idempotency_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/idempotency"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

const limit = 100

// ways are the ways to write a body in two pieces.
var ways = map[string]func(w http.ResponseWriter, body string){
	"Write": func(w http.ResponseWriter, body string) {
		_, _ = w.Write([]byte(body[:len(body)/2]))
		_, _ = w.Write([]byte(body[len(body)/2:]))
	},
	"WriteString": func(w http.ResponseWriter, body string) {
		_, _ = io.WriteString(w, body[:len(body)/2])
		_, _ = io.WriteString(w, body[len(body)/2:])
	},
	"ReadFrom": func(w http.ResponseWriter, body string) {
		_, _ = io.Copy(w, io.LimitReader(strings.NewReader(body), int64(len(body)/2)))
		_, _ = io.Copy(w, io.LimitReader(strings.NewReader(body[len(body)/2:]), int64(len(body))))
	},
	"with its length": func(w http.ResponseWriter, body string) {
		w.Header().Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = io.Copy(w, strings.NewReader(body))
	},
}

// TestMaxAnswer keeps a body up to the limit, and leaves a mark of a longer one.
func TestMaxAnswer(t *testing.T) {
	t.Parallel()
	for name, write := range ways {
		for _, size := range []int{0, 1, limit - 1, limit, limit + 1, 10 * limit, 100_000} {
			body := strings.Repeat("x", size)
			s := &service{do: func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("X-Own", "a")
				write(w, body)
			}}
			h := idempotency.New(idempotency.NewMemory(0), everybody, idempotency.MaxAnswer(limit))(s)
			kittest.Serve(t, h, func(t *testing.T, server *kittest.Server) {
				t.Helper()
				path := pathOf(t)
				first := server.Do(t, http.MethodPost, path, strings.NewReader("a"), keyed(key))
				require.Equal(t, http.StatusOK, first.StatusCode, name)
				require.Equal(t, body, first.Text, "%s of %d", name, size)
				assert.Equal(t, "a", first.Header.Get("X-Own"))
				again := server.Do(t, http.MethodPost, path, strings.NewReader("a"), keyed(key))
				assert.Equal(t, 1, s.ran())
				if size <= limit {
					require.Equal(t, http.StatusOK, again.StatusCode)
					assert.Equal(t, body, again.Text)
					return
				}
				require.Equal(t, http.StatusConflict, again.StatusCode, "%s of %d", name, size)
				assert.Empty(t, again.Header["Retry-After"])
				assert.Contains(t, detailOf(t, again.Text), "was not kept")
			})
		}
	}
}

// TestNew_marks tells another body from a retry also where the answer was not kept.
func TestNew_marks(t *testing.T) {
	t.Parallel()
	for name, do := range map[string]http.HandlerFunc{
		"long": creates,
		"stream": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.ReadAll(r.Body)
			w.WriteHeader(http.StatusCreated)
			_ = http.NewResponseController(w).Flush()
			_, _ = io.WriteString(w, "event")
		},
		"events": func(w http.ResponseWriter, r *http.Request) {
			_, _ = io.ReadAll(r.Body)
			stream.SSE[string]{Seq: func(yield func(string, error) bool) { yield("event", nil) }}.ServeHTTP(w, r)
		},
	} {
		s := &service{do: do}
		kittest.Serve(t, idempotency.New(idempotency.NewMemory(0), everybody, idempotency.MaxAnswer(0))(s), func(t *testing.T, server *kittest.Server) {
			t.Helper()
			path := pathOf(t)
			require.Less(t, server.Do(t, http.MethodPost, path, strings.NewReader("a"), keyed(key)).StatusCode, 300)
			for body, status := range map[string]int{"a": http.StatusConflict, "b": http.StatusUnprocessableEntity} {
				assert.Equal(t, status, server.Do(t, http.MethodPost, path, strings.NewReader(body), keyed(key)).StatusCode, name)
			}
			assert.Equal(t, 1, s.ran(), name)
		})
	}
}

// TestNew_hijack leaves a mark where nobody knows what was answered.
func TestNew_hijack(t *testing.T) {
	t.Parallel()
	s := &service{do: func(w http.ResponseWriter, _ *http.Request) {
		conn, buf, err := http.NewResponseController(w).Hijack()
		if err != nil {
			respond.Error(w, nil, err)
			return
		}
		defer conn.Close()
		_, _ = buf.WriteString("HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nraw")
		_ = buf.Flush()
	}}
	h := idempotency.New(idempotency.NewMemory(0), everybody)(s)
	kittest.Serve(t, h, func(t *testing.T, server *kittest.Server) {
		t.Helper()
		if server.Proto != "HTTP/1.1" {
			return
		}
		assert.Equal(t, "raw", server.Do(t, http.MethodPost, "/", strings.NewReader("a"), keyed(key)).Text)
		assert.Equal(t, http.StatusConflict, server.Do(t, http.MethodPost, "/", strings.NewReader("a"), keyed(key)).StatusCode)
		assert.Equal(t, 1, s.ran())
	})
}

// TestNew_brokenStream keeps nothing of a stream that its own failure has ended.
func TestNew_brokenStream(t *testing.T) {
	t.Parallel()
	s := &service{do: func(w http.ResponseWriter, r *http.Request) {
		stream.NDJSON[int]{Seq: func(yield func(int, error) bool) {
			if yield(1, nil) { // which has been sent
				yield(0, errors.New("planned"))
			}
		}, Options: stream.Options{Grace: -1, Flush: stream.EachItem}}.ServeHTTP(w, r)
	}}
	h := middleware.AccessLog(discard())(idempotency.New(idempotency.NewMemory(0), everybody)(s))
	kittest.Serve(t, h, func(t *testing.T, server *kittest.Server) {
		t.Helper()
		for range 2 {
			_, err := server.TryDo(http.MethodPost, pathOf(t), strings.NewReader("a"), keyed(key))
			require.Error(t, err)
		}
		assert.Equal(t, 2, s.ran())
	})
}

// TestNew_cut keeps nothing of what a handler breaks off without a panic.
func TestNew_cut(t *testing.T) {
	t.Parallel()
	s := &service{do: func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.WriteString(w, "half")
		_ = http.NewResponseController(w).Flush()
		rw.Cut(w, r)
	}}
	kittest.Serve(t, idempotency.New(idempotency.NewMemory(0), everybody)(s), func(t *testing.T, server *kittest.Server) {
		t.Helper()
		for range 2 {
			_, err := server.TryDo(http.MethodPost, pathOf(t), strings.NewReader("a"), keyed(key))
			require.Error(t, err)
		}
		assert.Equal(t, 2, s.ran())
	})
}

// TestNew_trailers sends those of the first answer, and keeps none.
func TestNew_trailers(t *testing.T) {
	t.Parallel()
	h := idempotency.New(idempotency.NewMemory(0), everybody)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Trailer", "X-Sum")
		_, _ = io.WriteString(w, "text")
		w.Header().Set("X-Sum", "4")
	}))
	kittest.Serve(t, h, func(t *testing.T, server *kittest.Server) {
		t.Helper()
		first := server.Do(t, http.MethodPost, pathOf(t), strings.NewReader("a"), keyed(key))
		assert.Equal(t, http.Header{"X-Sum": {"4"}}, first.Trailer)
		again := server.Do(t, http.MethodPost, pathOf(t), strings.NewReader("a"), keyed(key))
		assert.Equal(t, "text", again.Text)
		assert.Equal(t, "true", again.Header.Get("Idempotency-Replayed"))
		assert.Empty(t, again.Trailer)
	})
}

// TestNew_sendsOnce passes what a handler does wrong to net/http, which logs it.
func TestNew_sendsOnce(t *testing.T) {
	t.Parallel()
	h := idempotency.New(idempotency.NewMemory(0), everybody)(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusNoContent)
		_, err := io.WriteString(w, "body")
		assert.ErrorIs(t, err, http.ErrBodyNotAllowed)
		_, err = w.Write([]byte("body"))
		assert.ErrorIs(t, err, http.ErrBodyNotAllowed)
		_, err = io.Copy(w, io.LimitReader(strings.NewReader("body"), 4))
		assert.ErrorIs(t, err, http.ErrBodyNotAllowed)
		w.WriteHeader(http.StatusTeapot)
	}))
	kittest.Serve(t, h, func(t *testing.T, server *kittest.Server) {
		t.Helper()
		for range 2 {
			got := server.Do(t, http.MethodPost, pathOf(t), nil, keyed(key))
			assert.Equal(t, http.StatusNoContent, got.StatusCode)
			assert.Empty(t, got.Text)
			assert.Empty(t, got.Header["Content-Length"])
		}
		if server.Proto == "HTTP/1.1" { // the other one is silent
			assert.Equal(t, 1, strings.Count(server.Log(), "superfluous"), server.Log())
		}
	})
}

// TestNew_clientLeaves gives a client the answer that it did not wait for.
func TestNew_clientLeaves(t *testing.T) {
	t.Parallel()
	begun, ended := make(chan struct{}, 10), make(chan struct{}, 10)
	s := &service{do: func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.ReadAll(r.Body)
		begun <- struct{}{}
		<-r.Context().Done()
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, "done all the same")
	}}
	store := &cancelled{idempotency.NewMemory(0)}
	once := idempotency.New(store, everybody)(s)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { ended <- struct{}{} }()
		once.ServeHTTP(w, r)
	})
	kittest.Serve(t, h, func(t *testing.T, server *kittest.Server) {
		t.Helper()
		ctx, leave := context.WithCancel(t.Context())
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, server.URL+pathOf(t), strings.NewReader("a"))
		require.NoError(t, err)
		r.Header = keyed(key)
		go func() {
			<-begun
			leave()
		}()
		response, err := server.Client.Do(r)
		if err == nil {
			response.Body.Close()
		}
		require.ErrorIs(t, err, context.Canceled)
		<-ended
		again := server.Do(t, http.MethodPost, pathOf(t), strings.NewReader("a"), keyed(key))
		<-ended
		assert.Equal(t, http.StatusCreated, again.StatusCode)
		assert.Equal(t, "done all the same", again.Text)
		assert.Equal(t, 1, s.ran())
	})
}

// cancelled is a store that minds contexts, as one behind a network does.
type cancelled struct{ idempotency.Store }

func (s *cancelled) Put(ctx context.Context, key string, record []byte, revision uint64, keep time.Duration) (uint64, error) {
	if ctx.Err() != nil {
		return 0, ctx.Err()
	}
	return s.Store.Put(ctx, key, record, revision, keep)
}

func (s *cancelled) Delete(ctx context.Context, key string, revision uint64) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	return s.Store.Delete(ctx, key, revision)
}

// TestNew_flush tells a handler that nothing can be flushed, and keeps its answer then.
func TestNew_flush(t *testing.T) {
	t.Parallel()
	s := &service{do: func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, "a")
		assert.ErrorIs(t, http.NewResponseController(w).Flush(), http.ErrNotSupported)
		_, _ = io.WriteString(w, "b")
	}}
	once := idempotency.New(idempotency.NewMemory(0), everybody)(s)
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { once.ServeHTTP(struct{ http.ResponseWriter }{w}, r) })
	for range 2 {
		assert.Equal(t, "ab", send(t.Context(), h, http.MethodPost, "/", "a", keyed(key)).Body.String())
	}
	assert.Equal(t, 1, s.ran())
}

// TestNew_started passes the answer of a handler that came too late for one.
func TestNew_started(t *testing.T) {
	t.Parallel()
	s := &service{do: creates}
	h := kittest.WriteEarly(idempotency.New(idempotency.NewMemory(0), everybody)(s))
	for range 2 {
		w := send(t.Context(), h, http.MethodPost, "/", "a", keyed(key))
		assert.Equal(t, http.StatusOK, w.Code)
	}
	assert.Equal(t, 1, s.ran(), "the retry does not run")
}

// TestNew_expect asks a client for the body that the handler has not read.
func TestNew_expect(t *testing.T) {
	t.Parallel()
	h := idempotency.New(idempotency.NewMemory(0), everybody)(answers(http.StatusCreated))
	kittest.Serve(t, h, func(t *testing.T, server *kittest.Server) {
		t.Helper()
		if server.Proto != "HTTP/1.1" {
			return
		}
		conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", strings.TrimPrefix(server.URL, "http://"))
		require.NoError(t, err)
		defer conn.Close()
		require.NoError(t, conn.SetDeadline(time.Now().Add(kittest.Patience)))
		_, err = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\nIdempotency-Key: k\r\nContent-Length: 1\r\nExpect: 100-continue\r\n\r\n")
		require.NoError(t, err)
		from := bufio.NewReader(conn)
		line, err := from.ReadString('\n')
		require.NoError(t, err)
		require.Equal(t, "HTTP/1.1 100 Continue\r\n", line)
		_, err = from.ReadString('\n')
		require.NoError(t, err)
		_, err = io.WriteString(conn, "a")
		require.NoError(t, err)
		response, err := http.ReadResponse(from, nil)
		require.NoError(t, err)
		defer response.Body.Close()
		assert.Equal(t, http.StatusCreated, response.StatusCode)
		for body, status := range map[string]int{"a": http.StatusCreated, "b": http.StatusUnprocessableEntity} {
			assert.Equal(t, status, server.Do(t, http.MethodPost, "/", strings.NewReader(body), keyed("k")).StatusCode)
		}
	})
}
