package benchmarks_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/internal/kittest"
)

// A workload is one request, answered by tenon and by hand.
type workload struct {
	name, pattern  string
	method, target string
	header         map[string]string
	body           string
	tenon, hand    http.Handler
	status         int
	allocs         float64 // tenon's budget
}

func workloads() []workload {
	const (
		one    = "/articles/42?limit=10&tag=wood&tag=joints&full=true"
		wrong  = "/articles/x?limit=many&tag=wood&tag=joints&full=true"
		fields = "title=On+oak&rating=5&price=2.50&draft=true&note=none"
	)
	inputs := map[string]string{"X-Token": "d0c5f3", "Cookie": "theme=dark; session=31d4d96e407aad42"}
	typed := map[string]string{"Content-Type": "application/json"}
	form := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	six, sum := tenon.Handle(sixTyped), tenon.Handle(orderTyped)
	return []workload{
		{"get=six-inputs", "GET /articles/{id}", "GET", one, inputs, "", six, http.HandlerFunc(sixByHand), 200, 3},
		{"get=text", "GET /robots.txt", "GET", "/robots.txt", nil, "", tenon.Handle(textTyped), http.HandlerFunc(textByHand), 200, 1},
		{"get=list-100", "GET /articles", "GET", "/articles", nil, "", tenon.Handle(listTyped), http.HandlerFunc(listByHand), 200, 2},
		{"get=400", "GET /articles/{id}", "GET", wrong, inputs, "", six, http.HandlerFunc(sixByHand), 400, 4},
		{"delete=no-content", "DELETE /articles/{id}", "DELETE", "/articles/42", nil, "", tenon.Handle(deleteTyped), http.HandlerFunc(deleteByHand), 204, 1},
		{"post=json-250B", "POST /articles", "POST", "/articles", typed, draftJSON(0), tenon.Handle(draftTyped), http.HandlerFunc(draftByHand), 200, 3},
		{"post=json-10KB", "POST /orders", "POST", "/orders", typed, kittest.OrderJSON(61, 1), sum, http.HandlerFunc(orderByHand), 200, 10},
		{"post=json-1MB", "POST /orders", "POST", "/orders", typed, kittest.OrderJSON(6200, 1), sum, http.HandlerFunc(orderByHand), 200, 315},
		{"post=form", "POST /forms", "POST", "/forms", form, fields, tenon.Handle(formTyped), http.HandlerFunc(formByHand), 200, 3},
	}
}

// article is the JSON answer of most workloads.
type article struct {
	ID    int      `json:"id"`
	Title string   `json:"title"`
	Body  string   `json:"body"`
	Tags  []string `json:"tags"`
	Draft bool     `json:"draft"`
}

// sixIn are six inputs from four sources.
type sixIn struct {
	ID      int      `path:"id"`
	Limit   int      `default:"20"     query:"limit"`
	Tags    []string `query:"tag"`
	Full    bool     `query:"full,optional"`
	Token   string   `header:"X-Token"`
	Session string   `cookie:"session"`
}

func sixTyped(_ context.Context, in sixIn) (article, error) {
	return article{ID: in.ID, Title: in.Token, Body: in.Session, Tags: in.Tags, Draft: in.Full && in.Limit > 0}, nil
}

// draft is a JSON body.
type draft struct {
	Title string   `json:"title"  maxLength:"80"`
	Body  string   `json:"body"`
	Tags  []string `json:"tags"   maxItems:"8"`
	Stars int      `json:"stars"  maximum:"5"    minimum:"0"`
	Draft bool     `json:"draft"`
}

func (d *draft) article() article {
	return article{ID: d.Stars, Title: d.Title, Body: d.Body, Tags: d.Tags, Draft: d.Draft}
}

func draftTyped(_ context.Context, in draft) (article, error) { return in.article(), nil }

// draftJSON returns a draft of 250 bytes. The number keeps a decoder that
// remembers strings from seeing the same ones again and again.
func draftJSON(number int) string {
	return fmt.Sprintf(`{"title":"Mortise and tenon","body":"%sMade in about %04d BC.","tags":["joints","n%04d"],"stars":5,"draft":false}`,
		strings.Repeat("A joint that needs no glue at all. ", 4), number, number)
}

// order is a larger JSON body, of many small fields.
type order struct {
	ID       string            `json:"id"`
	Customer int64             `json:"customer"`
	Paid     bool              `json:"paid"`
	Total    float64           `json:"total"`
	Items    []orderItem       `json:"items"`
	Labels   map[string]string `json:"labels"`
}

type orderItem struct {
	SKU      string   `json:"sku"             maxLength:"20"`
	Name     string   `json:"name"`
	Quantity int      `json:"quantity"        minimum:"1"`
	Price    float64  `json:"price"           minimum:"0"`
	Gift     bool     `json:"gift"`
	Tags     []string `json:"tags"            maxItems:"8"`
	Note     string   `json:"note,omitempty"`
}

func (o *order) total() total {
	sum := total{Count: len(o.Items)}
	for i := range o.Items {
		sum.Sum += o.Items[i].Quantity
	}
	return sum
}

func orderTyped(_ context.Context, in order) (total, error) { return in.total(), nil }

// batch is a list of drafts.
type batch struct {
	Items []draft `json:"items"`
}

type total struct {
	Count int `json:"count"`
	Sum   int `json:"sum"`
}

func (x *batch) total() total {
	sum := total{Count: len(x.Items)}
	for i := range x.Items {
		sum.Sum += x.Items[i].Stars
	}
	return sum
}

func batchTyped(_ context.Context, in batch) (total, error) { return in.total(), nil }

func batchJSON(drafts int) string {
	list := make([]string, drafts)
	for i := range list {
		list[i] = draftJSON(i)
	}
	return `{"items":[` + strings.Join(list, ",") + "]}"
}

const text = "User-agent: *\nDisallow:\n"

func textTyped(context.Context, tenon.None) (string, error) { return text, nil }

var hundred = articles(100) // only read

func articles(n int) []article {
	list := make([]article, n)
	for i := range list {
		list[i] = article{i, fmt.Sprintf("Joint %d", i), "Made to fit, and held without glue.", []string{"wood", "joints"}, i%2 == 0}
	}
	return list
}

func listTyped(context.Context, tenon.None) ([]article, error) { return hundred, nil }

type deleteIn struct {
	ID int `path:"id"`
}

func deleteTyped(context.Context, deleteIn) (tenon.None, error) { return tenon.None{}, nil }

type formFields struct {
	Title  string  `form:"title"  json:"title"`
	Rating int     `form:"rating" json:"rating"`
	Price  float64 `form:"price"  json:"price"`
	Draft  bool    `form:"draft"  json:"draft"`
	Note   string  `form:"note"   json:"note"`
}

func formTyped(_ context.Context, in formFields) (formFields, error) { return in, nil }
