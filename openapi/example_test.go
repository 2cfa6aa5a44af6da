package openapi_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/respond"
)

type greetIn struct {
	Name string `query:"name" maxLength:"20" doc:"Whom to greet"`
}

type greeting struct {
	Text string `json:"text"`
}

func greet(_ context.Context, in greetIn) (greeting, error) {
	return greeting{"Hello, " + in.Name}, nil
}

type articleRef struct {
	ID int `path:"id" minimum:"1"`
}

type articleOut struct {
	Title string `json:"title"`
}

func getArticle(_ context.Context, in articleRef) (articleOut, error) {
	if in.ID != 7 {
		return articleOut{}, respond.NotFound("there is no such article")
	}
	return articleOut{"Joinery without glue"}, nil
}

// The document and its page, beside the routes that they describe.
func Example() {
	routes := tenon.Routes{
		tenon.Get("/articles/{id}", getArticle, tenon.Doc{Errors: []int{404}}),
	}
	doc, err := openapi.New(openapi.Info{Title: "Articles", Version: "1.0.0"}, routes)
	if err != nil {
		log.Fatal(err)
	}
	mux := http.NewServeMux()
	routes.Mount(mux)
	mux.Handle("GET /openapi.json", doc)
	mux.Handle("GET /docs", openapi.Docs(doc))

	for _, path := range []string{"/articles/7", "/openapi.json", "/docs"} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		fmt.Println(path, w.Code, w.Header().Get("Content-Type"))
	}
	// Output:
	// /articles/7 200 application/json
	// /openapi.json 200 application/json
	// /docs 200 text/html; charset=utf-8
}

func ExampleNew() {
	routes := tenon.Routes{tenon.Get("/greeting", greet, tenon.Named("Greet"))}
	doc, err := openapi.New(openapi.Info{Title: "Greetings", Version: "1.0.0"}, routes)
	if err != nil {
		panic(err)
	}
	mux := http.NewServeMux()
	routes.Mount(mux)
	mux.Handle("GET /openapi.json", doc)

	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/openapi.json", nil))
	fmt.Println(w.Header().Get("Content-Type"))
	_, operation, _ := strings.Cut(w.Body.String(), `"paths":`)
	operation, _, _ = strings.Cut(operation, `,"responses"`)
	fmt.Println(operation)
	// Output:
	// application/json
	// {"/greeting":{"get":{"operationId":"Greet","summary":"Greet","parameters":[{"name":"name","in":"query","description":"Whom to greet","required":true,"schema":{"type":"string","maxLength":20}}]
}

func ExampleGuard() {
	// User is who sends a request, and Check finds it out.
	type User struct{ Name string }
	token := openapi.Guard[User]{
		Name:   "token",
		Scheme: openapi.Bearer(""),
		Check: func(r *http.Request) (User, error) {
			given, err := openapi.BearerToken(r)
			switch {
			case err != nil:
				return User{}, err
			case middleware.SameSecret(given, "secret"):
				return User{"Ada"}, nil
			}
			return User{}, respond.NewProblem(http.StatusUnauthorized, "the token is not valid")
		},
	}
	hello := func(_ context.Context, in struct {
		User User `value:"token"`
	},
	) (string, error) {
		return "Hello, " + in.User.Name, nil
	}
	routes := token.Protect(tenon.Routes{tenon.Get("/greeting", hello, tenon.Named("Greet"))})

	for _, credentials := range []string{"", "Bearer secret"} {
		r := httptest.NewRequest(http.MethodGet, "/greeting", nil)
		if credentials != "" {
			r.Header.Set("Authorization", credentials)
		}
		w := httptest.NewRecorder()
		routes[0].Handler().ServeHTTP(w, r)
		fmt.Println(w.Code, w.Header().Get("WWW-Authenticate"), w.Body)
	}
	doc, err := openapi.New(openapi.Info{Title: "Greetings", Version: "1.0.0"}, routes)
	fmt.Println(err, len(doc.JSON()) > 0)
	// Output:
	// 401 Bearer realm="token" {"type":"about:blank","title":"Unauthorized","status":401}
	// 200  Hello, Ada
	// <nil> true
}

func ExampleVerify() {
	routes := tenon.Routes{tenon.Get("/greeting", greet)}
	doc, err := openapi.New(openapi.Info{Title: "Greetings", Version: "1.0.0"}, routes)
	if err != nil {
		panic(err)
	}
	// A middleware that answers in a way that no document foresees.
	broken := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "try again later", http.StatusServiceUnavailable)
	})
	watched := openapi.Verify(doc, func(err error) { fmt.Println(err) })(broken)
	watched.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/greeting?name=Ada", nil))
	// Output:
	// openapi: GET /greeting (greet): the media type text/plain is not declared for the status 503, only application/problem+json
}

func ExampleDocument() {
	routes := tenon.Routes{tenon.Get("/greeting", greet, tenon.Named("Greet"))}
	doc, err := openapi.New(openapi.Info{Title: "Greetings", Version: "1.0.0"}, routes)
	if err != nil {
		panic(err)
	}
	// As a handler it answers a client that has it already without a body.
	first := httptest.NewRecorder()
	doc.ServeHTTP(first, httptest.NewRequest(http.MethodGet, "/openapi.json", nil))
	again := httptest.NewRequest(http.MethodGet, "/openapi.json", nil)
	again.Header.Set("If-None-Match", first.Header().Get("ETag"))
	second := httptest.NewRecorder()
	doc.ServeHTTP(second, again)
	fmt.Println(first.Code, first.Body.String() == string(doc.JSON()))
	fmt.Println(second.Code, second.Body.Len())
	// Output:
	// 200 true
	// 304 0
}

func ExampleDocs() {
	routes := tenon.Routes{tenon.Get("/greeting", greet, tenon.Named("Greet"))}
	doc, err := openapi.New(openapi.Info{Title: "Greetings", Version: "1.0.0"}, routes)
	if err != nil {
		panic(err)
	}
	mux := http.NewServeMux()
	routes.Mount(mux)
	mux.Handle("GET /docs", openapi.Docs(doc))

	w := httptest.NewRecorder()
	mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/docs", nil))
	fmt.Println(w.Header().Get("Content-Type"))
	fmt.Println(strings.Contains(w.Body.String(), "<title>Greetings 1.0.0</title>"))
	// Output:
	// text/html; charset=utf-8
	// true
}

// lastSchema returns the last component of a document.
func lastSchema(doc *openapi.Document, name string) string {
	text := string(doc.JSON())
	return strings.TrimSuffix(text[strings.LastIndex(text, `"`+name+`"`):], "}}}")
}

func ExampleSchema() {
	routes := tenon.Routes{tenon.Get("/last", func(context.Context, tenon.None) (map[string]version, error) {
		return nil, errors.New("none yet")
	}, tenon.Named("Last"))}
	doc, err := openapi.New(openapi.Info{Title: "Versions", Version: "1.0.0"}, routes,
		openapi.Schema[version](`{"type": "string", "pattern": "^v[0-9]+$"}`))
	if err != nil {
		panic(err)
	}
	fmt.Println(lastSchema(doc, "version"))
	// Output:
	// "version":{"type":"string","pattern":"^v[0-9]+$"}
}

// version writes itself, so that its fields say nothing.
type version struct{ n int }

func (v version) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "v%d", v.n), nil }

// shade states its schema itself.
type shade string

func (shade) JSONSchema() string { return `{"type": "string", "pattern": "^#[0-9a-f]{6}$"}` }

func ExampleSchema_method() {
	routes := tenon.Routes{tenon.Get("/shades", func(context.Context, tenon.None) ([]shade, error) {
		return []shade{"#00ff00"}, nil
	}, tenon.Named("Shades"))}
	doc, err := openapi.New(openapi.Info{Title: "Shades", Version: "1.0.0"}, routes)
	if err != nil {
		panic(err)
	}
	fmt.Println(lastSchema(doc, "shade"))
	// Output:
	// "shade":{"type":"string","pattern":"^#[0-9a-f]{6}$"}
}
