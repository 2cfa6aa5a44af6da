package main

import (
	"bytes"
	"cmp"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/respond"
)

// A Page is what a handler returns to have a template rendered. The package
// respond does not know it: the Shorthand below says how it is sent.
type Page struct {
	Name string // of the template
	Data any
}

//go:embed pages.html
var source string

var templates = template.Must(template.New("pages").Parse(source))

// render sends a page. It renders to memory first, so that a template that
// breaks half-way is a clean 500.
func render(w http.ResponseWriter, r *http.Request, p Page) error {
	var text bytes.Buffer
	if err := templates.ExecuteTemplate(&text, p.Name, p.Data); err != nil {
		return err
	}
	return respond.Write(w, r, respond.HTML(text.String()))
}

// errorPage answers failures with a page of the right status.
func errorPage(w http.ResponseWriter, r *http.Request, err error) {
	p := respond.AsProblem(err)
	var text bytes.Buffer
	if templates.ExecuteTemplate(&text, "error", p) != nil {
		respond.Error(w, r, err) // as the handler further out does
		return
	}
	_ = respond.Write(w, r, respond.Status(p.Status, respond.HTML(text.String())))
}

// errorObject answers failures in a shape that clients of an older service know:
// the detail is a sentence, or a sentence for each field.
func errorObject(w http.ResponseWriter, r *http.Request, err error) {
	type object struct {
		Error  string `json:"error"`
		Status int    `json:"status"`
		Detail any    `json:"detail,omitempty"`
	}
	p := respond.AsProblem(err)
	answer := object{fmt.Sprint(p.Status, " ", http.StatusText(p.Status)), p.Status, p.Detail}
	if len(p.Errors) > 0 {
		fields := map[string]string{}
		for _, f := range p.Errors {
			fields[cmp.Or(f.Name, f.Pointer)] = f.Detail
		}
		answer.Detail = fields
	}
	_ = respond.Write(w, r, respond.Status(p.Status, answer))
}

func home(*http.Request) (any, error) {
	return Page{"home", "<world>"}, nil
}

func broken(*http.Request) (any, error) {
	return Page{"broken", struct{}{}}, nil
}

func missing(*http.Request) (any, error) {
	return nil, respond.NewProblem(http.StatusNotFound, "there is no such page")
}

func failing(*http.Request) (any, error) {
	return nil, errors.New("the password of the database is hunter2")
}

// OneIn names a page by its number.
type OneIn struct {
	PK int `path:"pk"`
}

func one(_ context.Context, in OneIn) (string, error) {
	return fmt.Sprint("page ", in.PK), nil
}

func newHandler() http.Handler {
	pages := respond.New(respond.Shorthand(render))
	site := http.NewServeMux()
	site.Handle("GET /{$}", pages.Func(home))
	site.Handle("GET /broken", pages.Func(broken))
	site.Handle("GET /missing", pages.Func(missing))

	api := http.NewServeMux()
	api.Handle("GET /api/missing", respond.Func(missing))
	api.Handle("GET /api/pages/{pk}", tenon.Handle(one))
	api.Handle("GET /api/failing", respond.Func(failing))
	site.Handle("/api/", respond.UseErrorHandler(errorObject)(middleware.RouterErrors()(api)))
	return respond.UseErrorHandler(errorPage)(middleware.RouterErrors()(site))
}
