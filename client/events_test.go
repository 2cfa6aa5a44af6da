package client_test

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/client"
	"github.com/tenonkit/tenon/feed"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// A change is an event of one of several types, of each kind that a field may have.
type change struct {
	respond.OneOf

	Made    *item
	Moved   *[]int
	Labeled *map[string]string
	Other   any
}

var changes = []change{
	{Made: &item{N: 1, Text: "a"}},
	{Moved: &[]int{3, 4}},
	{Labeled: &map[string]string{"a": "b"}},
	{Other: "text"},
	{Made: &item{N: 2}},
}

type watchIn struct {
	Last string `header:"Last-Event-ID,optional"`
}

var (
	watch         = tenon.Op[tenon.None, stream.SSE[change]]{Method: "GET", Pattern: "/changes"}
	watchPointers = tenon.Op[tenon.None, stream.SSE[*change]]{Method: "GET", Pattern: "/pointers"}
	follow        = tenon.Op[watchIn, feed.SSE[change]]{Method: "GET", Pattern: "/feed"}
	followItems   = tenon.Op[watchIn, feed.SSE[item]]{Method: "GET", Pattern: "/items"}
)

// sequence yields what f makes of each change.
func sequence[T any](f func(change) T) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, c := range changes {
			if !yield(f(c), nil) {
				return
			}
		}
	}
}

// What a OneOf is sent as, by a stream and by a feed, is what the client has.
func TestStream_oneOf(t *testing.T) {
	t.Parallel()
	log := feed.NewMemory[change](feed.Options{})
	first, err := log.Append(t.Context(), "", change{Made: &item{}})
	require.NoError(t, err)
	for _, c := range changes {
		_, err := log.Append(t.Context(), "", c)
		require.NoError(t, err)
	}
	h := mounted(
		watch.Route(func(context.Context, tenon.None) (stream.SSE[change], error) {
			return stream.SSE[change]{Seq: sequence(func(c change) change { return c })}, nil
		}),
		watchPointers.Route(func(context.Context, tenon.None) (stream.SSE[*change], error) {
			return stream.SSE[*change]{Seq: sequence(func(c change) *change { return &c })}, nil
		}),
		follow.Route(func(context.Context, watchIn) (feed.SSE[change], error) {
			return feed.SSE[change]{Log: log, After: first}, nil
		}),
	)
	over(t, h, client.Options{}, func(t *testing.T, c *client.Client) {
		t.Helper()
		got, err := all(client.Stream(t.Context(), c, watch, tenon.None{}))
		require.NoError(t, err)
		assert.Equal(t, changes, got)

		pointers, err := all(client.Stream(t.Context(), c, watchPointers, tenon.None{}))
		require.NoError(t, err)
		require.Len(t, pointers, len(changes))
		for i, p := range pointers {
			assert.Equal(t, changes[i], *p)
		}

		i := 0
		for v, err := range client.Stream(t.Context(), c, follow, watchIn{}) {
			require.NoError(t, err)
			assert.Equal(t, changes[i], v)
			if i++; i == len(changes) {
				break
			}
		}
	})
}

func TestStream_oneOfOfOthers(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, text string
		want       []change
		why        string
	}{
		{"a type that nobody declares", "event: Gone\ndata: not JSON\n\nevent: Moved\ndata: [1]\n\ndata: 1\n\n", []change{{Moved: &[]int{1}}}, ""},
		{"data of another type", "event: Moved\ndata: [1]\n\nevent: Moved\ndata: {}\n\n", []change{{Moved: &[]int{1}}}, `has an event "Moved" that cannot be read as client_test.change`},
		{"no JSON", "event: Made\ndata: {\n\n", nil, `has an event "Made"`},
		{"null", "event: Made\ndata: null\n\n", []change{{Made: new(item)}}, ""},
		{"reset, which a stream may call its events", "event: reset\ndata: {}\n\n", nil, ""},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { sends(tt.text)(w) })
			got, err := all(client.Stream(t.Context(), client.InProcess(h, client.Options{}), watch, tenon.None{}))
			assert.Equal(t, tt.want, got)
			if tt.why == "" {
				require.NoError(t, err)
			} else {
				require.ErrorContains(t, err, tt.why)
			}
		})
	}
}

// A client that has missed entries is told, whether or not it reconnects.
func TestStream_reset(t *testing.T) {
	t.Parallel()
	log := feed.NewMemory[item](feed.Options{Keep: 2})
	var ids []string
	for i := range 5 {
		id, err := log.Append(t.Context(), "", item{N: i})
		require.NoError(t, err)
		ids = append(ids, id)
	}
	h := mounted(followItems.Route(func(context.Context, watchIn) (feed.SSE[item], error) {
		return feed.SSE[item]{Log: log}, nil
	}))
	for _, reconnect := range []bool{false, true} {
		over(t, h, client.Options{Reconnect: reconnect}, func(t *testing.T, c *client.Client) {
			t.Helper()
			got, err := all(client.Stream(t.Context(), c, followItems, watchIn{Last: ids[0]}))
			require.ErrorIs(t, err, feed.ErrReset)
			assert.Empty(t, got)

			for v, err := range client.Stream(t.Context(), c, followItems, watchIn{Last: ids[2]}) {
				require.NoError(t, err)
				assert.Equal(t, item{N: 3}, v)
				break
			}
		})
	}
}

// FuzzStream_oneOf holds that an event is read as its field, and written again, or refused.
func FuzzStream_oneOf(f *testing.F) {
	for _, c := range changes {
		text, err := json.Marshal(c.Made)
		require.NoError(f, err)
		f.Add("Made", string(text))
	}
	f.Add("Moved", "[1]")
	f.Add("Other", `{"a":[]}`)
	f.Fuzz(func(t *testing.T, name, data string) {
		out, err := stream.Event{Type: name, Data: data}.AppendTo(nil)
		if err != nil {
			t.Skip()
		}
		h := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { sends(string(out))(w) })
		got, _ := all(client.Stream(t.Context(), client.InProcess(h, client.Options{}), watch, tenon.None{}))
		again := mounted(watch.Route(func(context.Context, tenon.None) (stream.SSE[change], error) {
			return stream.SSE[change]{Seq: func(yield func(change, error) bool) {
				for _, c := range got {
					if c.Made != nil || c.Moved != nil || c.Labeled != nil || c.Other != nil { // null is none
						yield(c, nil)
					}
				}
			}}, nil
		}))
		_, err = all(client.Stream(t.Context(), client.InProcess(again, client.Options{}), watch, tenon.None{}))
		require.NoError(t, err)
	})
}
