package respond_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"strconv"

	"github.com/tenonkit/tenon/respond"
)

// view is a page: a value that executes its template when it is sent. A
// template that fails half-way is a 500, because it writes to a buffer first.
type view struct {
	page *template.Template
	data any
}

func (v view) ContentType() string { return "text/html; charset=utf-8" }

func (v view) WriteTo(w io.Writer) (int64, error) {
	var buf bytes.Buffer
	if err := v.page.Execute(&buf, v.data); err != nil {
		return 0, err
	}
	return buf.WriteTo(w)
}

// A template as a value, without an option.
func Example_template() {
	page := template.Must(template.New("").Parse(`<h1>{{.Title}}</h1>`))
	show(returning(respond.OK[view]{Body: view{page, Article{Title: "Oak & beam"}}}), "/", "")
	// Output:
	// 200 text/html; charset=utf-8
	// <h1>Oak &amp; beam</h1>
}

// A template for every Article that a handler returns.
func ExampleShorthand() {
	page := template.Must(template.New("").Parse(`<h1>{{.Title}}</h1>`))
	site := respond.New(respond.Shorthand(func(w http.ResponseWriter, r *http.Request, v Article) error {
		var buf bytes.Buffer
		if err := page.Execute(&buf, v); err != nil {
			return err
		}
		return respond.Write(w, r, respond.HTML(buf.String()))
	}))
	show(site.Func(func(*http.Request) (any, error) { return find("7") }), "/", "")
	// Output:
	// 200 text/html; charset=utf-8
	// <h1>Joinery without glue</h1>
}

func ExampleFormats() {
	both := respond.New(respond.Formats(respond.XML()))
	h := both.Func(func(*http.Request) (any, error) { return Article{ID: 7}, nil })
	show(h, "/", "application/json;q=0.5, application/xml", "Vary")
	show(h, "/", "image/png", "Vary")
	// Output:
	// 200 application/xml
	// Vary: Accept
	// <?xml version="1.0" encoding="UTF-8"?>
	// <Article><ID>7</ID><Title></Title></Article>
	// 200 application/json
	// Vary: Accept
	// {"id":7,"title":"","tags":[]}
}

// A format of one's own: a function that knows how to write the values.
func ExampleFormat() {
	table := respond.Format{Type: "text/csv; charset=utf-8", Encode: func(w io.Writer, v any) error {
		articles, ok := v.([]Article)
		if !ok {
			return fmt.Errorf("csv: no table for %T", v)
		}
		out := csv.NewWriter(w)
		for _, a := range articles {
			_ = out.Write([]string{strconv.Itoa(a.ID), a.Title})
		}
		out.Flush()
		return out.Error()
	}}
	list := respond.For[[]Article](respond.Formats(table))
	show(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_ = list.Write(w, r, []Article{{ID: 7, Title: "Oak, beam"}, {ID: 8, Title: "Peg"}})
	}), "/", "text/csv")
	// Output:
	// 200 text/csv; charset=utf-8
	// 7,"Oak, beam"
	// 8,Peg
}

func ExampleAllowNotAcceptable() {
	strict := respond.New(respond.AllowNotAcceptable())
	show(strict.Func(func(*http.Request) (any, error) { return Article{}, nil }), "/", "application/xml")
	// Output:
	// 406 application/problem+json
	// {"type":"about:blank","title":"Not Acceptable","status":406,"detail":"available media types: application/json"}
}

func ExampleJSON() {
	_ = respond.JSON().Encode(writer{}, map[string]any{"b": "<&>", "a": []int(nil)})
	// Output:
	// {"a":[],"b":"<&>"}
}

func ExampleXML() {
	err := respond.XML().Encode(writer{}, Article{ID: 7, Tags: []string{"oak"}})
	fmt.Println()
	fmt.Println(err)
	// Output:
	// <?xml version="1.0" encoding="UTF-8"?>
	// <Article><ID>7</ID><Title></Title><Tags>oak</Tags></Article>
	// <nil>
}

// writer prints.
type writer struct{}

func (writer) Write(p []byte) (int, error) { return fmt.Print(string(p)) }

func ExampleNew() {
	xmlFirst := respond.New(respond.Formats(respond.XML(), respond.JSON()))
	show(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := xmlFirst.Write(w, r, map[string]int{"a": 1}); err != nil {
			fmt.Println(err)
		}
	}), "/", "")
	// Output:
	// respond: a map or slice is not one XML element
	// 500 application/problem+json
	// {"type":"about:blank","title":"Internal Server Error","status":500}
}
