package middleware_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/signal"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/respond"
)

var errShutdown = errors.New("the server goes down")

// records is a logger that hands each record to whoever waits for it.
type records chan fields

func (r records) Enabled(context.Context, slog.Level) bool { return true }

func (r records) Handle(_ context.Context, record slog.Record) error {
	got := fields{"level": record.Level.String()}
	record.Attrs(func(attr slog.Attr) bool { got[attr.Key] = attr.Value.Any(); return true })
	r <- got
	return nil
}

func (r records) WithAttrs([]slog.Attr) slog.Handler { return r }
func (r records) WithGroup(string) slog.Handler      { return r }

// serveBase runs fn against servers of both protocols, each with the base context
// that begin returns and a handler that can end it.
func serveBase(t *testing.T, begin func(t *testing.T) (context.Context, func()), h func(end func()) http.Handler, fn func(t *testing.T, s *httptest.Server)) {
	t.Helper()
	for _, proto := range []string{"HTTP/1.1", "HTTP/2"} {
		t.Run(proto, func(t *testing.T) {
			base, end := begin(t)
			server := httptest.NewUnstartedServer(h(end))
			server.Config.BaseContext = func(net.Listener) context.Context { return base }
			if server.EnableHTTP2 = proto == "HTTP/2"; server.EnableHTTP2 {
				server.StartTLS()
			} else {
				server.Start()
			}
			defer server.Close()
			fn(t, server)
		})
	}
}

// TestEnded holds what the client and the record say of a context that ends while
// the client waits.
func TestEnded(t *testing.T) { //nolint:tparallel // the signal is that of the whole process
	t.Parallel()
	wait := func(r *http.Request) error { <-r.Context().Done(); return r.Context().Err() }
	for _, tc := range []struct {
		name string
		// end returns the base context and what ends it.
		end    func(t *testing.T) (context.Context, func())
		around func(http.Handler) http.Handler
		fail   func(r *http.Request) error
		status int // that the client receives
		want   fields
	}{
		{
			"NotifyContext", func(t *testing.T) (context.Context, func()) {
				t.Helper()
				if runtime.GOOS == "windows" {
					t.Skip("a process cannot interrupt itself there")
				}
				ctx, stop := signal.NotifyContext(t.Context(), os.Interrupt)
				t.Cleanup(stop)
				return ctx, func() {
					self, err := os.FindProcess(os.Getpid())
					if err == nil {
						err = self.Signal(os.Interrupt)
					}
					assert.NoError(t, err)
				}
			}, nil, wait, 503, fields{"status": int64(503), "level": "ERROR", "error": "context canceled: interrupt signal received"},
		},
		{"WithCancelCause", withCause, nil, wait, 503, fields{"status": int64(503), "level": "ERROR", "error": "context canceled: " + errShutdown.Error()}},
		{
			"WithCancelCause, driver", withCause, nil, func(r *http.Request) error { _ = wait(r); return errors.New("driver: bad connection") },
			503,
			fields{"status": int64(503), "level": "ERROR", "error": "driver: bad connection: " + errShutdown.Error()},
		},
		{
			"WithCancelCause, problem", withCause, nil, func(r *http.Request) error { _ = wait(r); return respond.NewProblem(409, "") },
			409,
			fields{"status": int64(409), "level": "INFO"},
		},
		{"WithCancel", plainly, nil, wait, 503, fields{"status": int64(499), "level": "INFO", "bytes": int64(0), "aborted": true}},
		{
			"WithCancel, driver", plainly, nil, func(r *http.Request) error { return fmt.Errorf("driver: %w", wait(r)) },
			503,
			fields{"status": int64(499), "level": "INFO", "bytes": int64(0), "aborted": true},
		},
		{"a middleware cancels", never, cancels(nil), wait, 503, fields{"status": int64(499), "level": "INFO", "bytes": int64(0), "aborted": true}},
		{
			"a middleware cancels with a cause", never, cancels(errShutdown), wait,
			503,
			fields{"status": int64(503), "level": "ERROR", "error": "context canceled: " + errShutdown.Error()},
		},
	} {
		for name, inner := range map[string]func(http.Handler) http.Handler{
			"alone": func(h http.Handler) http.Handler { return h }, "in a chain": chain(),
		} {
			t.Run(tc.name+" "+name, func(t *testing.T) {
				log := make(records, 1)
				serveBase(t, tc.end, func(end func()) http.Handler {
					h := http.Handler(respond.Func(func(r *http.Request) (any, error) { end(); return nil, tc.fail(r) }))
					if tc.around != nil {
						h = tc.around(h)
					}
					return middleware.AccessLog(slog.New(log))(inner(h))
				}, func(t *testing.T, s *httptest.Server) {
					t.Helper()
					response, err := s.Client().Get(s.URL)
					require.NoError(t, err)
					_, err = io.Copy(io.Discard, response.Body)
					require.NoError(t, err)
					require.NoError(t, response.Body.Close())
					assert.Equal(t, tc.status, response.StatusCode)
					checkRecord(t, tc.want, <-log)
				})
			})
		}
	}
}

func checkRecord(t *testing.T, want, got fields) {
	t.Helper()
	for name, value := range want {
		if err, ok := got[name].(error); ok {
			got[name] = err.Error()
		}
		assert.Equal(t, value, got[name], "%s of %v", name, got)
	}
	for _, name := range []string{"error", "aborted", "hijacked"} {
		if want[name] == nil {
			assert.NotContains(t, got, name)
		}
	}
}

func withCause(t *testing.T) (context.Context, func()) {
	t.Helper()
	ctx, cancel := context.WithCancelCause(t.Context())
	return ctx, func() { cancel(errShutdown) }
}

func plainly(t *testing.T) (context.Context, func()) {
	t.Helper()
	return context.WithCancel(t.Context())
}

func never(t *testing.T) (context.Context, func()) {
	t.Helper()
	return t.Context(), func() {}
}

// cancels is middleware that ends the context while the client waits.
func cancels(cause error) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithCancelCause(r.Context())
			cancel(cause)
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

// uploads are handlers that return, in some form, the error of reading a body.
var uploads = map[string]func(r *http.Request) error{
	"as it is": func(r *http.Request) error { _, err := io.Copy(io.Discard, r.Body); return err },
	"wrapped": func(r *http.Request) error {
		_, err := io.Copy(io.Discard, r.Body)
		return fmt.Errorf("store: %w", err)
	},
	"hidden": func(r *http.Request) error {
		_, err := io.Copy(io.Discard, r.Body)
		return fmt.Errorf("store: %v", err) //nolint:errorlint // as some drivers do
	},
	"problem": func(r *http.Request) error {
		_, err := io.Copy(io.Discard, r.Body)
		return respond.NewProblem(http.StatusInternalServerError, "").WithCause(err)
	},
}

// contexts are what middleware may do with that of a request.
var contexts = map[string]func(http.Handler) http.Handler{
	"own":     func(h http.Handler) http.Handler { return h },
	"Timeout": middleware.Timeout(time.Hour),
	"chain":   chain(),
	"detached": func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			next.ServeHTTP(w, r.WithContext(context.WithoutCancel(r.Context())))
		})
	},
}

// TestEnded_upload holds that an upload which the client gives up is no failure of
// the server, whatever becomes of the read error.
func TestEnded_upload(t *testing.T) {
	t.Parallel()
	want := fields{"status": int64(499), "level": "INFO", "aborted": true}
	for upload, fail := range uploads {
		for kind, around := range contexts {
			t.Run(upload+", "+kind, func(t *testing.T) {
				t.Parallel()
				log := make(records, 1)
				h := middleware.AccessLog(slog.New(log))(around(respond.Func(func(r *http.Request) (any, error) { return nil, fail(r) })))
				serveBase(t, never, func(func()) http.Handler { return h }, func(t *testing.T, s *httptest.Server) {
					t.Helper()
					switch {
					case s.EnableHTTP2:
						cancelUpload(t, s)
						if kind == "detached" {
							// It is the handler's wish not to know.
							<-log
							return
						}
						checkRecord(t, want, <-log)
					default:
						for _, encoding := range []string{"Content-Length: 100000", "Transfer-Encoding: chunked"} {
							for _, reset := range []bool{true, false} {
								breakUpload(t, s, encoding, reset)
								checkRecord(t, want, <-log)
							}
						}
					}
				})
			})
		}
	}
}

// breakUpload ends a connection in the middle of the body.
func breakUpload(t *testing.T, s *httptest.Server, encoding string, reset bool) {
	t.Helper()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	require.NoError(t, err)
	_, err = io.WriteString(conn, "POST / HTTP/1.1\r\nHost: a\r\n"+encoding+"\r\n\r\n8000\r\nbegun")
	require.NoError(t, err)
	if tcp, ok := conn.(*net.TCPConn); ok && reset {
		require.NoError(t, tcp.SetLinger(0))
	}
	require.NoError(t, conn.Close())
}

// cancelUpload resets a stream of HTTP/2 in the middle of the body.
func cancelUpload(t *testing.T, s *httptest.Server) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	body, writer := io.Pipe()
	go func() {
		_, _ = io.WriteString(writer, "begun")
		cancel()
	}()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, body)
	require.NoError(t, err)
	response, err := s.Client().Do(request)
	if err == nil {
		_ = response.Body.Close()
	}
	require.ErrorIs(t, err, context.Canceled)
}

// TestEnded_lostConnection is the upload of HTTP/2 whose whole connection is lost.
func TestEnded_lostConnection(t *testing.T) {
	t.Parallel()
	for range 20 { // net/http tells the reader before it ends the contexts
		log, begun := make(records, 1), make(chan struct{})
		h := middleware.AccessLog(slog.New(log))(respond.Func(func(r *http.Request) (any, error) {
			close(begun)
			_, err := io.Copy(io.Discard, r.Body)
			return nil, fmt.Errorf("store: %w", err)
		}))
		server := httptest.NewUnstartedServer(h)
		server.EnableHTTP2 = true
		server.StartTLS()
		body, writer := io.Pipe()
		go func() {
			response, err := server.Client().Post(server.URL, "text/plain", body)
			if err == nil {
				_ = response.Body.Close()
			}
		}()
		<-begun
		server.CloseClientConnections()
		checkRecord(t, fields{"status": int64(499), "level": "INFO", "aborted": true}, <-log)
		_ = writer.Close()
		server.Close()
	}
}

// TestEnded_panic holds that a bug is one also where the client has left.
func TestEnded_panic(t *testing.T) {
	t.Parallel()
	ctx, leave := context.WithCancel(t.Context())
	h := middleware.Recover()(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		leave()
		panic("a bug")
	}))
	got := record(t, h, httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil).WithContext(ctx))
	assert.Equal(t, 500, got["status"])
	assert.Equal(t, "ERROR", got["level"])
	assert.Contains(t, got["error"], "panic: a bug")
}
