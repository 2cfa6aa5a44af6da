package client_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"strconv"
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

type streamIn struct {
	N     int    `query:"n,optional"`
	Fails bool   `query:"fails,optional"`
	Last  string `header:"Last-Event-ID,optional"`
}

type item struct {
	N    int    `json:"n"`
	Text string `json:"text,omitempty"`
}

var errSource = errors.New("the source has failed")

// numbered yields n items, and then the error if it fails.
func numbered(in streamIn) iter.Seq2[item, error] {
	return func(yield func(item, error) bool) {
		for i := range in.N {
			if !yield(item{N: i, Text: strings.Repeat("x", i)}, nil) {
				return
			}
		}
		if in.Fails {
			yield(item{}, errSource)
		}
	}
}

var (
	ndjson = tenon.Op[streamIn, stream.NDJSON[item]]{Method: "GET", Pattern: "/ndjson"}
	array  = tenon.Op[streamIn, stream.Array[item]]{Method: "GET", Pattern: "/array"}
	auto   = tenon.Op[streamIn, stream.Auto[item]]{Method: "GET", Pattern: "/auto"}
	sse    = tenon.Op[streamIn, stream.SSE[item]]{Method: "GET", Pattern: "/sse"}
	events = tenon.Op[streamIn, stream.SSE[stream.Event]]{Method: "GET", Pattern: "/events"}
	texts  = tenon.Op[streamIn, stream.Text]{Method: "GET", Pattern: "/text"}
	octets = tenon.Op[streamIn, stream.Bytes]{Method: "GET", Pattern: "/bytes"}
)

func streams() http.Handler {
	return mounted(
		ndjson.Route(func(_ context.Context, in streamIn) (stream.NDJSON[item], error) {
			return stream.NDJSON[item]{Seq: numbered(in)}, nil
		}),
		array.Route(func(_ context.Context, in streamIn) (stream.Array[item], error) {
			return stream.Array[item]{Seq: numbered(in)}, nil
		}),
		auto.Route(func(_ context.Context, in streamIn) (stream.Auto[item], error) {
			return stream.Auto[item]{Seq: numbered(in)}, nil
		}),
		sse.Route(func(_ context.Context, in streamIn) (stream.SSE[item], error) {
			return stream.SSE[item]{Seq: numbered(in)}, nil
		}),
		events.Route(func(_ context.Context, in streamIn) (stream.SSE[stream.Event], error) {
			return stream.SSE[stream.Event]{Seq: func(yield func(stream.Event, error) bool) {
				for v, err := range numbered(in) {
					if !yield(stream.Event{ID: strconv.Itoa(v.N), Type: "t", Data: v.Text}, err) {
						return
					}
				}
			}}, nil
		}),
		texts.Route(func(_ context.Context, in streamIn) (stream.Text, error) {
			return stream.Text{Seq: func(yield func(string, error) bool) {
				for v, err := range numbered(in) {
					if !yield(v.Text, err) {
						return
					}
				}
			}}, nil
		}),
		octets.Route(func(_ context.Context, in streamIn) (stream.Bytes, error) {
			return stream.Bytes{Seq: func(yield func([]byte, error) bool) {
				for v, err := range numbered(in) {
					if !yield([]byte(v.Text), err) {
						return
					}
				}
			}}, nil
		}),
	)
}

// all returns the items of a sequence and its error.
func all[T any](seq iter.Seq2[T, error]) (items []T, err error) {
	for v, wrong := range seq {
		if err != nil {
			return items, errors.New("the sequence goes on behind an error")
		}
		if err = wrong; err == nil {
			items = append(items, v)
		}
	}
	return items, err
}

// itemsOf returns what the items of numbered should be.
func itemsOf(in streamIn) []item {
	in.Fails = false
	items, _ := all(numbered(in))
	return items
}

func TestStream(t *testing.T) {
	t.Parallel()
	over(t, streams(), client.Options{}, func(t *testing.T, c *client.Client) {
		t.Helper()
		for _, n := range []int{0, 1, 3, 300} {
			in := streamIn{N: n}
			for name, seq := range map[string]iter.Seq2[item, error]{
				"ndjson": client.Stream(t.Context(), c, ndjson, in),
				"array":  client.Stream(t.Context(), c, array, in),
				"auto":   client.Stream(t.Context(), c, auto, in),
				"sse":    client.Stream(t.Context(), c, sse, in),
			} {
				items, err := all(seq)
				require.NoError(t, err, name)
				assert.Equal(t, itemsOf(in), items, name)
			}
			got, err := all(client.Stream(t.Context(), c, events, in))
			require.NoError(t, err)
			require.Len(t, got, n)
			for i, event := range got {
				assert.Equal(t, stream.Event{ID: strconv.Itoa(i), Type: "t", Data: strings.Repeat("x", i)}, event)
			}
			text, err := all(client.Stream(t.Context(), c, texts, in))
			require.NoError(t, err)
			bytes, err := all(client.Stream(t.Context(), c, octets, in))
			require.NoError(t, err)
			var whole []byte
			for _, piece := range bytes {
				whole = append(whole, piece...)
			}
			assert.Equal(t, strings.Repeat("x", n*(n-1)/2), strings.Join(text, ""))
			assert.Equal(t, strings.Repeat("x", n*(n-1)/2), string(whole))
		}
	})
}

// A stream that breaks off is an error, at whatever place that is.
func TestStream_breaksOff(t *testing.T) {
	t.Parallel()
	over(t, streams(), client.Options{}, func(t *testing.T, c *client.Client) {
		t.Helper()
		for _, n := range []int{1, 3, 300} {
			in := streamIn{N: n, Fails: true}
			for name, seq := range map[string]iter.Seq2[item, error]{
				"ndjson": client.Stream(t.Context(), c, ndjson, in),
				"array":  client.Stream(t.Context(), c, array, in),
				"sse":    client.Stream(t.Context(), c, sse, in),
			} {
				_, err := all(seq)
				require.Error(t, err, "%s %d", name, n)
				_, isAnswer := errors.AsType[*client.Error](err)
				assert.False(t, isAnswer, "%s %d: %v", name, n, err)
			}
			_, err := all(client.Stream(t.Context(), c, texts, in))
			require.Error(t, err)
		}
		// Within the grace it is a status.
		_, err := all(client.Stream(t.Context(), c, ndjson, streamIn{Fails: true}))
		failure, ok := errors.AsType[*client.Error](err)
		require.True(t, ok, err)
		assert.Equal(t, http.StatusInternalServerError, failure.Status)
	})
}

// A body that ends too early, or is something else, is an error.
func TestStream_body(t *testing.T) {
	t.Parallel()
	for _, test := range []struct{ media, body, want string }{
		{"application/x-ndjson", `{"n":1}` + "\n" + `{"n":2}`, "breaks off within a line"},
		{"application/x-ndjson", `{"n":1}` + "\n" + `{"n":"x"}` + "\n", "cannot be read"},
		{"application/x-ndjson", `{"n":1}` + "\n" + `{"n":2` + "\n", "cannot be read"},
		{"application/x-ndjson", `{"n":1}` + "\n" + strings.Repeat(" ", 2000) + "\n", "more than 1000 bytes"},
		{"text/html", "<html>", "media type"},
		{"application/json", "", "breaks off"},
		{"application/json", "[", "breaks off"},
		{"application/json", `[{"n":1}`, "breaks off"},
		{"application/json", `[{"n":1},`, "breaks off"},
		{"application/json", `[{"n":1}] 1`, "more than an array"},
		{"application/json", `[{"n":1}]]`, "no array of JSON"},
		{"application/json", `{"n":1}`, "no array"},
		{"application/json", `[{"n":1} {"n":2}]`, "no array of JSON"},
		{"application/json", `[{"n":1},"x"]`, "cannot be read"},
		{"application/json", `[{"n":1},{"text":"` + strings.Repeat("x", 40000) + `"}]`, "more than 1000 bytes"},
	} {
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", test.media)
			_, _ = w.Write([]byte(test.body))
		})
		over(t, h, client.Options{MaxBody: 1000}, func(t *testing.T, c *client.Client) {
			t.Helper()
			seq := client.Stream(t.Context(), c, ndjson, streamIn{})
			if test.media == "application/json" {
				seq = client.Stream(t.Context(), c, array, streamIn{})
			}
			_, err := all(seq)
			require.ErrorContains(t, err, test.want, "%.40s", test.body)
		})
	}
}

// A live is a handler that answers 200 with the start of a body that does not end.
func live(media, start string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", media)
		_, _ = w.Write([]byte(start))
		_ = http.NewResponseController(w).Flush()
		<-r.Context().Done()
	})
}

// What is wrong with a body that does not end is told at once.
func TestStream_live(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		op                 func(ctx context.Context, c *client.Client) iter.Seq2[item, error]
		media, start, want string
	}{
		"sse item":                {of(sse), "text/event-stream", "data: {\"n\":1}\n\ndata: x\n\n", "cannot be read"},
		"ndjson item":             {of(ndjson), "application/x-ndjson", "{\"n\":1}\nx\n", "cannot be read"},
		"array item":              {of(array), "application/json", `[{"n":1},{"n":"x"},`, "cannot be read"},
		"sse media":               {of(sse), "text/html", "<html>", "media type"},
		"ndjson media":            {of(ndjson), "text/html", "", "media type"},
		"array media":             {of(array), "text/html", "", "media type"},
		"sse large":               {of(sse), "text/event-stream", "data: " + jsonItem(101) + "\n\n", "more than 100 bytes"},
		"ndjson large":            {of(ndjson), "application/x-ndjson", jsonItem(101) + "\n", "more than 100 bytes"},
		"ndjson line":             {of(ndjson), "application/x-ndjson", strings.Repeat("x", 102), "more than 100 bytes"},
		"array large":             {of(array), "application/json", "[" + jsonItem(101), "more than 100 bytes"},
		"array item that goes on": {of(array), "application/json", `[{"text":"` + strings.Repeat("x", 100), "more than 100 bytes"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
				defer cancel()
				start := time.Now()
				_, err := all(test.op(ctx, client.InProcess(live(test.media, test.start), client.Options{MaxBody: 100})))
				require.ErrorContains(t, err, test.want)
				failure, ok := errors.AsType[*client.Error](err)
				require.True(t, ok, err)
				if test.want != "media type" {
					assert.Equal(t, test.start, string(failure.Body))
				}
				assert.Zero(t, time.Since(start))
			})
		})
	}
}

// MaxBody is how large an item may be, whatever is around it.
func TestStream_maxBody(t *testing.T) {
	t.Parallel()
	const most = 100
	fits, large := jsonItem(most), jsonItem(most+1)
	require.Len(t, fits, most)
	for name, test := range map[string]struct {
		op         func(ctx context.Context, c *client.Client) iter.Seq2[item, error]
		media      string
		start, end string
		between    string
	}{
		"sse":        {of(sse), "text/event-stream", "id: 1\nevent: x\ndata: ", "\n\n", ""},
		"sse CRLF":   {of(sse), "text/event-stream", "id: 1\r\ndata: ", "\r\n\r\n", ": alive\r\n\r\n"},
		"ndjson":     {of(ndjson), "application/x-ndjson", "", "\n", ""},
		"ndjson CR":  {of(ndjson), "application/x-ndjson", "", "\r\n", "\r\n"},
		"array":      {of(array), "application/json", "", "", ","},
		"array wide": {of(array), "application/json", " ", "\n", strings.Repeat(" ", 2*most) + "," + strings.Repeat("\n", 2*most)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var open, end string
			if test.media == "application/json" {
				open, end = "[", "]"
			}
			synctest.Test(t, func(t *testing.T) {
				serve := func(pieces ...string) ([]item, error) {
					h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
						w.Header().Set("Content-Type", test.media)
						for _, piece := range pieces {
							_, _ = w.Write([]byte(piece))
							_ = http.NewResponseController(w).Flush()
							synctest.Wait() // the client has read it
						}
					})
					return all(test.op(t.Context(), client.InProcess(h, client.Options{MaxBody: most})))
				}
				one, over := test.start+fits+test.end, test.start+large+test.end
				items, err := serve(open + one + test.between + one + test.between + one + end)
				require.NoError(t, err)
				assert.Len(t, items, 3)
				var bytes []string
				for _, b := range []byte(open + one + test.between + one + end) {
					bytes = append(bytes, string(b))
				}
				items, err = serve(bytes...)
				require.NoError(t, err)
				assert.Len(t, items, 2)
				items, err = serve(open + one + test.between + over + end)
				require.ErrorContains(t, err, "an item of more than 100 bytes")
				assert.Len(t, items, 1)
			})
		})
	}
}

// jsonItem returns an item of n bytes.
func jsonItem(n int) string { return `{"text":"` + strings.Repeat("x", n-len(`{"text":""}`)) + `"}` }

func of[Out interface{ Items() iter.Seq2[item, error] }](op tenon.Op[streamIn, Out]) func(ctx context.Context, c *client.Client) iter.Seq2[item, error] {
	return func(ctx context.Context, c *client.Client) iter.Seq2[item, error] {
		return client.Stream(ctx, c, op, streamIn{})
	}
}

// Call as well waits for no more of a body that does not fit than has come.
func TestCall_live(t *testing.T) {
	t.Parallel()
	op := tenon.Op[tenon.None, item]{Method: "GET", Pattern: "/x"}
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		start := time.Now()
		_, err := client.Call(ctx, client.InProcess(live("text/event-stream", "data: x\n\n"), client.Options{}), op, tenon.None{})
		require.ErrorContains(t, err, "media type")
		// One that has a length, of which little comes.
		long := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Content-Length", "1000000")
			live("text/html", "<html>").ServeHTTP(w, r)
		})
		_, err = client.Call(ctx, client.InProcess(long, client.Options{}), op, tenon.None{})
		require.ErrorContains(t, err, "<html>")
		assert.Zero(t, time.Since(start))
	})
}

// Whoever stops early ends the call, and the handler learns of it.
func TestStream_stop(t *testing.T) {
	t.Parallel()
	ended := make(chan struct{}, 3)
	endless := ndjson.Route(func(ctx context.Context, _ streamIn) (stream.NDJSON[item], error) {
		return stream.NDJSON[item]{Seq: func(yield func(item, error) bool) {
			defer func() { ended <- struct{}{} }()
			for i := 0; yield(item{N: i}, nil); i++ {
				select {
				case <-ctx.Done():
				case <-time.After(time.Millisecond):
				}
			}
		}}, nil
	})
	over(t, mounted(endless), client.Options{}, func(t *testing.T, c *client.Client) {
		t.Helper()
		n := 0
		for v, err := range client.Stream(t.Context(), c, ndjson, streamIn{}) {
			require.NoError(t, err)
			assert.Equal(t, n, v.N)
			if n++; n == 3 {
				break
			}
		}
		<-ended
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var err error
		for _, err = range client.Stream(ctx, c, ndjson, streamIn{}) {
			cancel()
		}
		require.ErrorIs(t, err, context.Canceled)
		<-ended
	})
}

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

// A stream is for Stream, and Call says so.
func TestCall_stream(t *testing.T) {
	t.Parallel()
	c := client.InProcess(streams(), client.Options{})
	_, err := client.Call(t.Context(), c, ndjson, streamIn{})
	require.ErrorContains(t, err, "use client.Stream")
}
