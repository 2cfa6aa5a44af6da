package main

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/examples/client/api"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/openapi"
	"github.com/tenonkit/tenon/respond"
	"github.com/tenonkit/tenon/stream"
)

// token is what the stock asks for.
const token = "mortise"

// A Stock answers the operations of package api.
type Stock struct {
	mu    sync.Mutex
	items map[string]int
	asked atomic.Int64
}

// newStock returns the handler of a stock. Every third request it is too busy for.
func newStock() http.Handler {
	s := &Stock{items: map[string]int{"dowels": 12, "pegs": 3}}
	mux := http.NewServeMux()
	tenon.Routes{api.Get.Route(s.Get), api.Take.Route(s.Take), api.List.Route(s.List)}.Mount(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given, err := openapi.BearerToken(r)
		switch {
		case err != nil || !middleware.SameSecret(given, token):
			respond.Error(w, r, respond.Unauthorized("Bearer", "the stock is not for you"))
		case r.Method == http.MethodGet && s.asked.Add(1)%3 == 0:
			respond.Error(w, r, respond.NewProblem(http.StatusServiceUnavailable, "try again"))
		default:
			mux.ServeHTTP(w, r)
		}
	})
}

// Get answers one item.
func (s *Stock) Get(_ context.Context, in api.Key) (api.Item, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	left, ok := s.items[in.SKU]
	switch {
	case in.SKU == "glue":
		return api.Item{}, respond.NewProblem(http.StatusInternalServerError, "the glue has eaten the database at 10.0.0.7")
	case !ok:
		return api.Item{}, respond.NotFound("no row in table items")
	}
	return api.Item{SKU: in.SKU, Left: left}, nil
}

// Take takes some of an item, if there is enough.
func (s *Stock) Take(_ context.Context, in api.TakeIn) (api.Item, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	left := s.items[in.SKU]
	if left < in.Amount.Amount {
		return api.Item{}, api.SoldOut.New(fmt.Sprintf("%d are more than there are", in.Amount.Amount), api.Shortage{Left: left})
	}
	s.items[in.SKU] -= in.Amount.Amount
	return api.Item{SKU: in.SKU, Left: s.items[in.SKU]}, nil
}

// List answers all items, one after the other.
func (s *Stock) List(context.Context, tenon.None) (stream.NDJSON[api.Item], error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	items := maps.Clone(s.items)
	return stream.NDJSON[api.Item]{Seq: func(yield func(api.Item, error) bool) {
		for _, sku := range slices.Sorted(maps.Keys(items)) {
			if !yield(api.Item{SKU: sku, Left: items[sku]}, nil) {
				return
			}
		}
	}}, nil
}
