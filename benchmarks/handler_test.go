package benchmarks_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
)

// article is the JSON answer of the benchmarks.
type article struct {
	ID    int      `json:"id"`
	Title string   `json:"title"`
	Body  string   `json:"body"`
	Tags  []string `json:"tags"`
	Draft bool     `json:"draft"`
}

// sixIn are six inputs from four sources.
type sixIn struct {
	ID      int      `path:"id"`
	Limit   int      `default:"20"     query:"limit"`
	Tags    []string `query:"tag"`
	Full    bool     `query:"full,optional"`
	Token   string   `header:"X-Token"`
	Session string   `cookie:"session"`
}

func sixTyped(_ context.Context, in sixIn) (article, error) {
	return article{ID: in.ID, Title: in.Token, Body: in.Session, Tags: in.Tags, Draft: in.Full && in.Limit > 0}, nil
}

func sixByHand(w http.ResponseWriter, r *http.Request) {
	id, err := strconv.Atoi(r.PathValue("id"))
	if err != nil {
		http.Error(w, "id must be an integer", http.StatusBadRequest)
		return
	}
	query, limit, full := r.URL.Query(), 20, false
	if text := query.Get("limit"); text != "" {
		if limit, err = strconv.Atoi(text); err != nil {
			http.Error(w, "limit must be an integer", http.StatusBadRequest)
			return
		}
	}
	if text := query.Get("full"); text != "" {
		if full, err = strconv.ParseBool(text); err != nil {
			http.Error(w, "full must be true or false", http.StatusBadRequest)
			return
		}
	}
	token := r.Header.Get("X-Token")
	if token == "" {
		http.Error(w, "X-Token is required", http.StatusBadRequest)
		return
	}
	session, err := r.Cookie("session")
	if err != nil {
		http.Error(w, "session is required", http.StatusBadRequest)
		return
	}
	jsonByHand(w, article{ID: id, Title: token, Body: session.Value, Tags: query["tag"], Draft: full && limit > 0})
}

func jsonByHand(w http.ResponseWriter, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		http.Error(w, "internal server error", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = w.Write(data)
}

func sixRequest() *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/articles/42?limit=10&tag=wood&tag=joints&full=true", nil)
	r.Header.Set("X-Token", "d0c5f3")
	r.Header.Set("Cookie", "theme=dark; session=31d4d96e407aad42")
	return r
}

// draft is the JSON body of the benchmarks.
type draft struct {
	Title string   `json:"title"  maxLength:"80"`
	Body  string   `json:"body"`
	Tags  []string `json:"tags"   maxItems:"8"`
	Stars int      `json:"stars"  maximum:"5"    minimum:"0"`
	Draft bool     `json:"draft"`
}

// draftJSON is 250 bytes long.
var draftJSON = `{"title":"Mortise and tenon","body":"` +
	strings.Repeat("A joint that needs no glue at all. ", 4) + `Made in about 3000 BC.","tags":["joints","wood"],"stars":5,"draft":false}`

func draftTyped(_ context.Context, in draft) (article, error) {
	return article{ID: in.Stars, Title: in.Title, Body: in.Body, Tags: in.Tags, Draft: in.Draft}, nil
}

func draftByHand(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))
	if err != nil {
		http.Error(w, "body too large", http.StatusRequestEntityTooLarge)
		return
	}
	var in draft
	if err := json.Unmarshal(data, &in); err != nil {
		http.Error(w, "body is not a draft", http.StatusBadRequest)
		return
	}
	if in.Title == "" || len(in.Title) > 80 || len(in.Tags) > 8 || in.Stars < 0 || in.Stars > 5 {
		http.Error(w, "draft is invalid", http.StatusBadRequest)
		return
	}
	jsonByHand(w, article{ID: in.Stars, Title: in.Title, Body: in.Body, Tags: in.Tags, Draft: in.Draft})
}

// draftRequest returns a request and what gives it its body again.
func draftRequest() (r *http.Request, rewind func()) {
	body := strings.NewReader(draftJSON)
	r = httptest.NewRequest(http.MethodPost, "/articles", body)
	r.Header.Set("Content-Type", "application/json")
	r.Body = io.NopCloser(body)
	return r, func() { body.Reset(draftJSON) }
}

const text = "User-agent: *\nDisallow:\n"

func textTyped(context.Context, tenon.None) (string, error) { return text, nil }

func textByHand(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_, _ = io.WriteString(w, text)
}

// run measures the handler of a pattern behind a ServeMux.
func run(b *testing.B, pattern string, h http.Handler, r *http.Request, rewind func()) {
	b.Helper()
	mux := http.NewServeMux()
	mux.Handle(pattern, h)
	var w kittest.Sink
	b.ReportAllocs()
	for b.Loop() {
		w.Reset()
		rewind()
		mux.ServeHTTP(&w, r)
	}
	if w.Status != http.StatusOK || w.Bytes == 0 {
		b.Fatalf("status %d, %d bytes", w.Status, w.Bytes)
	}
}

func BenchmarkHandler(b *testing.B) {
	noBody := func() {}
	post, rewind := draftRequest()
	get := httptest.NewRequest(http.MethodGet, "/robots.txt", nil)
	const six, create, plain = "GET /articles/{id}", "POST /articles", "GET /robots.txt"
	b.Run("get=six-inputs/by=tenon", func(b *testing.B) { run(b, six, tenon.Handle(sixTyped), sixRequest(), noBody) })
	b.Run("get=six-inputs/by=hand", func(b *testing.B) { run(b, six, http.HandlerFunc(sixByHand), sixRequest(), noBody) })
	b.Run("post=json-250/by=tenon", func(b *testing.B) { run(b, create, tenon.Handle(draftTyped), post, rewind) })
	b.Run("post=json-250/by=hand", func(b *testing.B) { run(b, create, http.HandlerFunc(draftByHand), post, rewind) })
	b.Run("get=text/by=tenon", func(b *testing.B) { run(b, plain, tenon.Handle(textTyped), get, noBody) })
	b.Run("get=text/by=hand", func(b *testing.B) { run(b, plain, http.HandlerFunc(textByHand), get, noBody) })
}
