package systems

import (
	"context"
	"net/http"
	"slices"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/fileserve"
	"github.com/tenonkit/tenon/stream"
)

type tenonIn struct {
	ID      int      `path:"id"`
	Limit   int      `query:"limit" default:"20"`
	Tags    []string `query:"tag"`
	Full    bool     `query:"full,optional"`
	Token   string   `header:"X-Token"`
	Session string   `cookie:"session"`
}

type tenonShelf struct {
	ID   int  `path:"id"`
	Page int  `query:"page"`
	Full bool `query:"full"`
}

type tenonForm struct {
	Title string   `form:"title"`
	Body  string   `form:"body"`
	Tags  []string `form:"tag"`
	Stars int      `form:"stars"`
	Draft bool     `form:"draft"`
}

func tenonService(files string) http.Handler {
	mux := http.NewServeMux()
	routes := tenon.Routes{
		tenon.Get("/articles/{id}", func(_ context.Context, in tenonIn) (Article, error) {
			return Article{ID: in.ID, Title: in.Token, Body: in.Session, Tags: in.Tags, Draft: in.Full && in.Limit > 0}, nil
		}),
		tenon.Post("/articles", func(_ context.Context, in Draft) (Article, error) { return in.article(), nil }),
		tenon.Post("/orders", func(_ context.Context, in Order) (Sum, error) { return in.sum(), nil }, bind.MaxBody(limit)),
		tenon.Post("/forms", func(_ context.Context, in tenonForm) (Article, error) {
			return Article{ID: in.Stars, Title: in.Title, Body: in.Body, Tags: in.Tags, Draft: in.Draft}, nil
		}),
		tenon.Get("/robots.txt", func(context.Context, tenon.None) (string, error) { return robots, nil }),
		tenon.Get("/articles", func(context.Context, tenon.None) ([]Article, error) { return articles, nil }),
		tenon.Delete("/articles/{id}", func(_ context.Context, _ struct {
			ID int `path:"id"`
		},
		) (tenon.None, error) {
			return tenon.None{}, nil
		}),
		tenon.Get("/greeting", func(context.Context, tenon.None) (Greeting, error) { return greeting, nil }),
		tenon.Get("/shelves/{id}", func(_ context.Context, in tenonShelf) (Shelf, error) { return Shelf(in), nil }),
		tenon.Get("/lines", func(context.Context, tenon.None) (stream.Text, error) {
			return stream.Text{Seq: stream.Values(slices.Values(allLines))}, nil
		}),
	}
	routes.Mount(mux)
	if files != "" {
		dir, err := fileserve.Open(files, fileserve.Options{})
		if err != nil {
			panic(err)
		}
		mux.Handle("GET /files/", http.StripPrefix("/files", dir))
	}
	return mux
}
