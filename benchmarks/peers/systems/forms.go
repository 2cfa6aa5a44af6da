package systems

import (
	"net/http"

	"github.com/go-playground/form/v4"
	"github.com/gorilla/schema"
)

type formIn struct {
	Title string   `form:"title" schema:"title,required"`
	Body  string   `form:"body" schema:"body,required"`
	Tags  []string `form:"tag" schema:"tag"`
	Stars int      `form:"stars" schema:"stars"`
	Draft bool     `form:"draft" schema:"draft"`
}

// formService is a handler of forms that decodes the parsed form with decode.
func formService(decode func(in *formIn, r *http.Request) error) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /forms", func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, limit)
		if err := r.ParseForm(); err != nil {
			http.Error(w, "bad form", http.StatusBadRequest)
			return
		}
		var in formIn
		if err := decode(&in, r); err != nil || in.Title == "" || in.Body == "" {
			http.Error(w, "bad request", http.StatusBadRequest)
			return
		}
		handJSON(w, Article{ID: in.Stars, Title: in.Title, Body: in.Body, Tags: in.Tags, Draft: in.Draft})
	})
	return mux
}

func schemaService(string) http.Handler {
	decoder := schema.NewDecoder()
	return formService(func(in *formIn, r *http.Request) error { return decoder.Decode(in, r.PostForm) })
}

func playgroundService(string) http.Handler {
	decoder := form.NewDecoder()
	return formService(func(in *formIn, r *http.Request) error { return decoder.Decode(in, r.PostForm) })
}
