package stream_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/internal/rw"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

var errDown = errors.New("secret: the database is down")

// patient streams begin with their first item, however slow the machine is.
var patient = stream.Options{Grace: time.Hour}

// TestFailure_early holds that a failure before the first byte has a status of
// its own and nothing of the stream's header.
func TestFailure_early(t *testing.T) {
	t.Parallel()
	gone := respond.NewProblem(http.StatusGone, "the table was dropped")
	for name, h := range map[string]http.Handler{
		"sse":    stream.SSE[int]{Seq: broken[int](gone), Options: patient},
		"ndjson": stream.NDJSON[int]{Seq: broken[int](gone), Options: patient},
		"array":  stream.Array[int]{Seq: broken[int](gone), Options: patient},
		"auto":   stream.Auto[int]{Seq: broken[int](gone), Options: patient},
		"text":   stream.Text{Seq: broken[string](gone), Options: patient},
		"bytes":  stream.Bytes{Seq: broken[[]byte](gone), Options: patient},
		"body":   stream.Body{Reader: kittest.BrokenReader("", gone), Options: patient},
		"serve": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			assert.ErrorIs(t, stream.Text{Seq: broken[string](gone), Options: patient}.Serve(w, r), gone)
		}),
		"encoding": stream.NDJSON[any]{Seq: of[any](selfProblem{gone}), Options: patient},
		"nil":      stream.Body{Reader: (*strings.Reader)(nil)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				got := s.Get(t, "/early-"+name)
				want := http.StatusGone
				if name == "encoding" || name == "nil" {
					want = http.StatusInternalServerError
				}
				assert.Equal(t, want, got.StatusCode)
				assert.Equal(t, "application/problem+json", got.Header.Get("Content-Type"))
				assert.Empty(t, got.Header.Get("X-Accel-Buffering"))
				assert.Empty(t, got.Header.Get("Cache-Control"))
			})
		})
	}
}

// A typed nil is no error (an interface that holds a nil pointer), also where it stands in a
// sequence.
func TestFailure_typedNil(t *testing.T) {
	t.Parallel()
	none := (*respond.Problem)(nil)
	pushed := func(send func(string) error) error { return errors.Join(send("a"), none) }
	for name, tc := range map[string]struct {
		h    http.Handler
		want string
	}{
		"array": {stream.Array[int]{Seq: func(yield func(int, error) bool) { _ = yield(1, none) && yield(2, errors.Join(none, none)) }}, "[1,2]"},
		"text":  {stream.Text{Seq: func(yield func(string, error) bool) { _ = yield("a", none) && yield("b", nil) }}, "ab"},
		"push":  {stream.Text{Seq: stream.Push(pushed)}, "a"},
		"plain": {stream.Text{Seq: stream.Push(func(send func(string) error) error { _ = send("b"); return none })}, "b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kittest.Serve(t, tc.h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				got := s.Get(t, "/typed-nil-"+name)
				assert.Equal(t, http.StatusOK, got.StatusCode)
				assert.Equal(t, tc.want, got.Text)
			})
		})
	}
}

// selfProblem cannot be encoded, and its error claims a status.
type selfProblem struct{ problem *respond.Problem }

func (s selfProblem) MarshalJSON() ([]byte, error) { return nil, s.problem }

// TestFailure_late holds that the client gets what came before the failure, the
// record of OnError, and then sees that the response is truncated.
func TestFailure_late(t *testing.T) {
	t.Parallel()
	record := func(v any) stream.Options {
		return stream.Options{OnError: func(err error) any {
			assert.ErrorIs(t, err, errDown)
			return v
		}}
	}
	for name, tc := range map[string]struct {
		h    http.Handler
		want string
	}{
		"sse":        {stream.SSE[int]{Seq: broken(errDown, 1)}, ":\n\ndata: 1\n\n"},
		"sse event":  {stream.SSE[int]{Seq: broken(errDown, 1), Options: record(stream.Event{Type: "failed"})}, ":\n\ndata: 1\n\nevent: failed\ndata: \n\n"},
		"sse value":  {stream.SSE[int]{Seq: broken(errDown, 1), Options: record("bad")}, ":\n\ndata: 1\n\ndata: \"bad\"\n\n"},
		"ndjson":     {stream.NDJSON[int]{Seq: broken(errDown, 1, 2), Options: record(map[string]string{"error": "bad"})}, "1\n2\n{\"error\":\"bad\"}\n"},
		"array":      {stream.Array[int]{Seq: broken(errDown, 1, 2)}, "[1,2"},
		"array tail": {stream.Array[int]{Seq: broken(errDown, 1), Options: record("bad")}, `[1,"bad"`},
		"text":       {stream.Text{Seq: broken(errDown, "a"), Options: record(" (truncated)")}, "a (truncated)"},
		"bytes":      {stream.Bytes{Seq: broken(errDown, []byte("a")), Options: record([]byte("!"))}, "a!"},
		"no record":  {stream.Bytes{Seq: broken(errDown, []byte("a")), Options: record(nil)}, "a"},
		"bad record": {stream.Bytes{Seq: broken(errDown, []byte("a")), Options: record(1)}, "a"},
		"body": {http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			stream.Body{Reader: kittest.BrokenReader("abc", errDown)}.ServeHTTP(w, r)
		}), "abc"},
		"encoding": {stream.NDJSON[any]{Seq: of[any](1, []any{"half", errorValue{}})}, "1\n"},
		"event":    {stream.SSE[stream.Event]{Seq: of(stream.Event{Data: "1"}, stream.Event{ID: "a\nb"})}, ":\n\ndata: 1\n\n"},
		"serve": {http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			assert.ErrorIs(t, stream.Text{Seq: broken(errDown, "a")}.Serve(w, r), errDown)
		}), "a"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			kittest.Serve(t, tc.h, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				path := "/late-" + strings.ReplaceAll(name+s.Proto, " ", "-")
				before := len(logged.about(path))
				got, err := s.TryDo(http.MethodGet, path, nil, nil)
				require.Error(t, err, "a truncated body must not look complete")
				require.NotNil(t, got)
				assert.Equal(t, http.StatusOK, got.StatusCode)
				assert.Equal(t, tc.want, got.Text)
				if name == "serve" {
					assert.Len(t, logged.about(path), before, "the caller has the error")
				} else {
					assert.Len(t, logged.about(path), before+1)
				}
				assert.Empty(t, s.Log())
			})
		})
	}
}

type errorValue struct{}

func (errorValue) MarshalJSON() ([]byte, error) { return nil, errDown }

// TestFailure_bareWriter holds that truncation shows where neither a flush nor
// a deadline reaches the connection.
func TestFailure_bareWriter(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 100_000)
	for name, h := range map[string]http.Handler{
		"serveHTTP": stream.Text{Seq: broken(errDown, long)},
		"serve": http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_ = stream.Text{Seq: broken(errDown, long)}.Serve(w, r)
		}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, neighbor := range kittest.Neighbors() {
				kittest.Serve(t, neighbor.Wrap(h), func(t *testing.T, s *kittest.Server) {
					t.Helper()
					_, err := s.TryDo(http.MethodGet, "/bare", nil, nil)
					assert.Error(t, err)
				})
			}
		})
	}
}

// TestFailure_startedBefore holds that a stream which comes too late for its
// header is broken off, if the writer can tell.
func TestFailure_startedBefore(t *testing.T) {
	t.Parallel()
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		own := rw.Wrap(w)
		_, _ = own.Write([]byte(kittest.Early))
		stream.Text{Seq: of("late")}.ServeHTTP(own, r)
	})
	kittest.Serve(t, h, func(t *testing.T, s *kittest.Server) {
		t.Helper()
		got, err := s.TryDo(http.MethodGet, "/", nil, nil)
		require.Error(t, err)
		if got != nil {
			assert.NotContains(t, got.Text, "late")
		}
	})
}

// TestOptions_faults holds that bad options are a 500 that names all of them,
// before the sequence is started, whatever the format.
func TestOptions_faults(t *testing.T) {
	t.Parallel()
	bad := stream.Options{ContentType: "text/plain\r\nX-Evil: 1", Flush: stream.Policy(7)}
	start := func(func(int, error) bool) { t.Error("the sequence was started") }
	for name, s := range map[string]interface {
		Serve(w http.ResponseWriter, r *http.Request) error
	}{
		"sse":    stream.SSE[int]{Seq: start, Options: bad},
		"ndjson": stream.NDJSON[int]{Seq: start, Options: bad},
		"array":  stream.Array[int]{Seq: start, Options: bad},
		"auto":   stream.Auto[int]{Seq: start, Options: bad},
		"text":   stream.Text{Options: bad},
		"bytes":  stream.Bytes{Options: bad},
		"body":   stream.Body{Reader: strings.NewReader("x"), Options: bad},
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			w := httptest.NewRecorder()
			err := s.Serve(w, httptest.NewRequest(method, "/", nil))
			assert.Equal(t, http.StatusInternalServerError, w.Code, name)
			assert.Empty(t, w.Header().Get("X-Evil"), name)
			require.ErrorContains(t, err, `Options.ContentType "text/plain\r\nX-Evil: 1" has control characters`, name)
			assert.ErrorContains(t, err, "Options.Flush 7 is unknown: use OnDemand or EachItem", name)
		}
	}
}

// TestOnEnd holds when OnEnd is called, and with what.
func TestOnEnd(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		seq    iter.Seq2[string, error]
		method string
		want   []error
	}{
		"complete": {of("a"), http.MethodGet, []error{nil}},
		"empty":    {nil, http.MethodGet, []error{nil}},
		"early":    {broken[string](errDown), http.MethodGet, []error{errDown}},
		"head":     {of("a"), http.MethodHead, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got []error
			s := stream.Text{Seq: tc.seq, Options: stream.Options{OnEnd: func(err error) { got = append(got, err) }}}
			err := s.Serve(httptest.NewRecorder(), httptest.NewRequest(tc.method, "/", nil))
			assert.Equal(t, tc.want, got)
			if len(got) > 0 {
				assert.Equal(t, got[0], err)
			}
		})
	}
}

// TestHTTP10 holds that a client of HTTP/1.0 gets the body without chunks.
func TestHTTP10(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(stream.NDJSON[int]{Seq: of(1, 2)})
	defer server.Close()
	conn, err := new(net.Dialer).DialContext(context.Background(), "tcp", server.Listener.Addr().String())
	require.NoError(t, err)
	defer conn.Close()
	_, err = io.WriteString(conn, "GET / HTTP/1.0\r\nHost: a\r\n\r\n")
	require.NoError(t, err)
	answer, err := io.ReadAll(conn)
	require.NoError(t, err)
	head, body, _ := strings.Cut(string(answer), "\r\n\r\n")
	assert.Equal(t, "1\n2\n", body)
	assert.NotContains(t, head, "chunked")
	assert.Contains(t, head, "HTTP/1.0 200 OK\r\n")
}
