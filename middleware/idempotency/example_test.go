package idempotency_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"

	"github.com/tenonkit/tenon"
	"github.com/tenonkit/tenon/middleware"
	"github.com/tenonkit/tenon/middleware/idempotency"
)

// A Payment is what a client asks for.
type Payment struct {
	Cents int `json:"cents" minimum:"1"`
}

// A Receipt is a payment that was made.
type Receipt struct {
	Number int `json:"number"`
	Cents  int `json:"cents"`
}

// A Ledger has one row for each user and key.
type Ledger struct {
	mu   sync.Mutex
	rows map[[2]string]Receipt
}

// Insert adds a row, or returns the receipt of the row that exists.
func (l *Ledger) Insert(user, key string, p Payment) Receipt {
	l.mu.Lock()
	defer l.mu.Unlock()
	row := [2]string{user, key}
	if _, ok := l.rows[row]; !ok {
		l.rows[row] = Receipt{len(l.rows) + 1, p.Cents}
	}
	return l.rows[row]
}

// These are the handler and the chain of the package documentation.
func Example() {
	ledger := &Ledger{rows: map[[2]string]Receipt{}}
	login := middleware.BasicAuth("payments", func(_, password string) bool {
		return middleware.SameSecret(password, "secret")
	})

	userOf := func(r *http.Request) string {
		user, _ := middleware.BasicAuthUser(r.Context())
		return user
	}
	pay := func(ctx context.Context, in Payment) (Receipt, error) {
		user, _ := middleware.BasicAuthUser(ctx)
		// User and key are a unique index: if the row exists, Insert returns its receipt.
		return ledger.Insert(user, idempotency.KeyFrom(ctx), in), nil
	}
	once := idempotency.New(idempotency.NewMemory(0), userOf)
	routes := tenon.Routes{tenon.Post("/payments", pay)}.With(login, once)

	mux := http.NewServeMux()
	routes.Mount(mux)
	for _, body := range []string{`{"cents":500}`, `{"cents":500}`, `{"cents":700}`} {
		r := httptest.NewRequest(http.MethodPost, "/payments", strings.NewReader(body))
		r.SetBasicAuth("ada", "secret")
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Idempotency-Key", `"8e03978e"`)
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, r)
		fmt.Println(w.Code, w.Header().Get("Idempotency-Replayed"), w.Body)
	}
	// Output:
	// 200  {"number":1,"cents":500}
	// 200 true {"number":1,"cents":500}
	// 422  {"type":"about:blank","title":"Unprocessable Entity","status":422,"detail":"this Idempotency-Key belongs to a request with another body: send a new key with a new request"}
}
