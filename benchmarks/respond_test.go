package benchmarks_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/tenonkit/tenon/internal/kittest"
	"github.com/tenonkit/tenon/respond"
)

// answer has five fields, like a small resource of an API.
type answer struct {
	ID      int       `json:"id"`
	Title   string    `json:"title"`
	Tags    []string  `json:"tags"`
	Draft   bool      `json:"draft"`
	Created time.Time `json:"created"`
}

// failure is problem details as one writes them by hand.
type failure struct {
	Type   string `json:"type"`
	Title  string `json:"title"`
	Status int    `json:"status"`
	Detail string `json:"detail"`
}

// BenchmarkRespond measures each kind of answer next to the same bytes written
// by hand: json.Marshal, Header().Set, Write.
func BenchmarkRespond(b *testing.B) {
	body := answer{
		ID: 7, Title: "Joinery without glue", Tags: []string{"oak", "beam"},
		Created: time.Date(2026, time.March, 1, 9, 0, 0, 0, time.UTC),
	}
	missing := respond.NewProblem(http.StatusNotFound, "no article has the id 7")
	var (
		answers  = respond.For[answer]()
		texts    = respond.For[string]()
		nothings = respond.For[respond.None]()
		created  = respond.For[respond.Created[answer]]()
	)
	for _, tc := range []struct {
		name        string
		tenon, hand http.HandlerFunc
	}{
		{"body=json", func(w http.ResponseWriter, r *http.Request) {
			_ = answers.Write(w, r, body)
		}, func(w http.ResponseWriter, _ *http.Request) {
			writeByHand(w, http.StatusOK, "application/json", body)
		}},
		{"body=created", func(w http.ResponseWriter, r *http.Request) {
			_ = created.Write(w, r, respond.Created[answer]{Location: "/articles/7", Body: body})
		}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Location", "/articles/7")
			writeByHand(w, http.StatusCreated, "application/json", body)
		}},
		{"body=text", func(w http.ResponseWriter, r *http.Request) {
			_ = texts.Write(w, r, "hello, world")
		}, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/plain; charset=utf-8")
			w.Header().Set("X-Content-Type-Options", "nosniff")
			_, _ = io.WriteString(w, "hello, world")
		}},
		{"body=none", func(w http.ResponseWriter, r *http.Request) {
			_ = nothings.Write(w, r, respond.None{})
		}, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusNoContent)
		}},
		{"body=problem", func(w http.ResponseWriter, r *http.Request) {
			respond.Error(w, r, missing)
		}, func(w http.ResponseWriter, _ *http.Request) {
			writeByHand(w, http.StatusNotFound, "application/problem+json",
				failure{"about:blank", "Not Found", http.StatusNotFound, "no article has the id 7"})
		}},
	} {
		r := httptest.NewRequestWithContext(b.Context(), http.MethodGet, "/", nil)
		for _, way := range []struct {
			name string
			h    http.HandlerFunc
		}{{"tenon", tc.tenon}, {"hand", tc.hand}} {
			b.Run(tc.name+"/by="+way.name, func(b *testing.B) {
				var sink kittest.Sink
				b.ReportAllocs()
				for b.Loop() {
					sink.Reset()
					way.h(&sink, r)
				}
			})
		}
	}
}

func writeByHand(w http.ResponseWriter, status int, media string, v any) {
	text, err := json.Marshal(v)
	if err != nil {
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", media)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if status != http.StatusOK {
		w.WriteHeader(status)
	}
	_, _ = w.Write(text)
}
