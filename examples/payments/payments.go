package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/compress"
	"github.com/tenonkit/tenon/middleware/idempotency"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/respond"
)

// A Payment is what a client asks for.
type Payment struct {
	To    string `json:"to" minLength:"1"`
	Cents int    `json:"cents" minimum:"1"`
}

// A Receipt is a payment that was made.
type Receipt struct {
	Number int    `json:"number"`
	To     string `json:"to"`
	Cents  int    `json:"cents"`
}

// A Ledger stands for a database with a unique index on user and key.
type Ledger struct {
	mu       sync.Mutex
	receipts map[owner]Receipt
}

type owner struct{ user, key string }

// Pay makes a payment. If the process was killed between the payment and the record of
// its answer, the same request comes again and gets the receipt that exists.
func (l *Ledger) Pay(ctx context.Context, in Payment) (respond.Created[Receipt], error) {
	user, _ := middleware.BasicAuthUser(ctx)
	row := owner{user, idempotency.KeyFrom(ctx)}
	l.mu.Lock()
	defer l.mu.Unlock()
	receipt, ok := l.receipts[row]
	if !ok {
		receipt = Receipt{Number: len(l.receipts) + 1, To: in.To, Cents: in.Cents}
		if l.receipts == nil {
			l.receipts = map[owner]Receipt{}
		}
		l.receipts[row] = receipt
	}
	return respond.Created[Receipt]{Location: fmt.Sprintf("/payments/%d", receipt.Number), Body: receipt}, nil
}

// userOf returns the owner of the keys of a request.
func userOf(r *http.Request) string {
	user, _ := middleware.BasicAuthUser(r.Context())
	return user
}

func newHandler(ledger *Ledger) (http.Handler, error) {
	login := middleware.BasicAuth("payments", func(_, password string) bool { return middleware.SameSecret(password, "secret") })
	once := idempotency.New(idempotency.NewMemory(0), userOf, idempotency.Require())
	// A replay passes the login first.
	routes := tenon.Routes{tenon.Post("/payments", ledger.Pay)}.With(login, once)
	doc, err := openapi.New(openapi.Info{Title: "Payments", Version: "1.0.0"}, routes)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	routes.Mount(mux)
	mux.Handle("GET /openapi.json", doc)
	// What is kept has no coding: each client gets its own.
	return compress.New()(mux), nil
}
