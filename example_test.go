package tenon_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"github.com/tenonkit/tenon"
)

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
