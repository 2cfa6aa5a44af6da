package respond_test

import (
	"errors"
	"fmt"
	"html/template"
	"net/http"

	"github.com/tenonkit/tenon/respond"
)

func failingWith(err error) http.Handler {
	return respond.Func(func(*http.Request) (any, error) { return nil, err })
}

func ExampleNewProblem() {
	show(failingWith(respond.NewProblem(http.StatusForbidden, "only the author may edit")), "/", "")
	// Output:
	// 403 application/problem+json
	// {"type":"about:blank","title":"Forbidden","status":403,"detail":"only the author may edit"}
}

func ExampleProblem() {
	show(failingWith(&respond.Problem{
		Type:   "https://example.com/problems/out-of-credit",
		Title:  "You do not have enough credit.",
		Status: http.StatusForbidden,
		Errors: []respond.FieldError{{In: "body", Pointer: "#/amount", Code: "maximum", Detail: "must be at most 30"}},
	}), "/", "")
	// Output:
	// 403 application/problem+json
	// {"type":"https://example.com/problems/out-of-credit","title":"You do not have enough credit.","status":403,"errors":[{"in":"body","pointer":"#/amount","code":"maximum","detail":"must be at most 30"}]}
}

func ExampleProblem_WithCause() {
	cause := errors.New("pq: duplicate key value violates unique constraint")
	err := respond.NewProblem(http.StatusConflict, "the title is taken").WithCause(cause)
	fmt.Println(errors.Is(err, cause))
	show(failingWith(err), "/", "")
	// Output:
	// true
	// 409 application/problem+json
	// {"type":"about:blank","title":"Conflict","status":409,"detail":"the title is taken"}
}

func ExampleProblem_WithHeader() {
	show(failingWith(respond.NewProblem(http.StatusServiceUnavailable, "").WithHeader("Retry-After", "30")), "/", "", "Retry-After")
	// Output:
	// 503 application/problem+json
	// Retry-After: 30
	// {"type":"about:blank","title":"Service Unavailable","status":503}
}

func ExampleProblem_With() {
	show(failingWith(respond.NewProblem(http.StatusForbidden, "not enough credit").
		With("balance", 30).
		With("accounts", []string{"/accounts/1"})), "/", "")
	// Output:
	// 403 application/problem+json
	// {"type":"about:blank","title":"Forbidden","status":403,"detail":"not enough credit","accounts":["/accounts/1"],"balance":30}
}

// Failures in the shape {"error", "status", "detail"}.
func ExampleUseErrorHandler() {
	type failure struct {
		Error  string `json:"error"`
		Status int    `json:"status"`
		Detail any    `json:"detail,omitempty"`
	}
	shape := respond.UseErrorHandler(func(w http.ResponseWriter, r *http.Request, err error) {
		p := respond.AsProblem(err)
		body := failure{Error: fmt.Sprintf("%d %s", p.Status, p.Title), Status: p.Status, Detail: p.Detail}
		if len(p.Errors) > 0 {
			fields := make(map[string]string)
			for _, e := range p.Errors {
				fields[e.Name] = e.Detail
			}
			body.Detail = fields
		}
		_ = respond.Write(w, r, respond.Status(p.Status, body))
	})
	show(shape(failingWith(errNoArticle)), "/", "")
	show(shape(failingWith(&respond.Problem{Status: http.StatusBadRequest, Errors: []respond.FieldError{
		{In: "path", Name: "pk", Code: "type", Detail: "Must be a number."},
	}})), "/", "")
	show(shape(failingWith(errors.New("no text for clients"))), "/", "")
	// Output:
	// 404 application/json
	// {"error":"404 Not Found","status":404,"detail":"there is no such article"}
	// 400 application/json
	// {"error":"400 Bad Request","status":400,"detail":{"pk":"Must be a number."}}
	// 500 application/json
	// {"error":"500 Internal Server Error","status":500}
}

// An error page for people, below which an API keeps problem details.
func ExampleUseErrorHandler_html() {
	page := template.Must(template.New("").Parse(`<h1>{{.Status}} {{.Title}}</h1><p>{{.Detail}}</p>`))
	pages := respond.UseErrorHandler(func(w http.ResponseWriter, r *http.Request, err error) {
		p := respond.AsProblem(err)
		_ = respond.Write(w, r, respond.Status(p.Status, view{page, p}))
	})
	api := respond.UseErrorHandler(func(w http.ResponseWriter, r *http.Request, err error) {
		respond.Error(w, r, err) // the handler further out
	})
	show(pages(failingWith(respond.NewProblem(http.StatusNotFound, "no page <x>"))), "/", "")
	show(pages(api(failingWith(errNoArticle))), "/", "")
	// Output:
	// 404 text/html; charset=utf-8
	// <h1>404 Not Found</h1><p>no page &lt;x&gt;</p>
	// 404 text/html; charset=utf-8
	// <h1>404 Not Found</h1><p>there is no such article</p>
}

func ExampleAsProblem() {
	p := respond.AsProblem(fmt.Errorf("handler: %w", errNoArticle))
	fmt.Println(p.Status, p.Title, p.Detail)
	p = respond.AsProblem(errors.New("no text for clients"))
	fmt.Printf("%d %s %q\n", p.Status, p.Title, p.Detail)
	// Output:
	// 404 Not Found there is no such article
	// 500 Internal Server Error ""
}
