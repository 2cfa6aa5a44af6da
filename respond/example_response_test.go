package respond_test

import (
	"net/http"

	"github.com/tenonkit/tenon/respond"
)

func returning(v any) http.Handler {
	return respond.Func(func(*http.Request) (any, error) { return v, nil })
}

func ExampleStatus() {
	show(returning(respond.Status(http.StatusMultiStatus, []string{"a", "b"})), "/", "")
	// Output:
	// 207 application/json
	// ["a","b"]
}

func ExampleResponse_WithHeader() {
	show(returning(respond.Status(200, "page 1").
		WithHeader("Link", "</2>; rel=next").
		WithHeader("Link", "</9>; rel=last")), "/", "", "Link")
	// Output:
	// 200 text/plain; charset=utf-8
	// Link: </2>; rel=next
	// Link: </9>; rel=last
	// page 1
}

func ExampleResponse_WithCookie() {
	show(returning(respond.Status(200, "welcome").
		WithCookie(&http.Cookie{Name: "theme", Value: "oak", Path: "/", HttpOnly: true})), "/", "", "Set-Cookie")
	// Output:
	// 200 text/plain; charset=utf-8
	// Set-Cookie: theme=oak; Path=/; HttpOnly
	// welcome
}

// The outer wrapper decides the status, header fields add up.
func ExampleResponse_nested() {
	show(returning(respond.Status(http.StatusAccepted, respond.Created[string]{
		Location: "/jobs/1",
		Body:     "queued",
	})), "/", "", "Location")
	// Output:
	// 202 text/plain; charset=utf-8
	// Location: /jobs/1
	// queued
}

func ExampleOK() {
	show(returning(respond.OK[Article]{
		Header: http.Header{"Cache-Control": {"max-age=60"}},
		Body:   Article{ID: 7},
	}), "/", "", "Cache-Control")
	// Output:
	// 200 application/json
	// Cache-Control: max-age=60
	// {"id":7,"title":"","tags":[]}
}

func ExampleCreated() {
	show(returning(respond.Created[Article]{
		Location: "/articles/7",
		Body:     Article{ID: 7, Title: "Joinery without glue"},
	}), "/", "", "Location")
	// Output:
	// 201 application/json
	// Location: /articles/7
	// {"id":7,"title":"Joinery without glue","tags":[]}
}

func ExampleAccepted() {
	show(returning(respond.Accepted[respond.None]{Header: http.Header{"Retry-After": {"10"}}}), "/", "", "Retry-After")
	// Output:
	// 202
	// Retry-After: 10
}

func ExampleNoContent() {
	show(returning(respond.NoContent{Cookies: []*http.Cookie{{Name: "session", MaxAge: -1}}}), "/", "", "Set-Cookie")
	// Output:
	// 204
	// Set-Cookie: session=; Max-Age=0
}

func ExampleNone() {
	remove := respond.For[respond.None]()
	show(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _ = remove.Write(w, r, respond.None{}) }), "/", "")
	// Output:
	// 204
}

func ExampleHTML() {
	show(returning(respond.HTML("<h1>Joinery</h1>")), "/", "", "X-Content-Type-Options")
	// Output:
	// 200 text/html; charset=utf-8
	// X-Content-Type-Options: nosniff
	// <h1>Joinery</h1>
}

func ExampleRedirect() {
	next := func(r *http.Request) string { return r.URL.Query().Get("next") }
	login := respond.Func(func(r *http.Request) (any, error) {
		return respond.Redirect{URL: next(r), Code: http.StatusSeeOther, Local: true}, nil
	})
	show(login, "/login?next=/articles%3Fpage=2", "", "Location")
	show(login, "/login?next=//evil.example", "", "Location")
	// Output:
	// 303
	// Location: /articles?page=2
	// 400 application/problem+json
	// {"type":"about:blank","title":"Bad Request","status":400,"detail":"the redirect target is not within this site"}
}

// A Redirect is an error too: it stops the handler wherever it is returned.
func ExampleRedirect_error() {
	show(respond.Func(func(*http.Request) (any, error) { return nil, respond.Found("/login") }), "/", "", "Location")
	// Output:
	// 302
	// Location: /login
}

func ExampleFound() {
	show(respond.Found("/a"), "/", "", "Location")
	// Output:
	// 302
	// Location: /a
}

func ExampleSeeOther() {
	show(respond.SeeOther("/articles/7"), "/", "", "Location")
	// Output:
	// 303
	// Location: /articles/7
}

func ExampleMovedPermanently() {
	mux := http.NewServeMux()
	mux.Handle("/old", respond.MovedPermanently("/new"))
	show(mux, "/old", "", "Location")
	// Output:
	// 301
	// Location: /new
}

func ExampleTemporaryRedirect() {
	show(respond.TemporaryRedirect("https://eu.example.com/upload"), "/", "", "Location")
	// Output:
	// 307
	// Location: https://eu.example.com/upload
}

func ExamplePermanentRedirect() {
	show(respond.PermanentRedirect("/v2/articles"), "/", "", "Location")
	// Output:
	// 308
	// Location: /v2/articles
}
