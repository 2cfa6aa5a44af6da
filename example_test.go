package tenon_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/tenonkit/tenon"
)

// This is the program of the package documentation.
func Example() {
	type Book struct {
		ID    int    `json:"id"`
		Title string `json:"title"`
	}
	type BookIn struct {
		ID int `path:"id" minimum:"1"`
	}
	getBook := func(_ context.Context, in BookIn) (Book, error) {
		return Book{ID: in.ID, Title: "Joinery"}, nil
	}

	mux := http.NewServeMux()
	tenon.Routes{
		tenon.Get("/books/{id}", getBook),
	}.Mount(mux)

	for _, path := range []string{"/books/7", "/books/0"} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		fmt.Println(w.Code, w.Body)
	}
	// Output:
	// 200 {"id":7,"title":"Joinery"}
	// 400 {"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"path","name":"id","code":"minimum","limit":"1","detail":"must be at least 1"}]}
}

func ExampleHandle() {
	type In struct {
		ID    int `path:"id"`
		Limit int `query:"limit" default:"10" maximum:"100"`
	}
	type Out struct {
		ID    int `json:"id"`
		Limit int `json:"limit"`
	}
	mux := http.NewServeMux()
	mux.Handle("GET /articles/{id}", tenon.Handle(func(_ context.Context, in In) (Out, error) {
		return Out(in), nil
	}))
	for _, path := range []string{"/articles/7", "/articles/7?limit=500"} {
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, nil))
		fmt.Println(w.Code, w.Body)
	}
	// Output:
	// 200 {"id":7,"limit":10}
	// 400 {"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"query","name":"limit","code":"maximum","limit":"100","detail":"must be at most 100"}]}
}
