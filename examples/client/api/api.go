// Package api is what the stock service and its clients share: types and operations, and
// nothing of how they are answered.
package api

import (
	"net/http"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// Key names an item.
type Key struct {
	SKU string `path:"sku" pattern:"^[a-z]+$"`
}

// An Item is what is in stock of one kind.
type Item struct {
	SKU  string `json:"sku"`
	Left int    `json:"left"`
}

// TakeIn takes some of an item.
type TakeIn struct {
	Key

	Amount struct {
		Amount int `json:"amount" minimum:"1"`
	} `body:"json"`
}

// Shortage is what a failure for want of stock tells.
type Shortage struct {
	Left int `json:"left"`
}

// SoldOut is the failure of Take where less is in stock.
var SoldOut = respond.ProblemType[Shortage]{
	URI: "https://example.com/sold-out", Title: "Sold out", Status: http.StatusConflict,
}

// The operations of the stock service.
var (
	Get  = tenon.Op[Key, Item]{Method: http.MethodGet, Pattern: "/items/{sku}"}
	Take = tenon.Op[TakeIn, Item]{Method: http.MethodPost, Pattern: "/items/{sku}/take", Options: []tenon.Option{tenon.Fails(SoldOut)}}
	List = tenon.Op[tenon.None, stream.NDJSON[Item]]{Method: http.MethodGet, Pattern: "/items"}
)
