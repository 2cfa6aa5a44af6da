package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"sync"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/bind"
)

// An Order is what was ordered.
type Order struct {
	ID    int    `json:"id"`
	Item  string `json:"item"`
	Count int    `json:"count"`
}

type (
	// OrderRef names an order.
	OrderRef struct {
		ID int `path:"id" minimum:"1"`
	}
	// NewOrder is an order to be made.
	NewOrder struct {
		Notify string `query:"notify,optional" format:"email"`
		Draft  Draft  `body:"json"`
	}
	// Draft is what a client says about an order.
	Draft struct {
		Item  string `json:"item" minLength:"1" maxLength:"80"`
		Count int    `json:"count" minimum:"1" maximum:"1000"`
	}
	// Split asks for the share of one of several people.
	Split struct {
		ID     int `path:"id"`
		People int `query:"people"` // minimum:"1" was forgotten, so a 0 shows what a panic looks like
	}
)

// Orders are kept in memory; they fail as a database does.
type Orders struct {
	mu   sync.Mutex
	rows []Order
}

func (o *Orders) routes() tenon.Routes {
	return token.Protect(tenon.Routes{
		tenon.Post("/orders", o.Create),
		tenon.Get("/orders/{id}", o.Get, tenon.Doc{Errors: []int{404}}),
		tenon.Get("/orders/{id}/share", o.Share, tenon.Doc{Errors: []int{404}}),
	}).Options(bind.InvalidStatus(http.StatusUnprocessableEntity)) // for all of them
}

// Create makes an order.
func (o *Orders) Create(_ context.Context, in NewOrder) (Order, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	made := Order{len(o.rows) + 1, in.Draft.Item, in.Draft.Count}
	o.rows = append(o.rows, made)
	return made, nil
}

// Get returns an order.
func (o *Orders) Get(_ context.Context, in OrderRef) (Order, error) { return o.find(in.ID) }

// Share returns how much of an order one of several people gets.
func (o *Orders) Share(_ context.Context, in Split) (int, error) {
	order, err := o.find(in.ID)
	if err != nil {
		return 0, err
	}
	return order.Count / in.People, nil
}

func (o *Orders) find(id int) (Order, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if id < 1 || id > len(o.rows) {
		return Order{}, fmt.Errorf("order %d: %w", id, sql.ErrNoRows)
	}
	return o.rows[id-1], nil
}
