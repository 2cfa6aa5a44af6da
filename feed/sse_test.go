package feed_test

import (
	"context"
	"errors"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// bare hides what kind of log it is.
type bare[T any] struct{ feed.Log[T] }

// frames is what the client of a request gets until nothing more comes for a while.
func frames(t *testing.T, h http.Handler, r *http.Request) string {
	t.Helper()
	var body string
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second) // less than a heartbeat
		defer cancel()
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r.WithContext(ctx))
		assert.Equal(t, http.StatusOK, w.Code)
		assert.Equal(t, "text/event-stream", w.Header().Get("Content-Type"))
		body = w.Body.String()
	})
	return strings.TrimPrefix(body, ":\n\n")
}

func get(url string, field ...string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, url, nil)
	if len(field) > 0 {
		r.Header.Set("Last-Event-ID", field[0])
	}
	return r
}

type loud struct {
	Text string `json:"text"`
}

func (*loud) EventType() string { return "loud" }

// TestSSE_events holds how a value is sent, by the log of this package and by
// another one.
func TestSSE_events(t *testing.T) {
	t.Parallel()
	type plain struct {
		N int `json:"n"`
	}
	checkEvents(t, plain{1}, `data: {"n":1}`)
	checkEvents(t, &plain{1}, `data: {"n":1}`)
	checkEvents(t, (*plain)(nil), `data: null`)
	checkEvents(t, any(nil), `data: null`)
	checkEvents(t, any(plain{1}), `data: {"n":1}`)
	checkEvents(t, "two\nlines <b>", `data: "two\nlines <b>"`)
	checkEvents(t, []int(nil), `data: []`)
	checkEvents(t, loud{"a"}, "event: loud\ndata: {\"text\":\"a\"}")
	checkEvents(t, &loud{"a"}, "event: loud\ndata: {\"text\":\"a\"}")
	checkEvents(t, any(&loud{"a"}), "event: loud\ndata: {\"text\":\"a\"}")
	checkEvents(t, stream.Event{ID: "mine", Type: "b", Data: "two\nlines", Retry: time.Second}, "event: b\nretry: 1000\ndata: two\ndata: lines")
	checkEvents(t, &stream.Event{Data: "b"}, "data: b")
	checkEvents(t, any(stream.Event{Value: plain{2}}), `data: {"n":2}`)
}

func checkEvents[T any](t *testing.T, v T, want string) {
	t.Helper()
	log := feed.NewMemory[T](feed.Options{})
	zero, err := log.Last(t.Context(), "a")
	require.NoError(t, err)
	id, err := log.Append(t.Context(), "a", v)
	require.NoError(t, err)
	want = "id: " + id + "\n" + want + "\n\n"
	assert.Equal(t, want, frames(t, feed.SSE[T]{Log: log, Topic: "a", After: zero}, get("/")), "%T", v)
	assert.Equal(t, want, frames(t, feed.SSE[T]{Log: bare[T]{log}, Topic: "a", After: zero}, get("/")), "%T", v)
}

// TestSSE_begins holds where a client begins, and what it is told first.
func TestSSE_begins(t *testing.T) {
	t.Parallel()
	log := feed.NewMemory[int](feed.Options{Keep: 3})
	ids := []string{lastOf(t, log, "a")}
	for n := range 5 {
		ids = append(ids, put(t, log, "a", n+1))
	}
	event := func(n int) string { return "id: " + ids[n] + "\ndata: " + string(rune('0'+n)) + "\n\n" }
	now, reset := "id: "+ids[5]+"\n\n", "id: "+ids[5]+"\nevent: reset\ndata: {}\n\n"
	for _, tc := range []struct {
		name, after string
		r           *http.Request
		want        string
	}{
		{"now", "", get("/"), now},
		{"now, an empty field", "", get("/", ""), now},
		{"after After", ids[3], get("/"), event(4) + event(5)},
		{"the field wins over After", ids[3], get("/", ids[4]), event(5)},
		{"so does the query", ids[3], get("/?last_event_id=" + ids[4]), event(5)},
		{"the field wins over the query", "", get("/?last_event_id="+ids[3], ids[4]), event(5)},
		{"all that is kept", "", get("/", ids[2]), event(3) + event(4) + event(5)},
		{"the newest", "", get("/", ids[5]), ""},
		{"too old", "", get("/", ids[1]), reset},
		{"too old After", ids[0], get("/"), reset},
		{"unknown", ids[3], get("/", "x"), reset},
		{"beyond the end", "", get("/", ids[5]+"0"), reset},
	} {
		assert.Equal(t, tc.want, frames(t, feed.SSE[int]{Log: log, Topic: "a", After: tc.after}, tc.r), tc.name)
		assert.Equal(t, tc.want, frames(t, feed.SSE[int]{Log: bare[int]{log}, Topic: "a", After: tc.after}, tc.r), tc.name)
	}
}

// TestSSE_overtaken holds that a client that reads too slowly is told to reset, and
// goes on.
func TestSSE_overtaken(t *testing.T) {
	t.Parallel()
	for _, hidden := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			memory := feed.NewMemory[int](feed.Options{Keep: 2})
			log := feed.Log[int](memory)
			if hidden {
				log = bare[int]{memory}
			}
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			full, free := make(chan struct{}), make(chan struct{})
			w := &pausing{ResponseRecorder: httptest.NewRecorder(), full: full, free: free}
			go func() {
				<-full
				for n := range 5 {
					_, err := log.Append(ctx, "a", n)
					assert.NoError(t, err)
				}
				close(free)
			}()
			feed.SSE[int]{Log: log, Topic: "a", Options: stream.Options{Flush: stream.EachItem}}.ServeHTTP(w, get("/").WithContext(ctx))
			zero, _, _ := strings.Cut(lastOf(t, log, "a"), "-")
			assert.Equal(t, ":\n\nid: "+zero+"-0\n\nid: "+zero+"-5\nevent: reset\ndata: {}\n\n", w.Body.String())
		})
	}
}

// pausing holds the first write up.
type pausing struct {
	*httptest.ResponseRecorder

	full, free chan struct{}
}

func (w *pausing) Write(p []byte) (int, error) {
	if w.full != nil {
		close(w.full)
		w.full = nil
		<-w.free
	}
	return w.ResponseRecorder.Write(p)
}

func (w *pausing) WriteString(text string) (int, error) { return w.Write([]byte(text)) }

// patient streams begin with their first event, however slow the machine is.
var patient = stream.Options{Grace: time.Hour}

// failing is a log that is away.
type failing struct{ feed.Log[int] }

var errAway = respond.NewProblem(http.StatusServiceUnavailable, "the log is away")

func (failing) Last(context.Context, string) (string, error) { return "", errAway }

func (failing) Follow(context.Context, string, string) iter.Seq2[feed.Entry[int], error] {
	return func(yield func(feed.Entry[int], error) bool) { yield(feed.Entry[int]{}, errAway) }
}

// TestSSE_failures holds that what fails at the start has a status of its own.
func TestSSE_failures(t *testing.T) {
	for _, tc := range []struct {
		name   string
		sse    feed.SSE[int]
		status int
	}{
		{"no log", feed.SSE[int]{}, http.StatusInternalServerError},
		{"a nil pointer", feed.SSE[int]{Log: (*feed.Memory[int])(nil)}, http.StatusInternalServerError},
		{"Last fails", feed.SSE[int]{Log: failing{}, Options: patient}, http.StatusServiceUnavailable},
		{"Follow fails", feed.SSE[int]{Log: failing{}, After: "x", Options: patient}, http.StatusServiceUnavailable},
	} {
		t.Run(tc.name, func(t *testing.T) {
			kittest.Serve(t, tc.sse, func(t *testing.T, s *kittest.Server) {
				t.Helper()
				response := s.Get(t, "/")
				assert.Equal(t, tc.status, response.StatusCode)
				assert.Equal(t, "application/problem+json", response.Header.Get("Content-Type"))
			})
		})
	}
}

func TestSSE_head(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	feed.SSE[int]{Log: failing{}}.ServeHTTP(w, httptest.NewRequest(http.MethodHead, "/", nil))
	assert.Equal(t, http.StatusOK, w.Code)
	assert.Equal(t, "text/event-stream", w.Header().Get("Content-Type"))
	assert.Empty(t, w.Body.String())
}

// TestSSE_typed serves it from a typed function, behind hostile neighbors; a client
// that leaves frees the topic.
func TestSSE_typed(t *testing.T) {
	log := feed.NewMemory[int](feed.Options{})
	id := lastOf(t, log, "a")
	put(t, log, "a", 7)
	h := tenon.Handle(func(context.Context, tenon.None) (feed.SSE[int], error) {
		return feed.SSE[int]{Log: log, Topic: "a", After: id}, nil
	})
	for _, neighbor := range kittest.Neighbors() {
		if neighbor.Name == "bare writer" {
			continue // An event stream that cannot be flushed is a 500.
		}
		kittest.Serve(t, neighbor.Wrap(h), func(t *testing.T, s *kittest.Server) {
			t.Helper()
			response, err := s.Client.Get(s.URL)
			require.NoError(t, err)
			for event, err := range stream.Events(response.Body) {
				require.NoError(t, err)
				assert.Equal(t, "7", event.Data)
				break
			}
			_ = response.Body.Close()
		})
	}
	assert.NotPanics(t, func() { kittest.CheckHeaders(t, ending(h), func() *http.Request { return get("/") }) })
}

// ending ends the requests of h at once.
func ending(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithTimeoutCause(r.Context(), 10*time.Millisecond, errors.New("over"))
		defer cancel()
		h.ServeHTTP(w, r.WithContext(ctx))
	})
}

// TestSSE_drain holds that a stream of a log ends as others do at shutdown.
func TestSSE_drain(t *testing.T) {
	log := feed.NewMemory[int](feed.Options{})
	var drain stream.Drain
	kittest.Serve(t, drain.Handler(feed.SSE[int]{Log: log}), func(t *testing.T, s *kittest.Server) {
		t.Helper()
		response, err := s.Client.Get(s.URL)
		require.NoError(t, err)
		defer response.Body.Close()
		drain.Start()
		_, err = io.ReadAll(response.Body)
		assert.NoError(t, err)
	})
}

func TestSSE_Items(t *testing.T) {
	t.Parallel()
	log := feed.NewMemory[int](feed.Options{Keep: 3})
	var ids []string
	for i := range 5 {
		id, err := log.Append(t.Context(), "a", i)
		require.NoError(t, err)
		ids = append(ids, id)
	}
	var got []int
	for v, err := range (feed.SSE[int]{Log: log, Topic: "a", After: ids[2]}).Items() {
		require.NoError(t, err)
		if got = append(got, v); len(got) == 2 {
			break
		}
	}
	assert.Equal(t, []int{3, 4}, got)
	for _, err := range (feed.SSE[int]{Log: log, Topic: "a", After: ids[0]}).Items() {
		require.ErrorIs(t, err, feed.ErrReset)
	}
	for _, err := range (feed.SSE[int]{}).Items() {
		require.ErrorContains(t, err, "no Log")
	}
}
