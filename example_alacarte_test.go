package tenon_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"

	"github.com/go-chi/chi/v5"
	"github.com/justinas/alice"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/respond"
)

// show prints the answer to a request.
func show(h http.Handler, method, target string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, target, nil))
	fmt.Println(strings.TrimSpace(fmt.Sprint(w.Code, " ", w.Body)))
}

// A handler that exists takes only its input from tenon.
func Example_onlyBind() {
	type In struct {
		ID   int  `path:"id"`
		Full bool `query:"full,optional"`
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /articles/{id}", func(w http.ResponseWriter, r *http.Request) {
		in, err := bind.Request[In](r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		fmt.Fprintf(w, "article %d, full: %t", in.ID, in.Full)
	})
	show(mux, "GET", "/articles/7?full")
	// Output:
	// 200 article 7, full: true
}

// A handler that exists takes only its answer from tenon.
func Example_onlyRespond() {
	mux := http.NewServeMux()
	mux.Handle("GET /articles/{id}", respond.Func(func(r *http.Request) (any, error) {
		if r.PathValue("id") != "7" {
			return nil, respond.NewProblem(http.StatusNotFound, "there is no such article")
		}
		return map[string]string{"title": "Joints"}, nil
	}))
	show(mux, "GET", "/articles/7")
	show(mux, "GET", "/articles/8")
	// Output:
	// 200 {"title":"Joints"}
	// 404 {"type":"about:blank","title":"Not Found","status":404,"detail":"there is no such article"}
}

// A typed function goes between the handlers of a mux that exists.
func Example_oneTypedFunction() {
	type In struct {
		ID int `path:"id" minimum:"1"`
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "the old site") })
	mux.Handle("GET /articles/{id}", tenon.Handle(func(_ context.Context, in In) (string, error) {
		return fmt.Sprintf("article %d", in.ID), nil
	}))
	show(mux, "GET", "/articles/7")
	show(mux, "GET", "/about")
	// Output:
	// 200 article 7
	// 200 the old site
}

// A chi router with a chain of alice around it takes typed handlers, in its own
// way and as routes.
func Example_chiAndAlice() {
	type In struct {
		ID int `path:"id"`
	}
	get := func(_ context.Context, in In) (string, error) { return fmt.Sprintf("article %d", in.ID), nil }

	router := chi.NewRouter()
	router.Method("GET", "/old/{id}", tenon.Handle(get))
	tenon.Routes{tenon.Get("/new/{id}", get)}.Mount(router)

	h := alice.New(http.NewCrossOriginProtection().Handler, middleware.RouterErrors()).Then(router)
	show(h, "GET", "/old/7")
	show(h, "GET", "/new/8")
	show(h, "GET", "/none")
	// Output:
	// 200 article 7
	// 200 article 8
	// 404 {"type":"about:blank","title":"Not Found","status":404}
}

// Lists is a resource.
type Lists struct{}

// ListIn names a list.
type ListIn struct {
	Name string `path:"name" pattern:"^[a-z]+$"`
}

// Get answers a list.
func (Lists) Get(_ context.Context, in ListIn) ([]string, error) { return []string{in.Name}, nil }

// Delete answers 204.
func (Lists) Delete(context.Context, ListIn) (tenon.None, error) { return tenon.None{}, nil }

// All of it: routes as data, a resource, a prefix, middleware, addresses.
func Example_allOfIt() {
	version := func(context.Context, tenon.None) (string, error) { return "1.2", nil }
	routes := append(
		tenon.Routes{tenon.Get("/version", version, tenon.Named("Version"))},
		tenon.Resource("/lists/{name}", Lists{})...,
	).Prefix("/api").Tag("lists").With(func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Cache-Control", "no-store")
			next.ServeHTTP(w, r)
		})
	})
	mux := http.NewServeMux()
	routes.Mount(mux)
	h := middleware.RouterErrors()(mux)

	address, err := routes.URL("Lists.Get", ListIn{Name: "wood"})
	fmt.Println(address, err)
	show(h, "GET", address)
	show(h, "DELETE", address)
	show(h, "PATCH", address)
	show(h, "GET", "/api/lists/42")
	show(h, "GET", "/api/version")
	// Output:
	// /api/lists/wood <nil>
	// 200 ["wood"]
	// 204
	// 405 {"type":"about:blank","title":"Method Not Allowed","status":405}
	// 400 {"type":"about:blank","title":"Bad Request","status":400,"detail":"1 field is invalid","errors":[{"in":"path","name":"name","code":"pattern","limit":"^[a-z]+$","detail":"must match the pattern ^[a-z]+$"}]}
	// 200 1.2
}
