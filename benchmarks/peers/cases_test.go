package peers_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/kittest"
)

// article is the answer of every handler.
type article struct {
	ID    int      `json:"id"`
	Title string   `json:"title"`
	Body  string   `json:"body"`
	Tags  []string `json:"tags"`
	Draft bool     `json:"draft"`
}

// draft is the body of the POST. The tags of each rival that validates stand
// side by side.
type draft struct {
	Title string   `json:"title" maxLength:"80" validate:"required,max=80" binding:"required,max=80"`
	Body  string   `json:"body" binding:"required"`
	Tags  []string `json:"tags" maxItems:"8" binding:"max=8"`
	Stars int      `json:"stars" minimum:"0" maximum:"5" binding:"min=0,max=5"`
	Draft bool     `json:"draft"`
}

func (d draft) article() article {
	return article{ID: d.Stars, Title: d.Title, Body: d.Body, Tags: d.Tags, Draft: d.Draft}
}

var draftJSON = `{"title":"Mortise and tenon","body":"` + strings.Repeat("A joint that needs no glue at all. ", 4) +
	`Made in about 3000 BC.","tags":["joints","wood"],"stars":5,"draft":false}`

// peers are the systems, each a handler of GET /articles/{id} and POST
// /articles.
var peers = []struct {
	name    string
	handler func() http.Handler
}{
	{"tenon", tenonHandler},
	{"hand", handHandler},
	{"huma", humaHandler},
	{"httpin", httpinHandler},
	{"echo", echoHandler},
	{"gin", ginHandler},
}

func getRequest() *http.Request {
	r := httptest.NewRequest(http.MethodGet, "/articles/42?limit=10&tag=wood&tag=joints&full=true", nil)
	r.Header.Set("X-Token", "d0c5f3")
	r.Header.Set("Cookie", "theme=dark; session=31d4d96e407aad42")
	return r
}

func postRequest() (r *http.Request, rewind func()) {
	body := strings.NewReader(draftJSON)
	r = httptest.NewRequest(http.MethodPost, "/articles", io.NopCloser(body))
	r.ContentLength = int64(len(draftJSON))
	r.Header.Set("Content-Type", "application/json")
	content := r.Body
	return r, func() {
		body.Reset(draftJSON)
		r.Body = content
	}
}

func TestPeers_answerAlike(t *testing.T) {
	for _, peer := range peers {
		t.Run(peer.name, func(t *testing.T) {
			h := peer.handler()
			w := httptest.NewRecorder()
			h.ServeHTTP(w, getRequest())
			assert.Equal(t, http.StatusOK, w.Code, w.Body.String())
			assert.JSONEq(t, `{"id":42,"title":"d0c5f3","body":"31d4d96e407aad42","tags":["wood","joints"],"draft":true}`, w.Body.String())

			post, _ := postRequest()
			w = httptest.NewRecorder()
			h.ServeHTTP(w, post)
			assert.Equal(t, http.StatusOK, w.Code, w.Body.String())
			assert.JSONEq(t, `{"id":5,`+draftJSON[1:strings.Index(draftJSON, `"stars"`)]+`"draft":false}`, w.Body.String())
		})
	}
}

func BenchmarkPeers(b *testing.B) {
	get, noBody := getRequest(), func() {}
	post, rewind := postRequest()
	for _, peer := range peers {
		h := peer.handler()
		b.Run("get=six-inputs/by="+peer.name, func(b *testing.B) { measure(b, h, get, noBody) })
		b.Run("post=json-250/by="+peer.name, func(b *testing.B) { measure(b, h, post, rewind) })
	}
}

func measure(b *testing.B, h http.Handler, r *http.Request, rewind func()) {
	b.Helper()
	var w kittest.Sink
	b.ReportAllocs()
	for b.Loop() {
		w.Reset()
		rewind()
		h.ServeHTTP(&w, r)
	}
	if w.Status != http.StatusOK {
		b.Fatalf("status %d", w.Status)
	}
}
