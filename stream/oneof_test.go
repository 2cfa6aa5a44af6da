package stream_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

type made struct {
	ID     int    `json:"id"`
	Secret string `json:"secret" writeOnly:"true"`
}

// A change is an event of one of several types.
type change struct {
	respond.OneOf

	Created *made
	Renamed *string
	Deleted *struct {
		ID int `json:"id"`
	}
	Ping  *respond.None
	Other any
}

func changes(all ...change) func(yield func(change, error) bool) {
	return func(yield func(change, error) bool) {
		for _, c := range all {
			if !yield(c, nil) {
				return
			}
		}
	}
}

func sent(h http.Handler, accept string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.Header.Set("Accept", accept)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestSSE_oneOf(t *testing.T) {
	t.Parallel()
	all := changes(
		change{Created: &made{7, "s"}}, change{Renamed: new("a\nb")}, change{Ping: &respond.None{}}, change{Other: 1.5},
		change{Other: made{8, "s"}},
	)
	const want = ":\n\nevent: Created\ndata: {\"id\":7}\n\nevent: Renamed\ndata: \"a\\nb\"\n\nevent: Ping\ndata: {}\n\n" +
		"event: Other\ndata: 1.5\n\nevent: Other\ndata: {\"id\":8}\n\n"
	assert.Equal(t, want, sent(stream.SSE[change]{Seq: all}, "*/*").Body.String())
	assert.Equal(t, want, sent(stream.Auto[change]{Seq: all}, "text/event-stream").Body.String())
	pointers := func(yield func(*change, error) bool) {
		for c := range all {
			yield(&c, nil)
		}
	}
	assert.Equal(t, want, sent(stream.SSE[*change]{Seq: pointers}, "*/*").Body.String())
}

// A value of which no field is set, or two, is the server's fault.
func TestSSE_oneOfOfNone(t *testing.T) {
	t.Parallel()
	for _, c := range []change{{}, {Created: &made{}, Renamed: new("")}} {
		assert.Equal(t, http.StatusInternalServerError, sent(stream.SSE[change]{Seq: changes(c), Options: patient}, "*/*").Code)
	}
	none := func(yield func(*change, error) bool) { yield(nil, nil) }
	assert.Equal(t, http.StatusInternalServerError, sent(stream.SSE[*change]{Seq: none, Options: patient}, "*/*").Code)
}

type itself struct {
	Secret string `writeOnly:"true"`
}

func (itself) MarshalJSON() ([]byte, error) { return []byte("1"), nil }

// What can never be sent is known before there is a request.
func TestStream_faults(t *testing.T) {
	t.Parallel()
	type plain struct{ respond.OneOf }
	type wrong struct {
		respond.OneOf

		Plain   string
		Tagged  *string `json:"tagged"`
		Event   *stream.Event
		Wrapped *respond.Created[string]
		Failed  *respond.Problem
		Chan    *chan int
		Itself  *itself
	}
	for _, tc := range []struct {
		declare func()
		words   []string
	}{
		{func() { respond.For[stream.SSE[wrong]]() }, []string{
			"wrong.Plain has type string", "wrong.Tagged has a json tag", "wrong.Event is an Event", "wrong.Wrapped has type respond.Created[string], which is an answer",
			"wrong.Failed has type respond.Problem", "wrong.Chan", "wrong.Itself has the tag writeOnly",
		}},
		{func() { respond.For[stream.SSE[plain]]() }, []string{"plain has no field that could be set"}},
		{func() { respond.For[stream.NDJSON[chan int]]() }, []string{"chan int cannot be encoded as JSON"}},
		{func() { respond.For[stream.Array[itself]]() }, []string{"MarshalJSON ignores the tag"}},
		{func() { respond.For[*stream.Auto[[]itself]]() }, []string{"MarshalJSON ignores the tag"}},
	} {
		func() {
			defer func() {
				words, _ := recover().(string)
				for _, want := range tc.words {
					assert.Contains(t, words, want)
				}
			}()
			tc.declare()
		}()
	}
	for _, declare := range []func(){
		func() { respond.For[stream.SSE[change]]() }, func() { respond.For[stream.SSE[stream.Event]]() }, func() { respond.For[stream.SSE[*stream.Event]]() },
		func() { respond.For[stream.SSE[any]]() }, func() { respond.For[stream.Auto[made]]() }, func() { respond.For[stream.NDJSON[error]]() },
	} {
		assert.NotPanics(t, declare)
	}
}
