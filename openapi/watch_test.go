package openapi_test

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/openapi"
)

// watchedRoutes answer with bytes, lines and JSON.
func watchedRoutes() tenon.Routes {
	return tenon.Routes{
		tenon.Get("/bytes", answer[tenon.None, []byte], tenon.Named("Bytes")),
		tenon.Get("/stream", answer[tenon.None, scores], tenon.Named("Stream")),
		tenon.Get("/score", answer[tenon.None, score], tenon.Named("Score")),
	}
}

// watch returns h behind Verify, and what that has reported so far.
func watch(t *testing.T, h http.HandlerFunc) (watched http.Handler, reports *[]string) {
	t.Helper()
	reports = new([]string)
	return openapi.Verify(newDocument(t, watchedRoutes()), func(err error) { *reports = append(*reports, err.Error()) })(h), reports
}

// What was found before a panic is reported, nothing is found missing, and the
// panic goes on.
func TestVerify_panics(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, path string
		handler    http.HandlerFunc
		want       []string
	}{
		{"before the response", "/score", func(http.ResponseWriter, *http.Request) {}, nil},
		{"within a value", "/score", sends(200, "application/json", `{"points":`), nil},
		{"behind a bad status", "/score", sends(202, "application/json", `{"points":`), []string{"openapi: GET /score (Score): the status 202 is not declared"}},
		{"behind a bad line", "/stream", sends(200, "application/x-ndjson", "7\n"), []string{"openapi: GET /stream (Stream): the body of status 200 breaks its schema: #: is number, not object"}},
		{"within a line", "/stream", sends(200, "application/x-ndjson", "7"), nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			watched, reports := watch(t, func(w http.ResponseWriter, r *http.Request) {
				tc.handler(w, r)
				panic(http.ErrAbortHandler)
			})
			assert.PanicsWithValue(t, http.ErrAbortHandler, func() {
				watched.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", tc.path, nil))
			})
			assert.ElementsMatch(t, tc.want, *reports)
		})
	}
}

// readsFrom counts what reaches the writer below as a whole.
type readsFrom struct {
	*httptest.ResponseRecorder

	whole int
}

func (w *readsFrom) ReadFrom(src io.Reader) (int64, error) {
	w.whole++
	return io.Copy(w.ResponseRecorder, src)
}

// A body that nothing is to be said of reaches ReadFrom of the writer below,
// which is where sendfile is; any other is looked at on its way.
func TestVerify_readFrom(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]struct {
		media, body, report string
		whole               int
	}{
		"/bytes":  {"application/octet-stream", "0123456789", "", 1},
		"/score":  {"application/json", "7", "#: is number, not object", 0},
		"/stream": {"application/x-ndjson", "7\n", "#: is number, not object", 0},
	} {
		for _, inside := range []func(http.ResponseWriter) http.ResponseWriter{
			func(w http.ResponseWriter) http.ResponseWriter { return w },
			func(w http.ResponseWriter) http.ResponseWriter { return rw.Wrap(w) },
		} {
			watched, reports := watch(t, func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Content-Type", want.media)
				n, err := io.Copy(inside(w), struct{ io.Reader }{strings.NewReader(want.body)})
				assert.NoError(t, err)
				assert.Equal(t, int64(len(want.body)), n)
			})
			below := &readsFrom{httptest.NewRecorder(), 0}
			watched.ServeHTTP(below, httptest.NewRequest("GET", path, nil))
			assert.Equal(t, want.whole, below.whole, path)
			assert.Equal(t, want.body, below.Body.String())
			assert.Contains(t, strings.Join(*reports, ""), want.report)
			assert.Len(t, *reports, 1-want.whole, path)
		}
	}
}

// A copy of nothing begins no response, as in net/http: what follows is one.
func TestVerify_readFromNothing(t *testing.T) {
	t.Parallel()
	failed := errors.New("disk on fire")
	for path, media := range map[string]string{"/bytes": "application/octet-stream", "/score": "application/json", "/stream": ""} {
		for _, method := range []string{"GET", "HEAD"} {
			for name, src := range map[string]io.Reader{
				"empty":  io.LimitReader(strings.NewReader(""), 1),
				"broken": kittest.BrokenReader("", failed),
			} {
				watched, reports := watch(t, func(w http.ResponseWriter, r *http.Request) {
					if media != "" {
						w.Header().Set("Content-Type", media)
					}
					n, _ := io.Copy(w, src)
					assert.Zero(t, n)
					sends(500, "application/problem+json", `{"type":"about:blank","status":500}`)(w, r)
				})
				got := httptest.NewRecorder()
				watched.ServeHTTP(&readsFrom{got, 0}, httptest.NewRequest(method, path, nil))
				assert.Equal(t, 500, got.Code)
				assert.Empty(t, *reports, "%s %s, %s", method, path, name)
			}
		}
	}
}

// cannot is a writer without a single ability.
type cannot struct{ w http.ResponseWriter }

func (c cannot) Header() http.Header         { return c.w.Header() }
func (c cannot) Write(p []byte) (int, error) { return c.w.Write(p) }
func (c cannot) WriteHeader(status int)      { c.w.WriteHeader(status) }

// A flush that cannot be is no response: what follows is.
func TestVerify_cannotFlush(t *testing.T) {
	t.Parallel()
	watched, reports := watch(t, func(w http.ResponseWriter, r *http.Request) {
		assert.ErrorIs(t, http.NewResponseController(w).Flush(), http.ErrNotSupported)
		sends(500, "application/problem+json", `{"type":"about:blank","status":500}`)(w, r)
	})
	got := httptest.NewRecorder()
	watched.ServeHTTP(cannot{got}, httptest.NewRequest("GET", "/score", nil))
	assert.Equal(t, 500, got.Code)
	assert.Empty(t, *reports)
}

type hijacked struct{ http.ResponseWriter }

func (hijacked) Hijack() (net.Conn, *bufio.ReadWriter, error) { return nil, nil, nil }

func TestVerify_hijack(t *testing.T) {
	t.Parallel()
	for name, below := range map[string]http.ResponseWriter{"can": hijacked{httptest.NewRecorder()}, "cannot": cannot{httptest.NewRecorder()}} {
		watched, reports := watch(t, func(w http.ResponseWriter, _ *http.Request) {
			_, _, err := http.NewResponseController(w).Hijack()
			assert.Equal(t, name == "cannot", errors.Is(err, http.ErrNotSupported))
		})
		watched.ServeHTTP(below, httptest.NewRequestWithContext(context.Background(), "GET", "/score", nil))
		if name == "can" {
			assert.Empty(t, *reports)
			continue
		}
		require.Len(t, *reports, 1, "the status 200 without a body")
	}
}
