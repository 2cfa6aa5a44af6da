package main

import (
	"context"
	"net/http"

	"github.com/tenonkit/tenon"
)

// ArticleIn names an article by an identifier that may hold any character.
type ArticleIn struct {
	ID string `path:"id" maxLength:"9"`
}

// GetArticle answers the identifier.
func GetArticle(_ context.Context, in ArticleIn) (map[string]string, error) {
	return map[string]string{"id": in.ID}, nil
}

// DeleteArticle answers 204.
func DeleteArticle(context.Context, ArticleIn) (tenon.None, error) { return tenon.None{}, nil }

// FileIn names a file by the rest of the path.
type FileIn struct {
	Path string `path:"path"`
}

// GetFile answers the path.
func GetFile(_ context.Context, in FileIn) (string, error) { return in.Path, nil }

// Routes is the table that is mounted on every router.
func Routes() tenon.Routes {
	return tenon.Routes{
		tenon.Get("/articles/{id}", GetArticle),
		tenon.Delete("/articles/{id}", DeleteArticle),
		tenon.Get("/files/{path...}", GetFile),
		tenon.On(http.MethodGet, "/pattern", pattern),
		tenon.On(http.MethodGet, "/tree/", pattern),
		tenon.On(http.MethodGet, "/end/{$}", pattern),
	}
}

// pattern is a plain handler that answers the pattern of its route.
var pattern = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
	_, _ = w.Write([]byte(r.Pattern))
})
