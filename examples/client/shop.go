package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/client"
	"github.com/tenonkit/tenon/examples/client/api"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// A Shop answers people with the data of a stock.
type Shop struct{ stock *client.Client }

func newShop(stock *client.Client) http.Handler {
	s := &Shop{stock}
	mux := http.NewServeMux()
	tenon.Routes{
		tenon.Get("/shelf", s.Shelf),
		tenon.Get("/shelf/{sku}", s.Look),
		tenon.Post("/orders", s.Order),
	}.Mount(mux)
	return mux
}

// Look answers what is left of an item. An unknown failure is a 502.
func (s *Shop) Look(ctx context.Context, in api.Key) (api.Item, error) {
	item, err := client.Call(ctx, s.stock, api.Get, in)
	if failure, ok := errors.AsType[*client.Error](err); ok && failure.Status == http.StatusNotFound {
		return item, respond.NotFound("we do not sell " + in.SKU)
	}
	return item, err
}

// An Order is a request for some of an item.
type Order struct {
	SKU    string `json:"sku"    pattern:"^[a-z]+$"`
	Amount int    `json:"amount" minimum:"1"        maximum:"100"`
}

// Order takes the items from the stock.
func (s *Shop) Order(ctx context.Context, in Order) (api.Item, error) {
	take := api.TakeIn{Key: api.Key{SKU: in.SKU}}
	take.Amount.Amount = in.Amount
	item, err := client.Call(ctx, s.stock, api.Take, take)
	if shortage, ok := api.SoldOut.From(err); ok {
		return item, respond.Conflict(fmt.Sprintf("there are only %d left", shortage.Left))
	}
	return item, err
}

// Shelf answers all items as text, each as soon as it arrives from the stock.
func (s *Shop) Shelf(ctx context.Context, _ tenon.None) (stream.Text, error) {
	return stream.Text{Seq: func(yield func(string, error) bool) {
		for item, err := range client.Stream(ctx, s.stock, api.List, tenon.None{}) {
			if !yield(fmt.Sprintf("%s %d\n", item.SKU, item.Left), err) {
				return
			}
		}
	}}, nil
}
