package stream_test

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/stream"
)

func newRequest(accept string) *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	return r
}

func TestAuto(t *testing.T) {
	t.Parallel()
	const array, lines, events = "[1,2]", "1\n2\n", ":\n\ndata: 1\n\ndata: 2\n\n"
	for accept, want := range map[string]string{
		"":                     array,
		"*/*":                  array,
		"text/html":            array,
		"nonsense;;":           array,
		"application/json":     array,
		"application/*":        array,
		"application/x-ndjson": lines,
		"text/event-stream":    events,
		"text/*":               events,
		"application/json;q=0.5, text/event-stream": events,
		"application/json, application/x-ndjson":    array,
		"application/json;q=0, */*":                 lines,
		"text/event-stream;q=0.2, */*;q=0.1":        events,
	} {
		t.Run(accept, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			w.Header().Add("Vary", "Origin")
			stream.Auto[int]{Seq: of(1, 2)}.ServeHTTP(w, newRequest(accept))
			assert.Equal(t, want, w.Body.String())
			assert.Equal(t, []string{"Origin", "Accept"}, w.Header()["Vary"])
		})
	}
}

func TestStreamType(t *testing.T) {
	t.Parallel()
	type described interface {
		http.Handler
		StreamType() ([]string, reflect.Type)
	}
	for _, tc := range []struct {
		zero  described
		types []string
		item  reflect.Type
	}{
		{stream.SSE[stream.Event]{}, []string{"text/event-stream"}, reflect.TypeFor[stream.Event]()},
		{stream.NDJSON[row]{}, []string{"application/x-ndjson"}, reflect.TypeFor[row]()},
		{stream.Array[row]{}, []string{"application/json"}, reflect.TypeFor[row]()},
		{stream.Auto[row]{}, []string{"application/json", "application/x-ndjson", "text/event-stream"}, reflect.TypeFor[row]()},
		{stream.Text{}, []string{"text/plain; charset=utf-8"}, reflect.TypeFor[string]()},
		{stream.Bytes{}, []string{"application/octet-stream"}, reflect.TypeFor[[]byte]()},
		{stream.Body{}, []string{"application/octet-stream"}, reflect.TypeFor[[]byte]()},
	} {
		types, item := tc.zero.StreamType()
		assert.Equal(t, tc.types, types)
		assert.Equal(t, tc.item, item)
		w := httptest.NewRecorder()
		tc.zero.ServeHTTP(w, newRequest(""))
		assert.Equal(t, tc.types[0], w.Header().Get("Content-Type"))
	}
}
