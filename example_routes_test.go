package tenon_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"time"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
)

type articleIn struct {
	ID int `path:"id"`
}

func getArticle(_ context.Context, in articleIn) (string, error) {
	return fmt.Sprintf("article %d", in.ID), nil
}

func ExampleGet() {
	route := tenon.Get("/articles/{id}", getArticle, tenon.Doc{Summary: "One article"})
	fmt.Println(route, route.Name, route.In, route.Out)
	// Output:
	// GET /articles/{id} getArticle tenon_test.articleIn string
}

func ExampleOn() {
	files := http.FileServer(http.Dir("testdata"))
	route := tenon.On("GET", "/static/{path...}", files, tenon.Named("Static"))
	fmt.Println(route, route.Name)
	// Output:
	// GET /static/{path...} Static
}

func ExampleRoutes_Mount() {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "home") })
	tenon.Routes{tenon.Get("/articles/{id}", getArticle)}.Mount(mux)
	show(mux, "GET", "/articles/7")
	show(mux, "GET", "/elsewhere")
	// Output:
	// 200 article 7
	// 200 home
}

// A table that cannot work says so at start-up, all at once.
func ExampleRoutes_Check() {
	routes := tenon.Routes{
		tenon.Get("/articles/{id}", getArticle),
		tenon.Get("/articles", getArticle, tenon.Named("Search")),
		tenon.On("GET", "/articles/{name}", http.NotFoundHandler()),
		tenon.On("get", "/{a}{b}", http.NotFoundHandler()),
	}
	fmt.Println(routes.Check())
	// Output:
	// tenon: the routes cannot be mounted:
	// 	GET /articles (Search) lacks the wildcard {id}, which tenon_test.articleIn binds: write it in the pattern
	// 	GET /articles/{name} conflicts with GET /articles/{id}: GET /articles/{name} matches the same requests as GET /articles/{id}
	// 	get /{a}{b} has the method get: write GET
	// 	get /{a}{b} has an invalid pattern: bad wildcard name "a}{b"
}

func ExampleRoutes_URL() {
	type In struct {
		Author string    `path:"author"`
		Tags   []string  `query:"tag"`
		Limit  int       `query:"limit" default:"20"`
		Since  time.Time `query:"since,optional" format:"date"`
	}
	list := func(context.Context, In) ([]string, error) { return nil, nil }
	routes := tenon.Routes{tenon.Get("/authors/{author}/articles", list, tenon.Named("List"))}
	for _, in := range []any{
		In{Author: "a/b", Tags: []string{"wood"}, Limit: 20},
		map[string]any{"author": "eve", "limit": 5, "since": time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)},
		map[string]any{"limit": 5},
	} {
		address, err := routes.URL("List", in)
		fmt.Println(address, err)
	}
	// Output:
	// /authors/a%2Fb/articles?tag=wood <nil>
	// /authors/eve/articles?limit=5&since=2026-05-01 <nil>
	//  tenon: URL of List: it needs a value for {author}
}

// One policy for a table, which a route may answer otherwise.
func ExampleRoutes_Options() {
	type In struct {
		Title string `json:"title"`
	}
	create := func(_ context.Context, in In) (string, error) { return in.Title, nil }
	routes := tenon.Routes{
		tenon.Post("/articles", create, tenon.Named("Articles")),
		tenon.Post("/imports", create, tenon.Named("Imports"), bind.MaxBody(100)),
	}.Options(bind.Strict(), bind.MaxBody(20), tenon.Doc{Errors: []int{http.StatusConflict}})
	mux := http.NewServeMux()
	routes.Mount(mux)
	for _, path := range []string{"/articles", "/imports"} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodPost, path, strings.NewReader(`{"title":"Joinery without glue"}`))
		r.Header.Set("Content-Type", "application/json")
		mux.ServeHTTP(w, r)
		fmt.Println(path, w.Code, w.Body)
	}
	// Output:
	// /articles 413 {"type":"about:blank","title":"Request Entity Too Large","status":413,"detail":"the body is larger than 20 bytes"}
	// /imports 200 Joinery without glue
}

// An Op stands where server and client import it; the function stays with the server.
func ExampleOp() {
	type Key struct {
		ID int `path:"id"`
	}
	getArticle := tenon.Op[Key, string]{Method: "GET", Pattern: "/articles/{id}", Name: "GetArticle"}

	routes := tenon.Routes{
		getArticle.Route(func(_ context.Context, in Key) (string, error) { return fmt.Sprint("article ", in.ID), nil }),
	}.Prefix("/v1")
	mux := http.NewServeMux()
	routes.Mount(mux)

	address, err := tenon.URL(routes, getArticle, Key{ID: 7})
	fmt.Println(address, err)
	show(mux, "GET", address)
	// Output:
	// /v1/articles/7 <nil>
	// 200 article 7
}

func ExampleRoutes_Prefix() {
	routes := tenon.Routes{tenon.Get("/articles/{id}", getArticle)}.Prefix("/v1")
	fmt.Println(routes[0], routes[0].Name)
	// Output:
	// GET /v1/articles/{id} getArticle
}

func ExampleMethods() {
	h := tenon.Methods{
		"GET": tenon.Handle(func(context.Context, tenon.None) (string, error) { return "read", nil }),
		"PUT": tenon.Handle(func(context.Context, tenon.None) (string, error) { return "written", nil }),
	}
	show(h, "PUT", "/")
	show(h, "PATCH", "/")
	// Output:
	// 200 written
	// 405 {"type":"about:blank","title":"Method Not Allowed","status":405}
}

// Article is a view: its methods answer the requests of their method.
type Article struct{}

// Get is typed, as a function for Handle is.
func (Article) Get(_ context.Context, in articleIn) (string, error) {
	return fmt.Sprintf("article %d", in.ID), nil
}

// Delete is a plain handler.
func (Article) Delete(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }

func ExampleView() {
	mux := http.NewServeMux()
	mux.Handle("/articles/{id}", tenon.View(Article{}))
	show(mux, "GET", "/articles/7")
	show(mux, "DELETE", "/articles/7")
	// Output:
	// 200 article 7
	// 204
}

func ExampleResource() {
	for _, route := range tenon.Resource("/articles/{id}", Article{}) {
		fmt.Println(route, route.Name, route.In)
	}
	// Output:
	// GET /articles/{id} Article.Get tenon_test.articleIn
	// DELETE /articles/{id} Article.Delete <nil>
}
