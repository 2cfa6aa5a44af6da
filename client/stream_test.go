package client_test

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"strconv"
	"strings"
	"testing"
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
			// It begins with the first item, however slow the machine is.
			return stream.NDJSON[item]{Seq: numbered(in), Options: stream.Options{Grace: time.Hour}}, nil
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

// A cutBody ends ctx when it is read, and then fails with an error of the way.
type cutBody struct{ cancel context.CancelFunc }

func (b cutBody) Read([]byte) (int, error) { b.cancel(); return 0, errSource }
func (cutBody) Close() error               { return nil }

// A call that its caller ends fails with the error of the context, also where the other side
// breaks the answer off before.
func TestCall_endedByCaller(t *testing.T) {
	t.Parallel()
	plain := tenon.Op[tenon.None, item]{Method: "GET", Pattern: "/plain"}
	for media, call := range map[string]func(ctx context.Context, c *client.Client) error{
		"application/json": func(ctx context.Context, c *client.Client) error {
			_, err := client.Call(ctx, c, plain, tenon.None{})
			return err
		},
		"application/x-ndjson": func(ctx context.Context, c *client.Client) error {
			_, err := all(client.Stream(ctx, c, ndjson, streamIn{}))
			return err
		},
		"text/event-stream": func(ctx context.Context, c *client.Client) error {
			_, err := all(client.Stream(ctx, c, sse, streamIn{}))
			return err
		},
	} {
		t.Run(media, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			way := roundTripper(func(*http.Request) (*http.Response, error) {
				header := http.Header{"Content-Type": {media}}
				return &http.Response{StatusCode: http.StatusOK, Header: header, Body: cutBody{cancel}, ContentLength: -1}, nil
			})
			c, err := client.New("http://localhost", client.Options{HTTP: &http.Client{Transport: way}})
			require.NoError(t, err)
			err = call(ctx, c)
			require.ErrorIs(t, err, context.Canceled)
			require.ErrorIs(t, err, errSource)
		})
	}
}

// A stream is for Stream, and Call says so.
func TestCall_stream(t *testing.T) {
	t.Parallel()
	c := client.InProcess(streams(), client.Options{})
	_, err := client.Call(t.Context(), c, ndjson, streamIn{})
	require.ErrorContains(t, err, "use client.Stream")
}
