package systems

import (
	"net/http"
	"sync"

	"github.com/ggicci/httpin"
	"github.com/ggicci/httpin/integration"
	"github.com/go-chi/chi/v5"
	"github.com/go-chi/render"
	"github.com/go-playground/validator/v10"
)

type chiIn struct {
	ID    int      `in:"path=id"`
	Limit int      `in:"query=limit;default=20"`
	Tags  []string `in:"query=tag"`
	Full  bool     `in:"query=full"`
	Token string   `in:"header=X-Token;required"`
}

type chiShelf struct {
	ID   int  `in:"path=id"`
	Page int  `in:"query=page;required"`
	Full bool `in:"query=full;required"`
}

type chiForm struct {
	Title string   `in:"form=title;required"`
	Body  string   `in:"form=body;required"`
	Tags  []string `in:"form=tag;required"`
	Stars int      `in:"form=stars;required"`
	Draft bool     `in:"form=draft;required"`
}

type chiBody[T any] struct {
	Body T `in:"body=json"`
}

// register runs once: httpin keeps its directives for the whole process.
var register = sync.OnceFunc(func() { integration.UseGochiURLParam("path", chi.URLParam) })

// inputOf returns what httpin's middleware decoded. That is always a *T.
func inputOf[T any](r *http.Request) *T {
	in, _ := r.Context().Value(httpin.Input).(*T)
	return in
}

func chiService(files string) http.Handler {
	register()
	check := validator.New(validator.WithRequiredStructEnabled())
	refuse := func(w http.ResponseWriter, r *http.Request, err error) {
		render.Status(r, http.StatusBadRequest)
		render.JSON(w, r, map[string]string{"error": err.Error()})
	}
	router := chi.NewRouter()
	// The cookie is read by hand: httpin binds none.
	router.With(httpin.NewInput(chiIn{})).Get("/articles/{id}", func(w http.ResponseWriter, r *http.Request) {
		in := inputOf[chiIn](r)
		session, err := r.Cookie("session")
		if err != nil {
			refuse(w, r, err)
			return
		}
		render.JSON(w, r, Article{ID: in.ID, Title: in.Token, Body: session.Value, Tags: in.Tags, Draft: in.Full && in.Limit > 0})
	})
	router.With(httpin.NewInput(chiBody[Draft]{})).Post("/articles", func(w http.ResponseWriter, r *http.Request) {
		in := &inputOf[chiBody[Draft]](r).Body
		if err := check.Struct(in); err != nil {
			refuse(w, r, err)
			return
		}
		render.JSON(w, r, in.article())
	})
	router.With(httpin.NewInput(chiBody[Order]{})).Post("/orders", func(w http.ResponseWriter, r *http.Request) {
		in := &inputOf[chiBody[Order]](r).Body
		if err := check.Struct(in); err != nil {
			refuse(w, r, err)
			return
		}
		render.JSON(w, r, in.sum())
	})
	router.With(httpin.NewInput(chiForm{})).Post("/forms", func(w http.ResponseWriter, r *http.Request) {
		in := inputOf[chiForm](r)
		render.JSON(w, r, Article{ID: in.Stars, Title: in.Title, Body: in.Body, Tags: in.Tags, Draft: in.Draft})
	})
	router.Get("/robots.txt", func(w http.ResponseWriter, r *http.Request) { render.PlainText(w, r, robots) })
	router.Get("/articles", func(w http.ResponseWriter, r *http.Request) { render.JSON(w, r, articles) })
	router.With(httpin.NewInput(struct {
		ID int `in:"path=id"`
	}{})).Delete("/articles/{id}", func(w http.ResponseWriter, r *http.Request) { render.NoContent(w, r) })
	router.Get("/greeting", func(w http.ResponseWriter, r *http.Request) { render.JSON(w, r, greeting) })
	router.With(httpin.NewInput(chiShelf{})).Get("/shelves/{id}", func(w http.ResponseWriter, r *http.Request) {
		render.JSON(w, r, Shelf(*inputOf[chiShelf](r)))
	})
	router.Get("/lines", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		flushed(w)
	})
	if files != "" {
		router.Handle("/files/*", http.StripPrefix("/files/", http.FileServer(http.Dir(files))))
	}
	return router
}
