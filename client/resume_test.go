package client_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/client"
	"github.com/tenonkit/tenon/stream"
)

// A resumable is an event stream that gives a few events in each answer.
type resumable struct {
	asked   []string
	at      []time.Time
	answers []func(w http.ResponseWriter)
}

func (s *resumable) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.asked, s.at = append(s.asked, r.Header.Get("Last-Event-ID")), append(s.at, time.Now())
	answer := s.answers[0]
	s.answers = s.answers[1:]
	answer(w)
}

func sends(text string) func(w http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		w.Header().Set("Content-Type", "text/event-stream")
		_, _ = w.Write([]byte(text))
	}
}

func aborts(text string) func(w http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		sends(text)(w)
		_ = http.NewResponseController(w).Flush()
		panic(http.ErrAbortHandler)
	}
}

func status(code int) func(w http.ResponseWriter) {
	return func(w http.ResponseWriter) { w.WriteHeader(code) }
}

func TestStream_reconnect(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &resumable{answers: []func(http.ResponseWriter){
			sends("retry: 100\nid: a\ndata: 1\n\n"),
			aborts("id: b\ndata: 2\n\ndata: cut"),
			status(http.StatusServiceUnavailable),
			status(http.StatusTooManyRequests),
			status(http.StatusBadGateway),
			sends("data: 3\n\n"),
			sends("id: c\n\n"),
			sends(""),
			status(http.StatusNoContent),
		}}
		c := client.InProcess(s, client.Options{Reconnect: true})
		items, err := all(client.Stream(t.Context(), c, events, streamIn{}))
		require.NoError(t, err)
		var data []string
		for _, event := range items {
			data = append(data, event.Data)
		}
		assert.Equal(t, []string{"1", "2", "3"}, data)
		assert.Equal(t, []string{"", "a", "b", "b", "b", "b", "b", "c", "c"}, s.asked)
		least := []int{100, 100, 200, 400, 800, 100, 200, 400}
		for i, ms := range least {
			pause := s.at[i+1].Sub(s.at[i])
			assert.GreaterOrEqual(t, pause.Milliseconds(), int64(ms), i)
			assert.LessOrEqual(t, pause.Milliseconds(), int64(ms*3/2), i)
		}
	})
}

// Without an event with an id, without the option, for another method and where a status
// will not pass, nobody connects again.
func TestStream_noReconnect(t *testing.T) {
	t.Parallel()
	post := tenon.Op[tenon.None, stream.SSE[stream.Event]]{Method: "POST", Pattern: "/events"}
	for name, test := range map[string]struct {
		answers   []func(http.ResponseWriter)
		reconnect bool
		post      bool
		events    int
		want      string
	}{
		"no id":       {[]func(http.ResponseWriter){aborts("data: 1\n\n")}, true, false, 1, "unexpected EOF"},
		"id taken":    {[]func(http.ResponseWriter){aborts("id: a\ndata: 1\n\nid\ndata: 2\n\n")}, true, false, 2, "unexpected EOF"},
		"id reset":    {[]func(http.ResponseWriter){sends("id: a\ndata: 1\n\n"), sends("id\ndata: 2\n\n")}, true, false, 2, ""},
		"no option":   {[]func(http.ResponseWriter){aborts("id: a\ndata: 1\n\n")}, false, false, 1, "unexpected EOF"},
		"clean end":   {[]func(http.ResponseWriter){sends("id: a\ndata: 1\n\n")}, false, false, 1, ""},
		"post":        {[]func(http.ResponseWriter){aborts("id: a\ndata: 1\n\n")}, true, true, 1, "unexpected EOF"},
		"not found":   {[]func(http.ResponseWriter){sends("id: a\ndata: 1\n\n"), status(http.StatusNotFound)}, true, false, 1, "404 Not Found"},
		"other media": {[]func(http.ResponseWriter){sends("id: a\ndata: 1\n\n"), func(w http.ResponseWriter) { _, _ = w.Write([]byte("x")) }}, true, false, 1, "media type"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := client.InProcess(&resumable{answers: test.answers}, client.Options{Reconnect: test.reconnect})
				seq := client.Stream(t.Context(), c, events, streamIn{})
				if test.post {
					seq = client.Stream(t.Context(), c, post, tenon.None{})
				}
				items, err := all(seq)
				assert.Len(t, items, test.events)
				if test.want == "" {
					require.NoError(t, err)
					return
				}
				require.ErrorContains(t, err, test.want)
			})
		})
	}
}

// An event that is too large comes again with every answer, so nobody asks for it again.
func TestStream_reconnectLarge(t *testing.T) {
	t.Parallel()
	for name, most := range map[string]int64{"of MaxBody": 1000, "by default": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			large := strings.Repeat("x", 17<<20)
			synctest.Test(t, func(t *testing.T) {
				s := &resumable{answers: []func(http.ResponseWriter){sends("id: a\ndata: 1\n\nid: b\ndata: " + large + "\n\n")}}
				c := client.InProcess(s, client.Options{Reconnect: true, MaxBody: most})
				items, err := all(client.Stream(t.Context(), c, events, streamIn{}))
				require.ErrorContains(t, err, "an item of more than")
				assert.Len(t, items, 1)
				assert.Len(t, s.asked, 1)
			})
		})
	}
}

// The end of the context ends the pause too.
func TestStream_reconnectContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := &resumable{answers: []func(http.ResponseWriter){sends("retry: 60000\nid: a\ndata: 1\n\n")}}
		c := client.InProcess(s, client.Options{Reconnect: true})
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		start := time.Now()
		items, err := all(client.Stream(ctx, c, events, streamIn{}))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		assert.Len(t, items, 1)
		assert.Equal(t, time.Second, time.Since(start))
	})
}
