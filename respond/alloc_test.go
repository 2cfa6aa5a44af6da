package respond_test

import (
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

// The budgets are what an answer costs on top of an empty handler.
func TestWriter_allocs(t *testing.T) {
	body := article{ID: 7, Title: "Joinery without glue", Tags: []string{"oak", "beam"}}
	notFound := respond.NewProblem(http.StatusNotFound, "no article 7")
	tooLarge := &http.MaxBytesError{Limit: 1}
	long := string(make([]byte, 3000))
	labels := map[string]string{"channel": "web", "region": "north", "gate": "b"}
	counts := map[string][]article{"b": {body}, "a": {body, body}}
	many := make([]article, 4000)
	for i := range many {
		many[i] = article{i, strings.Repeat("x", 250), body.Tags}
	}
	two := respond.For[string](formats())
	negotiating := respond.For[article](formats())
	for _, tc := range []struct {
		name   string
		budget float64
		answer http.HandlerFunc
	}{
		{"json struct", 1, writes(respond.For[article](), body)},
		{"json pointer", 1, writes(respond.For[*article](), &body)},
		{"json map", 1, writes(respond.For[map[string]string](), labels)},
		{"json map of lists", 1, writes(respond.For[map[string][]article](), counts)},
		{"json of 1 MB", 2, writes(respond.For[[]article](), many)},
		{"created", 2, writes(respond.For[respond.Created[article]](), respond.Created[article]{Location: "/articles/7", Body: body})},
		{"string", 1, writes(respond.For[string](), "hello")},
		{"string in wrappers", 1, writes(respond.For[respond.OK[respond.Response[string]]](), respond.OK[respond.Response[string]]{})},
		{"string with its length", 2, writes(respond.For[string](), long)},
		{"named string", 2, writes(respond.For[slug](), "hello")},
		{"html", 1, writes(respond.For[respond.HTML](), "<p>")},
		{"bytes", 1, writes(respond.For[[]byte](), []byte("hello"))},
		{"none", 0, writes(respond.For[respond.None](), respond.None{})},
		{"no content", 0, writes(respond.For[respond.NoContent](), respond.NoContent{})},
		{"nil pointer", 0, writes(respond.For[*article](), nil)},
		{"redirect", 3, writes(respond.For[respond.Redirect](), respond.Found("/"))},
		{"string beside formats", 2, writes(two, "hello")},
		{"negotiated json", 3, writes(negotiating, body)},
		{"any string", 1, func(w http.ResponseWriter, r *http.Request) { _ = respond.Write(w, r, "hello") }},
		{"any pointer", 1, func(w http.ResponseWriter, r *http.Request) { _ = respond.Write(w, r, &body) }},
		{"problem", 1, func(w http.ResponseWriter, r *http.Request) { respond.Error(w, r, notFound) }},
		{"limit", 3, func(w http.ResponseWriter, r *http.Request) { respond.Error(w, r, tooLarge) }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
			r.Header.Set("Accept", "text/html, application/json;q=0.9, */*;q=0.1")
			var sink kittest.Sink
			kittest.Allocs(t, tc.budget, func() {
				sink.Reset()
				tc.answer(&sink, r)
			})
		})
	}
}

// A large answer finds its buffer again at once after the garbage collector took it.
func TestWriter_regrows(t *testing.T) {
	many := make([]article, 4000)
	for i := range many {
		many[i].Title = strings.Repeat("x", 250)
	}
	answer := writes(respond.For[[]article](), many)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/", nil)
	var sink kittest.Sink
	answer(&sink, r)
	answer(&sink, r)
	kittest.Allocs(t, 12, func() {
		runtime.GC()
		runtime.GC()
		sink.Reset()
		answer(&sink, r)
	})
}

func writes[T any](writer *respond.Sender[T], v T) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { _ = writer.Write(w, r, v) }
}
