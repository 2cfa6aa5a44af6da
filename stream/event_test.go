package stream_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/stream"
)

// eventCases is what each event is on the wire, and what a client that has seen
// nothing else makes of it: nothing, or one event.
var eventCases = []struct {
	name  string
	event stream.Event
	want  string
	seen  []stream.Event
}{
	{"zero", stream.Event{}, "data: \n\n", []stream.Event{{}}},
	{"data", stream.Event{Data: "a"}, "data: a\n\n", []stream.Event{{Data: "a"}}},
	{"id alone moves the last event ID", stream.Event{ID: "5"}, "id: 5\n\n", nil},
	{"id and type", stream.Event{ID: "5", Type: "message"}, "id: 5\nevent: message\ndata: \n\n", []stream.Event{{ID: "5", Type: "message"}}},
	{"comment alone", stream.Event{Comment: "hi"}, ": hi\n\n", nil},
	{"retry alone", stream.Event{Retry: time.Second}, "retry: 1000\n\n", nil},
	{"retry is rounded up", stream.Event{Data: "a", Retry: 1500*time.Microsecond + 1}, "retry: 2\ndata: a\n\n", []stream.Event{{Data: "a", Retry: 2 * time.Millisecond}}},
	{"negative retry", stream.Event{Data: "a", Retry: -time.Second}, "data: a\n\n", []stream.Event{{Data: "a"}}},
	{"lines", stream.Event{Data: "a\nb\r\nc\rd"}, "data: a\ndata: b\ndata: c\ndata: d\n\n", []stream.Event{{Data: "a\nb\nc\nd"}}},
	{"empty lines", stream.Event{Data: "\n\n"}, "data: \ndata: \ndata: \n\n", []stream.Event{{Data: "\n\n"}}}, //nolint:dupword // lines on the wire
	{"trailing newline", stream.Event{Data: "a\n"}, "data: a\ndata: \n\n", []stream.Event{{Data: "a\n"}}},
	{"leading space", stream.Event{Data: "  a", ID: " 1"}, "id:  1\ndata:   a\n\n", []stream.Event{{Data: "  a", ID: " 1"}}},
	{"leading colon", stream.Event{Data: ":a"}, "data: :a\n\n", []stream.Event{{Data: ":a"}}},
	{"no line break to a client", stream.Event{Data: "a\v\f\u0085\u2028b"}, "data: a\v\f\u0085\u2028b\n\n", []stream.Event{{Data: "a\v\f\u0085\u2028b"}}},
	{"injection by comment", stream.Event{Comment: "a\r\rdata: b"}, ": a\n: \n: data: b\n\n", nil},
	{"value", stream.Event{Type: "row", Value: row{1, "a\nb"}}, "event: row\ndata: {\"id\":1,\"name\":\"a\\nb\"}\n\n", []stream.Event{{Type: "row", Data: `{"id":1,"name":"a\nb"}`}}},
	{"all", stream.Event{ID: "1", Type: "t", Data: "d", Comment: "c", Retry: time.Millisecond}, ": c\nid: 1\nevent: t\nretry: 1\ndata: d\n\n", []stream.Event{{ID: "1", Type: "t", Data: "d", Retry: time.Millisecond}}},
}

func TestEvent_AppendTo(t *testing.T) {
	t.Parallel()
	for _, tc := range eventCases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := tc.event.AppendTo([]byte("before"))
			require.NoError(t, err)
			assert.Equal(t, "before"+tc.want, string(got))
			seen, err := collect(strings.NewReader(tc.want))
			require.NoError(t, err)
			assert.Equal(t, tc.seen, seen)
		})
	}
	for name, event := range map[string]stream.Event{
		"LF in the id":    {ID: "a\nb", Data: "x"},
		"CR in the id":    {ID: "a\rb"},
		"NUL in the id":   {ID: "a\x00b"},
		"LF in the type":  {Type: "a\nb"},
		"CR in the type":  {Type: "\r"},
		"data and value":  {Data: "a", Value: 1},
		"cannot be coded": {Comment: "c", Value: make(chan int)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := event.AppendTo([]byte("before"))
			require.Error(t, err)
			assert.Equal(t, "before", string(got), "not a byte is written")
		})
	}
}

func TestEvent_AppendTo_allocs(t *testing.T) {
	dst := make([]byte, 0, 1024)
	event := stream.Event{ID: "42", Type: "tick", Data: "some text\nin two lines", Retry: time.Second}
	kittest.Allocs(t, 0, func() { dst, _ = event.AppendTo(dst[:0]) })
}

// FuzzEvent holds that what is encoded is decoded again as a client sees it.
func FuzzEvent(f *testing.F) {
	for _, tc := range eventCases {
		f.Add(tc.event.ID, tc.event.Type, tc.event.Data, tc.event.Comment, int64(tc.event.Retry))
	}
	f.Fuzz(func(t *testing.T, id, typ, data, comment string, retry int64) {
		event := stream.Event{ID: id, Type: typ, Data: data, Comment: comment, Retry: time.Duration(retry)}
		wire, err := event.AppendTo(nil)
		bad := strings.ContainsAny(id, "\r\n\x00") || strings.ContainsAny(typ, "\r\n")
		if (err != nil) != bad {
			t.Fatal(err)
		}
		if bad || !utf8.ValidString(id) || !utf8.ValidString(typ) || !utf8.ValidString(data) {
			return
		}
		// The event after it must not be changed, but for the last event ID.
		got, err := collect(strings.NewReader(string(wire) + "data: next\n\n"))
		if err != nil {
			t.Fatal(err)
		}
		next := stream.Event{ID: id, Data: "next"}
		want := []stream.Event{next}
		if retry > 0 {
			if want[0].Retry = event.Retry.Truncate(time.Millisecond); want[0].Retry < event.Retry {
				want[0].Retry += time.Millisecond
			}
			if want[0].Retry < 0 {
				return // no Duration holds the number that was sent
			}
		}
		if typ != "" || data != "" || id == "" && retry <= 0 && comment == "" {
			seen := stream.Event{ID: id, Type: typ, Data: newlines.Replace(data), Retry: want[0].Retry}
			want = []stream.Event{seen, next}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q\ngot  %#v\nwant %#v", wire, got, want)
		}
	})
}

var newlines = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func TestLastEventID(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		header, query, want string
		ok                  bool
	}{
		{"", "", "", false},
		{"5", "", "5", true},
		{"", "?last_event_id=6%20", "6 ", true},
		{"5", "?last_event_id=6", "5", true},
		{"", "?last_event_id=", "", false},
	} {
		r := httptest.NewRequest(http.MethodGet, "/"+tc.query, nil)
		if tc.header != "" {
			r.Header.Set("Last-Event-ID", tc.header)
		}
		id, ok := stream.LastEventID(r)
		assert.Equal(t, tc.want, id)
		assert.Equal(t, tc.ok, ok)
	}
}
