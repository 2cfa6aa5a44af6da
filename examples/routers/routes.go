// Package routers mounts one table of routes on routers that are no
// http.ServeMux: gorilla/mux, httprouter, echo and gin. Each file is all that a
// program needs for its router; none of it is specific to these routes.
//
// What has to be done is the same each time: translate the patterns, copy the
// values of the wildcards to the request, unescaped, and set its Pattern. What a
// router cannot carry stands in the comment of its function, and in the table
// that the tests share.
package routers

import (
	"context"
	"net/http"
	"net/url"
	"strings"

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
		tenon.On(http.MethodGet, "/pattern", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(r.Pattern))
		})),
	}
}

// wildcards rewrites the segments of a pattern that are wildcards: one is called
// for {name}, rest for {name...}. It returns the names too.
func wildcards(pattern string, one, rest func(name string) string) (translated string, names []string) {
	segments := strings.Split(pattern, "/")
	for i, segment := range segments {
		name, ok := strings.CutPrefix(segment, "{")
		if !ok {
			continue
		}
		name = strings.TrimSuffix(name, "}")
		if base, ok := strings.CutSuffix(name, "..."); ok {
			name, segments[i] = base, rest(base)
		} else {
			segments[i] = one(name)
		}
		names = append(names, name)
	}
	return strings.Join(segments, "/"), names
}

// unescaped returns a value as http.ServeMux does, from a router that matches
// the path as it was sent.
func unescaped(value string) string {
	if plain, err := url.PathUnescape(value); err == nil {
		return plain
	}
	return value
}
