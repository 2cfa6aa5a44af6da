package respond_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sort"
	"strings"

	"github.com/tenonkit/tenon/respond"
)

// show prints what h answers: the status, the named header fields and the body.
func show(h http.Handler, target, accept string, fields ...string) {
	r := httptest.NewRequest(http.MethodGet, target, nil)
	if accept != "" {
		r.Header.Set("Accept", accept)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	fmt.Println(strings.TrimSpace(fmt.Sprint(w.Code, " ", w.Header().Get("Content-Type"))))
	sort.Strings(fields)
	for _, name := range fields {
		for _, value := range w.Header()[name] {
			fmt.Printf("%s: %s\n", name, value)
		}
	}
	if w.Body.Len() > 0 {
		fmt.Println(strings.TrimSpace(w.Body.String()))
	}
}

type Article struct {
	ID    int      `json:"id"`
	Title string   `json:"title"`
	Tags  []string `json:"tags"`
}

var errNoArticle = respond.NewProblem(http.StatusNotFound, "there is no such article")

func find(id string) (Article, error) {
	if id != "7" {
		return Article{}, fmt.Errorf("find %s: %w", id, errNoArticle)
	}
	return Article{ID: 7, Title: "Joinery without glue"}, nil
}

func Example() {
	articles := map[string]Article{"7": {ID: 7, Title: "Joinery without glue"}}
	mux := http.NewServeMux()
	mux.Handle("GET /articles/{id}", respond.Func(func(r *http.Request) (any, error) {
		article, ok := articles[r.PathValue("id")]
		if !ok {
			return nil, respond.NotFound("there is no such article")
		}
		return respond.OK[Article]{Body: article}.WithETag(`"7"`), nil
	}))
	show(mux, "/articles/7", "", "Etag")
	show(mux, "/articles/8", "")
	// Output:
	// 200 application/json
	// Etag: "7"
	// {"id":7,"title":"Joinery without glue","tags":[]}
	// 404 application/problem+json
	// {"type":"about:blank","title":"Not Found","status":404,"detail":"there is no such article"}
}

func ExampleWrite() {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		_ = respond.Write(w, r, map[string]int{"b": 2, "a": 1})
	})
	show(h, "/", "", "Cache-Control")
	// Output:
	// 200 application/json
	// Cache-Control: no-store
	// {"a":1,"b":2}
}

func ExampleFunc() {
	for _, v := range []any{"<b>text</b>", respond.HTML("<b>page</b>"), []byte("data"), []int(nil), nil} {
		show(respond.Func(func(*http.Request) (any, error) { return v, nil }), "/", "")
	}
	// Output:
	// 200 text/plain; charset=utf-8
	// <b>text</b>
	// 200 text/html; charset=utf-8
	// <b>page</b>
	// 200 application/octet-stream
	// data
	// 200 application/json
	// []
	// 204
}

func ExampleFor() {
	articles := respond.For[Article]()
	show(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		article, err := find("7")
		if err != nil {
			articles.Error(w, r, err)
			return
		}
		_ = articles.Write(w, r, article)
	}), "/", "")
	// Output:
	// 200 application/json
	// {"id":7,"title":"Joinery without glue","tags":[]}
}

// A type that can never be sent is found when the program starts.
func ExampleFor_panic() {
	type Job struct {
		Name string
		Done chan struct{}
	}
	defer func() { fmt.Println(recover()) }()
	respond.For[[]Job]()
	// Output:
	// respond: For[[]respond_test.Job]: []respond_test.Job[].Done has type chan struct {}, which cannot be encoded as JSON: use another type, or write json:"-"
}

func ExampleError() {
	for _, err := range []error{
		errors.New("dial tcp 10.0.0.7:5432: connection refused"),
		&http.MaxBytesError{Limit: 1024},
		errNoArticle,
		respond.SeeOther("/login"),
	} {
		show(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { respond.Error(w, r, err) }), "/", "", "Location")
	}
	// Output:
	// 500 application/problem+json
	// {"type":"about:blank","title":"Internal Server Error","status":500}
	// 413 application/problem+json
	// {"type":"about:blank","title":"Request Entity Too Large","status":413,"detail":"the body is larger than 1024 bytes"}
	// 404 application/problem+json
	// {"type":"about:blank","title":"Not Found","status":404,"detail":"there is no such article"}
	// 303
	// Location: /login
}

// A value may say more about its response by its methods.
func Example_methods() {
	show(respond.Func(func(*http.Request) (any, error) { return table{{"id", "title"}, {"7", "Joinery"}}, nil }), "/", "", "Link")
	// Output:
	// 203 text/csv
	// Link: </articles?page=2>; rel=next
	// id,title
	// 7,Joinery
}

type table [][]string

func (table) StatusCode() int     { return http.StatusNonAuthoritativeInfo }
func (table) ContentType() string { return "text/csv" }
func (table) Headers() http.Header {
	return http.Header{"Link": {"</articles?page=2>; rel=next"}}
}

func (t table) WriteTo(w io.Writer) (int64, error) {
	var total int64
	for _, record := range t {
		n, err := fmt.Fprintln(w, strings.Join(record, ","))
		if total += int64(n); err != nil {
			return total, err
		}
	}
	return total, nil
}
